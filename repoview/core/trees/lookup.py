"""A key looked up in a tree, step by step; and the keys beside it.

Both read the nodes on one way down, and each node is checked in its place: so a
key that is not met is proved absent, by these nodes alone.

Source: atproto repository v3, "MST Structure".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from repoview.core.formats.mst import key_depth
from repoview.core.trees.node import NodeLink, NodeUnusable, PlacedNode, open_node
from repoview.core.trees.steps import (
    BlockAsked,
    KeyAbsent,
    KeyCompared,
    KeyFound,
    NodeOpened,
    NodeRefused,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.trees.node import TreeSource
    from repoview.core.trees.steps import LookupStep


def look_up(tree: TreeSource, key: bytes) -> Iterator[LookupStep]:
    """Yield the steps to a key; the last is the answer.

    That is `KeyFound`, `KeyAbsent`, or `NodeRefused` for a node that cannot be
    opened. The block of a step `BlockAsked` is read when the next one is asked for.

    Args:
        tree: Where to look.
        key: What to look for.
    """
    link, depth = NodeLink(tree.top, None), key_depth(key)
    # Ends: each link leads to a smaller depth.
    while True:
        yield BlockAsked(link)
        try:
            node = open_node(link, tree.read(link.cid))
        except NodeUnusable as error:
            yield NodeRefused.by(error, link)
            return
        yield NodeOpened(node)
        place, found = node.place(key)
        yield KeyCompared(node, place, found, depth)
        if found:
            yield KeyFound(key, node.values[place], f"e[{place}].v")
            return
        below = node.below(place)
        if depth >= node.depth or below is None:
            yield KeyAbsent(key, "depth" if depth >= node.depth else "no link")
            return
        link = below


class Neighbors(NamedTuple):
    """The keys beside a key, and the nodes that show them."""

    before: bytes | None
    """The greatest key that is smaller; None for none."""

    after: bytes | None
    """The smallest key that is greater; None for none."""

    nodes: tuple[PlacedNode, ...]
    """All that were read, in walk order: they prove that there is no other key
    between these two, but for the key itself."""


def neighbors(tree: TreeSource, key: bytes) -> Neighbors:
    """Return the keys before and after a key, which need not be in the tree.

    Args:
        tree: Where to look.
        key: Between the two.

    Raises:
        NodeUnusable: A node that must be opened cannot be.
    """
    link: NodeLink | None = NodeLink(tree.top, None)
    nodes: list[PlacedNode] = []
    behind: list[PlacedNode] = []
    before, after = b"", None
    while link is not None:
        node = open_node(link, tree.read(link.cid))
        nodes.append(node)
        place, found = node.place(key)
        before, after = node.bounds(place)
        link = node.below(place)
        if found:
            after = node.bounds(place + 1)[1]
            before = _last(tree, link, before, nodes)
            after = _first(tree, node.below(place + 1), after, behind)
            break
    return Neighbors(before or None, after, (*nodes, *behind))


def _last(
    tree: TreeSource, link: NodeLink | None, otherwise: bytes, nodes: list[PlacedNode]
) -> bytes:
    """Return the last key of a sub-tree, and add the nodes that lead there."""
    while link is not None:
        node = open_node(link, tree.read(link.cid))
        nodes.append(node)
        otherwise = node.bounds(len(node.keys))[0]
        link = node.below(len(node.keys))
    return otherwise


def _first(
    tree: TreeSource,
    link: NodeLink | None,
    otherwise: bytes | None,
    nodes: list[PlacedNode],
) -> bytes | None:
    """Return the first key of a sub-tree, and add the nodes that lead there."""
    while link is not None:
        node = open_node(link, tree.read(link.cid))
        nodes.append(node)
        otherwise = node.bounds(0)[1]
        link = node.below(0)
    return otherwise
