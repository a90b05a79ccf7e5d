"""Reads small files that are not trusted: bounded, and regular files only."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Final

from repoview.core.errors import reason_of

if TYPE_CHECKING:
    from pathlib import Path

SAFE_FLAGS: Final = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)
"""Flags that follow no symbolic link, and do not block on a named pipe."""

MOST_BYTES: Final = 1 << 20
"""Bytes of a file at most, unless the caller gives a bound."""


class NotReadable(Exception):
    """A file exists but cannot be read or parsed; its text says why."""


def read_bytes(
    path: Path, most: int = MOST_BYTES, *, linked: bool = False
) -> bytes | None:
    """Return what a small file holds, None if there is none.

    Args:
        path: Of the file.
        most: How many bytes it may have.
        linked: Whether it may be a link to a file, as it is where a person has
            put it there.

    Raises:
        NotReadable: It is too large, no regular file, or cannot be read.
    """
    flags = SAFE_FLAGS & ~getattr(os, "O_NOFOLLOW", 0) if linked else SAFE_FLAGS
    try:
        fd = os.open(path, os.O_RDONLY | flags)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise NotReadable(reason_of(error)) from error
    try:
        with os.fdopen(fd, "rb") as file:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                raise NotReadable("it is not a regular file")
            data = file.read(most + 1)
    except OSError as error:
        raise NotReadable(reason_of(error)) from error
    if len(data) > most:
        raise NotReadable("it is too large")
    return data
