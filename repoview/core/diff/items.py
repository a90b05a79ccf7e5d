"""What a diff yields: nodes and ranges of keys; `RecordChange` is the third."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from repoview.core.trees.record_change import RecordChange

if TYPE_CHECKING:
    from repoview.core.cid import Cid
    from repoview.core.trees.steps import (
        BlockAsked,
        NodeOpened,
        NodeRefused,
        Side,
        SubtreeSkipped,
    )


@dataclass(frozen=True, slots=True)
class NodeChange:
    """A node that one of two trees has, and the other has not."""

    cid: Cid
    side: Side
    """Whose it is."""

    depth: int
    size: int
    """Bytes of its block."""

    lo: bytes
    """The key before the keys of the node and all below; empty for none."""

    hi: bytes | None
    """The key after them; None for none."""

    @property
    def action(self) -> Literal["create", "delete"]:
        """What happened to it."""
        return "create" if self.side == "new" else "delete"


@dataclass(frozen=True, slots=True)
class UnknownRange:
    """Keys of which nothing is known, as a node is missing or unusable.

    No record between *lo* and *hi* is told, neither is one itself. Nodes that reach
    into the range are not told either, as the other tree may have them there.
    """

    cid: Cid
    """Of the node."""

    side: Side
    """Whose it is."""

    fault: str
    """What is wrong with it; "" where its block is not there."""

    lo: bytes
    """The key before the range; empty for none."""

    hi: bytes | None
    """The key after the range; None for none."""


DiffItem: TypeAlias = "RecordChange | NodeChange | UnknownRange"
DiffStep: TypeAlias = (
    "DiffItem | BlockAsked | NodeOpened | NodeRefused | SubtreeSkipped"
)
ITEMS = (RecordChange, NodeChange, UnknownRange)
