"""Facts about faults in DAG-CBOR: each has its code, its byte, and its words."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.cid import Cid
from repoview.core.findings.catalogue import CATALOGUE, Severity
from repoview.core.formats.dagcbor.rules import WARNINGS, int_faults, shortest_head
from repoview.core.formats.dagcbor.strict import (
    Value,
    decode_sound,
    diagnose,
    encode,
    sound_type,
)
from tests.strategies import odd_values, texts, values

WITHOUT_KERNEL = True

CID = Cid.for_block(b"data")
LINK = encode(CID)
V0 = "d82a582300" + "1220" + "11" * 32
DAG_PB = "d82a582500" + "01701220" + "11" * 32
SHA_512 = "d82a584500" + "01711340" + "11" * 64
SHORT = "d82a582400" + "0171121f" + "11" * 31


def hexed(text: str) -> bytes:
    """Return the bytes of hex with spaces."""
    return bytes.fromhex(text)


def link(text: str) -> Cid:
    """Return the CID of a link of up to 255 bytes."""
    return Cid(hexed(text)[5:])


CASES: list[tuple[str, bytes, list[tuple[str, int]], Any]] = [
    ("cut in a head", hexed("19 01"), [("CBR001", 0)], None),
    ("cut in an inner head", hexed("82 01 19 01"), [("CBR001", 2)], [1]),
    ("cut between items", hexed("82 82 01 02"), [("CBR001", 4)], [[1, 2]]),
    ("cut behind a key", hexed("82 a1 6161"), [("CBR001", 4)], [{}]),
    ("cut before a key", hexed("82 80 a0"), [], [[], {}]),
    ("cut behind a tag", hexed("82 01 d82a"), [("CBR001", 4)], [1]),
    ("cut behind the only tag", hexed("d82a"), [("CBR001", 2)], None),
    (
        "cut without a break",
        hexed("9f 01"),
        [("CBR004", 0), ("CBR001", 2)],
        [1],
    ),
    ("bytes behind the item", hexed("01 02 03"), [("CBR002", 1)], 1),
    ("a padded integer", hexed("18 17"), [("CBR003", 0)], 23),
    ("a padded negative", hexed("39 00ff"), [("CBR003", 0)], -256),
    ("a padded text", hexed("82 01 78 01 61"), [("CBR003", 2)], [1, "a"]),
    ("padded bytes", hexed("59 0001 61"), [("CBR003", 0)], b"a"),
    ("a padded array", hexed("9a 00000001 05"), [("CBR003", 0)], [5]),
    (
        "a padded map and key",
        hexed("b8 01 78 01 61 05"),
        [("CBR003", 0), ("CBR003", 2)],
        {"a": 5},
    ),
    ("a padded link tag", b"\xd9\x00\x2a" + LINK[2:], [("CBR003", 0)], CID),
    ("an array up to a break", hexed("9f 01 02 ff"), [("CBR004", 0)], [1, 2]),
    ("a map up to a break", hexed("bf 6161 05 ff"), [("CBR004", 0)], {"a": 5}),
    ("an empty map up to a break", hexed("bf ff"), [("CBR004", 0)], {}),
    ("bytes in pieces", hexed("5f 4101 420203 ff"), [("CBR004", 0)], b"\1\2\3"),
    ("text in pieces", hexed("81 7f 6161 60 6162 ff"), [("CBR004", 1)], ["ab"]),
    ("a key in pieces", hexed("a1 7f 6161 6162 ff 01"), [("CBR004", 1)], {"ab": 1}),
    (
        "a piece that is padded",
        hexed("7f 78 01 61 ff"),
        [("CBR004", 0), ("CBR003", 1)],
        "a",
    ),
    (
        "a piece of another kind",
        hexed("82 01 7f 4161 ff"),
        [("CBR004", 2), ("CBR005", 3)],
        [1],
    ),
    (
        "a piece in pieces",
        hexed("5f 5f ff ff"),
        [("CBR004", 0), ("CBR005", 1)],
        None,
    ),
    (
        "a piece that is too long",
        hexed("5f 4501 ff"),
        [("CBR004", 0), ("CBR018", 1)],
        None,
    ),
    ("pieces without an end", hexed("5f 4101"), [("CBR004", 0), ("CBR001", 3)], None),
    ("a reserved head", hexed("82 01 1c"), [("CBR005", 2)], [1]),
    ("a reserved simple head", hexed("fe"), [("CBR005", 0)], None),
    ("an integer without a length", hexed("1f"), [("CBR005", 0)], None),
    ("a tag without a number", hexed("df 00"), [("CBR005", 0)], None),
    ("a stray break", hexed("82 01 ff"), [("CBR005", 2)], [1]),
    (
        "a break for a value",
        hexed("bf 6161 ff"),
        [("CBR004", 0), ("CBR005", 3)],
        {},
    ),
    ("an integer key", hexed("a1 18 20 01"), [("CBR006", 1)], {"32": 1}),
    ("a negative key", hexed("a1 20 01"), [("CBR006", 1)], {"-1": 1}),
    ("a bytes key", hexed("a1 42abcd 01"), [("CBR006", 1)], {"h'abcd'": 1}),
    (
        "a long bytes key",
        b"\xa1\x58\x20" + bytes(32) + b"\1",
        [("CBR006", 1)],
        {"h'" + "00" * 20 + "...'": 1},
    ),
    ("a null key", hexed("a1 f6 01"), [("CBR006", 1)], {"null": 1}),
    (
        "boolean keys",
        hexed("a2 f5 01 f4 02"),
        [("CBR006", 1), ("CBR006", 3)],
        {"true": 1, "false": 2},
    ),
    ("an empty array for a key", hexed("a1 80 01"), [("CBR006", 1)], {"[]": 1}),
    ("an array for a key", hexed("a1 8101 01"), [("CBR006", 1)], {"[...]": 1}),
    ("a map for a key", hexed("a1 a1616105 01"), [("CBR006", 1)], {"{...}": 1}),
    ("an empty map for a key", hexed("a1 a0 a0"), [("CBR006", 1)], {"{}": {}}),
    (
        "a link for a key",
        b"\xa1" + LINK + b"\1",
        [("CBR006", 3)],
        {f"42(h'00{CID.raw.hex()}')": 1},
    ),
    ("a tagged text for a key", hexed("a1 c1 6161 01"), [("CBR009", 1)], {"a": 1}),
    (
        "a key twice",
        hexed("a3 6161 01 6161 02 6162 03"),
        [("CBR007", 4)],
        {"a": 1, "b": 3},
    ),
    (
        "a key twice, apart",
        hexed("a3 6161 01 6162 02 6161 a0"),
        [("CBR007", 7)],
        {"a": 1, "b": 2},
    ),
    (
        "a key out of byte order",
        hexed("a3 6162 01 6161 02 6163 03"),
        [("CBR008", 4)],
        {"b": 1, "a": 2, "c": 3},
    ),
    (
        "a short key behind a long one",
        hexed("a2 626161 01 6162 02"),
        [("CBR008", 5)],
        {"aa": 1, "b": 2},
    ),
    ("a tag", hexed("81 c0 6161"), [("CBR009", 1)], ["a"]),
    ("a long tag", hexed("d9d9f7 a0"), [("CBR009", 0)], {}),
    ("a tag on a link", b"\xc1" + LINK, [("CBR009", 0)], CID),
    ("tags on tags", hexed("c1 c2 05"), [("CBR009", 0), ("CBR009", 1)], 5),
    ("a bignum", hexed("c2 4101"), [("CBR009", 0)], b"\1"),
    ("a link to nothing", hexed("81 d82a 40"), [("CBR010", 3)], [b""]),
    ("a link of a zero", hexed("81 d82a 4100"), [("CBR010", 4)], [b"\0"]),
    (
        "a link without its zero",
        b"\xd8\x2a\x58\x24" + CID.raw,
        [("CBR010", 4)],
        CID.raw,
    ),
    ("a link that is cut", hexed("d82a 44 00017112"), [("CBR010", 3)], b"\0\1\x71\x12"),
    (
        "a link with more behind it",
        b"\xd8\x2a\x58\x26" + b"\0" + CID.raw + b"!",
        [("CBR010", 4)],
        b"\0" + CID.raw + b"!",
    ),
    ("a link that is text", hexed("82 d82a 6161 05"), [("CBR010", 3)], ["a", 5]),
    ("a link that is an array", hexed("d82a 81 05"), [("CBR010", 2)], [5]),
    ("a link that is a float", hexed("d82a f6"), [("CBR010", 2)], None),
    ("a link on a link", b"\xd8\x2a" + LINK, [("CBR010", 2)], CID),
    (
        "a link in pieces",
        b"\xd8\x2a\x5f\x41\0\x58\x24" + CID.raw + b"\xff",
        [("CBR004", 2)],
        CID,
    ),
    (
        "a link in no pieces",
        hexed("d82a 5f ff"),
        [("CBR004", 2), ("CBR010", 2)],
        b"",
    ),
    ("a float", hexed("81 fb 3ff8000000000000"), [("CBR011", 1)], [1.5]),
    ("a whole float", hexed("fb 4000000000000000"), [("CBR011", 0)], 2.0),
    ("a half float", hexed("f9 3e00"), [("CBR012", 0)], 1.5),
    ("a single float", hexed("fa 3fc00000"), [("CBR012", 0)], 1.5),
    ("a half NaN", hexed("f9 7e00"), [("CBR012", 0)], math.nan),
    ("NaN", hexed("fb 7ff8000000000000"), [("CBR012", 0)], math.nan),
    ("infinity", hexed("fb 7ff0000000000000"), [("CBR012", 0)], math.inf),
    ("minus zero", hexed("fb 8000000000000000"), [("CBR012", 0)], -0.0),
    ("undefined", hexed("82 f7 01"), [("CBR013", 1)], [None, 1]),
    ("a simple value", hexed("82 e0 01"), [("CBR013", 1)], [None, 1]),
    ("a long simple value", hexed("82 f8 ff 01"), [("CBR013", 1)], [None, 1]),
    ("a padded simple value", hexed("f8 14"), [("CBR013", 0)], None),
    ("text not UTF-8", hexed("82 63 61c328 01"), [("CBR014", 3)], ["a\\xc3(", 1]),
    ("a surrogate", hexed("63 eda080"), [("CBR014", 1)], "\\xed\\xa0\\x80"),
    (
        "a character in two pieces",
        hexed("7f 61c3 61a9 ff"),
        [("CBR004", 0), ("CBR014", 2), ("CBR014", 4)],
        "\\xc3\\xa9",
    ),
    ("a key not UTF-8", hexed("a1 61ff 01"), [("CBR014", 2)], {"\\xff": 1}),
    ("over 64 bits", hexed("1b 8000000000000000"), [("CBR015", 0)], 2**63),
    ("under 64 bits", hexed("3b 8000000000000000"), [("CBR015", 0)], -(2**63) - 1),
    ("over 2**53", hexed("81 1b 0020000000000000"), [("CBR016", 1)], [2**53]),
    ("under -2**53", hexed("3b 001fffffffffffff"), [("CBR016", 0)], -(2**53)),
    ("just 64 bits", hexed("1b 7fffffffffffffff"), [("CBR016", 0)], 2**63 - 1),
    ("just -64 bits", hexed("3b 7fffffffffffffff"), [("CBR016", 0)], -(2**63)),
    ("just safe", hexed("1b 001fffffffffffff"), [], 2**53 - 1),
    ("just safe below", hexed("3b 001ffffffffffffe"), [], -(2**53) + 1),
    ("a text too long", hexed("82 01 65 616263"), [("CBR018", 2)], [1]),
    ("bytes too long", hexed("58 20 00"), [("CBR018", 0)], None),
    ("a key too long", hexed("a2 6161 01 63 6162"), [("CBR018", 4)], {"a": 1}),
    ("an array too long", hexed("82 01 84 010203"), [("CBR018", 2)], [1]),
    ("a map too long", hexed("82 01 a2 616101"), [("CBR018", 2)], [1]),
    ("an empty key", hexed("a1 60 01"), [("CBR020", 1)], {"": 1}),
    ("nothing", b"", [("CBR021", 0)], None),
    ("a bell in text", hexed("81 63 61 07 62"), [("REC007", 3)], ["a\x07b"]),
    ("a delete in text", hexed("61 7f"), [("REC007", 1)], "\x7f"),
    ("C1 in text", hexed("64 c3a9 c280"), [("REC007", 3)], "é\x80"),
    ("an override in text", hexed("63 e280ae"), [("REC007", 1)], "\u202e"),
    ("an embedding and its end", hexed("66 e280aa e280ac"), [], "\u202a\u202c"),
    ("an isolate in text", hexed("63 e281a6"), [("REC007", 1)], "\u2066"),
    ("an escape in a key", hexed("a1 61 1b 01"), [("REC007", 2)], {"\x1b": 1}),
    ("an override in a key", hexed("a1 63 e280ae 01"), [("REC007", 2)], {"\u202e": 1}),
    (
        "a control behind bytes that are no text",
        hexed("64 c328 ff 07"),
        [("CBR014", 1), ("REC007", 4)],
        "\\xc3(\\xff\x07",
    ),
    ("a link key", hexed("a1 65 246c696e6b 01"), [("REC008", 1)], {"$link": 1}),
    ("a dollar key", hexed("a1 61 24 01"), [("REC008", 1)], {"$": 1}),
    (
        "a long dollar key",
        b"\xa1\x78\x18$" + b"a" * 23 + b"\1",
        [("REC008", 1)],
        {"$" + "a" * 23: 1},
    ),
    ("an inner type", hexed("a1 6161 a1 65 2474797065 01"), [], {"a": {"$type": 1}}),
    ("a CIDv0", hexed("81" + V0), [("REC009", 5)], [link(V0)]),
    ("a dag-pb link", hexed(DAG_PB), [("REC009", 4)], link(DAG_PB)),
    ("a sha-512 link", hexed(SHA_512), [("REC009", 4)], link(SHA_512)),
    ("a short digest", hexed(SHORT), [("REC009", 4)], link(SHORT)),
    (
        "two faults of one item",
        hexed("d801 05"),
        [("CBR003", 0), ("CBR009", 0)],
        5,
    ),
    (
        "many faults",
        hexed("a3 6162 f7 6161 fb3ff8000000000000 6163 d82a40 00"),
        [("CBR013", 3), ("CBR008", 4), ("CBR011", 6), ("CBR010", 19), ("CBR002", 20)],
        {"b": None, "a": 1.5, "c": b""},
    ),
]


@pytest.mark.parametrize(
    ("data", "faults", "value"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_a_fault_has_its_code_and_byte(
    data: bytes, faults: list[tuple[str, int]], value: Value
) -> None:
    """Each broken rule is told once, and reading goes on as far as it can."""
    decoded = diagnose(data)
    assert [(fault.code, fault.offset) for fault in decoded.faults] == faults
    assert repr(decoded.value) == repr(value)
    assert (sound_type(data) is None) == bool(faults)


@pytest.mark.parametrize("data", [case[1] for case in CASES])
def test_a_fault_is_said_in_words(data: bytes) -> None:
    """A sentence in ASCII of bounded length, in lower case, without a full stop."""
    for fault in diagnose(data).faults:
        assert fault.message.isascii()
        assert fault.message.isprintable()
        assert 10 < len(fault.message) < 250
        assert not fault.message[0].isupper()
        assert not fault.message.endswith(".")
        assert "invalid" not in fault.message
        assert len(fault.expected or "") < 120
        assert len(fault.found or "") < 120


def test_every_code_of_the_encoding_has_a_case() -> None:
    """CBR022 cannot be reached; those that take much data are made below."""
    made = {code for case in CASES for code, _ in case[2]}
    wanted = {code for code in CATALOGUE if code.startswith("CBR")}
    wanted |= {"REC007", "REC008", "REC009"}
    assert wanted - made - {"CBR022"} == {"CBR017", "CBR019"}


def test_warnings_are_those_of_the_catalogue() -> None:
    """What `decode` lets pass is what the catalogue does not call an error."""
    made = {code for case in CASES for code, _ in case[2]}
    for code in made | {"CBR017", "CBR019", "REC010"}:
        is_warning = CATALOGUE[code].severity is Severity.WARNING
        assert is_warning == (code in WARNINGS), code


@pytest.mark.parametrize(
    ("text", "code", "words", "expected", "found"),
    [
        ("19 01", "CBR001", "ends inside a head: 2 of 3 bytes", "3 bytes", "19 01"),
        ("a1 61", "CBR018", "the map says 1 pair, but the", "1 pair", "1 byte"),
        ("82 8101", "CBR001", "where item 2 of an array should", "an item", "the end"),
        ("bf", "CBR001", "where pair 1 of a map should begin", "an item", "the end"),
        ("82 a16161", "CBR001", "the value of the key 'a'", "an item", "the end"),
        ("01 02", "CBR002", "1 byte behind the CBOR item", "no more", "02"),
        ("78 01 61", "CBR003", "length 1 of the text takes 2 bytes", "61", "78 01"),
        ("38 00", "CBR003", "the integer -1 takes 2 bytes: 1 would", "20", "38 00"),
        ("d9002a f6", "CBR003", "the tag 42 takes 3 bytes: 2 ", "d8 2a", "d9 00 2a"),
        ("5f ff", "CBR004", "the byte string has no length", "a length", "5f"),
        ("1c", "CBR005", "a head 1c has no meaning", "an item", "1c"),
        ("ff", "CBR005", "a break stands where an item should", "an item", "ff"),
        ("a1 05 05", "CBR006", "a map key is 5, not text", "text", "5"),
        ("a2 6161 00 6161 00", "CBR007", "'a' is there twice: the first", None, "'a'"),
        ("a2 6162 00 6161 00", "CBR008", "'a' stands behind 'b': bytes", None, "'a'"),
        ("a2 626161 00 6162 00", "CBR008", "shorter keys come first", None, "'b'"),
        ("c0 00", "CBR009", "tag 0 is not allowed", "tag 42", "tag 0"),
        ("d82a 40", "CBR010", "the link is empty", "00 and a CID", "no bytes"),
        ("d82a 4101", "CBR010", "does not begin with 00", "00 and a CID", "01"),
        ("d82a 4100", "CBR010", "the CID ends inside its ver", "00 and a CID", "00"),
        (
            "d82a 05",
            "CBR010",
            "no bytes follow: integer does",
            "00 and a CID",
            "integer",
        ),
        ("fb 3ff8000000000000", "CBR011", "1.5 is a float", "an integer", "1.5"),
        ("f9 3e00", "CBR012", "has 16 bits", "64 bits", "16 bits"),
        ("fb 7ff0000000000000", "CBR012", "is inf, which is no number", None, "inf"),
        ("fb 8000000000000000", "CBR012", "the float is -0.0", "0", "-0.0"),
        ("f7", "CBR013", "undefined is not allowed", None, "undefined"),
        ("e5", "CBR013", "simple value 5 is not", None, "simple value 5"),
        ("63 61c328", "CBR014", "not UTF-8 from its byte 1 on", "UTF-8", "c3"),
        ("1b 8000000000000000", "CBR015", "does not fit 64 bits", None, str(2**63)),
        ("1b 0020000000000000", "CBR016", "JavaScript", None, str(2**53)),
        ("62 61", "CBR018", "says 2 bytes, but the block has 1", "2 bytes", "1 byte"),
        ("a1 60 00", "CBR020", "a map key is empty", "a name", "''"),
        ("", "CBR021", "the block is empty", "one item", "0 bytes"),
        ("61 1b", "REC007", "the text holds the control character", None, "U+001B"),
        ("a1 63 e280ae 00", "REC007", "the key holds the bidi", None, "U+202E"),
        ("a1 61 24 00", "REC008", "'$' is reserved", None, "'$'"),
        (V0, "REC009", "it is a CIDv0", None, None),
        (DAG_PB, "REC009", "it is dag-pb, not", None, None),
        (SHA_512, "REC009", "its hash function is 0x13, not", None, None),
        (SHORT, "REC009", "its digest has 31 bytes, not 32", None, None),
    ],
)
def test_a_fault_says_what_was_met(
    text: str, code: str, words: str, expected: str | None, found: str | None
) -> None:
    """With the numbers, and with what should be there where that helps."""
    fault = next(f for f in diagnose(hexed(text)).faults if f.code == code)
    assert words in fault.message
    assert expected is None or fault.expected == expected
    assert found is None or fault.found == found


def test_nesting_over_32_is_told_once() -> None:
    """With the byte of the first array that is too deep."""
    data = b"\x81" * 40 + b"\x00"
    assert _places(data) == [("REC010", 32)]
    assert _places(b"\x82" + data[1:] + data[1:]) == [("REC010", 32)]
    assert _places(b"\x81" * 31 + b"\xa1\x61a" + b"\x00") == []


def test_what_is_nested_over_128_deep_is_left_out() -> None:
    """What stands before and behind it is kept."""
    data = b"\x83\x05" + b"\x81" * 128 + b"\x00" + b"\x06"
    assert _places(data) == [("REC010", 33), ("CBR017", 129)]
    decoded = diagnose(data)
    assert decoded.end == len(data)
    assert isinstance(decoded.value, list)
    assert decoded.value[0] == 5
    assert decoded.value[-1] == 6
    assert not decoded.is_whole
    assert _places(b"\x81" * 128 + b"\x00") == [("REC010", 32)]


@pytest.mark.parametrize(
    "inside",
    [
        "80",
        "a0",
        "9fff",
        "bf 6161 01 ff",
        "82 a1 6161 9f 7f 6161 6162 ff ff 01",
        "83 5f 4101 4102 ff d82a 4100 fb 3ff0000000000000",
        "81" * 5_000 + "00",
    ],
)
def test_whatever_is_too_deep_ends_where_it_ends(inside: str) -> None:
    """Also what has no length; a map goes on with its next key."""
    deep = b"\x81" * 127 + hexed(inside)
    data = b"\xa2" + b"\x61a" + deep + b"\x61b" + b"\x07"
    decoded = diagnose(data, annotate=True)
    assert isinstance(decoded.value, dict)
    assert decoded.value.keys() == {"a", "b"}
    assert decoded.value["b"] == 7
    assert [span.start for span in decoded.spans[1:]] == [
        span.end for span in decoded.spans[:-1]
    ]
    assert decoded.spans[-1].end == len(data)
    codes = {fault.code for fault in decoded.faults}
    assert {"REC010", "CBR017"} <= codes <= {"REC010", "CBR017", "CBR004"}


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("82 81 01", "CBR001"),
        ("9f", "CBR001"),
        ("81 ff", "CBR005"),
        ("81 62 61", "CBR018"),
    ],
)
def test_what_is_too_deep_and_has_no_end_ends_the_reading(
    inside: str, code: str
) -> None:
    """As it does elsewhere."""
    decoded = diagnose(b"\xa1\x61a" + b"\x81" * 127 + hexed(inside))
    codes = {fault.code for fault in decoded.faults}
    assert codes - {"CBR004"} == {"REC010", "CBR017", code}


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("00", True),
        ("1b 0020000000000000", True),  # 2**53
        ("1b ffffffffffffffff", True),
        ("18 01", True),  # longer than it need be
        ("9f 01 ff", True),  # without a length
        ("a2 6162 01 6161 02", True),  # out of order
        ("a1 60 01", True),  # an empty key
        ("61 07", True),  # a control character
        ("fb 400c000000000000", True),  # 3.5
        ("f9 3e00", True),  # 1.5 in 16 bits
        ("fb 8000000000000000", True),  # -0.0
        (DAG_PB, True),
        ("f9 7e00", False),  # not a number
        ("fb 7ff0000000000000", False),  # infinity
        ("f7", False),  # undefined
        ("c2 41 01", False),  # a tag
        ("d82a 01", False),  # a link without bytes
        ("d82a 41 01", False),  # a link without a CID
        ("a2 6161 01 6161 02", False),  # a key twice
        ("a1 01 02", False),  # a key that is no text
        ("61 ff", False),  # no UTF-8
        ("a1 61 ff 00", False),
        ("01 02", False),  # more behind it
        ("82 01", False),  # cut
        ("", False),
    ],
)
def test_it_is_known_whether_anything_is_lost(text: str, is_whole: bool) -> None:
    """In JSON; to break a rule of the encoding loses nothing."""
    assert diagnose(hexed(text)).is_whole is is_whole


@given(odd_values())
def test_nothing_of_what_is_right_is_lost(value: Value) -> None:
    """Each value that can be written can be told."""
    assert diagnose(encode(value)).is_whole


def test_of_very_many_items_some_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are not kept."""
    monkeypatch.setattr(limits, "MAX_VALUES", 3)
    assert diagnose(encode([1, 2, 3])).is_whole
    assert not diagnose(encode([1, 2, 3, 4])).is_whole


def test_large_containers_and_keys_are_warned_of(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Beyond the bounds; reading goes on. Files of the corpus meet the guide's own."""
    most = 1_024
    monkeypatch.setattr(limits, "MAX_ITEMS", most)
    assert _places(encode([0] * most)) == []
    assert _places(encode([[0] * (most + 1)])) == [("CBR019", 1)]
    assert _places(b"\x81\x9f" + b"\0" * (most + 1) + b"\xff") == [
        ("CBR004", 1),
        ("CBR019", 1),
    ]
    key = "k" * (limits.MAX_MAP_KEY + 1)
    assert _places(encode({"a": 0, key: 0})) == [("CBR019", 4)]
    assert _places(encode({key[1:]: 0})) == []
    pairs: Value = {str(number): 0 for number in range(most + 1)}
    (fault,) = diagnose(encode(pairs)).faults
    assert fault.message == "the map has 1,025 pairs"


def test_a_key_that_only_looks_like_another_is_not_its_double() -> None:
    """Names are made for what is no text; the bytes decide what is twice."""
    assert _places(hexed("a2 00 01 6130 02")) == [("CBR006", 1)]
    assert _places(hexed("a2 00 01 00 02")) == [("CBR006", 1), ("CBR006", 3)]
    data = b"\xa2\x61\xff\x01\x64\\xff\x02"
    assert _places(data) == [("CBR014", 2)]
    assert diagnose(data).value == {"\\xff": 1}


def test_faults_of_one_block_are_bounded() -> None:
    """A hundred are kept, the first of each code among them."""
    many = limits.FAULTS_A_BLOCK * 3
    decoded = diagnose(
        b"\x99" + many.to_bytes(2, "big") + b"\xf7" * (many - 1) + b"\x18"
    )
    assert len(decoded.faults) == limits.FAULTS_A_BLOCK
    assert [fault.code for fault in decoded.faults[-2:]] == ["CBR013", "CBR001"]


def test_an_error_behind_a_hundred_warnings_is_not_lost() -> None:
    """Or a bad block could pass for one with warnings only."""
    warnings = b"\x1b" + (2**53).to_bytes(8, "big")
    many = limits.FAULTS_A_BLOCK + 50
    data = b"\x98\x98" + warnings * many + b"\xf7" + b"\xf9\x00\x00"
    faults = diagnose(data).faults
    assert len(faults) == limits.FAULTS_A_BLOCK
    assert [fault.code for fault in faults[-3:]] == ["CBR016", "CBR013", "CBR012"]


def test_items_past_the_limit_are_judged_but_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A block of many small items must not fill the memory."""
    monkeypatch.setattr(limits, "MAX_VALUES", 5)
    decoded = diagnose(hexed("88 01 02 03 04 05 06 a1 6161 8107 f7"))
    assert decoded.value == [1, 2, 3, 4, 5]
    assert [fault.code for fault in decoded.faults] == ["CBR013"]
    twice = hexed("a7 6161 01 6162 01 6163 01 6164 01 6165 01 6166 01 6166 01")
    assert _places(twice) == [("CBR007", 19)]


def test_the_type_is_kept_behind_any_number_of_items(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Or a record would be said to have none."""
    monkeypatch.setattr(limits, "MAX_VALUES", 2)
    decoded = diagnose(encode({"n": [7] * 5, "$type": "a.b.c", "last": 1}))
    assert decoded.value == {"n": [7], "$type": "a.b.c"}
    assert not decoded.is_whole


@given(st.binary(max_size=64))
def test_any_bytes_are_read(data: bytes) -> None:
    """Nothing is raised, and all that is told lies in the block."""
    decoded = diagnose(data)
    assert 0 <= decoded.end <= len(data)
    places = [fault.offset for fault in decoded.faults]
    assert places == sorted(places)
    assert all(0 <= place <= len(data) for place in places)
    assert {fault.code for fault in decoded.faults} <= CATALOGUE.keys()


@given(values(), st.binary(min_size=1, max_size=10))
def test_what_stands_behind_an_item_is_left(value: Value, more: bytes) -> None:
    """The first item is used, and the rest told in one fault."""
    data = encode(value)
    decoded = diagnose(data + more)
    assert decoded.value == value
    assert decoded.end == len(data)
    assert _places(data + more) == [("CBR002", len(data))]


@given(st.lists(values(4), min_size=1, max_size=6), st.data())
def test_what_stands_before_a_cut_is_kept(
    items: list[Value], data: st.DataObject
) -> None:
    """All whole items of an array are there, whatever happens behind them."""
    whole = encode(items)
    cut = whole[: data.draw(st.integers(1, len(whole) - 1))]
    value = diagnose(cut).value
    if value is None:
        # The head itself says more items than there are bytes.
        assert len(items) > len(cut) - 1
        return
    assert isinstance(value, list)
    for kept, item in zip(value[:-1], items, strict=False):
        assert kept == item


@given(st.integers(-(2**53) + 1, 2**53 - 1))
def test_a_safe_integer_has_no_fault(number: int) -> None:
    """The rule itself knows, not only the reader that asks it."""
    assert list(int_faults(number, 0)) == []
    assert diagnose(encode(number)).faults == []


@given(st.integers(0, 2**64 - 1), st.integers(0, 6))
def test_a_shortest_head_is_that_of_an_encoder(argument: int, major: int) -> None:
    """What `expected` shows is what should stand there."""
    head = shortest_head(major, argument)
    assert head[0] >> 5 == major
    if major == 0:
        assert head == encode(argument)
    elif major == 1:
        assert head == encode(-1 - argument)


@given(texts(max_size=60))
def test_ordinary_text_has_no_fault(text: str) -> None:
    """Of any script, with joiners, direction marks, tabs and line ends."""
    data = encode({"a": text, "b" + text: [text]})
    assert diagnose(data).faults == []
    assert decode_sound(data) == {"a": text, "b" + text: [text]}


def _places(data: bytes) -> list[tuple[str, int]]:
    return [(fault.code, fault.offset) for fault in diagnose(data).faults]
