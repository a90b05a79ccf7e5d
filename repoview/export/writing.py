"""Export to a file, and the sentences about the result.

Shared by the command line and the explorer. Writes are atomic and overwrite
nothing unasked: see `destination`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from repoview.core.wording import agreed
from repoview.export.destination import (
    DestinationError,
    Meter,
    file_beside,
    folder_beside,
    written_beside,
)
from repoview.export.formats import Kind, packed_by
from repoview.export.packing import Packed
from repoview.export.style import PLAIN, Style
from repoview.present import count_text, safe, size_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Repo
    from repoview.export.formats import Format, Written

_PARTLY: Final = "could be decoded only in part"
_NAMED: Final = 10
_LONGEST: Final = 80
"""Records that a sentence names, and characters of each name."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where records go, and how."""

    form: Format
    """Compressed as well, if the name of the file says so."""

    path: Path
    """A file or a folder."""

    force: bool = False
    """Whether a file that is there may be replaced; a folder never is."""

    style: Style = PLAIN
    most: int | None = None
    """How many bytes may be written; None for any number."""

    is_folder: bool = False
    """Whether a folder is named, also for a format that can write a file."""


def export_to(
    repo: Repo,
    numbers: Sequence[int],
    to: Target,
    report: Callable[[Progress], None],
) -> Written:
    """Write records to a file or a folder, atomically.

    Args:
        repo: Where they are.
        numbers: Of the records, ascending.
        to: Where they go.
        report: Called with progress; what it raises ends the writing.

    Raises:
        DestinationTaken: There is a file, and it may not be replaced.
        DestinationError: It is the source, or cannot be written, or there are
            more bytes; or a folder is named for a format that has none.
        RepoviewError: The records cannot be read, or `report` ended it.
    """
    form, style, meter = to.form, to.style, Meter(to.most)
    written: Written
    if form.kind is Kind.FOLDER or to.is_folder:
        fill: Any = form.part("write_folder")
        if fill is None:
            raise DestinationError(f"{form.name} is one file, and no folder")
        with folder_beside(to.path) as folder:
            written = fill(repo, numbers, folder, report, style, meter)
    elif form.kind is Kind.FILE:
        refuse_source(repo.name, to.path)
        fill = form.part("write_path")
        with file_beside(to.path, force=to.force) as file:
            written = fill(repo, numbers, file.path, report, style, meter)
    else:

        def writer(write: Callable[[bytes], object]) -> Written:
            return form.writer(repo, numbers, write, report, style)

        return write_file(repo, writer, to.path, force=to.force, most=to.most)
    written.size = meter.size
    return written


def write_file(
    repo: Repo,
    writer: Callable[[Callable[[bytes], object]], Written],
    path: Path,
    *,
    force: bool,
    most: int | None = None,
) -> Written:
    """Write a file, atomically; raises as `export_to` does.

    Args:
        repo: What is written is of it.
        writer: Writes, with the function that it is given.
        path: The file; compressed if its name says so.
        force: Whether a file that is there may be replaced.
        most: How many bytes it may have; None for any number.
    """
    refuse_source(repo.name, path)
    with written_beside(path, force=force) as file:
        return written_into(file.write, writer, path.name, most)


def written_into(
    write: Callable[[bytes], object],
    writer: Callable[[Callable[[bytes], object]], Written],
    name: str = "",
    most: int | None = None,
) -> Written:
    """Have something written to a function, compressed if a name says so.

    Args:
        write: Takes the bytes.
        writer: Writes, with the function that it is given.
        name: Of the file.
        most: How many bytes there may be; None for any number.

    Raises:
        DestinationError: There are more.
    """
    meter = Meter(most)

    def metered(data: bytes) -> None:
        meter.add(len(data))
        write(data)

    if suffix := packed_by(name):
        packed = Packed(metered, suffix)
        written = writer(packed.write)
        packed.finish()
    else:
        written = writer(metered)
    written.size = meter.size
    return written


def refuse_source(source: str, path: Path) -> None:
    """Refuse to write over what is read.

    Raises:
        DestinationError: *path* is the source itself.
    """
    try:
        same = path.samefile(source)
    except (OSError, ValueError):
        # One of them is not there, which is reported elsewhere.
        return
    if same:
        raise DestinationError(f"{path} is the source itself: name another file")


def written_text(written: Written, among: int, path: Path | str) -> str:
    """Return what was written, as a sentence.

    Args:
        written: The result.
        among: How many records there are.
        path: The file, as it was named.
    """
    records = count_text(written.records, "record")
    part = f" of {among:,}" if written.records < among else ""
    return f"wrote {path}: {records}{part}, {size_text(written.size)}"


def written_blocks_text(written: Written, path: Path | str) -> str:
    """Return how many unlinked blocks were written, as a sentence."""
    blocks = count_text(written.blocks, "unlinked block")
    return f"wrote {path}: {blocks}, {size_text(written.size)}"


def lost_texts(written: Written, car: str = "the format car") -> list[str]:
    """Return sentences about what is not in the file, or not as a whole.

    Args:
        written: The result.
        car: How to ask for a CAR.
    """
    texts = []
    if written.partly:
        records = count_text(written.partly, "record")
        names = _named(written.partly_names, written.partly)
        texts.append(f"{records} {_PARTLY} ({names}): {car} keeps all bytes")
    if written.missing:
        blocks = count_text(written.missing, "block")
        names = _named(written.missing_names, written.missing)
        left = agreed(written.missing, "was left out", "were left out")
        texts.append(f"{blocks} could not be read and {left} ({names})")
    return texts


def _named(names: list[str], count: int) -> str:
    """Return the first names of *count*, and how many more there are."""
    shown = [safe(name, _LONGEST) for name in names[:_NAMED]]
    if more := count - len(shown):
        shown.append(f"and {more:,} more")
    return ", ".join(shown)
