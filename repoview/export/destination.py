"""Atomic writes of exports: a temporary file, then a rename (see `atomic_file`).

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
    refuse(path, force=force)
    try:
        _remove_left_over(path)
        # The mode of any new file, less the umask.
        with AtomicFile(path.parent, _begin(path), mode=0o666) as beside:
            with beside.writer() as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            check(beside.path)
            _settle(beside, path, force=force)
    except OSError as error:
        raise DestinationError(f"cannot write {path}: {reason_of(error)}") from error


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
    form = re.compile(re.escape(_begin(path)) + ENDING)
    with suppress(OSError):
        for name in os.listdir(path.parent):  # noqa: PTH208 (names are all it takes)
            if form.fullmatch(name):
                beside = path.with_name(name)
                with claimed(beside) as is_left_over, suppress(OSError):
                    if is_left_over:
                        beside.unlink()
