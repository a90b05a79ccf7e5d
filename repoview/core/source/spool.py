"""A spool: the bytes of a stream, kept as they come, for random access.

In memory while they are few, else in an unlinked temporary file.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, TypeAlias

from repoview.core import limits
from repoview.core.errors import no_room, reason_of
from repoview.core.storage.temp_file import TempFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.errors import SourceError

HELD: Final = limits.READ_CHUNK
"""Bytes up to which a file does not pay off."""

Folder: TypeAlias = "Callable[[], str]"
"""Returns a folder, called when one is needed."""


class Spool:
    """Bytes that are appended, and read at any offset.

    One thread appends; any may read.

    Args:
        folder: Of the temporary file; None to hold all bytes in memory.
    """

    def __init__(self, folder: Folder | None) -> None:
        self.size = 0
        self._folder = folder
        self._held = bytearray()
        self._file: TempFile | None = None
        self._lock = threading.RLock()

    @property
    def memory_used(self) -> int:
        """Bytes that are held in memory."""
        return len(self._held)

    @property
    def disk_used(self) -> int:
        """Bytes that are on disk."""
        return 0 if self._file is None else self.size

    @property
    def handle(self) -> tuple[int, int, int] | None:
        """Number, device and inode of the file, where there is one."""
        return None if self._file is None else self._file.handle

    def append(self, piece: bytes | memoryview) -> None:
        """Append bytes.

        Raises:
            SourceError: Writing to disk failed.
        """
        with self._lock:
            fits = self._folder is None or self.size + len(piece) <= HELD
            if not fits and self._file is None and self._folder is not None:
                self.spill(self._folder)
            if self._file is None:
                self._held += piece
            else:
                self._write(self._file, piece)
            self.size += len(piece)

    def spill(self, folder: Folder) -> None:
        """Move the bytes to a temporary file, and append there.

        Raises:
            SourceError: The file cannot be made or written.
        """
        with self._lock:
            self._folder = folder
            if self._file is not None:
                return
            file = self._made(folder())
            self._write(file, self._held)
            # In this order: a concurrent read finds the bytes in either.
            self._file, self._held = file, bytearray()

    @staticmethod
    def _made(folder: str) -> TempFile:
        try:
            return TempFile(folder)
        except OSError as error:
            raise _no_room(folder, error) from error

    def _write(self, file: TempFile, piece: bytes | bytearray | memoryview) -> None:
        try:
            file.append(piece)
        except OSError as error:
            where = "" if self._folder is None else self._folder()
            raise _no_room(where, error) from error

    def read_at(self, offset: int, length: int) -> bytes:
        """Return *length* bytes from *offset*, fewer where they end so far.

        Raises:
            ValueError: The spool was closed.
            OSError: Reading failed.
        """
        length = max(0, min(length, self.size - offset))
        with self._lock:
            file = self._file
            if file is None:
                return bytes(memoryview(self._held)[offset : offset + length])
        return file.read_at(offset, length)

    def held(self) -> bytes | None:
        """Return all bytes if they are in memory, else None."""
        few = self._file is None and self.size <= HELD
        return bytes(self._held) if few else None

    def close(self) -> None:
        """Free the bytes; closing twice is fine."""
        self._held = bytearray()
        if self._file is not None:
            self._file.close()


def _no_room(folder: str, error: OSError) -> SourceError:
    return no_room(reason_of(error), f"what streams by in {folder}")
