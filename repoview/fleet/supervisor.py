"""Have processes read chunks, and let no file cost more than a row.

A file that takes too long, or takes its process down, is known by its number: the
process is ended by its id, the files before it are read once more by another, with
this one as failed, and then those behind it.
"""

from __future__ import annotations

import pickle
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from repoview.core import limits
from repoview.core.errors import RepoviewError
from repoview.fleet.done import Done
from repoview.processes import Died, Late, Pool

if TYPE_CHECKING:
    from repoview.fleet.chunks import Chunk
    from repoview.fleet.work import Setup
    from repoview.processes import Process

_MODULE: Final = "repoview.fleet.worker"
_WRITING: Final = 600.0
"""Seconds to write what is left at the end of a chunk."""


class Stopped(RepoviewError):
    """The data set cannot be written: all of it ends."""


class Supervisor:
    """Processes that read chunks; `do` may be called by several threads.

    Args:
        setup: What they are to do.
        timeout: Seconds that a file may take, and one more for each MB; None for any.
        verbose: Whether the errors of processes go to standard error.
    """

    def __init__(
        self, setup: Setup, timeout: float | None, *, verbose: bool = False
    ) -> None:
        self._pool = Pool(_MODULE, pickle.dumps(setup), "read files", verbose=verbose)
        self._timeout = timeout
        self._read: dict[Process, int] = {}
        """How many files each has read of its chunk."""

    @property
    def under_way(self) -> int:
        """How many files are read whose chunk is not written yet."""
        # A copy, since threads add to it and take from it.
        return sum(self._read.copy().values())

    def do(self, chunk: Chunk) -> Done:
        """Have a chunk read and written; return what came of it.

        Raises:
            Stopped: The data set cannot be written.
            CannotStart: No process can be started.
        """
        done, left = Done(), deque([chunk])
        while left:
            some = left.popleft()
            found = self._one(some)
            if isinstance(found, Done):
                done.add(found)
            else:
                left.extendleft(reversed(found))
        return done

    def _one(self, chunk: Chunk) -> Done | list[Chunk]:
        """Have a process read a chunk; return what came of it, or others instead."""
        process = self._pool.taken()
        at = 0
        told: dict[str, Any] = {}
        try:
            process.send(chunk.to_json())
            while "done" not in told and "stop" not in told:
                told = process.receive(self._seconds(chunk, at))
                self._read[process] = at = told.get("at", at)
        except (Died, Late) as error:
            self._pool.drop(process)
            return self._without(chunk, at, error)
        finally:
            self._read.pop(process, None)
        self._pool.give_back(process)
        if "stop" in told:
            raise Stopped(told["stop"])
        return Done.from_json(told["done"])

    def _without(self, chunk: Chunk, at: int, error: Died | Late) -> list[Chunk]:
        """Return the chunks in place of one whose process did not come to its end.

        Args:
            chunk: That one.
            at: The file that was being read; their count for what was being written.
            error: What became of the process.

        Raises:
            Stopped: It was no file that was the cause.
        """
        reads = at < len(chunk.files)
        if not reads and isinstance(error, Late):
            raise Stopped(
                f"the data set was not written within {_WRITING:,.0f} seconds"
            )
        if not reads and len(chunk.files) > 1:
            # It may have been too much at once.
            return chunk.halved()
        number = at if reads else 0
        if isinstance(error, Late):
            became = f"took more than {self._seconds(chunk, at):,.0f} seconds"
            why = f"it {became}"
        else:
            became = str(error)
            why = f"its process {became}"
        if number in chunk.failed:
            # It is not read any more, so that it cannot be the cause.
            raise Stopped(f"the data set was not written: a process {became}")
        source, was = chunk.files[number].source, "read" if reads else "written"
        return chunk.split(number, f"{source} was not {was}: {why}")

    def _seconds(self, chunk: Chunk, at: int) -> float | None:
        """Return how long to wait for the next line."""
        if at == len(chunk.files):
            return _WRITING
        if self._timeout is None:
            return None
        return self._timeout + chunk.files[at].size / limits.MiB

    def close(self, *, at_once: bool = False) -> None:
        """End all processes; in the middle of what they do, if *at_once*."""
        self._pool.close(at_once=at_once)
