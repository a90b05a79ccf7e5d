"""An unlinked temporary file, read and written by offset.

It never has a name, so nothing is left behind however the program ends. It is
not memory-mapped: a read that fails is an error, where a map would end the
process (SIGBUS).
"""

from __future__ import annotations

import os
import weakref
from typing import TYPE_CHECKING

from repoview.core.storage.positional_file import PositionalFile

if TYPE_CHECKING:
    from io import FileIO


class TempFile(PositionalFile):
    """Bytes on disk, for this process alone.

    Any thread may read, while one writes. Closed when it is no longer used, if
    not before.

    Args:
        folder: Where it is made; it exists.

    Raises:
        OSError: No file can be made there.
    """

    def __init__(self, folder: str) -> None:
        import tempfile  # noqa: PLC0415 (small repositories start without it)

        # Of mode 0600, and gone from the folder before it is written to.
        file: FileIO = tempfile.TemporaryFile(buffering=0, dir=folder)  # noqa: SIM115 (closed with this)
        super().__init__(file)
        self._end = weakref.finalize(self, file.close)
        self.size = 0
        """Bytes that were appended."""

    @property
    def handle(self) -> tuple[int, int, int]:
        """Its number here, and its device and inode."""
        number = self._file.fileno()
        status = os.fstat(number)
        return number, status.st_dev, status.st_ino

    def append(self, data: bytes | bytearray | memoryview) -> int:
        """Write *data* behind all that was appended, and return where it begins.

        Raises:
            OSError: Writing failed; `size` is as it was.
            ValueError: The file was closed.
        """
        offset = self.size
        self.write_at(offset, data)
        self.size = offset + len(data)
        return offset

    def close(self) -> None:
        """Free the disk space; closing twice is fine."""
        self._end()
