"""Facts about lost framing: reading goes on at the next block that hashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.findings.findings import Findings
from repoview.core.load.next_section import NextSection
from repoview.core.source.source import MemorySource
from repoview.corpus import make_car, sample
from repoview.corpus.cbor import DAG_CBOR, Link, encode, varint
from tests.core.loading import load_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.findings.findings import Finding
    from repoview.core.load.result import Loaded

CAR = sample().car()
ENDLESS = b"\xff" * 12
TOO_LONG = varint(2**40)


def loaded(data: bytes) -> tuple[Loaded, list[Finding]]:
    """Load *data*; return it with what was found."""
    findings = Findings()
    result = load_all(MemorySource("x.car", data), findings)
    return result, findings.sorted()


def reader(data: bytes) -> Callable[[int, int], bytes]:
    """Return what reads *data* at an offset."""
    return lambda offset, length: data[offset : offset + length]


def cids_in(result: Loaded) -> list[bytes]:
    """Return the CIDs of the index, in its order."""
    blocks = result.blocks
    return [blocks.cid(row).raw for row in range(len(blocks.index))]


@given(
    st.dictionaries(
        st.integers(1, len(CAR.parts) - 1), st.binary(max_size=90), max_size=4
    )
)
def test_no_block_is_lost_behind_what_leads_nowhere(junk: dict[int, bytes]) -> None:
    """Wherever it stands, whatever follows it: all blocks are there, in order."""
    car = CAR
    for place in sorted(junk, reverse=True):
        car = car.plus(ENDLESS + junk[place], at=place)
    result, found = loaded(car.data)
    assert cids_in(result) == CAR.cids
    assert not result.cut
    places = [place + number for number, place in enumerate(sorted(junk))]
    lost = [car.offsets[place] for place in places]
    again = [car.offsets[place + 1] for place in places]
    assert [each.offset for each in found if each.code == "CAR021"] == lost
    assert [each.offset for each in found if each.code == "CAR032"] == again
    assert result.skipped == sum(map(int.__sub__, again, lost))


@pytest.mark.parametrize("chunk", [1, 7, 60, 1_000])
def test_a_section_is_found_wherever_it_stands_between_two_reads(
    chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The CID, the length in front of it, and the block may each be split."""
    monkeypatch.setattr(limits, "READ_CHUNK", chunk)
    data = CAR.data
    for offset, after in zip(CAR.offsets, CAR.offsets[1:], strict=False):
        find = NextSection().find
        assert find(reader(data), offset, len(data)) == offset
        assert find(reader(data), offset + 1, len(data)) == after


def test_a_length_that_leads_behind_the_end_hides_one_block() -> None:
    """CAR023 where it stands, and the others are read."""
    car = CAR.without(CAR.cids[5]).plus(
        TOO_LONG + CAR.cids[5] + CAR.data_of(CAR.cids[5]), at=5
    )
    result, found = loaded(car.data)
    assert [(each.code, each.offset) for each in found] == [
        ("CAR023", car.offsets[5]),
        ("CAR032", car.offsets[6]),
    ]
    assert "would end behind the file" in found[0].message
    assert cids_in(result) == [*CAR.cids[:5], *CAR.cids[6:]]
    assert not result.cut


def test_what_is_no_section_hides_nothing() -> None:
    """CAR028, which is otherwise the end."""
    car = CAR.plus(TOO_LONG + b"no section at all", at=9)
    result, found = loaded(car.data)
    assert cids_in(result) == CAR.cids
    assert [each.code for each in found] == ["CAR028", "CAR032"]
    assert "between two sections" in found[0].message


def test_a_link_is_no_beginning_of_a_section() -> None:
    """Though it has a CID, and a byte in front that may be a length."""
    junk = ENDLESS + encode([Link(cid) for cid in CAR.cids])
    result, found = loaded(CAR.plus(junk, at=3).data)
    assert cids_in(result) == CAR.cids
    assert [each.code for each in found] == ["CAR021", "CAR032"]


def test_only_so_many_losses_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that loses its framing all the time costs so much, and no more."""
    monkeypatch.setattr(limits, "LOSSES", 2)
    car = CAR
    for place in (9, 6, 3):
        car = car.plus(ENDLESS, at=place)
    result, found = loaded(car.data)
    assert [each.code for each in found if each.code != "CAR021"] == ["CAR032"] * 2
    assert found[-1].message.endswith("are left unread")
    assert result.cut
    assert cids_in(result) == CAR.cids[:9]


def test_only_so_many_bytes_are_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A section that begins behind them is not found."""
    junk = ENDLESS + bytes(500)
    monkeypatch.setattr(limits, "LOSS_WINDOW", 400)
    result, _ = loaded(CAR.plus(junk, at=3).data)
    assert result.cut
    monkeypatch.setattr(limits, "LOSS_WINDOW", 600)
    result, _ = loaded(CAR.plus(junk, at=3).data)
    assert not result.cut


def test_only_so_much_is_hashed_in_vain(monkeypatch: pytest.MonkeyPatch) -> None:
    """CIDs without a block make nobody hash without end."""
    bait = b"".join(varint(300) + DAG_CBOR + bytes([n]) * 32 for n in range(20))
    data = CAR.plus(ENDLESS + bait + bytes(300), at=3).data
    hashed = 20 * (300 + 64)
    monkeypatch.setattr(limits, "LOSS_TRIALS", hashed // 2)
    assert loaded(data)[0].cut
    monkeypatch.setattr(limits, "LOSS_TRIALS", 2 * hashed)
    assert not loaded(data)[0].cut


def test_a_stream_goes_on_like_a_file() -> None:
    """And a CAR of records behind junk is the same repository."""
    car = make_car({f"com.example.note/{number}": {} for number in range(30)})
    result, found = loaded(car.plus(ENDLESS, at=20).data)
    assert cids_in(result) == car.cids
    assert [each.found for each in found if each.code == "CAR032"] == ["12 bytes"]
