"""What is timed, in a process of its own: ``benchmarks.work HOW WHAT CAR``.

The clock runs around the work alone; whoever started the process has its own
for the rest. Prints one line of JSON, with the seconds and the records found.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from hashlib import sha256
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Final

import repoview
from repoview.core.kernel import kernel
from repoview.core.repo.repo import Repo

if TYPE_CHECKING:
    from collections.abc import Callable

_PIECE: Final = bytearray(1 << 20)
_LONG_ENOUGH: Final = 1.5
_MOST: Final = 3_000
_LEAST: Final = 5
"""Seconds after which a repetition ends; the most and the fewest times."""

_THREADS: Final = int(os.environ.get("REPOVIEW_THREADS") or 0) or None
"""As the command line has it, which alone reads the environment otherwise."""

_ROW: Final = 10_000


def about() -> dict[str, object]:
    """Return which repoview this is, and what runs it."""
    return {
        "version": repoview.__version__,
        "kernel": kernel.NAME,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
    }


def hash_file(path: str) -> int:
    """Hash a file in one pass: the yardstick. No records are found."""
    hasher = sha256()
    view = memoryview(_PIECE)
    with Path(path).open("rb", buffering=0) as file:
        while size := file.readinto(_PIECE):
            hasher.update(view[:size])
    hasher.digest()
    return 0


def load(path: str) -> int:
    """Open and verify a file, with the index of its records."""
    with Repo.load(path, threads=_THREADS) as repo:
        return _sound(repo)


def keys(path: str) -> int:
    """Open and verify a file, and take every path and CID."""
    with Repo.load(path, threads=_THREADS) as repo:
        found = (
            list(repo.keys())
            if hasattr(repo, "keys")
            else [(record.path, record.cid) for record in repo.records()]
        )
        return min(_sound(repo), len(found))


def _sound(repo: Repo) -> int:
    """Return the number of records; whoever is fast must also be right."""
    if repo.verdict != "sound":
        raise SystemExit(f"{repo.name} is {repo.verdict}")
    return len(repo)


_WORK: Final[dict[str, Callable[[str], int]]] = {
    "sha256": hash_file,
    "load": load,
    "keys": keys,
}


def once(work: Callable[[str], int], path: str) -> dict[str, float]:
    """Do the work once."""
    begin = perf_counter()
    records = work(path)
    return {"seconds": perf_counter() - begin, "records": records}


def again(work: Callable[[str], int], path: str) -> dict[str, float]:
    """Do the work many times, warm, and return the median."""
    records = work(path)
    times: list[float] = []
    while len(times) < _LEAST or (sum(times) < _LONG_ENOUGH and len(times) < _MOST):
        begin = perf_counter()
        work(path)
        times.append(perf_counter() - begin)
    return {"seconds": median(times), "records": records}


def row(work: Callable[[str], int], path: str) -> dict[str, float]:
    """Do the work 10,000 times in a row, and return the mean."""
    records = work(path)
    begin = perf_counter()
    for _ in range(_ROW):
        work(path)
    return {"seconds": (perf_counter() - begin) / _ROW, "records": records}


_HOW: Final = {"once": once, "again": again, "row": row}


def main(arguments: list[str]) -> None:
    """Do what the arguments say: ``about``, or HOW, WHAT and a path."""
    if arguments == ["about"]:
        print(json.dumps(about()))
        return
    how, what, path = arguments
    print(json.dumps(_HOW[how](_WORK[what], path)))


if __name__ == "__main__":
    main(sys.argv[1:])
