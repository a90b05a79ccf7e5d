"""Facts about the CARv2 wrapper: what is in it is found, whatever it says."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.findings.findings import Finding, Severity
from repoview.core.formats.car import encode_header
from repoview.core.formats.carv2 import (
    HEADER_END,
    PRAGMA,
    Wrapper,
    index_finding,
    is_carv2,
    unwrap,
)

WITHOUT_KERNEL = True

SIZE = 1_000


def head(
    data_offset: int = HEADER_END,
    data_size: int = SIZE - HEADER_END,
    index_offset: int = 0,
    traits: bytes = bytes(16),
) -> bytes:
    """Return pragma and header of a CARv2."""
    return PRAGMA + traits + struct.pack("<QQQ", data_offset, data_size, index_offset)


def codes(findings: list[Finding]) -> list[tuple[str, int | None]]:
    """Return code and offset of each."""
    return [(found.code, found.offset) for found in findings]


def test_a_carv2_is_known_by_its_pragma() -> None:
    """Eleven fixed bytes, and no fewer."""
    assert is_carv2(head())
    assert is_carv2(PRAGMA)
    assert not is_carv2(PRAGMA[:-1])
    assert not is_carv2(b"\x0a\xa1gversion\x01")


def test_a_plain_wrapper_is_only_told() -> None:
    """Where its data is."""
    wrapper, found = unwrap(head(), SIZE)
    assert wrapper == Wrapper(HEADER_END, SIZE - HEADER_END, None)
    assert wrapper.data_end == SIZE
    assert [(f.code, f.severity) for f in found] == [("CV2001", Severity.INFO)]
    assert found[0].message.endswith("949 bytes at 51")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (PRAGMA, "ends inside the CARv2 header"),
        (head()[:-1], "ends inside the CARv2 header"),
        (head(data_offset=50), "inside itself"),
        (head(data_offset=0), "inside itself"),
        (head(data_offset=SIZE), "behind the end; 949 bytes are left unread"),
        (head(data_offset=2**64 - 1), "behind the end"),
        (head(data_size=0), "be empty"),
    ],
)
def test_data_that_cannot_be_found_is_fatal(data: bytes, said: str) -> None:
    """There is nothing to read then."""
    wrapper, (found,) = unwrap(data, SIZE)
    assert wrapper is None
    assert (found.code, found.severity) == ("CV2002", Severity.FATAL)
    assert said in found.message


@pytest.mark.parametrize(
    ("data_offset", "index_offset", "start", "end"),
    [
        (0, 0, HEADER_END, SIZE),
        (HEADER_END, 0, HEADER_END, SIZE),
        (HEADER_END + 9, 0, HEADER_END + 9, SIZE),
        (0, 900, HEADER_END, 900),
        (0, HEADER_END, HEADER_END, SIZE),
        (SIZE, 2**64 - 1, HEADER_END, SIZE),
    ],
)
def test_a_car_is_found_where_the_header_was_not_filled_in(
    data_offset: int, index_offset: int, start: int, end: int
) -> None:
    """Behind the header, or where it says; to an index, if there is one."""
    data = head(data_offset=data_offset, data_size=0, index_offset=index_offset)
    data += bytes(start - HEADER_END) + encode_header([])
    wrapper, (found,) = unwrap(data, SIZE)
    assert wrapper == Wrapper(start, end - start, None)
    assert (found.code, found.severity) == ("CV2002", Severity.ERROR)
    assert f"the CAR at byte {start} is read" in found.message


def test_data_that_runs_past_the_end_is_clamped() -> None:
    """What is there is read."""
    wrapper, found = unwrap(head(data_size=2**64 - 1), SIZE)
    assert wrapper == Wrapper(HEADER_END, SIZE - HEADER_END, None)
    assert codes(found) == [("CV2001", 0), ("CV2003", 35)]


def test_an_index_behind_cut_data_is_no_second_fault() -> None:
    """It went with the rest."""
    wrapper, found = unwrap(head(data_size=2_000, index_offset=3_000), SIZE)
    assert wrapper is not None
    assert wrapper.index_offset is None
    assert codes(found) == [("CV2001", 0), ("CV2003", 35)]


@pytest.mark.parametrize(
    ("index_offset", "said"),
    [
        (1, "before the data ends"),
        (499, "before the data ends"),
        (SIZE, "behind the end"),
    ],
)
def test_an_index_at_a_wrong_place_does_not_end_the_reading(
    index_offset: int, said: str
) -> None:
    """It is not needed."""
    data = head(data_size=500 - HEADER_END, index_offset=index_offset)
    wrapper, found = unwrap(data, SIZE)
    assert wrapper == Wrapper(HEADER_END, 500 - HEADER_END, None)
    assert [(f.code, f.severity) for f in found if f.code != "CV2007"] == [
        ("CV2001", Severity.INFO),
        ("CV2002", Severity.ERROR),
    ]
    assert said in found[1].message


def test_bits_of_no_meaning_are_told() -> None:
    """Only the first bit of the first byte has one."""
    assert len(unwrap(head(traits=b"\x80" + bytes(15)), SIZE)[1]) == 1
    for traits in (b"\x40" + bytes(15), bytes(15) + b"\x01"):
        _, found = unwrap(head(traits=traits), SIZE)
        assert codes(found) == [("CV2001", 0), ("CV2004", 11)]


@pytest.mark.parametrize(
    ("data", "count", "place"),
    [
        (head(data_offset=61, data_size=SIZE - 61), "10 bytes", HEADER_END),
        (head(data_size=SIZE - HEADER_END - 7), "7 bytes", SIZE - 7),
        (head(61, 439, 503), "13 bytes", HEADER_END),
        (head(51, 449, 501), "1 byte ", 500),
    ],
)
def test_bytes_that_belong_to_no_part_are_counted(
    data: bytes, count: str, place: int
) -> None:
    """In front of the data, behind it, and in front of the index."""
    _, found = unwrap(data, SIZE)
    assert codes(found) == [("CV2001", 0), ("CV2007", place)]
    assert found[1].message.startswith(count)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x80\x08rest", "IndexSorted"),
        (b"\x81\x08rest", "MultihashIndexSorted"),
        (b"\x01", "unknown kind 0x1"),
        (b"", "no known kind"),
        (b"\xff" * 9, "no known kind"),
    ],
)
def test_an_index_is_told_and_not_used(data: bytes, name: str) -> None:
    """Whatever kind it is of."""
    found = index_finding(data, 700)
    assert (found.code, found.offset) == ("CV2005", 700)
    assert f"({name})" in found.message or f"of {name})" in found.message


@given(st.binary(min_size=40, max_size=40), st.integers(51, 1 << 40))
def test_any_header_gives_parts_that_are_there(fields: bytes, size: int) -> None:
    """Or none at all."""
    wrapper, found = unwrap(PRAGMA + fields, size)
    assert found
    if wrapper is not None:
        assert HEADER_END <= wrapper.data_offset < wrapper.data_end <= size
        if wrapper.index_offset is not None:
            assert wrapper.data_end <= wrapper.index_offset < size
