"""A walk through a tree, step by step: depth-first, from the first key to the last.

It is the walk of `verify` taken apart for whoever wants to see each step: which
block is asked for, what waits, which check fails. That one goes on behind a broken
node and reports findings; this one steps over a sub-tree that it cannot open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.trees.node import NodeLink, NodeUnusable, open_node
from repoview.core.trees.steps import BlockAsked, KeyMet, NodeOpened, NodeRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.cid import Cid
    from repoview.core.trees.node import TreeSource
    from repoview.core.trees.steps import WalkStep


def walk(tree: TreeSource) -> Iterator[WalkStep]:
    """Yield the steps of a walk, in the order in which they are taken.

    Args:
        tree: What to walk through. A node is read when the step behind its
            `BlockAsked` is asked for.
    """
    waiting: list[NodeLink | tuple[bytes, Cid, int]] = [NodeLink(tree.top, None)]
    while waiting:
        head = waiting.pop()
        if not isinstance(head, NodeLink):
            yield KeyMet(*head)
            continue
        rest = [
            each if isinstance(each, NodeLink) else each[0] for each in waiting[::-1]
        ]
        yield BlockAsked(head, tuple(rest))
        try:
            node = open_node(head, tree.read(head.cid))
        except NodeUnusable as error:
            yield NodeRefused.by(error, head)
            continue
        yield NodeOpened(node)
        for place in range(len(node.keys), -1, -1):
            below = node.below(place)
            if below is not None:
                waiting.append(below)
            if place:
                entry = node.keys[place - 1], node.values[place - 1], node.depth
                waiting.append(entry)
