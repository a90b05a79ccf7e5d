"""A worker that runs one job at a time, and keeps only the newest of the rest.

Each letter that is typed asks for another list, which is made in a thread. A
job that was superseded before it began is dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from repoview.core.errors import RepoviewError

if TYPE_CHECKING:
    from textual.widget import Widget

Job: TypeAlias = Callable[[], Any]
Answer: TypeAlias = Callable[[Any], None]


class Latest:
    """A queue of length one before a worker thread.

    Args:
        owner: The widget that runs the worker and receives the answers.
    """

    def __init__(self, owner: Widget) -> None:
        self._owner = owner
        self._is_busy = False
        self._wanted: tuple[Job, Answer] | None = None

    def ask(self, job: Job, answer: Answer) -> None:
        """Queue a job, in place of any that has not begun.

        Args:
            job: Runs in a thread.
            answer: Called with its result, in the app's thread; not if another
                job was queued since, or if the engine raised.
        """
        self._wanted = job, answer
        if not self._is_busy:
            self._begin()

    def forget(self) -> None:
        """Drop the queued job, and the answer of the running one."""
        self._wanted = None

    def _begin(self) -> None:
        wanted = self._wanted
        self._is_busy = wanted is not None
        if wanted is not None:
            self._owner.run_worker(partial(self._run, wanted), thread=True)

    def _run(self, wanted: tuple[Job, Answer]) -> None:
        try:
            found = wanted[0]()
        except RepoviewError:
            found = _NOTHING
        self._owner.call_later(self._take, wanted, found)

    def _take(self, wanted: tuple[Job, Answer], found: object) -> None:
        """Deliver an answer that is still wanted, and run the queued job."""
        if self._wanted is wanted:
            self._wanted = None
            if found is not _NOTHING:
                wanted[1](found)
        self._begin()


_NOTHING: Final = object()
"""The result of a job that failed: the screen stays as it is."""
