"""Facts about keys looked up in trees, and the keys beside them.

The oracle is the sorted list of the keys of a tree.
"""

from __future__ import annotations

import gzip
import json
from bisect import bisect_left, bisect_right
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given

from repoview.core.cid import Cid
from repoview.core.formats.mst import NODE_HEAD, Entry, Node, encode_node
from repoview.core.trees.lookup import look_up, neighbors
from repoview.core.trees.node import CHECKS, NodeUnusable
from repoview.core.trees.steps import (
    BlockAsked,
    KeyAbsent,
    KeyCompared,
    KeyFound,
    NodeOpened,
    NodeRefused,
)
from tests.core.trees.made import MadeTree, contents, keys
from tests.vectors import read_json, vector

if TYPE_CHECKING:
    from collections.abc import Iterable

WITHOUT_KERNEL = True

RECORD = Cid.for_block(b"\xa0")


def answer_of(tree: MadeTree, key: bytes) -> Cid | str | None:
    """Return the record's CID, None for a key that is absent, or what is missing."""
    *_, last = look_up(tree, key)
    match last:
        case KeyFound(found, value):
            assert found == key
            return value
        case KeyAbsent():
            return None
    assert isinstance(last, NodeRefused)
    return str(last.link.cid)


@given(contents, keys)
def test_a_look_up_ends_with_the_answer(entries: dict[bytes, Cid], key: bytes) -> None:
    """The record, or that there is none."""
    assert answer_of(MadeTree.of(entries), key) == entries.get(key)


@given(contents, keys)
def test_a_look_up_tells_each_block_that_it_reads(
    entries: dict[bytes, Cid], key: bytes
) -> None:
    """And of each node what was compared there; its depth falls by one a step."""
    tree = MadeTree.of(entries)
    *steps, last = look_up(tree, key)
    asked = [step.link.cid for step in steps if isinstance(step, BlockAsked)]
    opened = [step.node for step in steps if isinstance(step, NodeOpened)]
    compared = [step for step in steps if isinstance(step, KeyCompared)]
    assert asked == tree.asked == [node.link.cid for node in opened]
    assert [step.node for step in compared] == opened
    assert all(step.passed == CHECKS for step in steps if isinstance(step, NodeOpened))
    top = opened[0].depth
    assert [node.depth for node in opened] == [top - n for n in range(len(opened))]
    assert [step.found for step in compared[:-1]] == [False] * (len(compared) - 1)
    assert compared[-1].found == isinstance(last, KeyFound)
    for step in compared:
        assert all(each < key for each in step.node.keys[: step.place])
        assert all(each >= key for each in step.node.keys[step.place :])


@given(contents, keys)
def test_the_nodes_of_a_look_up_are_enough_for_its_answer(
    entries: dict[bytes, Cid], key: bytes
) -> None:
    """And without any one of them there is none."""
    tree = MadeTree.of(entries)
    expected = answer_of(tree, key)
    assert answer_of(tree.only(tree.asked), key) == expected
    for cid in set(tree.asked):
        assert answer_of(tree.without({cid}), key) == str(cid)


@given(contents, keys)
def test_neighbors_are_the_keys_beside_a_key(
    entries: dict[bytes, Cid], key: bytes
) -> None:
    """Whether it is there itself or not; None at the ends."""
    tree = MadeTree.of(entries)
    found = neighbors(tree, key)
    order = sorted(entries)
    before = order[: bisect_left(order, key)]
    after = order[bisect_right(order, key) :]
    assert found.before == (before[-1] if before else None)
    assert found.after == (after[0] if after else None)
    assert [node.link.cid for node in found.nodes] == list(dict.fromkeys(tree.asked))


@given(contents, keys)
def test_the_nodes_of_neighbors_stand_in_walk_order_and_are_enough(
    entries: dict[bytes, Cid], key: bytes
) -> None:
    """Without any one of them the neighbors are not known."""
    tree = MadeTree.of(entries)
    found = neighbors(tree, key)
    cids = [node.link.cid for node in found.nodes]
    places = [(node.link.lo, -node.depth) for node in found.nodes]
    assert places == sorted(places)
    assert neighbors(tree.only(cids), key) == found
    for cid in cids:
        with pytest.raises(NodeUnusable):
            neighbors(tree.without({cid}), key)


# What may not stand where it stands


def below_blue(key: bytes) -> list[bytes]:
    """Return a node with a key behind that of the top node: `blue`, of depth 1."""
    leaf = encode_node(Node(None, [Entry(key, RECORD)]))
    link = Cid.for_block(leaf)
    return [leaf, encode_node(Node(None, [Entry(b"blue", RECORD, link)]))]


NO_NODE = "is no node in canonical form"
ABSENT = Cid.for_block(b"absent")
EMPTY = encode_node(Node(None, ()))
DEEPER = encode_node(Node(None, [Entry(b"key0", RECORD, ABSENT)]))
WIDE = encode_node(Node(None, [Entry(b"%04d" % n, RECORD) for n in range(201)]))


@pytest.mark.parametrize(
    ("nodes", "check", "fault"),
    [
        (below_blue(b"key7"), "depth", "has keys of another depth"),
        (below_blue(b"a"), "range", "has keys out of its bounds"),
        ([b"\xa0"], "form", NO_NODE),
        ([WIDE], "form", "claims more than 200 entries"),
        ([NODE_HEAD + b"\x81\xa0\x61l\xf6"], "form", NO_NODE),
        ([NODE_HEAD + b"\x81\xa4\x61k" + b"\x81" * 30_000], "form", NO_NODE),
        ([NODE_HEAD + b"\x99\x23\x28"], "form", "claims more than 200 entries"),
        ([NODE_HEAD + b"\x98"], "form", NO_NODE),
        ([encode_node(Node(ABSENT, ()))], "depth", "is a top node without entries"),
        (
            [
                EMPTY,
                encode_node(Node(None, [Entry(b"blue", RECORD, Cid.for_block(EMPTY))])),
            ],
            "content",
            "is empty",
        ),
        ([DEEPER], "content", "has sub-trees at the bottom"),
    ],
)
def test_a_node_that_may_not_stand_there_proves_nothing(
    nodes: list[bytes], check: str, fault: str
) -> None:
    """The last one is the top; `key0` would stand behind `blue`, at depth 0."""
    blocks = {Cid.for_block(data): data for data in nodes}
    *_, last = look_up(MadeTree(Cid.for_block(nodes[-1]), blocks), b"key00")
    assert isinstance(last, NodeRefused)
    assert (last.failed, last.fault) == (check, fault)
    assert (*last.passed, last.failed) == CHECKS[: len(last.passed) + 1]


def test_a_record_may_have_a_cid_of_an_unusual_form() -> None:
    """Such as that of raw bytes; only links to nodes must be plain."""
    raw = Cid.parse("bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy")
    data = encode_node(Node(None, [Entry(b"key0", raw)]))
    tree = MadeTree(Cid.for_block(data), {Cid.for_block(data): data})
    assert answer_of(tree, b"key0") == raw
    # The same link, where one to a sub-tree stands.
    linked = encode_node(Node(None, [Entry(b"key0", RECORD, ABSENT)]))
    linked = linked.replace(ABSENT.raw, raw.raw)
    odd = MadeTree(Cid.for_block(linked), {Cid.for_block(linked): linked})
    assert answer_of(odd, b"key0") == str(odd.top)


def test_bytes_that_do_not_hash_to_a_cid_are_no_node_of_it() -> None:
    """Whoever gives them."""
    tree = MadeTree(RECORD, {RECORD: EMPTY})
    *_, last = look_up(tree, b"a")
    assert isinstance(last, NodeRefused)
    assert (last.failed, last.passed) == ("hash", ("there",))


# Vectors of other projects


@pytest.mark.unmeasured
def test_the_proof_nodes_of_another_project_answer_for_its_operations() -> None:
    """4,128 pairs: a look-up needs none but these, and neighbors all that undo does."""
    of = cache(MadeTree.of_suite)
    checked = 0
    with gzip.open(vector("mst-suite/diff-cases.jsonl.gz")) as lines:
        for line in lines:
            case: dict[str, Any] = json.loads(line)
            tree, results = of(case["inputs"]["mst_b"]), case["results"]
            proof = tree.only(_cids(results["proof_nodes"]))
            shown = {tree.top} if not results["record_ops"] else set[Cid]()
            for op in results["record_ops"]:
                key, value = op["rpath"].encode(), op["new_value"]
                expected = None if value is None else Cid.parse(value)
                assert answer_of(proof, key) == expected
                shown |= {node.link.cid for node in neighbors(tree, key).nodes}
            assert shown >= _cids(results["inductive_proof_nodes"])
            checked += 1
    assert checked == 4128


def _cids(texts: Iterable[str]) -> set[Cid]:
    return {Cid.parse(text) for text in texts}


@pytest.mark.parametrize(
    "case",
    read_json("interop/firehose/commit-proof-fixtures.json"),
    ids=lambda case: case["comment"],
)
def test_neighbors_take_the_blocks_of_a_commit_proof(case: dict[str, Any]) -> None:
    """Those of all its operations are exactly the blocks that an event carries."""
    value = Cid.parse(case["leafValue"])
    changed = [key.encode() for key in case["adds"] + case["dels"]]
    after = {*case["keys"], *case["adds"]} - {*case["dels"]}
    tree = MadeTree.of({key.encode(): value for key in after})
    for key in changed:
        neighbors(tree, key)
    assert {*tree.asked} == _cids(case["blocksInProof"])
