"""Proof that a repo path is in a repository, or that it is not; or neither.

Every block on the way from the commit down is read and hashed again, and each
node is checked for all rules that make this way the only one: canonical form, keys
in order and within the range of the link above, one depth, one less than that
of the node above. So the answer needs no block beside the way, and nothing
that was found out before.

Present needs the block of the record, too. Absence needs the node that would
hold the key, or a link that is null where its way would go on. Anything less is
no answer: a file that lacks a block says nothing of what that block would.

Source: atproto repository v3, "MST Structure"; atproto sync, `getRecord`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from repoview.core.errors import BlockMissing
from repoview.core.formats.key import path_of
from repoview.core.repo.step import Step
from repoview.core.trees.lookup import look_up
from repoview.core.trees.steps import BlockAsked, KeyAbsent, KeyFound, NodeRefused
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.cid import Cid
    from repoview.core.repo.block_reader import Block
    from repoview.core.repo.records import Records
    from repoview.core.trees.steps import LookupStep
    from repoview.core.verify.report import Report


class Answer(StrEnum):
    """Whether a path is in a repository, as far as its blocks prove it."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"
    """Neither is proved."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What the blocks of a repository prove of one path."""

    path: str
    answer: Answer

    cid: Cid | None
    """What the tree links the path to, also where that block is not there."""

    missing: Cid | None
    """The block on the way that is not in the file, or does not hash to its CID."""

    why: str
    """What the answer rests on, or why there is none: a clause without a full
    stop."""

    signature: str
    """Of the commit: verified, failed or not-checked, as in the report."""

    steps: tuple[Step, ...]
    """The blocks of the way as far as it goes, from the commit down."""

    def tells(self, asked: Answer) -> Literal["proved", "disproved", "unknown"]:
        """Return whether a claim is proved, disproved or unknown.

        Args:
            asked: What is claimed of the path: present or absent.
        """
        if self.answer is Answer.UNKNOWN:
            return "unknown"
        return "proved" if self.answer is asked else "disproved"

    def to_json(self, asked: Answer) -> dict[str, Any]:
        """Return what `verify --json` prints of it."""
        return {
            "path": self.path,
            "asked": asked.value,
            "answer": self.tells(asked),
            "cid": None if self.cid is None else str(self.cid),
            "missing": None if self.missing is None else str(self.missing),
            "why": self.why,
            "signature": self.signature,
        }


ProofStep: TypeAlias = "Step | LookupStep | Proof"


class _Nodes:
    """The nodes that a look-up asks for, each taken as a step of the way.

    Args:
        way: The way to a key.
        top: The top node.
        name: The field of the commit that links to it.
    """

    def __init__(self, way: _Way, top: Cid, name: str) -> None:
        self._way = way
        self.top = top
        self.name = name
        """The field of the block above that links to the node asked for next."""

    def read(self, cid: Cid) -> bytes | None:
        """Return the bytes of a node; None if they are not there, or not its own."""
        block = self._way.read(cid, "node", self.name)
        return None if block is None else block.data


@dataclass
class _Way:
    """The way to one key, as far as it has come."""

    records: Records
    report: Report
    key: bytes
    root: Cid | None = None
    """The first root of the header."""

    steps: list[Step] = field(default_factory=list)
    cid: Cid | None = None

    def _proof(self, answer: Answer, why: str, missing: Cid | None = None) -> Proof:
        return Proof(
            path_of(self.key),
            answer,
            self.cid,
            missing,
            why,
            self.report.signature,
            tuple(self.steps),
        )

    def _unknown(self, why: str, missing: Cid | None = None) -> Proof:
        return self._proof(Answer.UNKNOWN, why, missing)

    def follow(self, top: Cid | None) -> Iterator[ProofStep]:
        """Go down as far as the way goes.

        Args:
            top: The top node of a tree without a commit.
        """
        commit, name = self.report.commit, ""
        if commit is not None:
            is_there = self.read(commit.cid, "commit", "") is not None
            yield self.steps[-1]
            if not is_there:
                yield self._not_there(commit.cid, "the commit")
                return
            top, name = commit.data, "data"
        if top is None:
            yield from self._without_tree()
            return
        yield from self._down(_Nodes(self, top, name))

    def _without_tree(self) -> Iterator[ProofStep]:
        """Say why there is no tree to go down: a root that is damaged names none."""
        if self.report.commit is not None:
            yield self._unknown("the file holds a commit without a tree")
            return
        root = self.root
        if root is not None and root.is_blessed:
            self.read(root, "commit", "")
            if self.steps[-1].offset is not None and not self.steps[-1].hashes:
                yield self.steps[-1]
                yield self._not_there(root, "the root")
                return
            self.steps.clear()
        yield self._unknown("the file holds no commit")

    def _down(self, nodes: _Nodes) -> Iterator[ProofStep]:
        for step in look_up(nodes, self.key):
            yield step
            match step:
                case BlockAsked(link):
                    nodes.name = link.field or nodes.name
                case NodeRefused(link) if not self.steps[-1].hashes:
                    yield self._not_there(link.cid, "a node on the way")
                case NodeRefused(link):
                    yield self._unknown(
                        f"the node {link.cid} on the way is not what it should be"
                    )
                case KeyFound(_, value, name):
                    yield from self._at_record(value, name)
                case KeyAbsent(_, "depth"):
                    yield self._absent("the last node on the way would hold it")
                case KeyAbsent():
                    why = "no link leads on from the last node on the way"
                    yield self._absent(why)

    def _at_record(self, cid: Cid, name: str) -> Iterator[ProofStep]:
        self.cid = cid
        is_there = self.read(cid, "record", name) is not None
        yield self.steps[-1]
        if not is_there:
            yield self._not_there(cid, "its record")
            return
        found = self.records.get(self.key)
        if found is not None and found.cid != cid:
            yield self._unknown("the tree has its key twice, with two records")
            return
        yield self._proof(Answer.PRESENT, self._hashed())

    def _absent(self, why: str) -> Proof:
        if self.records.find(self.key) is not None:
            # Readers that do not look at depths would find it.
            return self._unknown("the tree holds its key where it may not be")
        return self._proof(Answer.ABSENT, f"{why}; {self._hashed()}")

    def _hashed(self) -> str:
        blocks = count_text(len(self.steps), "block")
        return f"every hash on the way is right ({blocks})"

    def _not_there(self, cid: Cid, what: str) -> Proof:
        state = "not in the file"
        if self.steps[-1].offset is not None:
            state = "damaged: its bytes do not hash to its CID"
            if not cid.is_blessed:
                state = "under a CID that proves nothing"
        elif any(each.code == "LIM001" for each in self.report.findings):
            state = "not in the part of the file that was read"
        return self._unknown(f"{what} is {state} ({cid})", cid)

    def read(self, cid: Cid, role: str, link: str) -> Block | None:
        """Take the step to a block; None where it is not there, or proves nothing."""
        block = None
        try:
            block = self.records.block(cid, damaged=True)
        except BlockMissing:
            self.steps.append(Step(role, cid, link, None, None, hashes=False))
            return None
        hashes = block.state != "damaged" and cid.is_blessed
        size = len(block.data)
        self.steps.append(Step(role, cid, link, block.offset, size, hashes=hashes))
        return block if hashes else None


def prove(
    records: Records,
    report: Report,
    key: bytes,
    top: Cid | None,
    root: Cid | None = None,
) -> Proof:
    """Return what the blocks of a repository prove of a key.

    Args:
        records: Of the repository, with its blocks.
        report: What is known of it.
        key: The repo path.
        top: The top node, where there is no commit to name it.
        root: The first root of the header.

    Raises:
        SourceError: The source was changed.
    """
    *_, proof = proof_steps(records, report, key, top, root)
    assert isinstance(proof, Proof)  # noqa: S101 (see `proof_steps`)
    return proof


def proof_steps(
    records: Records,
    report: Report,
    key: bytes,
    top: Cid | None,
    root: Cid | None = None,
) -> Iterator[ProofStep]:
    """Yield the steps of `prove`, which takes the same; the last is the proof.

    A `Step` is the commit or the record; of nodes each step of the look-up is told.
    """
    return _Way(records, report, key, root).follow(top)
