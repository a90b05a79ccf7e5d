"""The tags of rows, and the hash table that finds a row by its tag.

Tags are hashes under a key that nobody knows, so any of their bits will do, and
nobody can aim at a place in the table.
"""

from __future__ import annotations

from array import array
from typing import Final

TAG: Final = 16
"""Bytes of a tag."""

_SEGMENTS: Final = 64
_FIRST_SLOTS: Final = 8


class Tags:
    """Tag ↔ row, rows numbered from 0 in the order in which their tags came."""

    def __init__(self) -> None:
        self._tags = bytearray()
        self._slots = [array("I", bytes(4 * _FIRST_SLOTS)) for _ in range(_SEGMENTS)]
        """Of each segment: rows, counted from 1, where their tags belong; else 0."""
        self._used = [0] * _SEGMENTS

    def find(self, tag: bytes) -> int:
        """Return the row of a tag, -1 for none."""
        hashed = int.from_bytes(tag[:8], "little")
        slots = self._slots[hashed % _SEGMENTS]
        size = len(slots)
        slot = (hashed >> 8) % size
        tags = self._tags
        while row := slots[slot]:
            if tags[row * TAG - TAG : row * TAG] == tag:
                return row - 1
            slot += 1
            if slot == size:
                slot = 0
        return -1

    def append(self, tag: bytes) -> None:
        """Give the next row its tag, which no other row has."""
        self._tags += tag
        hashed = int.from_bytes(tag[:8], "little")
        segment = hashed % _SEGMENTS
        self._used[segment] += 1
        # Segments grow by half, one by one: the table never doubles as a whole.
        if self._used[segment] * 5 > len(self._slots[segment]) * 4:
            self._grow(segment)
        _place(self._slots[segment], hashed, len(self._tags) // TAG)

    def packed(self, start: int, stop: int) -> bytearray:
        """Return the tags of the rows *start* to *stop*, end to end."""
        return self._tags[TAG * start : TAG * stop]

    def _grow(self, segment: int) -> None:
        old = self._slots[segment]
        size = len(old) + len(old) // 2 + 1
        new = array("I", bytes(4 * size))
        for row in old:
            if row:
                tag = self._tags[row * TAG - TAG : row * TAG - 8]
                _place(new, int.from_bytes(tag, "little"), row)
        self._slots[segment] = new


def _place(slots: array[int], hashed: int, row: int) -> None:
    size = len(slots)
    slot = (hashed >> 8) % size
    while slots[slot]:
        slot += 1
        if slot == size:
            slot = 0
    slots[slot] = row
