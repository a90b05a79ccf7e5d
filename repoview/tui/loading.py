"""Loading in a thread, watched from another.

The thread keeps plain counters, which the screen reads when it likes: a
message for every block would cost more than the block.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from repoview.core.errors import Cancelled, RepoviewError
from repoview.core.waiting import Cancel
from repoview.present import safe
from repoview.tui.session import Session

if TYPE_CHECKING:
    from repoview.core.loaded import Progress
    from repoview.core.opener import Target
    from repoview.settings import Settings


@dataclass(slots=True)
class Counters:
    """How far loading is; written by one thread and read by another."""

    stage: str = "load"
    done: int = 0
    total: int = 0
    blocks: int = 0
    started: float = 0.0


class Loading:
    """The opening of one source.

    Args:
        target: What can be opened.
        settings: What to check, and how much memory to take.
        name: What people call the target.
    """

    def __init__(
        self, target: Target, settings: Settings, name: str | None = None
    ) -> None:
        self.name = safe(name or str(target), 200)
        self.counters = Counters()
        self.session: Session | None = None
        """What came of it; None before the end, and when it failed."""
        self.error: str | None = None
        """Why it failed, as a sentence; None when it was cancelled."""
        self.exit_code = 0
        self._target = target
        self._settings = settings
        self._called = name
        self._cancel = Cancel()

    def run(self) -> None:
        """Read and verify the source; for a thread. Never raises for it."""
        self.counters.started = time.monotonic()
        try:
            repo = self._settings.load(
                self._target, self._note, self._cancel, self._called
            )
        except Cancelled:
            self.exit_code = Cancelled.exit_code
        except RepoviewError as error:
            self.error = safe(str(error), 1_000)
            self.exit_code = error.exit_code
        else:
            self.session = Session(repo)
            if repo.report.complete is None and not len(repo):
                # There is nothing to browse but the findings.
                self.exit_code = repo.report.exit_code

    def keep(self) -> None:
        """Write what was found into the cache; ends early when all is closed."""
        if self.session is not None:
            with suppress(RepoviewError):
                self.session.repo.keep(lambda _: self._cancel.check())

    def cancel(self) -> None:
        """Ask the thread to stop; it does within a MiB, or while it waits."""
        self._cancel.ask()

    def close(self) -> None:
        """Stop what runs, and let go of the source."""
        self._cancel.ask()
        if self.session is not None:
            self.session.close()

    def _note(self, progress: Progress) -> None:
        counters = self.counters
        counters.stage = progress.stage
        counters.total = progress.total
        counters.blocks = progress.blocks
        counters.done = progress.done
