"""Verify a repository: from the root to the last record.

First the root and its commit, then the tree below it, then what the tree did
not use. Everything that is wrong is a finding; the report has the verdict.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Unpack

from repoview.core.errors import LimitExceeded
from repoview.core.findings.causes import Lost, explain
from repoview.core.findings.findings import Findings, Profile, finding
from repoview.core.load.result import Progress
from repoview.core.marks import COMMIT
from repoview.core.verify.absent import report_absent, report_clean_end
from repoview.core.verify.checks import Checks
from repoview.core.verify.expected import judge_expected
from repoview.core.verify.rebuilt import Rebuilt
from repoview.core.verify.report import (
    EXIT_CODES,
    Counts,
    Outcome,
    Report,
    Verdict,
    judge,
)
from repoview.core.verify.root import Root, find_root
from repoview.core.verify.shape import Evidence, FileShape, Told, tell
from repoview.core.verify.signature import judge_signature
from repoview.core.verify.unlinked import Unlinked
from repoview.core.verify.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from repoview.core.findings.findings import Finding, Place
    from repoview.core.formats.commit import Commit
    from repoview.core.formats.frames.frame import Frame
    from repoview.core.index.nodes import NodeTable
    from repoview.core.index.records import RecordIndex
    from repoview.core.kernel.seam import Batch
    from repoview.core.load.result import Loaded
    from repoview.core.signature.judge import Answer
    from repoview.core.verify.streaming_walk import StreamingWalk

__all__ = ["Checks", "Verifier"]


@dataclass(slots=True)
class Verifier:
    """One verification of what was loaded.

    Args:
        loaded: The blocks of a source, indexed.
        findings: Holds what loading found; the rest is added.
        checks: What to check.
        on_batch: Called with every batch of the walk, in order.
        met: The tables that it fills; without them the shape is not told.
        ahead: The walk that was begun while the source was read.
        pause: Called often where a step takes long; it cancels by raising.
    """

    loaded: Loaded
    findings: Findings
    checks: Checks = field(default_factory=Checks)
    on_batch: Callable[[Batch], None] = lambda _: None
    met: tuple[RecordIndex, NodeTable] | None = None
    ahead: StreamingWalk | None = None
    pause: Callable[[], None] = lambda: None
    commit: Commit | None = None
    """The commit, once it was looked for."""

    signature: Answer = "not-checked"
    apart: Outcome = field(default_factory=Outcome)
    """The outcome without the signature, once all else is judged."""

    outcome: Outcome = field(default_factory=Outcome)
    """The outcome with it."""

    rebuilt: Rebuilt | None = None
    """The tree that is built again from its keys, if that is to be checked."""

    frame: Frame | None = None
    """The event, once its operations were compared with the tree."""

    def steps(self) -> Generator[Progress, None, Report]:
        """Check everything, a batch of the walk at a time.

        A `LimitExceeded` that is thrown into it leaves the rest unwalked
        (LIM001).

        Returns:
            The report.
        """
        root = find_root(self.loaded, self.findings, self.pause)
        self.commit = root.commit
        walk = None if self.ahead is None else self.ahead.walk
        if walk is None:
            walk = Walk(self.loaded.blocks, self.findings)
        # If the top node was guessed, missing blocks prove nothing.
        as_slice = self._is_slice or root.guessed
        walk.slice_expected = as_slice or self.loaded.limited
        if root.commit is not None:
            self._judge_commit(root.commit, walk)
        if self.checks.rebuild:
            self.rebuilt = Rebuilt(self.loaded.blocks)
        limited = yield from self._walk(walk, root)
        walk.letter_case.report(self.findings)
        complete = self._completeness(root, walk, limited=limited)
        if self.rebuilt is not None and complete and root.top is not None:
            self.rebuilt.compare(root.top, root.holder, self.findings)
        self._judge_frame(root)
        unlinked, order = (0, 0), None
        if not limited:
            unlinked, order = self._judge_file(root, walk)
        lost = self._lost(root, walk)
        told = self._tell(root, walk, unlinked[0], lost, limited=limited)
        self._judge_whole(root, walk, told, complete=complete)
        if told.shape.is_part:
            lost = replace(lost, is_part=True)
        explain(self.findings, lost)
        self._judge_signature_last(root.commit)
        return self._report(root, walk, unlinked, told, complete=complete, order=order)

    def _walk(self, walk: Walk, root: Root) -> Generator[Progress, None, bool]:
        """Walk the tree below *root*; return whether a limit ended this or the reading.

        Args:
            walk: Begun while the source was read, or not at all.
            root: Where the tree begins.
        """
        limited = self.loaded.limited
        if root.top is None:
            return limited
        total = len(self.loaded.blocks.index)
        try:
            if limited:
                # What was met is told even if there is no time to walk any more.
                for batch in walk.met():
                    self.on_batch(batch)
                yield Progress("walk", 0, total, total)
            for batch in walk.batches(root.top, root.holder):
                self.on_batch(batch)
                if self.rebuilt is not None:
                    self.rebuilt.take(batch)
                done = walk.nodes + walk.records
                yield Progress("walk", done, max(done, total), total)
        except LimitExceeded as error:
            if not limited:
                # If a limit ended the reading, LIM001 is there already.
                self.findings.add(finding("LIM001", str(error)))
            limited = True
        return limited

    def _judge_file(self, root: Root, walk: Walk) -> tuple[tuple[int, int], str | None]:
        """Return number and bytes of unlinked blocks, and the order of all.

        After a walk that was cut short, "unlinked" would only mean that it was not
        reached, and the order would be that of a part.
        """
        leftovers = Unlinked(self.loaded, self.findings)
        unlinked = leftovers.judge(root.commit)
        walk.cids |= leftovers.cids
        return unlinked, self._order(walk, root) if root.top is not None else None

    def _judge_commit(self, commit: Commit, walk: Walk) -> None:
        index = self.loaded.blocks.index
        walk.state.meet(index, self.loaded.blocks.find(commit.cid.raw), COMMIT)
        for found in judge_expected(commit, self.checks.did, self.checks.rev):
            self.findings.add(found)

    def _judge_signature_last(self, commit: Commit | None) -> None:
        """Judge it behind all else: no other finding depends on the signature."""
        self.apart = self.outcome = self._outcome()
        judged = judge_signature(commit, self.loaded.blocks, self.checks)
        self.signature = judged.answer
        for found in judged.findings:
            self.findings.add(found)
        if judged.findings:
            self.outcome = self._outcome()

    def _outcome(self) -> Outcome:
        """Return what follows from the findings so far."""
        findings = self.findings
        return Outcome(*self._verdicts(), findings.totals(), findings.changes())

    def _judge_frame(self, root: Root) -> None:
        """Compare the event that the repository stands in, if it does, with it."""
        frame = self.loaded.frame
        if frame is None:
            return
        from repoview.core.verify.operations import judge_frame  # noqa: PLC0415 (few are)

        self.frame = judge_frame(
            frame, self.loaded, root.commit, self.findings, self.pause
        )

    @property
    def _is_slice(self) -> bool:
        """Whether missing blocks are no fault; an event has only what changed."""
        return self.checks.expect == "slice" or self.loaded.frame is not None

    # The result of the walk

    def _completeness(self, root: Root, walk: Walk, *, limited: bool) -> bool | None:
        if limited:
            return None
        if root.damaged:
            return False
        if root.top is None:
            return None
        lacks = [walk.missing_nodes, walk.damaged_nodes, walk.damaged_records]
        if self.checks.profile is not Profile.MST_ONLY:
            lacks.append(walk.missing_records)
        return not any(lacks)

    def _tell(
        self, root: Root, walk: Walk, unlinked: int, lost: Lost, *, limited: bool
    ) -> Told:
        """Tell the shape of the file."""
        if self.met is None:
            return Told(FileShape.OTHER)
        at_end = lost.in_order and lost.is_last
        seen = Evidence(
            self.loaded,
            root.commit,
            walk,
            limited,
            unlinked,
            at_end,
            *self.met,
        )
        return tell(seen)

    def _judge_whole(
        self, root: Root, walk: Walk, told: Told, *, complete: bool | None
    ) -> None:
        nodes, records = walk.missing_nodes, walk.missing_records
        if self.checks.profile is Profile.MST_ONLY:
            records = 0
        if root.top is None or complete is None or not (nodes or records):
            return
        table = None if self.met is None else self.met[1]
        report_absent(self.findings, told, table, lacks=(nodes, records))
        if not self.loaded.cut and not self.loaded.skipped:
            report_clean_end(
                self.findings,
                self.loaded.end,
                is_bare=root.commit is not None and not walk.nodes and nodes > 0,
                expected=self._is_slice or root.guessed,
            )

    def _order(self, walk: Walk, root: Root) -> str:
        """Tell the order of blocks by position, and report it."""
        index = self.loaded.blocks.index
        state = walk.state
        first = self.loaded.first_section
        commit = root.commit
        if commit is not None and commit.offset != first:
            text = "the commit is not the first block"
            self._add("ORD002", text, offset=commit.offset, cid=commit.cid)
        order = "mixed"
        if state.first_astray < 0:
            order = "preorder"
        elif state.last_node < state.first_record:
            order = "nodes-first"
        elif index.ascending:
            order = "cid-ascending"
        elif index.descending:
            order = "cid-descending"
        if order != "preorder":
            row = state.first_astray
            text = "the blocks are not in the order of the walk, from this one on"
            cid = self.loaded.blocks.cid(row)
            self._add("ORD001", text, offset=index.offset(row), cid=cid)
        self.findings.add(_told_order(order))
        return order

    def _verdicts(self) -> tuple[Verdict, Verdict]:
        """Return the verdict of what was found by now, and that of the exit code."""
        was_tried = not (self.loaded.is_event or self.loaded.limited)
        if self.loaded.header is None and was_tried:
            # Nothing was read, whatever the severity of the finding about it.
            return Verdict.UNREADABLE, Verdict.UNREADABLE
        verdict = failing = judge(self.findings)
        if self.checks.fail_on_warning:
            failing = judge(self.findings, warnings_count=True)
        return verdict, failing

    def _report(
        self,
        root: Root,
        walk: Walk,
        unlinked: tuple[int, int],
        told: Told,
        *,
        complete: bool | None,
        order: str | None,
    ) -> Report:
        loaded, index = self.loaded, self.loaded.blocks.index
        outcome = self.outcome
        counts = Counts(
            bytes=loaded.blocks.source.size,
            blocks=index.sections,
            nodes=walk.nodes,
            records=walk.records,
            duplicate_blocks=index.duplicates,
            duplicate_bytes=index.duplicate_bytes,
            unlinked_blocks=unlinked[0],
            unlinked_bytes=unlinked[1],
            missing_nodes=walk.missing_nodes,
            missing_records=walk.missing_records,
            damaged_nodes=walk.damaged_nodes,
            damaged_records=walk.damaged_records,
        )
        found = self.findings.sorted()
        counts.findings = dict(outcome.totals)
        return Report(
            source=loaded.blocks.source.name,
            verdict=outcome.verdict,
            exit_code=EXIT_CODES[outcome.failing],
            complete=complete,
            order=order,
            commit=root.commit,
            counts=counts,
            findings=found,
            signature=self.signature,
            cids=walk.cids,
            changes=outcome.changes,
            shape=told.shape,
            proves=told.proves,
            frame=self.frame,
        )

    def _lost(self, root: Root, walk: Walk) -> Lost:
        nodes, records, tail = walk.missing_nodes, walk.missing_records, walk.tail
        blocks = self.loaded.blocks
        rows = len(blocks.index)
        last = nodes, records
        in_order = walk.state.first_astray < 0
        if in_order and not self.loaded.skipped:
            # Where blocks stand behind the last one met, it was not the last.
            commit = root.commit
            row = -1 if commit is None else blocks.find(commit.cid.raw)
            is_last = max(tail.row, row) == rows - 1
            last = (
                min(nodes, tail.nodes * is_last),
                min(records, tail.records * is_last),
            )
        last_block = blocks.index.offset(rows - 1) if rows else -1
        if self.loaded.skipped:
            last_block = self.loaded.last_before
        return Lost(
            nodes,
            records,
            *last,
            last_block=last_block,
            ended=self.loaded.cut or self.loaded.limited,
            skipped=self.loaded.skipped > 0,
            in_order=in_order,
            has_commit=root.commit is not None,
            has_tree=root.top is not None,
            is_part=False,
        )

    def _add(self, code: str, text: str, **place: Unpack[Place]) -> None:
        self.findings.add(finding(code, text, **place))


@cache
def _told_order(order: str) -> Finding:
    """Return the finding that tells the order of the blocks."""
    return finding("ORD003", f"the blocks are in this order: {order}", found=order)
