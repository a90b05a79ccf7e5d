"""The map from tag to row on disk: sorted runs, merged as in an LSM tree.

A run is a file of 20-byte pairs of tag and row, sorted by tag, in pages of
4 KiB. In memory it has its fences (8 bytes a page, found by bisection) and a
Bloom filter (4 bits a tag), so a look-up reads a page or two.

Each seal writes a new run, merged with those of at most four times its size:
so there are O(log n) runs, and a tag is written O(log n) times.
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

_PAIR: Final = 20
"""Bytes of a tag and its row. Big-endian, so pairs sort as their tags do."""

_PAGE: Final = 204 * _PAIR
"""Bytes of a page; on most disks, 4 KiB cost no more than less."""

_MERGED_UP_TO: Final = 4
"""Runs of up to this many times the size of a new one are merged with it."""

_OFTEN: Final = 1_024
"""Pairs between two calls of `pause`."""


def pair_of(tag: bytearray, row: int) -> bytes:
    """Return the pair of a tag and its row, as a run has it."""
    return bytes(tag) + row.to_bytes(4, "big")


class SortedRuns:
    """Tag → row, on disk.

    Args:
        folder: Of the temporary files.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._runs: list[_Run] = []
        """The largest first."""

    def find(self, tag: bytes) -> int:
        """Return the row of a tag, -1 for none.

        Raises:
            SourceError: Reading from disk failed.
        """
        for run in self._runs:
            row = run.find(tag)
            if row >= 0:
                return row
        return -1

    def absorb(
        self,
        pairs: Iterable[bytes],
        count: int,
        pause: Callable[[], None] | None = None,
    ) -> None:
        """Add *count* pairs, which are sorted and have new tags.

        Args:
            pairs: Tag and row each.
            count: How many there are.
            pause: Called every few milliseconds; what it raises is passed on.

        Raises:
            SourceError: Writing to disk failed; nothing has changed.
        """
        runs = list(self._runs)
        parts = [pairs]
        while runs and len(runs[-1]) <= _MERGED_UP_TO * count:
            last = runs.pop()
            parts.append(last.pairs())
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


def _pausing(pairs: Iterable[bytes], pause: Callable[[], None]) -> Iterator[bytes]:
    for number, pair in enumerate(pairs):
        if number % _OFTEN == 0:
            pause()
        yield pair


class _Run:
    """One sorted run.

    Args:
        folder: Of its temporary file.
        pairs: Its pairs, sorted.
        count: How many there are.
    """

    def __init__(self, folder: str, pairs: Iterable[bytes], count: int) -> None:
        self._file = SpillFile(folder)
        self._count = count
        self._fences = array("Q")
        """Of each page, the first half of its first tag."""
        self._filter = _BloomFilter(count)
        rest = iter(pairs)
        while page := list(islice(rest, _PAGE // _PAIR)):
            self._fences.append(_first_half(page[0]))
            for pair in page:
                self._filter.add(pair)
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
            # Only a tag with the same first half may be in the page before.
            if row >= 0 or self._fences[number] != half:
                return row
        return -1

    def pairs(self) -> Iterator[bytes]:
        """Yield its pairs, sorted."""
        for start in range(0, self._file.size, _PAGE):
            for (pair,) in iter_unpack(f"{_PAIR}s", self._page(start)):
                yield pair

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
    while at % _PAIR and at >= 0:
        # These bytes are parts of two pairs.
        at = page.find(tag, at + 1)
    return -1 if at < 0 else int.from_bytes(page[at + TAG : at + _PAIR], "big")


class _BloomFilter:
    """A Bloom filter: 4 bits a tag, 2 hashes, 1 in 6 false positives.

    Args:
        tags: How many will be added.
    """

    def __init__(self, tags: int) -> None:
        self._bits = bytearray(tags // 2 + 1)

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that it takes."""
        return len(self._bits)

    def add(self, tag: bytes) -> None:
        """Add a tag."""
        bits = self._bits
        for bit in self._bits_of(tag):
            bits[bit >> 3] |= 1 << (bit & 7)

    def may_have(self, tag: bytes) -> bool:
        """Tell whether a tag may have been added; never False for one that was."""
        one, other = self._bits_of(tag)
        bits = self._bits
        return bool(
            bits[one >> 3] >> (one & 7) & 1 and bits[other >> 3] >> (other & 7) & 1
        )

    def _bits_of(self, tag: bytes) -> tuple[int, int]:
        # The fences use the first half of a tag, so the filter uses the other.
        half = int.from_bytes(tag[8:TAG], "big")
        size = 8 * len(self._bits)
        return half % size, (half >> 32) % size
