"""The same work on a Dask cluster: a chunk of files is a task.

A task has a process beside the Dask worker read the chunk, as on one machine: so a file
that hangs, or takes its process down, costs a row there too, and never a worker. If a
worker is lost, Dask gives its tasks to another; what a chunk has written to the end is
not written again, and what it has not is not in the data set.

Every worker needs this package, and the same view of the files and of the data set: a
folder that all of them mount, or an object store.
"""

from __future__ import annotations

import pickle
import re
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from repoview.core.errors import RepoviewError
from repoview.fleet.arrow import need_arrow
from repoview.fleet.supervisor import Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor

    from repoview.fleet.chunks import Chunk
    from repoview.fleet.done import Done
    from repoview.fleet.work import Setup

_LOCAL: Final = re.compile(r"local:([1-9][0-9]{0,2})")
_RETRIES: Final = 3
"""Times that a task is given to another worker, where one is lost."""

_SAFE: Final = {"distributed.nanny.pre-spawn-environ.PYTHONSAFEPATH": "1"}
"""Or each worker would import from the folder that it is started in, first."""

_supervisors: dict[bytes, Supervisor] = {}
"""Those of this Dask worker, by what they are to do."""


class NoCluster(RepoviewError):
    """There is no Dask, or no cluster at the address."""


@contextmanager
def cluster(
    scheduler: str, setup: Setup, timeout: float | None
) -> Iterator[tuple[Executor, Callable[[Chunk], Done], int]]:
    """Give an executor on a cluster, its task, and how many it does side by side.

    Args:
        scheduler: An address, or ``local:N``.
        setup: What is to be done with each chunk.
        timeout: As for `Supervisor`.

    Raises:
        NoCluster: Dask is not installed, or nothing answers.
    """
    distributed = _distributed()
    task = partial(do_there, pickle.dumps((setup, timeout)))
    with _client(distributed, scheduler) as client:
        count = sum(client.nthreads().values())
        if not count:
            raise NoCluster(f"the cluster at {scheduler} has no workers: start some")
        executor = client.get_executor(pure=False, retries=_RETRIES)
        try:
            yield executor, task, count
        finally:
            executor.shutdown(wait=False)
            client.run(close_all, on_error="ignore")


def do_there(setup: bytes, chunk: Chunk) -> Done:
    """Read a chunk, on a worker; return what came of it.

    Raises:
        NoArrow: pyarrow is not installed there.
        Stopped, CannotStart: As `Supervisor.do` does.
    """
    need_arrow()
    supervisor = _supervisors.get(setup)
    if supervisor is None:
        # Of two threads that come here at once, one finds that of the other.
        supervisor = _supervisors.setdefault(setup, Supervisor(*pickle.loads(setup)))  # noqa: S301 (of our own process)
    return supervisor.do(chunk)


def close_all() -> None:
    """End the processes of a worker."""
    while _supervisors:
        _supervisors.popitem()[1].close()


def _distributed() -> Any:  # noqa: ANN401 (dask has no types)
    try:
        return import_module("distributed")
    except ImportError as error:
        hint = "pip install 'atproto-repoview[cluster]'"
        raise NoCluster(f"a cluster is one of Dask: {hint}") from error


@contextmanager
def _client(distributed: Any, scheduler: str) -> Iterator[Any]:  # noqa: ANN401 (dask has no types)
    """Give a client of a cluster; one on this machine is started, and ended."""
    local = _LOCAL.fullmatch(scheduler)
    if local is None:
        try:
            client = distributed.Client(scheduler, timeout="10s")
        except (OSError, ValueError, ImportError) as error:
            raise NoCluster(f"no cluster at {scheduler}: {error}") from error
        with client:
            yield client
        return
    with (
        import_module("dask").config.set(_SAFE),
        distributed.LocalCluster(
            n_workers=int(local[1]),
            threads_per_worker=1,
            processes=True,
            dashboard_address=None,
        ) as workers,
        distributed.Client(workers) as client,
    ):
        yield client
