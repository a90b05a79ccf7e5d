"""One file that a dialog writes: its name, the progress, and the outcome.

Writing runs in a thread, which keeps plain counters and is cancelled by a flag.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from repoview.core.errors import Cancelled, RepoviewError
from repoview.export.destination import (
    DestinationError,
    DestinationTaken,
    refuse,
    refuse_folder,
)
from repoview.export.writing import refuse_source
from repoview.present import safe

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.load.result import Progress

LINE: Final = 700
"""Characters shown of a line."""

_MOST_NAMES: Final = 100
"""Names that are tried before one that exists is proposed."""

_PLAIN: Final = re.compile(r"[^A-Za-z0-9._-]+")
_PACKED: Final = re.compile(r"\.(car|gz|zst|bz2|xz)$", re.IGNORECASE)


class WriteJob:
    """One file: the request, the progress and the result.

    Written by the thread that works and read by the one that draws; `stop` the
    other way round.

    Args:
        path: The file to write.
        total: How much there is to do, in the unit of `done`.
        force: Whether an existing file may be replaced.
    """

    def __init__(self, path: Path, total: int, *, force: bool) -> None:
        self.path = path
        self.force = force
        self.total = total
        self.done = 0
        self.stop = False
        self.has_ended = False
        self.is_taken = False
        """Whether the file exists, and replacing it needs to be confirmed."""
        self.is_written = False
        self.said = ""
        """The outcome, in a sentence; safe to show."""

    def note(self, progress: Progress) -> None:
        """Note the progress.

        Raises:
            Cancelled: `stop` is set.
        """
        self.done = progress.done
        if self.stop:
            raise Cancelled("the writing was canceled: nothing was written")

    def run(self, write: Callable[[], str]) -> None:
        """Write; in a thread. Errors are kept as the outcome.

        Args:
            write: Writes the file, and returns the outcome; safe to show.
        """
        try:
            self.said = write()
            self.is_written = True
        except DestinationTaken as error:
            self.is_taken, self.said = True, safe(error.fact, LINE)
        except DestinationError as error:
            self.said = safe(error.fact, LINE)
        except RepoviewError as error:
            self.said = safe(str(error), LINE)
        finally:
            self.has_ended = True


def destination_of(text: str) -> Path:
    """Return the path that was typed, with its tilde expanded.

    Raises:
        DestinationError: There is no such user.
    """
    if not text.strip():
        raise DestinationError("name the file to write")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise DestinationError(f"{text} leads to no home folder") from error


def refusal_of(source: str, text: str, *, is_folder: bool = False) -> str:
    """Return why the file that was typed cannot be written; safe to show.

    Empty if it can, also if replacing a file needs to be confirmed.

    Args:
        source: The name of what is open, which is never written over.
        text: What was typed.
        is_folder: Whether it is to be a folder, which is never replaced.
    """
    try:
        path = destination_of(text)
        if is_folder:
            refuse_folder(path)
            return ""
        refuse_source(source, path)
        refuse(path, force=True)
    except DestinationError as error:
        return safe(error.fact, LINE)
    return ""


def proposed_name(source: str, part: str, suffix: str) -> str:
    """Return a name for a new file in the current folder, made from a source.

    Args:
        source: The name of what is open.
        part: What to add to it; empty for nothing.
        suffix: The end of the name, with its dot.
    """
    part = _PLAIN.sub("-", part)[:80].strip("-.")
    stem = f"{_base_of(source)}-{part}" if part else _base_of(source)
    names = [f"{stem}{suffix}"]
    names += [f"{stem}-{number}{suffix}" for number in range(2, _MOST_NAMES)]
    return next((name for name in names if not _is_there(name)), names[0])


def _base_of(source: str) -> str:
    """Return the stem to propose for a file made from a source."""
    path = urlsplit(source).path if "://" in source else source.replace("\\", "/")
    name = PurePosixPath(path).name
    while (shorter := _PACKED.sub("", name)) != name:
        name = shorter
    return _PLAIN.sub("-", name)[:80].strip("-.") or "repo"


def _is_there(name: str) -> bool:
    try:
        Path(name).lstat()
    except (OSError, ValueError):
        return False
    return True
