"""Folders that appear when they are whole: a temporary name, then a rename.

Like an `AtomicFile`, with the same promises: what is not finished is removed,
also if a signal ends the process, and what a killed process left is recognized
by its lock. Files in it are made new, below folders that were made here: no
symbolic link is followed.
"""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from repoview.core.closing import Closing
from repoview.core.storage.atomic_file import (
    HAS_LOCKS,
    forget_folder,
    lock,
    note_folder,
)
from repoview.core.storage.rename import rename_new
from repoview.core.storage.small_file import SAFE_FLAGS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

_TOKEN: Final = 16
_BUFFER: Final = 1 << 20
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | SAFE_FLAGS
_FOLDER: Final = os.O_RDONLY | SAFE_FLAGS | getattr(os, "O_DIRECTORY", 0)

IS_SUPPORTED: Final = os.open in os.supports_dir_fd and os.mkdir in os.supports_dir_fd
"""Whether files can be made below an open folder: Windows cannot."""


class AtomicFolder(Closing):
    """A new, empty folder, which is removed when closed unless it was renamed.

    Args:
        parent: Where it is made; its final name is there too.
        begin: What its temporary name begins with.

    Raises:
        OSError: It cannot be made.
    """

    def __init__(self, parent: Path, begin: str) -> None:
        self._fd = -1
        self._open: list[tuple[str, int]] = []
        """The folders in which the last file was made, by name, from the top."""
        while True:
            self.path = parent / f"{begin}{secrets.token_hex(_TOKEN)}.part"
            # Registered first, for a signal may come before it is made.
            note_folder(self.path)
            try:
                self.path.mkdir()
                if self._is_locked():
                    return
            except BaseException:
                self.close()
                raise
            # Another process removed it as left over before it was locked.
            self.close()

    def _is_locked(self) -> bool:
        """Open and lock the folder; tell whether it is still there."""
        try:
            self._fd = os.open(self.path, _FOLDER)
        except FileNotFoundError:
            return False
        if not HAS_LOCKS:
            return True
        # Some file systems have no locks.
        with suppress(OSError):
            # Another process holds the lock only to remove the folder.
            lock(self._fd, wait=True)
        return os.path.lexists(self.path)

    def add(self, parts: Sequence[str], data: bytes) -> None:
        """Make a file.

        Args:
            parts: The names of its folders, made when they are not there, and its
                own; none of them with a separator.
            data: What it holds.

        Raises:
            FileExistsError: It is there.
            OSError: It cannot be made or written.
        """
        fd = self._new(parts)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(fd, rest) :]
        finally:
            os.close(fd)

    @contextmanager
    def file(self, parts: Sequence[str]) -> Iterator[BinaryIO]:
        """Make a file and give it, open for writing; raises as `add` does."""
        with os.fdopen(self._new(parts), "wb", buffering=_BUFFER) as file:
            yield file

    def _new(self, parts: Sequence[str]) -> int:
        *folders, name = parts
        return os.open(name, _NEW, 0o666, dir_fd=self._folder(folders))

    def _folder(self, names: Sequence[str]) -> int:
        """Return the descriptor of a folder in this one, which is made if new."""
        shared = 0
        for (held, _), name in zip(self._open, names, strict=False):
            if held != name:
                break
            shared += 1
        self._leave(shared)
        for name in names[shared:]:
            above = self._open[-1][1] if self._open else self._fd
            with suppress(FileExistsError):
                os.mkdir(name, dir_fd=above)
            self._open.append((name, os.open(name, _FOLDER, dir_fd=above)))
        return self._open[-1][1] if self._open else self._fd

    def _leave(self, kept: int) -> None:
        while len(self._open) > kept:
            os.close(self._open.pop()[1])

    def become_new(self, target: Path) -> None:
        """Rename it to *target*, unless that exists.

        Raises:
            FileExistsError: It exists.
            OSError: Renaming failed.
        """
        rename_new(self.path, target)
        forget_folder(self.path)

    def close(self) -> None:
        """Remove it unless it was renamed; closing twice is fine."""
        self._leave(0)
        shutil.rmtree(self.path, ignore_errors=True)
        forget_folder(self.path)
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


def remove_left_over(path: Path) -> None:
    """Remove an unfinished folder, if no process writes it."""
    if not HAS_LOCKS:
        return
    with suppress(OSError):
        fd = os.open(path, _FOLDER)
        try:
            lock(fd, wait=False)
            shutil.rmtree(path, ignore_errors=True)
        finally:
            os.close(fd)
