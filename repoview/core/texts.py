"""Strings of bytes by number, end to end in a column."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from repoview.core.columns import bytes_used

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repoview.core.columns import Bytes, Numbers, Spill


class Texts:
    """Number → bytes; 8 bytes each, and what it is."""

    def __init__(self) -> None:
        self._bytes: Bytes = bytearray()
        self._ends: Numbers = array("Q")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, number: int) -> bytes:
        start = self._ends[number - 1] if number else 0
        return bytes(self._bytes[start : self._ends[number]])

    def extend(self, texts: Iterable[bytes]) -> None:
        """Append *texts*.

        Raises:
            SourceError: They are on disk, and it does not take more.
        """
        together, ends, before = bytearray(), array("Q"), len(self._bytes)
        for text in texts:
            together += text
            ends.append(before + len(together))
        self._bytes.extend(bytes(together))
        self._ends.extend(ends)

    def spill(self, spill: Spill) -> None:
        """Go to disk.

        Raises:
            SourceError: The disk does not take it.
        """
        self._bytes = spill.bytes(self._bytes)
        self._ends = spill.numbers(self._ends)

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that they take, to within a tenth."""
        return bytes_used(self._bytes, self._ends)
