"""Where bytes come from: a file, or bytes in memory.

A source can be read at any offset, any number of times. Files are read with
pread and never mapped: a file that is cut while it is open gives short reads,
where a map would end the process. What is packed with gzip is known by its
content and unpacked into memory, so that offsets always count the bytes of the
CAR itself.
"""

from __future__ import annotations

import os
import stat
import threading
import zlib
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.errors import LimitExceeded, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from io import FileIO
    from types import TracebackType
    from typing import Self

_GZIP: Final = b"\x1f\x8b\x08"
_GZIP_PIECE: Final = 16 * limits.KiB
"""Packed bytes unpacked at a time, which give 16 MiB at most."""

_HAS_PREAD = hasattr(os, "pread")


class Source(ABC):
    """Bytes that can be read at any offset, until closed.

    Args:
        name: What people call it; for a file, the path that was given.
        size: Bytes of the CAR, as they are read: unpacked.
    """

    packed: str | None = None
    """The packing that was undone: "gzip"; None for none."""

    fault: str | None = None
    """What was wrong with the packing, if its bytes end because of it."""

    held: bytes | None = None
    """All its bytes, where they are held in memory as such."""

    handle: tuple[int, int, int] | None = None
    """Of an open file: its number here, and its device and inode."""

    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self.size = size

    @abstractmethod
    def read_at(self, offset: int, length: int) -> bytes:
        """Return *length* bytes from *offset*, fewer where the bytes end.

        Raises:
            SourceError: The machine cannot read them, or the source is closed.
        """

    @abstractmethod
    def changed(self) -> bool:
        """Tell whether the bytes may be others than when it was opened."""

    @abstractmethod
    def close(self) -> None:
        """Let the bytes go; closing twice is fine."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


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
        """Return False: nobody else has these bytes."""
        return False

    def close(self) -> None:
        """Let the bytes go."""
        self._data = self.held = None


class FileSource(Source):
    """A regular file, read with pread."""

    def __init__(self, name: str, file: FileIO, facts: os.stat_result) -> None:
        super().__init__(name, facts.st_size)
        self._file = file
        self.handle = file.fileno(), facts.st_dev, facts.st_ino
        self._opened = facts.st_size, facts.st_mtime_ns
        self._lock = threading.Lock()

    def read_at(self, offset: int, length: int) -> bytes:
        """Return the bytes there, as the file has them now."""
        # Asking beyond the end would make room for bytes that never come.
        length = min(length, self.size - offset)
        parts = []
        try:
            while length > 0 and (part := self._read_some(offset, length)):
                parts.append(part)
                offset += len(part)
                length -= len(part)
        except ValueError:
            raise SourceError(f"{self.name} was closed") from None
        except OSError as error:
            raise SourceError(f"cannot read {self.name}: {_reason(error)}") from error
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _read_some(self, offset: int, length: int) -> bytes:
        if _HAS_PREAD:
            return os.pread(self._file.fileno(), length, offset)
        with self._lock:
            self._file.seek(offset)
            return self._file.read(length) or b""

    def changed(self) -> bool:
        """Tell whether size or time of change are others than at opening."""
        facts = os.fstat(self._file.fileno())
        return (facts.st_size, facts.st_mtime_ns) != self._opened

    def close(self) -> None:
        """Close the file."""
        self.handle = None
        self._file.close()


def open_source(target: str | os.PathLike[str] | bytes) -> Source:
    """Open a file by its path, or bytes as they are; gzip is unpacked.

    Raises:
        SourceError: There is no such file, or it cannot be read.
        LimitExceeded: It unpacks to more than `limits.MAX_UNPACKED`.
    """
    if isinstance(target, bytes):
        if not target.startswith(_GZIP):
            return MemorySource("memory", target)
        starts = range(0, len(target), _GZIP_PIECE)
        pieces = (target[start : start + _GZIP_PIECE] for start in starts)
        return _unpacked("memory", pieces)
    source = _open_file(os.fspath(target))
    try:
        if source.read_at(0, len(_GZIP)) != _GZIP:
            return source
        unpacked = _unpacked(source.name, _pieces(source))
    except BaseException:
        source.close()
        raise
    source.close()
    return unpacked


def _open_file(path: str) -> FileSource:
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
        raise SourceError(f"cannot open {path}: {_reason(error)}") from error
    facts = os.fstat(file.fileno())
    if not stat.S_ISREG(facts.st_mode):
        file.close()
        text = f"{path} is not a regular file: save its bytes to one and open that"
        raise SourceError(text)
    return FileSource(path, file, facts)


def _open_at_once(path: str, flags: int) -> int:
    """Open without waiting: a named pipe nobody writes to would hold us."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _missing_hint(path: str) -> str:
    if path == "-":
        return "standard input cannot be read, save it to a file and open that"
    if path.startswith(("http://", "https://", "at://")):
        return "nothing is fetched from the network, save the CAR to a file first"
    return "check the name"


def _directory(path: str) -> str:
    return f"{path} is a directory: name the CAR file in it"


def _reason(error: Exception) -> str:
    """Return why the machine refused, in its words and without its numbers."""
    text = getattr(error, "strerror", None) or str(error)
    return text[:1].lower() + text[1:]


def _pieces(source: Source) -> Iterator[bytes]:
    offset = 0
    while piece := source.read_at(offset, _GZIP_PIECE):
        offset += len(piece)
        yield piece


def _unpacked(name: str, pieces: Iterable[bytes]) -> MemorySource:
    """Return what gzip *pieces* hold, as far as they can be unpacked."""
    gunzip = _Gunzip()
    for piece in pieces:
        gunzip.feed(piece)
        if len(gunzip.out) > limits.MAX_UNPACKED:
            raise LimitExceeded(
                f"{name} unpacks to more than {limits.MAX_UNPACKED:,} bytes, too "
                "many to hold: unpack it (gunzip -k FILE) and open what comes out"
            )
        if gunzip.fault is not None:
            break
    gunzip.finish()
    return MemorySource(name, gunzip.out, packed="gzip", fault=gunzip.fault)


class _Gunzip:
    """Unpacks gzip members, one behind the other, into `out`."""

    def __init__(self) -> None:
        self.out = bytearray()
        self.fault: str | None = None
        self._members = 0
        self._member = zlib.decompressobj(wbits=31)
        self._begun = False
        """Whether bytes of this member were fed."""

    def feed(self, piece: bytes) -> None:
        """Unpack the next packed bytes; sets `fault` where that ends."""
        while piece:
            if not self._begun and self._members:
                # Tapes and block devices pad with zeros.
                piece = piece.lstrip(b"\0")
                if not piece:
                    return
            before = self._member.copy()
            self._begun = True
            try:
                self.out += self._member.decompress(piece)
            except zlib.error:
                self._unpack_rest(before, piece)
                return
            if not self._member.eof:
                return
            piece = self._member.unused_data
            self._next_member()
            if self.fault is not None:
                return

    def _unpack_rest(self, member: zlib._Decompress, piece: bytes) -> None:
        """Unpack what stands before the damage, byte by byte."""
        size = len(self.out)
        with suppress(zlib.error):
            for byte in piece:
                self.out += member.decompress(bytes((byte,)))
        if self._members and len(self.out) == size:
            self.fault = "bytes that are not gzip follow the packed CAR"
        else:
            self.fault = f"the gzip packing is damaged after {len(self.out):,} bytes"

    def _next_member(self) -> None:
        self._members += 1
        self._member = zlib.decompressobj(wbits=31)
        self._begun = False
        if self._members > limits.MAX_MEMBERS:
            self.fault = f"the gzip packing has over {limits.MAX_MEMBERS:,} members"

    def finish(self) -> None:
        """Take note that no packed bytes follow."""
        if self.fault is None and self._begun:
            self.fault = f"the gzip packing is cut off after {len(self.out):,} bytes"
