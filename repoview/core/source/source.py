"""Where bytes come from: a file, or bytes in memory.

A source can be read at any offset, any number of times. Files are read with
pread and never mapped: a file that is cut while it is open gives short reads,
where a map would end the process. What can be read only once is a `stream`.
Offsets always count the bytes of the CAR itself, whatever it is packed with.
"""

from __future__ import annotations

import os
import stat
from abc import abstractmethod
from typing import TYPE_CHECKING

from repoview.core.closing import Closing
from repoview.core.errors import SourceError, reason_of
from repoview.core.formats.accounts import is_handle, where_to_fetch
from repoview.core.storage.positional_file import PositionalFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import FileIO


class Source(Closing):
    """Bytes that can be read at any offset, until closed.

    Args:
        name: What people call it; for a file, the path that was given.
        size: Bytes of the CAR, as they are read: unpacked. Of a stream, those
            that have come by now.
    """

    packed: str | None = None
    """The packing that was undone: "gzip", "zstd"; None for none."""

    fault: str | None = None
    """What was wrong with the packing, if its bytes end because of it."""

    held: bytes | None = None
    """All its bytes, where they are held in memory as such."""

    handle: tuple[int, int, int] | None = None
    """Of an open file: its number here, and its device and inode."""

    path: str | None = None
    """Where the file is that these bytes are, as it was given; None where it is
    packed, or no regular file, or not known by a path."""

    ended: bool = True
    """Whether `size` is all there will be."""

    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self.size = size

    @property
    def expected(self) -> int:
        """Bytes there will be, as far as that is known; 0 where it is not."""
        return self.size

    @property
    def memory_used(self) -> int:
        """Bytes held in memory that could be on disk."""
        return 0

    @property
    def disk_used(self) -> int:
        """Bytes on disk that are not the caller's own file."""
        return 0

    def spill(self, folder: Callable[[], str]) -> None:
        """Move what is held in memory to a file in *folder*, if that spares any."""
        del folder

    def reach(self, end: int) -> None:
        """Wait until bytes up to *end* have come, or the last one."""
        del end

    @abstractmethod
    def read_at(self, offset: int, length: int) -> bytes:
        """Return *length* bytes from *offset*, fewer where the bytes end.

        Raises:
            SourceError: Reading failed, or the source is closed.
        """

    @abstractmethod
    def changed(self) -> bool:
        """Tell whether the bytes may be others than when it was opened."""

    @abstractmethod
    def close(self) -> None:
        """Free the bytes; closing twice is fine."""


class MemorySource(Source):
    """Bytes that are held in memory."""

    def __init__(
        self,
        name: str,
        data: bytes | bytearray,
        *,
        packed: str | None = None,
        fault: str | None = None,
    ) -> None:
        super().__init__(name, len(data))
        self.packed = packed
        self.fault = fault
        self.held = data if isinstance(data, bytes) else None
        self._data: memoryview | None = memoryview(data)

    def read_at(self, offset: int, length: int) -> bytes:
        """Return a copy of the bytes there."""
        if self._data is None:
            raise SourceError(f"{self.name} was closed")
        return bytes(self._data[offset : offset + length])

    def changed(self) -> bool:
        """Return False: these bytes are private."""
        return False

    def close(self) -> None:
        """Let the bytes go."""
        self._data = self.held = None


class FileSource(Source):
    """A regular file, read with pread."""

    def __init__(self, name: str, file: FileIO, status: os.stat_result) -> None:
        super().__init__(name, status.st_size)
        self._file = file
        self._placed = PositionalFile(file)
        self.handle = file.fileno(), status.st_dev, status.st_ino
        self._opened = status.st_size, status.st_mtime_ns

    def read_at(self, offset: int, length: int) -> bytes:
        """Return the bytes there, as the file has them now."""
        # A read beyond the end would allocate memory for bytes that never come.
        length = min(length, self.size - offset)
        try:
            return self._placed.read_at(offset, length)
        except ValueError:
            raise SourceError(f"{self.name} was closed") from None
        except OSError as error:
            raise SourceError(f"cannot read {self.name}: {reason_of(error)}") from error

    def changed(self) -> bool:
        """Tell whether size or time of change are others than at opening."""
        status = os.fstat(self._file.fileno())
        return (status.st_size, status.st_mtime_ns) != self._opened

    def close(self) -> None:
        """Close the file."""
        self.handle = None
        self._file.close()


def open_file(path: str) -> FileSource | FileIO:
    """Open a file: a source where it is one that can be read again, else as it is.

    Raises:
        SourceError: There is no such file, or it cannot be read.
    """
    try:
        file = open(path, "rb", buffering=0, opener=_open_at_once)  # noqa: SIM115 (the source closes it)
    except FileNotFoundError:
        raise SourceError(f"there is no file {path}: {_missing_hint(path)}") from None
    except IsADirectoryError:
        raise SourceError(_directory(path)) from None
    except PermissionError:
        # Some systems refuse to open a directory with this error.
        if os.path.isdir(path):  # noqa: PTH112 (the path may be one that Path refuses)
            raise SourceError(_directory(path)) from None
        text = f"no permission to read {path}: change its mode, or copy it"
        raise SourceError(text) from None
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot open {path}: {reason_of(error)}") from error
    status = os.fstat(file.fileno())
    if stat.S_ISDIR(status.st_mode):
        file.close()
        raise SourceError(_directory(path))
    if not stat.S_ISREG(status.st_mode):
        return file
    source = FileSource(path, file, status)
    source.path = path
    return source


def _open_at_once(path: str, flags: int) -> int:
    """Open without blocking, as a named pipe without a writer would."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _missing_hint(path: str) -> str:
    if (advice := where_to_fetch(path)) is None:
        return "check the name"
    if not is_handle(path.removeprefix("@")):
        return f"live accounts are not fetched; {advice}"
    return f"check the name; if it is a handle, {advice}"


def _directory(path: str) -> str:
    return f"{path} is a directory: name the CAR file in it"
