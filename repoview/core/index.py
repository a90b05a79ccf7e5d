"""Records and nodes by number, in the order of the walk, in packed arrays.

A record costs 12 bytes and its key. Any record, collection or node is found
by number in constant time, a path by bisection, a part of a path by one search
over all keys end to end. Built from the batches of a walk, and nothing else.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from repoview.core import kernel, limits
from repoview.core.errors import LimitExceeded
from repoview.core.key import path_of
from repoview.core.missing import MissingRecords
from repoview.core.seam import NO_PARENT

if TYPE_CHECKING:
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
    """Record number → key and block.

    Args:
        budget: Bytes it may take; `extend` raises `LimitExceeded` beyond.
    """

    def __init__(self, budget: int = limits.INDEX_BUDGET) -> None:
        self._budget = budget
        self.keys = bytearray()
        self.ends = array("Q")
        self.rows = array("I")
        self.missing = MissingRecords()
        """Records without a row: not there, or of a CID that is not plain."""
        self.in_order = True
        self._run_names: list[bytes] = []
        self._run_starts = array("Q")
        self._run_bytes = array("Q")

    def __len__(self) -> int:
        return len(self.rows)

    def extend(self, batch: Batch) -> None:
        """Append the records of *batch*.

        Raises:
            LimitExceeded: The budget is spent.
        """
        self.keys += batch.keys
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
        if self.bytes_used > self._budget:
            raise LimitExceeded(
                f"the index of {len(self):,} records is over its limit of "
                f"{self._budget:,} bytes: give it more with --mem-limit"
            )

    @property
    def bytes_used(self) -> int:
        """Bytes the index takes, to within a tenth."""
        runs = _RUN_BYTES * len(self._run_starts)
        return len(self.keys) + 12 * len(self.rows) + runs + self.missing.bytes_used

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

    Args:
        budget: Bytes it may take; `extend` raises `LimitExceeded` beyond.
    """

    def __init__(self, budget: int = limits.INDEX_BUDGET) -> None:
        self._budget = budget
        self.rows = array("I")
        self.depths = bytearray()
        self.distances = bytearray()
        self.kinds = bytearray()
        self.parents = array("I")
        self.ends = array("I")
        """Number behind the last node below."""
        self.first_records = array("I")
        """Number of the first record at or behind the node."""
        self.record_ends = array("I")
        """Number behind the last record in or below the node."""
        self.holes: dict[int, Hole] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def extend(self, batch: Batch) -> None:
        """Append the nodes of *batch*.

        Raises:
            LimitExceeded: The budget is spent.
        """
        nodes = batch.nodes
        self.rows.extend(nodes.rows)
        self.parents.extend(nodes.parents)
        self.depths += nodes.depths
        self.distances += nodes.distances
        self.kinds += nodes.kinds
        self.first_records.extend(nodes.first_records)
        self.ends.extend(nodes.ends)
        self.record_ends.extend(nodes.record_ends)
        for number, end, record_end in batch.closed:
            self.ends[number] = end
            self.record_ends[number] = record_end
        self.holes.update(batch.holes)
        if _NODE_BYTES * len(self.rows) + _HOLE_BYTES * len(self.holes) > self._budget:
            raise LimitExceeded(
                f"the index of {len(self):,} nodes is over its limit of "
                f"{self._budget:,} bytes: give it more with --mem-limit"
            )

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
