"""Paths kept in memory to be searched again and again, as somebody types.

The columns of an index may be on disk, or kept by the cache; to read all of
them takes several tenths of a second. Here stand the record keys alone, end to
end: a third of it all, for a collection's name is the same in all its records.
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

_MOST_RUNS: Final = 1_000
"""Collections up to which it is worth it; a hostile file has millions."""


class PathSearch:
    """Searches the paths of an index, there or in memory.

    Args:
        index: Complete, if paths are to be held.
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
        """Keep in memory what makes `search` fast, if it is not there already.

        Of records whose keys are in memory, nothing; of others, about 21 bytes
        a record. Any thread may do it, and it takes as long as two or three
        searches.

        Raises:
            SourceError: The keys are on disk, and cannot be read.
        """
        index = self._index
        is_held = isinstance(index.keys, bytearray)
        if not is_held and self._held is None and Paths.can_hold(index):
            self._held = Paths(index)

    def drop(self) -> None:
        """Give back what `hold` took."""
        self._held = None


class Paths:
    """The paths of an index that is complete.

    It takes 8 bytes a record and its record key. To make it takes as long as
    some searches of the index; other threads run meanwhile.

    Args:
        index: Which `can_hold`.

    Raises:
        SourceError: The index is on disk, and cannot be read.
    """

    def __init__(self, index: RecordIndex) -> None:
        self._index = index
        self._rkeys = bytearray()
        self._ends = array("Q")
        self._runs: list[tuple[int, int, bytes]] = []
        """Where each collection begins and ends, and its name with a slash."""
        starts = [*index.runs.starts, len(index)]
        for start, stop in pairwise(starts):
            name = collection_of(index.key(start))
            prefix = name + b"/" if name else b""
            self._runs.append((start, stop, prefix))
            for first in range(start, stop, _AT_ONCE):
                self._add(first, min(stop, first + _AT_ONCE), len(prefix))

    @staticmethod
    def can_hold(index: RecordIndex) -> bool:
        """Tell whether an index has its keys in order, and few collections."""
        return index.in_order and len(index.runs) <= _MOST_RUNS

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
        for first, last, prefix in self._runs:
            low, high = max(first, start), min(last, stop)
            if low >= high:
                continue
            if needle in prefix:
                found.extend(range(low, high))
                continue
            hits = kernel.search(self._rkeys, self._ends, needle, low, high)
            across = self._across(needle, prefix)
            if across:
                # They follow one another; of the others, some are among them.
                low, high = max(low, across.start), min(high, across.stop)
                behind = bisect_left(hits, high)
                found.extend(hits[: bisect_left(hits, low)])
                found.extend(range(low, high))
                hits = hits[behind:]
            found.extend(hits)
        return found

    def _across(self, needle: bytes, prefix: bytes) -> range:
        """Return those in which *needle* begins in the collection's name."""
        head, slash, rest = needle.partition(b"/")
        if not slash or not prefix.endswith(head + slash):
            return range(0)
        begun = prefix + rest
        last = after_prefix(begun)
        stop = len(self._index) if last is None else self._index.bisect(last)
        return range(self._index.bisect(begun), stop)
