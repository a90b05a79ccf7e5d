"""Tabulate folders of many repositories: ``python -m benchmarks.fleet``.

Each run is a new process, which writes a new data set: the start of the processes that
read, or of Dask, is in its time. Of a cluster, the start is told apart. Rates are
compared at about 1 MB a file, growth is that of small files.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from benchmarks import ours, table
from benchmarks.fleet_files import make
from benchmarks.machine import facts
from benchmarks.measure import ROOT
from benchmarks.options import parser_of
from repoview import fleet

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

_MB: Final = 1_000_000
_KIB: Final = 1024
_LARGE: Final = 2_700
"""Records of about 1 MB."""

_SMALL: Final = 100
"""Of about 55 kB, in 17 collections."""

_WAYS: Final = ("1 process", "2 processes", "Dask, 1 worker", "Dask, 2 workers")


def main() -> int:
    """Make the inputs, tabulate them, and print the tables."""
    options = _options()
    if options.one:
        print(json.dumps(_one(options.one, options.way, options.out)))
        return 0
    data = options.data.resolve()
    lines = [facts(ours.about(), options.runs), ""]
    for part in (
        _rates(data, options.files, options.runs),
        _growth(data, options.most),
    ):
        for line in part:
            print(line, flush=True)
            lines.append(line)
    if options.write:
        table.write("many repositories", "\n".join(lines))
    return 0


def _options() -> argparse.Namespace:
    parser = parser_of("fleet", __doc__, runs=3)
    add = parser.add_argument
    add("--files", type=int, default=200, help="files of 1 MB")
    add("--most", type=int, default=10_000, help="small files, at most")
    add("--one", type=Path, help="tabulate this folder, and print what it took")
    add("--way", default=_WAYS[0], choices=_WAYS, help="how")
    add("--out", type=Path, help="where to")
    return parser.parse_args()


def _rates(data: Path, files: int, runs: int) -> Iterator[str]:
    folder = data / f"fleet-{files}x{_LARGE}"
    size = make(folder, files, _LARGE)
    yield from table.headed(f"{files:,} files of {size / files / _MB:.2f} MB")
    yield from table.head("", "s", "files a s", "MB a s", "against no Dask")
    plain: dict[str, float] = {}
    for way in _WAYS:
        seconds = median(_run(folder, way)["seconds"] for _ in range(runs))
        count = "".join(filter(str.isdigit, way))
        base = plain.setdefault(count, seconds)
        against = "" if base is seconds else f"{seconds / base - 1:+.0%}"
        rates = f"{files / seconds:.1f}", f"{size / seconds / _MB:.0f}"
        yield table.row(way, f"{seconds:.2f}", *rates, against)


def _growth(data: Path, most: int) -> Iterator[str]:
    yield from table.headed("Growth: small files, 2 processes")
    yield from table.head(
        "files", "s", "files a s", "peak MB of a reader", "peak MB of the program"
    )
    count = 100
    while count <= most:
        folder = data / f"fleet-{count}x{_SMALL}"
        make(folder, count, _SMALL)
        took = _run(folder, "2 processes")
        peaks = (f"{took[name] / _MB:.0f}" for name in ("reader", "program"))
        rate = f"{count / took['seconds']:.0f}"
        yield table.row(f"{count:,}", f"{took['seconds']:.2f}", rate, *peaks)
        count *= 10


def _run(folder: Path, way: str) -> dict[str, Any]:
    """Tabulate a folder in a process of its own."""
    with TemporaryDirectory() as out:
        command = [sys.executable, "-m", "benchmarks.fleet", "--one", str(folder)]
        command += ["--way", way, "--out", f"{out}/data"]
        done = subprocess.run(  # noqa: S603 (this very program)
            command, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return dict(json.loads(done.stdout.splitlines()[-1]))


def _one(folder: Path, way: str, out: Path) -> dict[str, float]:
    count = int("".join(filter(str.isdigit, way)))
    scheduler, processes = None, count
    with ExitStack() as stack:
        if "Dask" in way:
            # The others have none.
            cluster = import_module("distributed").LocalCluster(
                n_workers=count,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
            )
            scheduler = stack.enter_context(cluster).scheduler_address
        begun = perf_counter()
        fleet.write([folder], out, processes=processes, scheduler=scheduler)
        seconds = perf_counter() - begun
    shutil.rmtree(out)
    peaks = (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)
    reader, program = (resource.getrusage(of).ru_maxrss * _KIB for of in peaks)
    return {"seconds": seconds, "reader": reader, "program": program}


if __name__ == "__main__":
    sys.exit(main())
