"""Run programs one after the other, and take their time and memory.

Each run is a new process. Runs are interleaved, there and back (A B C C B A):
a slow minute of the machine falls on all alike, and nobody always comes after
the same one, whose memory it may get warm. What is told is the median.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Event, Thread
from time import perf_counter
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
"""Where ``benchmarks`` can be imported from."""

LIMIT_SECONDS: Final = 120.0
LIMIT_BYTES: Final = 6 * 1024**3
"""A process that goes over one of these is ended, and shown so."""

PATIENCE: Final = 40.0
"""Seconds that one contender may spend on one file before it runs no more."""

_KIB: Final = 1024
"""What Linux counts peaks in."""

_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Contender:
    """A way to read a repository, as a command."""

    name: str
    """Whose it is, for choosing."""

    mode: str
    """How it reads, for the table."""

    command: tuple[str, ...]
    """With ``{car}`` for the file and ``{scratch}`` for an empty folder."""

    environment: Mapping[str, str | None] = field(default_factory=dict)
    """What is set, or with None unset, beside what is there."""

    largest: int | None = None
    """Records of the largest file that it is given."""

    counts: bool = True
    """Whether it prints records and seconds."""

    def __str__(self) -> str:
        return f"{self.name}, {self.mode}" if self.mode else self.name


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took."""

    seconds: float
    """Around the work, by the process's own clock; all of it if it has none."""

    whole: float
    """From its start to its end, in seconds."""

    peak: int
    """The most bytes that it held, mapped pages among them.

    Never less than `floor`, which a process starts with. So this one must stay
    small: it makes no input, and reads none.
    """

    records: int | None = None
    failure: str = ""
    """Why it came to no end, in a few words."""


NOT_RUN: Final = Run(0, 0, 0, failure="not run: ended before")
"""Of one that went over a limit on a file no larger."""


@dataclass(slots=True)
class Measured:
    """The runs of one contender on one file."""

    contender: Contender
    runs: list[Run] = field(default_factory=list)

    @property
    def failure(self) -> str:
        """Why a run came to no end; empty when all did."""
        return next((run.failure for run in self.runs if run.failure), "")

    @property
    def spent(self) -> float:
        """Seconds of all its runs."""
        return sum(run.whole for run in self.runs)

    @property
    def times(self) -> list[float]:
        """Seconds of the work, of each run."""
        return [run.seconds for run in self.runs]

    @property
    def seconds(self) -> float:
        """Seconds of the work."""
        return median(self.times)

    @property
    def whole(self) -> float:
        """Seconds of the process."""
        return median(run.whole for run in self.runs)

    @property
    def peak(self) -> int:
        """The most bytes that any run held."""
        return max(run.peak for run in self.runs)

    @property
    def records(self) -> set[int | None]:
        """The numbers of records that the runs found."""
        return {run.records for run in self.runs}


def measure(
    contenders: Sequence[Contender],
    car: Path,
    runs: int,
    scratch: Path,
    say: Callable[[str], None],
) -> list[Measured]:
    """Run every contender on one file, *runs* times or until patience ends."""
    _warm_up(car)
    measured = [Measured(contender) for contender in contenders]
    for number in range(runs):
        for one in reversed(measured) if number % 2 else measured:
            if one.failure or (number and one.spent > PATIENCE):
                continue
            run = run_once(one.contender, car, scratch)
            one.runs.append(run)
            took = run.failure or f"{run.seconds:.6f} s"
            say(f"{car.name}: {one.contender}: {took}")
    return measured


def _warm_up(car: Path) -> None:
    """Read a file once, so that nobody waits for the disk."""
    piece = bytearray(1 << 20)
    with car.open("rb", buffering=0) as file:
        while file.readinto(piece):
            pass


def run_once(contender: Contender, car: Path, scratch: Path) -> Run:
    """Run a contender on one file."""
    with TemporaryDirectory(dir=scratch) as place, TemporaryFile() as errors:
        # No `str.format`: braces of a path would be taken for names.
        command = [
            part.replace("{car}", str(car)).replace("{scratch}", f"{place}/spill")
            for part in contender.command
        ]
        begin = perf_counter()
        # The commands are those of this package.
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=ROOT,
            env=_environment(contender.environment),
        )
        printed, status, peak, reason = _wait(process)
        whole = perf_counter() - begin
        if not reason and status != 0:
            reason = _last_line(errors) or f"ended with {status}"
    if reason or not contender.counts:
        return Run(whole, whole, peak, failure=reason)
    answer = json.loads(printed)
    return Run(answer["seconds"], whole, peak, answer["records"])


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    changed = {**os.environ, **changes}
    return {name: value for name, value in changed.items() if value is not None}


def _wait(process: subprocess.Popen[bytes]) -> tuple[bytes, int, int, str]:
    """Return what was printed, the status, the peak and why it was ended."""
    watch = _Watch(process.pid)
    watch.start()
    assert process.stdout is not None  # noqa: S101 (it was asked for)
    with process.stdout as stdout:
        printed = stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    watch.over.set()
    watch.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    return printed, process.returncode, usage.ru_maxrss * _KIB, watch.reason


class _Watch(Thread):
    """Ends a process that goes over a limit."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.over = Event()
        self.reason = ""
        self._pid = pid

    def run(self) -> None:
        begin = perf_counter()
        while not self.over.wait(0.1):
            if perf_counter() - begin > LIMIT_SECONDS:
                self.reason = f"over {LIMIT_SECONDS:.0f} s"
            elif _resident(self._pid) > LIMIT_BYTES:
                self.reason = f"over {LIMIT_BYTES // 1024**3} GiB"
            if self.reason:
                os.kill(self._pid, signal.SIGKILL)
                return


def _resident(pid: int) -> int:
    """Return the bytes that a process holds; 0 where that cannot be told."""
    try:
        numbers = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()
    except OSError:
        return 0
    return int(numbers[1]) * _PAGE


def _last_line(file: IO[bytes]) -> str:
    file.seek(0)
    lines = file.read().decode(errors="replace").split("\n")
    return next((line.strip()[:80] for line in reversed(lines) if line.strip()), "")


def floor() -> int:
    """Return the peak of this process: what is less cannot be measured."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB


def chosen(contenders: Iterable[Contender], names: Sequence[str]) -> list[Contender]:
    """Return those whose name is among *names*; all if there are none."""
    return [one for one in contenders if not names or one.name in names]
