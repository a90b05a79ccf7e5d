"""Records and nodes by number, in the order of the walk, in packed arrays.

A record costs 12 bytes and its key. Any record, collection or node is found
by number in constant time, a path by bisection, a part of a path by one search
over all keys end to end. Built from the batches of a walk, and nothing else.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from repoview.core import kernel
from repoview.core.columns import disk_bytes, held_bytes, spilled
from repoview.core.key import path_of
from repoview.core.missing import MissingRecords
from repoview.core.seam import NO_PARENT

if TYPE_CHECKING:
    from repoview.core.columns import Bytes, Numbers
    from repoview.core.seam import Batch, Hole

_NODE_BYTES: Final = 23
_HOLE_BYTES: Final = 400
_RUN_BYTES: Final = 100


@dataclass(frozen=True, slots=True)
class Collection:
    """The records of one collection."""

    name: str
    """Empty for records whose key has no collection."""

    count: int
    bytes: int
    """Of the record blocks, counted for each key."""

    ranges: tuple[range, ...]
    """Numbers of its records; one range, unless keys are out of order."""

    @property
    def start(self) -> int:
        """Number of its first record."""
        return self.ranges[0].start

    @property
    def stop(self) -> int:
        """Number behind its last record."""
        return self.ranges[-1].stop


class RecordIndex:
    """Record number → key and block; in memory, until it spills."""

    def __init__(self) -> None:
        self.keys: Bytes = bytearray()
        self.ends: Numbers = array("Q")
        self.rows: Numbers = array("I")
        self.missing = MissingRecords()
        """Records without a row: not there, or of a CID that is not plain."""
        self.in_order = True
        self._run_names: list[bytes] = []
        self._run_starts = array("Q")
        self._run_bytes = array("Q")

    def __len__(self) -> int:
        return len(self.rows)

    def extend(self, batch: Batch) -> None:
        """Append the records of *batch*."""
        self.keys.extend(batch.keys)
        self.ends.extend(batch.ends)
        self.rows.extend(batch.rows)
        self.in_order = self.in_order and batch.in_order
        self.missing.extend(batch.missing)
        for start, collection, size in batch.runs:
            if self._run_names and collection == self._run_names[-1]:
                self._run_bytes[-1] += size
            else:
                self._run_names.append(collection)
                self._run_starts.append(start)
                self._run_bytes.append(size)

    def spill(self, folder: str) -> None:
        """Keep records on disk, in *folder*, those that came among them.

        Raises:
            SourceError: The disk takes no more; from then on, of `extend` too.
        """
        self.keys = spilled(self.keys, folder)
        self.ends = spilled(self.ends, folder)
        self.rows = spilled(self.rows, folder)
        self.missing.spill(folder)

    @property
    def bytes_used(self) -> int:
        """Bytes the index takes in memory, to within a tenth."""
        columns = held_bytes(self.keys, self.ends, self.rows)
        return columns + _RUN_BYTES * len(self._run_starts) + self.missing.bytes_used

    @property
    def disk_used(self) -> int:
        """Bytes the index takes on disk."""
        return disk_bytes(self.keys, self.ends, self.rows) + self.missing.disk_used

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
        """Return the numbers of the records whose key contains *needle*."""
        stop = len(self.rows) if stop is None else stop
        return kernel.search(self.keys, self.ends, needle, start, stop)

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
        return len(set(self._run_names))

    def collections(self) -> list[Collection]:
        """Return the collections, in the order of their first record."""
        parts: dict[bytes, tuple[list[range], int]] = {}
        stops = [*self._run_starts, len(self.rows)][1:]
        runs = zip(
            self._run_names, self._run_starts, stops, self._run_bytes, strict=True
        )
        for name, start, stop, size in runs:
            ranges, total = parts.get(name, ([], 0))
            ranges.append(range(start, stop))
            parts[name] = ranges, total + size
        return [
            Collection(path_of(name), sum(map(len, ranges)), size, tuple(ranges))
            for name, (ranges, size) in parts.items()
        ]


def _successor(prefix: bytes) -> bytes | None:
    """Return the smallest bytes greater than all that begin with *prefix*."""
    trimmed = prefix.rstrip(b"\xff")
    if not trimmed:
        return None
    return trimmed[:-1] + bytes((trimmed[-1] + 1,))


class NodeTable:
    """Node number → place in the tree; numbered as entered, parents first.

    A link that led to no node has a number too, and a `kind` that says why.
    """

    def __init__(self) -> None:
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
        self.holes: dict[int, Hole] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def extend(self, batch: Batch) -> None:
        """Append the nodes of *batch*."""
        nodes = batch.nodes
        self.rows.extend(nodes.rows)
        self.parents.extend(nodes.parents)
        self.depths.extend(nodes.depths)
        self.distances.extend(nodes.distances)
        self.kinds.extend(nodes.kinds)
        self.first_records.extend(nodes.first_records)
        self.ends.extend(nodes.ends)
        self.record_ends.extend(nodes.record_ends)
        for number, end, record_end in batch.closed:
            self.ends[number] = end
            self.record_ends[number] = record_end
        self.holes.update(batch.holes)

    def _columns(self) -> tuple[Numbers | Bytes, ...]:
        return (
            self.rows,
            self.depths,
            self.distances,
            self.kinds,
            self.parents,
            self.ends,
            self.first_records,
            self.record_ends,
        )

    def spill(self, folder: str) -> None:
        """Keep nodes on disk, in *folder*, those that came among them.

        Raises:
            SourceError: The disk takes no more; from then on, of `extend` too.
        """
        self.rows = spilled(self.rows, folder)
        self.depths = spilled(self.depths, folder)
        self.distances = spilled(self.distances, folder)
        self.kinds = spilled(self.kinds, folder)
        self.parents = spilled(self.parents, folder)
        self.ends = spilled(self.ends, folder)
        self.first_records = spilled(self.first_records, folder)
        self.record_ends = spilled(self.record_ends, folder)

    @property
    def bytes_used(self) -> int:
        """Bytes the table takes in memory, to within a tenth."""
        return held_bytes(*self._columns()) + _HOLE_BYTES * len(self.holes)

    @property
    def disk_used(self) -> int:
        """Bytes the table takes on disk."""
        return disk_bytes(*self._columns())

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
