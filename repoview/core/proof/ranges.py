"""Proof of all keys in a range: which there are, and that there are no others.

A node of the tree says which keys it has, and between which keys those below it
lie. So the nodes that have a key of the range, or could have one below them, prove
it; a link beside the range need not be followed. One that could lead into it must
be: also that to the left of the first key that is not before the range, as what
is behind it reaches up to that key.

Source: atproto repository v3, "MST Structure".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from repoview.core.formats.key import path_of
from repoview.core.formats.mst import key_depth
from repoview.core.proof.sound_part import sound_part
from repoview.core.trees.node import (
    BareTree,
    NodeCheck,
    NodeLink,
    NodeUnusable,
    PlacedNode,
    open_node,
)
from repoview.core.wording import agreed, count_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.cid import Cid
    from repoview.core.formats.key_range import KeyRange
    from repoview.core.repo.repo import Repo
    from repoview.core.trees.node import TreeSource

_NOT_SHOWN = frozenset({NodeCheck.THERE, NodeCheck.HASH})
"""What a node does not pass that the file does not show."""


class NeighborPaths(NamedTuple):
    """The paths on both sides of one, or of a range: no others are between."""

    before: str | None
    """The greatest that is smaller; None for none."""

    after: str | None
    """The smallest that is greater; None for none."""


class Linked(NamedTuple):
    """A key and the record that the tree links it to."""

    key: bytes
    cid: Cid

    @property
    def path(self) -> str:
        """The key as text."""
        return path_of(self.key)


Walked: TypeAlias = PlacedNode | Linked | NodeUnusable


def walk_wanted(
    tree: TreeSource, wanted: Callable[[NodeLink], bool]
) -> Iterator[Walked]:
    """Yield nodes and their entries in walk order, as far as they are wanted.

    A node that cannot be opened is told as the error, and what is below it is not.

    Args:
        tree: What to walk through.
        wanted: Tells of a link whether it is followed; the top is in any case.
    """
    todo: list[NodeLink | Linked] = [NodeLink(tree.top, None)]
    while todo:
        at = todo.pop()
        if isinstance(at, Linked):
            yield at
            continue
        try:
            node = open_node(at, tree.read(at.cid))
        except NodeUnusable as error:
            yield error
            continue
        yield node
        below: list[NodeLink | Linked] = []
        for place in range(len(node.trees)):
            link = node.below(place)
            if link is not None and wanted(link):
                below.append(link)
            if place < len(node.keys):
                below.append(Linked(node.keys[place], node.values[place]))
        todo += reversed(below)


def keys_beside(tree: TreeSource, keys: KeyRange) -> tuple[bytes, bytes | None]:
    """Return the keys before and behind a range; "" and None for none.

    Raises:
        NodeUnusable: A node that must be opened cannot be.
    """
    before, _ = _beside(tree, keys.first)
    return before, None if keys.stop is None else _beside(tree, keys.stop)[1]


def _beside(tree: TreeSource, key: bytes) -> tuple[bytes, bytes | None]:
    """Return the greatest key below *key*, and the smallest that is not."""
    link: NodeLink | None = NodeLink(tree.top, None)
    before, after = b"", None
    while link is not None:
        node = open_node(link, tree.read(link.cid))
        place, _ = node.place(key)
        before, after = node.bounds(place)
        link = node.below(place)
    return before, after


@dataclass(frozen=True, slots=True)
class RangeProof:
    """What the blocks of a repository prove of all keys in a range."""

    keys: KeyRange
    answer: Literal["proved", "disproved", "unknown"]
    """Disproved where a node that is there breaks the rules of a tree: then no tree
    has these keys."""

    records: int
    """Keys in the range that are known."""

    lacking: int
    """Those of them whose record is not there, or does not hash to its CID."""

    missing: Cid | None
    """The first block that is not there, or does not hash to its CID."""

    neighbors: NeighborPaths | None
    """The paths beside the range; None where the blocks do not show them."""

    why: str
    """What the answer rests on, or why there is none: a clause."""

    signature: str
    """Of the commit: verified, failed or not-checked, as in the report."""

    numbers: range | None = field(default=None, compare=False)
    """Of its records, where the whole tree is sound and each of them hashes; None
    where only a walk tells which are there (`range_records`)."""

    def to_json(self) -> dict[str, Any]:
        """Return what `verify --json` prints of it, but for its records."""
        beside, stop = self.neighbors, self.keys.stop
        return {
            "first": path_of(self.keys.first),
            "stop": None if stop is None else path_of(stop),
            "answer": self.answer,
            "before": None if beside is None else beside.before,
            "after": None if beside is None else beside.after,
            "closed": beside is not None,
            "missing": None if self.missing is None else str(self.missing),
            "lacking": self.lacking,
            "why": self.why,
            "signature": self.signature,
        }


class ProvedTree(NamedTuple):
    """The tree below the commit, as far as the commit is proved to name it."""

    commit: Cid | None
    """None for a tree without a commit."""

    top: Cid | None
    """None where nothing proves which it is."""

    missing: Cid | None
    why: str
    """Why nothing proves it, a clause."""


def proved_tree(repo: Repo) -> ProvedTree:
    """Return the tree that a repository's commit names, its bytes hashed again."""
    proof = repo.prove(b"\0")
    steps = {step.role: step for step in reversed(proof.steps)}
    commit = steps.get("commit")
    top = steps["node"].cid if "node" in steps else None
    return ProvedTree(
        None if commit is None else commit.cid, top, proof.missing, proof.why
    )


def prove_range(repo: Repo, keys: KeyRange) -> RangeProof:
    """Return what the blocks of a repository prove of a range of keys.

    Every block is read and hashed again, those of the records too, unless it is a
    tree without a commit.

    Raises:
        SourceError: The source was changed.
    """
    at = proved_tree(repo)
    if at.top is None:
        sign = repo.report.signature
        return RangeProof(keys, "unknown", 0, 0, at.missing, None, at.why, sign)
    return _Judge(repo, keys, BareTree(at.top, repo.tree.read), at.commit).judge()


def range_records(repo: Repo, keys: KeyRange) -> Iterator[tuple[Linked, bool]]:
    """Yield the keys in a range that are known, and whether the record is there.

    Raises:
        SourceError: The source was changed.
    """
    at = proved_tree(repo)
    if at.top is None:
        return
    read = repo.tree.read
    for each in walk_wanted(BareTree(at.top, read), _into(keys)):
        if isinstance(each, Linked) and each.key in keys:
            yield each, read(each.cid) is not None


def _into(keys: KeyRange) -> Callable[[NodeLink], bool]:
    """Return what tells whether a key of the range may be below a link.

    A single key can be at its own depth alone.
    """
    if keys.stop != keys.first + b"\0":
        return lambda link: keys.meets(link.lo, link.hi)
    depth = key_depth(keys.first)

    def leads_there(link: NodeLink) -> bool:
        is_above = link.depth is None or link.depth >= depth
        return is_above and keys.meets(link.lo, link.hi)

    return leads_there


class _Judge:
    """Judges one range of one tree.

    Args:
        repo: The repository.
        keys: The range.
        tree: Its tree.
        commit: The commit that names it, if one does.
    """

    def __init__(
        self, repo: Repo, keys: KeyRange, tree: TreeSource, commit: Cid | None
    ) -> None:
        self._repo, self._keys, self._tree, self._commit = repo, keys, tree, commit
        self._records = self._lacking = self._blocks = 0
        self._lost_node: Cid | None = None
        self._lost_record: Cid | None = None
        self._broken: NodeUnusable | None = None
        self._hidden = 0
        self._numbers: range | None = None

    def judge(self) -> RangeProof:
        """Walk through the range, unless that is sound, and answer."""
        if not self._is_sound():
            for each in walk_wanted(self._tree, _into(self._keys)):
                self._take(each)
        answer, why = self._said()
        return RangeProof(
            self._keys,
            answer,
            self._records,
            self._lacking,
            self._lost_node or self._lost_record,
            self._beside(),
            why,
            self._repo.report.signature,
            self._numbers,
        )

    def _is_sound(self) -> bool:
        """Tell whether all of the range is there and hashes, in a sound tree."""
        if self._commit is None:
            return False
        some = [self._keys]
        part = sound_part(self._repo, self._tree.top, some, some, _into(self._keys))
        if part is None or not part.hashes():
            return False
        self._records, self._blocks = part.records, part.blocks
        self._numbers = part.run
        return True

    def _take(self, each: Walked) -> None:
        if isinstance(each, PlacedNode):
            self._blocks += 1
        elif isinstance(each, Linked):
            if each.key in self._keys:
                self._take_record(each)
        elif each.check in _NOT_SHOWN:
            self._hidden += 1
            self._lost_node = self._lost_node or each.cid
        else:
            self._broken = self._broken or each

    def _take_record(self, linked: Linked) -> None:
        self._records += 1
        if self._commit is None:
            # A tree without a commit comes without records.
            return
        if self._repo.tree.read(linked.cid) is None:
            self._lacking += 1
            self._lost_record = self._lost_record or linked.cid
        else:
            self._blocks += 1

    def _said(self) -> tuple[Literal["proved", "disproved", "unknown"], str]:
        if self._broken is not None:
            return "disproved", f"{self._broken}"
        if self._hidden:
            nodes = count_text(self._hidden, "node")
            are = agreed(self._hidden, "is", "are")
            return "unknown", f"{nodes} on the way {are} not there ({self._lost_node})"
        if self._lacking:
            records = count_text(self._lacking, "record")
            are = agreed(self._lacking, "is", "are")
            text = f"the keys are proved, but {records} {are} not there"
            return "unknown", f"{text} ({self._lost_record})"
        blocks = count_text(self._blocks + (self._commit is not None), "block")
        return "proved", f"every hash on the way is right ({blocks})"

    def _beside(self) -> NeighborPaths | None:
        try:
            before, after = keys_beside(self._tree, self._keys)
        except NodeUnusable:
            return None
        return NeighborPaths(
            path_of(before) if before else None,
            None if after is None else path_of(after),
        )
