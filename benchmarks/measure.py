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
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, TemporaryFile
from threading import Event, Thread
from time import perf_counter
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

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


_TAIL: Final = 1 << 20
"""Bytes kept of what a process prints: the last ones. More would stay in the
memory of this process, and every other begins with that as its peak."""


class Prints(Enum):
    """What a contender prints."""

    ANSWER = "one line of JSON, with its records, and seconds by its own clock"
    REPORT = "what `repoview verify --json` says"
    LINES = "a line a record"
    ANYTHING = "what is not looked at"


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

    prints: Prints = Prints.ANSWER

    piped: bool = False
    """Whether ``cat`` gives it the file as its standard input."""

    car: Path | None = None
    """A file of its own, instead of the one that all are given."""

    ends: int = 0
    """The exit code of one that came to its end."""

    longest: float = LIMIT_SECONDS
    """Seconds after which it is ended."""

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
    for path in {car, *(contender.car or car for contender in contenders)}:
        _warm_up(path)
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
    car = contender.car or car
    with TemporaryDirectory(dir=scratch) as place, TemporaryFile() as errors:
        # No `str.format`: braces of a path would be taken for names.
        command = [
            part.replace("{car}", str(car)).replace("{scratch}", f"{place}/spill")
            for part in contender.command
        ]
        begin = perf_counter()
        with _standard_input(contender, car) as stdin:
            # The commands are those of this package.
            process = subprocess.Popen(  # noqa: S603
                command,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=ROOT,
                env=_environment(contender.environment),
            )
            # Else `cat` would never hear that nobody reads any more.
            stdin.close()
            printed, status, peak, reason = _wait(process, contender.longest)
            whole = perf_counter() - begin
        if not reason and status != contender.ends:
            reason = _last_line(errors) or f"ended with {status}"
    if reason:
        return Run(whole, whole, peak, failure=reason)
    return _read(contender.prints, printed, whole, peak)


@contextmanager
def _standard_input(contender: Contender, car: Path) -> Iterator[IO[bytes]]:
    """Give what a contender reads: nothing, or a pipe."""
    if not contender.piped:
        with Path(os.devnull).open("rb") as nothing:
            yield nothing
        return
    command = ("cat", str(car))
    # The command is well known.
    with subprocess.Popen(command, stdout=subprocess.PIPE) as cat:  # noqa: S603
        assert cat.stdout is not None  # noqa: S101 (it was asked for)
        yield cat.stdout


def _read(prints: Prints, printed: _Printed, whole: float, peak: int) -> Run:
    """Return what a process that came to its end took."""
    match prints:
        case Prints.ANSWER:
            answer = json.loads(printed.tail)
            return Run(answer["seconds"], whole, peak, answer["records"])
        case Prints.REPORT:
            report = json.loads(printed.tail)
            counts = report["counts"]
            found = {finding["code"] for finding in report["findings"]}
            failure = "ended by a limit" if "LIM001" in found else ""
            records = counts["records"] or counts["blocks"]
            return Run(whole, whole, peak, records, failure)
        case Prints.LINES:
            return Run(whole, whole, peak, printed.lines)
        case Prints.ANYTHING:
            return Run(whole, whole, peak)


class _Printed:
    """What a process prints: how many lines, and the last bytes of it."""

    def __init__(self, stdout: IO[bytes]) -> None:
        self.lines = 0
        self.tail = b""
        while piece := stdout.read(_TAIL):
            self.lines += piece.count(b"\n")
            self.tail = (self.tail + piece)[-_TAIL:]


def _environment(changes: Mapping[str, str | None]) -> dict[str, str]:
    changed = {**os.environ, **changes}
    return {name: value for name, value in changed.items() if value is not None}


def _wait(
    process: subprocess.Popen[bytes], longest: float
) -> tuple[_Printed, int, int, str]:
    """Return what was printed, the status, the peak and why it was ended."""
    watch = _Watch(process.pid, longest)
    watch.start()
    assert process.stdout is not None  # noqa: S101 (it was asked for)
    with process.stdout as stdout:
        printed = _Printed(stdout)
    _, status, usage = os.wait4(process.pid, 0)
    watch.over.set()
    watch.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    return printed, process.returncode, usage.ru_maxrss * _KIB, watch.reason


class _Watch(Thread):
    """Ends a process that goes over a limit."""

    def __init__(self, pid: int, longest: float) -> None:
        super().__init__(daemon=True)
        self.over = Event()
        self.reason = ""
        self._pid = pid
        self._longest = longest

    def run(self) -> None:
        begin = perf_counter()
        while not self.over.wait(0.1):
            if perf_counter() - begin > self._longest:
                self.reason = f"over {self._longest:.0f} s"
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
