"""Cases of records."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

from repoview.corpus.case import Broken, Cases, Twin
from repoview.corpus.cbor import RAW, Link, Raw, cid_of, encode
from repoview.corpus.repo import make_car, sample
from repoview.corpus.tree import COLLECTION

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


def with_twin(broken: Broken, **fields_of_twin: Any) -> Broken:
    """Give *broken* a twin whose last record has these fields."""
    return replace(broken, twin=Twin(fields(**fields_of_twin).car))


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
    rest = 1_000_000 - len(encode({"$type": COLLECTION, "text": "." * 100_000}))
    good = "." * (100_000 + rest)
    return with_twin(fields(text="." * 1_000_000), text=good)


@CASES.warning("REC006")
def record_over_two_mebibytes() -> Broken:
    """A record of over 2 MiB is told of as a record, not as a block."""
    return fields(text="." * (2 << 20))


@CASES.warning("REC007")
def escape_sequence() -> Broken:
    """A text would color the screen."""
    return with_twin(fields(text="\x1b[31mred"), text="red\n\tblack")


@CASES.warning("REC007")
def bidi_override() -> Broken:
    """A text would be read from right to left."""
    return with_twin(fields(text="\u202eredrum"), text="\u200eredrum")


@CASES.warning("REC008")
def link_key() -> Broken:
    """A map has the key that marks links in JSON."""
    return with_twin(fields(subject={"$link": "bafy"}), subject={"link": "bafy"})


@CASES.warning("REC009")
def link_to_a_file() -> Broken:
    """A link is to dag-pb."""
    file = Link(b"\x01\x70\x12\x20" + bytes(32))
    return with_twin(fields(subject=file), subject=Link(RAW + bytes(32)))


@CASES.warning("REC009")
def link_of_version_0() -> Broken:
    """A link is a CIDv0."""
    digest = sha256(b"").digest()
    broken = fields(subject=Link(b"\x12\x20" + digest))
    return with_twin(broken, subject=Link(RAW + digest))


BLOB: dict[str, Any] = {
    "$type": "blob",
    "ref": Link(cid_of(b"an image", RAW)),
    "mimeType": "image/png",
    "size": 8,
}


def image(at: int, **changes: Any) -> Broken:
    """Give the last record an image; its byte *at* is that of the fault."""
    broken = fields(image={**BLOB, **changes})
    inside = len(encode({"$type": COLLECTION, "image": 0})) - 1 + at
    return with_twin(replace(broken, inside=inside), image=BLOB)


@CASES.error("BLB001", "bad-records")
def blob_whose_link_is_text() -> Broken:
    """A blob is named by the text of a CID, and not by a link."""
    return image(5, ref="bafkrei")


@CASES.error("BLB001", "bad-records")
def blob_with_a_field_more() -> Broken:
    """A reference to a blob has a field of its own."""
    return image(5, alt="a picture")


@CASES.error("BLB001", "bad-records")
def blob_without_a_link() -> Broken:
    """A map says that it refers to a blob, and not to which."""
    unnamed = {"$type": "blob", "mimeType": "image/png", "size": 8}
    return with_twin(fields(image=unnamed), image=BLOB)


@CASES.warning("BLB002")
def blob_that_is_dag_cbor() -> Broken:
    """A blob's CID is like that of a record."""
    return image(5, ref=Link(cid_of(b"an image")))


@CASES.warning("BLB002")
def blob_of_version_0() -> Broken:
    """A blob's CID is of version 0."""
    return image(9, ref=Link(b"\x12\x20" + sha256(b"an image").digest()))


@CASES.warning("BLB003")
def blob_of_no_bytes() -> Broken:
    """A blob is said to be empty."""
    return image(51, size=0)


@CASES.info("BLB004")
def blob_of_the_older_form() -> Broken:
    """A blob is referred to as before 2023."""
    return fields(image={"cid": "bafkrei", "mimeType": "image/png"})


@CASES.warning("BLB005")
def blob_of_an_empty_type() -> Broken:
    """The media type of a blob is empty."""
    return image(72, mimeType="")


@CASES.warning("BLB005")
def blob_of_half_a_type() -> Broken:
    """The media type of a blob has no slash."""
    return image(72, mimeType="png")


@CASES.warning("REC010")
def nested_33_deep() -> Broken:
    """Arrays stand 32 deep in one another, in a map."""
    deep, good = (Raw(b"\x81" * number + b"\x80") for number in (31, 30))
    return with_twin(fields(value=deep), value=good)


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
