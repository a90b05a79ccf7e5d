"""The tags of rows, and the hash table that finds a row by its tag.

Open addressing with linear probing, in 64 segments by the first six bits of a
tag. A segment grows by itself, so memory never doubles at once; and as the
segments are in the order of their tags, sorting each sorts all. Tags are keyed
hashes: their bits are uniform, and a file cannot be made to collide in them.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

from repoview.core.blocks.sorted_runs import TAG, SortedRuns, pair_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SEGMENTS: Final = 64
_SEGMENT_SHIFT: Final = 58
"""The first six of the 64 bits that count are the segment's number."""

_FIRST_SLOTS: Final = 8


class TagTable:
    """Tag ↔ row, rows numbered from 0 in the order in which their tags came."""

    def __init__(self) -> None:
        self._first = 0
        """Number of the first row in memory; those before it are sealed."""
        self._sealed: SortedRuns | None = None
        self._clear()

    def _clear(self) -> None:
        self._tags = bytearray()
        """Of the rows in memory."""
        self._slots = [array("I", bytes(4 * _FIRST_SLOTS)) for _ in range(_SEGMENTS)]
        """By segment, then slot: a row in memory, counted from 1; 0 if empty."""
        self._used = [0] * _SEGMENTS

    def find(self, tag: bytes) -> int:
        """Return the row of a tag, -1 for none.

        Raises:
            SourceError: Reading from disk failed.
        """
        hashed = int.from_bytes(tag[:8], "big")
        slots = self._slots[hashed >> _SEGMENT_SHIFT]
        size = len(slots)
        slot = hashed % size
        tags = self._tags
        while row := slots[slot]:
            if tags[row * TAG - TAG : row * TAG] == tag:
                return self._first + row - 1
            slot += 1
            if slot == size:
                slot = 0
        return -1 if self._sealed is None else self._sealed.find(tag)

    def append(self, tag: bytes) -> None:
        """Give the next row its tag, which no other row has."""
        self._tags += tag
        hashed = int.from_bytes(tag[:8], "big")
        segment = hashed >> _SEGMENT_SHIFT
        self._used[segment] += 1
        # A segment grows by half when it is over 80 % full.
        if self._used[segment] * 5 > len(self._slots[segment]) * 4:
            self._grow(segment)
        _insert(self._slots[segment], hashed, self.in_memory)

    def packed(self, start: int, stop: int) -> bytearray:
        """Return the tags of those rows from *start* to *stop* that are in memory."""
        start, stop = (max(row - self._first, 0) for row in (start, stop))
        return self._tags[TAG * start : TAG * stop]

    def seal(self, folder: str, pause: Callable[[], None] | None = None) -> bytearray:
        """Move the rows in memory to a sorted run on disk.

        Args:
            folder: Of the temporary files.
            pause: Called every few milliseconds; what it raises is passed on.

        Returns:
            The tags of these rows, end to end, which are no longer held here.

        Raises:
            SourceError: Writing to disk failed; nothing has changed.
        """
        if self._sealed is None:
            self._sealed = SortedRuns(folder)
        self._sealed.absorb(self._pairs(), self.in_memory, pause)
        tags = self._tags
        self._first += self.in_memory
        self._clear()
        return tags

    def _pairs(self) -> Iterator[bytes]:
        """Yield the pairs of tag and row in memory, sorted."""
        for slots in self._slots:
            yield from sorted(
                pair_of(self._tags[row * TAG - TAG : row * TAG], self._first + row - 1)
                for row in slots
                if row
            )

    @property
    def in_memory(self) -> int:
        """How many rows are in memory."""
        return len(self._tags) // TAG

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that it takes."""
        slots = 4 * sum(map(len, self._slots))
        sealed = 0 if self._sealed is None else self._sealed.bytes_used
        return len(self._tags) + slots + sealed

    @property
    def disk_used(self) -> int:
        """Bytes on disk."""
        return 0 if self._sealed is None else self._sealed.disk_used

    def _grow(self, segment: int) -> None:
        old = self._slots[segment]
        size = len(old) + len(old) // 2 + 1
        new = array("I", bytes(4 * size))
        for row in old:
            if row:
                tag = self._tags[row * TAG - TAG : row * TAG - 8]
                _insert(new, int.from_bytes(tag, "big"), row)
        self._slots[segment] = new


def _insert(slots: array[int], hashed: int, row: int) -> None:
    size = len(slots)
    slot = hashed % size
    while slots[slot]:
        slot += 1
        if slot == size:
            slot = 0
    slots[slot] = row
