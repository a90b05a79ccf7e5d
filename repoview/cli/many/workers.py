"""Processes that verify sources side by side; outcomes come in the order given.

A process each, because verifying is Python for all that is not sound, and so
that a file that takes one down takes no other. A process that dies (killed for
want of memory, say) is the outcome of its source; another takes its place.
"""

from __future__ import annotations

import pickle
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Self

from repoview.cli.many.outcome import Outcome
from repoview.processes import Died, Pool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

    from repoview.cli.many.worker import Setup
    from repoview.listing import Unlisted

_MODULE: Final = "repoview.cli.many.worker"
_ADVICE: Final = ", and one source alone needs none"
_AHEAD: Final = 16
"""Sources a process that are verified ahead of the one whose turn it is."""


class Workers:
    """The processes of one run; close it, or use it with ``with``.

    Args:
        setup: What each is to do.
        count: How many there are at most; they are started as they are needed.
        verbose: Whether their errors go to standard error.
    """

    def __init__(self, setup: Setup, count: int, *, verbose: bool = False) -> None:
        self._count = count
        self._processes = Pool(
            _MODULE, pickle.dumps(setup), "verify", _ADVICE, verbose=verbose
        )
        self._threads = ThreadPoolExecutor(count, "verify")

    def outcomes(
        self, sources: Iterable[str | Unlisted], wait: Callable[[Future[Outcome]], None]
    ) -> Iterator[Outcome]:
        """Yield what comes of each source, in the order of these.

        Args:
            sources: Taken lazily, some of them ahead.
            wait: Called with what is to come next; returns when it is there.

        Raises:
            CannotStart: No process can be started.
        """
        coming: deque[Future[Outcome]] = deque()
        rest = iter(sources)
        while True:
            while len(coming) < self._count * _AHEAD:
                source = next(rest, None)
                if source is None:
                    break
                coming.append(self._outcome_of(source))
            if not coming:
                return
            wait(coming[0])
            yield coming.popleft().result()

    def _outcome_of(self, source: str | Unlisted) -> Future[Outcome]:
        if isinstance(source, str):
            return self._threads.submit(self._verify, source)
        known: Future[Outcome] = Future()
        known.set_result(Outcome(source.name, 1, error=source.why, is_folder=True))
        return known

    def _verify(self, source: str) -> Outcome:
        """Have one process verify a source, in a thread that waits for it."""
        worker = self._processes.taken()
        try:
            worker.send(source)
            outcome = Outcome(**worker.receive())
        except Died as error:
            self._processes.drop(worker)
            text = f"{source} was not verified: its process {error}"
            return Outcome(source, 1, error=text)
        self._processes.give_back(worker)
        return outcome

    def close(self, *, at_once: bool = False) -> None:
        """End all processes.

        Args:
            at_once: Whether in the middle of what they do.
        """
        self._processes.close(at_once=at_once)
        # The threads that waited for a worker have seen it end.
        self._threads.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(at_once=kind is not None)
