"""Paths kept in memory, for search as you type.

The columns of an index may be on disk or in the cache; to read all of them
takes several tenths of a second. Held here are only the record keys, end to
end: a third of all, since the records of a collection share its name.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from repoview.core.formats.key import collection_of
from repoview.core.formats.key_range import after_prefix
from repoview.core.kernel import kernel

if TYPE_CHECKING:
    from repoview.core.index.records import RecordIndex

_AT_ONCE: Final = 1 << 14
"""Keys that are read at a time."""

_MOST_COLLECTIONS: Final = 1_000
"""Most collections for which it pays; a hostile file has millions."""


class PathSearch:
    """Searches the paths of an index, in its columns or in memory.

    Args:
        index: Complete, if `hold` is to be called.
    """

    def __init__(self, index: RecordIndex) -> None:
        self._index = index
        self._held: Paths | None = None

    def search(self, needle: str, start: int, stop: int | None) -> array[int]:
        """Return the numbers of the records whose path contains *needle*."""
        sought = needle.encode(errors="replace")
        held = self._held
        if held is None:
            return self._index.search(sought, start, stop)
        return held.search(sought, start, len(self._index) if stop is None else stop)

    def hold(self) -> None:
        """Keep paths in memory to make `search` fast, unless they are already.

        Takes about 21 bytes a record, none if the keys are in memory, and as
        long as two or three searches. Any thread may call it.

        Raises:
            SourceError: The keys are on disk, and cannot be read.
        """
        index = self._index
        is_held = isinstance(index.keys, bytearray)
        if not is_held and self._held is None and Paths.can_hold(index):
            self._held = Paths(index)

    def drop(self) -> None:
        """Free what `hold` keeps."""
        self._held = None


class Paths:
    """The paths of an index that is complete.

    Takes 8 bytes a record and its record key, and to make as long as a few
    searches of the index; other threads run meanwhile.

    Args:
        index: Which `can_hold`.

    Raises:
        SourceError: The index is on disk, and cannot be read.
    """

    def __init__(self, index: RecordIndex) -> None:
        self._index = index
        self._rkeys = bytearray()
        self._ends = array("Q")
        self._collections: list[tuple[int, int, bytes]] = []
        """Start, stop, and name with a slash of each."""
        starts = [*index.ranges.starts, len(index)]
        for start, stop in pairwise(starts):
            name = collection_of(index.key(start))
            prefix = name + b"/" if name else b""
            self._collections.append((start, stop, prefix))
            for first in range(start, stop, _AT_ONCE):
                self._add(first, min(stop, first + _AT_ONCE), len(prefix))

    @staticmethod
    def can_hold(index: RecordIndex) -> bool:
        """Tell whether an index has its keys in order, and few collections."""
        return index.in_order and len(index.ranges) <= _MOST_COLLECTIONS

    def _add(self, start: int, stop: int, skipped: int) -> None:
        first = self._index.ends[start - 1] if start else 0
        ends = self._index.ends[start:stop]
        keys = self._index.keys[first : ends[-1]]
        begins = [0, *(end - first for end in ends)]
        self._rkeys += b"".join(keys[a + skipped : b] for a, b in pairwise(begins))
        before = self._ends[-1] if self._ends else 0
        # Each is shorter by as much, and so are those in front of it.
        self._ends.extend(
            before + end - skipped * count for count, end in enumerate(begins[1:], 1)
        )

    def search(self, needle: bytes, start: int, stop: int) -> array[int]:
        """Return the numbers of the records whose key contains *needle*."""
        found = array("I")
        for first, last, prefix in self._collections:
            low, high = max(first, start), min(last, stop)
            if low >= high:
                continue
            if needle in prefix:
                found.extend(range(low, high))
                continue
            hits = kernel.search(self._rkeys, self._ends, needle, low, high)
            across = self._across(needle, prefix)
            if across:
                # They are adjacent, and may overlap the others.
                low, high = max(low, across.start), min(high, across.stop)
                behind = bisect_left(hits, high)
                found.extend(hits[: bisect_left(hits, low)])
                found.extend(range(low, high))
                hits = hits[behind:]
            found.extend(hits)
        return found

    def _across(self, needle: bytes, prefix: bytes) -> range:
        """Return the range in which *needle* begins in the collection's name."""
        head, slash, rest = needle.partition(b"/")
        if not slash or not prefix.endswith(head + slash):
            return range(0)
        begun = prefix + rest
        last = after_prefix(begun)
        stop = len(self._index) if last is None else self._index.bisect(last)
        return range(self._index.bisect(begun), stop)
