"""Cases of blocks and of the CIDs that name them."""

from __future__ import annotations

from hashlib import sha256, sha512

from tests.cars.car import Car
from tests.cars.case import Broken, Cases
from tests.cars.cbor import RAW, Link, cid_of, encode
from tests.cars.container import STRAY
from tests.cars.repo import Sample, sample
from tests.cars.tree import COLLECTION, Node

CASES = Cases()

IDENTITY = b"\x01\x71\0"
SHA_512 = b"\x01\x71\x13\x40"
BLAKE_3 = b"\x01\x71\x1e\x20"
SHORT = b"\x01\x71\x12\x14"
"""What odd CIDs begin with; the last is a sha2-256 of 20 bytes."""

UNLINKED = {"BLK004"}
"""What is said besides of a file that has blocks without a link."""


def stray(cid: bytes, data: bytes = STRAY) -> Broken:
    """Put a block of this CID behind the tree."""
    car = sample().car().plus_block(data, cid)
    return Broken(car, car.last_section)


def linked_record(form: bytes, digest: bytes) -> tuple[Sample, Car, int]:
    """Link the last key to its record by another CID.

    Returns:
        The repository, its file, and where the record's section begins.
    """
    repo = sample()
    entry = repo.last_entry
    entry.link = Link(form + digest)
    car = repo.car()
    return repo, car, car.last_section


# CIDs


@CASES.error("CID001", "bad-container")
def malformed_cid() -> Broken:
    """A CID behind the tree says that it is of version 5."""
    car = sample().car().plus(bytes([60, 5, 0x71, 0x12, 32]) + bytes(56))
    return Broken(car, car.last_section)


@CASES.warning("CID002", beside=UNLINKED)
def cid_of_version_0() -> Broken:
    """A block behind the tree has a CIDv0."""
    return stray(b"\x12\x20" + sha256(STRAY).digest())


@CASES.warning("CID003", beside=UNLINKED)
def codec_of_files() -> Broken:
    """A block behind the tree is dag-pb."""
    return stray(b"\x01\x70\x12\x20" + sha256(STRAY).digest())


@CASES.warning("CID004", beside=UNLINKED)
def hash_of_512_bits() -> Broken:
    """A block behind the tree is hashed with sha2-512."""
    return stray(SHA_512 + sha512(STRAY).digest())


@CASES.warning("CID004", beside=UNLINKED)
def hash_that_is_not_known() -> Broken:
    """A block behind the tree is hashed with blake3, which we cannot verify."""
    return stray(BLAKE_3 + bytes(32))


@CASES.error("CID004", "invalid", complete=False, beside={"CID009"})
def record_that_cannot_be_hashed() -> Broken:
    """A record is linked to by a hash that we cannot verify."""
    _, car, offset = linked_record(BLAKE_3, bytes(32))
    return Broken(car, offset)


@CASES.warning("CID004", beside={"CID009"})
def record_with_another_hash() -> Broken:
    """A record is linked to by its sha2-512, which can be verified."""
    digest = sha512(sample().last_entry.record or b"").digest()
    _, car, offset = linked_record(SHA_512, digest)
    return Broken(car, offset)


@CASES.warning("CID005", beside=UNLINKED)
def short_digest() -> Broken:
    """A block behind the tree has twenty bytes of its sha2-256."""
    return stray(SHORT + sha256(STRAY).digest()[:20])


@CASES.error("CID005", "invalid", complete=False, beside={"CID009"})
def record_with_a_short_digest() -> Broken:
    """A record is linked to by a part of its sha2-256."""
    digest = sha256(sample().last_entry.record or b"").digest()[:20]
    _, car, offset = linked_record(SHORT, digest)
    return Broken(car, offset)


@CASES.warning("CID006", beside=UNLINKED)
def identity_cid() -> Broken:
    """A CID behind the tree holds the data itself."""
    return stray(IDENTITY + bytes([len(STRAY)]) + STRAY, b"")


@CASES.error("CID006", "invalid", complete=False, beside={"CID009"})
def record_inside_its_cid() -> Broken:
    """A record is linked to by a CID that holds it."""
    record = encode({"$type": COLLECTION})
    repo = sample()
    entry = repo.last_entry
    entry.record, entry.link = b"", Link(IDENTITY + bytes([len(record)]) + record)
    car = repo.car()
    return Broken(car, car.last_section)


@CASES.error("CID008", "invalid")
def left_link_is_raw() -> Broken:
    """The left link of a node has the codec of blobs."""
    repo = sample()
    repo.first.form = RAW
    car = repo.car()
    return Broken(car, car.offset_of(repo.inner.cid))


@CASES.error("CID008", "invalid")
def tree_link_is_raw() -> Broken:
    """The tree link of an entry has the codec of blobs."""
    repo = sample()
    repo.second.form = RAW
    car = repo.car()
    return Broken(car, car.offset_of(repo.inner.cid))


@CASES.error("CID008", "invalid")
def data_link_is_raw() -> Broken:
    """The commit links to the tree with the codec of blobs."""
    repo = sample()
    repo.top.form = RAW
    car = repo.car()
    return Broken(car, car.offset_of(repo.cid))


@CASES.error("CID008", "invalid", beside={"COM007"})
def prev_link_is_raw() -> Broken:
    """The commit links to the one before with the codec of blobs."""
    repo = sample()
    repo.commit["prev"] = Link(RAW + bytes(32))
    car = repo.car()
    return Broken(car, car.offset_of(repo.cid))


@CASES.warning("CID009")
def record_link_is_raw() -> Broken:
    """A record is linked to with the codec of blobs."""
    digest = sha256(sample().last_entry.record or b"").digest()
    repo, car, _ = linked_record(RAW, digest)
    return Broken(car, car.offset_of(repo.last.cid))


@CASES.error("CID009", "invalid", options={"profile": "strict"})
def record_link_is_raw_strictly() -> Broken:
    """To the strict profile all links of the tree have one form."""
    return record_link_is_raw()


# Blocks that do not hash


@CASES.error("BLK001", "invalid", complete=False)
def record_damaged() -> Broken:
    """The last byte of a record is another."""
    repo = sample()
    entry = repo.second.entries[1]
    assert entry.record is not None
    damaged = entry.record[:-1] + b"!"
    car = repo.car().with_data(entry.cid, damaged)
    return Broken(car, car.offset_of(entry.cid))


@CASES.error("BLK001", "invalid", complete=False, beside=UNLINKED)
def node_damaged() -> Broken:
    """A byte of a node is another; its records are not linked to then."""
    repo = sample()
    node = repo.first
    car = repo.car().with_data(node.cid, node.data[:-1] + b"\0")
    return Broken(car, car.offset_of(node.cid))


@CASES.error("BLK001", "invalid", complete=False)
def commit_damaged() -> Broken:
    """A byte of the commit is another."""
    repo = sample()
    car = repo.car().with_data(repo.cid, repo.data[:-1] + b"\x02")
    return Broken(car, car.offset_of(repo.cid))


@CASES.error("BLK001", "invalid", complete=False, options={"expect": "slice"})
def record_damaged_in_a_slice() -> Broken:
    """Damage is no block that was left out."""
    return record_damaged()


@CASES.error("BLK001", "bad-container", beside=UNLINKED)
def unlinked_block_damaged() -> Broken:
    """A block that nothing links to is not what its CID says."""
    return stray(cid_of(STRAY), STRAY[:-1] + b"!")


@CASES.error("BLK003", "bad-container")
def second_copy_differs() -> Broken:
    """A record stands behind the tree again, with another byte."""
    repo = sample()
    entry = repo.first.entries[0]
    assert entry.record is not None
    car = repo.car().plus_block(entry.record[:-1] + b"!", entry.cid)
    return Broken(car, car.offset_of(entry.cid, copy=1))


@CASES.error("BLK003", "bad-container")
def first_copy_differs() -> Broken:
    """A record stands in front of itself, with another byte."""
    repo = sample()
    cid, record = repo.last_entry.cid, repo.last_entry.record
    assert record is not None
    car = repo.car()
    car = car.plus_block(record[:-1] + b"!", cid, at=len(car.parts) - 1)
    return Broken(car, car.offset_of(cid))


@CASES.error("BLK003", "bad-container", beside=UNLINKED)
def copy_of_an_unlinked_block_differs() -> Broken:
    """A block that nothing links to stands in the file twice, once damaged."""
    car = sample().car().plus_block(STRAY)
    car = car.plus_block(STRAY[:-1] + b"!", cid_of(STRAY))
    return Broken(car, car.last_section)


# Copies, and blocks that nothing links to


@CASES.info("BLK002")
def two_blocks_twice() -> Broken:
    """Two blocks of the tree stand behind it again."""
    repo = sample()
    car = repo.car().plus_block(repo.top.data).plus_block(repo.inner.data)
    return Broken(car, None)


@CASES.info("BLK004")
def unlinked_block() -> Broken:
    """Behind the tree stands a record that nothing links to."""
    return Broken(sample().car().plus_block(STRAY), None)


@CASES.warning("BLK005", beside=UNLINKED)
def mostly_unlinked() -> Broken:
    """Most of the file is a block that nothing links to."""
    data = encode({"$type": "com.example.stray", "text": "much ado " * 1000})
    return Broken(sample().car().plus_block(data), None)


@CASES.warning("BLK006", beside={"BLK004", "BLK005"})
def block_over_a_megabyte() -> Broken:
    """A block that nothing links to is over the bound of a record."""
    data = encode({"$type": "com.example.stray", "text": "." * 1_000_001})
    return stray(cid_of(data), data)


@CASES.warning("BLK007", beside={"BLK004", "BLK005"})
def block_over_two_mebibytes() -> Broken:
    """A block that nothing links to is over the bound of several readers."""
    data = encode({"$type": "com.example.stray", "text": "." * (2 << 20)})
    return stray(cid_of(data), data)


@CASES.info("BLK011", beside={"BLK004", "COM017"})
def older_commit() -> Broken:
    """Behind the tree stands the commit of another tree."""
    repo = sample()
    repo.commit["rev"] = "3kdaaaaaaaa22"
    return Broken(sample().car().plus_block(repo.data), None)


@CASES.info("BLK011", beside=UNLINKED)
def older_node() -> Broken:
    """Behind the tree stands a node that it once had."""
    repo = sample()
    del repo.first.entries[0]
    return Broken(sample().car().plus_block(repo.first.data), None)


@CASES.info("BLK012", beside=UNLINKED)
def unlinked_block_is_no_cbor() -> Broken:
    """Behind the tree stands a block that hashes and is no CBOR."""
    data = b"\xff\xfe plain bytes"
    return stray(cid_of(data), data)


# Blocks that are missing


@CASES.error(
    "BLK008",
    "incomplete",
    complete=False,
    beside={"BLK004", "BLK010", "CAR029"},
)
def node_missing() -> Broken:
    """A node at the bottom is not there."""
    repo = sample()
    car = repo.car().without(repo.first.cid)
    return Broken(car, car.offset_of(repo.inner.cid))


@CASES.error(
    "BLK008", "incomplete", complete=False, beside={"BLK010", "CAR029"}
)
def top_node_missing() -> Broken:
    """The file has a commit and nothing else."""
    repo = sample()
    car = repo.car()
    car = car.in_order([repo.cid])
    return Broken(car, car.offset_of(repo.cid))


@CASES.error(
    "BLK009", "incomplete", complete=False, beside={"BLK010", "CAR029"}
)
def record_missing() -> Broken:
    """The record of a key is not there."""
    repo = sample()
    car = repo.car().without(repo.second.entries[1].cid)
    return Broken(car, car.offset_of(repo.second.cid))


@CASES.info(
    "BLK010",
    complete=False,
    beside={"BLK008", "BLK009", "CAR029"},
    options={"expect": "slice"},
)
def proof_of_a_record() -> Broken:
    """The file has what proves one record, and nothing beside the way there."""
    repo = sample()
    way: list[Node] = [repo.top, repo.inner, repo.second]
    kept = [repo.cid, *(node.cid for node in way), repo.second.entries[0].cid]
    return Broken(repo.car().in_order(kept), None)

