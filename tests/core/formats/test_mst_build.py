"""Facts about building trees: one canonical shape for every set of keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repoview.core.cid import Cid
from repoview.core.errors import MstError
from repoview.core.formats.car import sections
from repoview.core.formats.car_header import read_header
from repoview.core.formats.mst import (
    EMPTY_NODE,
    Entry,
    Node,
    encode_node,
    key_depth,
    read_node,
)
from repoview.core.formats.mst_build import TreeBuilder, build_tree
from tests.vectors import ROOT, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

WITHOUT_KERNEL = True

RECORD = Cid.for_block(b"\xa0")
DEEP = b"app.bsky.feed.post/9adeb165882c"
"""A key of depth 8."""

keys = st.binary(min_size=1, max_size=12) | st.sampled_from(
    [DEEP, b"app.bsky.feed.post/454397e440ec", b"key515", b"blue", b"key7"]
)
trees = st.dictionaries(keys, st.binary(max_size=4).map(Cid.for_block), max_size=60)


def built(entries: Mapping[bytes, Cid]) -> tuple[Cid, dict[Cid, bytes]]:
    """Return the top's CID and all nodes of the tree of *entries*."""
    nodes: dict[Cid, bytes] = {}
    top = build_tree(sorted(entries.items()), nodes.__setitem__)
    return top, nodes


def node_at(nodes: Mapping[Cid, bytes], cid: Cid) -> Node:
    """Return a node that must be there and canonical."""
    node = read_node(nodes[cid])
    assert node is not None
    return node


def contents(
    nodes: Mapping[Cid, bytes], cid: Cid, distance: int = 0
) -> Iterator[tuple[bytes, Cid, int]]:
    """Yield key, value and distance from the top, left to right."""
    node = node_at(nodes, cid)
    if node.left is not None:
        yield from contents(nodes, node.left, distance + 1)
    for entry in node.entries:
        yield entry.key, entry.value, distance
        if entry.tree is not None:
            yield from contents(nodes, entry.tree, distance + 1)


def written_out(entries: list[tuple[bytes, Cid]], depth: int) -> Cid | None:
    """Return the CID of the node at *depth*, straight from the definition."""
    if not entries:
        return None
    below: list[list[tuple[bytes, Cid]]] = [[]]
    here: list[tuple[bytes, Cid]] = []
    for key, value in entries:
        if key_depth(key) == depth:
            here.append((key, value))
            below.append([])
        else:
            below[-1].append((key, value))
    left, *rest = (written_out(part, depth - 1) for part in below)
    in_node = [
        Entry(key, value, tree) for (key, value), tree in zip(here, rest, strict=True)
    ]
    return Cid.for_block(encode_node(Node(left, in_node)))


def test_no_keys_make_the_empty_node() -> None:
    """Every empty repository has the same top."""
    emitted: list[tuple[Cid, bytes]] = []
    top = build_tree([], lambda cid, data: emitted.append((cid, data)))
    assert str(top) == "bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm"
    assert emitted == [(top, EMPTY_NODE)]


@pytest.mark.parametrize("second", [b"a", b"b"])
def test_a_key_that_does_not_ascend_is_refused(second: bytes) -> None:
    """Neither twice the same key nor one that belongs before."""
    builder = TreeBuilder()
    builder.add(b"b", RECORD)
    with pytest.raises(MstError, match="does not ascend"):
        builder.add(second, RECORD)


def test_the_top_is_trimmed() -> None:
    """A single key stands in the top node, whatever its depth."""
    _, nodes = built({DEEP: RECORD})
    assert len(nodes) == 1


def test_gaps_in_depth_are_bridged_by_empty_nodes() -> None:
    """Between depths 8 and 0 stand seven nodes without entries."""
    shallow = b"2653ae71"
    top, nodes = built({shallow: RECORD, DEEP: RECORD})
    node, empty = node_at(nodes, top), 0
    while node.left is not None:
        node = node_at(nodes, node.left)
        empty += not node.entries
    assert (len(nodes), empty) == (9, 7)
    assert [entry.key for entry in node.entries] == [shallow]


@given(trees)
@example({DEEP: RECORD, b"a": RECORD, b"z": RECORD})
def test_the_shape_is_that_of_the_definition(entries: dict[bytes, Cid]) -> None:
    """Built in one pass or by dividing the keys again and again: one tree."""
    top, _ = built(entries)
    highest = max(map(key_depth, entries), default=0)
    empty = Cid.for_block(EMPTY_NODE)
    assert top == (written_out(sorted(entries.items()), highest) or empty)


@given(trees, st.randoms(use_true_random=False))
def test_the_tree_does_not_depend_on_history(
    entries: dict[bytes, Cid], random: Any
) -> None:
    """The order in which keys were put into the set changes nothing."""
    shuffled = list(entries.items())
    random.shuffle(shuffled)
    assert built(dict(shuffled)) == built(entries)


@given(trees)
def test_every_key_is_found_in_order_at_its_depth(entries: dict[bytes, Cid]) -> None:
    """And with its value; nothing else is there."""
    top, nodes = built(entries)
    found = list(contents(nodes, top))
    highest = max(map(key_depth, entries), default=0)
    assert [(key, value) for key, value, _ in found] == sorted(entries.items())
    assert all(highest - distance == key_depth(key) for key, _, distance in found)


@given(trees)
def test_children_are_emitted_before_their_parents(entries: dict[bytes, Cid]) -> None:
    """Each node once, and the top last."""
    emitted: dict[Cid, int] = {}

    def emit(cid: Cid, data: bytes) -> None:
        node = read_node(data)
        assert node is not None
        assert cid == Cid.for_block(data)
        links = [node.left, *(entry.tree for entry in node.entries)]
        assert emitted.keys() >= {link for link in links if link is not None}
        assert cid not in emitted
        emitted[cid] = len(emitted)

    top = build_tree(sorted(entries.items()), emit)
    assert emitted[top] == len(emitted) - 1


@pytest.mark.parametrize(
    "case", read_json("interop/firehose/commit-proof-fixtures.json")
)
def test_trees_agree_with_the_interop_commits(case: dict[str, Any]) -> None:
    """The top before a commit and after it, from keys alone."""
    value = Cid.parse(case["leafValue"])
    before = set(case["keys"])
    after = (before | set(case["adds"])) - set(case["dels"])
    for keys_then, top in ((before, "rootBeforeCommit"), (after, "rootAfterCommit")):
        entries = {key.encode(): value for key in keys_then}
        assert str(built(entries)[0]) == case[top]


@pytest.mark.parametrize(
    "path", sorted(ROOT.glob("mst-suite/cars/*.car")), ids=lambda path: path.stem
)
def test_trees_of_the_suite_are_built_again(path: Path) -> None:
    """From its keys alone each tree comes out with the same top and nodes."""
    car = path.read_bytes()
    header, findings = read_header(car, offset=0, available=len(car))
    assert header is not None
    assert not findings
    in_car = {
        section.cid: car[section.data_offset : section.end]
        for section in sections(car[header.end :], offset=header.end)
    }
    (root,) = header.roots
    entries = {key: value for key, value, _ in contents(in_car, root)}
    top, nodes = built(entries)
    assert top == root
    assert nodes.items() <= in_car.items()
