"""The folder of the cache: private, bounded, and swept.

It holds entries (``*.sqlite``), parts on their way to become one (``*.part``,
see `part`) and a key (see `key`). Nothing in it is followed or waited for, and
nothing is removed unless it has a name that only the cache gives: the folder
may be one that somebody named, and have other things in it.
"""

from __future__ import annotations

import os
import re
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from repoview.core.cache.errors import CacheUnavailable
from repoview.core.errors import reason_of
from repoview.folders import cache_folder

if TYPE_CHECKING:
    from pathlib import Path

try:
    import fcntl
except ImportError:
    # Windows, where a file that is open cannot be removed anyway.
    fcntl = None  # type: ignore[assignment]

HAS_LOCKS: Final = fcntl is not None

_ENTRY: Final = re.compile(r"[0-9a-f]{32}\.sqlite")
_PART: Final = re.compile(r"[0-9a-f]{32}\.part")

SAFE_FLAGS: Final = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)
"""Open no link, and do not wait for whoever is behind a pipe."""

_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_HAS_OWNERS: Final = hasattr(os, "geteuid")

_OLD_SECONDS: Final = 24 * 3600
"""Age at which a part is given up where files cannot be locked."""


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
            facts = self.path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return False
        except (OSError, ValueError) as error:
            raise self.unavailable(error) from error
        if not stat.S_ISDIR(facts.st_mode):
            raise CacheUnavailable(f"nothing is cached: {self.path} is not a folder")
        if not _HAS_OWNERS:
            return True
        if facts.st_uid != os.geteuid() or link.st_uid not in {0, os.geteuid()}:
            raise CacheUnavailable(
                f"nothing is cached: {self.path} belongs to somebody else; "
                "name another folder with --cache-dir"
            )
        if facts.st_mode & _OTHERS_WRITE:
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

    def unavailable(self, error: Exception) -> CacheUnavailable:
        """Return the sentence for what the machine refused."""
        return CacheUnavailable(f"nothing is cached in {self.path}: {reason_of(error)}")

    def files(self) -> list[File]:
        """Return the entries' files, unread, the one not used longest first."""
        files = []
        for name, facts in self._found(_ENTRY):
            files.append(File(name, facts.st_size, facts.st_mtime_ns))
        return sorted(files, key=lambda file: (file.used_ns, file.name))

    def _found(self, names: re.Pattern[str]) -> list[tuple[str, os.stat_result]]:
        found = []
        with suppress(OSError, ValueError), os.scandir(self.path) as items:
            for item in items:
                if names.fullmatch(item.name):
                    with suppress(OSError):
                        # Not the item's own facts: Windows has old ones there.
                        found.append((item.name, os.lstat(item.path)))
        return found

    def facts(self, name: str) -> os.stat_result | None:
        """Return what is known of a file that only we could have written.

        None for one that is not there, or is anything else: a link, a folder,
        a pipe, a file of somebody else, or one that others may write to.
        """
        with suppress(OSError, ValueError):
            facts = (self.path / name).lstat()
            if is_ours(facts):
                return facts
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
            facts = path.lstat()
            if inode is not None and facts.st_ino != inode:
                return False
            if stat.S_ISDIR(facts.st_mode):
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
        for name, facts in self._found(_PART):
            if self._is_left_over(name, facts) and self.remove(name, facts.st_ino):
                swept += 1
        return swept

    def _is_left_over(self, name: str, facts: os.stat_result) -> bool:
        if not stat.S_ISREG(facts.st_mode) or not HAS_LOCKS:
            return True
        try:
            fd = os.open(self.path / name, os.O_RDWR | SAFE_FLAGS)
        except OSError:
            return _is_old(facts)
        try:
            lock(fd, wait=False)
        except BlockingIOError:
            return False
        except OSError:
            return _is_old(facts)
        else:
            return True
        finally:
            os.close(fd)


def lock(fd: int, *, wait: bool) -> None:
    """Lock a file against all other descriptors of it, until this one is closed.

    Raises:
        BlockingIOError: It is locked, and this should not wait.
        OSError: Files cannot be locked here.
    """
    fcntl.flock(fd, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_ours(facts: os.stat_result) -> bool:
    """Tell whether a file is regular, ours, and written by nobody else."""
    if not stat.S_ISREG(facts.st_mode):
        return False
    if not _HAS_OWNERS:
        return True
    return facts.st_uid == os.geteuid() and not facts.st_mode & _OTHERS_WRITE


def _is_old(facts: os.stat_result) -> bool:
    return time.time() - facts.st_mtime > _OLD_SECONDS
