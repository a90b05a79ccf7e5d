"""Proof that a repo path is in a repository, that it is not, or of neither.

Every block on the way from the commit down is read and hashed again, and each
node is held to all rules that make the way the only one: canonical form, keys
in order and within the range of the link above, one depth, one less than that
of the node above. So the answer needs no block beside the way, and nothing
that was found out before.

Present needs the block of the record, too. Absence needs the node that would
hold the key, or a link that is null where its way would go on. Anything less is
no answer: a file that lacks a block says nothing of what that block would.

Source: atproto repository v3, "MST Structure"; atproto sync, `getRecord`.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from repoview.core.errors import BlockMissing
from repoview.core.formats.key import path_of
from repoview.core.formats.mst import key_depth, read_node
from repoview.core.repo.step import Step
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from repoview.core.cid import Cid
    from repoview.core.formats.mst import Node
    from repoview.core.repo.block_reader import Block
    from repoview.core.repo.records import Records
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
    """The block on the way that is not in the file, or does not hash."""

    why: str
    """What the answer rests on, or why there is none: a clause without a full
    stop."""

    signature: str
    """Of the commit: verified, failed or not-checked, as in the report."""

    steps: tuple[Step, ...]
    """The blocks of the way as far as it goes, from the commit down."""

    def tells(self, asked: Answer) -> Literal["proved", "disproved", "unknown"]:
        """Return what it makes of a claim.

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


class _Link(NamedTuple):
    """A link to the next node, and what it must hold."""

    cid: Cid
    name: str
    """The field of the block above that has it."""

    depth: int | None
    """None for the top, whose keys say it."""

    lo: bytes
    hi: bytes | None


@dataclass
class _Way:
    """The way to one key, as far as it has come."""

    records: Records
    report: Report
    key: bytes
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

    def follow(self, top: Cid | None) -> Proof:
        """Go down as far as the way goes.

        Args:
            top: The top node of a tree without a commit.
        """
        commit, name = self.report.commit, ""
        if commit is not None:
            if self._read(commit.cid, "commit", "") is None:
                return self._not_there(commit.cid, "the commit")
            top, name = commit.data, "data"
        if top is None:
            what = "no commit" if commit is None else "a commit without a tree"
            return self._unknown(f"the file holds {what}")
        return self._down(_Link(top, name, None, b"", None))

    def _down(self, link: _Link) -> Proof:
        # Ends: each link leads to a smaller depth.
        while True:
            block = self._read(link.cid, "node", link.name)
            if block is None:
                return self._not_there(link.cid, "a node on the way")
            node = read_node(block.data)
            depth = None if node is None else _depth_in_place(node, link)
            if node is None or depth is None:
                return self._unknown(
                    f"the node {link.cid} on the way is not what it should be"
                )
            keys = [entry.key for entry in node.entries]
            at = bisect_left(keys, self.key)
            if at < len(keys) and keys[at] == self.key:
                return self._at_record(node.entries[at].value, at)
            wanted = key_depth(self.key)
            if wanted >= depth:
                # Whatever is below the node has a smaller depth than the key.
                return self._absent("the last node on the way would hold it")
            below = node.entries[at - 1].tree if at else node.left
            if below is None:
                return self._absent("no link leads on from the last node on the way")
            name = f"e[{at - 1}].t" if at else "l"
            lo = keys[at - 1] if at else link.lo
            hi = keys[at] if at < len(keys) else link.hi
            link = _Link(below, name, depth - 1, lo, hi)

    def _at_record(self, cid: Cid, entry: int) -> Proof:
        self.cid = cid
        if self._read(cid, "record", f"e[{entry}].v") is None:
            return self._not_there(cid, "its record")
        found = self.records.get(self.key)
        if found is not None and found.cid != cid:
            return self._unknown("the tree has its key twice, with two records")
        return self._proof(Answer.PRESENT, self._hashed())

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

    def _read(self, cid: Cid, role: str, link: str) -> Block | None:
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


def _depth_in_place(node: Node, link: _Link) -> int | None:
    """Return the depth of a node; None where it may not hang from its link."""
    keys = [entry.key for entry in node.entries]
    if not keys:
        if link.depth is None:
            return 0 if node.left is None else None
        return link.depth if node.left is not None and link.depth else None
    depths = set(map(key_depth, keys))
    depth = depths.pop()
    if depths or link.depth not in {None, depth}:
        return None
    if keys[0] <= link.lo or (link.hi is not None and keys[-1] >= link.hi):
        return None
    has_links = node.left is not None or any(each.tree for each in node.entries)
    return None if has_links and not depth else depth


def prove(records: Records, report: Report, key: bytes, top: Cid | None) -> Proof:
    """Return what the blocks of a repository prove of a key.

    Args:
        records: Of the repository, with its blocks.
        report: What is known of it.
        key: The repo path.
        top: The top node, where there is no commit to name it.

    Raises:
        SourceError: The source was changed.
    """
    return _Way(records, report, key).follow(top)
