"""Marks: which records the reader has chosen, by number.

One byte a record, from the first mark on, and no object for any of them: all
of 1.3 million cost 1.3 MB, and whatever is asked or changed is done by a few
loops in C. Numbers may come in any order; they go out ascending.
"""

from __future__ import annotations

from array import array
from collections import deque
from itertools import compress, repeat
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_ON: Final = b"\x01"
_SWAP: Final = bytes([1, 0, *range(2, 256)])
_ROOM: Final = 4_096
"""Numbers that there is more room for than was asked for: records come in
while the reader marks."""


class Marks:
    """A set of record numbers."""

    def __init__(self) -> None:
        self._flags = bytearray()
        self._count = 0
        self.last: int | None = None
        """The number that was marked last, from which a range is marked."""

    def __len__(self) -> int:
        return self._count

    def __contains__(self, number: int) -> bool:
        flags = self._flags
        return 0 <= number < len(flags) and flags[number] == 1

    # What changes them

    def toggle(self, number: int) -> bool:
        """Mark a record, or unmark it; tell whether it is marked now."""
        self._reach(number + 1)
        now = not self._flags[number]
        self._flags[number] = now
        self._count += 1 if now else -1
        self.last = number if now else None
        return now

    def add(self, numbers: Sequence[int]) -> None:
        """Mark records.

        Args:
            numbers: Of them, in any order.
        """
        if not numbers:
            return
        if isinstance(numbers, range) and numbers.step == 1:
            self._reach(numbers.stop)
            part = slice(numbers.start, numbers.stop)
            self._count += len(numbers) - self._flags[part].count(_ON)
            self._flags[part] = _ON * len(numbers)
        else:
            self._reach(max(numbers) + 1)
            # The loop is in C: half a million marks take no longer than a key may.
            deque(map(self._flags.__setitem__, numbers, repeat(1)), 0)
            self._count = self._flags.count(_ON)
        self.last = numbers[-1]

    def invert(self, numbers: Sequence[int]) -> None:
        """Mark those of *numbers* that are not marked, and unmark the others.

        Args:
            numbers: Of records, in any order, each once.
        """
        if not numbers:
            return
        if isinstance(numbers, range) and numbers.step == 1:
            self._reach(numbers.stop)
            part = slice(numbers.start, numbers.stop)
            swapped = self._flags[part].translate(_SWAP)
            self._flags[part] = swapped
        else:
            self._reach(max(numbers) + 1)
            swapped = bytearray(map(self._flags.__getitem__, numbers)).translate(_SWAP)
            deque(map(self._flags.__setitem__, numbers, swapped), 0)
        self._count += 2 * swapped.count(_ON) - len(swapped)
        self.last = None

    def clear(self) -> None:
        """Unmark all."""
        self._flags = bytearray()
        self._count = 0
        self.last = None

    # What they come to

    def numbers(self) -> Sequence[int]:
        """Return the numbers of the marked records, ascending, each once.

        What is marked in a row is a range; else they are copied out, packed.
        """
        if not self._count:
            return range(0)
        flags = self._flags
        first, stop = flags.find(_ON), flags.rfind(_ON) + 1
        if stop - first == self._count:
            return range(first, stop)
        return array("Q", compress(range(first, stop), flags[first:stop]))

    def _reach(self, stop: int) -> None:
        """Have room for the numbers below *stop*."""
        missing = stop - len(self._flags)
        if missing > 0:
            self._flags.extend(bytes(missing + _ROOM))
