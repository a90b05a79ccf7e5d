"""Answers about exports: choices, an estimate, and the writing.

Answers are values whose text is safe to show. Writing runs in a thread, which
keeps plain counters and is cancelled by a flag.
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
"""Names that are tried before one that exists is proposed."""

_PLAIN: Final = re.compile(r"[^A-Za-z0-9._-]+")
_PACKED: Final = re.compile(r"\.(car|gz|zst|bz2|xz)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """A selection of records to export."""

    label: str
    """What they are; safe to show."""

    numbers: Sequence[int]
    """Of the records, ascending."""

    part: str = ""
    """What to add to the proposed file name; empty for everything."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """An estimate of an export, with a preview."""

    size: str
    lines: list[str]
    """The first lines of the file, or a summary of its contents."""


class ExportJob:
    """One export: the request, the progress and the result.

    Written by the thread that works and read by the one that draws; `stop` the
    other way round.

    Args:
        choice: The records.
        form: The name of a format.
        path: The file to write.
        force: Whether an existing file may be replaced.
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
            raise Cancelled("the export was canceled: nothing was written")


class ExportAnswers:
    """Answers about exports of one repository.

    Args:
        repo: Whole.
    """

    def __init__(self, repo: Repo) -> None:
        self._repo = repo

    def everything(self) -> ExportChoice:
        """Return all records as a choice."""
        return ExportChoice("everything", range(len(self._repo)))

    def marked(self, numbers: Sequence[int]) -> ExportChoice:
        """Return the marked records as a choice."""
        return ExportChoice("marked", numbers, "marked")

    def filtered(self, numbers: Sequence[int], needle: str) -> ExportChoice:
        """Return the records that match a filter as a choice.

        Args:
            numbers: Of the records, ascending.
            needle: The text of the filter.
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
        """Return an estimate of an export; in a thread, for it reads records.

        Args:
            choice: The records.
            form: The name of a format.
            rows: How many lines of preview to return at most.
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
        """Return a name for a new file in the current folder."""
        base = _base_of(self._repo.name)
        part = _PLAIN.sub("-", choice.part)[:80].strip("-.")
        suffix = FORMATS[form].suffixes[0]
        stem = f"{base}-{part}" if part else base
        names = [f"{stem}{suffix}"]
        names += [f"{stem}-{number}{suffix}" for number in range(2, _MOST_NAMES)]
        return next((name for name in names if not _is_there(name)), names[0])

    def refusal(self, text: str) -> str:
        """Return why the file that was typed cannot be written; safe to show.

        Empty if it can, also if replacing a file needs to be confirmed.
        """
        try:
            path = destination_of(text)
            refuse_source(self._repo.name, path)
            refuse(path, force=True)
        except DestinationError as error:
            return safe(error.fact, _LINE)
        return ""

    def write(self, job: ExportJob) -> None:
        """Run a job; in a thread. Errors of the job are kept in it."""
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
            # The absolute path, so that the current folder need not be known.
            says = [written_text(written, len(self._repo), job.path.absolute())]
            job.said = safe("; ".join([*says, *lost_texts(written)]), 2 * _LINE)
        finally:
            job.has_ended = True


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


def format_named(text: str) -> str | None:
    """Return the name of the format with a file's suffix, None for none."""
    found = format_of(text)
    return None if found is None else found.name


def with_suffix_of(text: str, form: str) -> str:
    """Return a file's name with the suffix of a format in place of another's."""
    found: Format | None = format_of(text)
    if found is None or found.name == form:
        return text
    suffix = next(each for each in found.suffixes if text.lower().endswith(each))
    return text[: -len(suffix)] + FORMATS[form].suffixes[0]


def _base_of(source: str) -> str:
    """Return the stem to propose for a file exported from a source."""
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
