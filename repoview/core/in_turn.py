"""Do jobs in two threads, and give what they return in the order of the jobs.

The other thread does what comes next while this one uses what it was given, and
this one does a job itself where none is done. That pays off for jobs that let other
threads run, as those of the compiled kernel do.
"""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

T = TypeVar("T")

_AHEAD: Final = 2
"""Jobs whose results may wait."""


def in_turn(
    jobs: Iterable[Callable[[], T]], *, is_shared: bool
) -> Generator[T, None, None]:
    """Yield what jobs return, in their order.

    The jobs are asked for in this thread, two of them ahead. What one raises is
    raised in its turn. If the iterator is closed, it waits for the job that the
    other thread does.

    Args:
        jobs: Any number.
        is_shared: Whether another thread may do some of them.
    """
    if not is_shared:
        for job in jobs:
            yield job()
        return
    jobs, tasks = iter(jobs), _Tasks[T]()
    with tasks.done_by_another():
        while tasks.take_in(islice(jobs, tasks.room)):
            yield tasks.next()


def begun(items: Iterator[T]) -> Iterator[T]:
    """Return the same items, of which the first is made now: a job for `in_turn`."""
    return chain(list(islice(items, 1)), items)


class _Task(Generic[T]):
    """A job, and what became of it."""

    def __init__(self, job: Callable[[], T]) -> None:
        self._job = job
        self.is_taken = False
        self.is_done = False
        self._results: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """Do the job, and keep what it returns or raises."""
        try:
            self._results.append(self._job())
        except BaseException as error:  # noqa: BLE001 (`result` raises it)
            self._error = error

    def result(self) -> T:
        """Return what the job did, and keep it no longer; or raise its error."""
        if self._error is not None:
            raise self._error
        return self._results.pop()


class _Tasks(Generic[T]):
    """The tasks that come next, for two threads."""

    def __init__(self) -> None:
        self._tasks: deque[_Task[T]] = deque()
        self._moved = threading.Condition()
        self._is_over = False

    @contextmanager
    def done_by_another(self) -> Iterator[None]:
        """Have another thread do tasks until the block ends."""
        other = threading.Thread(target=self._run, name="in turn", daemon=True)
        try:
            other.start()
        except RuntimeError:
            # There can be no more threads: this one does them all.
            yield
            return
        try:
            yield
        finally:
            with self._moved:
                self._is_over = True
                self._moved.notify_all()
            other.join()

    @property
    def room(self) -> int:
        """How many more may wait."""
        return _AHEAD - len(self._tasks)

    def take_in(self, jobs: Iterable[Callable[[], T]]) -> bool:
        """Add jobs; tell whether there is anything to do."""
        for job in jobs:
            with self._moved:
                self._tasks.append(_Task(job))
                self._moved.notify_all()
        return bool(self._tasks)

    def next(self) -> T:
        """Return what the first of them did, when it is done."""
        first = self._tasks[0]
        while not first.is_done:
            task = self._free()
            if task is not None:
                self._do(task)
                continue
            with self._moved:
                self._moved.wait_for(lambda: first.is_done)
        with self._moved:
            self._tasks.popleft()
        return first.result()

    def _run(self) -> None:
        while True:
            with self._moved:
                self._moved.wait_for(lambda: self._is_over or self._has_free())
                if self._is_over:
                    return
            task = self._free()
            if task is not None:
                self._do(task)
            del task

    def _has_free(self) -> bool:
        return any(not task.is_taken for task in self._tasks)

    def _free(self) -> _Task[T] | None:
        """Take the first task that no thread has taken; None if there is none."""
        with self._moved:
            for task in self._tasks:
                if not task.is_taken:
                    task.is_taken = True
                    return task
        return None

    def _do(self, task: _Task[T]) -> None:
        task.run()
        with self._moved:
            task.is_done = True
            self._moved.notify_all()
