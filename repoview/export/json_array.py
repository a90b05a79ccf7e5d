"""Records as one JSON array, for readers that want a document; see `jsonl`.

Each record is an object on a line of its own, so that the array can be read
line by line, and is never in memory as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.export.formats import Written
from repoview.export.jsonl import lines
from repoview.export.style import PLAIN, Style

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Repo


def write(
    repo: Repo,
    numbers: Sequence[int],
    write: Callable[[bytes], object],
    report: Callable[[Progress], None],
    style: Style = PLAIN,
) -> Written:
    """Write records as a JSON array; see `formats.Writer`."""
    written = Written()
    rest = lines(repo, numbers, report, written, begin=b",\n")
    # Nothing stands before the first.
    write(b"[" + style.apply_lines(next(rest, b","))[1:])
    for text in rest:
        write(style.apply_lines(text))
        del text
    write(b"\n]\n" if written.records else b"]\n")
    return written
