"""Read many files, side by side, and write what they hold as one data set.

The work is done by processes of this machine, or by those of a Dask cluster; either
way a chunk of files is a task, and what comes of it are counts. Whatever is written is
written by the process that read it.
"""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from repoview.core.verify.report import gravest
from repoview.fleet.arrow import need_arrow
from repoview.fleet.chunks import Chunk, chunks_of
from repoview.fleet.columns import chosen_columns
from repoview.fleet.done import Done
from repoview.fleet.earlier import Earlier, alone, remove_left_over, settle
from repoview.fleet.hashed import is_url
from repoview.fleet.sources import File, NotListed, files_of
from repoview.fleet.store import store_at, writing
from repoview.fleet.supervisor import Supervisor
from repoview.fleet.table import How
from repoview.fleet.work import Setup
from repoview.processes import processors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from repoview.fleet.columns import Column

HOW: Final = How()
"""As everything is by default."""

TIMEOUT: Final = 60.0
"""Seconds that a file may take, and one more for each MB."""

_AHEAD: Final = 2
"""Chunks a process that are handed out ahead."""

_PACE: Final = 0.2
"""Seconds between two reports."""

_MOST_TOLD: Final = 100
"""Sources that gave no file, of which it is told."""

Task: TypeAlias = "Callable[[Chunk], Done]"


class Passed(NamedTuple):
    """How far a run is."""

    done: Done
    skipped: int
    """Files that an earlier run wrote."""

    listed: int | None
    """Files in all; None while they are being listed."""

    under_way: int = 0
    """Files that are read, of chunks that are not written yet; of a cluster it is not
    known."""


@dataclass(slots=True)
class Outcome:
    """What came of a run."""

    out: str
    done: Done = field(default_factory=Done)
    skipped: int = 0
    """Files that an earlier run wrote."""

    skipped_code: int = 0
    """The most severe exit code of these."""

    not_listed: list[NotListed] = field(default_factory=list)
    """Sources that gave no file, and why; at most a hundred."""

    @property
    def exit_code(self) -> int:
        """The most severe of all files; 1 also for a source without any."""
        unlisted = 1 if self.not_listed else 0
        return gravest((self.done.exit_code, self.skipped_code, unlisted))

    def to_json(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        return {
            "out": self.out,
            **self.done.to_json(),
            "exit_code": self.exit_code,
            "skipped": self.skipped,
            "not_listed": [each._asdict() for each in self.not_listed],
        }


def write(
    sources: Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    columns: Sequence[Column | str] = (),
    how: How = HOW,
    processes: int | None = None,
    scheduler: str | None = None,
    timeout: float | None = TIMEOUT,
    verbose: bool = False,
    report: Callable[[Passed], None] = lambda _: None,
) -> Outcome:
    """Verify and tabulate many files, and write it all as a data set of Parquet.

    ``records/collection=…/`` has the records, ``repos/`` a row for each file, and
    ``findings/`` what was found. What is there already is not read again: a run that
    was stopped, or killed, goes on where it was. A file that changed gets another row.

    Args:
        sources: Folders, patterns, lists, URLs and files; see `sources.files_of`.
        out: A folder, or a URL of any file system that fsspec has.
        columns: Fields of records that become columns; see `tabulate`.
        how: How each file is read, and how much of memory a process may take.
        processes: How many read files side by side; None for one a processor.
        scheduler: A Dask cluster instead: the address of its scheduler, as
            ``tcp://host:8786``, or ``local:N`` for N processes on this machine.
        timeout: Seconds that a file may take, and one more for each MB of it; then its
            process is ended, and its row says so. None for any time.
        verbose: Whether errors of processes go to standard error.
        report: Called with how far it is, some times a second; what it raises ends it.

    Raises:
        CannotWrite: The data set cannot be written, or is another one.
        NoArrow: pyarrow is not installed.
        CannotStart, NoCluster: No process can be started, or nothing answers.
        Stopped: A process cannot write any more.
        ValueError: A column cannot be.
    """
    need_arrow()
    chosen = chosen_columns(columns)
    setup = Setup(replace(how, columns=chosen), _absolute(os.fspath(out)))
    crew = _Crew(setup, processes, scheduler, timeout, verbose)
    return _run((os.fspath(s) for s in sources), Outcome(os.fspath(out)), crew, report)


class _Crew(NamedTuple):
    """Who is to do the work; see `write`."""

    setup: Setup
    processes: int | None
    scheduler: str | None
    timeout: float | None
    verbose: bool


def _absolute(out: str) -> str:
    """Return where the data set is, for processes that are elsewhere."""
    return out if is_url(out) else os.path.abspath(out)  # noqa: PTH100 (as it is said)


def _run(
    sources: Iterable[str],
    outcome: Outcome,
    crew: _Crew,
    report: Callable[[Passed], None],
) -> Outcome:
    store = store_at(crew.setup.out)
    with writing(store.root):
        settle(store, crew.setup.how.columns)
    with alone(store):
        remove_left_over(store)
        with writing(store.root):
            earlier = Earlier(store)
        feed = _Feed(sources, earlier, outcome)
        with _workers(crew) as workers:
            for done in _as_they_come(workers, feed, report):
                outcome.done.add(done)
        report(feed.passed())
        if crew.scheduler is not None:
            # What a worker that was lost had begun.
            remove_left_over(store)
    return outcome


class _Workers(NamedTuple):
    """Those that read chunks."""

    executor: Executor
    task: Task
    most: int
    """Chunks that they read side by side."""

    under_way: Callable[[], int] = lambda: 0
    """How many files are read of chunks that are not written yet."""


@contextmanager
def _workers(crew: _Crew) -> Iterator[_Workers]:
    if crew.scheduler is not None:
        from repoview.fleet.dask_run import cluster  # noqa: PLC0415 (few have Dask)

        with cluster(crew.scheduler, crew.setup, crew.timeout) as found:
            yield _Workers(*found)
        return
    count = crew.processes or processors()
    supervisor = Supervisor(crew.setup, crew.timeout, verbose=crew.verbose)
    executor = ThreadPoolExecutor(count, "fleet")
    try:
        yield _Workers(executor, supervisor.do, count, lambda: supervisor.under_way)
    except BaseException:
        supervisor.close(at_once=True)
        raise
    finally:
        supervisor.close()
        executor.shutdown(cancel_futures=True)


class _Feed:
    """Gives the chunks of the files that are not there yet, and counts the others."""

    def __init__(
        self, sources: Iterable[str], earlier: Earlier, outcome: Outcome
    ) -> None:
        self._sources = sources
        self._earlier = earlier
        self._outcome = outcome
        self._listed = 0
        self._is_whole = False

    def chunks(self, processes: int) -> Iterator[Chunk]:
        for chunk in chunks_of(self._files(), processes):
            known = self._earlier.alike(chunk.files)
            yield replace(chunk, known=known, earlier=self._earlier.rows)

    def _files(self) -> Iterator[File]:
        for each in files_of(self._sources):
            if isinstance(each, NotListed):
                if len(self._outcome.not_listed) < _MOST_TOLD:
                    self._outcome.not_listed.append(each)
                continue
            self._listed += 1
            code = self._earlier.code_of(each)
            if code is None:
                yield each
            else:
                self._outcome.skipped += 1
                self._outcome.skipped_code = gravest((code, self._outcome.skipped_code))
        self._is_whole = True

    def passed(self, under_way: int = 0) -> Passed:
        listed = self._listed if self._is_whole else None
        return Passed(self._outcome.done, self._outcome.skipped, listed, under_way)


def _as_they_come(
    workers: _Workers, feed: _Feed, report: Callable[[Passed], None]
) -> Iterator[Done]:
    """Yield what comes of chunks, in any order; some are handed out ahead."""
    pending: set[Future[Done]] = set()
    chunks = feed.chunks(workers.most)
    is_fed = True
    while is_fed or pending:
        while is_fed and len(pending) < _AHEAD * workers.most:
            chunk = next(chunks, None)
            if chunk is None:
                is_fed = False
            else:
                pending.add(workers.executor.submit(workers.task, chunk))
        done, pending = wait_for(pending, _PACE, FIRST_COMPLETED)
        for each in done:
            yield each.result()
        report(feed.passed(workers.under_way()))
