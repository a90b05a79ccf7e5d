"""Facts about the search for blocks where framing is lost."""

from __future__ import annotations

import sys
from functools import partial
from random import Random
from typing import TYPE_CHECKING

import pytest

from repoview.core import limits
from repoview.core.errors import LimitExceeded
from repoview.core.findings.findings import Findings
from repoview.core.load.resync import resync
from repoview.core.marks import State
from repoview.core.source.source import MemorySource
from repoview.corpus import make_car, sample
from repoview.corpus.car import Section
from repoview.corpus.cbor import DAG_CBOR, RAW, cid_of, encode, varint
from tests.core.loading import load_all
from tests.fuzz.damage import WITHIN, Damaged, cut, damage

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.findings.findings import Finding
    from repoview.core.load.result import Loaded

CAR = make_car({f"com.example.kind/{n:03}": {} for n in range(40)})
"""A file of some sixty blocks."""


def damaged_file(seed: str, times: int) -> Damaged:
    """Return `CAR`, damaged in some places, and cut in every other file."""
    luck = Random(seed)  # noqa: S311 (the same each time)
    damaged = damage(luck, CAR, times, WITHIN)
    if luck.random() < 0.5:
        cut(damaged, luck, luck.randrange(len(damaged.data)))
    return damaged


def searched(data: bytes) -> tuple[Loaded, list[Finding]]:
    """Load *data*, and look for more; return it with what was reported of that."""
    findings = Findings()
    steps = resync(
        load_all(MemorySource("x.car", data), findings, finds_next=False), findings
    )
    while True:
        try:
            next(steps)
        except StopIteration as end:
            told = [each for each in findings.sorted() if each.code == "CAR032"]
            return end.value, told


def sound_cids(loaded: Loaded) -> set[bytes]:
    """Return the CIDs of all blocks that hash."""
    blocks = loaded.blocks
    rows = range(len(blocks.index))
    return {
        blocks.cid(row).raw for row in rows if blocks.state(row) != State.WRONG_HASH
    }


@pytest.mark.parametrize("times", [1, 3, 12, 60])
def test_every_block_that_is_left_whole_is_found(times: int) -> None:
    """Whatever was done to the others, and where only its length is wrong too."""
    for seed in range(6):
        damaged = damaged_file(f"{times} {seed}", times)
        whole, lengthless = damaged.whole(CAR)
        found = sound_cids(searched(bytes(damaged.data))[0])
        assert whole | lengthless <= found, f"seed {seed}"


def test_nothing_is_found_that_was_not_written() -> None:
    """Each block that counts hashes, so it is one of the file."""
    for seed in range(6):
        damaged = damaged_file(f"{seed}", 20)
        assert sound_cids(searched(bytes(damaged.data))[0]) <= set(CAR.cids)


def test_a_sound_file_has_nothing_to_be_searched() -> None:
    """All of its bytes are in sections that hash."""
    loaded, told = searched(CAR.data)
    assert loaded.resynced == (0, 0, 0, False)
    assert not told


def test_a_skipped_stretch_is_told_with_its_end_and_its_bytes() -> None:
    """CAR032 stands where sections begin again."""
    car = CAR.plus(b"\xff" * 100, at=20)
    loaded, (told,) = searched(car.data)
    assert told.offset == car.offsets[21]
    assert "100 bytes" in told.message
    assert loaded.resynced == (len(CAR.cids) - 20, 1, 100, False)


def test_a_file_without_its_beginning_has_all_the_rest() -> None:
    """It gets a header without roots, so that a commit is looked for."""
    data = CAR.data[CAR.offsets[3] + 7 :]
    loaded, _ = searched(data)
    assert loaded.header is not None
    assert not loaded.header.roots
    assert sound_cids(loaded) == set(CAR.cids[4:])


def test_bytes_of_no_car_have_no_blocks() -> None:
    """And then there is no header either."""
    loaded, told = searched(b"<!doctype html>" * 100)
    assert loaded.header is None
    assert loaded.resynced == (0, 0, 1_500, False)
    assert not told


def test_a_length_that_swallows_other_sections_hides_none_of_them() -> None:
    """Nor do such lengths one inside the other."""
    parts = [part for part in CAR.parts if isinstance(part, Section)]
    data = CAR.header
    for number, part in enumerate(parts):
        wrong = varint(10_000 - 50 * number) if number in {3, 5, 7} else None
        body = part.cid + part.data
        data += (wrong or varint(len(body))) + body
    assert sound_cids(searched(data)[0]) == set(CAR.cids)


def test_a_copy_is_not_counted_again() -> None:
    """A block that is known is passed over, wherever its copy stands."""
    twice = CAR.data + b"\xff" * 50 + CAR.data[len(CAR.header) :]
    loaded, _ = searched(twice)
    assert sound_cids(loaded) == set(CAR.cids)
    assert loaded.resynced is not None
    assert loaded.resynced.blocks == 0
    assert loaded.resynced.lost_bytes == 50


def test_a_good_copy_behind_lost_framing_takes_the_place_of_a_bad_one() -> None:
    """The bad one is searched, and nothing is found in it."""
    part = CAR.parts[10]
    bad = CAR.with_data(part.cid, b"\xa0")
    loaded, _ = searched(bad.data + b"\xff" * 9 + part.written)
    row = loaded.blocks.find(part.cid)
    assert loaded.blocks.state(row) is State.SOUND
    assert loaded.blocks.offset(row) == len(bad.data) + 9


def test_a_block_of_another_encoding_is_found_by_its_length() -> None:
    """Raw bytes do not tell their size."""
    data = b"picture" * 30
    raw = Section(cid_of(data, RAW), data)
    loaded, _ = searched(CAR.data + b"\xff" * 12 + raw.written + b"\xff")
    assert raw.cid in sound_cids(loaded)


def test_where_a_limit_ends_it_the_rest_is_not_searched() -> None:
    """What was found counts, and LIM001 says that it is not all."""
    findings = Findings()
    data = CAR.data[len(CAR.header) :]
    steps = resync(
        load_all(MemorySource("x.car", data), findings, finds_next=False), findings
    )
    next(steps)
    with pytest.raises(StopIteration) as ended:
        steps.throw(LimitExceeded("the index is over its limit"))
    assert ended.value.value.limited
    assert findings.kept[-1].code == "LIM001"


# Hostile files: work grows as the file does


def calls_of(work: Callable[[], object]) -> int:
    """Return how many functions, of Python or not, *work* calls."""
    count = 0

    def note(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


SOUND = sample().car()

CID = DAG_CBOR + bytes(32)


def tiny_blocks(count: int) -> list[bytes]:
    """Return the sections of some tiny blocks."""
    blocks = [encode({"n": number}) for number in range(count)]
    return [Section(cid_of(data), data).written for data in blocks]


def swallowing(count: int) -> bytes:
    """Return tiny blocks, before each a length that goes to the end of all."""
    tiny = tiny_blocks(count)
    return b"".join(
        varint(70 * (count - number)) + CID + block for number, block in enumerate(tiny)
    )


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "CIDs alone": lambda n: DAG_CBOR * 10 * n,
    "lengths and CIDs": lambda n: (b"\xff\x7f\x01\x55\x12\x20" + bytes(32)) * n,
    "lengths of 2**45": lambda n: (varint(2**45) + CID) * n,
    "maps that nest": lambda n: (DAG_CBOR + b"\xa1" * 60) * n,
    "maps without an end": lambda n: (CID + b"\xb9\2\0") * n,
    "blocks and a byte": lambda n: b"\xff".join(tiny_blocks(n)),
    "blocks that do not hash": lambda n: SOUND.data + (b"\x25" + CID + b"\0") * n,
    "sections in one another": swallowing,
}


@pytest.mark.parametrize("byte", [b"\xff", b"\0", b"\x25"])
def test_a_byte_in_front_of_every_section_hides_none(
    byte: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever length it makes of the one behind it; next to nothing is tried."""
    monkeypatch.setattr(limits, "LEAST_TRIALS", 0)
    loaded, _ = searched(byte + byte.join(tiny_blocks(200)))
    assert len(sound_cids(loaded)) == 200
    assert loaded.resynced is not None
    assert not loaded.resynced.is_bounded


@pytest.mark.parametrize("name", HOSTILE)
def test_the_work_grows_with_the_size_of_a_hostile_file(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice as long a file takes twice the calls, and not more."""
    monkeypatch.setattr(limits, "LEAST_TRIALS", 0)
    files = [HOSTILE[name](size) for size in (150, 300)]
    one, two = (calls_of(partial(searched, data)) for data in files)
    assert two < 2.6 * one + 2_000


def test_a_bound_that_was_met_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each CID claims all that follows, which would be hashed again and again."""
    monkeypatch.setattr(limits, "LEAST_TRIALS", 0)
    data = b"".join(varint(40_000) + b"\x01\x55\x12\x20" for _ in range(10_000))
    loaded, _ = searched(data)
    assert loaded.resynced is not None
    assert loaded.resynced.is_bounded
