"""Answers about exports: choices, an estimate, and the writing.

Answers are values whose text is safe to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from repoview.core.errors import RepoviewError
from repoview.export.forecast import first_lines, size_of
from repoview.export.formats import FORMATS, Format, format_of, packed_by
from repoview.export.writing import Target, export_to, lost_texts, written_text
from repoview.present import count_text, safe, size_text
from repoview.tui.session.writing.writing import (
    LINE,
    WriteJob,
    proposed_name,
    refusal_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from repoview.core.repo.repo import Repo

FORMAT_NAMES: Final = tuple(FORMATS)
FORMAT_LABELS: Final = tuple(f"{f.name:<7} {f.about}" for f in FORMATS.values())


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


class ExportJob(WriteJob):
    """One export: a job whose progress is counted in records.

    Args:
        choice: The records.
        form: The name of a format.
        path: The file to write.
        force: Whether an existing file may be replaced.
        into_folder: Whether the path is that of a folder of files.
    """

    def __init__(
        self,
        choice: ExportChoice,
        form: str,
        path: Path,
        *,
        force: bool,
        into_folder: bool = False,
    ) -> None:
        super().__init__(path, len(choice.numbers), force=force)
        self.choice = choice
        self.form = form
        self.into_folder = into_folder


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

    def filtered(self, numbers: Sequence[int], selection: str) -> ExportChoice:
        """Return the records that a filter shows as a choice.

        Args:
            numbers: Of the records, in any order.
            selection: The text of the filter.
        """
        in_order = numbers if isinstance(numbers, range) else sorted(numbers)
        return ExportChoice(f"shown: {safe(selection, 40)}", in_order, selection)

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
            return Forecast(safe(str(error), LINE), [])
        text = size_text(size.bytes)
        records = count_text(len(numbers), "record")
        says = f"{text} exactly" if size.is_exact else f"about {text}, estimated"
        return Forecast(f"{records}, {says}", [safe(line, LINE) for line in lines])

    def proposed(self, choice: ExportChoice, form: str) -> str:
        """Return a name for a new file in the current folder."""
        suffix = FORMATS[form].suffixes[0]
        if form == "parquet" and self._is_mixed(choice):
            suffix = "/"
        return proposed_name(self._repo.name, choice.part, suffix)

    def _is_mixed(self, choice: ExportChoice) -> bool:
        """Tell whether records are of several collections."""
        ends = choice.numbers[:1], choice.numbers[-1:]
        names = {self._repo.record(n).collection for end in ends for n in end}
        return len(names) > 1

    def refusal(self, text: str, form: str = "") -> str:
        """Return why what was typed cannot be written; see `refusal_of`."""
        is_folder = form == "folder" or text.endswith("/")
        if is_folder and form not in ("folder", "parquet"):
            return "that names a folder: choose the format folder, or name a file"
        return refusal_of(self._repo.name, text, is_folder=is_folder)

    def write(self, job: ExportJob) -> None:
        """Run a job; in a thread. Errors of the job are kept in it."""
        job.run(lambda: self._write(job))

    def _write(self, job: ExportJob) -> str:
        to = Target(FORMATS[job.form], job.path, job.force, is_folder=job.into_folder)
        written = export_to(self._repo, job.choice.numbers, to, job.note)
        # The absolute path, so that the current folder need not be known.
        says = [written_text(written, len(self._repo), job.path.absolute())]
        return safe("; ".join([*says, *lost_texts(written)]), 2 * LINE)


def format_named(text: str) -> str | None:
    """Return the name of the format with a file's suffix, None for none.

    A folder has no suffix: a slash is typed on the way to a file, too.
    """
    found = None if text.endswith("/") else format_of(text)
    return None if found is None else found.name


def with_suffix_of(text: str, form: str) -> str:
    """Return a file's name with the suffix of a format in place of another's."""
    found: Format | None = format_of(text)
    if found is None or found.name == form:
        return text
    packed = packed_by(text)
    bare = text.removesuffix(text[-len(packed) :]) if packed else text
    suffix = next(each for each in found.suffixes if bare.lower().endswith(each))
    new = FORMATS[form]
    return bare[: -len(suffix)] + new.suffixes[0] + (packed if new.can_pack else "")
