"""The steps of an opening: read, walk and verify one source.

A step reads about a MiB of the source, or walks some thousand records. The
caller checks limits, and may stop, between steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.blocks.blocks import Blocks
from repoview.core.findings.findings import Findings
from repoview.core.index.records import NodeTable, RecordIndex
from repoview.core.kernel import kernel
from repoview.core.load.load import load
from repoview.core.opening.opened import Opened
from repoview.core.source.stream import StreamSource
from repoview.core.verify.streaming_walk import StreamingWalk
from repoview.core.verify.verify import Verifier

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from repoview.core.errors import LimitExceeded
    from repoview.core.formats.commit import Commit
    from repoview.core.kernel.seam import Batch
    from repoview.core.load.result import Progress
    from repoview.core.opening.options import OpenOptions
    from repoview.core.opening.processing import Processing
    from repoview.core.opening.results import Processed
    from repoview.core.source.source import Source
    from repoview.core.storage.column_set import PackedIndex

_LEAST_STEP: Final = 4 * limits.KiB
_SHARED_STEP: Final = 128 * limits.KiB
"""Least bytes of a step that is shared among threads."""


def _step_for(memory: int) -> int:
    """Return how many bytes to read at a time.

    Buffers are not counted against the limit, so a small limit has small ones,
    and is checked more often.
    """
    step = max(memory // 64, min(memory // 16, _SHARED_STEP), _LEAST_STEP)
    return min(limits.READ_CHUNK, step)


class Reading:
    """One source that is read and verified; close it, or take all its steps.

    Args:
        source: Not closed with this.
        options: What is wanted.
        pause: Called while the block index waits; what it raises ends it.
    """

    def __init__(
        self, source: Source, options: OpenOptions, pause: Callable[[], None]
    ) -> None:
        self.source = source
        self.records = RecordIndex()
        self.nodes = NodeTable()
        self.findings = Findings(options.checks.profile, options.checks.policy)
        size = 0 if not source.ended else source.size
        memory = options.room.memory
        self.index = kernel.BlockIndex(memory, options.threads, size, pause=pause)
        self.blocks = Blocks(self.index, source)
        self.processing = self._processing_by(options)
        self.opened: Opened | None = None
        """The result, after the last step."""
        self._options = options
        self._pause = pause
        self._ahead: StreamingWalk | None = None
        self._verifier: Verifier | None = None
        self._steps = self._all_steps()

    def _processing_by(self, options: OpenOptions) -> Processing | None:
        if options.process is None:
            return None
        # Late: few run a function.
        from repoview.core.opening.processing import Processing  # noqa: PLC0415
        from repoview.core.source.sparse_spool import SparseSpool  # noqa: PLC0415

        spool = None
        if isinstance(self.source, StreamSource):
            spool = SparseSpool(options.room.folder)
            self.source.keep_in(spool)
        return Processing(options.process, self.blocks, self.records, spool)

    def _all_steps(self) -> Generator[Progress, None, Opened]:
        self.source.hold()
        checks, eager = self._options.checks, self._options.eager
        # The check that builds the tree again wants all batches at once.
        if not checks.rebuild:
            self._ahead = StreamingWalk(self.findings, self._take, eager=eager)
        follow = None if self._ahead is None else self._ahead.follow
        step = _step_for(self._options.room.memory)
        see = None if self.processing is None else self.processing.see
        loaded = yield from load(
            self.blocks,
            self.findings,
            step,
            follow=follow,
            see=see,
            eager=eager,
            which=self._options.frame,
            finds_next=not self._options.resync,
        )
        if self._options.resync and not loaded.limited:
            from repoview.core.load.resync import resync  # noqa: PLC0415 (few need it)

            loaded = yield from resync(loaded, self.findings)
        self._verifier = Verifier(
            loaded,
            self.findings,
            checks,
            self._take,
            (self.records, self.nodes),
            ahead=self._ahead,
            pause=self._pause,
        )
        report = yield from self._verifier.steps()
        self.nodes.finish(len(self.records))
        report.counts.collections = self.records.collection_count
        return Opened(
            loaded,
            report,
            self.records,
            self.nodes,
            processed=self.processed,
            apart=self._verifier.apart,
        )

    def _take(self, batch: Batch) -> None:
        self.records.extend(batch)
        self.nodes.extend(batch)

    def step(self, over: LimitExceeded | None = None) -> Progress | None:
        """Take one step; None after the last, when `opened` is there.

        Args:
            over: The limit because of which the rest stays unread and unwalked.
        """
        progress = opened = None
        try:
            progress = next(self._steps) if over is None else self._steps.throw(over)
        except StopIteration as end:
            opened = end.value
        # Outside of a step, which gives some errors another meaning.
        self.process()
        if progress is None:
            self.opened = opened
            self._forget()
        return progress

    def process(self) -> None:
        """Run the caller's function, if any, on the blocks read so far."""
        if self.processing is not None:
            self.processing.go_on()

    @property
    def commit(self) -> Commit | None:
        """The commit, as soon as it is known."""
        if self.opened is not None:
            return self.opened.report.commit
        if self._verifier is not None:
            return self._verifier.commit
        return None if self._ahead is None else self._ahead.commit

    @property
    def processed(self) -> Processed | None:
        """Results of the caller's function so far; None without one."""
        return None if self.processing is None else self.processing.processed

    @property
    def columns(self) -> list[PackedIndex]:
        """The column sets, which can be spilled."""
        columns: list[PackedIndex] = [self.records, self.nodes]
        return columns if self.processed is None else [*columns, self.processed]

    def close(self) -> None:
        """Take no more steps; the source is the caller's to close."""
        self._steps.close()
        self._forget()
        self.index.finish()

    def _forget(self) -> None:
        """Break the reference cycles, so that memory is freed at once."""
        self._ahead = self._verifier = self.processing = None
