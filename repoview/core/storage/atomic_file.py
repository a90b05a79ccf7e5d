"""Atomic writes: a temporary name, then a rename, so no file is ever partial.

A file is locked (``flock``) while it is written, so that one left by a killed
process can be told from one that another process still writes. The unfinished
files of this process are registered, to be removed if a signal ends it. Syncing
is up to the caller.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from repoview.core.closing import Closing

try:
    import fcntl
except ImportError:  # pragma: no cover (Windows has no such locks)
    fcntl = None  # type: ignore[assignment]  # looked at before use

from repoview.core.storage.small_file import SAFE_FLAGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

HAS_LOCKS: Final = fcntl is not None
"""Whether this system has locks. Windows has none, and neither renames nor
removes a file that is open."""

ENDING: Final = "[0-9a-f]{32}\\.part"
"""What the name of an unfinished file ends with, as a regular expression."""

_TOKEN: Final = 16
"""Bytes of the random part of a name, enough to be unique."""

_BUFFER: Final = 1 << 20
_OLD_SECONDS: Final = 24 * 3600

_unfinished: set[Path] = set()
"""The unfinished files of this process."""

_unfinished_folders: set[Path] = set()
"""Its unfinished folders; see `atomic_folder`."""


class AtomicFile(Closing):
    """A new, empty file, which is removed when closed unless it was renamed.

    Args:
        folder: Where it is written; its final name is in the same file system.
        begin: What its temporary name begins with.
        mode: Its permissions, before the umask is applied.

    Raises:
        OSError: It cannot be made.
        ValueError: The name is not valid for a file.
    """

    def __init__(self, folder: Path, begin: str = "", mode: int = 0o600) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | SAFE_FLAGS
        while True:
            self.path = folder / f"{begin}{secrets.token_hex(_TOKEN)}.part"
            # Registered first, for a signal may come before it is made.
            _unfinished.add(self.path)
            try:
                self.fd = os.open(self.path, flags, mode)
            except (OSError, ValueError):
                _unfinished.discard(self.path)
                raise
            if self._is_locked():
                return
            # Another process removed it as left over before it was locked.
            os.close(self.fd)
            _unfinished.discard(self.path)

    def _is_locked(self) -> bool:
        if not HAS_LOCKS:
            return True
        # Some file systems have no locks.
        with suppress(OSError):
            # Another process holds the lock only to remove the file.
            lock(self.fd, wait=True)
        return os.fstat(self.fd).st_nlink > 0

    @property
    def size(self) -> int:
        """The bytes written so far."""
        return self.path.lstat().st_size

    def writer(self) -> BinaryIO:
        """Return a buffered writer (1 MiB); closing it only flushes."""
        return os.fdopen(self.fd, "wb", buffering=_BUFFER, closefd=False)

    def become(self, target: Path) -> None:
        """Rename it to *target*, replacing an existing file.

        Raises:
            OSError: Renaming failed.
        """
        if not HAS_LOCKS:
            self._release()
        self.path.replace(target)

    def become_new(self, target: Path) -> None:
        """Rename it to *target*, unless that exists.

        Raises:
            FileExistsError: It exists.
            OSError: Renaming failed.
        """
        try:
            # Unlike a rename, making a link fails if the name exists.
            os.link(self.path, target)
        except FileExistsError:
            raise
        except OSError:
            # Some file systems have no hard links.
            if os.path.lexists(target):
                text = os.strerror(errno.EEXIST)
                raise FileExistsError(errno.EEXIST, text, str(target)) from None
            self.become(target)

    def close(self) -> None:
        """Remove it unless it was renamed; closing twice is fine."""
        if not HAS_LOCKS:
            self._release()
        _remove(self.path)
        self._release()

    def _release(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


def remove_unfinished() -> None:
    """Remove the unfinished files and folders of this process, before it ends."""
    for path in list(_unfinished):
        _remove(path)
    for path in list(_unfinished_folders):
        shutil.rmtree(path, ignore_errors=True)
        forget_folder(path)


def note_folder(path: Path) -> None:
    """Register an unfinished folder."""
    _unfinished_folders.add(path)


def forget_folder(path: Path) -> None:
    """Take a folder back that is finished, or was removed."""
    _unfinished_folders.discard(path)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
    _unfinished.discard(path)


@contextmanager
def claimed(path: Path) -> Iterator[bool | None]:
    """Yield whether an unfinished file was left over, and may be removed.

    True if it has no writer, and can have none before the block ends; False if
    it has one. None if that is unknown: it is no regular file, or cannot be
    opened or locked.
    """
    fd = _opened(path)
    if fd is None:
        yield None
        return
    try:
        yield _is_free(fd)
    finally:
        os.close(fd)


def _opened(path: Path) -> int | None:
    if HAS_LOCKS:
        with suppress(OSError):
            return os.open(path, os.O_RDWR | SAFE_FLAGS)
    return None


def _is_free(fd: int) -> bool | None:
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        return None
    try:
        lock(fd, wait=False)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def is_old(status: os.stat_result) -> bool:
    """Return whether an unfinished file has not been written for a day.

    Where there are no locks, such a file counts as left over.
    """
    return time.time() - status.st_mtime > _OLD_SECONDS


def lock(fd: int, *, wait: bool) -> None:
    """Lock a file against all other descriptors of it, until this one is closed.

    Raises:
        BlockingIOError: It is locked, and this should not wait.
        OSError: Files cannot be locked here.
    """
    fcntl.flock(fd, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
