"""What the explorer asks about an export: choices, forecast, and the writing.

Answers are values whose text is safe to show. Writing is a job for a thread,
which keeps plain counters and is stopped by a flag.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from repoview.core.errors import Cancelled, RepoviewError
from repoview.export.destination import DestinationError, DestinationTaken, refuse
from repoview.export.forecast import first_lines, size_of
from repoview.export.formats import FORMATS, Format, format_of
from repoview.export.writing import (
    export_file,
    lost_texts,
    refuse_source,
    written_text,
)
from repoview.present import count_text, safe, size_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Repo

FORMAT_NAMES: Final = tuple(FORMATS)
FORMAT_LABELS: Final = tuple(f"{f.name:<6} {f.about}" for f in FORMATS.values())

_LINE: Final = 700
"""Characters shown of a line of a preview."""

_MOST_NAMES: Final = 100
"""Names tried for a file before one that is there is proposed."""

_PLAIN: Final = re.compile(r"[^A-Za-z0-9._-]+")
_PACKED: Final = re.compile(r"\.(car|gz|zst|bz2|xz)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """Records that may be wanted."""

    label: str
    """What they are; safe to show."""

    numbers: Sequence[int]
    """Of them, ascending."""

    part: str = ""
    """What the name of a file says of them; nothing for everything."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What an export would come to."""

    size: str
    lines: list[str]
    """What the file would begin with, or would hold."""


class ExportJob:
    """One export: what is wanted, how far it is, and what came of it.

    Written to by the thread that works, read by the one that draws; `stop` is
    the other way round.

    Args:
        choice: What is wanted.
        form: The name of a format.
        path: Where it goes.
        force: Whether a file that is there may be replaced.
    """

    def __init__(
        self, choice: ExportChoice, form: str, path: Path, *, force: bool
    ) -> None:
        self.choice = choice
        self.form = form
        self.path = path
        self.force = force
        self.total = len(choice.numbers)
        self.done = 0
        self.stop = False
        self.has_ended = False
        self.is_taken = False
        """Whether there is a file that somebody should be asked about."""
        self.is_written = False
        self.said = ""
        """What came of it, in a sentence; safe to show."""

    def note(self, progress: Progress) -> None:
        """Take how far it is.

        Raises:
            Cancelled: Somebody wants it to stop.
        """
        self.done = progress.done
        if self.stop:
            raise Cancelled("the export was canceled: nothing was written")


class ExportAnswers:
    """Answers about exports of one repository.

    Args:
        repo: Whole.
    """

    def __init__(self, repo: Repo) -> None:
        self._repo = repo

    def everything(self) -> ExportChoice:
        """Return the choice that leaves nothing out."""
        return ExportChoice("everything", range(len(self._repo)))

    def marked(self, numbers: Sequence[int]) -> ExportChoice:
        """Return the records that are marked as a choice."""
        return ExportChoice("marked", numbers, "marked")

    def filtered(self, numbers: Sequence[int], needle: str) -> ExportChoice:
        """Return the records that a filter shows as a choice.

        Args:
            numbers: Of them, ascending.
            needle: What it asks for.
        """
        return ExportChoice(f"shown: {safe(needle, 40)}", numbers, needle)

    def collection(self, number: int) -> ExportChoice:
        """Return the records of a collection as a choice."""
        found = self._repo.collections[number]
        name = safe(found.name, 60) or "(no collection)"
        numbers: Sequence[int] = found.ranges[0]
        if len(found.ranges) > 1:
            numbers = [each for part in found.ranges for each in part]
        return ExportChoice(name, numbers, found.name or "no-collection")

    def forecast(self, choice: ExportChoice, form: str, rows: int) -> Forecast:
        """Return what an export would come to; takes a moment.

        Args:
            choice: What is wanted.
            form: The name of a format.
            rows: How many lines there is room for.
        """
        numbers, chosen = choice.numbers, FORMATS[form]
        try:
            lines = first_lines(self._repo, numbers, chosen, rows)
            size = size_of(self._repo, numbers, chosen)
        except RepoviewError as error:
            return Forecast(safe(str(error), _LINE), [])
        text = size_text(size.bytes)
        records = count_text(len(numbers), "record")
        says = f"{text} exactly" if size.is_exact else f"about {text}, estimated"
        return Forecast(f"{records}, {says}", [safe(line, _LINE) for line in lines])

    def proposed(self, choice: ExportChoice, form: str) -> str:
        """Return the name of a file that is not there yet, in this folder."""
        base = _base_of(self._repo.name)
        part = _PLAIN.sub("-", choice.part)[:80].strip("-.")
        suffix = FORMATS[form].suffixes[0]
        stem = f"{base}-{part}" if part else base
        names = [f"{stem}{suffix}"]
        names += [f"{stem}-{number}{suffix}" for number in range(2, _MOST_NAMES)]
        return next((name for name in names if not _is_there(name)), names[0])

    def refusal(self, text: str) -> str:
        """Return why nothing can be written to what was typed; safe to show.

        Empty when it can, also when somebody should be asked before.
        """
        try:
            path = destination_of(text)
            refuse_source(self._repo.name, path)
            refuse(path, force=True)
        except DestinationError as error:
            return safe(error.fact, _LINE)
        return ""

    def write(self, job: ExportJob) -> None:
        """Write what a job wants; for a thread. Never raises for the job."""
        chosen = FORMATS[job.form]
        try:
            written = export_file(
                self._repo,
                job.choice.numbers,
                chosen,
                job.path,
                job.note,
                force=job.force,
            )
        except DestinationTaken as error:
            job.is_taken, job.said = True, safe(error.fact, _LINE)
        except DestinationError as error:
            job.said = safe(error.fact, _LINE)
        except RepoviewError as error:
            job.said = safe(str(error), _LINE)
        else:
            job.is_written = True
            # The whole path: nobody need know which folder they started in.
            says = [written_text(written, len(self._repo), job.path.absolute())]
            job.said = safe("; ".join([*says, *lost_texts(written)]), 2 * _LINE)
        finally:
            job.has_ended = True


def destination_of(text: str) -> Path:
    """Return the file that was typed; a tilde is the home of whoever it names.

    Raises:
        DestinationError: It names none.
    """
    if not text.strip():
        raise DestinationError("name the file to write")
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise DestinationError(f"{text} leads to no home folder") from error


def format_named(text: str) -> str | None:
    """Return the name of the format that a file's name tells, None for none."""
    found = format_of(text)
    return None if found is None else found.name


def with_suffix_of(text: str, form: str) -> str:
    """Return a file's name with the suffix of a format, if it had one of another."""
    found: Format | None = format_of(text)
    if found is None or found.name == form:
        return text
    suffix = next(each for each in found.suffixes if text.lower().endswith(each))
    return text[: -len(suffix)] + FORMATS[form].suffixes[0]


def _base_of(source: str) -> str:
    """Return what a file that is made of a source is called, without its end."""
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
