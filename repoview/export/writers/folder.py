"""Records as a folder: one JSON file each, in the folder of its collection.

A file holds the record alone. Its path is in the names (`names`), and its CID
follows from it, so that `repoview build` makes the same tree of it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.export.formats import Written
from repoview.export.style import PLAIN, Style
from repoview.export.texts import record_texts
from repoview.export.writers.names import parts_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Repo
    from repoview.core.storage.atomic_folder import AtomicFolder
    from repoview.export.destination import Meter


def write_folder(
    repo: Repo,
    numbers: Sequence[int],
    folder: AtomicFolder,
    report: Callable[[Progress], None],
    style: Style,
    meter: Meter,
) -> Written:
    """Write records as files.

    Args:
        repo: Where they are.
        numbers: Of the records, each once.
        folder: Takes the files.
        report: Called with progress; what it raises ends the writing.
        style: How values are written.
        meter: Told of the bytes of each file.

    Raises:
        DestinationError: There are too many bytes.
        OSError: A file cannot be written.
    """
    written = Written()
    for record in record_texts(repo, numbers, report, written, style):
        data = record.text.encode() + b"\n"
        meter.add(len(data))
        folder.add(parts_of(record.key), data)
    return written


def write(
    repo: Repo,
    numbers: Sequence[int],
    write: Callable[[bytes], object],
    report: Callable[[Progress], None],
    style: Style = PLAIN,
) -> Written:
    """Write what the files hold one behind the other, to know how much it is."""
    written = Written()
    for record in record_texts(repo, numbers, report, written, style):
        write(record.text.encode() + b"\n")
    return written


def preview(repo: Repo, numbers: Sequence[int], most: int) -> list[str]:
    """Return the names of the first files."""
    return ["/".join(parts_of(repo.record(n).key)) for n in numbers[:most]]
