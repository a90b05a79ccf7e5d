"""Facts about trees that are edited while some of their nodes are missing.

The oracle is `build_tree`, which builds the one tree of a set of keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from repoview.core.cid import Cid
from repoview.core.edit.partial_tree import KeyNotThere, PartialTree
from repoview.core.formats.mst import EMPTY_NODE, Entry, Node, encode_node, key_depth
from repoview.core.formats.mst_build import build_tree
from repoview.core.trees.node import NodeUnusable

if TYPE_CHECKING:
    from collections.abc import Mapping

WITHOUT_KERNEL = True

DEEP = b"app.bsky.feed.post/9adeb165882c"
"""A key of depth 8."""

keys = st.binary(min_size=1, max_size=3) | st.sampled_from(
    [DEEP, b"app.bsky.feed.post/454397e440ec", b"key515", b"blue", b"key7"]
)
cids = st.binary(max_size=2).map(Cid.for_block)
contents = st.dictionaries(keys, cids, max_size=60)
edits = st.lists(st.tuples(keys, st.none() | cids), min_size=1, max_size=20)


def built(entries: Mapping[bytes, Cid]) -> tuple[Cid, dict[Cid, bytes]]:
    """Return the top's CID and all nodes of the tree of *entries*."""
    nodes: dict[Cid, bytes] = {}
    top = build_tree(sorted(entries.items()), nodes.__setitem__)
    return top, nodes


def edited(tree: PartialTree, key: bytes, value: Cid | None) -> PartialTree:
    """Return the tree with a value at *key*, or without it."""
    return tree.delete(key) if value is None else tree.put(key, value)


@given(contents, edits)
def test_edits_give_the_tree_of_the_keys_that_are_left(
    entries: dict[bytes, Cid], changes: list[tuple[bytes, Cid | None]]
) -> None:
    """After every edit the tree is the one that its keys have."""
    top, nodes = built(entries)
    tree = PartialTree(top, nodes.get)
    for key, value in changes:
        if value is None and key not in entries:
            with pytest.raises(KeyNotThere):
                tree.delete(key)
            continue
        tree = edited(tree, key, value)
        entries.pop(key, None)
        entries |= {} if value is None else {key: value}
        assert tree.top == built(entries)[0]
    assert all(tree.get(key) == value for key, value in entries.items())


@given(contents, keys)
def test_a_key_is_there_or_proved_absent(entries: dict[bytes, Cid], key: bytes) -> None:
    """Of a whole tree every question has an answer."""
    top, nodes = built(entries)
    assert PartialTree(top, nodes.get).get(key) == entries.get(key)


@given(contents, edits, st.data())
def test_a_hole_stops_an_edit_or_does_not_matter(
    entries: dict[bytes, Cid],
    changes: list[tuple[bytes, Cid | None]],
    data: st.DataObject,
) -> None:
    """With nodes missing an edit names one of them, or its tree is the right one."""
    top, nodes = built(entries)
    holes = data.draw(st.sets(st.sampled_from(sorted(nodes))))
    there = {cid: node for cid, node in nodes.items() if cid not in holes}
    tree = PartialTree(top, there.get)
    for key, value in changes:
        before, stopped_by = tree.top, None
        try:
            assert tree.get(key) == entries.get(key)
            if value is None and key not in entries:
                continue
            tree = edited(tree, key, value)
        except NodeUnusable as error:
            stopped_by = error
        if stopped_by is not None:
            assert stopped_by.cid in holes
            assert not stopped_by.fault
            assert tree.top == before
            continue
        entries.pop(key, None)
        entries |= {} if value is None else {key: value}
        assert tree.top == built(entries)[0]


@given(contents, keys, cids)
def test_an_edit_is_undone_by_its_inverse(
    entries: dict[bytes, Cid], key: bytes, value: Cid
) -> None:
    """A key that was put is taken out again, and the tree is as it was."""
    assume(key not in entries)
    top, nodes = built(entries)
    tree = PartialTree(top, nodes.get).put(key, value)
    assert tree.delete(key).top == top


def test_an_edit_opens_only_the_nodes_on_its_way() -> None:
    """A value is replaced while all other sub-trees are holes."""
    entries = {b"k/%05d" % n: Cid.for_block(b"%d" % n) for n in range(500)}
    top, nodes = built(entries)
    opened: set[Cid] = set()
    other = Cid.for_block(b"other")

    def read(cid: Cid) -> bytes:
        opened.add(cid)
        return nodes[cid]

    tree = PartialTree(top, read).put(b"k/00250", other)
    assert tree.top == built(entries | {b"k/00250": other})[0]
    assert len(opened) < 10


# Nodes that are not what they must be


RECORD = Cid.for_block(b"\xa0")
ABSENT = Cid.for_block(b"absent")


def below_blue(key: bytes) -> list[bytes]:
    """Return a node with a key behind that of the top node: `blue`, of depth 1."""
    leaf = encode_node(Node(None, [Entry(key, RECORD)]))
    link = Cid.for_block(leaf)
    return [leaf, encode_node(Node(None, [Entry(b"blue", RECORD, link)]))]


@pytest.mark.parametrize(
    ("nodes", "fault"),
    [
        (below_blue(b"key7"), "has keys of another depth"),
        (below_blue(b"a"), "has keys out of its bounds"),
        ([b"\xa0"], "is no node in canonical form"),
        ([encode_node(Node(ABSENT, ()))], "is a top node without entries"),
    ],
)
def test_a_node_that_may_not_stand_there_proves_nothing(
    nodes: list[bytes], fault: str
) -> None:
    """The last one is the top; `key0` would stand behind `blue`, at depth 0."""
    blocks = {Cid.for_block(data): data for data in nodes}
    with pytest.raises(NodeUnusable, match=fault):
        PartialTree(Cid.for_block(nodes[-1]), blocks.get).get(b"key0")


def test_a_sub_tree_is_judged_by_the_bounds_that_it_has_after_an_edit() -> None:
    """Of the tree that it is in then: there its keys stand where they must."""
    leaf, top = below_blue(b"a")
    blocks = {Cid.for_block(data): data for data in (leaf, top)}
    tree = PartialTree(Cid.for_block(top), blocks.get)
    with pytest.raises(NodeUnusable, match="out of its bounds"):
        tree.get(b"key0")
    left = tree.delete(b"blue")
    assert left.top == Cid.for_block(leaf)
    assert (left.get(b"a"), left.get(b"key0")) == (RECORD, None)


def test_a_node_of_more_entries_than_usual_is_used() -> None:
    """A hundred keys of one depth are odd, and no fault."""
    names = [b"w/%04d" % n for n in range(1000)]
    flat = [name for name in names if key_depth(name) == 0]
    entries = dict.fromkeys(flat[:100], RECORD)
    top, nodes = built(entries)
    assert len(nodes) == 1
    tree = PartialTree(top, nodes.get).put(b"w/x", RECORD)
    assert tree.get(names[-1]) is None
    assert tree.top == built(entries | {b"w/x": RECORD})[0]


@pytest.mark.parametrize("names", [(b"key0", b"key2"), (b"a", b"aa")])
def test_sub_trees_that_overlap_are_not_merged(names: tuple[bytes, bytes]) -> None:
    """Each must lie on its side of the key that parts them: `blue`, of depth 1."""
    leaves = [encode_node(Node(None, [Entry(name, RECORD)])) for name in names]
    assert {key_depth(name) for name in names} == {0}
    before, behind = map(Cid.for_block, leaves)
    top = encode_node(Node(before, [Entry(b"blue", RECORD, behind)]))
    blocks = {Cid.for_block(data): data for data in (*leaves, top)}
    tree = PartialTree(Cid.for_block(top), blocks.get)
    with pytest.raises(NodeUnusable, match="out of its bounds"):
        tree.delete(b"blue")


def test_the_last_key_leaves_the_empty_tree() -> None:
    """Its only node is that of an empty repository."""
    top, nodes = built({b"a": RECORD})
    assert PartialTree(top, nodes.get).delete(b"a").top == Cid.for_block(EMPTY_NODE)
