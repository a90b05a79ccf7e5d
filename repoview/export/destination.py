"""Atomic writes of exports: a temporary file or folder, then a rename.

See `atomic_file` and `atomic_folder`.

A full disk, Ctrl-C or a signal leaves no partial file behind. Nothing is
overwritten unless that was asked for.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from repoview.core.errors import RepoviewError, reason_of
from repoview.core.storage.atomic_file import ENDING, AtomicFile, claimed
from repoview.core.storage.atomic_folder import (
    IS_SUPPORTED,
    AtomicFolder,
    remove_left_over,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO


class DestinationError(RepoviewError):
    """The destination cannot be written to.

    Args:
        fact: Why, as a sentence.
        hint: What to do about it on a command line.
    """

    def __init__(self, fact: str, hint: str = "") -> None:
        super().__init__(f"{fact}: {hint}" if hint else fact)
        self.fact = fact


class DestinationTaken(DestinationError):
    """The destination is there already, and is not to be overwritten."""


_FORCE: Final = "--force overwrites it"
_FOLDERS: Final = "no folder is overwritten, name another"

_NAME_BYTES: Final = 200
"""Most bytes of the destination's name in the temporary one: the limit of file
systems is 255."""


@contextmanager
def written_beside(
    path: Path, *, force: bool, check: Callable[[Path], None] = lambda _: None
) -> Iterator[BinaryIO]:
    """Give a file to write, which becomes *path* when the block ends well.

    Args:
        path: The destination.
        force: Whether a file that is there may be replaced.
        check: Given the finished file under its temporary name; what it raises
            leaves nothing behind.

    Raises:
        DestinationTaken: It is there already, and may not be replaced.
        DestinationError: It is no file, or writing failed.
    """
    with (
        file_beside(path, force=force, check=check) as beside,
        beside.writer() as file,
    ):
        yield file


@contextmanager
def file_beside(
    path: Path, *, force: bool, check: Callable[[Path], None] = lambda _: None
) -> Iterator[AtomicFile]:
    """Give the temporary file itself, empty, for what opens it by its name.

    Arguments and errors are those of `written_beside`.
    """
    refuse(path, force=force)
    try:
        _remove_left_over(path)
        # The mode of any new file, less the umask.
        with AtomicFile(path.parent, _begin(path), mode=0o666) as beside:
            yield beside
            os.fsync(beside.fd)
            check(beside.path)
            _settle(beside, path, force=force)
    except OSError as error:
        raise DestinationError(f"cannot write {path}: {reason_of(error)}") from error


@contextmanager
def folder_beside(path: Path) -> Iterator[AtomicFolder]:
    """Give a folder to fill, which becomes *path* when the block ends well.

    Raises:
        DestinationTaken: There is something of that name.
        DestinationError: It cannot be made, or writing failed.
    """
    refuse_folder(path)
    try:
        for left in _left_over(path):
            remove_left_over(left)
        with AtomicFolder(path.parent, _begin(path)) as beside:
            yield beside
            beside.become_new(path)
    except FileExistsError:
        raise DestinationTaken(f"{path} came to be meanwhile", _FOLDERS) from None
    except OSError as error:
        raise DestinationError(f"cannot write {path}: {reason_of(error)}") from error


class Meter:
    """Counts the bytes that are written, and ends the writing where they are many.

    Args:
        most: How many there may be; None for any number.
    """

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self.size = 0

    def add(self, size: int) -> None:
        """Count bytes that are about to be written.

        Raises:
            DestinationError: They are too many.
        """
        self.size += size
        if self.most is not None and self.size > self.most:
            raise self.error()

    def error(self) -> DestinationError:
        """Return the error that there are too many."""
        fact = f"there are more than {self.most:,} bytes to write"
        return DestinationError(fact, "nothing was written")


def refuse(path: Path, *, force: bool) -> None:
    """Refuse a destination before anything is read or written.

    Args:
        path: The destination.
        force: Whether a file that is there may be replaced.

    Raises:
        DestinationTaken: It is there already, and may not be replaced.
        DestinationError: Nothing can be written there.
    """
    try:
        if path.is_dir():
            raise DestinationError(f"{path} is a directory: name a file in it")
        if path.exists() and not path.is_file():
            hint = "use -o - and redirect it there"
            raise DestinationError(f"{path} is not a regular file", hint)
        if _is_taken(path) and not force:
            raise DestinationTaken(f"{path} is there already", _FORCE)
        if not path.parent.is_dir():
            raise DestinationError(
                f"there is no directory {path.parent}: make it first"
            )
    except (OSError, ValueError) as error:
        raise DestinationError(f"cannot write {path}: {reason_of(error)}") from error


def refuse_folder(path: Path) -> None:
    """Refuse a destination for a folder, before anything is read or written.

    Raises:
        DestinationTaken: There is something of that name.
        DestinationError: No folder can be made there.
    """
    if not IS_SUPPORTED:
        raise DestinationError("this system makes no folders safely", "use a zip file")
    try:
        if _is_taken(path):
            raise DestinationTaken(f"{path} is there already", _FOLDERS)
        if not path.parent.is_dir():
            raise DestinationError(
                f"there is no directory {path.parent}: make it first"
            )
    except (OSError, ValueError) as error:
        raise DestinationError(f"cannot write {path}: {reason_of(error)}") from error


def _is_taken(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _settle(beside: AtomicFile, path: Path, *, force: bool) -> None:
    """Give the finished file its name."""
    if force:
        beside.become(path)
        return
    try:
        beside.become_new(path)
    except FileExistsError:
        raise DestinationTaken(f"{path} came to be meanwhile", _FORCE) from None


def _begin(path: Path) -> str:
    """Return the prefix of the names of temporary files for *path*."""
    name = os.fsencode(path.name)[:_NAME_BYTES].decode(errors="ignore")
    return f".{name}."


def _remove_left_over(path: Path) -> None:
    """Remove temporary files for this name that killed processes left."""
    for beside in _left_over(path):
        with claimed(beside) as is_left_over, suppress(OSError):
            if is_left_over:
                beside.unlink()


def _left_over(path: Path) -> Iterator[Path]:
    """Yield what is named like the temporary files or folders for *path*."""
    form = re.compile(re.escape(_begin(path)) + ENDING)
    with suppress(OSError):
        for name in os.listdir(path.parent):  # noqa: PTH208 (names are all it takes)
            if form.fullmatch(name):
                yield path.with_name(name)
