"""Byte strings in ascending order: in memory, and past a limit in runs on disk.

What comes first is collected and sorted in memory. When that is full, it goes to
a temporary file as a sorted run, and the runs are merged when they are read (an
external merge sort).
"""

from __future__ import annotations

from heapq import merge
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.errors import LimitExceeded
from repoview.core.storage.spill_file import SpillFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NO_MEMORY: Final = (
    "there is more to sort than memory may take, and nothing may be put on disk: "
    "allow more of either"
)
NO_DISK: Final = "there is more to sort than the disk limit allows"

_OBJECT: Final = 48
"""Bytes that an item takes in memory besides its own, about."""

_HEAD: Final = 4
"""Bytes of the length in front of an item on disk."""

_BUFFER: Final = 64 * limits.KiB
"""Most bytes of a run that are read at a time."""

_LEAST_BUFFER: Final = 4 * limits.KiB
"""The same where runs are so many that together they may not take more."""


class SortedBytes:
    """Byte strings: added in any order, yielded in ascending order.

    Args:
        memory: Bytes of memory to take.
        folder: Names the folder of the temporary file; None where nothing may
            be put on disk.
        disk: Bytes of disk to take.
    """

    def __init__(
        self, memory: int, folder: Callable[[], str] | None, disk: int
    ) -> None:
        self._memory = memory
        self._folder = folder
        self._disk = disk
        self._held: list[bytes] = []
        self._size = 0
        """Bytes in memory, about."""
        self._file: SpillFile | None = None
        self._runs: list[tuple[int, int]] = []
        """Where each run begins and ends in the file."""

    @property
    def disk_used(self) -> int:
        """Bytes on disk."""
        return 0 if self._file is None else self._file.size

    def add(self, item: bytes) -> None:
        """Add one.

        Raises:
            LimitExceeded: There are more than memory and disk may take.
            SourceError: Writing to disk failed.
        """
        self._held.append(item)
        self._size += len(item) + _OBJECT
        if self._size > self._memory:
            self._write_run()

    def _write_run(self) -> None:
        if self._folder is None:
            raise LimitExceeded(NO_MEMORY)
        if self._file is None:
            self._file = SpillFile(self._folder())
        size = sum(map(len, self._held)) + _HEAD * len(self._held)
        if self._file.size + size > self._disk:
            raise LimitExceeded(NO_DISK)
        self._held.sort()
        start, pieces = self._file.size, bytearray()
        for item in self._held:
            pieces += len(item).to_bytes(_HEAD, "big")
            pieces += item
            if len(pieces) >= limits.MiB:
                self._file.append(pieces)
                pieces.clear()
        self._file.append(pieces)
        self._runs.append((start, self._file.size))
        self._held.clear()
        self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        """Yield all of them in ascending order; equal ones as often as added.

        As often as one likes, and nothing may be added meanwhile.

        Raises:
            SourceError: Reading from disk failed.
        """
        self._held.sort()
        share = max(self._memory // max(len(self._runs), 1), _LEAST_BUFFER)
        runs = [self._read_run(*run, min(share, _BUFFER)) for run in self._runs]
        return merge(*runs, iter(self._held))

    def _read_run(self, start: int, end: int, at_once: int) -> Iterator[bytes]:
        """Yield the items of a run, of which *at_once* bytes are read at a time."""
        assert self._file is not None  # noqa: S101 (it has the runs)
        buffer, at = b"", 0
        while start < end or at < len(buffer):
            size = int.from_bytes(buffer[at : at + _HEAD], "big")
            while len(buffer) - at < _HEAD + size:
                # Short of the length, or of the item behind it.
                piece = self._file.read_at(start, min(at_once, end - start))
                start += len(piece)
                buffer, at = buffer[at:] + piece, 0
                size = int.from_bytes(buffer[:_HEAD], "big")
            yield buffer[at + _HEAD : at + _HEAD + size]
            at += _HEAD + size

    def close(self) -> None:
        """Free memory and disk; closing twice is fine."""
        self._held.clear()
        self._runs.clear()
        if self._file is not None:
            self._file.close()
