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
    """Bytes on disk, for this process only.

    Any thread may read while one writes. It is closed when garbage collected, if
    not before.

    Args:
        folder: Where it is made. One that does not exist is made, for this user only.

    Raises:
        OSError: Neither the folder nor a file in it can be made.
    """

    def __init__(self, folder: str) -> None:
        import tempfile  # noqa: PLC0415 (small repositories start without it)

        os.makedirs(folder, mode=0o700, exist_ok=True)  # noqa: PTH103 (as given)
        # Its mode is 0600, and it is unlinked before it is written.
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
        """Append *data*, and return its offset.

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
