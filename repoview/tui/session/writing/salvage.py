"""What can be saved of a source, and what is lost; and the writing of it.

The source is read once more, by itself: what the explorer has open is not used.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from repoview.core.salvage.salvage import salvage
from repoview.core.source.cancel import Cancel
from repoview.export.destination import written_beside
from repoview.present import safe
from repoview.present.salvage import (
    advice_text,
    car_text,
    collection_lines,
    lost_facts,
    salvage_sentence,
    saved_facts,
)
from repoview.tui.session.writing.writing import (
    LINE,
    WriteJob,
    proposed_name,
    refusal_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from repoview.core.load.result import Progress
    from repoview.core.opening.options import OpenOptions
    from repoview.core.salvage.salvage import Salvage

_COLLECTIONS: Final = 20
"""Collections that are listed."""

_WIDTH: Final = 92
"""Cells of their list."""


@dataclass(frozen=True, slots=True)
class Saved:
    """The outcome of a dry run, in words that are safe to show."""

    sentence: str
    saved: list[tuple[str, str]]
    """Labels, and what is said of each; so are the lost."""

    lost: list[tuple[str, str]]
    collections: list[str]
    """Lines of a table; the first is its head. Empty for no collection."""

    advice: str
    is_any: bool
    """Whether there is anything to write."""


class SalvageJob(WriteJob):
    """One CAR to write; its progress is counted in blocks.

    Args:
        path: The file to write.
        total: How many blocks can be saved.
        force: Whether an existing file may be replaced.
        rebuild_tree: Whether it gets a new tree of all keys that are known.
    """

    def __init__(
        self, path: Path, total: int, *, force: bool, rebuild_tree: bool
    ) -> None:
        super().__init__(path, total, force=force)
        self.rebuild_tree = rebuild_tree


class SalvageAnswers:
    """A dry run, and the writing of what it found; close it.

    Args:
        target: The path or address, which is read again.
        options: What it may take.
        name: What to call it in messages.
    """

    def __init__(self, target: str, options: OpenOptions, name: str) -> None:
        self._target, self._options, self._name = target, options, name
        self._cancel = Cancel()
        self._at_work = threading.Lock()
        self._found: Salvage | None = None
        self._is_closed = False

    def find(self, check: Callable[[float], None]) -> Saved:
        """Read the source, and return what can be saved; in a thread.

        Args:
            check: Told of the share that is done; what it raises ends it.

        Raises:
            LimitExceeded: There is more than memory and disk may take.
            SourceError: The bytes cannot be read.
            Cancelled: It was closed.
        """

        def report(progress: Progress) -> None:
            check(progress.done / (progress.total or max(1, progress.done)))

        with self._at_work:
            self._found = found = salvage(
                self._target, self._options, report, self._cancel, name=self._name
            )
        told = found.report
        return Saved(
            salvage_sentence(told, is_dry=True),
            list(saved_facts(told)) if told.blocks else [],
            list(lost_facts(told)),
            list(collection_lines(told.collections, _WIDTH, _COLLECTIONS)),
            advice_text(told) or "",
            bool(told.blocks),
        )

    def proposed(self) -> str:
        """Return a name for a new file in the current folder."""
        return proposed_name(self._target, "saved", ".car")

    def refusal(self, text: str) -> str:
        """Return why the file that was typed cannot be written; see `refusal_of`."""
        return refusal_of(self._target, text)

    def job(self, path: Path, *, force: bool, rebuild_tree: bool) -> SalvageJob | None:
        """Return the job that writes a CAR; None where there is nothing to write."""
        found = self._found
        if found is None or not found.report.blocks:
            return None
        total = found.report.blocks
        return SalvageJob(path, total, force=force, rebuild_tree=rebuild_tree)

    def write(self, job: SalvageJob) -> None:
        """Run a job; in a thread. Errors of the job are kept in it."""
        job.run(lambda: self._write(job))

    def _write(self, job: SalvageJob) -> str:
        found = self._found
        assert found is not None  # noqa: S101 (the job is made of it)
        with self._at_work, written_beside(job.path, force=job.force) as file:
            written = found.write_car(
                file.write, job.note, rebuild_tree=job.rebuild_tree
            )
        # The absolute path, so that the current folder need not be known.
        return safe(car_text(written, str(job.path.absolute())), 2 * LINE)

    def close(self) -> None:
        """Cancel what runs, and free what was kept, as soon as nothing runs."""
        if not self._is_closed:
            self._is_closed = True
            self._cancel.ask()
            threading.Thread(target=self._let_go, daemon=True).start()

    def _let_go(self) -> None:
        with self._at_work:
            if self._found is not None:
                self._found.close()
