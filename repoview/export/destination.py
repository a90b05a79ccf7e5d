"""A file that comes to be whole or not at all.

It is written beside its destination under another name and renamed at the end,
so that nobody ever sees half of it, and what ends the writing (a full disk,
Ctrl-C) leaves nothing behind. Nothing is overwritten unless that was asked for.
"""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from repoview.core.errors import RepoviewError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO


class DestinationError(RepoviewError):
    """The result cannot be written where it was to go."""


@contextmanager
def written_beside(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """Give a file to write, which becomes *path* when the block ends well.

    Args:
        path: The destination.
        force: Whether a file that is there may be replaced.

    Raises:
        DestinationError: It is there already, is no file, or the machine
            cannot write it.
    """
    _check(path, force=force)
    beside = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.part")
    try:
        with _created(beside) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _settle(beside, path, force=force)
    except OSError as error:
        raise DestinationError(f"cannot write {path}: {_reason(error)}") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _check(path: Path, *, force: bool) -> None:
    """Refuse a destination before anything is read or written."""
    try:
        if path.is_dir():
            raise DestinationError(f"{path} is a directory: name a file in it")
        if path.exists() and not path.is_file():
            text = f"{path} is not a regular file: use -o - and redirect it there"
            raise DestinationError(text)
        if _is_taken(path) and not force:
            raise DestinationError(f"{path} is there already: --force overwrites it")
        if not path.parent.is_dir():
            raise DestinationError(
                f"there is no directory {path.parent}: make it first"
            )
    except (OSError, ValueError) as error:
        raise DestinationError(f"cannot write {path}: {_reason(error)}") from error


def _is_taken(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def _created(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o666), "wb", buffering=1 << 20)


def _settle(beside: Path, path: Path, *, force: bool) -> None:
    """Give the finished file its name."""
    if force:
        beside.replace(path)
        return
    try:
        # Unlike a rename, a link fails when the name was taken meanwhile.
        os.link(beside, path)
    except FileExistsError:
        text = f"{path} came to be meanwhile: --force overwrites it"
        raise DestinationError(text) from None
    except OSError:
        # The file system knows no links.
        beside.rename(path)


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error)
    return text[:1].lower() + text[1:]
