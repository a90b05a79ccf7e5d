"""The temporary file of an index that has spilled.

Every failure is a `SourceError` with a sentence: the disk is full, or cannot
read what was written.
"""

from __future__ import annotations

from typing import Final

from repoview.core.errors import SourceError, no_room, reason_of
from repoview.core.storage.temp_file import TempFile


def lost(fault: str) -> SourceError:
    """Return the error of a disk that cannot read what was written."""
    return SourceError(f"the index on disk cannot be read: {fault}; open it again")


_CLOSED: Final = "the file there was closed"
_GONE: Final = "what was written there is gone"


class SpillFile(TempFile):
    """Bytes of an index, on disk; its errors are all `SourceError`.

    Args:
        folder: Where it is made. One that does not exist is made, for this user only.

    Raises:
        SourceError: No file can be made there.
    """

    def __init__(self, folder: str) -> None:
        try:
            super().__init__(folder)
        except OSError as error:
            raise no_room(reason_of(error)) from error

    def write_at(self, offset: int, data: bytes | bytearray | memoryview) -> None:
        """Write *data* at an offset.

        Raises:
            SourceError: Writing to disk failed.
        """
        try:
            super().write_at(offset, data)
        except OSError as error:
            raise no_room(reason_of(error)) from error
        except ValueError:
            raise no_room(_CLOSED) from None

    def read_at(self, offset: int, length: int) -> bytes:
        """Return the *length* bytes from *offset*, never fewer.

        Raises:
            SourceError: Reading from disk failed.
        """
        try:
            data = super().read_at(offset, length)
        except OSError as error:
            raise lost(reason_of(error)) from error
        except ValueError:
            raise lost(_CLOSED) from None
        if len(data) < length:
            raise lost(_GONE)
        return data
