"""The formats that records and blocks can be written in.

Most write a stream of bytes; these may be compressed. Others write a file that
they open themselves, or a folder.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from importlib import import_module
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from repoview.export.style import PLAIN, Style

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
        style: Style = PLAIN,
    ) -> Written:
        """Write the records with these numbers.

        Args:
            repo: Where they are.
            numbers: Of the records, each once; a format with an order of its own
                keeps to that.
            write: Takes the next bytes.
            report: Called with progress; what it raises ends the writing.
            style: How values are written.
        """


class Kind(Enum):
    """What a format writes."""

    STREAM = "stream"
    """Bytes, by a function ``write``: a `Writer`."""

    FILE = "file"
    """A file that it opens by its name, by ``write_path(repo, numbers, path,
    report, style, meter)``."""

    FOLDER = "folder"
    """Files in a folder, by ``write_folder(repo, numbers, folder, report, style,
    meter)``."""


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

    kind: Kind = Kind.STREAM

    can_pack: bool = True
    """Whether it may be compressed: it is neither compressed nor read by parts."""

    is_measured: bool = True
    """Whether its size can be found by writing to nowhere."""

    has_unlinked: bool = False
    """Whether it can hold the blocks that nothing links to."""

    @property
    def writer(self) -> Writer:
        """Its function, imported on first use."""
        return cast("Writer", self.part("write"))

    def part(self, name: str) -> Any | None:  # noqa: ANN401 (what the module has)
        """Return an optional function of its module, None if there is none.

        Besides those of its kind it may have ``estimate(repo, numbers)``, the bytes of
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
            has_unlinked=True,
        ),
        Format(
            "json",
            (".json",),
            "repoview.export.json_array",
            is_text=True,
            about="one JSON array of all",
            has_unlinked=True,
        ),
        Format(
            "csv",
            (".csv",),
            "repoview.export.writers.csv_table",
            is_text=True,
            about="for spreadsheets",
        ),
        Format(
            "md",
            (".md", ".markdown"),
            "repoview.export.writers.markdown",
            is_text=True,
            about="Markdown, to read",
        ),
        Format(
            "sqlite",
            (".sqlite", ".sqlite3", ".db"),
            "repoview.export.writers.sqlite",
            is_text=False,
            about="a database, searchable",
            kind=Kind.FILE,
            can_pack=False,
            is_measured=False,
        ),
        Format(
            "parquet",
            (".parquet",),
            "repoview.export.writers.parquet",
            is_text=False,
            about="typed columns",
            can_pack=False,
            is_measured=False,
        ),
        Format(
            "folder",
            ("/",),
            "repoview.export.writers.folder",
            is_text=False,
            about="a JSON file a record",
            kind=Kind.FOLDER,
            can_pack=False,
        ),
        Format(
            "zip",
            (".zip",),
            "repoview.export.writers.zip_file",
            is_text=False,
            about="the folder, zipped",
            can_pack=False,
        ),
        Format(
            "car",
            (".car",),
            "repoview.export.car",
            is_text=False,
            about="blocks and their proof",
            has_unlinked=True,
        ),
    )
}

PACKED: Final = (".gz", ".zst")
"""Suffixes of files that are compressed."""


def format_of(destination: str) -> Format | None:
    """Return the format by a file's suffix, None for an unknown one.

    A name that ends with a slash is a folder; behind the suffix of a format that
    can be compressed may stand one of `PACKED`.
    """
    if destination.endswith("/"):
        return FORMATS["folder"]
    packed = packed_by(destination)
    suffix = PurePath(destination[: -len(packed)] if packed else destination).suffix
    found = next((f for f in FORMATS.values() if suffix.lower() in f.suffixes), None)
    return None if packed and found and not found.can_pack else found


def packed_by(destination: str) -> str:
    """Return the suffix of `PACKED` that a name has, empty for none."""
    lower = destination.lower()
    return next((suffix for suffix in PACKED if lower.endswith(suffix)), "")
