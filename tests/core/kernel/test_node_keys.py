"""The keys that nodes say: both kernels read the same of any node, and sort alike.

What is sorted on disk is in `tests.core.salvage.test_key_sort`.
"""

from __future__ import annotations

from array import array
from contextlib import suppress
from itertools import chain
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repoview.core.blocks.blocks import Blocks
from repoview.core.cid import PLAIN_PREFIX, Cid
from repoview.core.formats.mst import Entry, Node, encode_node
from repoview.core.kernel import pure
from repoview.core.marks import NO_ROW
from repoview.core.source.source import MemorySource
from repoview.corpus import LIGHT_CASES
from repoview.corpus.car import Section
from repoview.corpus.cbor import RAW, cid_of, encode
from tests.fuzz.mutators import PLAIN
from tests.fuzz.twins import COMPILED

if TYPE_CHECKING:
    from types import ModuleType

pytestmark = pytest.mark.skipif(
    not COMPILED, reason="the compiled kernel was not built"
)

KERNEL: Any = COMPILED["one thread"].module if COMPILED else pure

RECORD = encode({"$type": "com.example.note"})
OTHER = encode({"$type": "com.example.other"})
DAMAGED = encode({"$type": "com.example.damaged"})
LINKS = [cid_of(RECORD), cid_of(OTHER), cid_of(DAMAGED), cid_of(b"absent")]
links = st.sampled_from([Cid(raw) for raw in LINKS])
keys = st.one_of(st.binary(min_size=1, max_size=40), st.binary(min_size=250))
rows = st.one_of(st.integers(0, 5), st.just(NO_ROW), st.integers(0, NO_ROW))


@pytest.fixture(autouse=True)
def kernel_under_test() -> None:
    """Run each test once: all of them run every kernel themselves."""


@st.composite
def nodes(draw: st.DrawFn) -> bytes:
    """Nodes with ascending keys, linked to what is there, damaged or not there."""
    ascending = sorted(draw(st.sets(keys, max_size=30)))
    trees = st.one_of(st.none(), links)
    entries = [Entry(key, draw(links), draw(trees)) for key in ascending]
    return encode_node(Node(draw(trees), entries))


def blocks_with(twin: ModuleType, *blocks: bytes) -> Blocks:
    """Return an index of some blocks, behind what nodes link to; all hash but one."""
    parts = [Section(cid_of(data), data) for data in (RECORD, OTHER, *blocks)]
    parts.insert(2, Section(cid_of(DAMAGED), DAMAGED + b"\0"))
    data = b"".join(part.written for part in parts)
    index = twin.BlockIndex(1 << 30, 1)
    twin.scan(index, data, 0)
    index.settle()
    return Blocks(index, MemorySource("memory", data))


def said(twin: ModuleType, blocks: Blocks, most: int) -> list[object]:
    """Return all that a kernel says of all rows, and one that is not there."""
    rows, answers = list(range(len(blocks.index) + 1)), []
    while rows:
        answers.append(twin.node_keys(blocks, rows, most))
        rows = rows[answers[-1].taken :]
    return answers


@pytest.mark.unmeasured
@settings(max_examples=100)
@given(st.lists(nodes(), max_size=6), st.integers(0, 2**32), st.integers(0, 2_000))
def test_both_read_the_same_of_hostile_nodes(
    blocks: list[bytes], number: int, most: int
) -> None:
    """Canonical ones, and those that were broken more and more."""
    luck = Random(number)  # noqa: S311 (not for secrets)
    some = [data for data in blocks for _ in range(3)]
    changed = [luck.choice(PLAIN)(luck, [data])[:5_000] for data in some]
    broken = [*blocks, *changed]
    ours, theirs = blocks_with(pure, *broken), blocks_with(KERNEL, *broken)
    assert said(pure, ours, most) == said(KERNEL, theirs, most)


@pytest.mark.unmeasured
def test_both_read_the_same_of_every_broken_file() -> None:
    """Whose blocks are of all kinds."""
    for case in LIGHT_CASES:
        answers = []
        for twin in (pure, KERNEL):
            index = twin.BlockIndex(1 << 30, 1)
            data = case.build().data
            # Behind the header, as long as most of them have it.
            twin.scan(index, data, 0, min(59, len(data)))
            index.settle()
            blocks = Blocks(index, MemorySource("memory", data))
            every = range(len(index))
            answers.append(
                (said(twin, blocks, 1 << 20), twin.sections_of(blocks, every, 1 << 20))
            )
        assert answers[0] == answers[1], case.id


@pytest.mark.parametrize("twin", [pure, KERNEL], ids=["python", "compiled"])
def test_a_node_says_keys_records_and_sub_trees(twin: ModuleType) -> None:
    """`NO_ROW` stands for records that are not there, or do not hash."""
    record, _, damaged, absent = (Cid(raw) for raw in LINKS)
    entries = [
        Entry(b"a/1", record, Cid(cid_of(OTHER))),
        Entry(b"a/2", damaged, absent),
        Entry(b"b/1", absent, damaged),
    ]
    node = encode_node(Node(record, entries))
    told = twin.node_keys(blocks_with(twin, node), [3, 0, 9, 2], 1 << 20)
    assert told.taken == 4
    assert (list(told.nodes), list(told.counts)) == ([3], [3])
    assert (told.keys, list(told.sizes)) == (b"a/1a/2b/1", [3, 3, 3])
    assert list(told.rows) == [0, NO_ROW, NO_ROW]
    assert list(told.trees) == [0, 1]
    assert list(told.others) == [0, 9, 2]


@pytest.mark.parametrize("twin", [pure, KERNEL], ids=["python", "compiled"])
def test_keys_that_share_much_are_few_at_a_time(twin: ModuleType) -> None:
    """Written out, they may be thirty times as long as their nodes."""
    made = [[b"%d" % n + b"x" * 2_000 + b"%02d" % m for m in range(60)] for n in (1, 2)]
    value = Cid(LINKS[0])
    nodes = [encode_node(Node(None, [Entry(k, value) for k in some])) for some in made]
    blocks = blocks_with(twin, *nodes)
    assert twin.node_keys(blocks, [3, 4], 20_000).taken == 1
    assert twin.node_keys(blocks, [3, 4], 1 << 20).keys == b"".join(chain(*made))


@pytest.mark.parametrize("twin", [pure, KERNEL], ids=["python", "compiled"])
def test_sections_end_in_front_of_what_is_not_there(twin: ModuleType) -> None:
    """Or does not hash; and where they are as many bytes as were asked for."""
    long = encode({"$type": "com.example.long", "x": "y" * 200})
    blocks = blocks_with(twin, long)
    one, other = (Section(cid_of(data), data).written for data in (RECORD, long))
    assert twin.sections_of(blocks, [0, 3, 2, 0], 1 << 20) == (one + other, 2)
    assert twin.sections_of(blocks, [9, 0], 1 << 20) == (b"", 0)
    assert twin.sections_of(blocks, [3, 0], 0) == (other, 1)
    assert twin.sections_of(blocks, [0, 3], len(one + other)) == (one + other, 2)
    assert twin.sections_of(blocks, [0, 3], len(one + other) - 1) == (one, 1)
    assert twin.sections_of(blocks, [], 9) == (b"", 0)


@pytest.mark.parametrize("twin", [pure, KERNEL], ids=["python", "compiled"])
def test_sections_have_the_shortest_lengths(twin: ModuleType) -> None:
    """Whatever stands in front of the block in the source; of raw blocks too."""
    data, raw = b"\1" * 100, cid_of(b"\1" * 100, RAW)
    padded = bytes([0x80 | 0x88 & 0x7F, 0x81, 0x00]) + raw + data
    index = twin.BlockIndex(1 << 30, 1)
    twin.scan(index, Section(raw, data).written, 1)
    index.settle()
    index.set_padded(0, 2)
    blocks = Blocks(index, MemorySource("memory", padded))
    assert twin.sections_of(blocks, [0], 999) == (Section(raw, data).written, 1)


@given(st.lists(st.tuples(st.binary(max_size=6), rows)))
def test_both_sort_keys_alike(pairs: list[tuple[bytes, int]]) -> None:
    """By key, then the greatest row first and none last, what is twice once."""
    sizes = array("I", [len(key) for key, _ in pairs])
    numbers = array("I", [row for _, row in pairs])
    columns = b"".join(key for key, _ in pairs), sizes, numbers
    found = KERNEL.sort_keys(*columns)
    assert found == pure.sort_keys(*columns)
    wanted = sorted({*pairs}, key=lambda pair: (pair[0], -(pair[1] + 1 & NO_ROW)))
    assert found.keys == b"".join(key for key, _ in wanted)
    assert list(found.rows) == [row for _, row in wanted]
    assert sum(found.firsts) == len({key for key, _ in wanted})


@pytest.mark.parametrize("twin", [pure, KERNEL], ids=["python", "compiled"])
def test_columns_that_do_not_fit_are_refused(twin: ModuleType) -> None:
    """Too few keys, too many, and another number of rows."""
    one, two = array("I", [1]), array("I", [1, 1])
    for columns in ((b"", one, one), (b"ab", one, one), (b"ab", two, one)):
        with pytest.raises(IndexError):
            twin.sort_keys(*columns)


@pytest.mark.parametrize("twin", [pure, KERNEL], ids=["python", "compiled"])
def test_parts_that_end_where_none_can_are_refused(twin: ModuleType) -> None:
    """In front of the one before, or behind all bytes."""
    assert twin.cut(b"abc", array("Q", [6, 6, 8]), 5) == [b"a", b"", b"bc"]
    for ends in ([2, 1], [4]):
        with pytest.raises(IndexError):
            twin.cut(b"abc", array("Q", ends), 0)


@pytest.mark.parametrize("value", [None, -1, 2**63, b"x", "x", [1], array("Q", [7])])
def test_no_argument_makes_a_panic(value: Any) -> None:
    """Of any type, and of any size: what ordinary code raises, and no more."""
    blocks = blocks_with(KERNEL, RECORD)
    one = array("I", [1])
    for function in (KERNEL.node_keys, KERNEL.sections_of):
        for asked in ((value, [0], 9), (blocks, value, 9), (blocks, [0], value)):
            with suppress(Exception):
                function(*asked)
        with suppress(Exception):
            function(blocks, [value], 9)
    for columns in ((value, one, one), (b"x", value, one), (b"x", one, value)):
        with suppress(Exception):
            KERNEL.sort_keys(*columns)


def test_links_of_other_forms_are_of_no_canonical_node() -> None:
    """They are handed over, by both."""
    link = b"\xd8\x2a\x58\x25\x00"
    odd = encode_node(Node(Cid(cid_of(RECORD)), [])).replace(
        link + PLAIN_PREFIX, link + b"\x01\x55\x12\x20"
    )
    for twin in (pure, KERNEL):
        told = twin.node_keys(blocks_with(twin, odd), [3], 9)
        assert (list(told.nodes), list(told.others)) == ([], [3])
