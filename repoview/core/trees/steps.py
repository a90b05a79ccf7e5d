"""The steps of what is done with a tree, as values, for whoever shows them.

They are made by the code that does the work, while it does it: nothing of them is
told after the fact. A step holds keys and CIDs, never the bytes of a block.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from repoview.core.trees.node import CHECKS

if TYPE_CHECKING:
    from repoview.core.cid import Cid
    from repoview.core.trees.node import NodeCheck, NodeLink, NodeUnusable, PlacedNode

Side: TypeAlias = Literal["old", "new"]
"""Of two trees that are compared, which."""


@dataclass(frozen=True, slots=True)
class BlockAsked:
    """A node is asked for by its CID."""

    link: NodeLink
    """To the node: its CID, depth and bounds, and the field that has the link."""

    waiting: tuple[NodeLink | bytes, ...] = ()
    """What is still to be done, the next first: sub-trees, and keys of nodes that
    are open. Of a look-up nothing is."""

    side: Side | None = None
    """Whose node it is, where two trees are compared."""

    only_first: bool = False
    """Whether it is opened for nothing but the first of its keys."""


@dataclass(frozen=True, slots=True)
class NodeOpened:
    """A node passed all checks."""

    node: PlacedNode
    side: Side | None = None

    @property
    def passed(self) -> tuple[NodeCheck, ...]:
        """The checks that it passed."""
        return CHECKS


@dataclass(frozen=True, slots=True)
class NodeRefused:
    """A node is not there, or did not pass a check: what it hides is unknown."""

    link: NodeLink
    failed: NodeCheck
    fault: str
    """What is wrong with it; "" where its block is not there."""

    side: Side | None = None

    @classmethod
    def by(
        cls, error: NodeUnusable, link: NodeLink, side: Side | None = None
    ) -> NodeRefused:
        """Return the step that an error stands for."""
        return cls(link, error.check, error.fault, side)

    @property
    def passed(self) -> tuple[NodeCheck, ...]:
        """The checks that it passed before."""
        return CHECKS[: CHECKS.index(self.failed)]


@dataclass(frozen=True, slots=True)
class KeyCompared:
    """A key was looked for among those of one node."""

    node: PlacedNode
    place: int
    """Number of the first key that is not smaller; that of keys if all are."""

    found: bool
    """Whether it is the key itself."""

    depth: int
    """Of the key: a node of the same depth would hold it."""


@dataclass(frozen=True, slots=True)
class KeyFound:
    """The key is in the tree. Ends a look-up."""

    key: bytes
    value: Cid
    field: str
    """The field of the last node that has it: "e[0].v"."""


@dataclass(frozen=True, slots=True)
class KeyAbsent:
    """The key is proved not to be in the tree. Ends a look-up."""

    key: bytes
    why: Literal["no link", "depth"]
    """Whether there is no sub-tree where it would be, or whatever is below is of
    a smaller depth."""


@dataclass(frozen=True, slots=True)
class KeyMet:
    """A walk comes to a key, the next in order."""

    key: bytes
    value: Cid
    depth: int
    waiting: tuple[NodeLink | bytes, ...] = ()
    """As of `BlockAsked`."""


@dataclass(frozen=True, slots=True)
class SubtreeSkipped:
    """Two trees have the same sub-tree: it is not read."""

    old: NodeLink
    new: NodeLink


LookupStep: TypeAlias = (
    "BlockAsked | NodeOpened | NodeRefused | KeyCompared | KeyFound | KeyAbsent"
)
WalkStep: TypeAlias = "BlockAsked | NodeOpened | NodeRefused | KeyMet"
