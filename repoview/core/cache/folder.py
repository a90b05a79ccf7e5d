"""The folder of the cache: private, bounded, with LRU eviction.

It contains entries (``*.sqlite``), unfinished ones (``*.part``, see
`atomic_file`) and a key (see `key`). Symbolic links are not followed, pipes do
not block, and only files with the cache's own names are removed: the user may
have chosen a folder with other files.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from repoview.core.cache.errors import CacheUnavailable
from repoview.core.errors import reason_of
from repoview.core.frozen import frozen
from repoview.core.storage.atomic_file import (
    ENDING,
    HAS_LOCKS,
    AtomicFile,
    claimed,
    is_old,
)
from repoview.folders import cache_folder

if TYPE_CHECKING:
    from pathlib import Path

_ENTRY: Final = re.compile(r"[0-9a-f]{32}\.sqlite")
_PART: Final = re.compile(ENDING)

_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_HAS_OWNERS: Final = hasattr(os, "geteuid")


@frozen
class File:
    """An entry's file, unread."""

    name: str
    size: int
    """Its bytes."""

    used_ns: int
    """When it was written or last opened, in nanoseconds since 1970."""


def default_folder() -> Path:
    """Return the user's folder for caches, which may not exist yet.

    Raises:
        CacheUnavailable: The user has no home.
    """
    path = cache_folder()
    if path is None:
        raise CacheUnavailable(
            "nothing is cached: there is no home folder; name one with --cache-dir"
        )
    return path


class Folder:
    """The folder of a cache.

    It is made by the first write.

    Args:
        path: Where it is.

    Raises:
        CacheUnavailable: It exists, and other users may write to it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._check()

    def _check(self) -> bool:
        """Return whether the folder exists; raise if it is not private."""
        try:
            link = self.path.lstat()
            status = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except (OSError, ValueError) as error:
            raise self.unavailable(error) from error
        if not stat.S_ISDIR(status.st_mode):
            raise CacheUnavailable(f"nothing is cached: {self.path} is not a folder")
        if not _HAS_OWNERS:
            return True
        if status.st_uid != os.geteuid() or link.st_uid not in {0, os.geteuid()}:
            raise CacheUnavailable(
                f"nothing is cached: {self.path} belongs to somebody else; "
                "name another folder with --cache-dir"
            )
        if status.st_mode & _OTHERS_WRITE:
            raise CacheUnavailable(
                f"nothing is cached: others may write to {self.path}; "
                "chmod 700 it, or name another folder with --cache-dir"
            )
        return True

    def make(self) -> None:
        """Make the folder if it does not exist.

        Raises:
            CacheUnavailable: It cannot be made, or is not private.
        """
        if self._check():
            return
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            raise self.unavailable(error) from error
        self._check()

    def new_part(self) -> AtomicFile:
        """Return a file to write, which is renamed when it is complete.

        Raises:
            CacheUnavailable: No file can be made here.
        """
        try:
            return AtomicFile(self.path)
        except (OSError, ValueError) as error:
            raise self.unavailable(error) from error

    def unavailable(self, error: Exception) -> CacheUnavailable:
        """Return the error to raise for an error of the system."""
        return CacheUnavailable(f"nothing is cached in {self.path}: {reason_of(error)}")

    def files(self) -> list[File]:
        """Return the entries' files, unread, least recently used first."""
        files = []
        for name, status in self._found(_ENTRY):
            files.append(File(name, status.st_size, status.st_mtime_ns))
        return sorted(files, key=lambda file: (file.used_ns, file.name))

    def _found(self, names: re.Pattern[str]) -> list[tuple[str, os.stat_result]]:
        found = []
        with suppress(OSError, ValueError), os.scandir(self.path) as items:
            for item in items:
                if names.fullmatch(item.name):
                    with suppress(OSError):
                        # Not the item's own status, which is outdated on Windows.
                        found.append((item.name, os.lstat(item.path)))
        return found

    def status(self, name: str) -> os.stat_result | None:
        """Return the status of a file that only this user can have written.

        None if it does not exist, or is a link, a folder, a pipe, a file of
        another user, or one that others may write to.
        """
        with suppress(OSError, ValueError):
            status = (self.path / name).lstat()
            if is_ours(status):
                return status
        return None

    def touch(self, name: str) -> None:
        """Set the time of last use of an entry."""
        with suppress(OSError, NotImplementedError):
            os.utime(self.path / name, follow_symlinks=os.name == "nt")

    def remove(self, name: str, inode: int | None = None) -> bool:
        """Remove the file of this name; return whether it is gone.

        Args:
            name: Of an entry.
            inode: If given, only a file with this inode is removed: another
                process may have written a new one.
        """
        path = self.path / name
        try:
            status = path.lstat()
            if inode is not None and status.st_ino != inode:
                return False
            if stat.S_ISDIR(status.st_mode):
                # Only an empty folder: its contents would not be ours.
                path.rmdir()
            else:
                path.unlink()
        except FileNotFoundError:
            return True
        except (OSError, ValueError):
            return False
        return True

    def make_room(self, most: int, replaced: str = "") -> int:
        """Remove the least recently used entries until *most* bytes are left.

        Args:
            most: Bytes of all entries together, without *replaced*.
            replaced: The name of one that is about to be replaced.

        Returns:
            Bytes removed.
        """
        files = [file for file in self.files() if file.name != replaced]
        total = before = sum(file.size for file in files)
        for file in files:
            if total <= most:
                break
            if self.remove(file.name):
                total -= file.size
        return before - total

    def sweep(self) -> int:
        """Remove unfinished entries without a writer; return how many."""
        swept = 0
        for name, status in self._found(_PART):
            with claimed(self.path / name) as claim:
                is_left_over = _is_given_up(status) if claim is None else claim
                if is_left_over and self.remove(name, status.st_ino):
                    swept += 1
        return swept


def is_ours(status: os.stat_result) -> bool:
    """Return whether a file is regular, ours, and not writable by others."""
    if not stat.S_ISREG(status.st_mode):
        return False
    if not _HAS_OWNERS:
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & _OTHERS_WRITE


def _is_given_up(status: os.stat_result) -> bool:
    """Return whether to remove an unfinished entry that cannot be locked."""
    # Without locks (Windows), a file that is being written cannot be removed.
    return not HAS_LOCKS or not stat.S_ISREG(status.st_mode) or is_old(status)
