"""The bytes of a target with their hash: what is known of a file before it is read.

A local file is read in place, and its hash is of the same open file. Everything else
(a URL, a pipe, bytes of any kind) is read once, into memory or a temporary file.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from repoview.core import limits
from repoview.core.errors import SourceError, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from repoview.core.source.opener import Target

_IN_MEMORY: Final = 16 * limits.MiB
"""Bytes of a file that is read at once; a larger one is read in place, or put into a
temporary file."""

_PIECE: Final = 1 * limits.MiB
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*(?:::|://)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Hashed:
    """What can be opened, and the hash of its bytes."""

    target: bytes | IO[bytes]
    sha256: str
    size: int


def is_url(source: str) -> bool:
    """Tell whether a source is a URL, and no path."""
    return _URL.match(source) is not None


@contextmanager
def hashed(target: Target) -> Iterator[Hashed]:
    """Give the bytes of a target as something to open, and their hash.

    Args:
        target: A path, a URL of any file system that fsspec has, bytes, a file open
            for reading, or pieces of bytes.

    Raises:
        SourceError: It cannot be read; or it was changed in the meantime.
    """
    name = os.fspath(target) if isinstance(target, str | os.PathLike) else "it"
    with ExitStack() as stack:
        try:
            known = _known(target, stack)
        except (OSError, ValueError) as error:
            reason = reason_of(error) if isinstance(error, OSError) else str(error)
            raise SourceError(f"cannot read {name}: {reason}") from error
        yield known


def _known(target: Target, stack: ExitStack) -> Hashed:
    """Return what `hashed` gives; what it opens is closed with *stack*."""
    if isinstance(target, bytes):
        return Hashed(target, sha256(target).hexdigest(), len(target))
    if not isinstance(target, str | os.PathLike):
        return _kept(_pieces(target), stack)
    path = os.fspath(target)
    if is_url(path):
        return _kept(_pieces(stack.enter_context(opened_url(path))), stack)
    return _of_file(stack.enter_context(Path(path).open("rb")), stack)


@contextmanager
def opened_url(url: str) -> Iterator[IO[bytes]]:
    """Give a file of any file system, open for reading.

    Raises:
        SourceError: fsspec, or what it needs for this file system, is not installed;
            or the store refuses.
    """
    try:
        file = fsspec().open(url, "rb").open()
    except (ImportError, ValueError) as error:
        raise SourceError(f"cannot read {url}: {error}") from error
    with file:
        yield file


def fsspec() -> Any:  # noqa: ANN401 (fsspec has no types)
    """Return the module.

    Raises:
        SourceError: It is not installed.
    """
    try:
        return import_module("fsspec")
    except ImportError as error:
        hint = "pip install 'atproto-repoview[cluster]'"
        raise SourceError(f"object stores are read by fsspec: {hint}") from error


def _of_file(file: IO[bytes], stack: ExitStack) -> Hashed:
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        return _kept(_pieces(file), stack)
    if status.st_size <= _IN_MEMORY:
        data = file.read()
        return Hashed(data, sha256(data).hexdigest(), len(data))
    known, size = sha256(), 0
    for piece in _pieces(file):
        known.update(piece)
        size += len(piece)
    file.seek(0)
    stack.callback(_refuse_change, file, (size, status.st_mtime_ns))
    _refuse_change(file, (size, status.st_mtime_ns))
    return Hashed(file, known.hexdigest(), size)


def _refuse_change(file: IO[bytes], version: tuple[int, int]) -> None:
    """Refuse a file that was written to since it was hashed."""
    status = os.fstat(file.fileno())
    if (status.st_size, status.st_mtime_ns) != version:
        raise SourceError("the file was changed while it was read")


def _kept(pieces: Iterable[bytes], stack: ExitStack) -> Hashed:
    """Return pieces as something to open: in memory, or in a temporary file."""
    known, size, held = sha256(), 0, []
    rest = iter(pieces)
    for piece in rest:
        known.update(piece)
        size += len(piece)
        held.append(piece)
        if size > _IN_MEMORY:
            break
    else:
        return Hashed(b"".join(held), known.hexdigest(), size)
    file: IO[bytes] = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 (the stack closes it)
    file.writelines(held)
    held.clear()
    for piece in rest:
        known.update(piece)
        size += len(piece)
        file.write(piece)
    file.flush()
    file.seek(0)
    return Hashed(file, known.hexdigest(), size)


def _pieces(target: Any) -> Iterator[bytes]:  # noqa: ANN401 (a file, or an iterable)
    if not hasattr(target, "read"):
        yield from target
        return
    while piece := target.read(_PIECE):
        yield piece
