"""Records as values: both kernels make the same of them, types and order too.

`diagnose`, which has another decoder, says what is right.
"""

from __future__ import annotations

import gc
from array import array
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.blocks.blocks import Blocks
from repoview.core.cid import PLAIN_PREFIX, RAW_PREFIX, Cid
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.source.source import MemorySource
from repoview.corpus.car import Section
from repoview.corpus.cbor import cid_of
from tests.conftest import KERNELS
from tests.fuzz.mutators import PLAIN
from tests.strategies import examples, odd_values, records, values

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

pytestmark = pytest.mark.parametrize("twin", KERNELS.values(), ids=KERNELS)

MOST: Final = 1 << 20


@pytest.fixture(autouse=True)
def kernel_under_test() -> None:
    """Run each test once a kernel: they run every kernel themselves."""


def filled(twin: ModuleType, *blocks: bytes, form: bytes = PLAIN_PREFIX) -> Blocks:
    """Return an index of some blocks, in which each has a row."""
    data = b"".join(Section(cid_of(b, form), b).written for b in blocks)
    index = twin.BlockIndex(1 << 30, 1)
    assert twin.scan(index, data, 0)[0] == len(data)
    index.settle()
    return Blocks(index, MemorySource("memory", data))


def said(value: object) -> str:
    """Return a value with its types and its order."""
    return repr(value)


def all_maps(twin: ModuleType, blocks: Blocks) -> list[dict[str, Any] | None]:
    """Return what a kernel makes of all blocks."""
    rows = array("I", range(len(blocks.index)))
    maps: list[dict[str, Any] | None] = twin.sound_maps(blocks, rows, MOST)
    return maps


@examples(150)
@given(st.lists(st.one_of(records(), st.dictionaries(st.text(), values()))))
def test_a_sound_map_is_what_diagnosing_makes_of_it(
    twin: ModuleType, given_maps: list[dict[str, Any]]
) -> None:
    """One by one, and many at once; the rest has none."""
    blocks = []
    for value in given_maps:
        with suppress(ValueError):
            blocks.append(dagcbor.encode(value))
    blocks = list(dict.fromkeys(blocks))
    judged = [dagcbor.diagnose(block) for block in blocks]
    right = [said(j.value if j.is_sound else None) for j in judged]
    assert [said(each) for each in all_maps(twin, filled(twin, *blocks))] == right
    for block, decoded in zip(blocks, judged, strict=True):
        if decoded.is_sound:
            for start in (0, 3):
                found = twin.sound_map(b"..."[:start] + block, start)
                assert said(found) == said(decoded.value)


@examples(150)
@given(odd_values().filter(lambda value: value != []), st.integers(0, 2**32))
def test_no_block_that_is_unsound_has_a_value(
    twin: ModuleType, value: Any, number: int
) -> None:
    """And none that is no map: the engine makes it."""
    luck = Random(number)  # noqa: S311 (not for secrets)
    blocks: list[bytes] = []
    with suppress(ValueError):
        blocks.append(dagcbor.encode(value))
        for _ in range(6):
            blocks.append(luck.choice(PLAIN)(luck, blocks[-1:])[:5_000])
    blocks = list(dict.fromkeys(blocks))
    for block, found in zip(blocks, all_maps(twin, filled(twin, *blocks)), strict=True):
        decoded = dagcbor.diagnose(block)
        is_map = decoded.is_sound and type(decoded.value) is dict
        assert said(found) == said(decoded.value if is_map else None)


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"a": [[], {}, [{}], "", b"", None, True, False, 0, -1, 1 - 2**53, 2**53 - 1]},
        {"a": 23, "b": 24, "c": 255, "d": 256, "e": 65_535, "f": 2**32 - 1, "g": 2**32},
        {"\N{SNOWMAN}": "\N{PILE OF POO}", "k" * 40: "", "k" * 41: "t" * 300},
        {"a": Cid(PLAIN_PREFIX + bytes(32)), "b": Cid(RAW_PREFIX + b"x" * 32)},
        {f"key{number:04}": number for number in range(1_000)},
    ],
    ids=["empty", "items", "numbers", "keys", "links", "many"],
)
def test_every_kind_of_item_keeps_its_type(twin: ModuleType, value: Any) -> None:
    """Whatever its width."""
    assert said(twin.sound_map(dagcbor.encode(value))) == said(value)


def test_an_item_in_31_others_is_reached(twin: ModuleType) -> None:
    """Nested as deep as a sound block may be, by maps and by arrays."""
    block = b"\xa1\x61a" * 16 + b"\x81" * 15 + b"\xa0"
    assert dagcbor.sound_type(block) == ""
    assert said(twin.sound_map(block)) == said(dagcbor.decode(block))


@pytest.mark.parametrize("value", [None, 1, "text", b"bytes", [{}], []])
def test_what_is_no_map_has_no_value(twin: ModuleType, value: Any) -> None:
    """Sound as it is."""
    block = dagcbor.encode(value)
    assert twin.sound_map(block) is None
    assert all_maps(twin, filled(twin, block)) == [None]


def test_only_rows_that_are_there_and_hash_have_values(twin: ModuleType) -> None:
    """Not those of other codecs, nor those whose bytes are others now."""
    datas = [dagcbor.encode({"a": number}) for number in range(3)]
    blocks = filled(twin, *datas)
    held = bytes(blocks.source.read_at(0, 1 << 20))
    changed = held.replace(datas[1], dagcbor.encode({"a": 9}))
    after = Blocks(blocks.index, MemorySource("memory", changed))
    rows = array("I", [2, 1, 7, 0, 2**32 - 1])
    assert twin.sound_maps(after, rows, MOST) == [{"a": 2}, None, None, {"a": 0}, None]
    assert all_maps(twin, filled(twin, datas[0], form=RAW_PREFIX)) == [None]


def test_no_more_bytes_are_read_than_may_be(twin: ModuleType) -> None:
    """But one block."""
    blocks = filled(twin, *(dagcbor.encode({"a": number}) for number in range(9)))
    rows = array("I", range(9))
    for most, count in ((0, 1), (40, 1), (79, 1), (80, 2), (120, 3), (MOST, 9)):
        assert len(twin.sound_maps(blocks, rows, most)) == count
    assert twin.sound_maps(blocks, array("I"), MOST) == []


def test_each_call_makes_values_of_its_own(twin: ModuleType) -> None:
    """Who changes one changes no other."""
    block = dagcbor.encode({"a": {"b": [1]}})
    first, second = twin.sound_map(block), twin.sound_map(block)
    first["a"]["b"].append(2)
    assert second == {"a": {"b": [1]}}


def test_values_can_be_made_while_values_are_made(twin: ModuleType) -> None:
    """Garbage is collected meanwhile, and what is collected may ask for one."""
    block = dagcbor.encode({"a": [{"b": [{}]}] * 50})
    seen: list[object] = []

    class Asks:
        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            seen.append(twin.sound_map(block))

    before = gc.get_threshold()
    gc.set_threshold(5, 1, 1)
    try:
        for _ in range(30):
            Asks()
            assert twin.sound_map(block) == dagcbor.decode(block)
    finally:
        gc.set_threshold(*before)
    gc.collect()
    assert seen == [dagcbor.decode(block)] * 30


@pytest.mark.parametrize("value", [None, -1, 2**64, "x", object(), [0], 1.5])
def test_other_arguments_are_borne(twin: ModuleType, value: object) -> None:
    """With an ordinary error, or with an answer."""
    blocks = filled(twin, b"\xa0")
    rows = array("I", [0])
    calls: list[Callable[[], object]] = [
        lambda: twin.sound_map(value),
        lambda: twin.sound_map(b"\xa0", value),
        lambda: twin.sound_maps(value, rows, 9),
        lambda: twin.sound_maps(blocks, value, 9),
        lambda: twin.sound_maps(blocks, rows, value),
    ]
    for call in calls:
        with suppress(Exception):
            call()
