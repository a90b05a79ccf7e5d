"""Two trees compared, from the first key to the last, by their nodes.

A node names all that is below it by hash: where both trees have the same CID, all
below is the same and is not read. Only nodes that one of them lacks are opened; so
the cost grows with the change, and not with the trees.

Two cursors go through the trees side by side. Before a sub-tree is opened, it must
be certain that the other tree does not have it further on. Mostly the nodes that
are open say so: by a link to it that is still to come, or as all that could hold it
has greater keys only. Where they do not, the first keys of the two sub-trees
decide, and for these the nodes on the left edge of one may be opened, though the
other tree has them too.

Memory holds the nodes on one way down each tree. What comes is in key order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from repoview.core.diff.cursor import Cursor, Entry
from repoview.core.diff.items import ITEMS, NodeChange, UnknownRange
from repoview.core.trees.node import NodeLink, NodeUnusable
from repoview.core.trees.record_change import RecordChange
from repoview.core.trees.steps import (
    BlockAsked,
    NodeOpened,
    NodeRefused,
    SubtreeSkipped,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from repoview.core.diff.items import DiffItem, DiffStep
    from repoview.core.trees.node import PlacedNode, TreeSource

_Head: TypeAlias = NodeLink | Entry


class _Turn(NamedTuple):
    """Which cursors go on."""

    old: bool = False
    new: bool = False
    sure: bool = True
    """Whether a node that is opened is not in the other tree, for certain."""


_OLD, _NEW = _Turn(old=True), _Turn(new=True)


def diff(old: TreeSource, new: TreeSource) -> Iterator[DiffItem]:
    """Yield what differs, in key order: records, nodes, and what cannot be known.

    A node comes before what is below it, and the old one first where both change.
    Neither tree is judged in parts that are the same.

    Args:
        old: The tree before.
        new: The tree after.

    Raises:
        SourceError: A source was changed.
    """
    steps = _Comparison(Cursor(old, "old"), Cursor(new, "new"), tells=False).steps()
    for step in steps:
        if isinstance(step, ITEMS):
            yield step


def diff_steps(old: TreeSource, new: TreeSource) -> Iterator[DiffStep]:
    """Yield what `diff` does, and between it each step that leads there.

    Args:
        old: The tree before.
        new: The tree after.

    Raises:
        SourceError: A source was changed.
    """
    return _Comparison(Cursor(old, "old"), Cursor(new, "new"), tells=True).steps()


def _is_before(key: bytes | None, end: bytes | None) -> bool:
    """Tell whether a bound is not behind another; None is behind all keys."""
    return end is None or (key is not None and key <= end)


def _depth(head: _Head | bytes) -> int:
    """Return the depth of a link, -1 for a key."""
    if not isinstance(head, NodeLink) or head.depth is None:
        return -1
    return head.depth


class _Comparison:
    """Two cursors, and what is said of what they come to.

    Args:
        old: The cursor of the tree before.
        new: That of the tree after.
        tells: Whether blocks that are read are steps, too.
    """

    def __init__(self, old: Cursor, new: Cursor, *, tells: bool) -> None:
        self._old, self._new = old, new
        self._tells = tells
        self._hidden: dict[Cursor, bytes | None] = {old: b"", new: b""}
        """The key before which nothing can be said of what a cursor comes to, as
        a node of the other tree is missing; None for all keys."""
        self._has_holes = False

    def steps(self) -> Iterator[DiffStep]:
        """Yield all steps."""
        old, new = self._old, self._new
        if old.tree.top == new.tree.top:
            yield SubtreeSkipped(
                NodeLink(old.tree.top, None), NodeLink(new.tree.top, None)
            )
            return
        yield from self._open_tops()
        while True:
            if self._has_holes:
                yield from self._drop_hidden()
            elif not self._tells:
                old.skip_alike(new)
            a, b = old.head, new.head
            if a is None and b is None:
                return
            if isinstance(a, NodeLink) and isinstance(b, NodeLink) and a.cid == b.cid:
                yield SubtreeSkipped(a, b)
                old.skip()
                new.skip()
            elif isinstance(a, Entry) and isinstance(b, Entry) and a.key == b.key:
                if a.value != b.value:
                    yield RecordChange(a.key, a.value, b.value)
                old.skip()
                new.skip()
            else:
                turn = yield from self._turn(a, b)
                if a is not None and turn.old:
                    yield from self._advance(old, a, sure=turn.sure)
                if b is not None and turn.new:
                    yield from self._advance(new, b, sure=turn.sure)

    def _open_tops(self) -> Iterator[DiffStep]:
        """Read both top nodes: only their keys say how deep they are."""
        for cursor in (self._old, self._new):
            link = NodeLink(cursor.tree.top, None)
            node = yield from self._node(cursor, link)
            if isinstance(node, NodeUnusable) or not node.keys:
                # The one without keys is that of an empty tree.
                yield from self._enter(cursor, link, node, sure=True)
            else:
                cursor.give_depth(node.depth)

    def _drop_hidden(self) -> Iterator[DiffStep]:
        """Go behind what cannot be compared, as the other tree lacks a node there."""
        cursors = [self._old, self._new]
        while cursors:
            cursor = cursors[-1]
            head, end = cursor.head, self._hidden[cursor]
            if head is None or not (yield from self._is_hidden(cursor, head)):
                cursors.pop()
                continue
            if isinstance(head, Entry) or _is_before(head.hi, end):
                cursor.skip()
                continue
            node = yield from self._node(cursor, head)
            yield from self._enter(cursor, head, node, sure=False)
            if isinstance(node, NodeUnusable):
                cursors = [self._old, self._new]

    def _is_hidden(
        self, cursor: Cursor, head: _Head
    ) -> Generator[DiffStep, None, bool]:
        """Tell whether what comes begins where the other tree lacks a node.

        Unknown counts as hidden.
        """
        end = self._hidden[cursor]
        if isinstance(head, Entry):
            return end is None or head.key < end
        if not end and end is not None:
            return False
        if end is None or _is_before(head.hi, end):
            return True
        if (self._new if cursor is self._old else self._old).leads_to(head.cid):
            return False
        first: NodeLink | bytes = head
        while isinstance(first, NodeLink) and first.lo < end:
            node = yield from self._node(cursor, first, only_first=True)
            if isinstance(node, NodeUnusable):
                return True
            first = node.below(0) or node.keys[0]
        return isinstance(first, bytes) and first < end

    # Which comes first

    def _turn(
        self, a: _Head | None, b: _Head | None
    ) -> Generator[DiffStep, None, _Turn]:
        """Return which cursor goes on."""
        if a is None or b is None:
            return _NEW if a is None else _OLD
        if isinstance(a, Entry) and isinstance(b, Entry):
            return _OLD if a.key < b.key else _NEW
        # What comes later in the other tree stays until that gets there.
        a_waits = isinstance(a, NodeLink) and self._new.leads_to(a.cid)
        b_waits = isinstance(b, NodeLink) and self._old.leads_to(b.cid)
        if a_waits != b_waits:
            return _NEW if a_waits else _OLD
        if not a_waits and isinstance(a, NodeLink) and not self._new.may_hold(a):
            return _OLD
        if not b_waits and isinstance(b, NodeLink) and not self._old.may_hold(b):
            return _NEW
        return (yield from self._by_first_key(a, b))

    def _by_first_key(self, a: _Head, b: _Head) -> Generator[DiffStep, None, _Turn]:
        """Return which head has the smaller first key; if none, which is deeper.

        A sub-tree whose first key is not in the other tree is not there itself;
        nor is one that has the same first key as another there.
        """
        i: NodeLink | bytes = a if isinstance(a, NodeLink) else a.key
        j: NodeLink | bytes = b if isinstance(b, NodeLink) else b.key
        while isinstance(i, NodeLink) or isinstance(j, NodeLink):
            if isinstance(i, NodeLink) and isinstance(j, NodeLink) and i.cid == j.cid:
                break
            deepest = max(_depth(i), _depth(j))
            if isinstance(i, NodeLink) and i.depth == deepest:
                node = yield from self._node(self._old, i, only_first=True)
                if isinstance(node, NodeUnusable):
                    return _Turn(old=True, sure=False)
                i = node.below(0) or node.keys[0]
            if isinstance(j, NodeLink) and j.depth == deepest:
                node = yield from self._node(self._new, j, only_first=True)
                if isinstance(node, NodeUnusable):
                    return _Turn(new=True, sure=False)
                j = node.below(0) or node.keys[0]
        if isinstance(i, bytes) and isinstance(j, bytes) and i != j:
            return _OLD if i < j else _NEW
        return _Turn(old=_depth(a) >= _depth(b), new=_depth(b) >= _depth(a))

    # Going on

    def _advance(
        self, cursor: Cursor, head: _Head, *, sure: bool
    ) -> Iterator[DiffStep]:
        """Go behind an entry, or into a sub-tree, and say what that is."""
        if isinstance(head, NodeLink):
            node = yield from self._node(cursor, head)
            yield from self._enter(cursor, head, node, sure=sure)
            return
        cursor.skip()
        if cursor is self._old:
            yield RecordChange(head.key, head.value, None)
        else:
            yield RecordChange(head.key, None, head.value)

    def _enter(
        self,
        cursor: Cursor,
        head: NodeLink,
        node: PlacedNode | NodeUnusable,
        *,
        sure: bool,
    ) -> Iterator[DiffStep]:
        """Go to the first thing in the head; or behind it, if it cannot be opened."""
        side, lo, hi = cursor.side, head.lo, head.hi
        if isinstance(node, NodeUnusable):
            cursor.skip()
            self._has_holes = True
            other = self._new if cursor is self._old else self._old
            if _is_before(self._hidden[other], hi):
                self._hidden[other] = hi
            yield UnknownRange(head.cid, side, node.fault, lo, hi)
            return
        cursor.enter(node)
        if sure:
            yield NodeChange(head.cid, side, node.depth, node.size, lo, hi)

    def _node(
        self, cursor: Cursor, link: NodeLink, *, only_first: bool = False
    ) -> Generator[DiffStep, None, PlacedNode | NodeUnusable]:
        """Open a node; return the error if it cannot be."""
        known = cursor.known(link)
        if known is not None:
            return known
        if self._tells:
            yield BlockAsked(link, tuple(cursor.waiting()), cursor.side, only_first)
        try:
            node = cursor.read(link)
        except NodeUnusable as error:
            yield NodeRefused.by(error, link, cursor.side)
            return error
        if self._tells:
            yield NodeOpened(node, cursor.side)
        return node
