"""Open a path, an address, bytes, a pipe or an open file.

Packings are recognized by content, never by name.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterable
from itertools import chain
from typing import IO, TYPE_CHECKING, Final, TypeAlias

from repoview.core import limits
from repoview.core.errors import Left, SourceError
from repoview.core.source.cancel import CAN_BE_WOKEN, Cancel, Waiting, pieces_of
from repoview.core.source.decompress import packing_of, unpacked
from repoview.core.source.source import FileSource, MemorySource, Source, open_file
from repoview.core.source.spool import Folder, Spool
from repoview.core.source.stream import StreamSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.source.deadline import Deadline

Target: TypeAlias = "str | os.PathLike[str] | bytes | IO[bytes] | Iterable[bytes]"
"""What can be opened: a path or an ``http(s)://`` address, bytes, a file object
open for reading bytes, or anything that gives bytes piece by piece."""

_PIECE: Final = 256 * limits.KiB
"""Packed bytes read at a time."""

_URLS: Final = ("http://", "https://")


def is_address(source: str) -> bool:
    """Tell whether a source is an address, and no path."""
    return source.startswith(_URLS)


def open_source(
    target: Target,
    *,
    name: str | None = None,
    folder: Folder | None = None,
    cancel: Cancel | None = None,
    deadline: Deadline | None = None,
) -> Source:
    """Open *target* for random access.

    What can be read only once, or is packed, is spooled while it is read.

    Args:
        target: See `Target`. A file object is read from its current position,
            and is not closed.
        name: Its name in errors and views, if it has none of its own.
        folder: Of temporary files for what does not fit in memory; None to hold
            all in memory.
        cancel: Cancels the wait for bytes.
        deadline: The end of the time that the reading may take. Bytes that have
            come by then can be read.

    Raises:
        SourceError: It is not there, or cannot be read.
    """
    waiting = Waiting(cancel, deadline)
    if isinstance(target, bytes):
        return _unpack(MemorySource(name or "memory", target), folder, waiting)
    if isinstance(target, (str, os.PathLike)):
        path = os.fspath(target)
        if is_address(path):
            return _open_address(path, folder, waiting)
        opened = open_file(path)
        if isinstance(opened, FileSource):
            return _unpack(opened, folder, waiting)
        return _open_pipe(opened.fileno(), path, folder, waiting, opened.close)
    if isinstance(target, Iterable) and not hasattr(target, "read"):
        return _stream(name or "stream", iter(target), folder)
    if hasattr(target, "read"):
        return _open_object(target, name, folder, waiting)  # type: ignore[arg-type]  # as far as can be told
    raise TypeError(f"{type(target).__name__} is nothing that can be opened")


def _open_object(
    file: IO[bytes], name: str | None, folder: Folder | None, waiting: Waiting
) -> Source:
    """Open a file object, by its descriptor where it is a plain one."""
    given = getattr(file, "name", None)
    name = name or (given if isinstance(given, str) else "stream")
    raw = getattr(file, "raw", file)
    if not isinstance(raw, io.FileIO):
        # Others do more than read the descriptor, or have none.
        return _stream(name, _read_all(file, waiting.cancel), folder)
    descriptor = raw.fileno()
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode):
        if file.tell() != 0:
            return _stream(name, _read_all(file, waiting.cancel), folder)
        own = io.FileIO(os.dup(descriptor))
        return _unpack(FileSource(name, own, status), folder, waiting)
    if os.isatty(descriptor):
        raise SourceError(f"{name} is a terminal: pipe a CAR into it, or name a file")
    return _open_pipe(descriptor, name, folder, waiting)


def _open_pipe(
    descriptor: int,
    name: str,
    folder: Folder | None,
    waiting: Waiting,
    close: Callable[[], None] | None = None,
) -> Source:
    pieces = pieces_of(descriptor, name, waiting)
    return _stream(name, pieces, folder, close, waiting if CAN_BE_WOKEN else None)


def _open_address(url: str, folder: Folder | None, waiting: Waiting) -> Source:
    from repoview.core.source.fetch import fetch  # noqa: PLC0415 (few need it, and it is large)

    body = fetch(url, cancel=waiting.cancel, deadline=waiting.deadline)
    return _stream(url, body, folder, body.close)


def _read_all(file: IO[bytes], cancel: Cancel | None) -> Iterator[bytes]:
    while True:
        if cancel is not None:
            cancel.check()
        piece = file.read(_PIECE)
        if not isinstance(piece, bytes):
            raise SourceError(f"{file!r} does not give bytes: open it in mode 'rb'")
        if not piece:
            return
        yield piece


_HEAD: Final = 16
"""Bytes by which a packing is recognized."""


def _unpack(source: Source, folder: Folder | None, waiting: Waiting) -> Source:
    """Return *source*, or if it is packed, a source of its unpacked bytes."""
    try:
        packing = packing_of(source.read_at(0, _HEAD))
        if packing is None:
            return source
        pieces = _Plain(_all_of(source), source.size)
        return _unpacking(source.name, pieces, packing, folder, source.close, waiting)
    except BaseException:
        source.close()
        raise


def _all_of(source: Source) -> Iterator[bytes]:
    offset = 0
    while piece := source.read_at(offset, _PIECE):
        offset += len(piece)
        yield piece


def _stream(
    name: str,
    pieces: Iterator[bytes],
    folder: Folder | None,
    close: Callable[[], None] | None = None,
    waiting: Waiting | None = None,
) -> Source:
    """Return a source of *pieces*, unpacked if they are packed."""
    try:
        head, rest = b"", pieces
        try:
            while len(head) < _HEAD and (piece := next(pieces, None)) is not None:
                head += piece
        except Left as error:
            # Whoever reads it learns that nothing more comes.
            rest = _raising(error)
        plain = _Plain(chain([head] if head else [], rest), _total(pieces))
        packing = packing_of(head)
        if packing is not None:
            return _unpacking(name, plain, packing, folder, close, waiting)
        return StreamSource(name, plain, Spool(folder), close, waiting)
    except BaseException:
        if waiting is not None:
            waiting.close()
        if close is not None:
            close()
        raise


def _raising(error: Left) -> Iterator[bytes]:
    """Return an iterator that raises an error at once."""
    raise error
    yield b""


def _total(pieces: Iterator[bytes]) -> int:
    """Return the size that *pieces* declare, else 0."""
    total = getattr(pieces, "total", None)
    return int(total) if total else 0


def _unpacking(
    name: str,
    pieces: _Plain,
    packing: str,
    folder: Folder | None,
    close: Callable[[], None] | None,
    waiting: Waiting | None,
) -> Source:
    inner = _Unpacking(pieces, packing)
    source = StreamSource(name, inner, Spool(folder), close, waiting)
    source.packed = packing
    return source


class _Plain:
    """An iterator of bytes, piece by piece, with their expected size."""

    def __init__(self, pieces: Iterator[bytes], expected: int) -> None:
        self.expected = expected
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._pieces)


class _Unpacking:
    """An iterator of unpacked bytes, piece by piece, with their expected size."""

    def __init__(self, pieces: _Plain, packing: str) -> None:
        self._packed = pieces.expected
        self._given = 0
        self._unpacked = unpacked(pieces, packing)

    @property
    def expected(self) -> int:
        """The expected size, at the compression ratio so far."""
        taken = self._unpacked.taken
        return self._given * self._packed // taken if taken else 0

    @property
    def fault(self) -> str | None:
        """Why the bytes ended too early."""
        return self._unpacked.fault

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        piece = next(self._unpacked)
        self._given += len(piece)
        return piece
