"""Export to a file, and the sentences about the result.

Shared by the command line and the explorer. Writes are atomic and overwrite
nothing unasked: see `destination`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.wording import agreed
from repoview.export.destination import DestinationError, written_beside
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


def export_file(
    repo: Repo,
    numbers: Sequence[int],
    form: Format,
    path: Path,
    report: Callable[[Progress], None],
    *,
    force: bool,
) -> Written:
    """Write records to a file, atomically.

    Args:
        repo: Where they are.
        numbers: Of the records, ascending.
        form: How to write them.
        path: The file.
        report: Called with progress; what it raises ends the writing.
        force: Whether a file that is there may be replaced.

    Raises:
        DestinationTaken: There is a file, and it may not be replaced.
        DestinationError: It is the source, or cannot be written.
        RepoviewError: The records cannot be read, or `report` ended it.
    """

    def writer(write: Callable[[bytes], object]) -> Written:
        return form.writer(repo, numbers, write, report)

    return write_file(repo, writer, path, force=force)


def write_file(
    repo: Repo,
    writer: Callable[[Callable[[bytes], object]], Written],
    path: Path,
    *,
    force: bool,
) -> Written:
    """Write a file, atomically; raises as `export_file` does.

    Args:
        repo: What is written is of it.
        writer: Writes, with the function that it is given.
        path: The file.
        force: Whether a file that is there may be replaced.
    """
    refuse_source(repo.name, path)
    with written_beside(path, force=force) as file:
        written = writer(file.write)
        written.size = file.tell()
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
