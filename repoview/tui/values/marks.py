"""Marks: a set of record numbers, as a byte array with one byte per record.

A set of 1.3 million costs 1.3 MB and a few milliseconds; half a million numbers
of a filter are added within the time of a key press. Numbers are added in any
order and returned ascending.
"""

from __future__ import annotations

from array import array
from itertools import compress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_ON: Final = b"\x01"
_SPARE: Final = 4_096
"""Bytes to grow by beyond need: records are added while the user marks."""


class Marks:
    """A set of record numbers."""

    def __init__(self) -> None:
        self._flags = bytearray()
        self._count = 0
        self.last: int | None = None
        """The number marked last, where a range begins."""

    def __len__(self) -> int:
        return self._count

    def __contains__(self, number: int) -> bool:
        flags = self._flags
        return 0 <= number < len(flags) and flags[number] == 1

    # What changes them

    def toggle(self, number: int) -> bool:
        """Mark a record, or unmark it; return whether it is marked now."""
        self._reach(number + 1)
        now = not self._flags[number]
        self._flags[number] = now
        self._count += 1 if now else -1
        self.last = number if now else None
        return now

    def add(self, numbers: Sequence[int]) -> None:
        """Mark records.

        Args:
            numbers: In any order, each once.
        """
        if not numbers:
            return
        span = self._span(numbers)
        flags = self._flags
        if len(span) == len(numbers):
            part = slice(span.start, span.stop)
            self._count += len(span) - flags[part].count(_ON)
            flags[part] = _ON * len(span)
        else:
            for number in numbers:
                flags[number] = 1
            self._count = flags.count(_ON)
        self.last = numbers[-1]

    def clear(self) -> None:
        """Unmark all."""
        self._flags = bytearray()
        self._count = 0
        self.last = None

    # Results

    def numbers(self) -> Sequence[int]:
        """Return the numbers of the marked records, ascending, each once.

        Consecutive numbers are returned as a range, others as a packed array.
        """
        if not self._count:
            return range(0)
        flags = self._flags
        first, stop = flags.find(_ON), flags.rfind(_ON) + 1
        if stop - first == self._count:
            return range(first, stop)
        return array("I", compress(range(first, stop), flags[first:stop]))

    def _span(self, numbers: Sequence[int]) -> range:
        """Return the range from the smallest to the largest, and grow for it.

        If it has as many numbers as there are, they are consecutive.
        """
        ends = (numbers[0], numbers[-1]) if isinstance(numbers, range) else numbers
        span = range(min(ends), max(ends) + 1)
        self._reach(span.stop)
        return span

    def _reach(self, stop: int) -> None:
        """Grow for the numbers below *stop*."""
        missing = stop - len(self._flags)
        if missing > 0:
            self._flags.extend(bytes(missing + _SPARE))
