"""A file that comes to be whole or not at all.

It is written beside its destination under another name and renamed at the end,
so that nobody ever sees half of it, and what ends the writing (a full disk,
Ctrl-C, a signal) leaves nothing behind; see `parts`. Nothing is overwritten
unless that was asked for.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from repoview.core.errors import RepoviewError, reason_of
from repoview.export import parts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO


class DestinationError(RepoviewError):
    """The result cannot be written where it was to go.

    Args:
        fact: Why, as a sentence.
        hint: What to do about it on a command line.
    """

    def __init__(self, fact: str, hint: str = "") -> None:
        super().__init__(f"{fact}: {hint}" if hint else fact)
        self.fact = fact


class DestinationTaken(DestinationError):
    """There is something already, and nobody said to overwrite it."""


_FORCE: Final = "--force overwrites it"


@contextmanager
def written_beside(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """Give a file to write, which becomes *path* when the block ends well.

    Args:
        path: The destination.
        force: Whether a file that is there may be replaced.

    Raises:
        DestinationTaken: It is there already, and may not be replaced.
        DestinationError: It is no file, or the machine cannot write it.
    """
    refuse(path, force=force)
    beside = None
    try:
        parts.remove_dead(path)
        beside, file = parts.create(path)
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if not parts.CAN_LOCK:
                # Where there are no locks, what is open cannot be renamed either.
                file.close()
            _settle(beside, path, force=force)
    except OSError as error:
        raise DestinationError(f"cannot write {path}: {reason_of(error)}") from error
    finally:
        if beside is not None:
            parts.remove(beside)


def refuse(path: Path, *, force: bool) -> None:
    """Refuse a destination before anything is read or written.

    Args:
        path: The destination.
        force: Whether a file that is there may be replaced.

    Raises:
        DestinationTaken: There is something, and it may not.
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


def _is_taken(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _settle(beside: Path, path: Path, *, force: bool) -> None:
    """Give the finished file its name."""
    if force:
        beside.replace(path)
        return
    try:
        # Unlike a rename, a link fails when the name was taken meanwhile.
        os.link(beside, path)
    except FileExistsError:
        raise DestinationTaken(f"{path} came to be meanwhile", _FORCE) from None
    except OSError:
        # The file system knows no links.
        beside.rename(path)
