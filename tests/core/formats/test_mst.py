"""Facts about single nodes: depth, prefixes, and the one canonical layout."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.cid import RAW, Cid
from repoview.core.formats.mst import (
    EMPTY_NODE,
    LINK,
    Entry,
    Node,
    common_prefix,
    encode_node,
    key_depth,
    read_node,
)
from repoview.core.formats.node_faults import recover_node
from tests.strategies import cids
from tests.vectors import read_json

WITHOUT_KERNEL = True

RECORD = Cid.for_block(b"\xa0")
OTHER = Cid.for_block(b"\xf6")

keys = st.binary(min_size=1, max_size=40)
links = st.sampled_from([None, RECORD, OTHER])


@st.composite
def nodes(
    draw: st.DrawFn,
    values: st.SearchStrategy[Cid] = st.just(RECORD),  # noqa: B008 (a strategy is a value)
) -> Node:
    """Nodes with ascending keys and any links."""
    ascending = sorted(draw(st.sets(keys, max_size=30)))
    entries = [Entry(key, draw(values), draw(links)) for key in ascending]
    return Node(draw(links), entries)


@pytest.mark.parametrize(
    ("key", "depth"),
    [
        (b"", 0),
        (b"2653ae71", 0),
        (b"blue", 1),
        (b"key7", 1),
        (b"key515", 4),
        (b"app.bsky.feed.post/454397e440ec", 4),
        (b"app.bsky.feed.post/9adeb165882c", 8),
    ],
)
def test_depth_is_the_leading_zero_pairs_of_the_hash(key: bytes, depth: int) -> None:
    """The figures that implementations of the format agree on."""
    assert key_depth(key) == depth


@pytest.mark.parametrize("case", read_json("interop/mst/key_heights.json"))
def test_depths_agree_with_the_interop_vectors(case: dict[str, Any]) -> None:
    """The shared fixtures call it height."""
    assert key_depth(case["key"].encode()) == case["height"]


@pytest.mark.parametrize("case", read_json("interop/mst/common_prefix.json"))
def test_common_prefixes_agree_with_the_interop_vectors(case: dict[str, Any]) -> None:
    """Prefixes are counted in bytes."""
    left, right = case["left"].encode(), case["right"].encode()
    assert common_prefix(left, right) == case["len"]


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_common_prefix_is_shared_and_maximal(a: bytes, b: bytes) -> None:
    """All of it is shared, and the next byte is not."""
    shared = common_prefix(a, b)
    assert a[:shared] == b[:shared]
    assert a[shared : shared + 1] != b[shared : shared + 1] or a == b


def test_the_empty_node_has_its_known_cid() -> None:
    """Every empty repository has this top node."""
    known = "bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm"
    assert encode_node(Node(None, [])) == EMPTY_NODE
    assert str(Cid.for_block(EMPTY_NODE)) == known


@given(nodes())
def test_what_is_written_is_read_back(node: Node) -> None:
    """Writing and reading are each other's inverse."""
    read = read_node(encode_node(node))
    assert read is not None
    assert (read.left, list(read.entries)) == (node.left, list(node.entries))


@given(nodes())
def test_a_written_node_has_no_findings(node: Node) -> None:
    """The reader that looks for faults finds none where the fast one accepts."""
    recovered, findings = recover_node(encode_node(node), offset=0, cid=RECORD)
    assert not findings
    assert recovered is not None


@given(nodes(), st.data())
def test_what_is_accepted_is_canonical(node: Node, data: st.DataObject) -> None:
    """Whatever bytes are accepted, writing them again gives the same bytes."""
    written = bytearray(encode_node(node))
    place = data.draw(st.integers(0, len(written) - 1))
    written[place] ^= data.draw(st.integers(1, 255))
    read = read_node(bytes(written))
    if read is not None:
        assert encode_node(read) == bytes(written)


@given(nodes(st.one_of(cids(), st.just(RECORD))), st.data())
def test_links_to_records_are_read_in_any_form(node: Node, data: st.DataObject) -> None:
    """Where that is asked for; and then, too, what is accepted is canonical."""
    written = bytearray(encode_node(node))
    assert read_node(bytes(written), any_values=True) == Node(node.left, node.entries)
    place = data.draw(st.integers(0, len(written) - 1))
    written[place] ^= data.draw(st.integers(1, 255))
    read = read_node(bytes(written), any_values=True)
    if read is not None:
        assert encode_node(read) == bytes(written)


@given(nodes(), st.data())
def test_a_cut_node_is_refused(node: Node, data: st.DataObject) -> None:
    """Cut anywhere, it is no node; no exception comes of it."""
    written = encode_node(node)
    assert read_node(written[: data.draw(st.integers(0, len(written) - 1))]) is None


def test_bytes_behind_a_node_are_refused() -> None:
    """A block is one item and nothing more."""
    assert read_node(EMPTY_NODE + b"\x00") is None


@pytest.mark.parametrize(
    "entries",
    [
        [Entry(b"b", RECORD), Entry(b"a", RECORD)],
        [Entry(b"a", RECORD), Entry(b"a", RECORD)],
        [Entry(b"", RECORD)],
        [Entry(b"k" * (limits.MAX_KEY + 1), RECORD)],
        [Entry(b"%03d" % n, RECORD) for n in range(limits.MANY_ENTRIES + 1)],
    ],
    ids=["descending", "twice", "empty key", "long key", "many entries"],
)
def test_what_a_finding_speaks_of_is_refused(entries: list[Entry]) -> None:
    """The fast reader hands over everything that has a code."""
    assert read_node(encode_node(Node(None, entries))) is None


NODE = encode_node(Node(OTHER, [Entry(b"a/1", RECORD, OTHER), Entry(b"a/2", RECORD)]))


@pytest.mark.parametrize("field", [b"e", b"l", b"k", b"p", b"t", b"v"])
def test_a_node_of_other_fields_is_refused(field: bytes) -> None:
    """It has two, and an entry has four, each in its place."""
    other = NODE.replace(b"\x61" + field, b"\x61x", 1)
    assert other != NODE
    for any_values in (False, True):
        assert read_node(NODE, any_values=any_values) is not None
        assert read_node(other, any_values=any_values) is None


@pytest.mark.parametrize(
    "value",
    [
        b"\xf6",
        b"\xd8\x2a\x40",
        b"\xd8\x2a\x58\x25\x01" + RECORD.raw,
        b"\xd8\x2a\x42\x00\x01",
        b"\xd8\x2a\x59\x40\x00\x00",
    ],
    ids=["null", "empty", "no zero in front", "no CID", "longer than the node"],
)
def test_what_is_no_link_to_a_record_is_refused(value: bytes) -> None:
    """Though a link by a CID of any form is not."""
    link = b"\x61v" + LINK[:5] + RECORD.raw
    assert NODE.count(link) == 2
    changed = NODE.replace(link, b"\x61v" + value, 1)
    assert read_node(changed, any_values=True) is None


def test_long_nodes_use_the_shortest_heads() -> None:
    """Counts from 24 and from 256 on take one and two bytes more."""
    many = [Entry(b"%03d" % n, RECORD) for n in range(30)]
    read = read_node(encode_node(Node(None, many)))
    assert read is not None
    assert len(read.entries) == 30
    long = [Entry(b"k" * 300, RECORD), Entry(b"k" * 299 + b"l", RECORD)]
    read = read_node(encode_node(Node(None, long)))
    assert read is not None
    assert [len(entry.key) for entry in read.entries] == [300, 300]


def test_only_plain_cids_can_be_linked_to() -> None:
    """A tree links to dag-cbor blocks and to nothing else."""
    raw = Cid.for_block(b"", RAW)
    with pytest.raises(ValueError, match="cannot be linked"):
        encode_node(Node(raw, []))
