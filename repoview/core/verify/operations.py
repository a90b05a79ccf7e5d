"""Compare an event with the repository in it: each operation with the tree.

An operation says what stands at a path after the commit, and, in newer events,
what stood there before. The first is looked up in the tree. The second is proved
by undoing all operations, which must give the tree that `prevData` names: so they
are also all that changed. Either may need a block that is not there; then the
answer is "unknown", and the block is named.

Source: atproto Sync, "Firehose" and "Inductive Firehose".
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple, Unpack

from repoview.core.edit.partial_tree import PartialTree
from repoview.core.edit.undo import undo
from repoview.core.findings.findings import finding
from repoview.core.marks import State
from repoview.core.trees.node import NodeUnusable
from repoview.core.trees.record_change import RecordChange
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.cid import Cid
    from repoview.core.findings.findings import Findings, Place
    from repoview.core.formats.commit import Commit
    from repoview.core.formats.frames.frame import Frame, Operation, OperationAnswer
    from repoview.core.load.result import Loaded

_NO_TREE: Final = "there is no tree to compare it with"
_NO_PREV: Final = "it does not say what was there before (`prev`)"


def judge_frame(
    frame: Frame,
    loaded: Loaded,
    commit: Commit | None,
    findings: Findings,
    pause: Callable[[], None] = lambda: None,
) -> Frame:
    """Return the frame with an answer to each operation, and report what is wrong.

    Args:
        frame: As it was read.
        loaded: The blocks of its CAR.
        commit: The one that was found among them.
        findings: Takes what is wrong.
        pause: Called before each operation; what it raises ends it.
    """
    if frame.blocks is None:
        return frame
    return _Judge(frame, loaded, commit, findings, pause).judge()


class _Said(NamedTuple):
    """What is known of one operation's claim."""

    answer: OperationAnswer
    why: str = ""
    missing: Cid | None = None


class _Judge:
    """Compares one frame with its commit."""

    def __init__(
        self,
        frame: Frame,
        loaded: Loaded,
        commit: Commit | None,
        findings: Findings,
        pause: Callable[[], None],
    ) -> None:
        self._frame = frame
        self._blocks = loaded.blocks
        self._header = loaded.header
        self._commit = commit
        self._findings = findings
        self._pause = pause
        self._tree: PartialTree | None = None
        if commit is not None and commit.data is not None and commit.data.is_plain:
            self._tree = PartialTree(commit.data, self._node)

    def judge(self) -> Frame:
        """Compare all of it."""
        self._compare_commit()
        if self._frame.type != "#commit":
            return self._frame
        last = {op.key: op.number for op in self._frame.ops if op.is_usable}
        ops = [self._answered(op, last) for op in self._frame.ops]
        frame = self._undone(replace(self._frame, ops=tuple(ops)))
        for op in frame.ops:
            self._report(op)
        return frame

    def _node(self, cid: Cid) -> bytes | None:
        """Return the bytes of a node, which hash to its CID."""
        row = self._row(cid)
        return None if row < 0 else self._blocks.read(row)

    def _row(self, cid: Cid) -> int:
        """Return the row of a block that hashes to its CID, -1 for none."""
        row = self._blocks.find(cid.raw) if cid.is_plain else -1
        is_there = row >= 0 and self._blocks.state(row) is not State.WRONG_HASH
        return row if is_there else -1

    # The commit

    def _compare_commit(self) -> None:
        """Report where frame and commit say different things."""
        frame, commit = self._frame, self._commit
        if frame.commit is not None and self._header is not None:
            roots = self._header.roots
            root = roots[0] if roots else None
            if root != frame.commit:
                text = f"`commit` is {frame.commit}, but the root of the CAR {root}"
                self._add("FRM010", text, expected=str(frame.commit), found=str(root))
        if commit is None:
            return
        for name, said, has in (
            ("repo" if frame.type == "#commit" else "did", frame.repo, commit.did),
            ("rev", frame.rev, commit.rev),
        ):
            if said is not None and has is not None and said != has:
                text = f"`{name}` is {said[:80]!a}, but the commit has {has[:80]!a}"
                self._add(
                    "FRM010", text, cid=commit.cid, expected=said[:80], found=has[:80]
                )

    # Operations

    def _answered(self, op: Operation, last: dict[bytes | None, int]) -> Operation:
        """Return an operation with what the tree has after it."""
        self._pause()
        if not op.is_usable or op.key is None:
            return op
        if last[op.key] != op.number:
            text = f"operation {op.number + 1} is of a path that a later one has too"
            self._add("FRM016", text, offset=op.offset, path=op.path)
            return op._replace(why="a later operation is of the same path")
        said = self._after(op.key, op.cid)
        return op._replace(after=said.answer, why=said.why, missing=said.missing)

    def _after(self, key: bytes, wanted: Cid | None) -> _Said:
        """Tell whether the tree has *wanted* at *key*, and its record is there."""
        if self._tree is None:
            return _Said("unknown", _NO_TREE)
        try:
            found = self._tree.get(key)
        except NodeUnusable as error:
            return _said_of(error)
        if found != wanted:
            if found is None:
                return _Said("contradicted", "the tree has no such record")
            if wanted is None:
                return _Said("contradicted", f"the tree still has it: {found}")
            return _Said("contradicted", f"the tree has another record there: {found}")
        if wanted is None or self._row(wanted) >= 0:
            return _Said("proved")
        is_there = wanted.is_blessed and self._blocks.find(wanted.raw) >= 0
        why = "is damaged" if is_there else "is not there"
        return _Said("unknown", f"the record {wanted} {why}", wanted)

    # What was before

    def _undone(self, frame: Frame) -> Frame:
        """Return the frame with its operations undone, as far as that goes."""
        if frame.prev_data is None:
            text = "the event does not say what the tree was before (`prevData`)"
            self._add("FRM015", text)
            return frame
        if self._tree is None:
            lost = [self._before(op, "unknown", _NO_TREE) for op in frame.ops]
            return replace(frame, ops=tuple(lost), undone="unknown")
        paths = Counter(op.key for op in frame.ops)
        can = [op for op in frame.ops if _says_before(op) and paths[op.key] == 1]
        changes = [RecordChange(op.key or b"", op.prev, op.cid) for op in can]
        tree, steps = undo(self._tree, changes, self._pause)
        ops = {op.number: op for op in frame.ops}
        for step in steps:
            op = can[step.number]
            if step.top is not None:
                op = op._replace(undone=step.top)
            elif step.hole is not None:
                said = _said_of(step.hole)
                why = f"it cannot be undone: {said.why}"
                op = self._before(op, "unknown", why, said.missing)
            else:
                op = self._before(op, "contradicted", op.why)
            ops[op.number] = op
        taken = [can[step.number].number for step in steps if step.top is not None]
        is_all = len(taken) == len(frame.ops) and not frame.more_ops
        together: OperationAnswer = "unknown"
        if is_all:
            together = "proved" if tree.top == frame.prev_data else "contradicted"
        is_contradicted = any(step.contradicts for step in steps)
        frame = replace(
            frame,
            ops=tuple(self._concluded(op, together) for op in ops.values()),
            undone="contradicted" if is_contradicted else together,
            reached=tree.top if is_all else None,
            steps=tuple(taken),
        )
        self._report_undone(frame)
        return frame

    def _concluded(self, op: Operation, answer: OperationAnswer) -> Operation:
        """Return an operation with what undoing all of them says of it."""
        if op.before is not None:
            return op
        if op.is_usable and not _says_before(op):
            return self._before(op, "unknown", _NO_PREV)
        why = {
            "proved": "",
            "contradicted": "undoing the operations gives another tree than prevData",
            "unknown": "not all operations can be undone",
        }
        return self._before(op, answer, why[answer])

    @staticmethod
    def _before(
        op: Operation, answer: OperationAnswer, why: str, missing: Cid | None = None
    ) -> Operation:
        return op._replace(
            before=answer, why=op.why or why, missing=op.missing or missing
        )

    # Findings

    def _report(self, op: Operation) -> None:
        """Report an operation that is not proved."""
        name = f"operation {op.number + 1}, {op.action or 'no action'}"
        place: Place = {"offset": op.offset, "path": op.path, "cid": op.missing}
        if op.after == "contradicted":
            place["expected"] = "no record" if op.cid is None else str(op.cid)
            self._add("FRM011", f"{name}: {op.why}", **place)
        elif op.after == "unknown":
            text = f"{name}: nothing can be told, for {op.why or _NO_TREE}"
            self._add("FRM012", text, **place)
        elif op.before == "unknown" and (op.missing or op.why == _NO_PREV):
            self._add("FRM014", f"{name}: {op.why}", **place)

    def _report_undone(self, frame: Frame) -> None:
        """Report a tree before that is not the one it should be."""
        if frame.undone == "contradicted" and frame.reached is not None:
            amount = count_text(len(frame.ops), "operation")
            text = f"undoing {amount} gives the tree {frame.reached}, not `prevData`"
            expected, found = str(frame.prev_data), str(frame.reached)
            self._add("FRM013", text, expected=expected, found=found)
        elif frame.more_ops:
            more = count_text(frame.more_ops, "more operation")
            text = f"{more} were not read, so they cannot be undone"
            self._add("FRM014", text)

    def _add(self, code: str, text: str, **more: Unpack[Place]) -> None:
        more.setdefault("offset", self._frame.offset)
        self._findings.add(finding(code, text, **more))


def _says_before(op: Operation) -> bool:
    """Tell whether an operation says what was there before."""
    return op.is_usable and (op.action == "create") == (op.prev is None)


def _said_of(error: NodeUnusable) -> _Said:
    missing = None if error.fault else error.cid
    return _Said("unknown", str(error), missing)
