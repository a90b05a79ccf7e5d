"""Cases of CIDs: of blocks, and of links in the tree."""

from __future__ import annotations

from hashlib import sha256, sha512
from typing import TYPE_CHECKING

from repoview.corpus.case import Broken, Cases, stray_twin
from repoview.corpus.cbor import RAW, Link, encode
from repoview.corpus.repo import STRAY, sample, with_stray
from repoview.corpus.tree import COLLECTION

if TYPE_CHECKING:
    from repoview.corpus.car import Car
    from repoview.corpus.repo import Sample

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
    car = with_stray(data, cid)
    return Broken(car, car.last_section, twin=stray_twin())


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
    record = encode({"$type": COLLECTION, "text": "inside a CID"})
    repo = sample()
    entry = repo.last_entry
    entry.record, entry.link = b"", Link(IDENTITY + bytes([len(record)]) + record)
    car = repo.car()
    return Broken(car, car.last_section)


def node_named(name: bytes, damage: bytes = b"") -> tuple[Broken, int]:
    """Link to the leftmost node by another CID, with *damage* at its end.

    Returns:
        The file, with the place of the link; and that of the node's section.
    """
    repo = sample()
    data = repo.first.data
    repo.inner.left = Link(name)
    car = repo.car()
    for entry in reversed(sample().first.entries):
        car = car.plus_block(entry.record or b"", at=3)
    car = car.plus_block(data[: len(data) - len(damage)] + damage, name, at=3)
    return Broken(car, car.offset_of(repo.inner.cid)), car.offset_of(name)


@CASES.error("CID008", "invalid", beside={"CID004"})
def node_with_another_hash() -> Broken:
    """A node is linked to by its sha2-512, which can be verified."""
    broken, _ = node_named(SHA_512 + sha512(sample().first.data).digest())
    return broken


@CASES.error("CID004", "invalid", complete=False, also={"CID008"})
def node_that_cannot_be_hashed() -> Broken:
    """A node is linked to by a hash that we cannot verify."""
    broken, offset = node_named(BLAKE_3 + bytes(32))
    return Broken(broken.car, offset)


@CASES.error(
    "BLK001",
    "invalid",
    complete=False,
    also={"CID008"},
    beside={"CID004", "BLK004"},
)
def node_with_another_hash_damaged() -> Broken:
    """A node is linked to by its sha2-512, and is damaged."""
    digest = sha512(sample().first.data).digest()
    broken, offset = node_named(SHA_512 + digest, b"!")
    return Broken(broken.car, offset)


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
