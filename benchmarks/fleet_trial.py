"""A thousand files, three of them bad, on a cluster that loses a worker.

``python -m benchmarks.fleet_trial``. One file is corrupt, one is huge, and one is a
named pipe that nobody writes: it hangs. A worker is killed while it waits for that.
Then the same is done by processes of this machine, and both data sets are compared.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from benchmarks.fleet_files import make
from benchmarks.inputs import DATA
from repoview import fleet
from repoview.sample import write_sample

if TYPE_CHECKING:
    from collections.abc import Iterator

_RECORDS: Final = 100
_HUGE: Final = 360_000
"""Records of the huge one: 130 MB."""

_TIMEOUT: Final = 20.0


def main() -> int:
    """Make the files, tabulate them twice, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fleet_trial")
    parser.add_argument("--data", type=Path, default=DATA, help="folder for inputs")
    parser.add_argument("--files", type=int, default=997, help="that are sound")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        sources = list(_sources(options.data.resolve(), options.files, Path(folder)))
        there, here = f"{folder}/there", f"{folder}/here"
        pipe = next(path for path in sources if path.name == "hanging.car")
        _say("on a cluster that loses a worker", *_on_a_cluster(sources, there, pipe))
        begun = perf_counter()
        outcome = fleet.write(sources, here, processes=2, timeout=_TIMEOUT)
        _say("on this machine", outcome, perf_counter() - begun)
        same = _counted(there) == _counted(here)
    print("both data sets have the same" if same else "the data sets differ")
    return 0 if same else 1


def _sources(data: Path, count: int, folder: Path) -> Iterator[Path]:
    """Yield the files; those that are bad stand in the middle."""
    good = data / f"fleet-{count}x{_RECORDS}"
    make(good, count, _RECORDS)
    paths = sorted(good.rglob("*.car"))
    yield from paths[: count // 2]
    corrupt = folder / "corrupt.car"
    corrupt.write_bytes(paths[0].read_bytes()[:-1_000].replace(b"app", b"xxx"))
    yield corrupt
    hanging = folder / "hanging.car"
    os.mkfifo(hanging)
    yield hanging
    huge = data / f"{_HUGE}-preorder.car"
    if not huge.exists():
        huge = folder / "huge.car"
        with huge.open("wb") as file:
            write_sample(file.write, _HUGE)
    yield huge
    yield from paths[count // 2 :]


def _on_a_cluster(
    sources: list[Path], out: str, pipe: Path
) -> tuple[fleet.Outcome, float]:
    with import_module("distributed").LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        begun = perf_counter()
        with ThreadPoolExecutor(1) as thread:
            address = cluster.scheduler_address
            running = thread.submit(
                fleet.write, sources, out, scheduler=address, timeout=_TIMEOUT
            )
            with pipe.open("wb"):
                # Whoever reads it waits now.
                workers = [nanny.pid for nanny in cluster.workers.values()]
                killed = next(pid for pid in workers if _reads(pid, pipe))
                os.kill(killed, signal.SIGKILL)
                print(f"killed worker {killed}")
            return running.result(), perf_counter() - begun


def _reads(worker: int, pipe: Path) -> bool:
    """Tell whether a process beside a worker has a file open."""
    tasks = Path(f"/proc/{worker}/task").glob("*/children")
    children = [child for each in tasks for child in each.read_text().split()]
    opened = (fd for child in children for fd in Path(f"/proc/{child}/fd").iterdir())
    return any(os.path.realpath(each) == str(pipe) for each in opened)


def _say(where: str, outcome: fleet.Outcome, seconds: float) -> None:
    done = outcome.done
    print(f"{where}: {done.files} files, {done.rows:,} records in {seconds:.1f} s")
    print(f"  {done.verdicts}")


def _counted(out: str) -> tuple[Any, ...]:
    """Return what a data set has, in an order of its own."""
    summary = fleet.summary(out)
    rows = [(r.source, r.sha256, r.verdict, r.records, r.rows) for r in summary.rows()]
    return rows, summary.findings(), summary.collections()


if __name__ == "__main__":
    sys.exit(main())
