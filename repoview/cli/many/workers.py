"""Processes that verify sources side by side; outcomes come in the order given.

A process each, because verifying is Python for all that is not sound, and so
that a file that takes one down takes no other. A process that dies (killed for
want of memory, say) is the outcome of its source; another takes its place.

They are started with what this one imports from and nothing more: a process
started by `multiprocessing` imports from the folder that it is started in
first, and that may be a stranger's.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self

from repoview.cli.many.outcome import Outcome
from repoview.cli.many.worker import READY
from repoview.core.errors import RepoviewError, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

    from repoview.cli.many.listing import Unlisted
    from repoview.cli.many.worker import Setup

_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from repoview.cli.many.worker import main; main()"
)
_STARTS: Final = 3
"""Times that a process is started before it is given up."""

_AHEAD: Final = 16
"""Sources a process that are verified ahead of the one whose turn it is."""

_PATIENCE: Final = 5.0
"""Seconds that a process has to end by itself when there is nothing left."""


class CannotStart(RepoviewError):
    """No process can be started, or none comes to the point where it is ready."""


class _Died(Exception):
    """A process ended in the middle of a source; says how."""


class _Worker:
    """One process.

    Args:
        setup: What it is to do, pickled.
        verbose: Whether its errors go to standard error.
    """

    def __init__(self, setup: bytes, *, verbose: bool) -> None:
        command = [sys.executable, "-P", "-c", _PROGRAM, *sys.path]
        self._process = subprocess.Popen(  # noqa: S603 (this very program)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if verbose else subprocess.DEVNULL,
        )
        assert self._process.stdin is not None  # noqa: S101 (asked for)
        assert self._process.stdout is not None  # noqa: S101 (the same)
        self._in, self._out = self._process.stdin, self._process.stdout
        with suppress(BrokenPipeError):
            self._in.write(setup)
            self._in.flush()

    def is_ready(self) -> bool:
        """Wait until it takes sources; tell whether it does."""
        return self._out.readline() == READY

    def is_alive(self) -> bool:
        """Tell whether it runs."""
        return self._process.poll() is None

    def verify(self, source: str) -> Outcome:
        """Have it verify a source.

        Raises:
            _Died: It ended before it had.
        """
        try:
            self._in.write(json.dumps(source).encode() + b"\n")
            self._in.flush()
            line = self._out.readline()
        except BrokenPipeError:
            line = b""
        if not line.endswith(b"\n"):
            raise _Died(_how(self._process.wait()))
        return Outcome(**json.loads(line))

    def let_end(self) -> None:
        """Say that there is nothing left to do."""
        with suppress(BrokenPipeError):
            self._in.close()

    def end(self) -> None:
        """Wait until it ends, which it does when there is nothing left."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)
        self.kill()

    def kill(self) -> None:
        """End it at once. It has no files that outlive it."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Close its pipes."""
        for pipe in (self._in, self._out):
            with suppress(OSError):
                pipe.close()


class Workers:
    """The processes of one run; close it, or use it with ``with``.

    Args:
        setup: What each is to do.
        count: How many there are at most; they are started as they are needed.
        verbose: Whether their errors go to standard error.
    """

    def __init__(self, setup: Setup, count: int, *, verbose: bool = False) -> None:
        import pickle

        self._setup = pickle.dumps(setup)
        self._count = count
        self._verbose = verbose
        self._lock = threading.Lock()
        self._all: set[_Worker] = set()
        self._idle: list[_Worker] = []
        self._closed = False
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
        worker = self._taken()
        try:
            outcome = worker.verify(source)
        except _Died as error:
            self._drop(worker)
            text = f"{source} was not verified: its process {error}"
            return Outcome(source, 1, error=text)
        with self._lock:
            self._idle.append(worker)
        return outcome

    def _taken(self) -> _Worker:
        """Take a process that has nothing to do, or start one."""
        while True:
            with self._lock:
                worker = self._idle.pop() if self._idle else None
            if worker is None:
                return self._started()
            if worker.is_alive():
                return worker
            self._drop(worker)

    def _started(self) -> _Worker:
        for _ in range(_STARTS):
            try:
                with self._lock:
                    if self._closed:
                        break
                    worker = _Worker(self._setup, verbose=self._verbose)
                    self._all.add(worker)
            except OSError as error:
                reason = reason_of(error)
                raise CannotStart(f"no process can be started: {reason}") from error
            if worker.is_ready():
                return worker
            self._drop(worker)
        raise CannotStart(
            "the processes that verify end as soon as they begin: -v shows why, and "
            "one source alone needs none"
        )

    def _drop(self, worker: _Worker) -> None:
        with self._lock:
            self._all.discard(worker)
        worker.kill()
        worker.close()

    def close(self, *, at_once: bool = False) -> None:
        """End all processes.

        Args:
            at_once: Whether in the middle of what they do.
        """
        with self._lock:
            self._closed = True
            workers, self._all = self._all, set()
        for worker in workers:
            if at_once:
                worker.kill()
            else:
                worker.let_end()
        for worker in workers:
            worker.end()
        # The threads that waited for a worker have seen it end.
        self._threads.shutdown(cancel_futures=True)
        for worker in workers:
            worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(at_once=kind is not None)


def _how(code: int) -> str:
    """Return how a process ended, behind "its process"."""
    if code >= 0:
        return f"ended by itself, with {code}"
    import signal

    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    memory = " (it may have taken more memory than there is)" if code == -9 else ""
    return f"was ended by the signal {name}{memory}"
