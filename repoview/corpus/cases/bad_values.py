"""Values that are encoded in a way they must not be, beside how they must be."""

from __future__ import annotations

from typing import NamedTuple

from repoview.corpus.cbor import encode


class Bad(NamedTuple):
    """A value that is encoded in a way it must not be."""

    code: str
    name: str
    data: bytes
    good: bytes
    """The value as it must be, or another where there is none."""

    inside: int
    """Which byte of it is at fault."""

    severity: str = "error"


def _bad(code: str, name: str, data: str, good: str, inside: int = 0) -> Bad:
    return Bad(code, name, bytes.fromhex(data), bytes.fromhex(good), inside)


LINK = "d82a 5825 00 01711220" + "00" * 32
NESTED = b"\x81" * 30 + b"\x80"
"""In a map, as deep as values may be nested."""


VALUES = [
    _bad("CBR001", "number_cut_off", "19 01", "19 0100"),
    _bad("CBR003", "number_of_two_bytes", "18 17", "17"),
    _bad("CBR003", "number_of_nine_bytes", "1b 00000000ffffffff", "1a ffffffff"),
    _bad("CBR003", "negative_number_of_two_bytes", "38 00", "20"),
    _bad("CBR003", "long_length_of_text", "78 01 61", "61 61"),
    _bad("CBR003", "long_length_of_bytes", "59 0001 00", "41 00"),
    _bad("CBR003", "long_count_of_items", "98 00", "80"),
    _bad("CBR003", "long_count_of_pairs", "b8 00", "a0"),
    _bad("CBR003", "long_tag", "d9002a" + LINK[4:], LINK),
    _bad("CBR004", "bytes_without_length", "5f 41 00 ff", "41 00"),
    _bad("CBR004", "text_without_length", "7f 61 61 ff", "61 61"),
    _bad("CBR004", "array_without_count", "9f 01 ff", "81 01"),
    _bad("CBR004", "map_without_count", "bf 61 61 01 ff", "a1 61 61 01"),
    _bad("CBR005", "reserved_head", "1c", "00"),
    _bad("CBR005", "reserved_simple_value", "fe", "f6"),
    _bad("CBR005", "break_alone", "ff", "f6"),
    _bad("CBR006", "key_is_a_number", "a1 01 02", "a1 61 31 02", 1),
    _bad("CBR006", "key_is_bytes", "a1 41 61 02", "a1 61 61 02", 1),
    _bad("CBR007", "key_twice", "a2 61 61 01 61 61 02", "a2 61 61 01 61 62 02", 4),
    _bad(
        "CBR008", "keys_out_of_order", "a2 61 62 01 61 61 02", "a2 61 61 02 61 62 01", 4
    ),
    _bad(
        "CBR008",
        "longer_key_first",
        "a2 62 61 61 01 61 62 02",
        "a2 61 62 02 62 61 61 01",
        5,
    ),
    _bad("CBR009", "tag_of_a_date", "c1 00", "00"),
    _bad("CBR010", "link_is_empty", "d8 2a 40", LINK, 2),
    _bad("CBR010", "link_without_its_zero", "d8 2a 41 01", LINK, 3),
    _bad("CBR010", "link_holds_half_a_cid", "d8 2a 45 00 01711220", LINK, 3),
    _bad("CBR010", "link_is_text", "d8 2a 61 61", LINK, 2),
    _bad("CBR011", "float", "fb 3ff8000000000000", "01"),
    _bad("CBR012", "float_of_16_bits", "f9 3e00", "01"),
    _bad("CBR012", "float_of_32_bits", "fa 3fc00000", "01"),
    _bad("CBR012", "not_a_number", "fb 7ff8000000000000", "f6"),
    _bad("CBR012", "infinity", "fb fff0000000000000", "f6"),
    _bad("CBR012", "negative_zero", "fb 8000000000000000", "00"),
    _bad("CBR013", "undefined", "f7", "f6"),
    _bad("CBR013", "simple_value_0", "e0", "f4"),
    _bad("CBR013", "simple_value_255", "f8 ff", "f5"),
    _bad("CBR014", "text_is_not_utf_8", "63 61 c3 28", "63 61 c3 a9", 2),
    _bad("CBR014", "text_has_a_surrogate", "63 ed a0 80", "63 e2 82 ac", 1),
    _bad("CBR014", "key_is_not_utf_8", "a1 61 ff 00", "a1 61 61 00", 2),
    _bad("CBR015", "number_of_64_bits", "1b 8000000000000000", "1b 001fffffffffffff"),
    _bad(
        "CBR015",
        "negative_number_of_64_bits",
        "3b 8000000000000000",
        "3b 001ffffffffffffe",
    ),
    _bad("CBR018", "text_longer_than_the_block", "65 61", "61 61"),
    _bad("CBR018", "bytes_of_8_exbibytes", "5b 7fffffffffffffff 00", "41 00"),
    _bad("CBR018", "array_of_many_items", "9a 7fffffff 00", "81 00"),
    _bad("CBR018", "map_of_many_pairs", "ba 7fffffff 61 61 00", "a1 61 61 00"),
    _bad("CBR018", "map_of_half_a_pair", "a1 61", "a1 61 61 00"),
    Bad("CBR017", "nested_129_deep", b"\x81" * 128 + b"\0", NESTED, 127),
    Bad("CBR016", "number_of_54_bits", encode(2**53), encode(2**53 - 1), 0, "warning"),
    Bad(
        "CBR016",
        "negative_number_of_54_bits",
        encode(-(2**53)),
        encode(1 - 2**53),
        0,
        "warning",
    ),
    Bad(
        "CBR019",
        "array_of_131_073_items",
        encode([0] * 131_073),
        encode([0]),
        0,
        "warning",
    ),
    Bad(
        "CBR019",
        "key_of_8_193_bytes",
        encode({"k" * 8_193: 0}),
        encode({"k" * 8_192: 0}),
        1,
        "warning",
    ),
    Bad("CBR020", "key_is_empty", encode({"": 0}), encode({"k": 0}), 1, "warning"),
]
