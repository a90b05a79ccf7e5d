"""Open the frames of a saved stream one after the other, each as a repository."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from repoview.core.formats.frames.head import Which
from repoview.core.opening.opening import Opening
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import finish
from repoview.core.source.lent import LentSource

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.load.result import Progress
    from repoview.core.opening.options import OpenOptions
    from repoview.core.repo.repo import Repo
    from repoview.core.source.cancel import Cancel


def following(
    first: Repo,
    options: OpenOptions,
    cancel: Cancel | None = None,
    report: Callable[[Progress], None] | None = None,
) -> Iterator[Repo]:
    """Yield a repository for each frame behind that of *first*.

    They need the source of *first*, which must stay open; each is closed when the
    next one is asked for. One that a limit ended is the last.

    Args:
        first: Opened of any source; of one without frames nothing follows.
        options: How to open the others. The time that they may take is that of
            the first: it began with it.
        cancel: Ends it.
        report: Called with progress.

    Raises:
        SourceError: The bytes cannot be read.
        Cancelled: Somebody asked to stop.
    """
    source, frame = inside(first).source, first.frame
    deadline = inside(first).deadline
    while frame is not None and frame.has_next:
        number = frame.number + 1
        wanted = replace(options, frame=Which(number, number, frame.end))
        opening = Opening(LentSource(source), wanted, cancel, deadline=deadline)
        with finish(opening, report) as repo:
            yield repo
            frame = repo.frame
            if any(each.code == "LIM001" for each in repo.report.findings):
                return
