"""Tags that went to disk: found there in sorted runs, by a short read or two.

A run is a file of *entries*, pairs of tag and row, sorted by tag, in pages. In
memory stay eight bytes a page, to know which one to read, and half a byte a
tag, to know of most tags that are nowhere that they are not in this run.

What is sealed later makes a new run, which takes in those before it that are
not much larger: so there are few of them, and no tag is written often.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from heapq import merge
from itertools import islice
from struct import iter_unpack
from typing import TYPE_CHECKING, Final

from repoview.core.storage.spill_file import SpillFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

TAG: Final = 16
"""Bytes of a tag."""

_ENTRY: Final = 20
"""Bytes of a tag and its row. Big-endian, so entries sort as their tags do."""

_PAGE: Final = 204 * _ENTRY
"""Bytes of a page; on most disks, 4 KiB cost no more than less."""

_MUCH: Final = 4
"""A run this many times larger than what comes is left as it is."""

_OFTEN: Final = 1_024
"""Entries between two pauses."""


def entry_of(tag: bytearray, row: int) -> bytes:
    """Return what a run has of a tag and its row."""
    return bytes(tag) + row.to_bytes(4, "big")


class SortedRuns:
    """Tag → row, on disk.

    Args:
        folder: Where the files lie; they have no names.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._runs: list[_Run] = []
        """The largest first."""

    def find(self, tag: bytes) -> int:
        """Return the row of a tag, -1 for none.

        Raises:
            SourceError: The disk does not tell.
        """
        for run in self._runs:
            row = run.find(tag)
            if row >= 0:
                return row
        return -1

    def absorb(
        self,
        entries: Iterable[bytes],
        count: int,
        pause: Callable[[], None] | None = None,
    ) -> None:
        """Take in *count* entries, which are sorted and of tags that are new.

        Args:
            entries: Tag and row each.
            count: How many there are.
            pause: Called every few milliseconds; what it raises comes out.

        Raises:
            SourceError: The disk does not take them; all is as it was.
        """
        runs = list(self._runs)
        parts = [entries]
        while runs and len(runs[-1]) <= _MUCH * count:
            last = runs.pop()
            parts.append(last.entries())
            count += len(last)
        whole: Iterable[bytes] = merge(*parts)
        if pause is not None:
            whole = _pausing(whole, pause)
        self._runs = [*runs, _Run(self._folder, whole, count)]

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that it takes."""
        return sum(run.bytes_used for run in self._runs)

    @property
    def disk_used(self) -> int:
        """Bytes on disk."""
        return sum(run.disk_used for run in self._runs)


def _pausing(entries: Iterable[bytes], pause: Callable[[], None]) -> Iterator[bytes]:
    for number, entry in enumerate(entries):
        if number % _OFTEN == 0:
            pause()
        yield entry


class _Run:
    """One sorted run.

    Args:
        folder: Where its file lies.
        entries: What is in it, sorted.
        count: How many there are.
    """

    def __init__(self, folder: str, entries: Iterable[bytes], count: int) -> None:
        self._file = SpillFile(folder)
        self._count = count
        self._fences = array("Q")
        """Of each page, the first half of its first tag."""
        self._filter = _Filter(count)
        rest = iter(entries)
        while page := list(islice(rest, _PAGE // _ENTRY)):
            self._fences.append(_first_half(page[0]))
            for entry in page:
                self._filter.add(entry)
            self._file.append(b"".join(page))

    def __len__(self) -> int:
        return self._count

    def find(self, tag: bytes) -> int:
        """Return the row of a tag, -1 for none."""
        if not self._filter.may_have(tag):
            return -1
        half = _first_half(tag)
        number = bisect_right(self._fences, half)
        while number:
            number -= 1
            row = _row_in(self._page(_PAGE * number), tag)
            # Only where tags share a half may it stand in the page before.
            if row >= 0 or self._fences[number] != half:
                return row
        return -1

    def entries(self) -> Iterator[bytes]:
        """Yield all of it, sorted."""
        for start in range(0, self._file.size, _PAGE):
            for (entry,) in iter_unpack(f"{_ENTRY}s", self._page(start)):
                yield entry

    def _page(self, start: int) -> bytes:
        return self._file.read_at(start, min(_PAGE, self._file.size - start))

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that it takes."""
        return self._fences.itemsize * len(self._fences) + self._filter.bytes_used

    @property
    def disk_used(self) -> int:
        """Bytes on disk."""
        return self._file.size


def _first_half(tag: bytes) -> int:
    return int.from_bytes(tag[:8], "big")


def _row_in(page: bytes, tag: bytes) -> int:
    """Return the row that a page has of a tag, -1 for none."""
    at = page.find(tag)
    while at % _ENTRY and at >= 0:
        # These bytes are parts of two entries.
        at = page.find(tag, at + 1)
    return -1 if at < 0 else int.from_bytes(page[at + TAG : at + _ENTRY], "big")


class _Filter:
    """Tells of most tags that are not there that they are not.

    Four bits a tag, of which two are set and looked at: of other tags, one in
    six is let through.

    Args:
        tags: How many there will be.
    """

    def __init__(self, tags: int) -> None:
        self._bits = bytearray(tags // 2 + 1)

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that it takes."""
        return len(self._bits)

    def add(self, tag: bytes) -> None:
        """Take in a tag."""
        bits = self._bits
        for place in self._places(tag):
            bits[place >> 3] |= 1 << (place & 7)

    def may_have(self, tag: bytes) -> bool:
        """Tell whether it may be among those taken in."""
        one, other = self._places(tag)
        bits = self._bits
        return bool(
            bits[one >> 3] >> (one & 7) & 1 and bits[other >> 3] >> (other & 7) & 1
        )

    def _places(self, tag: bytes) -> tuple[int, int]:
        # Pages are found by the first half of a tag, so here the other counts.
        half = int.from_bytes(tag[8:TAG], "big")
        size = 8 * len(self._bits)
        return half % size, (half >> 32) % size
