"""One thing at a time beside the screen, and of those that wait only the last.

While somebody types, each letter asks for another list. A thread makes it;
what was asked for in the meantime and is not wanted any more is never begun.
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
    """Runs jobs in a thread, the newest of those that wait.

    Args:
        owner: Runs the thread, and has answers given in its own.
    """

    def __init__(self, owner: Widget) -> None:
        self._owner = owner
        self._is_busy = False
        self._wanted: tuple[Job, Answer] | None = None

    def ask(self, job: Job, answer: Answer) -> None:
        """Have a job done, in place of any that was not begun.

        Args:
            job: For a thread.
            answer: Given what it returned, in the thread of the screen; not
                called if another job was asked for, or if the engine raised.
        """
        self._wanted = job, answer
        if not self._is_busy:
            self._begin()

    def forget(self) -> None:
        """Let no job begin that waits, and no answer be given."""
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
        """Give an answer that is still wanted, and do what waits."""
        if self._wanted is wanted:
            self._wanted = None
            if found is not _NOTHING:
                wanted[1](found)
        self._begin()


_NOTHING: Final = object()
"""What a job returns that failed: the screen stays as it is."""
