"""Facts about the diff of two trees, told by their records and nodes.

The oracle compares the two whole: records by key, nodes as sets of CIDs.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repoview.core.cid import Cid
from repoview.core.diff import cursor
from repoview.core.diff.diff import diff, diff_steps
from repoview.core.diff.items import NodeChange, UnknownRange
from repoview.core.formats.mst import key_depth
from repoview.core.repo.repo import Repo
from repoview.core.trees.record_change import RecordChange
from repoview.core.trees.steps import (
    BlockAsked,
    NodeOpened,
    NodeRefused,
    SubtreeSkipped,
)
from tests.core.repos import make_repo, many
from tests.core.trees.made import MadeTree, after_of, cids, contents, edits
from tests.strategies import examples
from tests.vectors import vector

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from repoview.core.diff.items import DiffItem

WITHOUT_KERNEL = True

SAMPLE = make_repo(many(40))
"""What broken files are compared with."""


def changes_between(
    old: Mapping[bytes, Cid], new: Mapping[bytes, Cid]
) -> list[RecordChange]:
    """Return what differs, in key order."""
    return [
        RecordChange(key, old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def records_of(items: Iterable[DiffItem]) -> list[RecordChange]:
    """Return what is told of records."""
    return [item for item in items if isinstance(item, RecordChange)]


def nodes_of(items: Iterable[DiffItem], action: str) -> list[Cid]:
    """Return the nodes that were created, or deleted."""
    nodes = [item for item in items if isinstance(item, NodeChange)]
    return [item.cid for item in nodes if item.action == action]


def is_hidden(key: bytes, items: Iterable[DiffItem]) -> bool:
    """Tell whether a key is where nothing is known."""
    ranges = [item for item in items if isinstance(item, UnknownRange)]
    return any(each.lo < key and (each.hi is None or key < each.hi) for each in ranges)


@given(contents, edits)
def test_a_diff_tells_all_that_differs_and_no_more(
    before: dict[bytes, Cid], changes: dict[bytes, Cid | None]
) -> None:
    """Records in key order, each node once; none is read twice."""
    after = after_of(before, changes)
    old, new = MadeTree.of(before), MadeTree.of(after)
    items = list(diff(old, new))
    assert records_of(items) == changes_between(before, after)
    created, deleted = nodes_of(items, "create"), nodes_of(items, "delete")
    assert sorted(created) == sorted(new.nodes.keys() - old.nodes.keys())
    assert sorted(deleted) == sorted(old.nodes.keys() - new.nodes.keys())
    for tree in (old, new):
        assert len(tree.asked) == len(set(tree.asked))


@given(contents, contents)
def test_trees_that_have_little_in_common_are_compared_as_well(
    before: dict[bytes, Cid], after: dict[bytes, Cid]
) -> None:
    """Whatever depth their top nodes have."""
    items = list(diff(MadeTree.of(before), MadeTree.of(after)))
    assert records_of(items) == changes_between(before, after)


@given(contents, edits)
@example(
    {b"com.example/%03d" % n: Cid.for_block(b"") for n in range(99)},
    dict.fromkeys(b"com.example/%03d" % n for n in range(0, 99, 7)),
)
def test_nodes_that_are_let_go_of_are_read_again(
    before: dict[bytes, Cid], changes: dict[bytes, Cid | None]
) -> None:
    """However few are held that were opened ahead, the answer is the same."""
    old, new = MadeTree.of(before), MadeTree.of(after_of(before, changes))
    expected = list(diff(old, new))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cursor, "_AHEAD", 0)
        assert list(diff(old, new)) == expected


@given(contents, edits)
def test_a_node_is_told_with_its_depth_and_the_keys_around_it(
    before: dict[bytes, Cid], changes: dict[bytes, Cid | None]
) -> None:
    """All created keys of its depth between these are its own."""
    after = after_of(before, changes)
    new = MadeTree.of(after)
    for item in diff(MadeTree.of(before), new):
        if isinstance(item, NodeChange) and item.side == "new":
            assert item.size == len(new.nodes[item.cid])
            within = {
                key: value
                for key, value in after.items()
                if item.lo < key and (item.hi is None or key < item.hi)
            }
            assert max(map(key_depth, within), default=0) <= item.depth
            assert item.cid in MadeTree.of(within).nodes or any(
                key_depth(key) < item.depth for key in within
            )


@given(contents, edits, st.data())
def test_what_missing_nodes_hide_is_said_and_all_else_is_right(
    before: dict[bytes, Cid], changes: dict[bytes, Cid | None], data: st.DataObject
) -> None:
    """A change is told, or lies in a range of which nothing is known: never both."""
    after = after_of(before, changes)
    old, new = MadeTree.of(before), MadeTree.of(after)
    gone = data.draw(st.sets(st.sampled_from(sorted(old.nodes | new.nodes))))
    gone_old = {cid for cid in gone if data.draw(st.booleans())}
    items = list(diff(old.without(gone_old), new.without(gone)))
    told, expected = records_of(items), changes_between(before, after)
    assert told == [each for each in expected if not is_hidden(each.key, items)]
    created, deleted = nodes_of(items, "create"), nodes_of(items, "delete")
    assert set(created) <= new.nodes.keys() - old.nodes.keys()
    assert set(deleted) <= old.nodes.keys() - new.nodes.keys()
    unknown = [item for item in items if isinstance(item, UnknownRange)]
    assert all(item.cid in gone and not item.fault for item in unknown)
    if not unknown:
        assert set(created) == new.nodes.keys() - old.nodes.keys()


def check(repo: Repo) -> None:
    """See that a tree differs from another as that differs from it."""
    if not len(repo.tree):
        return
    assert records_of(diff(repo.tree, repo.tree)) == []
    with Repo.load(SAMPLE) as sample:
        there = records_of(diff(repo.tree, sample.tree))
        back = records_of(diff(sample.tree, repo.tree))
    assert there == [RecordChange(key, new, old) for key, old, new in back]


@given(contents, edits)
def test_the_nodes_that_both_trees_have_need_not_be_there(
    before: dict[bytes, Cid], changes: dict[bytes, Cid | None]
) -> None:
    """A file of what is new is enough, if what changed is no edge of what did not."""
    after = after_of(before, changes)
    old, new = MadeTree.of(before), MadeTree.of(after)
    items = list(diff(old, new.without(old.nodes.keys())))
    expected = changes_between(before, after)
    assert records_of(items) == [
        each for each in expected if not is_hidden(each.key, items)
    ]
    if not any(isinstance(each, UnknownRange) for each in items):
        assert nodes_of(items, "create")[:1] != [] or not expected


def test_a_change_says_what_happened_at_its_path() -> None:
    """In the words of the event stream."""
    old = MadeTree.of({b"a/1": _other, b"b/2": _other})
    new = MadeTree.of({b"b/2": Cid.for_block(b""), b"c/3": _other})
    told = [(each.path, each.action) for each in records_of(diff(old, new))]
    assert told == [("a/1", "delete"), ("b/2", "update"), ("c/3", "create")]


# What it costs


@cache
def numbered(count: int) -> dict[bytes, Cid]:
    """Return records with keys far and near."""
    return {b"com.example/%06d" % n: Cid.for_block(b"%d" % n) for n in range(count)}


def test_equal_trees_are_not_read() -> None:
    """Their top nodes have one CID."""
    tree = MadeTree.of(numbered(100))
    assert list(diff(tree, tree)) == []
    assert tree.asked == []


@pytest.mark.unmeasured
@pytest.mark.parametrize("changed", [1, 10, 100])
def test_of_updates_only_the_nodes_that_differ_are_read(changed: int) -> None:
    """Those on the ways to the changed records, of each tree."""
    before = numbered(20_000)
    step = len(before) // changed
    other = dict.fromkeys([*before][step // 2 :: step], Cid.for_block(b"other"))
    old, new = MadeTree.of(before), MadeTree.of(before | other)
    items = list(diff(old, new))
    assert len(records_of(items)) == changed
    assert sorted(new.asked) == sorted(new.nodes.keys() - old.nodes.keys())
    assert sorted(old.asked) == sorted(old.nodes.keys() - new.nodes.keys())
    assert len(new.asked) <= changed * 9 < len(new.nodes)


@examples(20)
@given(
    st.dictionaries(
        st.integers(0, 2**16).map(lambda n: b"com.example/%06d" % n),
        st.none() | cids,
        min_size=1,
        max_size=8,
    )
)
def test_the_nodes_read_besides_grow_with_the_change_and_not_with_the_tree(
    changes: dict[bytes, Cid | None],
) -> None:
    """Left edges of sub-trees, which have at most a node a level."""
    before = numbered(2_000)
    old, new = MadeTree.of(before), MadeTree.of(after_of(before, changes))
    items = list(diff(old, new))
    told = sum(isinstance(item, NodeChange) for item in items)
    assert len(old.asked) + len(new.asked) - told <= 9 * len(changes)


def test_items_come_before_all_is_read() -> None:
    """The first change is told when its way was read, and nothing behind it."""
    before = numbered(2_000)
    old, new = MadeTree.of(before), MadeTree.of(dict.fromkeys(before, _other))
    first = next(each for each in diff(old, new) if isinstance(each, RecordChange))
    assert first.key == min(before)
    assert len(old.asked) < 12


_other = Cid.for_block(b"other")


# Steps


@given(contents, edits)
def test_steps_are_a_diff_with_each_block_it_asks_for(
    before: dict[bytes, Cid], changes: dict[bytes, Cid | None]
) -> None:
    """Each block that is read is a step, and what comes of it the next."""
    after = after_of(before, changes)
    old, new = MadeTree.of(before), MadeTree.of(after)
    steps = list(diff_steps(old, new))
    kinds = (RecordChange, NodeChange)
    told = [step for step in steps if isinstance(step, kinds)]
    assert told == list(diff(MadeTree.of(before), MadeTree.of(after)))
    for side, tree in (("old", old), ("new", new)):
        asked = [s for s in steps if isinstance(s, BlockAsked) and s.side == side]
        opened = [s for s in steps if isinstance(s, NodeOpened) and s.side == side]
        assert [step.link.cid for step in asked] == tree.asked
        assert [step.node.link.cid for step in opened] == tree.asked


@given(contents, edits)
def test_what_is_skipped_is_in_both_trees(
    before: dict[bytes, Cid], changes: dict[bytes, Cid | None]
) -> None:
    """And what is not told is skipped, or a key that is the same in both."""
    after = after_of(before, changes)
    old, new = MadeTree.of(before), MadeTree.of(after)
    steps = list(diff_steps(old, new))
    for step in steps:
        if isinstance(step, SubtreeSkipped):
            assert step.old.cid == step.new.cid
            assert step.old.cid in old.nodes.keys() & new.nodes.keys()


def test_what_waits_is_told_next_first() -> None:
    """Of every step that asks for a block: greater keys, and links to them."""
    before = numbered(300)
    after = before | {b"com.example/000100x": _other}
    asked = [
        step
        for step in diff_steps(MadeTree.of(before), MadeTree.of(after))
        if isinstance(step, BlockAsked)
    ]
    assert asked[0].waiting == ()
    assert any(step.waiting for step in asked)
    for step in asked:
        bounds = [w if isinstance(w, bytes) else w.lo for w in step.waiting]
        assert bounds == sorted(bounds)
        assert all(step.link.hi is not None and b >= step.link.hi for b in bounds)


def test_a_node_that_cannot_be_opened_is_a_step() -> None:
    """With the check that it does not pass."""
    old, new = MadeTree.of(numbered(50)), MadeTree.of(numbered(60))
    steps = list(diff_steps(old, new.without({new.top})))
    (refused,) = (step for step in steps if isinstance(step, NodeRefused))
    assert (refused.failed, refused.passed, refused.side) == ("there", (), "new")
    (unknown,) = (step for step in steps if isinstance(step, UnknownRange))
    assert (unknown.lo, unknown.hi, unknown.side) == (b"", None, "new")
    assert not records_of(diff(old, new.without({new.top})))


def test_a_node_of_wrong_bytes_hides_what_is_below() -> None:
    """As one that is not there, with another reason."""
    old, new = MadeTree.of(numbered(50)), MadeTree.of(numbered(60))
    broken = MadeTree(new.top, {**new.nodes, new.top: b"\xa0"})
    (unknown,) = (each for each in diff(old, broken) if isinstance(each, UnknownRange))
    assert unknown.fault == "does not hash to its CID"


# Vectors of another project


@pytest.mark.unmeasured
def test_trees_of_another_project_differ_as_they_are_known_to() -> None:
    """4,128 pairs: records, created nodes and deleted nodes."""
    of = cache(MadeTree.of_suite)
    checked = 0
    with gzip.open(vector("mst-suite/diff-cases.jsonl.gz")) as lines:
        for line in lines:
            case: dict[str, Any] = json.loads(line)
            inputs, results = case["inputs"], case["results"]
            items = list(diff(of(inputs["mst_a"]), of(inputs["mst_b"])))
            assert results["record_ops"] == [
                {
                    "rpath": item.path,
                    "old_value": _text(item.before),
                    "new_value": _text(item.after),
                }
                for item in records_of(items)
            ]
            for action in ("create", "delete"):
                told = sorted(map(str, nodes_of(items, action)))
                assert told == sorted(results[f"{action}d_nodes"])
            checked += 1
    assert checked == 4128


def _text(cid: Cid | None) -> str | None:
    return None if cid is None else str(cid)
