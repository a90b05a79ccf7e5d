"""How long an opening goes on after it was asked to stop, at random instants.

``benchmarks.cancelling TIMES WALK_ORDER CID_ORDER TINY`` takes three files and
prints one line of JSON: phase → seconds of each time. The clock runs from the
call of `ask` until `Cancelled` has come out; of an opening that goes on to its
end instead, until that.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
from contextlib import suppress
from random import Random
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Final

import repoview
from repoview.core.load.result import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Open = Callable[[repoview.Cancel, Callable[[Progress], None]], repoview.Repo]

_MIB: Final = 1 << 20
_TRIES: Final = 4
"""Times as many as wanted: an opening may end before it is asked to stop."""

_LONGEST_FOR_NOTHING: Final = 0.3
"""Seconds that one waits at most for what gives nothing."""


class _Trial(Thread):
    """One opening, and when it ended."""

    def __init__(self, open_it: Open, stage: str) -> None:
        super().__init__()
        self.begun = Event()
        """Set when the stage that is looked at has begun, or everything ended."""
        self.started = self.ended = 0.0
        """Of that stage, or of the opening."""
        self.cancel = repoview.Cancel()
        self._open = open_it
        self._stage = stage

    def run(self) -> None:
        self.started = perf_counter()
        with suppress(repoview.Cancelled):
            self._open(self.cancel, self._report).close()
        self.ended = perf_counter()
        self.begun.set()

    def _report(self, progress: Progress) -> None:
        if progress.stage == self._stage and not self.begun.is_set():
            self.started = perf_counter()
            self.begun.set()


def delays(
    open_it: Open, stage: str, times: int, longest: float = 0
) -> Iterator[float]:
    """Yield seconds from asking to the end, of so many openings.

    Args:
        open_it: Opens something, on and on.
        stage: Asked in this one: "load" or "walk".
        times: How often.
        longest: Seconds to wait at most before asking; 0 to find out how long
            it takes when nobody asks.
    """
    if not longest:
        whole = _Trial(open_it, stage)
        whole.start()
        whole.join()
        longest = whole.ended - whole.started
    luck = Random(longest)  # noqa: S311 (not for secrets)
    given = 0
    for _ in range(times * _TRIES):
        # What the one before still holds is no business of this one.
        gc.collect()
        trial = _Trial(open_it, stage)
        trial.start()
        trial.begun.wait()
        sleep(luck.uniform(0, longest))
        asked = perf_counter()
        trial.cancel.ask()
        trial.join()
        trial.cancel.close()
        if trial.ended > asked:
            yield trial.ended - asked
            given += 1
        if given == times:
            return


def phases(walk_order: str, cid_order: str, tiny: str, folder: str) -> dict[str, Open]:
    """Return how to open something that is in each phase for long."""

    def spilling(path: str, mem_limit: int) -> Open:
        return lambda cancel, report: repoview.open(
            path, mem_limit=mem_limit, spill=folder, cancel=cancel, report=report
        )

    def plainly(path: str) -> Open:
        return lambda cancel, report: repoview.open(path, cancel=cancel, report=report)

    return {
        "reading a file": plainly(walk_order),
        "reading a pipe that gives nothing": _from_pipe,
        "fetching from a server that gives nothing": _from_server,
        "spilling": spilling(cid_order, 16 * _MIB),
        "sorting millions of tiny blocks": spilling(tiny, 64 * _MIB),
        "walking": plainly(cid_order),
    }


def _from_pipe(
    cancel: repoview.Cancel, report: Callable[[Progress], None]
) -> repoview.Repo:
    """Open a pipe into which nobody writes."""
    out, into = os.pipe()
    try:
        with os.fdopen(out, "rb", buffering=0) as pipe:
            # By itself it would tell of nothing before the first byte.
            report(Progress("load", 0, 0, 0))
            return repoview.open(pipe, cancel=cancel, report=report)
    finally:
        os.close(into)


def _from_server(
    cancel: repoview.Cancel, report: Callable[[Progress], None]
) -> repoview.Repo:
    """Open an address where nobody answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        report(Progress("load", 0, 0, 0))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        return repoview.open(url, cancel=cancel, report=report)


def main(times: int, walk_order: str, cid_order: str, tiny: str) -> None:
    """Print the delays of every phase."""
    found = {}
    # What is imported late would be waited for once.
    repoview.open(walk_order).close()
    list(delays(_from_server, "load", 1, 1))
    with TemporaryDirectory() as folder:
        for name, open_it in phases(walk_order, cid_order, tiny, folder).items():
            stage = "walk" if name == "walking" else "load"
            gives_nothing = open_it in {_from_pipe, _from_server}
            longest = _LONGEST_FOR_NOTHING if gives_nothing else 0
            found[name] = list(delays(open_it, stage, times, longest))
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4])
