"""Results of a caller's function, by row of the block index, in packed columns."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import accumulate, chain
from operator import add, lt, sub
from struct import iter_unpack
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.kernel import kernel
from repoview.core.storage.column_set import PackedIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from repoview.core.storage.columns import Bytes, Numbers

RESULT: Final = 1
"""Mark of a block that has a result."""

LEFT_OUT: Final = 2
"""Mark of one whose CID is stored with its result, as its bytes are not kept."""

LATE: Final = 3
"""Mark of one whose result was added after those of later rows."""

_CID: Final = 36
_MARKS: Final = {what: bytes.maketrans(b"\1", bytes((what,))) for what in (1, 2)}

_AT_ONCE: Final = limits.MiB
"""Most bytes of results looked up in one call."""

_PIECE: Final = 64 * limits.KiB
"""Bytes of results read from disk in one call, and those of the last one."""

_ITEMS: Final = 8_192
"""Numbers of a column read from disk in one call, which are in one piece of it."""

_ODD_BYTES: Final = 200
"""Overhead of a result kept by CID, roughly."""


class Processed(PackedIndex):
    """Row of the block index → result; 12 bytes a row and one in memory.

    The bytes go to disk when this spills, but for those of odd blocks.
    """

    COLUMNS = ("slots", "ends", "data")

    def __init__(self) -> None:
        super().__init__()
        self.done = bytearray()
        """Of each row: 0, `RESULT`, `LEFT_OUT` or `LATE`."""
        self.spent = 0
        """Bytes of it that the block index counts among its own."""
        self.odd: dict[bytes, bytes] = {}
        """Results of blocks without a row, by CID."""
        self.slots: Numbers = array("I")
        """Of each row that has a result, its number."""
        self.ends: Numbers = array("Q", (0,))
        """Where in the data each result begins, and the last one ends."""
        self.data: Bytes = bytearray()
        """The results, in front of each the CID of a block that is left out."""

    def __len__(self) -> int:
        """Return how many rows there are, with or without a result."""
        return len(self.done)

    @property
    def bytes_used(self) -> int:
        """Bytes that this takes in memory, to within a tenth."""
        odd = sum(map(len, self.odd.values())) + _ODD_BYTES * len(self.odd)
        return super().bytes_used + len(self.done) - self.spent + odd

    def extend(self, done: bytes, what: int, results: list[bytes], cids: bytes) -> None:
        """Append rows.

        Args:
            done: Of each row, 1 if it has a result, else 0.
            what: `RESULT`, or `LEFT_OUT` to keep the CIDs too.
            results: Of those that have one, in order.
            cids: Of these, end to end.
        """
        slots = array("I", accumulate(done, initial=len(self.ends) - 1))
        slots.pop()
        if what == LEFT_OUT:
            pairs = zip(iter_unpack("36s", cids), results, strict=True)
            results = [cid + result for (cid,), result in pairs]
        ends = array("Q", accumulate(map(len, results), initial=len(self.data)))
        self.done += done.translate(_MARKS[what])
        self.slots.extend(slots)
        self.ends.extend(ends[1:])
        self.data.extend(b"".join(results))

    def put(self, row: int, result: bytes) -> None:
        """Note the result of a row that had none."""
        self.slots[row] = len(self.ends) - 1
        self.data.extend(result)
        self.ends.append(len(self.data))
        self.done[row] = LATE

    def get(self, row: int) -> bytes | None:
        """Return the result of a row, None for none."""
        if not self.done[row]:
            return None
        start, end = self._place(row)
        start += _CID if self.done[row] == LEFT_OUT else 0
        return bytes(self.data[start:end])

    def _place(self, row: int) -> tuple[int, int]:
        slot = self.slots[row]
        return self.ends[slot], self.ends[slot + 1]

    def cid(self, row: int) -> bytes | None:
        """Return the CID of a row that was left out; None of another one."""
        if row >= len(self.done) or self.done[row] != LEFT_OUT:
            return None
        start, _ = self._place(row)
        return bytes(self.data[start : start + _CID])

    def get_all(self, rows: Sequence[int]) -> list[bytes | None] | None:
        """Return the results of rows, None for none; only None if they are large.

        Much faster than one by one where they are on disk.
        """
        run = self._run(rows)
        if run is not None:
            return self._results_of(*run)
        count = len(self.done)
        held, starts, sizes = self._places(
            {row for row in rows if row < count and self.done[row]}
        )
        if sum(sizes) > _AT_ONCE:
            return None
        heads = [_CID if self.done[row] == LEFT_OUT else 0 for row in held]
        sizes = list(map(sub, sizes, heads))
        results = _sliced(self.data, list(map(add, starts, heads)), sizes)
        by_row = dict(zip(held, results, strict=True))
        return list(map(by_row.get, rows))

    def _run(self, rows: Sequence[int]) -> tuple[int, int, int] | None:
        """Return first and last slot of rows whose results stand in a row, in order.

        And what was done with them. Most files have their blocks in the order
        in which they are asked for.
        """
        if not rows or max(rows) >= len(self.done):
            return None
        marks = set(map(self.done.__getitem__, rows))
        if marks not in ({RESULT}, {LEFT_OUT}) or not all(map(lt, rows, rows[1:])):
            return None
        first, last = self.slots[rows[0]], self.slots[rows[-1]]
        return (first, last, marks.pop()) if last - first + 1 == len(rows) else None

    def _results_of(
        self, first: int, last: int, what: int
    ) -> list[bytes | None] | None:
        start, ends = self.ends[first], self.ends[first + 1 : last + 2]
        if ends[-1] - start > _AT_ONCE:
            return None
        parts = kernel.cut(bytes(self.data[start : ends[-1]]), ends, start)
        return [part[_CID:] for part in parts] if what == LEFT_OUT else [*parts]

    def _places(self, rows: Iterable[int]) -> tuple[list[int], list[int], list[int]]:
        """Return where what is kept of rows begins, and how many bytes it has.

        Ascending, each with its row first.
        """
        held = sorted(rows)
        slots = _picked(self.slots, held)
        pairs = sorted(zip(slots, held, strict=True))
        around = chain.from_iterable((slot, slot + 1) for slot, _ in pairs)
        bounds = _picked(self.ends, list(around))
        starts, ends = bounds[::2], bounds[1::2]
        return [row for _, row in pairs], starts, list(map(sub, ends, starts))

    def cids(self, rows: Sequence[int]) -> bytes | None:
        """Return the CIDs of rows, end to end; None unless all are left out."""
        count = len(self.done)
        if any(row >= count or self.done[row] != LEFT_OUT for row in rows):
            return None
        held, starts, _ = self._places(set(rows))
        cids = _sliced(self.data, starts, [_CID] * len(starts))
        by_row = dict(zip(held, cids, strict=True))
        return b"".join(map(by_row.__getitem__, rows))


def _picked(column: Numbers, places: Sequence[int]) -> list[int]:
    """Return what stands at some places of a column, which ascend."""
    if isinstance(column, array):
        return list(map(column.__getitem__, places))
    found: list[int] = []
    at = 0
    while at < len(places):
        first = places[at]
        stop = bisect_left(places, first - first % _ITEMS + _ITEMS, at)
        items = column[first : places[stop - 1] + 1]
        found += [items[place - first] for place in places[at:stop]]
        at = stop
    return found


def _sliced(column: Bytes, starts: list[int], sizes: list[int]) -> list[bytes]:
    """Return the bytes that stand at some places of a column, which ascend."""
    if isinstance(column, bytearray):
        with memoryview(column) as view:
            return [
                bytes(view[start : start + size])
                for start, size in zip(starts, sizes, strict=True)
            ]
    found: list[bytes] = []
    at = 0
    while at < len(starts):
        first = starts[at]
        stop = bisect_left(starts, first + _PIECE, at)
        last = stop - 1
        data = column[first : starts[last] + sizes[last]]
        spans = zip(starts[at:stop], sizes[at:stop], strict=True)
        found += [bytes(data[s - first : s - first + size]) for s, size in spans]
        at = stop
    return found
