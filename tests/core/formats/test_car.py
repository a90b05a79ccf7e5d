"""Facts about headers and sections, and about writing them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.cid import RAW, Cid
from repoview.core.errors import CarError
from repoview.core.findings.findings import Finding, Severity
from repoview.core.formats.car import (
    Section,
    encode_header,
    encode_section,
    sections,
    write_car,
)
from repoview.core.formats.car_header import HEAD_BYTES, Header, read_header
from repoview.core.varint import encode_varint

WITHOUT_KERNEL = True

ONE, TWO = Cid.for_block(b"one"), Cid.for_block(b"two", RAW)
LINK = b"\xd8\x2a\x58\x25\x00"
"""What stands before the CID of a link of 36 bytes."""


def link(cid: Cid) -> bytes:
    """Return a link as CBOR."""
    return LINK + cid.raw


def field(name: str, value: bytes) -> bytes:
    """Return a pair of a map; names have fewer than 24 letters."""
    return bytes((0x60 + len(name),)) + name.encode() + value


VERSION = field("version", b"\x01")
ROOTS = field("roots", b"\x81" + link(ONE))
SOUND = b"\xa2" + ROOTS + VERSION


def read(
    body: bytes, *, tail: bytes = b"", offset: int = 0, **more: Any
) -> tuple[Header | None, list[Finding]]:
    """Read a header with this object, and *tail* behind it."""
    data = encode_varint(len(body)) + body + tail
    return read_header(data, offset=offset, available=len(data), **more)


def codes(findings: list[Finding]) -> list[tuple[str, int | None]]:
    """Return code and offset of each."""
    return [(found.code, found.offset) for found in findings]


def test_a_sound_header_gives_no_finding() -> None:
    """Roots, version, and where the sections begin."""
    header, found = read(SOUND, tail=b"rest")
    assert found == []
    assert header == Header((ONE,), 1, (), 0, 1 + len(SOUND))
    assert header.end == 1 + len(SOUND)


def test_offsets_count_from_the_first_byte_of_the_file() -> None:
    """Also when the CAR stands inside something else."""
    header, found = read(b"\xa2" + ROOTS + field("version", b"\x18\x01"), offset=1_000)
    assert header is not None
    assert (header.offset, header.end) == (1_000, 1_000 + header.length)
    assert codes(found) == [("CAR018", 1_000 + 1 + len(ROOTS) + 1 + 8)]


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"\x00" + SOUND, "CAR002", f"{len(SOUND)} bytes are left unread"),
        (b"\x80" * 9 + b"\x00", "CAR003", "more than 9 bytes"),
        (b"\x80" * 3, "CAR006", "inside the header's length"),
        (b"\xc1\x84\x3d" + SOUND, "CAR005", "1,000,001 bytes, over the limit"),
        (b"\x3a" + SOUND[:20], "CAR006", "20 of 58 bytes; 20 bytes are left unread"),
        (b"\x3a", "CAR006", "0 of 58 bytes"),
        (b"\x01\xa2rest", "CAR007", "not CBOR"),
        (b"\x02\xa2\x1f", "CAR007", "not CBOR"),
        (b"\x03\xa1\x61\x61", "CAR007", "not CBOR"),
        (b"\x01\x80", "CAR007", "not a map"),
        (b"\x05hello", "CAR007", "not CBOR"),
        (b"\x03\x61\x61\x01more", "CAR007", "not a map; 4 bytes are left unread"),
    ],
)
def test_an_unreadable_header_is_fatal(
    data: bytes, code: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One finding says why, and how much is left unread."""
    monkeypatch.setattr(limits, "MAX_HEADER", 1_000_000)
    header, found = read_header(data, offset=0, available=len(data))
    assert header is None
    (only,) = found
    assert (only.code, only.severity) == (code, Severity.FATAL)
    assert said in only.message


def test_the_byte_that_is_not_cbor_is_named() -> None:
    """CAR007 points at the byte, not at the header."""
    _, found = read(b"\xa2" + VERSION + field("roots", b"\x1f"))
    assert codes(found) == [("CAR007", 1 + 1 + len(VERSION) + 6)]


def test_a_header_of_exactly_the_limit_is_read() -> None:
    """The limit is the greatest length that is allowed."""
    head = b"\xa3" + ROOTS + VERSION + field("x", b"")
    padding = limits.MAX_HEADER - len(head) - 5
    body = head + b"\x5a" + padding.to_bytes(4, "big") + bytes(padding)
    header, found = read(body)
    assert header is not None
    assert 1 + len(body) < header.length <= HEAD_BYTES
    assert ("CAR017", 0) in codes(found)


def test_a_padded_length_is_read_and_said() -> None:
    """CAR004, and the header counts the bytes that are there."""
    data = bytes((0x80 | len(SOUND), 0x80, 0x00)) + SOUND
    header, found = read_header(data, offset=0, available=len(data))
    assert header is not None
    assert header.end == len(data)
    assert [(f.code, f.severity) for f in found] == [("CAR004", Severity.WARNING)]


@pytest.mark.parametrize("version", [b"\x02", b"\x00", b"\x18\x63", b"\x20"])
def test_another_version_is_fatal(version: bytes) -> None:
    """What it means is not known; inside a CARv2 it has a code of its own."""
    body = b"\xa2" + ROOTS + field("version", version)
    header, found = read(body)
    assert header is None
    assert [(f.code, f.severity) for f in found] == [("CAR009", Severity.FATAL)]
    header, found = read(body, inner=True)
    assert header is None
    assert codes(found) == [("CV2006", 0)]


@pytest.mark.parametrize(
    "body",
    [
        b"\xa1" + ROOTS,
        b"\xa2" + ROOTS + field("version", b"\xf5"),
        b"\xa2" + ROOTS + field("version", b"\x611"),
        b"\xa2" + ROOTS + field("version", b"\xfb\x3f\xf0" + bytes(6)),
    ],
)
def test_without_a_version_1_is_assumed(body: bytes) -> None:
    """Missing, or not an integer; true is none."""
    header, found = read(body)
    assert header is not None
    assert (header.version, header.roots) == (1, (ONE,))
    assert [(f.code, f.severity) for f in found] == [("CAR010", Severity.ERROR)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"\xa1" + VERSION, "missing"),
        (b"\xa2" + field("roots", link(ONE)) + VERSION, "not an array"),
        (b"\xa2" + field("root", b"\x81" + link(ONE)) + VERSION, "it has `root`"),
    ],
)
def test_without_an_array_of_roots_there_are_none(body: bytes, said: str) -> None:
    """The misspelling of the first drafts is recognized, and is no extra field."""
    header, found = read(body)
    assert header is not None
    assert header.roots == ()
    (only,) = found
    assert only.code == "CAR011"
    assert said in only.message


def test_no_root_is_a_warning() -> None:
    """The commit is looked for."""
    header, found = read(b"\xa2" + field("roots", b"\x80") + VERSION)
    assert header is not None
    assert header.roots == ()
    assert [(f.code, f.severity) for f in found] == [("CAR012", Severity.WARNING)]


def test_more_roots_than_one_are_told() -> None:
    """All are kept, in their order; one listed twice is told beside."""
    roots = b"\x83" + link(ONE) + link(TWO) + link(ONE)
    header, found = read(b"\xa2" + field("roots", roots) + VERSION)
    assert header is not None
    assert header.roots == (ONE, TWO, ONE)
    assert [(f.code, f.count) for f in found] == [("CAR013", 3), ("CAR014", 1)]


@pytest.mark.parametrize(
    "root",
    [b"\x01", b"\x58\x24" + ONE.raw, LINK + b"\xff" * 36, b"\xd8\x2b\x41\x00", b"\xa0"],
)
def test_a_root_that_is_no_link_is_named(root: bytes) -> None:
    """With its number and place; how it is broken is not another finding."""
    roots = b"\x82" + link(ONE) + root
    header, found = read(b"\xa2" + field("roots", roots) + VERSION)
    assert header is not None
    assert header.roots == (ONE,)
    place = 1 + 1 + 6 + 1 + len(link(ONE))
    assert codes(found) == [("CAR013", 0), ("CAR015", place)]
    assert found[1].message == "root 1 is not a link"


def test_a_first_root_that_is_no_link_leaves_none() -> None:
    """The second root was never meant to be the commit."""
    roots = b"\x82\x01" + link(ONE)
    header, found = read(b"\xa2" + field("roots", roots) + VERSION)
    assert header is not None
    assert header.roots == ()
    assert codes(found) == [("CAR013", 0), ("CAR015", 9)]


def test_faults_beside_a_bad_root_are_told() -> None:
    """Only those inside it are covered by CAR015."""
    roots = field("roots", b"\x82\x18\x01" + link(ONE))
    _, found = read(b"\xa2" + roots + field("version", b"\x18\x01"))
    assert [code for code, _ in codes(found)] == ["CAR018", "CAR013", "CAR015"]
    assert found[0].offset == 1 + 1 + len(roots) + 8


def test_bad_roots_are_told_in_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last finding counts the rest."""
    monkeypatch.setattr(limits, "MAX_ROOTS_SHOWN", 3)
    roots = b"\x8a" + b"\x00" * 10
    _, found = read(b"\xa2" + field("roots", roots) + VERSION)
    bad = [f for f in found if f.code == "CAR015"]
    assert [f.count for f in bad] == [1, 1, 8]
    assert bad[-1].message == "root 2 and 7 more behind it are not links"


def test_a_million_roots_are_kept_in_part() -> None:
    """The header is read, and a hundred roots are enough."""
    count = (limits.MAX_HEADER - 40) // 41
    roots = b"\x99" + count.to_bytes(2, "big") + link(ONE) * count
    header, found = read(b"\xa2" + field("roots", roots) + VERSION)
    assert header is not None
    assert len(header.roots) == limits.MAX_ROOTS_SHOWN
    assert [(f.code, f.count) for f in found] == [
        ("CAR013", count),
        ("CAR014", count - 1),
    ]


def test_fields_of_other_names_are_told_and_kept() -> None:
    """They are allowed; hostile names are escaped."""
    name = "\x1b[31m"
    body = b"\xa4" + field("a", b"\xf6") + field(name, b"\xf6") + ROOTS + VERSION
    header, found = read(body)
    assert header is not None
    assert header.extra == ("a", name)
    (only,) = found
    assert (only.code, only.severity, only.count) == ("CAR017", Severity.INFO, 2)
    assert only.message == r"the header has fields of its own: 'a', '\x1b[31m'"


def test_the_names_of_many_fields_are_not_all_told() -> None:
    """A message stays short."""
    names = [f"{number:03}" for number in range(100)]
    body = b"\xb8\x66" + b"".join(field(n, b"\xf6") for n in names) + ROOTS + VERSION
    _, found = read(body)
    (only,) = found
    assert only.message.endswith("'009' and 90 more")


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (b"\xb8\x02" + ROOTS + VERSION, 1),
        (b"\xa2" + VERSION + ROOTS, 1 + 1 + len(VERSION)),
        (b"\xbf" + ROOTS + VERSION + b"\xff", 1),
        (b"\xa3" + ROOTS + ROOTS + VERSION, 1 + 1 + len(ROOTS)),
        (b"\xa3" + b"\x01\x01" + ROOTS + VERSION, 2),
    ],
)
def test_what_is_not_canonical_is_named_at_its_byte(body: bytes, place: int) -> None:
    """CAR018 stands for all codes of the encoding, and reading goes on."""
    header, found = read(body)
    assert header is not None
    assert header.roots == (ONE,)
    assert codes(found)[0] == ("CAR018", place)
    assert {f.code for f in found} <= {"CAR018", "CAR017"}


def test_rules_of_records_do_not_hold_for_headers() -> None:
    """Floats and great integers are DAG-CBOR, if not atproto's."""
    body = (
        b"\xa4"
        + field("f", b"\xfb\x3f\xf8" + bytes(6))
        + field("i", b"\x1b" + b"\xff" * 8)
        + ROOTS
        + VERSION
    )
    _, found = read(body)
    assert [f.code for f in found] == ["CAR017"]


def test_bytes_behind_the_object_are_counted_and_passed_by() -> None:
    """The sections begin where the length says, not where the object ends."""
    header, found = read(SOUND + b"\x00\x01\x02")
    assert header is not None
    assert header.end == 1 + len(SOUND) + 3
    assert codes(found) == [("CAR019", 1 + len(SOUND))]
    assert found[0].message == "the header has 3 bytes behind its object"


@given(st.binary(max_size=80))
def test_any_bytes_are_judged(data: bytes) -> None:
    """A header or a fatal finding, whatever they are."""
    header, found = read_header(data, offset=0, available=len(data))
    grave = [f for f in found if f.severity is Severity.FATAL]
    assert (header is None) == bool(grave)


@given(st.integers(0, len(SOUND)), st.integers(1, 255))
def test_any_byte_changed_is_noticed(place: int, change: int) -> None:
    """Each byte of a header but those of the CID's digest has its meaning."""
    data = bytearray(encode_varint(len(SOUND)) + SOUND)
    data[place] ^= change
    header, found = read_header(bytes(data), offset=0, available=len(data))
    assert found or (header is not None and header.roots != (ONE,))


# Writing, and reading sections


BLOCKS = [(ONE, b"one"), (TWO, b"two"), (Cid(b"\x01\x71\x00\x02hi"), b"hi")]


def test_what_is_written_is_read_again() -> None:
    """Header and sections, at the places where they were written."""
    out = bytearray()
    write_car(out.extend, [ONE], BLOCKS)
    data = bytes(out)
    header, found = read_header(data, offset=0, available=len(data))
    assert header is not None
    assert found == []
    assert data[: header.end] == encode_header([ONE])
    read_again = list(sections(data[header.end :], offset=header.end))
    assert [section.cid for section in read_again] == [cid for cid, _ in BLOCKS]
    for section, (_, block) in zip(read_again, BLOCKS, strict=True):
        start = section.data_offset
        assert data[start : start + section.data_length] == block
    assert read_again[-1].end == len(data)


def test_a_section_knows_its_parts() -> None:
    """By position, from the first byte of the file."""
    (section,) = sections(encode_section(ONE, bytes(200)), offset=10)
    assert section == Section(10, 2, ONE, 36, 236)
    assert (section.data_offset, section.data_length, section.end) == (48, 200, 248)


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        (b"\x80", 7),
        (b"\x80" * 9 + b"\x00", 7),
        (encode_section(ONE, b"one")[:-1], 7),
        (b"\x05hello", 8),
        (encode_section(ONE, b"one") + b"\x00", 7 + 40 + 1),
    ],
)
def test_a_section_that_cannot_be_read_is_an_error(data: bytes, offset: int) -> None:
    """With the byte where it is wrong."""
    with pytest.raises(CarError) as caught:
        list(sections(data, offset=7))
    assert caught.value.offset == offset
