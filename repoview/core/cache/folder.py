"""The folder of the cache: private, bounded, and swept.

It holds entries (``*.sqlite``), unfinished ones (``*.part``, see `atomic_file`)
and a key (see `key`). Links are not followed, pipes not waited for, and only
files with names of the cache are removed: the user may have named a folder that
holds other things.
"""

from __future__ import annotations

import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from repoview.core.cache.errors import CacheUnavailable
from repoview.core.errors import reason_of
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


@dataclass(frozen=True, slots=True)
class File:
    """An entry's file, unread."""

    name: str
    size: int
    """Its bytes."""

    used_ns: int
    """When it was written or last opened, in nanoseconds since 1970."""


def default_folder() -> Path:
    """Return the folder for caches of this user, which may not be there yet.

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

    It need not be there: it is made when something is first written.

    Args:
        path: Where it is.

    Raises:
        CacheUnavailable: It is there, and somebody else may write to it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._check()

    def _check(self) -> bool:
        """Tell whether the folder is there; refuse one that is not private."""
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
        """Make the folder if it is not there.

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
        """Return a file to write; it takes one of the folder's names when whole.

        Raises:
            CacheUnavailable: No file can be made here.
        """
        try:
            return AtomicFile(self.path)
        except (OSError, ValueError) as error:
            raise self.unavailable(error) from error

    def unavailable(self, error: Exception) -> CacheUnavailable:
        """Return the sentence for what the machine refused."""
        return CacheUnavailable(f"nothing is cached in {self.path}: {reason_of(error)}")

    def files(self) -> list[File]:
        """Return the entries' files, unread, the one not used longest first."""
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
                        # Not the item's own status: Windows has old ones there.
                        found.append((item.name, os.lstat(item.path)))
        return found

    def status(self, name: str) -> os.stat_result | None:
        """Return what is known of a file that only we could have written.

        None for one that is not there, or is anything else: a link, a folder,
        a pipe, a file of somebody else, or one that others may write to.
        """
        with suppress(OSError, ValueError):
            status = (self.path / name).lstat()
            if is_ours(status):
                return status
        return None

    def touch(self, name: str) -> None:
        """Note that an entry was used."""
        with suppress(OSError, NotImplementedError):
            os.utime(self.path / name, follow_symlinks=os.name == "nt")

    def remove(self, name: str, inode: int | None = None) -> bool:
        """Remove what has this name, and tell whether it is gone.

        Args:
            name: An entry's.
            inode: If given, nothing is removed unless it is that of the file:
                another process may have written a new one.
        """
        path = self.path / name
        try:
            status = path.lstat()
            if inode is not None and status.st_ino != inode:
                return False
            if stat.S_ISDIR(status.st_mode):
                # Never with what is in it: none of that is ours.
                path.rmdir()
            else:
                path.unlink()
        except FileNotFoundError:
            return True
        except (OSError, ValueError):
            return False
        return True

    def make_room(self, most: int, replaced: str = "") -> int:
        """Remove entries, those not used longest first, until *most* bytes are left.

        Args:
            most: Bytes of all entries together, of *replaced* not counted.
            replaced: The name of one that is about to be written anew.

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
        """Remove parts that nobody writes any more; return how many."""
        swept = 0
        for name, status in self._found(_PART):
            with claimed(self.path / name) as claim:
                is_left_over = _is_given_up(status) if claim is None else claim
                if is_left_over and self.remove(name, status.st_ino):
                    swept += 1
        return swept


def is_ours(status: os.stat_result) -> bool:
    """Tell whether a file is regular, ours, and written by nobody else."""
    if not stat.S_ISREG(status.st_mode):
        return False
    if not _HAS_OWNERS:
        return True
    return status.st_uid == os.geteuid() and not status.st_mode & _OTHERS_WRITE


def _is_given_up(status: os.stat_result) -> bool:
    """Tell whether a part that cannot be locked is removed all the same."""
    # Without locks (Windows), what somebody still writes cannot be removed.
    return not HAS_LOCKS or not stat.S_ISREG(status.st_mode) or is_old(status)
