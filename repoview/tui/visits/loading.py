"""Loading in a thread, with counters to poll and a queue of questions.

The thread keeps plain counters, which the screen polls: a message for every
block would cost more than the block. Questions about what is loaded so far are
queued, and the thread itself answers them between two steps, or while it waits
for bytes; the screen never blocks on it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from repoview.core.errors import Cancelled, RepoviewError
from repoview.core.limits import MiB
from repoview.core.opening.opening import State
from repoview.core.repo.begin import begin
from repoview.core.repo.inside import inside
from repoview.core.repo.partial import Partial
from repoview.core.repo.repo import finish
from repoview.core.source.cancel import Cancel
from repoview.present import safe
from repoview.tui.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.load.result import Progress
    from repoview.core.opening.opening import Opening
    from repoview.core.source.opener import Target
    from repoview.settings import Settings

    Question: TypeAlias = Callable[[Session], Any]
    Answer: TypeAlias = Callable[[Any], None]

_READ_AT_ONCE: Final = 16 * MiB
"""Bytes that are read before the first screen is drawn, if it needs no more: a
smaller file is verified by then."""

_PATIENCE: Final = 1.5
"""Most seconds that reading waits for the first screen."""

_LOOK: Final = 0.05
"""Seconds between two looks whether it still has to wait."""


@dataclass(slots=True)
class Counters:
    """The progress of loading; written by one thread and read by another."""

    stage: str = "load"
    done: int = 0
    total: int = 0
    blocks: int = 0
    records: int = 0
    findings: int = 0
    """Those above the severity info."""
    started: float = 0.0


class Loading:
    """The opening of one source.

    Args:
        target: What can be opened.
        settings: What to check, and how much memory to use.
        name: What to show for the target.
        ready: Called in the thread with the session, before it is published.
    """

    def __init__(
        self,
        target: Target,
        settings: Settings,
        name: str | None = None,
        ready: Callable[[Session], None] = lambda _: None,
    ) -> None:
        self.name = safe(name or str(target), 200)
        self.counters = Counters()
        self.session: Session | None = None
        """The result; None until the end, and if it failed."""
        self.error: str | None = None
        """Why it failed, as a sentence; None if it was cancelled."""
        self.exit_code = 0
        self.notify: Callable[[], None] = lambda: None
        """Called by the thread when answers are ready, and at the end."""
        self.fault: BaseException | None = None
        """A bug: an unexpected exception, which ended the thread."""
        self._target = target
        # Records are shown while loading, and nobody can be asked to raise the
        # memory limit.
        self._options = replace(settings.options, eager=True, on_limit="leave")
        self._called = name
        self._ready = ready
        self._cancel = Cancel()
        self._partial: Partial | None = None
        self._growing: Session | None = None
        self._questions: deque[tuple[Question, Answer]] = deque()
        self._answers: deque[tuple[Answer, Any]] = deque()
        self._thread: threading.Thread | None = None
        self._is_shown = threading.Event()
        self._gives_way = False
        """Whether it waits for the first screen before it reads much."""
        self._stirred = threading.Event()
        """Set when there is a question, or no need to wait any more."""

    def begin(self) -> None:
        """Start the thread, unless it was started."""
        if self._thread is None:
            # A daemon: it is not joined, but cancelled when the app exits.
            self._thread = threading.Thread(target=self._work, daemon=True)
            self._thread.start()

    def _work(self) -> None:
        try:
            self.run()
            self.notify()
            # Until the first screen is drawn, it has the processor for itself.
            self._is_shown.wait()
            self.keep()
        except BaseException as error:  # noqa: BLE001 (raised again by the screen)
            self.fault = error
            self.notify()

    def run(self) -> None:
        """Read and verify the source; in a thread. Keeps any error in `error`."""
        self.counters.started = time.monotonic()
        self._cancel.on_wake = self._serve
        try:
            opening = begin(
                self._target, self._options, self._cancel, name=self._called
            )
            if opening.state is State.READING:
                self._read(opening)
            repo = finish(opening)
        except Cancelled:
            self.exit_code = Cancelled.exit_code
        except RepoviewError as error:
            self.error = safe(str(error), 1_000)
            self.exit_code = error.exit_code
        else:
            self.counters.records = len(repo)
            session = Session(repo)
            self._ready(session)
            self.session = session
            if repo.report.complete is None and not len(repo):
                # There is nothing to browse but the findings.
                self.exit_code = repo.report.exit_code

    def _read(self, opening: Opening) -> None:
        self._partial = partial = Partial(opening)
        self._growing = Session(partial)
        counters = self.counters
        while opening.state is State.READING:
            opening.advance(self._note)
            told = opening.findings_counted
            counters.findings = sum(told.values()) - told.get("info", 0)
            counters.records = len(partial)
            self._serve()
            self._wait_for_screen()
        self._partial = None

    def _wait_for_screen(self) -> None:
        """Leave the processor to the first screen, once that can be filled.

        Otherwise the threads that hash take it from the one that draws, and on
        two cores the screen comes a third later. Questions are answered.
        """
        counters = self.counters
        until = time.monotonic() + _PATIENCE
        while (
            self._gives_way
            and counters.records
            and counters.done >= _READ_AT_ONCE
            and time.monotonic() < until
            and not (self._cancel.asked or self._cancel.left)
        ):
            self._stirred.wait(_LOOK)
            self._stirred.clear()
            self._serve()
        if counters.records and time.monotonic() >= until:
            self._gives_way = False

    def _note(self, progress: Progress) -> None:
        counters = self.counters
        counters.stage = progress.stage
        counters.total = progress.total
        counters.blocks = progress.blocks
        counters.done = progress.done

    def poll(self) -> Counters:
        """Return the counters as they are now."""
        if self._partial is not None and self.counters.stage == "load":
            # A step of a slow source takes long; its bytes are counted sooner.
            came = self._partial.bytes_come
            self.counters.done = max(self.counters.done, came)
        return self.counters

    # Questions, asked by the screen and answered by the thread

    def ask(self, question: Question, answer: Answer) -> None:
        """Queue a question for the thread; `give_answers` delivers the answer."""
        self._questions.append((question, answer))
        self._cancel.wake()
        self._stirred.set()

    def _serve(self) -> None:
        """Answer the queued questions; in the thread, between two steps."""
        session = self._growing
        if session is None or not self._questions:
            return
        while self._questions:
            question, answer = self._questions.popleft()
            with suppress(RepoviewError):
                self._answers.append((answer, question(session)))
        self.notify()

    def give_answers(self) -> None:
        """Deliver the answers that are ready; at the end, answer the rest."""
        while self._answers:
            answer, found = self._answers.popleft()
            answer(found)
        while self.session is not None and self._questions:
            question, answer = self._questions.popleft()
            with suppress(RepoviewError):
                answer(question(self.session))

    # The first screen, and ending

    def give_way(self) -> None:
        """Read little until `go_on`; call it before `begin`."""
        self._gives_way = True

    def go_on(self) -> None:
        """Read the rest, as the first screen is drawn."""
        self._gives_way = False
        self._stirred.set()

    def shown(self) -> None:
        """Let the thread go on with what it deferred until a screen is shown."""
        self._is_shown.set()

    def keep(self) -> None:
        """Write the results into the cache, unless it is cancelled.

        For a repository from the cache it builds the block index in advance.
        """
        if self.session is not None:
            with suppress(RepoviewError):
                parts = inside(self.session.repo)
                parts.keep(lambda _: self._cancel.check())
                self._cancel.check()
                len(parts.blocks.index)

    def leave(self) -> None:
        """Ask the thread to read no more, and to go on with what it has."""
        self._cancel.leave()

    @property
    def is_left(self) -> bool:
        """Whether the user ended the reading early."""
        return self._cancel.left

    def cancel(self) -> None:
        """Cancel the thread: it stops within a MiB, also while it waits."""
        self._cancel.ask()
        self._is_shown.set()

    def close(self) -> None:
        """Cancel the thread, and close the source."""
        self.cancel()
        if self.session is not None:
            self.session.close()
