"""Cases of the file around the repository: header, sections, wrapper, limits."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from tests.cars.case import ANYWHERE, Broken, Cases
from tests.cars.cbor import DAG_CBOR, RAW, Link, Raw, encode, encode_pairs, varint
from tests.cars.repo import make_car, sample

if TYPE_CHECKING:
    from tests.cars.car import Car

CASES = Cases()

STRAY = encode({"$type": "com.example.stray", "text": "nothing links here"})
"""A block that may be put anywhere: the tree does not need it."""


def shifted(car: Car, root: object) -> Broken:
    """Put *root* in place of the root."""
    return Broken(car.with_header({"roots": [root], "version": 1}), 0)


# The header


@CASES.fatal("CAR001", complete=None)
def empty_file() -> Broken:
    """There are no bytes at all."""
    return Broken(b"", 0)


@CASES.fatal("CAR002", complete=None)
def header_of_length_zero() -> Broken:
    """The length in front of the header is 0."""
    car = sample().car()
    return Broken(b"\0" + car.data, 0)


@CASES.fatal("CAR003", complete=None)
def header_length_without_end() -> Broken:
    """The length in front of the header has ten bytes."""
    return Broken(b"\xba" + b"\x80" * 8 + b"\0" + sample().car().data, 0)


@CASES.fatal("CAR003", complete=None)
def header_length_over_63_bits() -> Broken:
    """The length in front of the header is 2**63, which takes ten bytes."""
    return Broken(varint(2**63) + sample().car().data, 0)


@CASES.warning("CAR004")
def header_length_padded() -> Broken:
    """The length in front of the header has a byte that says nothing."""
    repo = sample()
    fields = {"roots": [Link(repo.cid)], "version": 1}
    return Broken(repo.car().with_header(fields, padding=1), 0)


@CASES.error("CAR004", "bad-container", options={"profile": "strict"})
def header_length_padded_strictly() -> Broken:
    """To the strict profile a padded length is an error."""
    return header_length_padded()


@CASES.fatal("CAR005", complete=None)
def header_length_of_a_terabyte() -> Broken:
    """The length in front of the header is 2**40."""
    return Broken(varint(2**40) + sample().car().data, 0)


@CASES.fatal("CAR006", complete=None)
def cut_inside_the_header() -> Broken:
    """The file ends twenty bytes into the header."""
    return Broken(sample().car().cut(20), 0)


@CASES.fatal("CAR006", complete=None)
def cut_inside_the_length_of_the_header() -> Broken:
    """The file is the first byte of a length of two."""
    return Broken(b"\xba", 0)


@CASES.fatal("CAR007", complete=None)
def header_is_no_cbor() -> Broken:
    """The first byte of the header is a break."""
    return Broken(sample().car().with_header(b"\xff" * 40), 1)


@CASES.fatal("CAR007", complete=None)
def header_is_no_map() -> Broken:
    """The header is a list of roots."""
    repo = sample()
    return Broken(repo.car().with_header([Link(repo.cid)]), 1)


@CASES.fatal("CAR009", complete=None)
def version_3() -> Broken:
    """The header says version 3."""
    repo = sample()
    fields = {"roots": [Link(repo.cid)], "version": 3}
    return Broken(repo.car().with_header(fields), 0)


@CASES.fatal("CAR009", complete=None)
def version_2_without_its_pragma() -> Broken:
    """The header says version 2, but has roots as version 1 has."""
    repo = sample()
    fields = {"roots": [Link(repo.cid)], "version": 2}
    return Broken(repo.car().with_header(fields), 0)


@CASES.error("CAR010", "bad-container")
def no_version() -> Broken:
    """The header has roots only."""
    repo = sample()
    return Broken(repo.car().with_header({"roots": [Link(repo.cid)]}), 0)


@CASES.error("CAR010", "bad-container")
def version_is_text() -> Broken:
    """The header's version is the text "1"."""
    repo = sample()
    fields = {"roots": [Link(repo.cid)], "version": "1"}
    return Broken(repo.car().with_header(fields), 0)


@CASES.error("CAR011", "bad-container")
def no_roots() -> Broken:
    """The header has a version only; the commit can be found."""
    return Broken(sample().car().with_header({"version": 1}), 0)


@CASES.error("CAR011", "bad-container")
def root_in_place_of_roots() -> Broken:
    """The header has `root`, as the first drafts had it."""
    repo = sample()
    fields = {"root": [Link(repo.cid)], "version": 1}
    return Broken(repo.car().with_header(fields), 0)


@CASES.warning("CAR012")
def roots_are_empty() -> Broken:
    """The header has no root; the commit can be found."""
    return Broken(sample().car().with_roots(), 0)


@CASES.info("CAR013")
def two_roots() -> Broken:
    """The top node is a root beside the commit."""
    repo = sample()
    return Broken(repo.car().with_roots(repo.cid, repo.top.cid), 0)


@CASES.error("CAR013", "bad-container", options={"profile": "strict"})
def two_roots_strictly() -> Broken:
    """To the strict profile there is one root."""
    return two_roots()


@CASES.warning("CAR014", beside={"CAR013"})
def same_root_twice() -> Broken:
    """The commit is a root two times."""
    repo = sample()
    return Broken(repo.car().with_roots(repo.cid, repo.cid), 0)


@CASES.error("CAR015", "bad-container")
def root_is_text() -> Broken:
    """The root is a number; the commit can be found."""
    # 1 byte of length, then a2 65 "roots" 81: the root is the tenth byte.
    return Broken(sample().car().with_header({"roots": [7], "version": 1}), 9)


@CASES.error("CAR015", "bad-container", beside={"CAR013"})
def second_root_is_text() -> Broken:
    """The root behind the commit is a number."""
    repo = sample()
    fields = {"roots": [Link(repo.cid), 7], "version": 1}
    return Broken(repo.car().with_header(fields), 9 + 41)


@CASES.error("CAR016", "bad-container")
def root_is_raw() -> Broken:
    """The root has the digest of the commit, but the codec of blobs."""
    repo = sample()
    return Broken(repo.car().with_roots(RAW + repo.cid[4:]), 0)


@CASES.error("CAR016", "bad-container")
def root_is_of_version_0() -> Broken:
    """The root has the digest of the commit, but is a CIDv0."""
    repo = sample()
    return Broken(repo.car().with_roots(repo.cid[2:]), 0)


@CASES.error("CAR016", "bad-container")
def root_is_raw_and_nowhere() -> Broken:
    """The root is raw and of another digest; the commit can be found."""
    return Broken(sample().car().with_roots(RAW + bytes(32)), 0)


@CASES.info("CAR017")
def header_with_a_field_more() -> Broken:
    """The header tells who wrote the file."""
    repo = sample()
    fields = {"roots": [Link(repo.cid)], "version": 1, "by": "a writer"}
    return Broken(repo.car().with_header(fields), 0)


@CASES.warning("CAR018")
def header_out_of_order() -> Broken:
    """The header has its longer key first."""
    repo = sample()
    data = encode_pairs([("version", 1), ("roots", [Link(repo.cid)])])
    # 1 byte of length, then a2 67 "version" 01: the key is the twelfth byte.
    return Broken(repo.car().with_header(data), 11)


@CASES.warning("CAR018")
def header_without_a_length() -> Broken:
    """The header is a map that ends in a break."""
    repo = sample()
    data = encode({"roots": [Link(repo.cid)], "version": 1})
    return Broken(repo.car().with_header(b"\xbf" + data[1:] + b"\xff"), 1)


@CASES.warning("CAR018")
def header_with_a_long_number() -> Broken:
    """The header's version takes two bytes."""
    repo = sample()
    fields = {"roots": [Link(repo.cid)], "version": Raw.hex("1801")}
    car = repo.car().with_header(fields)
    return Broken(car, len(car.header) - 2)


@CASES.warning("CAR019")
def header_with_bytes_behind() -> Broken:
    """The header's length counts three bytes more than its map has."""
    repo = sample()
    data = encode({"roots": [Link(repo.cid)], "version": 1})
    car = repo.car().with_header(data + b"\0\0\0")
    return Broken(car, len(car.header) - 3)


@CASES.error("CAR020", "incomplete")
def root_is_missing_beside_a_commit() -> Broken:
    """The root is nowhere, but there is another whole commit."""
    return Broken(sample().car().with_roots(DAG_CBOR + bytes(32)), 0)


@CASES.error("CAR020", "unreadable", also={"COM001"})
def commit_is_missing() -> Broken:
    """The root is the only commit, and is nowhere."""
    repo = sample()
    return Broken(repo.car().without(repo.cid), 0)


@CASES.fatal("CAR030", complete=None)
def html() -> Broken:
    """The file is the error page of a server."""
    return Broken(b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>", 0)


@CASES.fatal("CAR030", complete=None)
def json() -> Broken:
    """The file is the error message of a server."""
    return Broken(b'{"error":"RepoNotFound","message":"Could not find repo"}', 0)


@CASES.fatal("CAR030", complete=None)
def zipped() -> Broken:
    """The file is a zip."""
    return Broken(b"PK\3\4\x14\0\0\0\x08\0" + bytes(100), 0)


# Sections


@CASES.error("CAR021", "bad-container")
def section_length_without_end() -> Broken:
    """The length of the section behind the tree has ten bytes."""
    car = sample().car().plus(b"\xff" * 9 + b"\x01")
    return Broken(car.plus_block(STRAY), car.last_section)


@CASES.error(
    "CAR021", "incomplete", complete=False, also={"BLK009"}, beside={"BLK010"}
)
def framing_lost_inside_the_tree() -> Broken:
    """The length of the last record's section has ten bytes."""
    repo = sample()
    car = repo.car()
    broken = car.plus(b"\xff" * 9 + b"\x01", at=len(car.parts) - 1)
    return Broken(broken, car.last_section)


@CASES.warning("CAR022")
def section_length_padded() -> Broken:
    """The length of the top node's section has two bytes that say nothing."""
    repo = sample()
    car = repo.car().with_padding(repo.top.cid, 2)
    return Broken(car, car.offset_of(repo.top.cid))


@CASES.error("CAR022", "bad-container", options={"profile": "strict"})
def section_length_padded_strictly() -> Broken:
    """To the strict profile a padded length is an error."""
    return section_length_padded()


@CASES.error(
    "CAR023", "incomplete", complete=False, also={"BLK009"}, beside={"BLK010"}
)
def last_record_cut_off() -> Broken:
    """The file ends three bytes before its last record does."""
    car = sample().car().cut(-3)
    return Broken(car, car.last_section)


@CASES.error("CAR023", "bad-container")
def block_cut_off_behind_the_tree() -> Broken:
    """The file ends inside a block that nothing links to."""
    car = sample().car().plus_block(STRAY).cut(-1)
    return Broken(car, car.last_section)


@CASES.error("CAR023", "bad-container")
def section_of_a_terabyte() -> Broken:
    """A section behind the tree says that it has 2**40 bytes."""
    car = sample().car().plus(varint(2**40) + DAG_CBOR + bytes(40))
    return Broken(car, car.last_section)


@CASES.error("CAR024", "bad-container")
def section_over_the_limit() -> Broken:
    """A block that nothing links to has 33 MiB."""
    car = sample().car().plus_block(bytes(33 << 20), DAG_CBOR + bytes(32))
    return Broken(car, car.last_section)


@CASES.error(
    "CAR024",
    "incomplete",
    complete=False,
    also={"BLK009"},
    beside={"BLK010", "CAR029"},
)
def record_over_the_limit() -> Broken:
    """A record has 33 MiB."""
    repo = sample()
    repo.last_entry.record = encode({"$type": "com.example.note"}) + bytes(33 << 20)
    car = repo.car()
    return Broken(car, car.last_section)


@CASES.warning("CAR025")
def sections_of_zero_length() -> Broken:
    """Three zeros stand between two sections."""
    car = sample().car()
    return Broken(car.plus(bytes(3), at=4), car.offsets[4])


@CASES.info("CAR025")
def zeros_at_the_end() -> Broken:
    """The file is filled up with zeros."""
    car = sample().car().plus(bytes(512))
    return Broken(car, car.last_section)


@CASES.error("CAR026", "bad-container")
def section_shorter_than_a_cid() -> Broken:
    """A section between two others has five bytes."""
    car = sample().car()
    return Broken(car.plus(b"\5hello", at=4), car.offsets[4])


@CASES.error("CAR026", "bad-container")
def section_shorter_than_its_cid() -> Broken:
    """A section of 40 bytes begins a CID of 68."""
    car = sample().car()
    junk = bytes([40, 1, 0x71, 0x13, 64]) + bytes(36)
    return Broken(car.plus(junk, at=4), car.offsets[4])


@CASES.error("CAR027", "bad-container")
def cut_inside_the_length_of_a_section() -> Broken:
    """Behind the tree the file has the first byte of a length."""
    car = sample().car().plus(b"\x80")
    return Broken(car, car.last_section)


@CASES.error("CAR028", "bad-container")
def junk_behind_the_last_section() -> Broken:
    """Behind the tree the file has bytes that are no section."""
    car = sample().car().plus(b"that was all, thank you")
    return Broken(car, car.last_section)


@CASES.warning(
    "CAR029",
    verdict="incomplete",
    complete=False,
    also={"BLK009"},
    beside={"BLK010"},
)
def cut_between_two_sections() -> Broken:
    """The file ends behind the last record but one."""
    repo = sample()
    car = repo.car().without(repo.last_entry.cid)
    return Broken(car, len(car.data))


@CASES.info(
    "CAR029",
    complete=False,
    beside={"BLK009", "BLK010"},
    options={"expect": "slice"},
)
def slice_that_ends_early() -> Broken:
    """A slice may end wherever it likes."""
    return cut_between_two_sections()


# Order


@CASES.info("ORD001")
def nodes_before_records() -> Broken:
    """The commit comes first, then all nodes, then all records."""
    repo = sample()
    car = repo.car()
    nodes = [repo.top, repo.inner, repo.first, repo.second, repo.bridge, repo.last]
    first = [repo.cid, *(node.cid for node in nodes)]
    records = [cid for cid in car.cids if cid not in first]
    car = car.in_order([*first, *records])
    # The walk comes from the last record of `first` back to the node `second`.
    return Broken(car, car.offset_of(repo.second.cid))


@CASES.info("ORD002", beside={"ORD001"})
def commit_at_the_end() -> Broken:
    """The commit is the last block."""
    repo = sample()
    car = repo.car()
    car = car.in_order([*car.cids[1:], repo.cid])
    return Broken(car, car.last_section)


@CASES.info("ORD003")
def order_of_the_walk() -> Broken:
    """The blocks are in the order of the walk, which is told."""
    return Broken(sample().car(), None)


# CARv2


def wrapped(
    car: Car,
    *,
    traits: bytes = bytes(16),
    offset: int = 51,
    size: int | None = None,
    index: int = 0,
    before: bytes = b"",
    behind: bytes = b"",
) -> bytes:
    """Return a CARv2 around *car*, with a header that may say anything."""
    size = len(car.data) if size is None else size
    header = struct.pack("<16sQQQ", traits, offset, size, index)
    pragma = bytes.fromhex("0aa16776657273696f6e02")
    return pragma + header + before + car.data + behind


@CASES.info("CV2001")
def carv2() -> Broken:
    """The CAR stands in a CARv2."""
    return Broken(wrapped(sample().car()), 0)


@CASES.fatal("CV2002", complete=None)
def carv2_header_cut_off() -> Broken:
    """The file ends inside the header of the CARv2."""
    return Broken(wrapped(sample().car())[:30], 11)


@CASES.fatal("CV2002", complete=None)
def carv2_data_inside_the_header() -> Broken:
    """The data of the CARv2 begin inside its own header."""
    return Broken(wrapped(sample().car(), offset=40), 11 + 16)


@CASES.fatal("CV2002", complete=None)
def carv2_data_behind_the_end() -> Broken:
    """The data of the CARv2 begin behind the end of the file."""
    return Broken(wrapped(sample().car(), offset=1 << 60), 11 + 16)


@CASES.fatal("CV2002", complete=None)
def carv2_without_data() -> Broken:
    """The data of the CARv2 have no bytes."""
    return Broken(wrapped(sample().car(), size=0), 11 + 16)


@CASES.warning("CV2003", beside={"CV2001"})
def carv2_data_past_the_end() -> Broken:
    """The data of the CARv2 should have a hundred bytes more than are there."""
    car = sample().car()
    return Broken(wrapped(car, size=len(car.data) + 100), 11 + 24)


@CASES.warning("CV2004", beside={"CV2001"})
def carv2_bits_without_meaning() -> Broken:
    """The CARv2 sets the lowest bit, beside that of a full index."""
    return Broken(wrapped(sample().car(), traits=b"\x81" + bytes(15)), 11)


@CASES.info("CV2005", beside={"CV2001"})
def carv2_with_index() -> Broken:
    """The CARv2 has a sorted index, which is not needed."""
    car = sample().car()
    end = 51 + len(car.data)
    index = varint(0x0400) + bytes(4)
    return Broken(wrapped(car, index=end, behind=index), end)


@CASES.error("CV2006", "unreadable", complete=None, beside={"CV2001"})
def carv2_in_carv2() -> Broken:
    """The CAR in the CARv2 says that it is of version 2 itself."""
    repo = sample()
    fields = {"roots": [Link(repo.cid)], "version": 2}
    return Broken(wrapped(repo.car().with_header(fields)), 51)


@CASES.info("CV2007", beside={"CV2001"})
def carv2_with_padding() -> Broken:
    """The data of the CARv2 begin 13 bytes behind its header."""
    return Broken(wrapped(sample().car(), offset=64, before=bytes(13)), 51)


# Limits


@CASES.error(
    "LIM001", "incomplete", complete=None, options={"budget": 5_000}, beside={"BLK009"}
)
def budget_reached() -> Broken:
    """The blocks do not fit into the memory that is allowed for."""
    records = {f"com.example.note/{number:05}": {} for number in range(3000)}
    return Broken(make_car(records), ANYWHERE)


@CASES.info("LIM002", verdict="bad-records", also={"REC003"})
def hundred_and_one_findings() -> Broken:
    """A hundred and one records have no `$type`; the last is only counted."""
    records = {
        f"com.example.note/{number:03}": encode({"text": str(number)})
        for number in range(101)
    }
    return Broken(make_car(records), None)
