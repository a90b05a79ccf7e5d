"""A repository being opened: read, then verified, step by step, within limits.

A step takes in about a MiB of the source, or walks some thousand records. In
between, whoever drives it may ask it to stop, or go on in another thread; and
what it holds is compared with what it may.
"""

from __future__ import annotations

import os
import weakref
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.blocks.blocks import Blocks
from repoview.core.errors import Left, LimitExceeded
from repoview.core.findings.findings import Findings
from repoview.core.index.records import NodeTable, RecordIndex
from repoview.core.kernel import kernel
from repoview.core.load.load import load
from repoview.core.opening.memory_limit import MemoryLimitReached
from repoview.core.opening.processing import Processing
from repoview.core.opening.room import Room
from repoview.core.source.cancel import LEFT
from repoview.core.source.sparse_spool import SparseSpool
from repoview.core.source.stream import StreamSource
from repoview.core.storage.column_set import PackedIndex, bytes_on_disk, pieces_for
from repoview.core.verify.streaming_walk import StreamingWalk
from repoview.core.verify.verify import Checks, Verifier
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from repoview.core.formats.commit import Commit
    from repoview.core.index.statistics import Shape
    from repoview.core.kernel.seam import Batch
    from repoview.core.load.result import Loaded, Progress
    from repoview.core.opening.processing import Process
    from repoview.core.opening.results import Processed
    from repoview.core.source.cancel import Cancel
    from repoview.core.source.source import Source
    from repoview.core.source.spool import Folder
    from repoview.core.verify.report import Report

_PROCESSING: Final = 8 * limits.MiB
"""Bytes of what waits to be processed, and of results, at most; of a small
memory it is a fourth part."""

SPILL_FROM: Final = 0.5
"""Part of the memory from which on what can be on disk is put there."""

_LEAST_STEP: Final = 4 * limits.KiB
_SHARED_STEP: Final = 128 * limits.KiB
"""Bytes from which on a step is shared with other threads."""

_PIECES: Final = 4 * limits.MiB
"""Bytes that may come in one step, and more."""


def _step_for(memory: int) -> int:
    """Return how many bytes to take in at a time.

    Some stay at hand for a while, and in no account: of a small memory they are
    to be a small part. It is looked at more often, too.
    """
    step = max(memory // 64, min(memory // 16, _SHARED_STEP), _LEAST_STEP)
    return min(limits.READ_CHUNK, step)


@dataclass(frozen=True, slots=True)
class Opened:
    """What an opening came to."""

    loaded: Loaded
    report: Report
    records: RecordIndex
    nodes: NodeTable
    shape: Shape | None = None
    """If it was counted before."""
    processed: Processed | None = None


def _call(method: weakref.WeakMethod[Callable[[], None]]) -> None:
    """Call a method, if what it is of is still there."""
    call = method()
    if call is not None:
        call()


class Opening:
    """One source on its way to a repository; close it, or run it to its end.

    Args:
        source: Closed with this, unless it came to an end.
        checks: What to check, and how strictly.
        room: What it may take.
        threads: How many hash and check blocks; None for one a processor.
        cancel: Asks it to stop.
        eager: Whether records are wanted as soon as they are known, and not
            only when there are many.
        process: Run on every block that can be a record; see `Processing`.
            What it raises ends the opening, and comes out as it is.

    Raises:
        ValueError: There are to be fewer threads than one.
    """

    def __init__(
        self,
        source: Source,
        checks: Checks | None = None,
        room: Room | None = None,
        threads: int | None = None,
        cancel: Cancel | None = None,
        *,
        eager: bool = False,
        process: Process | None = None,
    ) -> None:
        self.source = source
        if threads is not None and threads < 1:
            source.close()
            raise ValueError(f"{threads:,} threads can do nothing: ask for 1 or more")
        threads = None if threads is None else min(threads, limits.MOST_THREADS)
        self.room = room or Room()
        self.records = RecordIndex()
        self.nodes = NodeTable()
        self._checks = checks or Checks()
        self._cancel = cancel
        self._eager = eager
        self.findings = Findings(self._checks.profile)
        size = 0 if not source.ended else source.size
        # A call of Python, so that signals are heard where nobody may ask.
        self._pause = (lambda: None) if cancel is None else cancel.check
        self._index = kernel.BlockIndex(
            self.room.memory, threads, size, pause=self._pause
        )
        self.blocks = Blocks(self._index, source)
        self._most = self.room.memory
        self._most_disk = self.room.disk
        self._spills = self._is_left = False
        self._over: LimitExceeded | None = None
        sieve = None
        if isinstance(source, StreamSource):
            # Weakly: a source that held this would keep all that was read.
            source.on_piece = partial(_call, weakref.WeakMethod(self._on_piece))
            if process is not None:
                sieve = SparseSpool(self.room.folder)
                source.keep_in(sieve)
        self.processing: Processing | None = None
        if process is not None:
            self.processing = Processing(process, self.blocks, self.records, sieve)
        self._ahead: StreamingWalk | None = None
        self._verifier: Verifier | None = None
        self.opened: Opened | None = None
        """What came of it, once it came to its end."""
        self._steps = self._all_steps()

    def _all_steps(self) -> Generator[Progress, None, Opened]:
        # The check that builds the tree again wants all batches at once.
        if not self._checks.rebuild:
            self._ahead = StreamingWalk(self.findings, self._take, eager=self._eager)
        follow = None if self._ahead is None else self._ahead.follow
        step = _step_for(self.room.memory)
        see = None if self.processing is None else self.processing.see
        loaded = yield from load(
            self.blocks, self.findings, step, follow=follow, see=see, eager=self._eager
        )
        self._verifier = Verifier(
            loaded,
            self.findings,
            self._checks,
            self._take,
            ahead=self._ahead,
            pause=self._pause,
        )
        report = yield from self._verifier.steps()
        self.nodes.finish(len(self.records))
        report.counts.collections = self.records.collection_count
        processed = None if self.processing is None else self.processing.processed
        return Opened(loaded, report, self.records, self.nodes, processed=processed)

    def _take(self, batch: Batch) -> None:
        self.records.extend(batch)
        self.nodes.extend(batch)

    def run(self, report: Callable[[Progress], None] | None = None) -> Opened:
        """Go on to the end.

        Args:
            report: Told of every step; what it raises ends the opening.

        Raises:
            MemoryLimitReached: More is taken than may be; see there.
            SourceError: The bytes cannot be read.
            Cancelled: Somebody asked for it.
        """
        while self.opened is None:
            self.advance(report)
        return self.opened

    def advance(self, report: Callable[[Progress], None] | None = None) -> None:
        """Take one step; after the last, `opened` is there. Raises as `run` does."""
        try:
            progress = opened = None
            try:
                progress = self._step()
            except StopIteration as end:
                opened = end.value
            # Not inside of a step, which has its own meaning for some errors.
            if self.processing is not None:
                self.processing.go_on()
            if progress is None:
                self.opened = opened
                self._forget()
                return
            if self._cancel is not None:
                self._cancel.check()
            if report is not None:
                report(progress)
            self._keep_within()
        except MemoryLimitReached:
            raise
        except BaseException:
            self.close()
            raise

    @property
    def commit(self) -> Commit | None:
        """The commit, as soon as it is known."""
        if self.opened is not None:
            return self.opened.report.commit
        if self._verifier is not None:
            return self._verifier.commit
        return None if self._ahead is None else self._ahead.commit

    def _step(self) -> Progress:
        if self._cancel is not None:
            self._cancel.check()
            if self._cancel.left and not self._is_left:
                self._is_left = True
                self.leave_rest(Left(LEFT))
        over, self._over = self._over, None
        if over is not None:
            return self._steps.throw(over)
        return next(self._steps)

    def allow(
        self,
        memory: int | None = None,
        *,
        folder: Folder | None = None,
        disk: int | None = None,
    ) -> None:
        """Let it take more; `run` goes on then.

        Args:
            memory: Bytes of memory.
            folder: Where the rest goes.
            disk: Bytes there.
        """
        memory = self.room.memory if memory is None else memory
        disk = self.room.disk if disk is None else disk
        self.room = replace(self.room, memory=memory, disk=disk)
        self._most = max(self._most, memory)
        self._most_disk = max(self._most_disk, disk)
        if folder is not None:
            self.room = replace(self.room, folder=folder)

    def leave_rest(self, why: LimitExceeded) -> None:
        """Let what is not read or not walked by now be left so (LIM001)."""
        self._over = LimitExceeded(str(why))
        # What follows, the walk behind the reading, may take as much again.
        self._most = self._used() + self.room.memory
        self._most_disk = self._kept() + self.room.disk

    def close(self) -> None:
        """Let go of everything; of what was opened too."""
        self._steps.close()
        self._forget()
        self._index.finish()
        self.source.close()

    def _forget(self) -> None:
        """Let go of what knows this one, so that all goes when nobody holds it."""
        self._ahead = self._verifier = None

    # Limits

    def _columns(self) -> list[PackedIndex]:
        """Return all that is made of columns, and can go to disk."""
        if self.processing is None:
            return [self.records, self.nodes]
        return [self.records, self.nodes, self.processing.processed]

    def _spill(self, folder: Folder) -> None:
        """Put on disk what can be there, at the first sign that it must."""
        self._spills = True
        where = folder()
        with suppress(OSError):
            # Whoever writes there says why it cannot.
            os.makedirs(where, mode=0o700, exist_ok=True)  # noqa: PTH103 (as given)
        # Records and nodes.
        budget = self.room.memory - 2 * bytes_on_disk(self.room.memory)
        if self.processing is not None:
            budget -= min(self.room.memory // 4, _PROCESSING)
        self._index.spill_to(where, max(budget, 0))
        self.source.spill(folder)
        pieces = pieces_for(self.room.memory)
        for each in (*self._columns(), self.blocks.odd):
            each.spill(where, pieces)

    def _used(self) -> int:
        columns = sum(each.bytes_used for each in self._columns())
        return self._index.most_bytes + columns + self.source.memory_used

    def _keep_within(self) -> None:
        """Compare what is held with what may be."""
        used, folder = self._used(), self.room.folder
        if folder is not None:
            if not self._spills and used > self._most * SPILL_FROM:
                self._spill(folder)
            self._keep_within_disk()
        if used <= self._most:
            return
        self._index.settle()
        if self.processing is not None:
            # What waits for it takes memory too.
            self.processing.go_on()
        if self._used() > self._most:
            raise MemoryLimitReached._make(self._sentence(), self)

    def _kept(self) -> int:
        columns = sum(each.disk_used for each in self._columns())
        odd = self.blocks.odd.disk_used
        return self._index.disk_used + odd + columns + self.source.disk_used

    def _keep_within_disk(self) -> None:
        if self._kept() > self._most_disk:
            self.leave_rest(
                LimitExceeded(
                    f"what is kept on disk is over its limit of {self.room.disk:,} "
                    "bytes: give it more with --disk-limit"
                )
            )

    def _on_piece(self) -> None:
        """Look at the limits while more is read than a step takes."""
        if self._cancel is not None:
            self._cancel.attend()
        # Between steps the limits are kept closely; here, not to be broken.
        held = self.source.memory_used - _PIECES, self._most, "--mem-limit"
        kept = self.source.disk_used - _PIECES, self._most_disk, "--disk-limit"
        for used, most, option in (held, kept):
            if used > most:
                raise LimitExceeded(
                    f"what streams by is over the limit of {most:,} bytes that may "
                    f"be kept: give it more with {option}"
                )

    def _sentence(self) -> str:
        blocks, records = len(self._index), count_text(len(self.records), "record")
        return (
            f"the index of {count_text(blocks, 'block')} and {records} is over its "
            f"limit of {self.room.memory:,} bytes: give it more with --mem-limit"
        )
