"""A tree of which nodes may be missing, and the trees that edits make of it.

Nodes are read when an edit comes to them. A link to a node that need not be
opened is kept as it is, so a tree with holes can be edited, and the CID of its
top node computed, as long as no edit leads into a hole. That is how the
operations of an event are undone: it has only the nodes that changed, and some
beside them.

A tree is a value: an edit returns another one, or raises and leaves it as it
was. Both share the nodes that are the same. An edit makes as many new nodes as
there are levels; nodes that no tree needs any more are garbage collected.

Source: atproto repository v3, "MST Structure"; atproto sync, "Inductive
Firehose".
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, TypeAlias

from repoview.core.cid import Cid
from repoview.core.errors import NotFound
from repoview.core.formats.mst import Entry, Node, encode_node, key_depth
from repoview.core.trees.node import NodeLink, open_node

if TYPE_CHECKING:
    from collections.abc import Callable


class KeyNotThere(NotFound):
    """A key that was to be taken out of a tree that does not have it."""


class _Node:
    """A node in memory: keys, and what stands before, between and behind them."""

    __slots__ = ("_cid", "_data", "depth", "is_read", "keys", "trees", "values")

    def __init__(
        self,
        depth: int,
        keys: tuple[bytes, ...],
        values: tuple[Cid, ...],
        trees: tuple[_Link, ...],
        cid: Cid | None = None,
    ) -> None:
        self.depth = depth
        self.keys = keys
        self.values = values
        self.trees = trees
        """One more than keys: the first is that of the keys before all."""
        self.is_read = cid is not None
        """Whether it was read, and not made by an edit."""
        self._cid = cid
        self._data: bytes | None = None

    @property
    def cid(self) -> Cid:
        """Its CID; computed when first asked for, with those of what is below."""
        if self._cid is None:
            self._cid = Cid.for_block(self.data)
        return self._cid

    @property
    def data(self) -> bytes:
        """The bytes of its block; encoded when first asked for."""
        if self._data is None:
            left, *right = (
                each.cid if isinstance(each, _Node) else each for each in self.trees
            )
            entries = map(Entry, self.keys, self.values, right)
            self._data = encode_node(Node(left, [*entries]))
        return self._data


_Link: TypeAlias = _Node | Cid | None
"""A sub-tree: in memory, or named only; None for an empty one."""

_Bounds: TypeAlias = tuple[bytes, bytes | None]
"""The keys between which those of a sub-tree lie; None for no end."""

_ALL: _Bounds = (b"", None)


class PartialTree:
    """A tree by the CID of its top node, and its nodes as far as they are there.

    Every node that is opened is checked: for its canonical form, for the depth of
    its keys, and for their bounds. So what `get` says is proved by the nodes on
    the way, whatever is wrong elsewhere in the tree.

    Args:
        top: The CID of the top node.
        read: Returns the bytes of a node; None where the block is not there.
    """

    def __init__(self, top: Cid | _Node, read: Callable[[Cid], bytes | None]) -> None:
        self._top = top
        self._read = read

    @property
    def top(self) -> Cid:
        """The CID of the top node."""
        return self._top.cid if isinstance(self._top, _Node) else self._top

    def new_nodes(self) -> dict[Cid, bytes]:
        """Return the nodes that edits made, by CID, and the bytes of each.

        One that is just as it was before the edits is among them, too.
        """
        made: dict[Cid, bytes] = {}
        todo = [self._top]
        while todo:
            node = todo.pop()
            if isinstance(node, _Node) and not node.is_read:
                made[node.cid] = node.data
                todo += [each for each in node.trees if each is not None]
        return made

    def get(self, key: bytes) -> Cid | None:
        """Return the record's CID at *key*; None where it is proved absent.

        Raises:
            NodeUnusable: A node on the way cannot be opened.
        """
        node, bounds, depth = self._open_top(), _ALL, key_depth(key)
        while True:
            place = bisect_left(node.keys, key)
            if node.keys[place : place + 1] == (key,):
                return node.values[place]
            link = node.trees[place]
            if link is None or node.depth <= depth:
                return None
            bounds = _between(node, place, bounds)
            node = self._open(link, node.depth - 1, bounds)

    def put(self, key: bytes, value: Cid) -> PartialTree:
        """Return the tree with *value* at *key*, in place of what stands there.

        Raises:
            NodeUnusable: A node that must be opened cannot be.
        """
        top, depth = self._open_top(), key_depth(key)
        if not top.keys:
            return self._with(_Node(depth, (key,), (value,), (None, None)))
        if depth <= top.depth:
            return self._with(self._put(top, _ALL, key, value, depth))
        before, behind = self._split(top, _ALL, key)
        trees = _lifted(before, depth - 1), _lifted(behind, depth - 1)
        return self._with(_Node(depth, (key,), (value,), trees))

    def delete(self, key: bytes) -> PartialTree:
        """Return the tree without *key*.

        Raises:
            KeyNotThere: It has no such key.
            NodeUnusable: A node that must be opened cannot be.
        """
        top: _Link = self._delete(self._open_top(), _ALL, key, key_depth(key))
        # A top node has keys, unless the tree has none.
        while isinstance(top, _Node) and not top.keys:
            below = top.trees[0]
            top = None if below is None else self._open(below, top.depth - 1, _ALL)
        return self._with(_Node(0, (), (), (None,)) if top is None else top)

    def _with(self, top: _Node | Cid) -> PartialTree:
        return PartialTree(top, self._read)

    # Edits of one sub-tree

    def _put(
        self, node: _Node, bounds: _Bounds, key: bytes, value: Cid, depth: int
    ) -> _Node:
        place = bisect_left(node.keys, key)
        if node.keys[place : place + 1] == (key,):
            values = (*node.values[:place], value, *node.values[place + 1 :])
            return _Node(node.depth, node.keys, values, node.trees)
        link, inner = node.trees[place], _between(node, place, bounds)
        if node.depth == depth:
            halves: tuple[_Node | None, _Node | None] = None, None
            if link is not None:
                below = self._open(link, depth - 1, inner)
                halves = self._split(below, inner, key)
            return _Node(
                depth,
                (*node.keys[:place], key, *node.keys[place:]),
                (*node.values[:place], value, *node.values[place:]),
                (*node.trees[:place], *halves, *node.trees[place + 1 :]),
            )
        if link is None:
            leaf = _Node(depth, (key,), (value,), (None, None))
            return _grafted(node, place, _lifted(leaf, node.depth - 1))
        below = self._open(link, node.depth - 1, inner)
        return _grafted(node, place, self._put(below, inner, key, value, depth))

    def _delete(
        self, node: _Node, bounds: _Bounds, key: bytes, depth: int
    ) -> _Node | None:
        place = bisect_left(node.keys, key)
        if node.keys[place : place + 1] == (key,):
            before, behind = node.trees[place : place + 2]
            sides = _between(node, place, bounds), _between(node, place + 1, bounds)
            merged = self._merge(before, behind, node.depth - 1, sides)
            left = _Node(
                node.depth,
                (*node.keys[:place], *node.keys[place + 1 :]),
                (*node.values[:place], *node.values[place + 1 :]),
                (*node.trees[:place], merged, *node.trees[place + 2 :]),
            )
            return _unless_empty(left)
        link = node.trees[place]
        if link is None or node.depth <= depth:
            raise KeyNotThere(f"the tree has no key {key!r}")
        inner = _between(node, place, bounds)
        below = self._open(link, node.depth - 1, inner)
        left = _grafted(node, place, self._delete(below, inner, key, depth))
        return _unless_empty(left)

    def _split(
        self, node: _Node, bounds: _Bounds, key: bytes
    ) -> tuple[_Node | None, _Node | None]:
        """Return what is before *key*, which the sub-tree has not, and behind it."""
        place = bisect_left(node.keys, key)
        link, before, behind = node.trees[place], None, None
        if link is not None:
            inner = _between(node, place, bounds)
            below = self._open(link, node.depth - 1, inner)
            before, behind = self._split(below, inner, key)
        depth, keys, values, trees = node.depth, node.keys, node.values, node.trees
        first = _Node(depth, keys[:place], values[:place], (*trees[:place], before))
        rest = (behind, *trees[place + 1 :])
        second = _Node(depth, keys[place:], values[place:], rest)
        return _unless_empty(first), _unless_empty(second)

    def _merge(
        self, a: _Link, b: _Link, depth: int, sides: tuple[_Bounds, _Bounds]
    ) -> _Link:
        """Return one sub-tree of two that stand beside each other.

        Args:
            a: That before.
            b: That behind.
            depth: Of both.
            sides: The bounds of each.
        """
        if a is None or b is None:
            return b if a is None else a
        first = self._open(a, depth, sides[0])
        second = self._open(b, depth, sides[1])
        inner = (
            _between(first, len(first.keys), sides[0]),
            _between(second, 0, sides[1]),
        )
        middle = self._merge(first.trees[-1], second.trees[0], depth - 1, inner)
        return _Node(
            depth,
            first.keys + second.keys,
            first.values + second.values,
            (*first.trees[:-1], middle, *second.trees[1:]),
        )

    # Nodes

    def _open_top(self) -> _Node:
        """Return the top node, which may be that of an empty tree."""
        if isinstance(self._top, _Node):
            return self._top
        return self._read_node(NodeLink(self._top, None))

    def _open(self, link: _Node | Cid, depth: int, bounds: _Bounds) -> _Node:
        """Return a node by a link to it, and check what it holds."""
        if isinstance(link, _Node):
            return link
        return self._read_node(NodeLink(link, depth, *bounds))

    def _read_node(self, link: NodeLink) -> _Node:
        node = open_node(link, self._read(link.cid))
        return _Node(node.depth, node.keys, node.values, node.trees, link.cid)


def _between(node: _Node, place: int, bounds: _Bounds) -> _Bounds:
    """Return the bounds of the sub-tree before the key at *place* of a node."""
    low, high = bounds
    keys = node.keys
    return keys[place - 1] if place else low, keys[place] if place < len(keys) else high


def _grafted(node: _Node, place: int, below: _Node | None) -> _Node:
    """Return a node with another sub-tree in one place."""
    trees = (*node.trees[:place], below, *node.trees[place + 1 :])
    return _Node(node.depth, node.keys, node.values, trees)


def _unless_empty(node: _Node) -> _Node | None:
    """Return a node, None in place of one that holds nothing."""
    return node if node.keys or node.trees[0] is not None else None


def _lifted(node: _Node | None, depth: int) -> _Node | None:
    """Return a sub-tree whose top node stands at *depth*: under empty nodes."""
    while node is not None and node.depth < depth:
        node = _Node(node.depth + 1, (), (), (node,))
    return node
