"""One source becoming a repository: taken from the cache, or read step by step.

Between two steps its caller may stop it, or go on in another
thread; and what it holds is compared with what it may.
"""

from __future__ import annotations

import weakref
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Protocol

from repoview.core.errors import Left, LimitExceeded
from repoview.core.opening.budget import Budget
from repoview.core.opening.memory_limit import MemoryLimitReached
from repoview.core.opening.options import OpenOptions
from repoview.core.opening.reading import Reading
from repoview.core.source.cancel import LEFT, attend
from repoview.core.source.stream import StreamSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.load.result import Progress
    from repoview.core.opening.opened import Opened
    from repoview.core.source.cancel import Cancel
    from repoview.core.source.deadline import Deadline
    from repoview.core.source.source import Source
    from repoview.core.source.spool import Folder


class State(Enum):
    """How far an opening is."""

    FROM_CACHE = "from the cache"
    """All is known, and nothing was read."""

    READING = "reading"
    """There are steps to take."""

    DONE = "done"
    """All was read."""


class Kept(Protocol):
    """The cache entry of one source: read from, or to be written."""

    entry: Opened | None
    """What was kept; None for nothing."""

    def keep(
        self, opened: Opened, report: Callable[[Progress], None] | None = None
    ) -> None:
        """Write the entry from what was read."""

    def close(self) -> None:
        """Let go of the entry."""


def _call(method: weakref.WeakMethod[Callable[[], None]]) -> None:
    """Call a method, if what it is of is still there."""
    call = method()
    if call is not None:
        call()


class Opening:
    """One source on its way to a repository; close it when it is of no more use.

    Args:
        source: Closed with this.
        options: How to open it. An exception from its `process` function ends
            the opening, and is raised unchanged.
        cancel: Asks it to stop.
        kept: What the cache has of the source; closed with this. It has no
            results of a function, so where one is to run, all is read.
        deadline: The end of the time that it may take, if that began before;
            None for what the options say, from now on.
    """

    if TYPE_CHECKING:
        _reading: Reading
        _budget: Budget
        """Both are there unless all came from the cache: then no step is taken."""

    def __init__(
        self,
        source: Source,
        options: OpenOptions | None = None,
        cancel: Cancel | None = None,
        kept: Kept | None = None,
        deadline: Deadline | None = None,
    ) -> None:
        options = options or OpenOptions()
        self.source = source
        self.room = options.room
        """What it may take of memory and disk."""
        self.checks = options.checks
        """What it is verified by."""
        self.threads = options.threads
        """How many it may have; None for as many as are of use."""
        self.state = State.READING
        self.opened: Opened | None = None
        """What came of it, once nothing is left to be read."""
        self._kept = kept
        self._keeper = None if kept is None or kept.entry is not None else kept
        """Where what is read is still to be kept; None for nowhere."""
        self.deadline = deadline or options.deadline()
        """The end of the time that it may take; None for no such limit."""
        self._cancel = cancel
        self._on_limit = options.on_limit
        self._is_left = False
        self._over: LimitExceeded | None = None
        if kept is not None and kept.entry is not None and options.process is None:
            self.state, self.opened = State.FROM_CACHE, kept.entry
            return
        # A Python call, so that signals are handled here.
        pause = (lambda: None) if cancel is None else cancel.check
        self._reading = Reading(source, options, pause)
        self._budget = Budget(self._reading, options.room)
        if isinstance(source, StreamSource):
            # Weakly: a source that held this would keep all that was read.
            source.on_piece = partial(_call, weakref.WeakMethod(self._on_piece))

    @property
    def known(self) -> Reading | Opened:
        """The records, nodes, blocks and commit that are known so far."""
        return self._reading if self.opened is None else self.opened

    @property
    def findings_counted(self) -> dict[str, int]:
        """The number of findings while it is read, by severity."""
        return self._reading.findings.totals()

    def run(self, report: Callable[[Progress], None] | None = None) -> Opened:
        """Take all remaining steps.

        Args:
            report: Called with progress after every step; what it raises
                ends the opening.

        Raises:
            MemoryLimitReached: The memory limit is reached; see there.
            SourceError: The bytes cannot be read.
            Cancelled: It was cancelled.
        """
        while self.opened is None:
            self.advance(report)
        return self.opened

    def advance(self, report: Callable[[Progress], None] | None = None) -> None:
        """Take one step; after the last, `opened` is there. Raises as `run` does."""
        if self.opened is not None:
            return
        try:
            progress = self._step()
            if progress is None:
                self.source.let_go()
                self.state, self.opened = State.DONE, self._reading.opened
                return
            if self._cancel is not None:
                self._cancel.check()
            if report is not None:
                report(progress)
            self._keep_within()
        except MemoryLimitReached:
            raise
        except BaseException:
            self.close()
            raise

    def _step(self) -> Progress | None:
        if self._cancel is not None:
            self._cancel.check()
            if self._cancel.left and not self._is_left:
                self._is_left = True
                if self._cancel.is_heeded:
                    # The reading has ended, and what came is to be walked.
                    self._budget.begin_again()
                else:
                    self.leave_rest(Left(LEFT))
        over, self._over = self._over, None
        return self._reading.step(over)

    def _keep_within(self) -> None:
        """Check the limits, and act on one that is exceeded."""
        if self.deadline is not None:
            try:
                self.deadline.attend()
            except Left as ended:
                # Each time, so that neither the reading nor the walk goes on.
                self._over = ended
                return
        over = self._budget.look()
        if over is None:
            return
        if over.is_memory and self._on_limit == "raise":
            raise MemoryLimitReached._make(over.sentence, self)
        self.leave_rest(LimitExceeded(over.sentence))

    def _on_piece(self) -> None:
        attend(self._cancel, self.deadline)
        self._budget.look_within_step()

    def allow(
        self,
        memory: int | None = None,
        *,
        folder: Folder | None = None,
        disk: int | None = None,
    ) -> None:
        """Raise its limits; `run` then continues. See `Budget.allow`."""
        self._budget.allow(memory, folder, disk)

    def leave_rest(self, why: LimitExceeded) -> None:
        """Leave the rest unread and unwalked (LIM001)."""
        self._over = LimitExceeded(str(why))
        self._budget.begin_again()

    def keep(self, report: Callable[[Progress], None] | None = None) -> None:
        """Write into the cache what was read, once; unless it is there already.

        Without a cache, or when it takes nothing, this does nothing. It takes
        about as long as reading the source did.

        Args:
            report: Called for every MiB; what it raises ends it, and closes
                this; then nothing is kept.
        """
        if self._keeper is None or self.opened is None:
            return
        keeper, self._keeper = self._keeper, None
        try:
            keeper.keep(self.opened, report)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the source, and what was opened."""
        if self.state is State.READING:
            self._reading.close()
        if self._kept is not None:
            self._kept.close()
        self.source.close()
