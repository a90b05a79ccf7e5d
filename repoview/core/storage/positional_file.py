"""Read and write at an offset of a file, from any thread."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from io import FileIO

_HAS_PREAD: Final = hasattr(os, "pread") and hasattr(os, "pwrite")


class PositionalFile:
    """A file that is used without its position: each call names an offset.

    Args:
        file: Unbuffered; the caller closes it.
    """

    def __init__(self, file: FileIO) -> None:
        self._file = file
        # Without pread (Windows), the file's position is used, under a lock.
        self._lock = threading.Lock()

    def read_at(self, offset: int, length: int) -> bytes:
        """Return *length* bytes from *offset*, fewer where the file ends.

        Raises:
            OSError: Reading failed.
            ValueError: The file was closed.
        """
        parts = []
        while length > 0 and (part := self._read_some(offset, length)):
            parts.append(part)
            offset += len(part)
            length -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def write_at(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        """Write *data* at an offset.

        Raises:
            OSError: Writing failed.
            ValueError: The file was closed.
        """
        rest = memoryview(data)
        while rest:
            written = self._write_some(offset, rest)
            rest = rest[written:]
            offset += written

    def _read_some(self, offset: int, length: int) -> bytes:
        if _HAS_PREAD:
            return os.pread(self._file.fileno(), length, offset)
        with self._lock:
            self._file.seek(offset)
            return self._file.read(length) or b""

    def _write_some(self, offset: int, data: memoryview) -> int:
        if _HAS_PREAD:
            return os.pwrite(self._file.fileno(), data, offset)
        with self._lock:
            self._file.seek(offset)
            return self._file.write(data) or 0
