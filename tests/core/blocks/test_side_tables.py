"""Facts about what is kept beside the rows: a hostile file makes much of it.

It is bounded, stands in the rows themselves, or goes to disk; and what it says
is the same wherever it is.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256, sha512
from itertools import cycle
from typing import TYPE_CHECKING, Any

import pytest

from repoview.core import limits
from repoview.core.blocks.blocks import Blocks
from repoview.core.blocks.odd_blocks import OddBlock
from repoview.core.cid import PLAIN_PREFIX, Cid
from repoview.core.kernel import kernel
from repoview.core.marks import State
from repoview.core.opening.room import Room
from repoview.core.source.source import MemorySource
from repoview.corpus import make_car
from repoview.corpus.car import Section
from repoview.corpus.cbor import encode
from tests.core.opened import opened

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.blocks.block_index import BlockIndex
    from repoview.corpus import Car

MANY = limits.KEPT_TYPES + 500


def cid_of(number: int) -> bytes:
    """Return the CID of some block."""
    return PLAIN_PREFIX + sha256(b"%d" % number).digest()


def filled(rows: int, **options: Any) -> BlockIndex:
    """Return an index of so many rows."""
    index = kernel.BlockIndex(threads=1, **options)
    for number in range(rows):
        index.add(cid_of(number), 100 * number, 10, State.SOUND)
    return index


@pytest.fixture(scope="module")
def of_many_types() -> Car:
    """A repository of one record in each of many collections."""
    return make_car({f"com.example.n{number}/a": {} for number in range(MANY)})


def outcome(data: bytes, room: Room | None = None) -> dict[str, Any]:
    """Return all that is said of a repository."""
    with opened(data, name="it", room=room or Room()) as repo:
        return repo.report.to_json()


def test_types_beyond_those_that_are_kept_take_no_memory() -> None:
    """And none is taken for another."""
    index = kernel.BlockIndex(threads=1)
    for number in range(MANY):
        index.add(cid_of(number), 0, 1, State.SOUND, f"com.example.n{number}")
        if number == limits.KEPT_TYPES:
            used = index.bytes_used
    assert index.bytes_used - used < 41 * (MANY - limits.KEPT_TYPES)
    assert index.type_of(limits.KEPT_TYPES - 1) is not None
    assert index.type_of(MANY - 1) is None


@pytest.mark.unmeasured
def test_records_of_types_that_are_not_kept_are_sound(of_many_types: Car) -> None:
    """Their blocks say it."""
    report = outcome(of_many_types.data)
    assert report["verdict"] == "sound"
    assert report["counts"]["records"] == MANY


@pytest.mark.unmeasured
@pytest.mark.parametrize("number", [0, MANY - 1])
def test_a_type_that_is_not_kept_must_be_the_collection(number: int) -> None:
    """As one that is."""
    kinds = {f"com.example.n{n}/a": {} for n in range(MANY)}
    last = sorted(kinds)[number]
    kinds[last] = {"$type": "com.example.other"}
    report = outcome(make_car(kinds).data)
    wrong = [f for f in report["findings"] if f["severity"] == "error"]
    assert [(f["code"], f["path"]) for f in wrong] == [("REC005", last)]


@pytest.mark.parametrize("text", ["no type", "$type"])
def test_a_record_without_a_type_says_so_whatever_its_texts_say(text: str) -> None:
    """What looks like a field may be a value."""
    data = {"a.b.c/1": encode({"text": text}), "a.b.c/2": encode(["$type"])}
    report = outcome(make_car(data).data)
    codes = {f["path"]: f["code"] for f in report["findings"] if f["path"]}
    assert codes == {"a.b.c/1": "REC003", "a.b.c/2": "REC002"}


def test_padded_lengths_take_no_memory(tmp_path: Path) -> None:
    """They stand in the rows, on disk as in memory."""
    index, other = filled(3_000), filled(3_000)
    for row in range(0, 3_000, 2):
        index.set_padded(row, 5)
    assert index.bytes_used == other.bytes_used
    index.seal(str(tmp_path))
    index.set_padded(1, 6)
    heads = [index.data_offset(row) - index.offset(row) for row in range(4)]
    assert heads == [41, 42, 41, 37]


def test_rows_carry_padded_lengths_into_another_index() -> None:
    """Such as the one that the cache makes."""
    index = filled(10)
    index.set_padded(3, 7)
    again = kernel.BlockIndex.restored(index.key, 1 << 20)
    again.unpack(index.pack(0, 10))
    assert [again.data_offset(row) for row in range(10)] == [
        index.data_offset(row) for row in range(10)
    ]


def test_a_block_in_the_place_of_one_that_was_damaged_has_its_own_length() -> None:
    """Not that of the section of before."""
    index = kernel.BlockIndex(threads=1)
    index.add(cid_of(1), 0, 10, State.WRONG_HASH)
    index.set_padded(0, 5)
    index.add(cid_of(1), 100, 10, State.SOUND)
    assert index.data_offset(0) == 100 + 1 + 36


def test_copies_that_do_not_hash_go_to_disk(tmp_path: Path) -> None:
    """And are told from there, in their order."""
    index = filled(10)
    index.spill_to(str(tmp_path), 150_000)
    for number in range(30_000):
        index.add(cid_of(number % 10), number, 3, State.WRONG_HASH)
    grown = index.bytes_used - filled(10).bytes_used
    assert grown < 1 << 18
    assert index.disk_used > 8 * 20_000
    copies = list(index.copies())
    assert [copy.offset for copy in copies] == list(range(30_000))
    assert copies[12_345][:] == (5, 12_345, 3)
    assert kernel.tally(index).bad_copies.total == 30_000


@pytest.mark.unmeasured
def test_with_little_memory_a_hostile_file_is_judged_the_same(
    of_many_types: Car, tmp_path: Path
) -> None:
    """Types, lengths, and copies: more than what memory has room for."""
    parts = [
        replace(part, padding=padding) if isinstance(part, Section) else part
        for part, padding in zip(of_many_types.parts, cycle([0, 0, 3]), strict=False)
    ]
    bad = [Section(part.cid, b"?") for part in parts if part.cid]
    data = replace(of_many_types, parts=(*parts, *bad * 20)).data
    room = Room(5 << 19, lambda: str(tmp_path))
    whole = outcome(data)
    assert outcome(data, room) == whole
    assert whole["complete"]
    assert not [f for f in whole["findings"] if f["code"] == "LIM001"]


# Blocks of odd CIDs


def odd_sections(count: int) -> list[Section]:
    """Return blocks whose CIDs hold a SHA-512: every other does not hash."""
    sections = []
    for number in range(count):
        data = b"%d" % number
        digest = sha512(data if number % 2 else b"another").digest()
        head = b"\x01\x71\x13\x40"
        sections.append(Section(head + digest[:-4] + b"%04d" % number, data))
        if number % 2:
            sections[-1] = Section(head + digest, data)
    return sections


@pytest.mark.unmeasured
def test_odd_blocks_go_to_disk_and_are_found_there(tmp_path: Path) -> None:
    """With all that is known of each, and in their order."""
    index = kernel.BlockIndex(threads=1)
    held = Blocks(index, MemorySource("none", b""))
    kept = Blocks(kernel.BlockIndex(threads=1), MemorySource("none", b""))
    states = [State.UNSOUND, State.WRONG_HASH, None]
    odd = [
        OddBlock(
            Cid(b"\x01\x71\x13\x02%b" % n.to_bytes(2, "big")),
            100 * n,
            100 * n + 9,
            n,
            states[n % 3],
            f"CID00{n % 5 + 2}" if n % 7 else None,
        )
        for n in range(20_000)
    ]
    for number, block in enumerate(odd):
        held.add_odd(block)
        kept.add_odd(block)
        if number == 5_000:
            kept.odd.spill(str(tmp_path))
            kept.index.spill_to(str(tmp_path), 1 << 20)
    assert kept.odd.disk_used > 20_000 * 20
    assert kept.odd.bytes_used < held.odd.bytes_used / 2
    assert kept.index.bytes_used >= kept.odd.bytes_used
    for blocks in (held, kept):
        for block in odd[::1_001]:
            assert blocks.odd.get(block.cid.raw) == block
            blocks.odd.link(block.cid.raw, as_node=block.offset % 200 == 0)
        assert list(blocks.odd.values()) == odd
        linked = [block.cid.raw for block in odd[::1_001]]
        assert list(blocks.odd.linked_raws()) == linked
        assert [raw for raw in linked if blocks.odd.is_entered(raw)] == linked[::2]
        assert blocks.odd.unlinked == len(odd) - len(linked)
        rest = sum(block.length for block in odd) - sum(b.length for b in odd[::1_001])
        assert blocks.odd.unlinked_bytes == rest
        unlinked = list(blocks.odd.unlinked_values())
        assert unlinked == [b for b in odd if b.cid.raw not in linked]
        wrong = [b for b in odd if b.state is State.WRONG_HASH]
        wrong = [b for b in wrong if b.cid.raw not in linked]
        assert blocks.odd.unlinked_of(State.WRONG_HASH) == (wrong[:100], len(wrong))


def test_with_little_memory_odd_blocks_are_judged_the_same(tmp_path: Path) -> None:
    """More of them than what memory has room for."""
    car = make_car({"a.b.c/1": {}})
    data = replace(car, parts=(*car.parts, *odd_sections(6_000))).data
    room = Room(3 << 18, lambda: str(tmp_path))
    whole = outcome(data)
    assert outcome(data, room) == whole
    assert whole["complete"]
    codes = [f["code"] for f in whole["findings"]]
    assert "LIM001" not in codes
    assert {"CID004", "BLK001", "BLK004"} <= set(codes)
