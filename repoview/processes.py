"""Processes of this program that answer lines with lines, and may end at any time.

One is started with what this one imports from and nothing more: a process started by
`multiprocessing` imports from the folder that it is started in first, and that may be
a stranger's. It reads pickled bytes, writes `READY`, and then answers JSON on a line
with JSON on lines.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any, Final

from repoview.core.errors import RepoviewError, reason_of

READY: Final = b"ready\n"

_PROGRAM: Final = (
    "import sys; sys.path[:] = sys.argv[2:]; "
    "from importlib import import_module; import_module(sys.argv[1]).main()"
)
_PATIENCE: Final = 5.0
"""Seconds that a process has to end by itself when there is nothing left."""


_STARTS: Final = 3
"""Times that a process is started before it is given up."""


def processors() -> int:
    """Return how many processors this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class CannotStart(RepoviewError):
    """No process can be started, or none comes to the point where it is ready."""


class Died(Exception):
    """A process ended in the middle of its work; says how, behind "its process"."""


class Late(Exception):
    """A process gave no answer in time. It still runs."""


class Process:
    """One process.

    Args:
        module: Has a function ``main`` that serves until its input ends.
        setup: What it is to do, pickled.
        verbose: Whether its errors go to standard error.

    Raises:
        OSError: It cannot be started.
    """

    def __init__(self, module: str, setup: bytes, *, verbose: bool = False) -> None:
        command = [sys.executable, "-P", "-c", _PROGRAM, module, *sys.path]
        self._process = subprocess.Popen(  # noqa: S603 (this very program)
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None if verbose else subprocess.DEVNULL,
        )
        assert self._process.stdin is not None  # noqa: S101 (asked for)
        assert self._process.stdout is not None  # noqa: S101 (the same)
        self._in, self._out = self._process.stdin, self._process.stdout
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        with suppress(BrokenPipeError):
            self._in.write(setup)
            self._in.flush()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def _read(self) -> None:
        """Take its lines, in a thread, so that they can be waited for."""
        # Closed while it was read.
        with suppress(OSError, ValueError):
            for line in self._out:
                self._lines.put(line)
        self._lines.put(b"")

    def is_ready(self) -> bool:
        """Wait until it takes lines; tell whether it does."""
        return self._lines.get() == READY

    def is_alive(self) -> bool:
        """Tell whether it runs."""
        return self._process.poll() is None

    def send(self, value: Any) -> None:  # noqa: ANN401 (JSON)
        """Give it a line to answer.

        Raises:
            Died: It ended.
        """
        try:
            self._in.write(json.dumps(value).encode() + b"\n")
            self._in.flush()
        except BrokenPipeError:
            raise Died(self._how()) from None

    def receive(self, seconds: float | None = None) -> Any:  # noqa: ANN401 (JSON)
        """Return its next answer.

        Args:
            seconds: How long to wait; None for as long as it takes.

        Raises:
            Died: It ended before it had one.
            Late: The time is over.
        """
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            raise Late from None
        if not line.endswith(b"\n"):
            raise Died(self._how())
        return json.loads(line)

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
        """Close its pipes, when it has ended."""
        self._reader.join()
        for pipe in (self._in, self._out):
            with suppress(OSError):
                pipe.close()

    def _how(self) -> str:
        """Return how it ended."""
        code = self._process.wait()
        if code >= 0:
            return f"ended by itself, with {code}"
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = str(-code)
        memory = " (it may have taken more memory than there is)" if code == -9 else ""
        return f"was ended by the signal {name}{memory}"


class Pool:
    """Processes that do the same, each taken by one thread at a time.

    They are started as they are needed, and live until the pool is closed.

    Args:
        module: As for `Process`.
        setup: Likewise.
        work: What they do, in a word for messages.
        advice: What else is said where none can be started.
        verbose: As for `Process`.
    """

    def __init__(
        self,
        module: str,
        setup: bytes,
        work: str,
        advice: str = "",
        *,
        verbose: bool = False,
    ) -> None:
        self._module = module
        self._setup = setup
        self._work = work
        self._advice = advice
        self._verbose = verbose
        self._lock = threading.Lock()
        self._all: set[Process] = set()
        self._idle: list[Process] = []
        self._closed = False

    def taken(self) -> Process:
        """Return a process that has nothing to do; one more if all have.

        Raises:
            CannotStart: None can be started.
        """
        while True:
            with self._lock:
                process = self._idle.pop() if self._idle else None
            if process is None:
                return self._started()
            if process.is_alive():
                return process
            self.drop(process)

    def give_back(self, process: Process) -> None:
        """Take back a process that has nothing to do."""
        with self._lock:
            self._idle.append(process)

    def _started(self) -> Process:
        for _ in range(_STARTS):
            try:
                with self._lock:
                    if self._closed:
                        break
                    process = Process(self._module, self._setup, verbose=self._verbose)
                    self._all.add(process)
            except OSError as error:
                reason = reason_of(error)
                raise CannotStart(f"no process can be started: {reason}") from error
            if process.is_ready():
                return process
            self.drop(process)
        raise CannotStart(
            f"the processes that {self._work} end as soon as they begin: -v shows why"
            f"{self._advice}"
        )

    def drop(self, process: Process) -> None:
        """End a process at once."""
        with self._lock:
            self._all.discard(process)
        process.kill()
        process.close()

    def close(self, *, at_once: bool = False) -> None:
        """End all processes.

        Args:
            at_once: Whether in the middle of what they do.
        """
        with self._lock:
            self._closed = True
            processes, self._all = self._all, set()
        for process in processes:
            if at_once:
                process.kill()
            else:
                process.let_end()
        for process in processes:
            process.end()
            process.close()
