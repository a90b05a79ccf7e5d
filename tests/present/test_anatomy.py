"""Facts about blocks taken apart: heads, CIDs, framing, and what is signed."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repoview import Repo
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.varint import encode_varint
from repoview.present.anatomy.cids import cid_rows
from repoview.present.anatomy.framing import section_framing, varint_rows
from repoview.present.anatomy.heads import head_at, head_row
from repoview.present.anatomy.spans import block_rows, parts_of_span
from repoview.present.seeing.anatomy import block_anatomy, header_section
from repoview.present.styled import Row, section_text
from tests.core.repos import make_repo, many
from tests.strategies import cids, odd_values, values

if TYPE_CHECKING:
    from repoview.core.cid import Cid


@example(b"\x18")
@given(values())
def test_every_head_of_a_block_is_that_of_what_follows(value: dagcbor.Value) -> None:
    """Its size and number are those by which the block was read."""
    data = dagcbor.encode(value)
    for span in dagcbor.annotate(data):
        rows = parts_of_span(data, span.start, span.end, span.kind, span.meaning)
        head = head_at(data, span.start)
        if head is None:
            # The content of a string has no head, whatever its first byte is.
            assert span.kind in {"bytes", "text"}
            assert not rows
            continue
        if span.kind in {"array", "map"}:
            assert span.end - span.start == head.size
            assert f" {head.argument:,} " in f" {span.meaning} "
        if rows and not span.meaning.startswith("CID"):
            assert rows[0].text == head_row(head).text


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("00", "00 = 000 00000  0, unsigned integer; 0"),
        ("37", "37 = 001 10111  1, negative integer; 23, which stands for -24"),
        ("a5", "a5 = 101 00101  5, map; 5 pairs"),
        ("5825", "24: the byte behind is the number, 37 bytes"),
        ("790100", "25: the 2 bytes behind are the number, 256 bytes"),
        ("d82a", "6, tag; 24: the byte behind is the number, 42, a link"),
        ("f6", "7, simple value or float; 22: null"),
        ("fb0000000000000000", "27: a float of 64 bits follows"),
        ("ff", "31: a break"),
        ("9f", "31: no length"),
        ("1c", "28: reserved"),
        ("e0", "0: not assigned"),
    ],
)
def test_a_head_is_split_into_its_two_numbers(raw: str, says: str) -> None:
    """Major type and argument, as RFC 8949 has them."""
    head = head_at(bytes.fromhex(raw), 0)
    assert head is not None
    assert says in head_row(head).text


def test_a_head_that_is_cut_off_is_none() -> None:
    """And one behind the end is none, too."""
    assert head_at(b"\x58", 0) is None
    assert head_at(b"", 0) is None


@given(cids())
def test_the_parts_of_a_cid_are_its_bytes(cid: Cid) -> None:
    """Version, codec, hash, length and digest, in their order; then the text."""
    *parts, text = cid_rows(cid.raw)
    pieces = [row.pieces[0].text.strip() for row in parts]
    assert bytes.fromhex(" ".join(pieces)) == cid.raw
    assert text.text == f"as text {cid}"


@given(st.binary(max_size=60))
def test_any_bytes_may_be_taken_apart_as_a_cid(raw: bytes) -> None:
    """What is none is said to be none."""
    assert all(isinstance(row, Row) for row in cid_rows(raw))


def test_a_cid_of_version_0_has_no_codec() -> None:
    """It is a hash alone."""
    rows = cid_rows(b"\x12\x20" + bytes(32))
    assert "version 0" in rows[0].text


@given(st.integers(0, 1 << 40))
def test_a_varint_is_its_bits(number: int) -> None:
    """Those that count, put together, are the number."""
    row = next(iter(varint_rows(encode_varint(number), 0)))
    assert isinstance(row, Row)
    bits = "".join(piece.text for piece in row.pieces if piece.style == "lit")
    assert int(bits, 2) == number


@given(odd_values(), st.integers(0, 30))
def test_odd_blocks_are_taken_apart_as_far_as_they_go(
    value: dagcbor.Value, cut: int
) -> None:
    """Whatever they hold, and wherever they end."""
    data = dagcbor.encode(value)
    for line in block_rows(data[: len(data) - cut], 1_000):
        text = line if isinstance(line, str) else line.text
        assert text.isprintable()


def test_a_block_is_taken_apart_from_its_section_on() -> None:
    """Length, CID and data are where the file has them."""
    raw = make_repo(many(50))
    with Repo.load(raw) as repo:
        record = repo.record(7)
        text = section_text(block_anatomy(repo, record.cid))
        assert record.offset is not None
        assert f"byte {record.offset:,}  " in text
        assert f"as text {record.cid}" in text
        assert f"Its data, {record.size} bytes of DAG-CBOR" in text
        assert "more stretches" in section_text(block_anatomy(repo, record.cid, 2))


def test_the_keys_of_a_node_are_unrolled() -> None:
    """Each with what it shares in front of the sign."""
    with Repo.load(make_repo(many(50))) as repo:
        text = section_text(block_anatomy(repo, repo.tree.node(0).cid))
        assert "e[0]  ┆" in text


def test_the_bytes_that_are_signed_are_those_without_the_signature() -> None:
    """Their hash is what a key is asked about."""
    with Repo.load(make_repo(many(5))) as repo:
        assert repo.commit is not None
        text = section_text(block_anatomy(repo, repo.commit.cid))
        unsigned = repo.commit.unsigned_bytes()
        assert sha256(unsigned).hexdigest() in text
        assert f"{len(unsigned)} bytes of DAG-CBOR" in text
        assert "(did, rev, data, prev, version)" in text


def test_the_header_of_a_file_is_taken_apart() -> None:
    """Its length, and the root in it."""
    with Repo.load(make_repo(many(5))) as repo:
        text = section_text(header_section(repo))
        assert 'key "roots"' in text
        assert "byte 0  3a = 0111010 = 58" in text


def test_framing_that_cannot_be_read_is_said_so() -> None:
    """A length without an end."""
    assert "cannot be taken apart" in section_text([section_framing(b"\xff", 0)])
