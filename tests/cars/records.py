"""Cases of records."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from tests.cars.case import Broken, Cases
from tests.cars.cbor import Link, Raw, cid_of, encode
from tests.cars.repo import make_car, sample
from tests.cars.tree import COLLECTION

CASES = Cases()


def record(data: bytes, inside: int | None = None) -> Broken:
    """Make *data* the block of the last record."""
    repo = sample()
    repo.last_entry.record = data
    car = repo.car()
    return Broken(car, car.last_section, inside)


def fields(**fields: Any) -> Broken:
    """Give the last record these fields besides its type."""
    return record(encode({"$type": COLLECTION, **fields}))


@CASES.error("REC001", "bad-records", also={"CBR005"})
def no_cbor() -> Broken:
    """A record is a text that nobody encoded."""
    return record(b"\xff\xfe plain bytes")


@CASES.error("REC002", "bad-records")
def array() -> Broken:
    """A record is an array."""
    return record(encode([{"$type": COLLECTION}]))


@CASES.error("REC002", "bad-records")
def null() -> Broken:
    """A record is null."""
    return record(encode(None))


@CASES.error("REC003", "bad-records")
def no_type() -> Broken:
    """A record has no `$type`."""
    return record(encode({"text": "typeless"}))


@CASES.error("REC004", "bad-records")
def type_is_a_number() -> Broken:
    """A record's `$type` is a number."""
    return record(encode({"$type": 7}))


@CASES.error("REC004", "bad-records")
def type_is_empty() -> Broken:
    """A record's `$type` is an empty text."""
    return record(encode({"$type": ""}))


@CASES.error("REC005", "bad-records")
def type_is_not_the_collection() -> Broken:
    """A record's `$type` is another than its path says."""
    return record(encode({"$type": "com.example.other"}))


@CASES.error("REC005", "bad-records")
def type_with_a_fragment() -> Broken:
    """A record's `$type` names the main definition, which is implied."""
    return record(encode({"$type": COLLECTION + "#main"}))


@CASES.warning("REC005", options={"profile": "lenient"})
def type_is_not_the_collection_leniently() -> Broken:
    """To the lenient profile another `$type` is odd, and no more."""
    return type_is_not_the_collection()


@CASES.warning("REC006", beside=())
def record_over_a_megabyte() -> Broken:
    """A record has a few bytes more than the network carries."""
    return fields(text="." * 1_000_000)


@CASES.warning("REC006")
def record_over_two_mebibytes() -> Broken:
    """A record of over 2 MiB is told of as a record, not as a block."""
    return fields(text="." * (2 << 20))


@CASES.warning("REC007")
def escape_sequence() -> Broken:
    """A text would color the screen."""
    return fields(text="\x1b[31mred")


@CASES.warning("REC007")
def bidi_override() -> Broken:
    """A text would be read from right to left."""
    return fields(text="\u202eredrum")


@CASES.warning("REC008")
def link_key() -> Broken:
    """A map has the key that marks links in JSON."""
    return fields(subject={"$link": "bafy"})


@CASES.warning("REC009")
def link_to_a_file() -> Broken:
    """A link is to dag-pb."""
    return fields(subject=Link(b"\x01\x70\x12\x20" + bytes(32)))


@CASES.warning("REC009")
def link_of_version_0() -> Broken:
    """A link is a CIDv0."""
    return fields(subject=Link(b"\x12\x20" + sha256(b"").digest()))


@CASES.warning("REC010")
def nested_33_deep() -> Broken:
    """Arrays stand 32 deep in one another, in a map."""
    return fields(value=Raw(b"\x81" * 31 + b"\x80"))


@CASES.info("REC011")
def record_of_two_keys() -> Broken:
    """Two keys link to the same record."""
    repo = sample()
    one, two = repo.first.entries
    two.record = one.record
    car = repo.car()
    return Broken(car, car.offset_of(one.cid))


@CASES.error("REC005", "bad-records", beside={"REC011"})
def record_right_under_one_key_only() -> Broken:
    """Two keys of two collections link to the same record."""
    same = encode({"$type": COLLECTION})
    car = make_car({f"{COLLECTION}/self": same, "com.example.other/self": same})
    return Broken(car, car.offset_of(cid_of(same)))
