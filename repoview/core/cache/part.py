"""A part: a file of the cache's folder that is being written.

Files there are never changed in place. They are written under a name drawn by
lot, and renamed when they are whole. A part is locked as long as its writer
lives, so that `Folder.sweep` knows what a crash left over.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from repoview.core.cache.folder import HAS_LOCKS, SAFE_FLAGS, lock

if TYPE_CHECKING:
    from repoview.core.cache.folder import Folder


class Part:
    """A file that will take its name once it is whole, and is removed otherwise.

    Args:
        folder: Is there.

    Raises:
        CacheUnavailable: No file can be made in it.
    """

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | SAFE_FLAGS
        while True:
            self.name = f"{secrets.token_hex(16)}.part"
            self.path = folder.path / self.name
            try:
                self.fd = os.open(self.path, flags, 0o600)
            except (OSError, ValueError) as error:
                raise folder.unavailable(error) from error
            if self._is_locked():
                break
            # Somebody swept it away before it was locked.
            os.close(self.fd)

    def _is_locked(self) -> bool:
        if not HAS_LOCKS:
            return True
        with suppress(OSError):
            # A sweeper holds it no longer than removing the file takes.
            lock(self.fd, wait=True)
        return os.fstat(self.fd).st_nlink > 0

    @property
    def size(self) -> int:
        """The bytes written so far."""
        return self.path.lstat().st_size

    def become(self, name: str) -> None:
        """Take *name*, in place of what has it.

        Raises:
            OSError: The machine refuses.
        """
        if not HAS_LOCKS:
            # Windows renames no file that is open.
            self._release()
        self.path.replace(self._folder.path / name)

    def become_new(self, name: str) -> None:
        """Take *name*, unless something has it.

        Raises:
            OSError: The machine refuses.
        """
        target = self._folder.path / name
        try:
            os.link(self.path, target)
        except FileExistsError:
            return
        except OSError:
            # Some file systems give no second names.
            if not os.path.lexists(target):
                self.become(name)

    def close(self) -> None:
        """Remove it, unless it took a name; closing twice is fine."""
        if not HAS_LOCKS:
            self._release()
        self._folder.remove(self.name)
        self._release()

    def _release(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
