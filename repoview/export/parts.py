"""Files that are being written beside the ones they will become.

Each is locked for as long as somebody writes it. So whoever writes a file of
the same name next can tell one that a killed process left, and removes it.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Final

try:
    import fcntl
except ImportError:  # pragma: no cover (Windows has no such locks)
    fcntl = None  # type: ignore[assignment]  # looked at before use

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

CAN_LOCK: Final = fcntl is not None
"""Whether this system tells which of them are still being written."""

_NAME_BYTES: Final = 200
"""Of the name that it will have: with what is added, file systems take 255."""

_TOKEN: Final = 4
_being_written: set[Path] = set()
"""Those of this process."""


def create(path: Path) -> tuple[Path, BinaryIO]:
    """Make and open a new file beside *path*, locked until it is closed.

    Raises:
        OSError: The machine cannot.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        beside = path.with_name(f"{_stem(path)}{secrets.token_hex(_TOKEN)}.part")
        descriptor = os.open(beside, flags, 0o666)
        _being_written.add(beside)
        _lock(descriptor, wait=True)
        if fcntl is None or os.fstat(descriptor).st_nlink:
            return beside, os.fdopen(descriptor, "wb", buffering=1 << 20)
        # Somebody took it for dead before it was locked.
        os.close(descriptor)
        _being_written.discard(beside)


def remove(beside: Path) -> None:
    """Remove one, if it is still there."""
    with suppress(OSError):
        beside.unlink(missing_ok=True)
    _being_written.discard(beside)


def remove_all() -> None:
    """Remove those that this process was still writing when it was to end."""
    for beside in list(_being_written):
        remove(beside)


def remove_dead(path: Path) -> None:
    """Remove what killed processes left of files of this name."""
    if fcntl is None:
        # Nobody could tell that no one writes it any more.
        return
    form = re.compile(re.escape(_stem(path)) + f"[0-9a-f]{{{2 * _TOKEN}}}\\.part")
    with suppress(OSError):
        for name in os.listdir(path.parent):  # noqa: PTH208 (names are all it takes)
            if form.fullmatch(name):
                _remove_if_dead(path.with_name(name))


def _remove_if_dead(beside: Path) -> None:
    with suppress(OSError):
        descriptor = os.open(beside, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            is_plain = stat.S_ISREG(os.fstat(descriptor).st_mode)
            if is_plain and _lock(descriptor, wait=False):
                beside.unlink()
        finally:
            os.close(descriptor)


def _lock(descriptor: int, *, wait: bool) -> bool:
    """Lock a file; tell whether that was possible."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        # Somebody has it, or the file system knows no locks.
        return False
    return True


def _stem(path: Path) -> str:
    """Return what the names of files beside *path* begin with."""
    name = os.fsencode(path.name)[:_NAME_BYTES].decode(errors="ignore")
    return f".{name}."
