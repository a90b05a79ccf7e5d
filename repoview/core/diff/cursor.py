"""One of two trees that are compared: a cursor that moves from left to right.

Its head is the next thing in key order: a link to a sub-tree that is not open, or
an entry of a node that is. It holds the open nodes on the way down, and nothing
of what is behind or far ahead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.trees.node import NodeLink, open_node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.cid import Cid
    from repoview.core.trees.node import PlacedNode, TreeSource
    from repoview.core.trees.steps import Side

_AHEAD: Final = 512
"""Nodes kept that were opened ahead of the cursor: more than two ways down."""


class Entry(NamedTuple):
    """A key of an open node."""

    key: bytes
    value: Cid


@dataclass
class _Frame:
    """An open node; what is before *position* is done.

    Even positions are sub-trees, odd ones entries, in key order.
    """

    node: PlacedNode
    position: int = 0


class Cursor:
    """A position in one tree.

    Args:
        tree: The tree.
        side: Which of the two it is.
    """

    def __init__(self, tree: TreeSource, side: Side) -> None:
        self.tree = tree
        self.side = side
        self._top: NodeLink | None = NodeLink(tree.top, None)
        self._head: NodeLink | Entry | None = None
        self._has_head = False
        """Whether the head was found since the cursor moved."""
        self._frames: list[_Frame] = []
        self._waiting: dict[Cid, int] = {}
        """Links of open nodes that are still to come, and how often."""
        self._ahead: dict[Cid, PlacedNode] = {}
        """Nodes that were opened for their first key."""

    @property
    def head(self) -> NodeLink | Entry | None:
        """What comes next; None at the end."""
        if not self._has_head:
            self._head, self._has_head = self._find_head(), True
        return self._head

    def _find_head(self) -> NodeLink | Entry | None:
        if self._top is not None:
            return self._top
        frames = self._frames
        while frames:
            frame = frames[-1]
            node, place = frame.node, frame.position >> 1
            if frame.position & 1:
                return Entry(node.keys[place], node.values[place])
            if node.trees[place] is not None:
                return node.below(place)
            if place == len(node.keys):
                frames.pop()
            else:
                frame.position += 1
        return None

    def skip(self) -> None:
        """Go behind the head, without opening it."""
        self._has_head = False
        if self._top is not None:
            self._top = None
            return
        frame = self._frames[-1]
        if not frame.position & 1:
            self._forget(frame.node.trees[frame.position >> 1])
        if frame.position == 2 * len(frame.node.keys):
            self._frames.pop()
        else:
            frame.position += 1

    def skip_alike(self, other: Cursor) -> None:
        """Go behind what comes next in both trees alike, as far as two nodes go.

        No more than what `head` and `skip` would do, in a tenth of the time: of a
        node that changed, most is as it was.
        """
        if not (self._frames and other._frames):
            return
        a, b = self._frames[-1], other._frames[-1]
        old, new = a.node, b.node
        while not (a.position ^ b.position) & 1:
            i, j = a.position >> 1, b.position >> 1
            # The last sub-tree ends a frame.
            if i == len(old.keys) or j == len(new.keys):
                break
            if a.position & 1:
                if old.keys[i] != new.keys[j] or old.values[i] != new.values[j]:
                    break
            elif old.trees[i] != new.trees[j]:
                break
            else:
                self._forget(old.trees[i])
                other._forget(new.trees[j])
            a.position += 1
            b.position += 1
        self._has_head = other._has_head = False

    def _forget(self, cid: Cid | None) -> None:
        """Count a link that is not to come any more."""
        if cid is not None:
            left = self._waiting.pop(cid, 1) - 1
            if left:
                self._waiting[cid] = left

    def enter(self, node: PlacedNode) -> None:
        """Go to the first thing in the head, which leads to *node*."""
        self.skip()
        self._ahead.pop(node.link.cid, None)
        self._frames.append(_Frame(node))
        for cid in node.trees:
            if cid is not None:
                self._waiting[cid] = self._waiting.get(cid, 0) + 1

    def known(self, link: NodeLink) -> PlacedNode | None:
        """Return a node if it was opened ahead."""
        node = self._ahead.get(link.cid)
        return None if node is None or node.link != link else node

    def read(self, link: NodeLink) -> PlacedNode:
        """Open a node, and keep it for when the cursor comes to it.

        Raises:
            NodeUnusable: It cannot be opened.
        """
        node = open_node(link, self.tree.read(link.cid))
        if len(self._ahead) >= _AHEAD:
            self._ahead.clear()
        self._ahead[link.cid] = node
        return node

    def leads_to(self, cid: Cid) -> bool:
        """Tell whether an open node has a link to *cid* that is still to come."""
        return cid in self._waiting

    def may_hold(self, link: NodeLink) -> bool:
        """Tell whether a sub-tree that is still to come may have the node of a link.

        It cannot if all that are of a greater depth have greater keys only.

        Args:
            link: Of the other tree, with its depth; not among those that
                `leads_to` knows.
        """
        assert link.depth is not None  # noqa: S101 (the top's is filled in first)
        if self._top is not None:
            return self._top.depth is None or self._top.depth > link.depth
        for frame in reversed(self._frames):
            node = frame.node
            if node.depth - 1 <= link.depth:
                continue
            place = frame.position >> 1
            if not frame.position & 1 and node.trees[place] is not None:
                lo = node.bounds(place)[0]
                if link.hi is None or lo < link.hi:
                    return True
            if place < len(node.keys):
                return link.hi is None or node.keys[place] < link.hi
        return False

    def waiting(self) -> Iterator[NodeLink | bytes]:
        """Yield what is to come after the head, as far as it is known."""
        for depth, frame in enumerate(reversed(self._frames)):
            node, start = frame.node, frame.position
            # The sub-tree that the next frame is of is behind its position.
            for position in range(
                start if depth else start + 1, 2 * len(node.keys) + 1
            ):
                place = position >> 1
                if position & 1:
                    yield node.keys[place]
                elif (link := node.below(place)) is not None:
                    yield link

    def give_depth(self, depth: int) -> None:
        """Fill in the depth of the top node, which is the head."""
        assert self._top is not None  # noqa: S101 (see above)
        self._top = self._top._replace(depth=depth)
        self._has_head = False
