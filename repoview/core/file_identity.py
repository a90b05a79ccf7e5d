"""The identity of a file: its metadata and a hash of samples of its bytes.

An `Identity` is made in about a millisecond, whatever the size of the file:
size, times and inode, and a hash of its head, its tail and some blocks between
them. It validates cache entries. It is no proof: a byte between the samples
can be changed and the clock be put back, so a block is hashed again when it is
shown.
"""

from __future__ import annotations

import os
import stat
from hashlib import blake2b
from io import FileIO
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.errors import SourceError, reason_of
from repoview.core.frozen import frozen
from repoview.core.storage.positional_file import PositionalFile

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDS: Final = 64 * limits.KiB
"""Bytes hashed of the head, and of the tail: the header and the commit are in
one of them, and a file that grew or was cut differs in the other."""

SAMPLES: Final = 16
SAMPLE: Final = 4 * limits.KiB
"""Blocks hashed between head and tail, and the bytes of each."""


@frozen
class Identity:
    """A file as it was at one time; equal to another if nothing is seen to differ."""

    path: str
    """Absolute, without symbolic links: what the file is found again by."""

    size: int
    """Its bytes."""

    mtime_ns: int
    ctime_ns: int
    """mtime and ctime: of its bytes, and of its metadata. Programs can set back
    the first, but not the second."""

    device: int
    inode: int

    sample: bytes
    """Hash of its head, its tail, and blocks between them; 16 bytes."""

    def matches(self, status: os.stat_result) -> bool:
        """Tell whether a file with this status may be this one, without reading it."""
        return _numbers(status) == (
            self.size,
            self.mtime_ns,
            self.ctime_ns,
            self.device,
            self.inode,
        )


def identify(path: str | os.PathLike[str], fd: int | None = None) -> Identity:
    """Return what the file at *path* is now.

    Make one before the file is read and one after: what was read goes for
    either if they are equal. Reads at most 192 KiB.

    Args:
        path: Where it is.
        fd: The file as it was opened, if it was: then nothing is opened again,
            and the answer is about that file even if another took its place.
            Without pread (Windows) the place that it is read from moves.

    Raises:
        SourceError: It is not there, cannot be read, or is no regular file.
    """
    try:
        if fd is not None:
            return _identity(os.path.realpath(path), fd)
        fd = os.open(path, _FLAGS)
        try:
            return _identity(os.path.realpath(path), fd)
        finally:
            os.close(fd)
    except (OSError, ValueError) as error:
        raise SourceError(f"cannot read {path}: {reason_of(error)}") from error


# To open a named pipe would block until it has a writer.
_FLAGS: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def _identity(path: str, fd: int) -> Identity:
    status = os.fstat(fd)
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(f"{path} is not a regular file")
    digest = blake2b(digest_size=16)
    file = PositionalFile(FileIO(fd, closefd=False))
    for offset, length in _places(status.st_size):
        digest.update(file.read_at(offset, length))
    return Identity(path, *_numbers(status), digest.digest())


def _numbers(status: os.stat_result) -> tuple[int, int, int, int, int]:
    return (
        status.st_size,
        status.st_mtime_ns,
        status.st_ctime_ns,
        status.st_dev,
        status.st_ino,
    )


def _places(size: int) -> Iterator[tuple[int, int]]:
    """Yield offset and length of what is hashed of a file of *size* bytes."""
    if size <= 2 * ENDS + SAMPLES * SAMPLE:
        yield 0, size
        return
    yield 0, ENDS
    between = size - 2 * ENDS
    middle = (between // SAMPLES - SAMPLE) // 2
    for number in range(SAMPLES):
        yield ENDS + between * number // SAMPLES + middle, SAMPLE
    yield size - ENDS, ENDS
