"""Measure the explorer on a pseudo-terminal: ``python -m benchmarks.explorer``.

The real program over 1,320,000 records, as a terminal sees it: when something
is painted, when there are records to look at, how long after a key the screen
changes, how long leaving takes, and the most memory the whole process held.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import termios
from contextlib import suppress
from pathlib import Path
from subprocess import Popen, check_output
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Final

from benchmarks import ours, table
from benchmarks.inputs import DATA, inputs
from benchmarks.machine import facts
from benchmarks.targets import Target

if TYPE_CHECKING:
    from collections.abc import Iterator

_RECORDS: Final = 1_320_000
_WIDTH, _HEIGHT = 120, 40
_PATIENCE: Final = 60.0
"""Seconds after which a screen is not coming any more."""

_QUIET: Final = 0.15
"""Seconds without a byte after which a screen is whole."""

_BREATH: Final = 0.004
"""Seconds without a byte after which a key may be pressed."""

_RECORDS_SHOWN: Final = b"All records"
_VERDICT: Final = b"SOUND"

_FED: Final = 64 * 1024
_FED_A_SECOND: Final = 20_000_000
"""Bytes that a pipe is given at a time, and a second at most."""

_WHILE_LOADING: Final = 60
_REDRAWN: Final = 300
"""Bytes of a screen that changed by a key; a line that tells how far the
reading is has fewer."""

_FILTERS: Final = ("filter", "filter, one letter")

_KEYS: Final = {
    "down, held": ["\x1b[B"] * 60,
    "page down": ["\x1b[6~"] * 30,
    "end, home": ["G", "g"] * 8,
    "another collection": ["\x1b[Z", *["\x1b[B", "\x1b[A"] * 8, "\t"],
    "tabs of a record": ["2", "3", "4", "1"] * 4,
    "filter": ["/", *"like/3l", "\r", "\x1b"],
    "filter, one letter": ["/", "e", "\x7f", "3", "\x7f", "k", "\r", "\x1b"],
    "tree": ["t", *["\x1b[B"] * 10, "*", "G", "g", "\x1b[6~", "-", "c"],
    "overview": ["i", "c"] * 3,
    "blocks": ["b", *["\x1b[B"] * 10, "G", "g", "c"],
    "findings": ["v", "c"] * 3,
}
"""What is pressed, one after the other, each when the screen is still."""


class Terminal:
    """The program on a terminal of its own; close it."""

    def __init__(self, *words: str) -> None:
        self.begun = perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
            # The program is our own.
            os.execv(sys.executable, [sys.executable, "-m", "repoview", *words])  # noqa: S606
        size = struct.pack("HHHH", _HEIGHT, _WIDTH, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)
        self._seen = b""

    def _more(self, longest: float) -> bytes:
        """Return what is written next; nothing after some seconds, or its end."""
        ready, _, _ = select.select([self.fd], [], [], longest)
        try:
            return os.read(self.fd, 1 << 16) if ready else b""
        except OSError:
            return b""

    def wait_for(self, *texts: bytes) -> float:
        """Return the seconds from the start until one of *texts* was written."""
        while not any(text in self._seen for text in texts):
            piece = self._more(_PATIENCE)
            if not piece:
                raise TimeoutError(f"no {texts!r}: {self._seen[-500:]!r}")
            self._seen += piece
        return perf_counter() - self.begun

    def settle(self) -> None:
        """Wait until nothing more is written."""
        while self._more(_QUIET):
            continue

    def press(self, key: str, least: int = 1) -> float:
        """Return the seconds from a key until the screen begins to change.

        Args:
            key: What the keyboard sends.
            least: Bytes that must have come; fewer are not for the key.
        """
        # What is still on its way was not for this key.
        while self._more(_BREATH):
            continue
        begun = perf_counter()
        os.write(self.fd, key.encode())
        came = 0
        while came < least:
            piece = self._more(1.0)
            if not piece:
                return 0.0
            came += len(piece)
        return perf_counter() - begun

    def memory(self) -> int:
        """Return the most bytes that the process held; 0 where nobody tells."""
        status = Path(f"/proc/{self.pid}/status")
        for line in status.read_text().splitlines() if status.exists() else ():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
        return 0

    def leave(self) -> float:
        """Return the seconds from the key that quits until the process has ended."""
        begun = perf_counter()
        os.write(self.fd, b"q")
        while self._more(_PATIENCE):
            continue
        os.waitpid(self.pid, 0)
        return perf_counter() - begun

    def close(self) -> None:
        """End the program, if it did not end by itself."""
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.fd)


def opened(path: Path, cache: Path) -> dict[str, float]:
    """Return how an opening goes, from the cache if that knows the file."""
    terminal = Terminal(str(path), "--cache-dir", str(cache))
    try:
        found = {"first paint": terminal.wait_for(b"Opening", _RECORDS_SHOWN)}
        found["browsable"] = terminal.wait_for(_RECORDS_SHOWN)
        found["whole"] = terminal.wait_for(_VERDICT)
        terminal.settle()
        found["memory"] = terminal.memory()
        found["leaving"] = terminal.leave()
    finally:
        terminal.close()
    return found


def keyed(path: Path, cache: Path) -> tuple[dict[str, list[float]], float]:
    """Return the delays of keys by what they do, and the most memory."""
    terminal = Terminal(str(path), "--cache-dir", str(cache))
    try:
        terminal.wait_for(_VERDICT)
        terminal.settle()
        delays: dict[str, list[float]] = {}
        for what, keys in _KEYS.items():
            delays[what] = list(_pressed(terminal, keys))
        return delays, terminal.memory()
    finally:
        terminal.close()


def _pressed(terminal: Terminal, keys: list[str]) -> Iterator[float]:
    for key in keys:
        # A key that changes nothing on the screen has no delay.
        if delay := terminal.press(key):
            yield delay
        terminal.settle()


def while_loading(path: Path, folder: Path) -> list[float]:
    """Return the delays of keys while the file still comes through a pipe."""
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    # Who feeds it is this program again, so that it has an interpreter of its own.
    words = [sys.executable, "-m", "benchmarks.explorer", "--feed", str(path)]
    with Popen([*words, str(pipe)]) as feeder:  # noqa: S603 (our own program)
        terminal = Terminal(str(pipe), "--cache-dir", str(folder))
        try:
            terminal.wait_for(_RECORDS_SHOWN)
            delays = [
                terminal.press("\x1b[6~" if number % 10 == 9 else "\x1b[B", _REDRAWN)
                for number in range(_WHILE_LOADING)
            ]
        finally:
            terminal.close()
            feeder.kill()
    return [delay for delay in delays if delay]


def _feed(path: Path, pipe: Path) -> None:
    """Give a file to a pipe as a fair network would."""
    with path.open("rb") as source, pipe.open("wb", buffering=0) as sink:
        while piece := source.read(_FED):
            sink.write(piece)
            sleep(_FED / _FED_A_SECOND)


# What is told


def _targets(
    cold: list[dict[str, float]],
    cached: list[dict[str, float]],
    delays: dict[str, list[float]],
    memory: dict[str, float],
) -> Iterator[Target]:
    def middle(runs: list[dict[str, float]], name: str) -> float:
        return statistics.median(run[name] for run in runs)

    yield Target("first paint", 0.6, middle(cold, "first paint"), "s")
    yield Target("browsable, cold", 0.6, middle(cold, "browsable"), "s")
    yield Target("browsable, from the cache", 0.6, middle(cached, "browsable"), "s")
    every = sorted(delay * 1000 for some in delays.values() for delay in some)
    yield Target("any key, 95th percentile", 30, _share(every, 0.95), "ms")
    yield Target("any key, longest", 100, every[-1], "ms")
    typed = [d * 1000 for name in _FILTERS for d in delays.get(name, [])]
    yield Target("a key in the filter, longest", 60, max(typed, default=0), "ms")
    yield Target("peak, cold", 260, memory["cold"] / 1e6, "MB")
    yield Target("peak, from the cache", 160, memory["cached"] / 1e6, "MB")
    leaving = max(run["leaving"] for run in (*cold, *cached))
    yield Target("leaving, longest", 0.2, leaving, "s")


def _share(ordered: list[float], part: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def _rows(delays: dict[str, list[float]]) -> Iterator[str]:
    yield from table.headed("Keys: how long until the screen begins to change, in ms")
    yield from table.head("", "keys", "median", "95th percentile", "longest")
    for name, some in delays.items():
        ordered = sorted(delay * 1000 for delay in some)
        if ordered:
            figures = statistics.median(ordered), _share(ordered, 0.95), ordered[-1]
            yield table.row(name, str(len(some)), *(f"{ms:.1f}" for ms in figures))


def _openings(
    cold: list[dict[str, float]], cached: list[dict[str, float]]
) -> Iterator[str]:
    yield from table.headed("Opening, in s")
    names = ("first paint", "browsable", "whole", "leaving")
    yield from table.head("", *names, "peak MB")
    for title, runs in (("cold", cold), ("from the cache", cached)):
        middles = [statistics.median(run[name] for run in runs) for name in names]
        peak = max(run["memory"] for run in runs) / 1e6
        yield table.row(title, *(f"{s:.2f}" for s in middles), f"{peak:.0f}")


def main() -> int:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.explorer", description=__doc__
    )
    add = parser.add_argument
    add("--data", type=Path, default=DATA, help="folder for inputs")
    add("--records", type=int, default=_RECORDS, help="how many the file has")
    add("--runs", type=int, default=5, metavar="N", help="openings of each kind (5)")
    add("--write", action="store_true", help="put the tables into README.md")
    add("--feed", nargs=2, type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.feed:
        with suppress(BrokenPipeError):
            _feed(*options.feed)
        return 0
    one = inputs(options.data.resolve(), options.records, _say)[0]
    with TemporaryDirectory(prefix="repoview-") as folder:
        # Else it would begin where somebody left it.
        for name in ("CONFIG", "STATE"):
            os.environ[f"XDG_{name}_HOME"] = folder
        text = "\n".join(_measured(one.path, Path(folder), options.runs))
    print(text)
    if options.write:
        table.write("the explorer", text)
    return 0


def _measured(path: Path, folder: Path, runs: int) -> Iterator[str]:
    cold = []
    for number in range(runs):
        _say(f"opening, {number + 1} of {runs}")
        cold.append(opened(path, folder / f"cache-{number}"))
    cache = folder / "cache"
    _say("filling the cache")
    words = [sys.executable, "-m", "repoview", "info", str(path), "--cache-dir"]
    check_output([*words, str(cache)])  # noqa: S603 (our own program)
    cached = [opened(path, cache) for _ in range(runs)]
    _say("keys, from the cache")
    delays, kept = keyed(path, cache)
    _say("keys, cold")
    again, read = keyed(path, folder / "cache-cold")
    delays |= {f"{name} (cold)": some for name, some in again.items()}
    _say("keys, while it is read")
    delays["while it is read"] = while_loading(path, folder)
    yield facts(ours.about(), runs)
    yield from _openings(cold, cached)
    yield from _rows(delays)
    memory = {"cached": kept, "cold": read}
    yield from table.target_rows(list(_targets(cold, cached, delays, memory)))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
