"""A file without a name, for what does not fit into memory.

It has no name from its creation on, so nothing is left behind however the
program ends. Read and written at any place, and never mapped: a disk that
fails gives an error, where a map would end the process.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Final

from repoview.core.errors import SourceError, no_room, reason_of
from repoview.core.storage.positional_file import PositionalFile

if TYPE_CHECKING:
    from io import FileIO


def lost(fault: str) -> SourceError:
    """Return the error of a disk that does not give back what it took."""
    return SourceError(f"the index on disk cannot be read: {fault}; open it again")


_CLOSED: Final = "the file there was closed"
_GONE: Final = "what was written there is gone"


class SpillFile:
    """Bytes on disk, for this process alone.

    Any thread may read, while one writes. Closed when it is no longer used, if
    not before.

    Args:
        folder: Where it lies; it exists.

    Raises:
        SourceError: No file can be made there.
    """

    def __init__(self, folder: str) -> None:
        import tempfile  # noqa: PLC0415 (small repositories start without it)

        try:
            # Of mode 0600, and gone from the folder before it is written to.
            file: FileIO = tempfile.TemporaryFile(buffering=0, dir=folder)  # noqa: SIM115 (closed with this)
        except OSError as error:
            raise no_room(reason_of(error)) from error
        self._file = PositionalFile(file)
        self._end = weakref.finalize(self, file.close)
        self.size = 0
        """Bytes in it."""

    def append(self, data: bytes | memoryview) -> int:
        """Write *data* behind all other, and return where it begins.

        Raises:
            SourceError: The disk does not take it; the file is as it was.
        """
        offset = self.size
        self.write_at(offset, data)
        self.size = offset + len(data)
        return offset

    def write_at(self, offset: int, data: bytes | memoryview) -> None:
        """Write *data* over what is there.

        Raises:
            SourceError: The disk does not take it.
        """
        try:
            self._file.write_at(offset, data)
        except OSError as error:
            raise no_room(reason_of(error)) from error
        except ValueError:
            raise no_room(_CLOSED) from None

    def read_at(self, offset: int, length: int) -> bytes:
        """Return the *length* bytes from *offset*.

        Raises:
            SourceError: The disk does not give them.
        """
        try:
            data = self._file.read_at(offset, length)
        except OSError as error:
            raise lost(reason_of(error)) from error
        except ValueError:
            raise lost(_CLOSED) from None
        if len(data) < length:
            raise lost(_GONE)
        return data

    def close(self) -> None:
        """Give the disk its room back; closing twice is fine."""
        self._end()
