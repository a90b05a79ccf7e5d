"""Records and nodes by number, in the order of the walk, in packed columns.

A record costs 12 bytes and its key. Any record, collection or node is found
by number in constant time, a path by bisection, a part of a path by one search
over all keys end to end. Built from the batches of a walk, and nothing else.

Either index can go to disk, and answers the same from there: what it holds in
memory is then a fixed amount, but for what no honest file has many of.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from repoview.core import kernel, limits
from repoview.core.columns import Spill, bytes_used
from repoview.core.errors import LimitExceeded
from repoview.core.holes import Holes
from repoview.core.key import path_of
from repoview.core.missing import MissingRecords
from repoview.core.pieces import PIECE, PIECES
from repoview.core.runs import Collection, Runs
from repoview.core.seam import NO_PARENT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.columns import Bytes, Numbers
    from repoview.core.seam import Batch

__all__ = ["Collection", "NodeTable", "RecordIndex"]

_NODE_BYTES: Final = 23

_SPILLED: Final = PIECE * (PIECES + 16)
"""Bytes that an index on disk may take in memory, whatever its budget: pieces
that were read last, and of each column what is not yet a piece."""

_SEARCHED: Final = 16_384
_SEARCHED_BYTES: Final = 1 * limits.MiB
"""Keys, and bytes of keys, that are searched at a time where they are on disk."""


class RecordIndex:
    """Record number → key and block.

    Args:
        budget: Bytes of memory it may take.
        spill: A folder; when the budget is spent, the index goes to a file
            there that has no name. None for an index that stays in memory, where
            `extend` raises `LimitExceeded` then.
    """

    def __init__(
        self, budget: int = limits.INDEX_BUDGET, spill: str | None = None
    ) -> None:
        self._budget = budget
        self._folder = spill
        self._spill: Spill | None = None
        self.keys: Bytes = bytearray()
        self.ends: Numbers = array("Q")
        self.rows: Numbers = array("I")
        self.missing = MissingRecords()
        """Records without a row: not there, or of a CID that is not plain."""
        self.in_order = True
        self._runs = Runs()

    def __len__(self) -> int:
        return len(self.rows)

    def extend(self, batch: Batch) -> None:
        """Append the records of *batch*.

        Raises:
            LimitExceeded: The budget is spent, and there is no folder to spill
                to; or it is spent on what is not kept on disk.
            SourceError: The disk does not take it. The index is of no more use.
        """
        self.keys.extend(batch.keys)
        self.ends.extend(batch.ends)
        self.in_order = self.in_order and batch.in_order
        if batch.missing.numbers:
            self.missing.extend(batch.missing)
        self._runs.extend(batch.runs)
        self.rows.extend(batch.rows)
        if self.bytes_used > self._budget and not self._has_room():
            raise LimitExceeded(
                f"the index of {len(self):,} records is over its limit of "
                f"{self._budget:,} bytes: give it more with --mem-limit"
            )

    def _has_room(self) -> bool:
        """Spill if that helps, and tell whether memory suffices then."""
        if self._folder is not None and self._spill is None:
            self.spill(self._folder)
        return self._spill is not None and (
            self.bytes_used <= max(self._budget, _SPILLED)
        )

    def spill(self, folder: str) -> None:
        """Go to disk, and go on there; an index that is there stays as it is.

        Args:
            folder: Where the file lies; it has no name.

        Raises:
            SourceError: The disk does not take it. The index can be read as
                before, and be spilled again once there is room.
        """
        spill = self._spill = self._spill or Spill(folder)
        self.keys = spill.bytes(self.keys)
        self.ends = spill.numbers(self.ends)
        self.rows = spill.numbers(self.rows)
        self._runs.spill(spill)
        self.missing.spill(spill)

    def close(self) -> None:
        """Give the disk its room back: what went there is gone."""
        if self._spill is not None:
            self._spill.close()

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that the index takes, to within a tenth."""
        used = self._runs.bytes_used(in_order=self.in_order) + self.missing.bytes_used
        if self._spill is None:
            return used + len(self.keys) + 12 * len(self.rows)
        own = bytes_used(self.keys, self.ends, self.rows)
        return used + own + self._spill.bytes_used

    @property
    def disk_used(self) -> int:
        """Bytes of disk that the index takes."""
        return 0 if self._spill is None else self._spill.disk_used

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

    def with_prefix(self, prefix: bytes) -> range | array[int]:
        """Return the numbers of the records whose key begins with *prefix*."""
        if self.in_order:
            start = self.bisect(prefix)
            after = _successor(prefix)
            stop = len(self.rows) if after is None else self.bisect(after)
            return range(start, stop)
        hits = self.search(prefix)
        return array("I", (n for n in hits if self.key(n).startswith(prefix)))

    @property
    def collection_count(self) -> int:
        """How many collections there are."""
        return self._runs.count(self.key, in_order=self.in_order)

    def collections(self) -> Sequence[Collection]:
        """Return the collections, in the order of their first record.

        A list; but if there are thousands, each is made when asked for.
        """
        return self._runs.collections(self.key, len(self), in_order=self.in_order)


def _successor(prefix: bytes) -> bytes | None:
    """Return the smallest bytes greater than all that begin with *prefix*."""
    trimmed = prefix.rstrip(b"\xff")
    if not trimmed:
        return None
    return trimmed[:-1] + bytes((trimmed[-1] + 1,))


class NodeTable:
    """Node number → place in the tree; numbered as entered, parents first.

    A link that led to no node has a number too, and a `kind` that says why.

    Args:
        budget: Bytes of memory it may take.
        spill: A folder to go on in, as of a `RecordIndex`.
    """

    def __init__(
        self, budget: int = limits.INDEX_BUDGET, spill: str | None = None
    ) -> None:
        self._budget = budget
        self._folder = spill
        self._spill: Spill | None = None
        self.rows: Numbers = array("I")
        self.depths: Bytes = bytearray()
        self.distances: Bytes = bytearray()
        self.kinds: Bytes = bytearray()
        self.parents: Numbers = array("I")
        self.ends: Numbers = array("I")
        """Number behind the last node below."""
        self.first_records: Numbers = array("I")
        """Number of the first record at or behind the node."""
        self.record_ends: Numbers = array("I")
        """Number behind the last record in or below the node."""
        self.holes = Holes()

    def __len__(self) -> int:
        return len(self.rows)

    def extend(self, batch: Batch) -> None:
        """Append the nodes of *batch*.

        Raises:
            LimitExceeded: The budget is spent, and there is no folder to spill
                to.
            SourceError: The disk does not take it. The table is of no more use.
        """
        nodes = batch.nodes
        self.parents.extend(nodes.parents)
        self.depths.extend(nodes.depths)
        self.distances.extend(nodes.distances)
        self.kinds.extend(nodes.kinds)
        self.first_records.extend(nodes.first_records)
        self.ends.extend(nodes.ends)
        self.record_ends.extend(nodes.record_ends)
        # At most as many as a way down has nodes: all others are of the batch.
        for number, end, record_end in batch.closed:
            self.ends[number] = end
            self.record_ends[number] = record_end
        if batch.holes:
            self.holes.extend(batch.holes)
        self.rows.extend(nodes.rows)
        if self.bytes_used > self._budget and not self._has_room():
            raise LimitExceeded(
                f"the index of {len(self):,} nodes is over its limit of "
                f"{self._budget:,} bytes: give it more with --mem-limit"
            )

    def _has_room(self) -> bool:
        """Spill if that helps, and tell whether memory suffices then."""
        if self._folder is not None and self._spill is None:
            self.spill(self._folder)
        return self._spill is not None and (
            self.bytes_used <= max(self._budget, _SPILLED)
        )

    def spill(self, folder: str) -> None:
        """Go to disk, and go on there; a table that is there stays as it is.

        Args:
            folder: Where the file lies; it has no name.

        Raises:
            SourceError: The disk does not take it. The table can be read as
                before, and be spilled again once there is room.
        """
        spill = self._spill = self._spill or Spill(folder)
        self.rows = spill.numbers(self.rows)
        self.depths = spill.bytes(self.depths)
        self.distances = spill.bytes(self.distances)
        self.kinds = spill.bytes(self.kinds)
        self.parents = spill.numbers(self.parents)
        self.ends = spill.numbers(self.ends)
        self.first_records = spill.numbers(self.first_records)
        self.record_ends = spill.numbers(self.record_ends)
        self.holes.spill(spill)

    def close(self) -> None:
        """Give the disk its room back: what went there is gone."""
        if self._spill is not None:
            self._spill.close()

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that the table takes, to within a tenth."""
        if self._spill is None:
            return _NODE_BYTES * len(self.rows) + self.holes.bytes_used
        used = self._spill.bytes_used + self.holes.bytes_used
        used += bytes_used(self.depths, self.distances, self.kinds)
        used += bytes_used(self.rows, self.parents, self.ends)
        return used + bytes_used(self.first_records, self.record_ends)

    @property
    def disk_used(self) -> int:
        """Bytes of disk that the table takes."""
        return 0 if self._spill is None else self._spill.disk_used

    def finish(self, records: int) -> None:
        """Close the nodes that are still open: the walk is over.

        A walk that a limit cut short left nodes without closing them.

        Args:
            records: How many it met.
        """
        number = len(self.rows) - 1 if self.rows else NO_PARENT
        # Whatever is open has the last node below it, or is that node.
        while number != NO_PARENT:
            if not self.ends[number]:
                self.ends[number] = len(self.rows)
                self.record_ends[number] = records
            number = self.parents[number]
