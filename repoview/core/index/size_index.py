"""Prefix sums of record sizes, one in 1,024 records, for the bytes of any range.

They are built step by step, so that a view can do it between keys. A range is
then the difference of two of them, plus at most 1,023 records at either end.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from repoview.core.blocks.blocks import Blocks
    from repoview.core.index.records import RecordIndex

_TOGETHER: Final = 1_024
"""Records between two prefix sums."""

_AT_ONCE: Final = 32
"""Prefix sums made in one step."""


class SizeIndex:
    """Bytes of records by number, without their keys and CIDs.

    A missing record has none, and neither has one with an odd CID. A block that
    two keys link to counts twice.

    Args:
        records: All records.
        blocks: Their blocks.
    """

    def __init__(self, records: RecordIndex, blocks: Blocks) -> None:
        self._records = records
        self._blocks = blocks
        self._sums = array("Q", [0])
        """Prefix sums: bytes of the first n × 1,024 records."""

    @property
    def is_counted(self) -> bool:
        """Whether all prefix sums are there."""
        return len(self._sums) > len(self._records) // _TOGETHER

    def count_more(self) -> bool:
        """Sum some thirty thousand records more; return whether any are left.

        Raises:
            SourceError: Reading from disk failed.
        """
        for _ in range(_AT_ONCE):
            if self.is_counted:
                return False
            start = (len(self._sums) - 1) * _TOGETHER
            self._sums.append(self._sums[-1] + self._count(start, start + _TOGETHER))
        return not self.is_counted

    def between(self, start: int, stop: int) -> int | None:
        """Return the bytes of the records from *start* to *stop*.

        None while its prefix sums are not there; a short range needs none.

        Raises:
            SourceError: Reading from disk failed.
        """
        if stop - start <= _TOGETHER:
            return self._count(start, stop)
        first, last = -(-start // _TOGETHER), stop // _TOGETHER
        if last >= len(self._sums):
            return None
        return (
            self._count(start, first * _TOGETHER)
            + self._sums[last]
            - self._sums[first]
            + self._count(last * _TOGETHER, stop)
        )

    def _count(self, start: int, stop: int) -> int:
        rows = self._records.rows[start:stop]
        return sum(self._blocks.index.lengths(rows))
