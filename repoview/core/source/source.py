"""Sources: random access to the bytes of a file, or to bytes in memory.

Files are read with pread and never memory-mapped: a file that is truncated while
it is open gives short reads, where a map would end the process (SIGBUS). What
can be read only once is a `stream`. Offsets are those of the unpacked CAR.
"""

from __future__ import annotations

import os
import stat
from abc import abstractmethod
from io import FileIO
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.closing import Closing
from repoview.core.errors import SourceClosed, SourceError, reason_of
from repoview.core.formats.accounts import is_handle, where_to_fetch
from repoview.core.storage.positional_file import PositionalFile

if TYPE_CHECKING:
    from collections.abc import Callable


class Source(Closing):
    """Bytes that can be read at any offset, until closed.

    Args:
        name: Its name in errors and views; for a file, the path as given.
        size: Bytes of the CAR, unpacked. Of a stream, those that have come so
            far.
    """

    packed: str | None = None
    """The format that it is unpacked from: "gzip", "zstd"; None for none."""

    fault: str | None = None
    """The error of unpacking, if the bytes end because of one."""

    held: bytes | None = None
    """All its bytes, if they are in memory in one piece."""

    handle: tuple[int, int, int] | None = None
    """Of an open file: its descriptor, device and inode."""

    path: str | None = None
    """The path of the file with these bytes, as given; None if it is packed, not
    a regular file, or opened without a path."""

    ended: bool = True
    """Whether `size` is final."""

    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self.size = size

    def hold(self) -> None:
        """Keep a small file in memory until `let_go`; nothing of others.

        It is read again and again while it is verified.
        """

    def let_go(self) -> None:
        """Read from the file again, as it is by then."""

    @property
    def expected(self) -> int:
        """The final size, if it is known or can be estimated, else 0."""
        return self.size

    @property
    def memory_used(self) -> int:
        """Bytes held in memory that could be on disk."""
        return 0

    @property
    def disk_used(self) -> int:
        """Bytes in temporary files."""
        return 0

    def spill(self, folder: Callable[[], str]) -> None:
        """Move the bytes in memory to a file in *folder*, if that saves any."""
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
        """Return whether the bytes may have changed since it was opened."""

    @abstractmethod
    def close(self) -> None:
        """Free the bytes; closing twice is fine."""


class MemorySource(Source):
    """Bytes in memory."""

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
            raise SourceClosed(f"{self.name} was closed")
        return bytes(self._data[offset : offset + length])

    def changed(self) -> bool:
        """Return False: these bytes are private."""
        return False

    def close(self) -> None:
        """Free the bytes."""
        self._data = self.held = None


_SMALL: Final = 512 * limits.KiB
"""Bytes of a file that is held."""


class FileSource(Source):
    """A regular file, read with pread."""

    def __init__(self, name: str, file: FileIO, status: os.stat_result) -> None:
        super().__init__(name, status.st_size)
        self._file = file
        self._placed = PositionalFile(file)
        self.handle = file.fileno(), status.st_dev, status.st_ino
        self._opened = status.st_size, status.st_mtime_ns

    def hold(self) -> None:
        """Keep the file in memory until `let_go`, if it is small."""
        if self.size <= _SMALL:
            held = self.read_at(0, self.size)
            # One that became shorter is read piece by piece, and found out.
            self.held = held if len(held) == self.size else None

    def let_go(self) -> None:
        """Read from the file again, as it is by then."""
        self.held = None

    def read_at(self, offset: int, length: int) -> bytes:
        """Return the bytes there, as the file has them now, unless it is held."""
        # Taken once: another thread may let go of it meanwhile.
        held = self.held
        if held is not None:
            return held[offset : offset + length]
        # A read beyond the end would allocate memory for bytes that never come.
        length = min(length, self.size - offset)
        try:
            return self._placed.read_at(offset, length)
        except ValueError:
            raise SourceClosed(f"{self.name} was closed") from None
        except OSError as error:
            raise SourceError(f"cannot read {self.name}: {reason_of(error)}") from error

    def changed(self) -> bool:
        """Return whether size or modification time have changed since opening."""
        status = os.fstat(self._file.fileno())
        return (status.st_size, status.st_mtime_ns) != self._opened

    def close(self) -> None:
        """Close the file."""
        self.handle = self.held = None
        self._file.close()


def open_file(path: str) -> FileSource | FileIO:
    """Open a file: a source if it is a regular one, else the open file.

    Raises:
        SourceError: There is no such file, or it cannot be read.
    """
    try:
        file = FileIO(path, "rb", opener=_open_at_once)
    except FileNotFoundError:
        name = path or "''"
        raise SourceError(f"there is no file {name}: {_missing_hint(path)}") from None
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


_OTHER_ADDRESS: Final = "of addresses, only http:// and https:// are opened"


def _missing_hint(path: str) -> str:
    if (advice := where_to_fetch(path)) is None:
        scheme, is_address, _ = path.partition("://")
        return _OTHER_ADDRESS if is_address and scheme.isalnum() else "check the name"
    if not is_handle(path.removeprefix("@")):
        return f"live accounts are not fetched; {advice}"
    return f"check the name; if it is a handle, {advice}"


def _directory(path: str) -> str:
    return f"{path} is a directory: name the CAR file in it"
