"""What a caller's function made of blocks, by row: bytes, in packed columns."""

from __future__ import annotations

from array import array
from itertools import accumulate
from operator import add, sub
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.packed import PackedIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.columns import Bytes, Numbers

RESULT: Final = 1
"""Stands for a block of which there is a result."""

LEFT_OUT: Final = 2
"""Stands for one whose CID is kept too, for its bytes were not."""

_CID: Final = 36
_ROOM: Final = {0: 0, RESULT: 0, LEFT_OUT: _CID}
"""Bytes in front of a result."""

_AT_ONCE: Final = limits.MiB
"""Bytes of results that are looked up together."""

_PIECE: Final = 64 * limits.KiB
_ODD_BYTES: Final = 200
"""What a result by CID takes besides its bytes, roughly."""


class Processed(PackedIndex):
    """Row of the block index → result; 12 bytes a row and one in memory.

    The bytes go to disk when this spills, but for those of odd blocks.
    """

    COLUMNS = ("starts", "sizes", "data")

    def __init__(self) -> None:
        super().__init__()
        self.done = bytearray()
        """Of each row: 0, `RESULT` or `LEFT_OUT`."""
        self.spent = 0
        """Bytes of it that the block index counts among its own."""
        self.odd: dict[bytes, bytes] = {}
        """Results of blocks without a row, by CID."""
        self.starts: Numbers = array("Q")
        """Where in the data the result of a row begins."""
        self.sizes: Numbers = array("I")
        """How many bytes it has."""
        self.data: Bytes = bytearray()

    def __len__(self) -> int:
        """Return how many rows were looked at, whatever came of them."""
        return len(self.done)

    @property
    def bytes_used(self) -> int:
        """Bytes that this takes in memory, to within a tenth."""
        odd = sum(map(len, self.odd.values())) + _ODD_BYTES * len(self.odd)
        return super().bytes_used + len(self.done) - self.spent + odd

    def extend(
        self, done: bytes | bytearray, results: list[bytes], cids: list[bytes]
    ) -> None:
        """Append rows.

        Args:
            done: Of each row, as in `Processed.done`.
            results: Of those that have one, in order.
            cids: Of these too, if they are `LEFT_OUT`; else none.
        """
        given = map(len, results)
        sizes = array("I", [next(given) if what else 0 for what in done])
        steps = map(_ROOM.__getitem__, done)
        ends = accumulate(map(add, sizes, steps), initial=len(self.data))
        next(ends)
        starts = array("Q", map(sub, ends, sizes))
        if cids:
            results = [
                each for pair in zip(cids, results, strict=True) for each in pair
            ]
        self.done += done
        self.starts.extend(starts)
        self.sizes.extend(sizes)
        self.data.extend(b"".join(results))

    def put(self, row: int, result: bytes) -> None:
        """Note the result of a row that had none."""
        self.starts[row], self.sizes[row] = len(self.data), len(result)
        self.data.extend(result)
        self.done[row] = RESULT

    def get(self, row: int) -> bytes | None:
        """Return the result of a row, None for none."""
        if not self.done[row]:
            return None
        start = self.starts[row]
        return bytes(self.data[start : start + self.sizes[row]])

    def cid(self, row: int) -> bytes | None:
        """Return the CID of a row that was left out; None of another one."""
        if row >= len(self.done) or self.done[row] != LEFT_OUT:
            return None
        start = self.starts[row]
        return bytes(self.data[start - _CID : start])

    def get_all(self, rows: Sequence[int]) -> list[bytes | None] | None:
        """Return the results of rows, None for none; only None if they are large.

        Much faster than one by one where they are on disk.
        """
        count = len(self.done)
        held = [row for row in rows if row < count and self.done[row]]
        sizes = _picked(self.sizes, held)
        if sum(sizes) > _AT_ONCE:
            return None
        results = _sliced(self.data, _picked(self.starts, held), sizes)
        if len(held) == len(rows):
            return [*results]
        given = iter(results)
        return [next(given) if row < count and self.done[row] else None for row in rows]

    def cids(self, rows: Sequence[int]) -> bytes | None:
        """Return the CIDs of rows, end to end; None unless all are left out."""
        count = len(self.done)
        if any(row >= count or self.done[row] != LEFT_OUT for row in rows):
            return None
        starts = [start - _CID for start in _picked(self.starts, rows)]
        return b"".join(_sliced(self.data, starts, [_CID] * len(starts)))


def _picked(column: Numbers, places: Sequence[int]) -> list[int]:
    """Return what stands at some places of a column."""
    if isinstance(column, array):
        return list(map(column.__getitem__, places))
    found = [0] * len(places)
    piece, begin, end = array("Q"), 0, 0
    for number in sorted(range(len(places)), key=places.__getitem__):
        place = places[number]
        if place >= end:
            piece, begin = column[place : place + _PIECE // 8], place
            end = begin + len(piece)
        found[number] = piece[place - begin]
    return found


def _sliced(column: Bytes, starts: list[int], sizes: list[int]) -> list[bytes]:
    """Return the bytes that stand at some places of a column."""
    if isinstance(column, bytearray):
        with memoryview(column) as held:
            spans = zip(starts, sizes, strict=True)
            return [bytes(held[start : start + size]) for start, size in spans]
    found = [b""] * len(starts)
    piece, begin, end = b"", 0, 0
    for number in sorted(range(len(starts)), key=starts.__getitem__):
        start, size = starts[number], sizes[number]
        if start + size > end:
            piece, begin = column[start : start + max(size, _PIECE)], start
            end = begin + len(piece)
        found[number] = piece[start - begin : start - begin + size]
    return found
