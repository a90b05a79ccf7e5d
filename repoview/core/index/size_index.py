"""How many bytes the records in a row have, for any row of them.

Sums of a thousand records at a time are counted once, a part at a time, so
that a view can do it between keys. From then on any two places give their
difference, and only what is left over at both ends is counted again.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from repoview.core.blocks.blocks import Blocks
    from repoview.core.index.records import RecordIndex

_TOGETHER: Final = 1_024
"""Records of one sum."""

_AT_ONCE: Final = 32
"""Sums counted at a time."""


class SizeIndex:
    """Bytes of records by number, without their keys and CIDs.

    A record that is not there has none, and neither has one of odd CID. What
    two keys link to counts twice, as records do.

    Args:
        records: All that there are.
        blocks: Theirs.
    """

    def __init__(self, records: RecordIndex, blocks: Blocks) -> None:
        self._records = records
        self._blocks = blocks
        self._sums = array("Q", [0])
        """Bytes of all records before each thousandth."""

    @property
    def is_counted(self) -> bool:
        """Whether `between` knows all that it will."""
        return len(self._sums) > len(self._records) // _TOGETHER

    def count_more(self) -> bool:
        """Count some ten thousand records more; returns whether any are left.

        Raises:
            SourceError: The disk does not give them.
        """
        for _ in range(_AT_ONCE):
            if self.is_counted:
                return False
            start = (len(self._sums) - 1) * _TOGETHER
            self._sums.append(self._sums[-1] + self._count(start, start + _TOGETHER))
        return not self.is_counted

    def between(self, start: int, stop: int) -> int | None:
        """Return the bytes of the records from *start* to *stop*.

        None while they are not counted; few are always counted at once.

        Raises:
            SourceError: The disk does not give them.
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
