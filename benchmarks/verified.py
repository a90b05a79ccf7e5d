"""Run a command in a process of its own, and tell what it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks import ours
from benchmarks.measure import ROOT

if TYPE_CHECKING:
    from pathlib import Path


class Verified(NamedTuple):
    """What a run took, and what it told."""

    busy: float
    """Seconds of processor, start-up included."""

    peak: int
    """Most bytes of memory."""

    report: dict[str, Any]
    """What `--json` prints."""


def verified(path: Path) -> Verified:
    """Verify a file, without the cache."""
    busy, peak, printed = _run(("verify", "--no-cache", "--json", str(path)))
    return Verified(busy, peak, json.loads(printed))


def busy_of(words: tuple[str, ...]) -> float:
    """Return the seconds of processor that a command takes, without the cache."""
    return _run((*words, "--no-cache"))[0]


def _run(words: tuple[str, ...]) -> tuple[float, int, bytes]:
    """Return seconds of processor, most bytes of memory, and what was printed."""
    command = (sys.executable, "-m", "repoview", *words)
    environment = {k: v for k, v in {**os.environ, **ours.PLAIN}.items() if v}
    # The command is that of this package.
    process = subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, cwd=ROOT, env=environment
    )
    assert process.stdout is not None  # noqa: S101 (it was asked for)
    with process.stdout as stdout:
        printed = stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    busy = usage.ru_utime + usage.ru_stime
    return busy, usage.ru_maxrss * 1024, printed
