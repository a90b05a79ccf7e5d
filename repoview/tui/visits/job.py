"""A job: one long computation in a thread of its own.

The thread holds no lock and sends no message. It keeps plain counters, which
the screen polls, and it can be cancelled.
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
    """A computation that starts when the object is made.

    Args:
        work: Returns the answer. Its argument is a callback that it calls
            often with the share that is done, and that raises `Cancelled`.
    """

    def __init__(self, work: Callable[[Callable[[float], None]], T]) -> None:
        self.share = 0.0
        """The share that is done, from 0 to 1."""
        self.is_done = False
        self.error = ""
        """Why there is no answer, in words that are safe to show."""
        self.answer: T | None = None
        self._work = work
        self._is_stopped = False
        threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """Cancel it: it ends soon, without an answer."""
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
