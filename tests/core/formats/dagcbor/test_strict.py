"""Facts about DAG-CBOR: what is sound, and how values become bytes and back."""

from __future__ import annotations

import datetime as dt
import math
import subprocess
import sys
from typing import Any

import cbor2
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.cid import RAW, Cid
from repoview.core.errors import DagCborError
from repoview.core.formats.dagcbor.strict import (
    decode,
    decode_sound,
    diagnose,
    encode,
    sound_type,
)
from tests.strategies import mutated, nsids, odd_values, records, values

WITHOUT_KERNEL = True

CID = Cid.for_block(b"data")
BLOB = Cid.for_block(b"blob", RAW)
POST: Any = {
    "$type": "app.bsky.feed.post",
    "text": "look at example.com — it is good",
    "langs": ["en", "de"],
    "facets": [
        {
            "index": {"byteStart": 8, "byteEnd": 19},
            "features": [
                {"$type": "app.bsky.richtext.facet#link", "uri": "https://example.com"}
            ],
        }
    ],
    "embed": {
        "$type": "app.bsky.embed.images",
        "images": [
            {
                "alt": "",
                "image": {
                    "$type": "blob",
                    "ref": BLOB,
                    "mimeType": "image/jpeg",
                    "size": 123_456,
                },
            }
        ],
    },
    "reply": None,
    "createdAt": "2024-10-17T01:23:45.678Z",
}
PIECES = [
    encode(CID),
    encode(BLOB)[:-1],
    *(bytes.fromhex(text) for text in ("ff", "f7", "60", "a0", "80", "65247479706500")),
    *(bytes((head,)) for head in (0x18, 0x19, 0x1B, 0x58, 0x78, 0x98, 0xB8, 0xD8)),
    *(text.encode() for text in ("\x1b", "\x7f", "\x80", "\u202e", "\u2069", "\u200d")),
]
"""What a mutation puts in: what some rule is about."""


def bombs() -> list[bytes]:
    """Small blocks that say they are huge."""
    return [
        bytes((major << 5 | 27,)) + count.to_bytes(8, "big")
        for major in range(2, 6)
        for count in (2**32, 2**63 - 1, 2**64 - 1)
    ]


def test_a_post_is_sound() -> None:
    """Its type is told, and it comes back as it was."""
    data = encode(POST)
    assert sound_type(data) == "app.bsky.feed.post"
    assert decode(data) == decode_sound(data) == POST
    assert diagnose(data).faults == []


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ({}, ""),
        ([], ""),
        (1, ""),
        ("text", ""),
        ({"$type": ""}, ""),
        ({"$type": 5}, ""),
        ({"$type": ["a.b.c"]}, ""),
        ({"a": {"$type": "a.b.c"}}, ""),
        ([{"$type": "a.b.c"}], ""),
        ({"$type": "a.b.c", "b": {"$type": "x.y.z"}}, "a.b.c"),
        ({"$type": "a" * 24}, "a" * 24),
        ({"$type": "a" * 300}, "a" * 300),
        ({"$type": "\N{SNOWMAN}", "a": 1, "longer than it": 2}, "\N{SNOWMAN}"),
    ],
)
def test_the_type_is_that_of_the_top_map(value: Any, name: str) -> None:
    """Not of maps inside, and only when it is text."""
    assert sound_type(encode(value)) == name


def test_a_block_over_the_record_limit_is_not_sound() -> None:
    """Other findings are made of it; `diagnose` does not judge its size."""
    room = limits.MAX_RECORD - 5
    assert sound_type(encode(bytes(room))) == ""
    assert sound_type(encode(bytes(room + 1))) is None
    assert diagnose(encode(bytes(room + 1))).faults == []


@given(values())
def test_values_are_sound_and_come_back(value: Any) -> None:
    """All three decoders agree, and encoding again gives the same bytes."""
    data = encode(value)
    assert sound_type(data) is not None
    decoded = diagnose(data)
    assert decoded.faults == []
    assert decoded.end == len(data)
    assert decoded.value == decode(data) == decode_sound(data) == value
    assert encode(decoded.value) == data


@given(records())
def test_the_type_of_a_record_is_told(record: dict[str, Any]) -> None:
    """So that the index knows it without decoding."""
    assert sound_type(encode(record)) == record["$type"]


@given(odd_values())
def test_what_can_be_encoded_comes_back(value: Any) -> None:
    """Faulty values keep their bytes as well, and soundness is judged alike."""
    data = encode(value)
    decoded = diagnose(data)
    assert repr(decoded.value) == repr(_in_order(value))
    assert encode(decoded.value) == data
    assert (sound_type(data) is not None) == decoded.is_sound


@given(odd_values())
def test_cbor2_decodes_the_same(value: Any) -> None:
    """Another implementation reads the same value out of the bytes."""
    data = encode(value)
    other = cbor2.loads(data, tag_hook=lambda tag, _: Cid(tag.value[1:]))
    assert repr(diagnose(data).value) == repr(other)


@given(st.binary(max_size=40))
@example(b"")
@example(bytes.fromhex("a1616100"))
@example(bytes.fromhex("d82a582500017112"))
@example(bytes.fromhex("7f6161ff"))
def test_random_bytes_are_sound_exactly_without_faults(data: bytes) -> None:
    """Whatever comes, the two readers agree."""
    assert (sound_type(data) is not None) == diagnose(data).is_sound


@given(mutated(st.one_of(values(), odd_values()).map(encode), PIECES))
def test_mutated_blocks_are_sound_exactly_without_faults(data: bytes) -> None:
    """Bytes changed, put in or left out anywhere: the two readers agree."""
    decoded = diagnose(data)
    assert (sound_type(data) is not None) == decoded.is_sound
    if not decoded.faults:
        assert decode_sound(data) == decoded.value


OF_VALUES = {"CBR011", "CBR015", "CBR016", "CBR019", "CBR020"}
"""Codes that are about a value, however it is written; those of REC are, too."""


@given(mutated(st.one_of(values(), odd_values()).map(encode), PIECES))
def test_nothing_is_left_for_a_code_of_bytes_that_differ_when_written_again(
    data: bytes,
) -> None:
    """CBR022 would have nothing to tell: each way to differ has its own code."""
    decoded = diagnose(data)
    codes = {fault.code for fault in decoded.faults}
    if all(code in OF_VALUES or code.startswith("REC") for code in codes):
        assert encode(decoded.value) == data


@given(values(), st.data())
def test_a_cut_block_is_never_sound(value: Any, data: st.DataObject) -> None:
    """One item has one end, so no beginning of it is an item."""
    whole = encode(value)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    assert sound_type(cut) is None
    codes = {fault.code for fault in diagnose(cut).faults}
    assert codes & {"CBR001", "CBR018", "CBR021"}


@pytest.mark.parametrize("data", bombs())
def test_a_length_bomb_is_refused_at_once(data: bytes) -> None:
    """Lengths are compared with what is there before anything is made."""
    assert sound_type(data) is None
    assert [fault.code for fault in diagnose(data).faults] == ["CBR018"]


@pytest.mark.unmeasured
@pytest.mark.parametrize("head", [b"\x81", b"\xa1\x61a", b"\xc1", b"\x9f", b"\xa1"])
def test_nothing_recurses(head: bytes) -> None:
    """Ten thousand items in one another end at the limit, not the stack."""
    data = head * 10_000
    assert len(data) > sys.getrecursionlimit()
    assert sound_type(data) is None
    assert diagnose(data, annotate=True).faults


def test_sound_nesting_ends_at_32() -> None:
    """The guide's bound; beyond it a finding is due."""
    assert sound_type(b"\x81" * 31 + b"\x80") == ""
    assert sound_type(b"\x81" * 32 + b"\x00") == ""
    assert sound_type(b"\x81" * 32 + b"\x80") is None


def test_sound_containers_and_keys_end_at_the_limits() -> None:
    """The guide's bounds on items and on the bytes of a key."""
    most = limits.MAX_ITEMS
    assert sound_type(encode([0] * most)) == ""
    assert sound_type(encode([0] * (most + 1))) is None
    assert sound_type(encode({"k" * limits.MAX_MAP_KEY: 0})) == ""
    assert sound_type(encode({"k" * (limits.MAX_MAP_KEY + 1): 0})) is None


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ({}, "a0"),
        ({"b": 0, "aa": 1, "a": 2}, "a361610261620062616101"),
        ({"é": 0, "z": 1, "aa": 2}, "a3617a0162616102" + "62c3a900"),
        (CID, "d82a582500" + CID.raw.hex()),
        (1.5, "fb3ff8000000000000"),
        (2**64 - 1, "1bffffffffffffffff"),
        ([None, True, False], "83f6f5f4"),
        (b"\x01", "4101"),
    ],
)
def test_values_have_one_form(value: Any, encoded: str) -> None:
    """Keys by their length in bytes, then by their bytes; floats in 64 bits."""
    assert encode(value).hex() == encoded


def test_encoding_leaves_its_value_alone() -> None:
    """Neither order nor links of what was given are touched."""
    value: Any = {"b": [CID, {"bb": 1, "a": 2}], "a": 0}
    before = repr(value)
    encode(value)
    assert repr(value) == before


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (math.nan, ValueError),
        (math.inf, ValueError),
        (-math.inf, ValueError),
        ([-0.0], ValueError),
        (2**64, ValueError),
        (-(2**64) - 1, ValueError),
        ("\ud800", ValueError),
        ({"\ud800": 1}, ValueError),
        ({1: 2}, TypeError),
        ({"a": {b"b": 2}}, TypeError),
        ((1, 2), TypeError),
        ({1, 2}, TypeError),
        (dt.date(2024, 1, 1), TypeError),
        (bytearray(b"x"), TypeError),
        (object(), TypeError),
    ],
)
def test_what_has_no_form_is_not_encoded(value: Any, error: type[Exception]) -> None:
    """It is refused with a sentence, not written in some way."""
    with pytest.raises(error):
        encode(value)


def test_encoding_ends_at_the_nesting_limit() -> None:
    """What is deeper could not be read again."""
    value: Any = []
    for _ in range(limits.MAX_NESTING - 1):
        value = [value]
    assert diagnose(encode(value)).value == value
    with pytest.raises(ValueError, match="128"):
        encode([value])


def test_decoding_says_where_the_first_error_is() -> None:
    """And passes over warnings that stand before it."""
    with pytest.raises(DagCborError) as caught:
        decode(bytes.fromhex("821b0020000000000000" + "f7"))
    assert caught.value.offset == 10
    assert "undefined" in caught.value.fact


def test_decoding_lets_warnings_pass() -> None:
    """An integer beyond 2**53 is read; it is only risky."""
    assert decode(encode({"n": 2**53})) == {"n": 2**53}


@given(nsids())
def test_a_type_of_any_length_is_told(name: str) -> None:
    """Short and long heads alike."""
    assert sound_type(encode({"$type": name, "a": 1})) == name


def test_reading_does_not_load_cbor2() -> None:
    """Verifying a repository must start fast; only encoding needs the library."""
    script = (
        "import sys; from repoview.core.formats.dagcbor.strict import *;"
        "sound_type(b'\\xa0'); diagnose(b'\\xa1', annotate=True);"
        "print([n for n in ('cbor2', 'multiformats') if n in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"


def _in_order(value: Any) -> Any:
    """Return *value* with its maps in canonical order."""
    if isinstance(value, list):
        return [_in_order(item) for item in value]
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return {key: _in_order(value[key]) for key in keys}
    return value
