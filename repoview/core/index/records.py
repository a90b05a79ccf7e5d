"""Records by number, in the order of the walk, in packed columns.

A record costs 12 bytes and its key. Any record or collection is found by
number in constant time, a path by bisection, a part of a path by one search
over all keys end to end. Built from the batches of a walk, and nothing else.

The index can spill to disk; it then takes a fixed amount of memory, except for
what no honest file has many of.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.formats.key import path_of
from repoview.core.formats.key_range import KeyRange
from repoview.core.index.collections import Collection, CollectionRanges
from repoview.core.index.missing import MissingRecords
from repoview.core.index.nodes import NodeTable
from repoview.core.kernel import kernel
from repoview.core.storage.column_set import PackedIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.kernel.seam import Batch
    from repoview.core.storage.columns import Bytes, Numbers

__all__ = ["Collection", "NodeTable", "RecordIndex"]

_SEARCHED: Final = 16_384
_SEARCHED_BYTES: Final = 1 * limits.MiB
"""Keys, and bytes of keys, that are searched at a time where they are on disk."""


class RecordIndex(PackedIndex):
    """Record number → key and block."""

    COLUMNS = ("keys", "ends", "rows")
    PARTS = ("missing", "ranges")

    def __init__(self) -> None:
        super().__init__()
        self.keys: Bytes = bytearray()
        self.ends: Numbers = array("Q")
        self.rows: Numbers = array("I")
        self.missing = MissingRecords()
        """Records without a row: not there, or of a CID that is not plain."""
        self.in_order = True
        self.ranges = CollectionRanges()

    def __len__(self) -> int:
        return len(self.rows)

    def extend(self, batch: Batch) -> None:
        """Append the records of *batch*.

        Raises:
            SourceError: Writing to disk failed. The index cannot be used any more.
        """
        self.keys.extend(batch.keys)
        self.ends.extend(batch.ends)
        self.in_order = self.in_order and batch.in_order
        if batch.missing.numbers:
            self.missing.extend(batch.missing)
        self.ranges.extend(batch.collections)
        self.rows.extend(batch.rows)

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that the index takes, to within a tenth."""
        used = self.ranges.bytes_made(in_order=self.in_order)
        if self._pieces is not None:
            return used + super().bytes_used
        used += 16 * len(self.ranges)
        if self.missing.numbers:
            used += self.missing.bytes_used
        return used + len(self.keys) + 12 * len(self.rows)

    def rows_of(self, numbers: Sequence[int]) -> array[int]:
        """Return the rows of records in the block index, by their numbers."""
        if isinstance(numbers, range) and numbers.step == 1:
            return self.rows[numbers.start : numbers.stop]
        return array("I", map(self.rows.__getitem__, numbers))

    def key(self, number: int) -> bytes:
        """Return the key of a record."""
        start = self.ends[number - 1] if number else 0
        return bytes(self.keys[start : self.ends[number]])

    def paths(self, start: int, stop: int) -> list[str]:
        """Return the repo paths of the records *start* to *stop*."""
        first = self.ends[start - 1] if start else 0
        ends = [end - first for end in self.ends[start:stop]]
        begins = [0, *ends[:-1]]
        keys = bytes(self.keys[first : first + ends[-1]]) if ends else b""
        if keys.isascii():
            text = keys.decode()
            return [text[a:b] for a, b in zip(begins, ends, strict=False)]
        return [path_of(keys[a:b]) for a, b in zip(begins, ends, strict=False)]

    def find(self, key: bytes) -> int | None:
        """Return the number of the record with exactly this key."""
        if not self.in_order:
            found = (n for n in self.search(key) if self.key(n) == key)
            return next(found, None)
        number = self.bisect(key)
        if number < len(self.rows) and self.key(number) == key:
            return number
        return None

    def bisect(self, key: bytes) -> int:
        """Return how many keys are smaller than *key*, where they ascend."""
        low, high = 0, len(self.rows)
        while low < high:
            middle = (low + high) // 2
            if self.key(middle) < key:
                low = middle + 1
            else:
                high = middle
        return low

    def tid_days(self, start: int = 0, stop: int | None = None) -> dict[int, int]:
        """Return how many record keys are TIDs of each day since 1970.

        Those that are no TIDs count as of day -1. From disk, about a MiB
        of keys is in memory at a time.

        Args:
            start: Number of the first key to count.
            stop: Number behind the last; None for all.
        """
        stop = len(self.rows) if stop is None else stop
        keys, ends = self.keys, self.ends
        if isinstance(keys, bytearray) and isinstance(ends, array):
            return kernel.tid_days(keys, ends, start, stop)
        counts: Counter[int] = Counter()
        while start < stop:
            keys, ends = self._some_keys(start, stop)
            counts.update(kernel.tid_days(keys, ends, 0, len(ends)))
            start += len(ends)
        return dict(sorted(counts.items()))

    def search(
        self, needle: bytes, start: int = 0, stop: int | None = None
    ) -> array[int]:
        """Return the numbers of the records whose key contains *needle*.

        From disk, about a MiB of keys is in memory at a time.
        """
        stop = len(self.rows) if stop is None else stop
        keys, ends = self.keys, self.ends
        if isinstance(keys, bytearray) and isinstance(ends, array):
            return kernel.search(keys, ends, needle, start, stop)
        found = array("I")
        while start < stop:
            keys, ends = self._some_keys(start, stop)
            hits = kernel.search(keys, ends, needle, 0, len(ends))
            found.extend([start + hit for hit in hits])
            start += len(ends)
        return found

    def _some_keys(self, start: int, stop: int) -> tuple[bytearray, array[int]]:
        """Return keys from *start* on, end to end, and where in them each ends."""
        first = self.ends[start - 1] if start else 0
        ends = self.ends[start : min(stop, start + _SEARCHED)]
        ends = ends[: max(1, bisect_right(ends, first + _SEARCHED_BYTES))]
        keys = bytearray(self.keys[first : ends[-1]])
        return keys, array("Q", [end - first for end in ends])

    def within(self, keys: KeyRange) -> Sequence[int]:
        """Return the numbers of the records whose key is one of *keys*.

        A range, where keys ascend or all are wanted.
        """
        if keys == KeyRange():
            return range(len(self))
        if not self.in_order:
            return [n for n in range(len(self)) if self.key(n) in keys]
        last = len(self) if keys.stop is None else self.bisect(keys.stop)
        return range(self.bisect(keys.first), last)

    @property
    def collection_count(self) -> int:
        """How many collections there are."""
        return self.ranges.count(self.key, in_order=self.in_order)

    def collections(self) -> Sequence[Collection]:
        """Return the collections, in the order of their first record.

        A list; but if there are thousands, each is made on access.
        """
        return self.ranges.collections(self.key, len(self), in_order=self.in_order)
