"""Facts about trees that are changed in memory.

The oracle is the tree that is built of the keys that are left.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from repoview.core.cid import Cid
from repoview.core.edit.edited_tree import EditedTree, KeyNotAllowed, KeyTaken
from repoview.core.edit.partial_tree import KeyNotThere, PartialTree
from repoview.core.edit.path_finder import find_path
from repoview.core.edit.undo import undo
from repoview.core.errors import LimitExceeded
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.mst import EMPTY_NODE, Entry, Node, encode_node, key_depth
from repoview.core.trees.node import NodeUnusable
from repoview.core.trees.record_change import RecordChange
from tests.core.trees.made import MadeTree, after_of, cids, contents, edits, keys
from tests.vectors import read_json, vector

WITHOUT_KERNEL = True

if TYPE_CHECKING:
    from repoview.core.edit.tree_delta import TreeDelta

RECORD = Cid.for_block(b"\xa0")


def changed(tree: EditedTree, changes: dict[bytes, Cid | None]) -> EditedTree:
    """Make changes, but for keys that are to go and are not there."""
    for key, value in changes.items():
        if value is not None:
            tree.put(key, value)
        elif key in tree:
            tree.delete(key)
    return tree


def whole(tree: EditedTree) -> MadeTree:
    """Return the nodes of a tree by its own reading."""
    nodes: dict[Cid, bytes] = {}
    made = MadeTree(tree.top, nodes)
    todo = [tree.top]
    while todo:
        cid = todo.pop()
        data = tree.read(cid)
        assert data is not None
        nodes[cid] = data
        todo += [each for each in links_of(data) if each is not None]
    return made


def links_of(data: bytes) -> list[Any]:
    """Return the sub-trees that a node links to."""
    node: Any = dagcbor.decode(data)
    return [node["l"], *(entry["t"] for entry in node["e"])]


@given(contents, edits)
def test_a_changed_tree_is_the_one_that_its_keys_have(
    before: dict[bytes, Cid], changes: dict[bytes, Cid | None]
) -> None:
    """Node by node, whatever led there; the base stays as it is."""
    base = MadeTree.of(before)
    tree = changed(EditedTree(base), changes)
    after = MadeTree.of(after_of(before, changes))
    assert tree.top == after.top
    assert whole(tree).nodes == after.nodes
    assert base.nodes == MadeTree.of(before).nodes


@given(contents, edits)
def test_a_delta_is_what_differs(
    before: dict[bytes, Cid], changes: dict[bytes, Cid | None]
) -> None:
    """Records by key and nodes by CID; each old or new node once, and deepest first."""
    old, after = MadeTree.of(before), after_of(before, changes)
    new = MadeTree.of(after)
    delta = changed(EditedTree(old), changes).delta()
    assert (delta.old_top, delta.new_top) == (old.top, new.top)
    assert list(delta.changes) == [
        RecordChange(key, before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]
    come = {cid: data for cid, data in new.nodes.items() if cid not in old.nodes}
    assert delta.created == come
    assert sorted(delta.deleted) == sorted(old.nodes.keys() - new.nodes.keys())
    shown = [node.link.cid for edit in delta.edits for node in edit.new]
    assert sorted(shown) == sorted(come)
    assert not delta.beside.keys() & delta.created.keys()
    assert delta.beside.items() <= new.nodes.items()


@given(contents, edits)
def test_nodes_stand_beside_those_they_replace(
    before: dict[bytes, Cid], changes: dict[bytes, Cid | None]
) -> None:
    """Of one depth, over keys that overlap with no other's of that depth."""
    delta = changed(EditedTree(MadeTree.of(before)), changes).delta()
    order = [(-edit.depth, _range(edit)[0]) for edit in delta.edits]
    assert order == sorted(order)
    for edit in delta.edits:
        assert edit.old or edit.new
        assert {node.depth for node in edit.old + edit.new} == {edit.depth}
    for one, other in pairwise(delta.edits):
        if one.depth == other.depth:
            end = _range(one)[1]
            assert end is not None
            assert end <= _range(other)[0]


def _range(edit: Any) -> tuple[bytes, bytes | None]:
    ends = [node.link.hi for node in edit.old + edit.new]
    lo = min(node.link.lo for node in edit.old + edit.new)
    return lo, None if None in ends else max(ends)


@given(contents, edits)
def test_the_blocks_of_a_delta_are_enough_to_undo_it(
    before: dict[bytes, Cid], changes: dict[bytes, Cid | None]
) -> None:
    """For a reader who has nothing but these and the changes."""
    old = MadeTree.of(before)
    delta = changed(EditedTree(old), changes).delta()
    tree = PartialTree(delta.new_top, delta.blocks.get)
    back, steps = undo(tree, delta.changes)
    assert all(step.top is not None for step in steps)
    if delta.changes:
        assert back.top == old.top


@given(contents, edits)
def test_changes_are_undone_one_by_one(
    before: dict[bytes, Cid], changes: dict[bytes, Cid | None]
) -> None:
    """The last first, down to the tree as it was; or all at once."""
    tree = EditedTree(MadeTree.of(before))
    tops = [tree.top]
    for key, value in changes.items():
        changed(tree, {key: value})
        tops += [tree.top] * (len(tree.history) - len(tops) + 1)
    again = changed(EditedTree(MadeTree.of(before)), changes)
    for change in reversed(tree.history):
        assert tree.top == tops.pop()
        assert tree.undo() == change
    assert tree.undo() is None
    again.reset()
    assert tree.top == again.top == tree.base.top
    assert not again.history
    assert not again.delta().edits


@given(contents, edits)
def test_a_tree_that_is_built_and_taken_down_is_empty(
    before: dict[bytes, Cid], changes: dict[bytes, Cid | None]
) -> None:
    """From nothing to nothing, over any tree."""
    tree = changed(changed(EditedTree(), dict(before)), changes)
    assert tree.top == MadeTree.of(after_of(before, changes)).top
    for change in tree.changes():
        tree.delete(change.path if change.key.isascii() else change.key)
    assert tree.top == Cid.for_block(EMPTY_NODE)
    assert tree.changes() == ()
    assert not tree.delta().edits


def test_a_change_of_a_large_tree_reads_and_makes_few_nodes() -> None:
    """Those on the way, as many as there are levels."""
    entries = {b"com.example/%05d" % n: RECORD for n in range(5_000)}
    base = MadeTree.of(entries)
    tree = EditedTree(base)
    tree.put("com.example/02500", b"\xa1\x61a\x01")
    delta = tree.delta()
    assert len(delta.created) == len(delta.deleted) == len(base.asked) < 10
    assert [(len(edit.old), len(edit.new)) for edit in delta.edits] == [
        (1, 1) for _ in delta.edits
    ]


# Records


def test_a_record_is_given_by_its_cid_its_bytes_or_its_value() -> None:
    """With bytes or value, its block is among those that a commit would send."""
    tree, value = EditedTree(), {"$type": "a.b.c", "x": 1}
    data = dagcbor.encode(value)
    assert tree.insert("a.b.c/1", value) == tree.put("a.b.c/2", data)
    assert tree.update("a.b.c/2", RECORD) == RECORD
    assert "a.b.c/1" in tree
    assert tree.get(b"a.b.c/2") == RECORD
    delta = tree.delta()
    assert delta.records == {Cid.for_block(data): data}
    assert delta.size == sum(map(len, {**delta.created, **delta.records}.values()))
    assert repr(tree) == "<EditedTree after 3 changes>"


def test_what_cannot_be_done_is_refused_and_changes_nothing() -> None:
    """By an error of its own each."""
    tree = EditedTree()
    tree.insert("a.b.c/1", RECORD)
    top = tree.top
    with pytest.raises(KeyTaken, match=r"a\.b\.c/1"):
        tree.insert("a.b.c/1", RECORD)
    with pytest.raises(KeyNotThere, match=r"a\.b\.c/2"):
        tree.update("a.b.c/2", RECORD)
    with pytest.raises(KeyNotThere, match=r"a\.b\.c/2"):
        tree.delete(b"a.b.c/2")
    for key in (b"", bytes(1025)):
        with pytest.raises(KeyNotAllowed):
            tree.put(key, RECORD)
    assert 1 not in tree
    assert tree.top == top
    assert len(tree.history) == 1


def test_a_change_that_needs_a_missing_node_is_refused() -> None:
    """And the tree stays as it was."""
    base = MadeTree.of({b"com.example/%05d" % n: RECORD for n in range(100)})
    tree = EditedTree(base.without({base.top}))
    with pytest.raises(NodeUnusable):
        tree.put("com.example/x", RECORD)
    assert tree.top == base.top
    assert not tree.history


@given(keys, cids)
def test_a_change_and_its_opposite_are_none(key: bytes, value: Cid) -> None:
    """Both are in the history, and neither among the changes."""
    tree = EditedTree()
    tree.insert(key, value)
    tree.delete(key)
    assert len(tree.history) == 2
    assert tree.changes() == ()


def test_a_node_that_was_broken_where_it_stood_is_not_new() -> None:
    """`key0` may not stand before `blue`, of depth 1; without that it may."""
    leaf = encode_node(Node(None, [Entry(b"a", RECORD), Entry(b"key0", RECORD)]))
    link = Cid.for_block(leaf)
    above = encode_node(Node(link, [Entry(b"blue", RECORD)]))
    top = Cid.for_block(above)
    tree = EditedTree(MadeTree(top, {link: leaf, top: above}))
    tree.delete(b"blue")
    delta = tree.delta()
    assert (delta.new_top, delta.deleted, delta.created) == (link, (top,), {})


# Paths of a wanted depth


@pytest.mark.parametrize("depth", range(5))
def test_a_path_of_a_depth_is_found(depth: int) -> None:
    """The first from a time on; a later one from the next."""
    first = find_path("a.b.c", depth, 0)
    assert key_depth(first.encode()) == depth
    assert find_path("a.b.c", depth, 10**6) > first


def test_a_depth_that_would_take_too_long_is_refused() -> None:
    """As one that no key has."""
    with pytest.raises(LimitExceeded):
        find_path("a.b.c", 9, 0)
    with pytest.raises(ValueError, match="-1"):
        find_path("a.b.c", -1, 0)


# Vectors of other projects


@pytest.mark.unmeasured
def test_trees_of_another_project_lead_to_each_other() -> None:
    """A third of 4,128 pairs: the nodes made, those gone, and those to undo it."""
    of = cache(MadeTree.of_suite)
    checked = 0
    with gzip.open(vector("mst-suite/diff-cases.jsonl.gz")) as lines:
        for line in islice(lines, None, None, 3):
            case: dict[str, Any] = json.loads(line)
            inputs, results = case["inputs"], case["results"]
            tree = EditedTree(of(inputs["mst_a"]))
            for op in results["record_ops"]:
                if op["new_value"] is None:
                    tree.delete(op["rpath"])
                else:
                    tree.put(op["rpath"], Cid.parse(op["new_value"]))
            assert tree.top == of(inputs["mst_b"]).top
            delta = tree.delta()
            assert sorted(map(str, delta.created)) == sorted(results["created_nodes"])
            assert sorted(map(str, delta.deleted)) == sorted(results["deleted_nodes"])
            sent = {*map(str, delta.blocks)}
            if delta.changes:
                assert sent >= {*results["inductive_proof_nodes"]}
            checked += 1
    assert checked == 4128 // 3


@pytest.mark.parametrize(
    "case",
    read_json("interop/firehose/commit-proof-fixtures.json"),
    ids=lambda case: case["comment"],
)
def test_a_commit_sends_the_blocks_of_its_proof(case: dict[str, Any]) -> None:
    """The nodes that are new and those beside the changed keys, no others."""
    value = Cid.parse(case["leafValue"])
    tree = EditedTree(MadeTree.of({key.encode(): value for key in case["keys"]}))
    assert str(tree.top) == case["rootBeforeCommit"]
    for key in case["adds"]:
        tree.insert(key, value)
    for key in case["dels"]:
        tree.delete(key)
    delta: TreeDelta = tree.delta()
    assert str(delta.new_top) == case["rootAfterCommit"]
    assert {*map(str, delta.blocks)} == {*case["blocksInProof"]}
