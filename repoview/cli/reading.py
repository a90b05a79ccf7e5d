"""What SOURCE stands for, and the folder of temporary files."""

from __future__ import annotations

import io
import os
import stat
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from repoview.core.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.source.opener import Target

STANDARD_INPUT = "-"


def target_of(source: str) -> Target:
    """Return what SOURCE names: standard input for "-", else itself.

    Raises:
        SourceError: Standard input is closed.
    """
    if source != STANDARD_INPUT:
        return source
    try:
        return io.FileIO(sys.stdin.fileno(), closefd=False)
    except (AttributeError, OSError, ValueError):
        # It is None, or closed, or not what the program was started with.
        raise SourceError("standard input cannot be read: name a file") from None


def keyboard_apart(source: str) -> Target:
    """Return what SOURCE names, and connect standard input to the terminal.

    A pipe into the explorer is moved to another descriptor.

    Raises:
        SourceError: There is no terminal to take keys from.
    """
    if source != STANDARD_INPUT:
        return source
    piped = os.dup(sys.stdin.fileno())
    if os.isatty(piped):
        os.close(piped)
        raise SourceError("standard input is a terminal: pipe a CAR into it")
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
    except OSError:
        os.close(piped)
        raise SourceError(
            "there is no terminal to read keys from: save the CAR to a file"
        ) from None
    os.dup2(terminal, 0)
    os.close(terminal)
    return io.FileIO(piped)


def refuse_early(source: str) -> None:
    """Refuse a wrong SOURCE before the explorer takes over the screen.

    Raises:
        SourceError: It is no file that can be opened.
    """
    from repoview.core.source.opener import is_address
    from repoview.core.source.source import open_file

    if source == STANDARD_INPUT or is_address(source):
        return
    try:
        mode = os.stat(source).st_mode  # noqa: PTH116 (the path may be one that Path refuses)
    except (OSError, ValueError):
        mode = stat.S_IFREG
    # Opening and closing a named pipe here would end its writer (SIGPIPE).
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        open_file(source).close()


@contextmanager
def temporary_files_in(given: str | None, variable: str = "TMPDIR") -> Iterator[None]:
    """Have libraries put their temporary files where those of repoview are.

    That are SQLite, which sorts what it indexes, and Python's `tempfile`. SQLite asks
    the environment when it is loaded, and not again.

    Args:
        given: The folder that was asked for; None for the cache folder, unless the
            environment names one for temporary files.
        variable: Of the environment: TMPDIR is for all of them, SQLITE_TMPDIR for one.
    """
    # Not by way of the cache, which loads SQLite.
    from repoview.folders import cache_folder as folder_of_this_user

    before, named = os.environ.get(variable), os.environ.get("TMPDIR")
    folder = folder_of_this_user() if given is None else os.path.abspath(given)  # noqa: PTH100 (as given)
    if folder is None or (given is None and (before or named)):
        yield
        return
    with suppress(OSError):
        os.makedirs(folder, mode=0o700, exist_ok=True)  # noqa: PTH103 (as given)
        os.environ[variable] = str(folder)
    try:
        yield
    finally:
        os.environ.pop(variable, None)
        if before is not None:
            os.environ[variable] = before


def cache_folder(given: str | None) -> str:
    """Return the folder that is *given*, or the one for caches of this machine."""
    if given is not None:
        return os.path.abspath(given)  # noqa: PTH100 (as given)
    from repoview.core.opening.room import cache_folder as folder_of_this_machine

    return folder_of_this_machine()
