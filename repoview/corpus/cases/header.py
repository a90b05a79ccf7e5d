"""Cases of the header, and of files that are no CAR at all."""

from __future__ import annotations

from repoview.corpus.case import Broken, Cases
from repoview.corpus.cbor import (
    DAG_CBOR,
    DAG_PB,
    RAW,
    Link,
    Raw,
    cid_of,
    encode,
    encode_pairs,
    varint,
)
from repoview.corpus.repo import sample

CASES = Cases()


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


@CASES.error("CAR020", "bad-container")
def root_is_missing_beside_a_commit() -> Broken:
    """The root is nowhere, but there is another commit, with its tree."""
    return Broken(sample().car().with_roots(DAG_CBOR + bytes(32)), 0)


@CASES.error(
    "CAR020",
    "incomplete",
    complete=False,
    also={"BLK009"},
    beside={"BLK010", "CAR029"},
)
def root_is_missing_beside_a_commit_and_so_is_a_record() -> Broken:
    """The root is nowhere, and the tree of another commit lacks a record."""
    repo = sample()
    car = repo.car().without(repo.last_entry.cid)
    return Broken(car.with_roots(DAG_CBOR + bytes(32)), 0)


@CASES.error(
    "CAR020",
    "incomplete",
    complete=False,
    also={"BLK008"},
    beside={"BLK010", "CAR029"},
)
def root_is_missing_beside_a_bare_commit() -> Broken:
    """The root is nowhere, and neither is the tree of the only commit."""
    repo = sample()
    car = repo.car().in_order([repo.cid])
    return Broken(car.with_roots(DAG_CBOR + bytes(32)), 0)


@CASES.fatal(
    "COM001",
    complete=None,
    also={"CAR016"},
    beside={"CID003", "BLK004"},
)
def files_of_ipfs() -> Broken:
    """The file holds a file, as IPFS has them, and no repository."""
    data = bytes.fromhex("0a0b0802120568656c6c6f1805")
    cid = DAG_PB + cid_of(data)[4:]
    car = sample().car().in_order([]).plus_block(data, cid)
    return Broken(car.with_roots(cid), None)


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
