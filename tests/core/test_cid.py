"""Facts about CIDs: their bytes, their text, and what is none."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.cid import (
    DAG_CBOR,
    PLAIN_PREFIX,
    RAW,
    RAW_PREFIX,
    Cid,
    CidCut,
    cid_text,
    read_cid,
)
from repoview.core.errors import CidError
from repoview.core.varint import encode_varint
from tests.strategies import cids

WITHOUT_KERNEL = True

EMPTY_NODE = bytes.fromhex("a2616580616cf6")
EMPTY_NODE_TEXT = "bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm"
V0_TEXT = "QmbWqxBEKC3P8tqsKc98xmWNzrzDtRLMiMPL8wBuTGsMnR"
V0_RAW = b"\x12\x20" + bytes(32)


def test_the_empty_node_has_its_well_known_cid() -> None:
    """The same as in other implementations."""
    cid = Cid.for_block(EMPTY_NODE)
    assert str(cid) == EMPTY_NODE_TEXT
    assert Cid.parse(EMPTY_NODE_TEXT) == cid


def test_a_plain_cid_has_parts() -> None:
    """They are read off its bytes."""
    cid = Cid.for_block(b"data")
    assert cid.raw == PLAIN_PREFIX + sha256(b"data").digest()
    assert (cid.version, cid.codec, cid.hash_code) == (1, DAG_CBOR, 0x12)
    assert cid.digest == sha256(b"data").digest()
    assert cid.is_plain
    assert cid.is_blessed


def test_a_raw_cid_is_blessed_but_not_plain() -> None:
    """Blobs have it; no tree may link to it."""
    cid = Cid.for_block(b"data", RAW)
    assert cid.raw[:4] == RAW_PREFIX
    assert cid.codec == RAW
    assert cid.is_blessed
    assert not cid.is_plain


def test_no_block_has_another_codec() -> None:
    """The only codecs are dag-cbor and raw."""
    with pytest.raises(ValueError, match="0x70"):
        Cid.for_block(b"", 0x70)


@pytest.mark.parametrize(
    "raw",
    [
        V0_RAW,
        bytes((1, 0x70, 0x12, 32)) + bytes(32),
        bytes((1, 0x71, 0x1E, 32)) + bytes(32),
        bytes((1, 0x71, 0x12, 31)) + bytes(31),
        bytes((1, 0x71, 0x12, 33)) + bytes(33),
        bytes((1, 0x55, 0, 3)) + b"abc",
        bytes((1, 0x55, 0, 0)),
    ],
)
def test_other_cids_are_read_but_not_blessed(raw: bytes) -> None:
    """Their parts are told, and their text leads back to them."""
    cid = Cid.from_bytes(raw)
    assert cid.raw == raw
    assert not cid.is_blessed
    assert not cid.is_plain
    assert raw.endswith(cid.digest)
    assert Cid.parse(str(cid)) == cid


def test_a_version_0_cid_is_dag_pb_with_sha_256() -> None:
    """It has no numbers but those of its hash."""
    cid = Cid.parse(V0_TEXT)
    assert (cid.version, cid.codec, cid.hash_code) == (0, 0x70, 0x12)
    assert len(cid.digest) == 32
    assert str(cid) == V0_TEXT


@pytest.mark.parametrize(
    "text",
    [
        "zdj7WWeQ43G6JJvLWQWZpyHuAMq6uYWRjkBXFad11vE2LHhQ7",
        "f017012202c5f688262e0ece8569aa6f94d60aad55ca8d9d83734e4a7430d0cff6588ec2b",
        "BAFYREIE5737GDXLW5I64VZICHCALBA3Z2V5N6ICIFVX5XYTVSKE7MR3HPM",
    ],
)
def test_other_bases_are_read(text: str) -> None:
    """What comes out is written in base32."""
    cid = Cid.parse(text)
    assert str(cid).startswith("baf")
    assert Cid.parse(str(cid)) == cid


def test_long_base2_text_is_read() -> None:
    """It is the longest form that the bound lets through."""
    cid = Cid.for_block(b"data")
    bits = "".join(f"{byte:08b}" for byte in cid.raw)
    assert Cid.parse("0" + bits) == cid


@pytest.mark.parametrize(
    "text",
    [
        "",
        "b",
        "b!",
        EMPTY_NODE_TEXT[:-1],
        EMPTY_NODE_TEXT + "a",
        EMPTY_NODE_TEXT.upper().replace("B", "b", 1),
        EMPTY_NODE_TEXT + "=",
        " " + EMPTY_NODE_TEXT,
        EMPTY_NODE_TEXT[:20] + "_" + EMPTY_NODE_TEXT[21:],
        EMPTY_NODE_TEXT[:-1] + "n",
        "b" + EMPTY_NODE_TEXT[1:].replace("7", "1"),
        "\N{SNOWMAN}bc",
        "b\ud800",
        "Qm" + "0" * 44,
        "z" * 10_000,
        "b" * 10_000,
        "noop",
        "f00",
    ],
)
def test_other_text_is_no_cid(text: str) -> None:
    """Whatever it is, it is refused with a `CidError` of a bounded length."""
    with pytest.raises(CidError) as caught:
        Cid.parse(text)
    assert len(str(caught.value)) < 200
    assert str(caught.value).isascii()


def test_a_text_has_one_form_only() -> None:
    """Bits that say nothing must be zero, or one CID would have several texts."""
    text = str(Cid.for_block(b"data"))
    others = [text[:-1] + digit for digit in "abcdefghijklmnopqrstuvwxyz234567"]
    read = []
    for other in others:
        try:
            read.append(Cid.parse(other))
        except CidError:
            continue
    assert len(read) == len(set(read)) == 8


@given(cids())
def test_text_and_bytes_lead_to_each_other(cid: Cid) -> None:
    """In both directions, and always in 59 characters."""
    text = str(cid)
    assert len(text) == 59
    assert text == cid_text(cid.raw)
    assert Cid.parse(text) == cid == Cid.from_bytes(cid.raw)


@given(cids(), cids())
def test_cids_compare_as_their_bytes(a: Cid, b: Cid) -> None:
    """They are equal, ordered and hashed by them, and by nothing else."""
    assert (a < b) == (a.raw < b.raw)
    assert (a >= b) == (a.raw >= b.raw)
    assert (a == b) == (a.raw == b.raw)
    assert hash(a) == hash(Cid(a.raw))
    assert {a, b} == {Cid(a.raw), Cid(b.raw)}
    other: Any = a.raw
    assert a != other


def test_a_repr_says_the_text() -> None:
    """So that a failing test can be read."""
    assert repr(Cid.for_block(EMPTY_NODE)) == f"Cid('{EMPTY_NODE_TEXT}')"


@given(cids(), st.binary(max_size=5), st.binary(max_size=5))
def test_a_cid_is_read_out_of_other_bytes(
    cid: Cid, before: bytes, after: bytes
) -> None:
    """What stands behind it is not its business."""
    data = before + cid.raw + after
    assert read_cid(data, len(before), len(data)) == (cid, len(before) + 36)


@pytest.mark.parametrize(
    ("raw", "fact"),
    [
        (b"", "the CID ends inside its version"),
        (b"\x00", "CID version 0 does not exist"),
        (b"\x02\x71\x12\x20", "CID version 2 does not exist"),
        (b"\x12", "a CIDv0 is cut off"),
        (b"\x12\x21", "CID version 18 does not exist"),
        (V0_RAW[:-1], "a CIDv0 is cut off"),
        (b"\x01", "the CID ends inside its codec"),
        (b"\x01\x71", "the CID ends inside its hash function"),
        (b"\x01\x71\x12", "the CID ends inside its digest length"),
        (b"\x01\x71\x12\xa0", "the CID ends inside its digest length"),
        (
            PLAIN_PREFIX + bytes(31),
            "the CID's digest has 32 bytes, but 31 are left",
        ),
        (b"\x81\x00\x71\x12\x00", "the CID's version is padded"),
        (b"\x01\xf1\x00\x12\x00", "the CID's codec is padded"),
        (b"\x01" + b"\x80" * 10, "the CID's codec has more than 9 bytes"),
        (bytes((1, 0x71, 0x13, 120)) + bytes(120), "the CID has 124 bytes"),
        (
            b"\x01\x71\x12" + encode_varint(2**62),
            "the CID has 4,611,686,018,427,387,916 bytes",
        ),
    ],
)
def test_other_bytes_are_no_cid(raw: bytes, fact: str) -> None:
    """The error says which part is wrong, and at which byte."""
    with pytest.raises(CidError) as caught:
        read_cid(b"\xff" + raw, 1, 1 + len(raw))
    assert caught.value.fact == fact
    assert 1 <= caught.value.offset <= 1 + len(raw)


@pytest.mark.parametrize(
    "raw",
    [PLAIN_PREFIX + bytes(32), V0_RAW, bytes((1, 0x71, 0x13, 64)) + bytes(64)],
)
def test_a_cid_that_is_cut_is_told_from_what_is_none(raw: bytes) -> None:
    """Wherever it is cut, as at the end of a file."""
    for end in range(len(raw)):
        with pytest.raises(CidCut):
            read_cid(raw, 0, end)
    with pytest.raises(CidError) as caught:
        read_cid(b"\x02" + raw, 0, 1)
    assert not isinstance(caught.value, CidCut)


def test_the_end_that_the_caller_gave_counts() -> None:
    """A CID must not be completed from the bytes behind its section."""
    raw = Cid.for_block(b"data").raw
    with pytest.raises(CidError):
        read_cid(raw, 0, 35)


def test_an_identity_cid_may_be_long() -> None:
    """Its digest is the block; the caller bounds its length."""
    raw = bytes((1, 0x55, 0)) + encode_varint(300) + bytes(300)
    assert read_cid(raw, 0, len(raw))[0].digest == bytes(300)


def test_bytes_behind_a_cid_are_not_of_it() -> None:
    """`from_bytes` takes the whole or nothing."""
    with pytest.raises(CidError, match="2 bytes follow"):
        Cid.from_bytes(Cid.for_block(b"").raw + b"\0\0")


@given(st.binary(max_size=60))
def test_any_bytes_give_a_cid_or_a_cid_error(data: bytes) -> None:
    """Nothing else is raised, and a CID is what its bytes were."""
    try:
        cid, end = read_cid(data, 0, len(data))
    except CidError:
        return
    assert cid.raw == data[:end]
    assert cid.digest == data[end - len(cid.digest) : end]


@given(st.text(max_size=80) | st.from_regex(r"[a-zA-Z0-9]{2,80}", fullmatch=True))
def test_any_text_gives_a_cid_or_a_cid_error(text: str) -> None:
    """Nothing else is raised, whatever the multibase library thinks of it."""
    try:
        cid = Cid.parse(text)
    except CidError:
        return
    assert Cid.parse(str(cid)) == cid
