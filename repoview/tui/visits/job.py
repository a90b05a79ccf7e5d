"""A job: one long answer, worked out by a thread while the screen goes on.

The thread holds no lock and sends no message. It keeps plain counters, which
the screen reads some times a second; and it stops soon after it is told to.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

from repoview.core.errors import Cancelled, RepoviewError
from repoview.present import safe

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Job(Generic[T]):
    """Begun when it is made.

    Args:
        work: Gives the answer. It is given what to call now and then, with
            the share that is done; that raises `Cancelled` to end it.
    """

    def __init__(self, work: Callable[[Callable[[float], None]], T]) -> None:
        self.share = 0.0
        """How much is done: 0 to 1."""
        self.is_done = False
        self.error = ""
        """Why there is no answer, in words that are safe to show."""
        self.answer: T | None = None
        self._work = work
        self._is_stopped = False
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """Let it end soon, without an answer."""
        self._is_stopped = True

    def _check(self, share: float) -> None:
        self.share = share
        if self._is_stopped:
            raise Cancelled("the answer is not wanted any more")

    def _run(self) -> None:
        try:
            self.answer = self._work(self._check)
        except Cancelled:
            pass
        except RepoviewError as error:
            self.error = safe(str(error), 400)
        finally:
            self.is_done = True
