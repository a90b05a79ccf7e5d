"""Single functions of the seam: both kernels answer the same, and bear anything.

Whole files are in `test_twins`.
"""

from __future__ import annotations

import math
import struct
import subprocess
import sys
from array import array
from contextlib import suppress
from functools import partial
from itertools import accumulate, product
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.blocks.blocks import Blocks
from repoview.core.cid import PLAIN_PREFIX, RAW_PREFIX, Cid
from repoview.core.formats import syntax
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.kernel import pure
from repoview.core.kernel.seam import Child, JsonField
from repoview.core.source.source import MemorySource
from repoview.corpus.car import Section
from repoview.corpus.cbor import cid_of
from repoview.corpus.repo import Repo
from repoview.corpus.tree import Entry, build_tree
from tests.fuzz.mutators import PLAIN
from tests.fuzz.twins import COMPILED, disagreements
from tests.strategies import CONTROL, examples, keys, odd_values, records, values

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

pytestmark = [
    pytest.mark.skipif(not COMPILED, reason="the compiled kernel was not built"),
    pytest.mark.unmeasured,
]

KERNEL: Final[Any] = COMPILED["one thread"].module if COMPILED else pure


@pytest.fixture(autouse=True)
def kernel_under_test() -> None:
    """Run each test once: all of them run every kernel themselves."""


def scanned(twin: ModuleType, data: bytes) -> list[object]:
    """Return what a kernel makes of sections."""
    index = twin.BlockIndex(1 << 30, 1)
    facts: list[object] = [twin.scan(index, data, 0)]
    for row in range(len(index)):
        facts.append((index.offset(row), index.length(row), index.mark(row)))
        facts.append((index.type_of(row), index.data_offset(row)))
    return facts


def check_blocks(
    *blocks: bytes, forms: tuple[bytes, ...] = (PLAIN_PREFIX, RAW_PREFIX)
) -> None:
    """See that both kernels think the same of blocks, of either codec."""
    for form in forms:
        data = b"".join(Section(cid_of(b, form), b).written for b in blocks)
        assert scanned(pure, data) == scanned(KERNEL, data)


# Blocks


def test_blocks_of_every_length_are_hashed_right() -> None:
    """One by one, and many side by side."""
    sizes = [*range(300), 4_095, 4_096, 8_191, 8_192, 16_346, 16_348, 65_535, 65_536]
    blocks = [dagcbor.encode(b"x" * size) for size in sizes]
    for block in blocks:
        check_blocks(block)
    check_blocks(*blocks)
    check_blocks(*reversed(blocks))


@pytest.mark.parametrize("size", [999_964, 999_965, 1_000_000, 1_000_001])
def test_the_bound_of_a_record_is_the_same(size: int) -> None:
    """One byte more is another answer."""
    check_blocks(dagcbor.encode(b"x" * (size - 5)), bytes(size))


@examples(150)
@given(odd_values().filter(lambda value: value != []), st.integers(0, 2**32))
def test_values_are_sound_for_both_or_for_none(value: Any, number: int) -> None:
    """Right ones, odd ones, and those that were broken more and more."""
    luck = Random(number)  # noqa: S311 (not for secrets)
    blocks = []
    with suppress(ValueError):
        blocks.append(dagcbor.encode(value))
        for _ in range(6):
            blocks.append(luck.choice(PLAIN)(luck, blocks[-1:])[:5_000])
    check_blocks(*blocks)


@examples(100)
@given(st.lists(st.binary(max_size=30), max_size=20))
def test_any_bytes_are_sound_for_both_or_for_none(blocks: list[bytes]) -> None:
    """Few are."""
    check_blocks(*blocks)


def test_every_head_is_judged_the_same() -> None:
    """All types and widths, arguments at the bounds, as item, type and key."""
    arguments = (0, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**53 - 2)
    blocks = []
    for first in range(256):
        width = {24: 1, 25: 2, 26: 4, 27: 8}.get(first & 31, 0)
        for argument in (*arguments, 2**53 - 1, 2**53, 2**64 - 1) if width else (0,):
            number = (argument % (1 << 8 * width)).to_bytes(width, "big")
            head = bytes([first]) + number
            for tail in (b"", b"a" * (first & 31), b"a" * (argument % 2_000)):
                blocks.append(head + tail)
                blocks.append(b"\xa1\x65$type" + head + tail)
                blocks.append(b"\xa1" + head + tail + b"\0")
    check_blocks(*blocks)


CLASS_ENDS: Final = (
    *(0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF),
    *(0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF),
)
"""First and last bytes of each class of bytes in UTF-8 (RFC 3629, section 4)."""


def test_text_is_judged_the_same() -> None:
    """All pairs of bytes, and inside of longer text those where a class of bytes ends.

    UTF-8 knows no other difference between two bytes than their class.
    """
    pairs = [bytes((first, second)) for first in range(256) for second in range(256)]
    blocks = [b"\x62" + pair for pair in pairs]
    for first, second in product(range(256), CLASS_ENDS):
        pair = bytes((first, second))
        texts = (b"\xe2" + pair, b"abcdefg" + pair + b"abcdefgh")
        blocks.extend(bytes([0x60 + len(text)]) + text for text in texts)
    # Of the other codec no text is judged.
    check_blocks(*blocks, forms=(PLAIN_PREFIX,))


@pytest.mark.parametrize("around", [b"\x81", b"\xa1\x61a"])
def test_nesting_is_judged_the_same(around: bytes) -> None:
    """Around the bound."""
    check_blocks(*(around * depth + b"\0" for depth in range(28, 37)))
    check_blocks(*(around * depth + b"\x80" for depth in range(28, 37)))


# Keys

ODD_KEYS: Final = st.one_of(
    st.binary(max_size=40),
    st.text("aB1-./_:~", max_size=12).map(str.encode),
    st.builds(
        lambda name, rkey: b"a.b." + b"b" * name + b"/" + b"x" * rkey,
        st.integers(0, 70),
        st.integers(180, 300),
    ),
    st.builds(lambda size: b"a." + b"b" * size + b".c/x", st.integers(60, 70)),
)


@examples(250)
@given(keys() | ODD_KEYS)
def test_keys_are_sound_for_both_or_for_none(key: bytes) -> None:
    """In a tree that has only this one."""
    name = key.partition(b"/")[0].decode(errors="backslashreplace")
    tree = build_tree([Entry(key, dagcbor.encode({"$type": name, "x": 1}))])
    assert not list(disagreements(Repo(tree).car().data))
    assert pure.key_depth(key) == KERNEL.key_depth(key)


@given(st.lists(st.binary(max_size=40)))
def test_texts_of_cids_are_the_same(raws: list[bytes]) -> None:
    """Also of what is no CID."""
    assert pure.cid_texts(raws) == KERNEL.cid_texts(raws)


@given(st.lists(st.text("ab", max_size=5), max_size=30), st.data())
def test_searches_find_the_same(texts: list[str], data: st.DataObject) -> None:
    """With empty keys among them, and for empty needles too."""
    joined = bytearray("".join(texts).encode())
    ends = array("Q", (len("".join(texts[: n + 1])) for n in range(len(texts))))
    stop = data.draw(st.integers(0, len(texts)))
    start = data.draw(st.integers(0, stop))
    needle = data.draw(st.text("ab", max_size=3)).encode()
    one = pure.search(joined, ends, needle, start, stop)
    assert one == KERNEL.search(joined, ends, needle, start, stop)


def test_an_empty_needle_is_in_every_key() -> None:
    """Also in those that are empty themselves."""
    keys, ends = bytearray(b"a"), array("Q", [0, 0, 1, 1, 1])
    for search in (pure.search, KERNEL.search):
        assert list(search(keys, ends, b"", 0, 5)) == [0, 1, 2, 3, 4]


# Texts, and orders


@examples(150)
@given(
    st.lists(odd_values(), min_size=1, max_size=6),
    st.integers(0, 2**32),
    st.lists(st.sampled_from([b"", b"a", b"e", b"$type", b"\xc3"]), max_size=2),
    st.booleans(),
)
def test_texts_are_found_in_the_same(
    values: list[Any], number: int, needles: list[bytes], fold: bool
) -> None:
    """Of right blocks, and of such as were broken, of either codec."""
    luck = Random(number)  # noqa: S311 (not for secrets)
    blocks = [dagcbor.encode(value) for value in values]
    blocks += [luck.choice(PLAIN)(luck, blocks)[:5_000] for _ in range(6)]
    sections = [Section(cid_of(b, PLAIN_PREFIX), b).written for b in blocks]
    sections.append(Section(cid_of(blocks[0], RAW_PREFIX), blocks[0]).written)
    sections.append(Section(cid_of(b"", PLAIN_PREFIX), blocks[0]).written)
    data = b"".join(sections)
    answers = []
    for twin in (pure, KERNEL):
        index = twin.BlockIndex(1 << 30, 1)
        twin.scan(index, data, 0)
        index.settle()
        rows = array("I", [*range(len(index)), 2**32 - 1, 0])
        held = Blocks(index, MemorySource("memory", data))
        answers.append(twin.holding(held, rows, needles, fold=fold))
    assert answers[0] == answers[1]


@given(
    st.lists(keys() | ODD_KEYS, min_size=1, max_size=30),
    st.booleans(),
    st.data(),
)
def test_orders_are_the_same(
    found: list[bytes], reverse: bool, data: st.DataObject
) -> None:
    """Of any keys, in any order before."""
    joined = bytearray(b"".join(found))
    ends = array("Q", (len(b"".join(found[: n + 1])) for n in range(len(found))))
    rows = array("I", [2**32 - 1] * len(found))
    blocks = Blocks(KERNEL.BlockIndex(1 << 20, 1), MemorySource("memory", b""))
    numbers = array("I", data.draw(st.lists(st.sampled_from(range(len(found))))))
    for by in ("date", "size", "offset"):
        columns = blocks, joined, ends, rows, numbers, by
        assert list(pure.order(*columns, reverse=reverse)) == list(
            KERNEL.order(*columns, reverse=reverse)
        )


# JSON

PATH, CID, VALUE = JsonField
FORMS: Final = st.lists(
    st.sampled_from([PATH, CID, VALUE, b"", b"[", b"\n", "ä".encode()]), max_size=6
)
INVISIBLE: Final = "".join(
    f"a{chr(code)}b{chr(code)}"
    for code in [*range(0x20, 0xD800, 7), *range(0xE000, 0x11_0000, 97)]
    if chr(code) not in CONTROL
)


def lines_of(
    twin: ModuleType, data: bytes, keys: list[bytes], form: list[Any], most: int
) -> list[bytes]:
    """Return the line of each block of a file, under keys, as one kernel has it."""
    index = twin.BlockIndex(1 << 30, 3)
    twin.scan(index, data, 0)
    index.settle()
    held = Blocks(index, MemorySource("memory", data))
    rows = array("I", [*range(len(index)), 2**32 - 1, 0])
    keys = (keys * len(rows))[: len(rows)]
    lines: list[bytes] = []
    while len(lines) < len(rows):
        start = len(lines)
        told = twin.json_lines(held, keys[start:], rows[start:], form, most)
        assert 1 <= len(told.ends) <= len(rows) - start
        lines += pure.cut(told.text, told.ends, 0)
    return lines


def check_json(
    blocks: list[bytes], keys: list[bytes], form: list[Any], most: int
) -> None:
    """See that both kernels say the same of blocks: of whole and of damaged ones."""
    sections = [Section(cid_of(b, PLAIN_PREFIX), b).written for b in blocks]
    sections.append(Section(cid_of(blocks[0], RAW_PREFIX), blocks[0]).written)
    sections.append(Section(cid_of(b"", PLAIN_PREFIX), blocks[0]).written)
    arguments = b"".join(sections), keys, form, most
    assert lines_of(pure, *arguments) == lines_of(KERNEL, *arguments)


@examples(150)
@given(
    st.lists(values() | records() | odd_values(), min_size=1, max_size=6),
    st.integers(0, 2**32),
    st.lists(keys() | st.binary(max_size=9), min_size=1, max_size=3),
    FORMS,
    st.sampled_from([0, 100, 1_000, 1 << 20]),
)
def test_json_is_the_same(
    values: list[Any], number: int, keys: list[bytes], form: list[Any], most: int
) -> None:
    """Of right blocks, of odd ones, and of such as were broken."""
    luck = Random(number)  # noqa: S311 (not for secrets)
    blocks = [dagcbor.encode(value) for value in values]
    blocks += [luck.choice(PLAIN)(luck, blocks)[:5_000] for _ in range(3)]
    check_json(blocks, keys, form, most)


FLOATS: Final = (st.integers(0, 2**64 - 1) | st.floats()).map(
    lambda number: struct.pack(">Q" if isinstance(number, int) else ">d", number)
)


def float_line(bits: bytes) -> bytes:
    """Return what JSON says of a float; nothing where it has no form in DAG-CBOR."""
    (number,) = struct.unpack(">d", bits)
    has_form = math.isfinite(number) and bits != struct.pack(">d", -0.0)
    return repr(number).encode() if has_form else b""


@examples(200)
@given(st.lists(FLOATS, min_size=1, max_size=200, unique=True))
def test_floats_are_written_as_python_prints_them(floats: list[bytes]) -> None:
    """By both kernels."""
    blocks = [b"\xfb" + bits for bits in floats]
    data = b"".join(Section(cid_of(b, PLAIN_PREFIX), b).written for b in blocks)
    for twin in (pure, KERNEL):
        told = lines_of(twin, data, [b"a.b.c/d"], [VALUE], 1 << 20)
        assert told[: len(floats)] == [*map(float_line, floats)]


@pytest.mark.parametrize("form", [[VALUE], [PATH], []], ids=["value", "path", "none"])
@pytest.mark.parametrize(
    ("prefix", "has_line"),
    [(RAW_PREFIX, True), (PLAIN_PREFIX, True), (b"\x01\x70\x12\x20", False)],
    ids=["raw", "dag-cbor", "dag-pb"],
)
def test_a_line_has_every_link_of_the_one_form(
    prefix: bytes, has_line: bool, form: list[Any]
) -> None:
    """Also where a blob's should be, and whatever else a line is made of."""
    link = Cid(PLAIN_PREFIX + bytes(32))
    for type_ in ("blob", "a.b.c"):
        value = {"$type": type_, "mimeType": "", "ref": link, "size": 0}
        block = dagcbor.encode([value, 2**60]).replace(link.raw, prefix + bytes(32))
        data = Section(cid_of(block, PLAIN_PREFIX), block).written
        line_form = [b"[", *form]
        one, two = (
            lines_of(twin, data, [b"a.b.c/d"], line_form, 99) for twin in (pure, KERNEL)
        )
        assert one == two
        assert bool(one[0]) == has_line


def test_json_of_all_characters_is_the_same() -> None:
    """One of many of each plane, and all that are invisible or stand next to them."""
    alone = [chr(code) for code in range(0x3_0000) if not 0xD800 <= code < 0xE000]
    few = [f"\u200d{INVISIBLE}", "😀\u200d😀\u200d", "a\u200d😀", "😀\u200d"]
    few += [f"{a}\u200d{b}" for a in alone[0x2100:0x2C10] for b in "a😀"]
    blocks = [dagcbor.encode(text) for text in few]
    blocks += [dagcbor.encode(alone[at : at + 9]) for at in range(0, len(alone), 9)]
    check_json(blocks, [b"a.b.c/d"], [VALUE], 1 << 30)


def test_the_json_of_many_blocks_is_the_same() -> None:
    """As many as several threads share, and a large one among them."""
    values = [
        {"$type": "a.b.c", "text": "ä\n" * (number % 90)} for number in range(900)
    ]
    values[7]["text"] = "x" * 900_000
    blocks = [dagcbor.encode({**value, "n": n}) for n, value in enumerate(values)]
    for most in (1 << 12, 1 << 17, 1 << 30):
        check_json(blocks, [b"a.b.c/d", b"a/e"], [PATH, b" ", CID, VALUE], most)


def test_there_are_no_other_fields() -> None:
    """A line of them is an error on both kernels."""
    for twin in (pure, KERNEL):
        held = Blocks(twin.BlockIndex(1 << 20, 1), MemorySource("memory", b""))
        for field in (3, 255):
            with pytest.raises(ValueError):  # noqa: PT011 (each says it in its words)
                twin.json_lines(held, [b"a"], array("I", [0]), [field], 9)


TIDS: Final = st.builds(
    syntax.make_tid, st.integers(0, 2**53 - 1), st.integers(0, 1023)
) | st.text("2a7gjkz189A/", min_size=12, max_size=14)


@given(st.lists(st.tuples(st.sampled_from(["a.b.c/", "a/", "/", ""]), TIDS)), st.data())
def test_days_are_the_same(pairs: list[tuple[str, str]], data: st.DataObject) -> None:
    """Of right TIDs, and of what is nearly one."""
    texts = [collection + rkey for collection, rkey in pairs]
    joined = bytearray("".join(texts).encode())
    ends = array("Q", (len("".join(texts[: n + 1])) for n in range(len(texts))))
    stop = data.draw(st.integers(0, len(texts)))
    start = data.draw(st.integers(0, stop))
    one = pure.tid_days(joined, ends, start, stop)
    assert list(one.items()) == list(KERNEL.tid_days(joined, ends, start, stop).items())
    assert sum(one.values()) == stop - start


@pytest.mark.parametrize("day", [1, 19_000, 104_248])
@pytest.mark.parametrize("twin", [pure, KERNEL])
def test_a_day_ends_where_the_next_begins(twin: Any, day: int) -> None:
    """To the microsecond, for nearly the last day that there is, too."""
    for micros, told in ((0, day), (-1, day - 1), (86_399_999_999, day)):
        tid = syntax.make_tid(day * 86_400_000_000 + micros)
        key, ends = bytearray(f"a.b.c/{tid}".encode()), array("Q", [19])
        assert twin.tid_days(key, ends, 0, 1) == {told: 1}


# What no caller should do

ANYTHING: Final[tuple[Any, ...]] = (
    -1,
    0,
    1,
    2**16,
    2**32,
    2**64,
    None,
    b"",
    b"x" * 36,
    "",
    [],
    1.5,
)


def bears(call: Callable[..., object], *arguments: object) -> None:
    """Do something that may raise what ordinary code raises, and no panic."""
    with suppress(Exception):
        call(*arguments)


@pytest.mark.parametrize("value", ANYTHING, ids=repr)
def test_no_argument_makes_a_panic(value: Any) -> None:
    """Of any type, and of any size."""
    index = KERNEL.BlockIndex(1 << 20, 1)
    bears(KERNEL.BlockIndex, value)
    bears(KERNEL.BlockIndex, 1, 1, 0, None, value)
    for name in (
        "spend",
        "count_odd",
        "find",
        "offset",
        "length",
        "mark",
        "row_at",
        "type_of",
        "data_offset",
    ):
        bears(getattr(index, name), value)
    for method in (index.rows, index.untyped):
        bears(method, value, 1)
        bears(method, 0, value)
    bears(index.add_mark, value, 1)
    bears(index.set_padded, value, 3)
    bears(index.add, value, 0, 1, 0)
    bears(index.add, b"x" * 36, value, 1, 0)
    bears(index.add, b"x" * 36, 0, value, 0)
    bears(index.add, b"x" * 36, 0, 1, value)
    bears(index.add, b"x" * 36, 0, 1, 0, value)
    bears(KERNEL.scan, index, value, 0)
    bears(KERNEL.scan, index, b"\x25" + b"x" * 37, value)
    blocks = Blocks(index, MemorySource("memory", b"\x25" + b"x" * 37))
    bears(KERNEL.cids_of, blocks, value)
    bears(KERNEL.cids_of, blocks, [value])
    bears(KERNEL.cids_of, value, [0])
    bears(KERNEL.blocks_of, blocks, value, 9)
    bears(KERNEL.blocks_of, blocks, [value], 9)
    bears(KERNEL.blocks_of, blocks, [0], value)
    bears(KERNEL.blocks_of, value, [0], 9)
    bears(KERNEL.holding, blocks, value, [b"x"])
    for rows in (array("I", [0]), array("I", [9]), array("Q", [0])):
        bears(partial(KERNEL.holding, fold=True), blocks, rows, value)
        bears(partial(KERNEL.holding, fold=value), blocks, rows, [b"x"])
        bears(partial(KERNEL.holding, fold=True), value, rows, [b"x"])
        for place in range(6):
            columns: list[Any] = [blocks, b"ab", array("Q", [2]), rows, rows, "size"]
            columns[place] = value
            bears(partial(KERNEL.order, reverse=False), *columns)
            columns[5] = "date"
            bears(partial(KERNEL.order, reverse=True), *columns)
        for place in range(5):
            given: list[Any] = [blocks, [b"a"], rows, [PATH, CID, VALUE], 9]
            given[place] = value
            bears(KERNEL.json_lines, *given)
            given[place] = [value]
            bears(KERNEL.json_lines, *given)
    bears(KERNEL.tally, value)
    bears(KERNEL.key_depth, value)
    bears(KERNEL.cid_texts, value)
    bears(KERNEL.cid_texts, [value])


@pytest.mark.parametrize("value", ANYTHING, ids=repr)
def test_no_way_to_walk_makes_a_panic(value: Any) -> None:
    """Also not one that was never begun, or was begun with nonsense."""
    index = KERNEL.BlockIndex(1 << 20, 1)
    blocks = Blocks(index, MemorySource("memory", b""))
    cid = Cid(PLAIN_PREFIX + bytes(32))
    for begun in (False, True):
        state = KERNEL.WalkState()
        if begun:
            state.begin(cid, 0)
        bears(state.meet, index, value, 8)
        bears(state.holds, value)
        bears(state.add_record, b"k", value, 1)
        bears(state.add_node, value, None, 0)
        bears(state.add_node, 0, value, 200)
        bears(state.enter, value, 0, 1, [Child(cid, b"", None)])
        bears(state.enter, 0, 0, value, [value])
        for _ in range(4):
            bears(KERNEL.walk, blocks, state, value)
            bears(KERNEL.walk, blocks, state, 1)
            bears(state.next_step)
        bears(state.take)
        bears(state.begin, value, 0)
        bears(state.begin, cid, value)
        bears(KERNEL.walk, value, state, 1)
        bears(KERNEL.walk, blocks, value, 1)


@pytest.mark.parametrize(
    ("ends", "start", "stop"),
    [
        (array("Q", [1, 2]), 0, 10),
        (array("Q", [1, 2]), 5, 9),
        (array("Q", [1, 2]), 2, 1),
        (array("Q", [2, 1]), 0, 2),
        (array("Q", [9, 99]), 0, 2),
        (array("Q", [2**64 - 1, 0]), 0, 2),
        (array("I", [1, 2]), 0, 2),
        (array("Q"), 0, 2**63),
        ([1, 2], 0, 2),
        (b"ab", 0, 2),
        (None, 0, 2),
    ],
)
def test_no_search_makes_a_panic(ends: Any, start: int, stop: int) -> None:
    """Whatever the ends are said to be."""
    keys = bytearray(b"ab")
    bears(KERNEL.search, keys, ends, b"b", start, stop)
    bears(KERNEL.search, keys, ends, b"", start, stop)
    bears(KERNEL.tid_days, keys, ends, start, stop)


@pytest.mark.parametrize("start", [1, 3, 9, 2**40, 2**63])
def test_a_scan_from_behind_the_end_ends_no_process(start: int) -> None:
    """In a process of its own, for it would end this one."""
    code = (
        "from repoview.core import _kernel\n"
        "try:\n"
        f"    print(_kernel.scan(_kernel.BlockIndex(), b'', 0, {start}).consumed)\n"
        "except Exception as error:\n"
        "    print(type(error).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=30)
    assert done.returncode == 0


# Parts


@given(st.lists(st.binary(max_size=9), max_size=9), st.integers(0, 1 << 40))
def test_parts_are_cut_where_they_end(parts: list[bytes], start: int) -> None:
    """As they were before they were put end to end; wherever these stand."""
    ends = array("Q", accumulate(map(len, parts), initial=start))[1:]
    for twin in (pure, KERNEL):
        assert twin.cut(b"".join(parts), ends, start) == parts


@pytest.mark.parametrize("ends", [[3], [6, 5], [5, 8]])
def test_parts_that_no_bytes_have_are_refused(ends: list[int]) -> None:
    """In front of the first, in front of the one before, and behind the last."""
    for twin in (pure, KERNEL):
        with pytest.raises(IndexError):
            twin.cut(b"abc", array("Q", ends), 4)
