"""Facts about undoing the changes of a commit.

The oracles are the vectors of two other projects: trees and what led from one to
the other, with the nodes that undoing it takes.
"""

from __future__ import annotations

import gzip
import json
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.cid import Cid
from repoview.core.edit.partial_tree import PartialTree
from repoview.core.edit.undo import undo
from repoview.core.formats.car import sections
from repoview.core.formats.car_header import read_header
from repoview.core.trees.record_change import RecordChange
from tests.core.edit.test_partial_tree import RECORD, built, cids, contents, keys
from tests.vectors import read_json, vector

if TYPE_CHECKING:
    from collections.abc import Callable

WITHOUT_KERNEL = True

changed = st.dictionaries(keys, st.none() | cids, max_size=20)


def changes_between(
    before: dict[bytes, Cid], after: dict[bytes, Cid]
) -> list[RecordChange]:
    """Return what differs, in key order."""
    return [
        RecordChange(key, before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def after_of(
    before: dict[bytes, Cid], more: dict[bytes, Cid | None]
) -> dict[bytes, Cid]:
    """Return the records with some of them set, and some taken out."""
    return {k: v for k, v in {**before, **more}.items() if v is not None}


@given(contents, changed)
def test_all_changes_are_undone_step_by_step(
    before: dict[bytes, Cid], more: dict[bytes, Cid | None]
) -> None:
    """Each step has the tree of the keys that are left; the last that before."""
    after = after_of(before, more)
    changes = changes_between(before, after)
    top, nodes = built(after)
    tree, steps = undo(PartialTree(top, nodes.get), changes)
    for step in steps:
        change = changes[step.number]
        after.pop(change.key, None)
        after |= {} if change.before is None else {change.key: change.before}
        assert step.top == built(after)[0]
    assert tree.top == built(before)[0]


@given(contents, changed, st.data())
def test_a_change_that_leads_into_a_hole_names_it(
    before: dict[bytes, Cid], more: dict[bytes, Cid | None], data: st.DataObject
) -> None:
    """With nodes missing the tree is that before, or a step says why it is not."""
    after = after_of(before, more)
    changes = changes_between(before, after)
    top, nodes = built(after)
    holes = data.draw(st.sets(st.sampled_from(sorted(nodes))))
    there = {cid: node for cid, node in nodes.items() if cid not in holes}
    tree, steps = undo(PartialTree(top, there.get), changes)
    missing = [step.hole.cid for step in steps if step.hole is not None]
    assert sorted(step.number for step in steps) == [*range(len(changes))]
    assert set(missing) <= holes
    assert missing or tree.top == built(before)[0]


@pytest.mark.parametrize(
    "change",
    [
        RecordChange(b"b", None, RECORD),
        RecordChange(b"a", None, Cid.for_block(b"other")),
        RecordChange(b"a", RECORD, None),
    ],
    ids=["never put in", "another record", "not taken out"],
)
def test_a_change_that_the_tree_contradicts_is_not_undone(change: RecordChange) -> None:
    """The tree stays as it is."""
    top, nodes = built({b"a": RECORD})
    tree, (step,) = undo(PartialTree(top, nodes.get), [change])
    assert step.contradicts
    assert tree.top == top


# Vectors of other projects


def _nodes_of(name: str) -> tuple[Cid, dict[Cid, bytes]]:
    """Return the root and all blocks of a CAR."""
    data = vector(f"mst-suite/cars/{name}").read_bytes()
    header, _ = read_header(data, offset=0, available=len(data))
    assert header is not None
    blocks = {
        each.cid: data[each.data_offset : each.end]
        for each in sections(data[header.end :], offset=header.end)
    }
    return header.roots[0], blocks


@pytest.mark.unmeasured
def test_operations_lead_from_one_tree_to_another_and_back() -> None:
    """A third of 4,128 pairs; back with but the nodes of the inductive proof."""
    trees: dict[str, tuple[Cid, dict[Cid, bytes]]] = {}

    def tree_at(path: str) -> tuple[Cid, dict[Cid, bytes]]:
        name = path.rpartition("/")[2]
        if name not in trees:
            trees[name] = _nodes_of(name)
        return trees[name]

    checked = 0
    with gzip.open(vector("mst-suite/diff-cases.jsonl.gz")) as lines:
        for line in islice(lines, None, None, 3):
            case: dict[str, Any] = json.loads(line)
            old, old_nodes = tree_at(case["inputs"]["mst_a"])
            new, new_nodes = tree_at(case["inputs"]["mst_b"])
            results = case["results"]
            changes = [
                RecordChange(
                    op["rpath"].encode(), _cid(op["old_value"]), _cid(op["new_value"])
                )
                for op in results["record_ops"]
            ]
            forth = PartialTree(old, old_nodes.get)
            for key, _, value in changes:
                forth = forth.delete(key) if value is None else forth.put(key, value)
            assert forth.top == new
            proof = {Cid.parse(text) for text in results["inductive_proof_nodes"]}
            there = {cid: node for cid, node in new_nodes.items() if cid in proof}
            back, steps = undo(PartialTree(new, there.get), changes)
            assert all(step.top for step in steps)
            assert back.top == old
            checked += 1
    assert checked == 4128 // 3


def _cid(text: str | None) -> Cid | None:
    return None if text is None else Cid.parse(text)


@pytest.mark.parametrize(
    "case",
    read_json("interop/firehose/commit-proof-fixtures.json"),
    ids=lambda case: case["comment"],
)
def test_a_commit_is_undone_with_the_blocks_of_its_proof(case: dict[str, Any]) -> None:
    """From the tree after it to that before, by the blocks that an event has."""
    value = Cid.parse(case["leafValue"])
    before = {key.encode(): value for key in case["keys"]}
    adds = [key.encode() for key in case["adds"]]
    dels = [key.encode() for key in case["dels"]]
    after = {key: value for key in [*before, *adds] if key not in dels}
    top, nodes = built(after)
    proof = {Cid.parse(text) for text in case["blocksInProof"]}
    there: Callable[[Cid], bytes | None] = {
        cid: data for cid, data in nodes.items() if cid in proof
    }.get
    changes = [RecordChange(key, None, value) for key in adds]
    changes += [RecordChange(key, value, None) for key in dels]
    assert str(top) == case["rootAfterCommit"]
    assert (
        str(undo(PartialTree(top, there), changes)[0].top) == case["rootBeforeCommit"]
    )
