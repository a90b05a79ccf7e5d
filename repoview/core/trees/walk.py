"""A walk through a tree, step by step: depth-first, from the first key to the last.

It is the walk of `verify` taken apart for whoever wants to see each step: which
block is asked for, what waits, which check fails. That one goes on behind a broken
node and reports findings; this one steps over a sub-tree that it cannot open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from repoview.core.trees.node import NodeLink, NodeUnusable, open_node
from repoview.core.trees.steps import BlockAsked, KeyMet, NodeOpened, NodeRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.cid import Cid
    from repoview.core.trees.node import PlacedNode, TreeSource
    from repoview.core.trees.steps import WalkStep


_Waiting: TypeAlias = "list[NodeLink | tuple[bytes, Cid, int]]"
"""What is still to be done, the next last: sub-trees, and keys of open nodes."""


def walk(tree: TreeSource, start: bytes = b"") -> Iterator[WalkStep]:
    """Yield the steps of a walk, in the order in which they are taken.

    Args:
        tree: What to walk through. A node is read when the step behind its
            `BlockAsked` is asked for.
        start: Where to begin: as if the walk had just come to the first key that is
            not smaller. The nodes on the way there are read at once.
    """
    waiting = _waiting_at(tree, start)
    while waiting:
        head = waiting.pop()
        rest = tuple(
            [each if isinstance(each, NodeLink) else each[0] for each in waiting[::-1]]
        )
        if not isinstance(head, NodeLink):
            yield KeyMet(*head, rest)
            continue
        yield BlockAsked(head, rest)
        try:
            node = open_node(head, tree.read(head.cid))
        except NodeUnusable as error:
            yield NodeRefused.by(error, head)
            continue
        yield NodeOpened(node)
        _push(waiting, node, 0)
        below = node.below(0)
        if below is not None:
            waiting.append(below)


def _push(waiting: _Waiting, node: PlacedNode, place: int) -> None:
    """Append what a node has from a key on, the last first."""
    for number in range(len(node.keys), place, -1):
        below = node.below(number)
        if below is not None:
            waiting.append(below)
        waiting.append((node.keys[number - 1], node.values[number - 1], node.depth))


def _waiting_at(tree: TreeSource, start: bytes) -> _Waiting:
    """Return what waits when a walk comes to a key."""
    waiting: _Waiting = []
    link: NodeLink | None = NodeLink(tree.top, None)
    while link is not None:
        try:
            node = open_node(link, tree.read(link.cid)) if start else None
        except NodeUnusable:
            node = None
        if node is None:
            waiting.append(link)
            break
        place, found = node.place(start)
        _push(waiting, node, place)
        link = None if found else node.below(place)
    return waiting
