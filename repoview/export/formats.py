"""The formats that records and blocks can be written in."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Repo

REPORT_EVERY: Final = 256
"""Records between two reports of progress."""

MOST_NAMES: Final = 100
"""Most blocks and records named among those lost."""


@dataclass(slots=True)
class Written:
    """The result of writing."""

    records: int = 0
    """Records that were written."""

    blocks: int = 0
    """Of records; in a CAR those of the commit and of nodes too."""

    missing: int = 0
    """Blocks that were wanted, but are missing or damaged in the source."""

    partly: int = 0
    """Records that could be decoded only in part, and so are written in part."""

    size: int = 0
    """Bytes written."""

    missing_names: list[str] = field(default_factory=list)
    """The first hundred missing: paths of records, CIDs of nodes."""

    partly_names: list[str] = field(default_factory=list)
    """The paths of the first hundred records that are written in part."""


def note_missing(written: Written, name: str) -> None:
    """Count a block that is not there."""
    written.missing += 1
    if len(written.missing_names) < MOST_NAMES:
        written.missing_names.append(name)


def note_partly(written: Written, name: str) -> None:
    """Count a record that is not written as a whole."""
    written.partly += 1
    if len(written.partly_names) < MOST_NAMES:
        written.partly_names.append(name)


class Writer(Protocol):
    """The function that writes one format."""

    def __call__(
        self,
        repo: Repo,
        numbers: Sequence[int],
        write: Callable[[bytes], object],
        report: Callable[[Progress], None],
    ) -> Written:
        """Write the records with these numbers.

        Args:
            repo: Where they are.
            numbers: Of the records, each once; a format with an order of its own
                keeps to that.
            write: Takes the next bytes.
            report: Called with progress; what it raises ends the writing.
        """


@dataclass(frozen=True, slots=True)
class Format:
    """One format."""

    name: str
    suffixes: tuple[str, ...]
    module: str
    is_text: bool
    """Whether it can be printed on a terminal."""

    about: str = ""
    """What it is, in a few words."""

    @property
    def writer(self) -> Writer:
        """Its function, imported on first use."""
        return cast("Writer", self.part("write"))

    def part(self, name: str) -> Any | None:  # noqa: ANN401 (what the module has)
        """Return an optional function of its module, None if there is none.

        Besides ``write`` it may have ``estimate(repo, numbers)``, the bytes of
        the file, and ``preview(repo, numbers, most)``, lines that describe it;
        `forecast` does without.
        """
        return getattr(import_module(self.module), name, None)


FORMATS: Final = {
    form.name: form
    for form in (
        Format(
            "jsonl",
            (".jsonl", ".ndjson"),
            "repoview.export.jsonl",
            is_text=True,
            about="one JSON object a line",
        ),
        Format(
            "json",
            (".json",),
            "repoview.export.json_array",
            is_text=True,
            about="one JSON array of all",
        ),
        Format(
            "car",
            (".car",),
            "repoview.export.car",
            is_text=False,
            about="blocks and their proof",
        ),
    )
}


def format_of(destination: str) -> Format | None:
    """Return the format by a file's suffix, None for an unknown one."""
    suffix = PurePath(destination).suffix.lower()
    return next((f for f in FORMATS.values() if suffix in f.suffixes), None)
