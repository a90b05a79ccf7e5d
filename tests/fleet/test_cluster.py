"""Facts about the same work on a Dask cluster of real processes."""

from __future__ import annotations

import os
import select
import signal
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from repoview import fleet
from tests.core.repos import make_repo, many
from tests.fleet.datasets import did_of, everything, make_files, rows_in

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    # What Dask and its libraries warn of is theirs.
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(
        not Path("/proc/self/task").exists() or not hasattr(os, "pidfd_open"),
        reason="needs /proc and pidfd",
    ),
]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers, each a process."""
    with import_module("distributed").LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield cluster


def children_of(pid: int) -> set[int]:
    """Return the processes that one has started."""
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return {int(child) for each in tasks for child in each.read_text().split()}


def readers_of(pipe: Path, workers: list[int]) -> dict[int, int]:
    """Return by Dask worker the process beside it that reads a named pipe."""
    found = {}
    for worker in workers:
        for child in children_of(worker):
            links = [os.path.realpath(fd) for fd in Path(f"/proc/{child}/fd").iterdir()]
            if str(pipe) in links:
                found[worker] = child
    return found


def wait_for_the_end_of(process: int) -> None:
    """Return when a process that is no child of ours has ended."""
    try:
        descriptor = os.pidfd_open(process)
    except ProcessLookupError:
        return
    try:
        select.select([descriptor], [], [])
    finally:
        os.close(descriptor)


def test_a_cluster_writes_the_same_data_set(cluster: Any, tmp_path: Path) -> None:
    """With a corrupt file, a large one and one that hangs among the others."""
    paths = make_files(tmp_path / "in", 30)
    paths[7].write_bytes(b"no CAR")
    paths[11].write_bytes(paths[11].read_bytes()[:-20])
    paths[13].write_bytes(make_repo(many(3_000), did=did_of(13)))
    hanging = tmp_path / "in" / "hanging.car"
    os.mkfifo(hanging)
    sources = [*paths, hanging]
    address = cluster.scheduler_address
    there = fleet.write(sources, tmp_path / "there", scheduler=address, timeout=2)
    here = fleet.write(sources, tmp_path / "here", processes=1, timeout=2)
    assert there.done.verdicts == here.done.verdicts
    assert there.done.verdicts["not-read"] == 1
    assert everything(tmp_path / "there") == everything(tmp_path / "here")


def test_a_worker_that_is_killed_in_the_middle_loses_nothing(
    cluster: Any, tmp_path: Path
) -> None:
    """Its chunk goes to another, and each record is there once."""
    paths = make_files(tmp_path / "in", 30)
    pipe = tmp_path / "in" / "slow.car"
    os.mkfifo(pipe)
    sources = [*paths[:15], pipe, *paths[15:]]
    data = make_repo(many(40), did=did_of(77))
    address = cluster.scheduler_address
    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(
            fleet.write, sources, tmp_path / "there", scheduler=address, timeout=None
        )
        with pipe.open("wb"):
            # A worker has come to it, in the middle of a chunk.
            workers = [nanny.pid for nanny in cluster.workers.values()]
            ((worker, reader),) = readers_of(pipe, workers).items()
            os.kill(worker, signal.SIGKILL)
            wait_for_the_end_of(reader)
        pipe.write_bytes(data)
        run = running.result()
    assert (run.done.files, run.done.verdicts) == (31, {"sound": 31})
    pipe.unlink()
    pipe.write_bytes(data)
    fleet.write(sources, tmp_path / "here", processes=1)
    there, here = everything(tmp_path / "there"), everything(tmp_path / "here")
    assert there["records"] == here["records"]
    assert there["findings"] == here["findings"]
    assert len(there["repos"]) == len({row["source"] for row in there["repos"]}) == 31


def test_a_cluster_on_this_machine_is_started_and_ended(tmp_path: Path) -> None:
    """With local:N, and no process is left of it."""
    paths = make_files(tmp_path / "in", 6)
    before = children_of(os.getpid())
    fleet.write(paths, tmp_path / "out", scheduler="local:1")
    assert len(rows_in(tmp_path / "out", "repos")) == 6
    assert children_of(os.getpid()) <= before
