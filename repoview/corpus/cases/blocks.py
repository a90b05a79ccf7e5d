"""Cases of blocks: damaged, doubled, missing, and linked to by nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.corpus.case import Broken, Cases, Twin, stray_twin
from repoview.corpus.cbor import cid_of, encode
from repoview.corpus.repo import STRAY, sample, with_stray

if TYPE_CHECKING:
    from repoview.corpus.tree import Node

CASES = Cases()

UNLINKED = {"BLK004"}
COPIED = frozenset({"BLK002"})
"""What is said besides of a file that has blocks without a link."""


def stray(cid: bytes, data: bytes = STRAY) -> Broken:
    """Put a block of this CID behind the tree."""
    car = with_stray(data, cid)
    return Broken(car, car.last_section, twin=stray_twin())


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


@CASES.error("BLK001", "invalid", complete=False, beside={"REC011"})
def shared_record_damaged() -> Broken:
    """A record of two keys is damaged, which is one fault."""
    repo = sample()
    one, two = repo.first.entries
    assert one.record is not None
    two.record = one.record
    twin = Twin(repo.car(), frozenset({"REC011"}))
    car = repo.car().with_data(one.cid, one.record[:-1] + b"!")
    return Broken(car, car.offset_of(one.cid), twin=twin)


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
    twin = Twin(repo.car().plus_block(entry.record), COPIED)
    car = repo.car().plus_block(entry.record[:-1] + b"!", entry.cid)
    return Broken(car, car.offset_of(entry.cid, copy=1), twin=twin)


@CASES.error("BLK003", "bad-container")
def first_copy_differs() -> Broken:
    """A record stands in front of itself, with another byte."""
    repo = sample()
    cid, record = repo.last_entry.cid, repo.last_entry.record
    assert record is not None
    car = repo.car()
    twin = Twin(car.plus_block(record), COPIED)
    car = car.plus_block(record[:-1] + b"!", cid, at=len(car.parts) - 1)
    return Broken(car, car.offset_of(cid), twin=twin)


@CASES.error("BLK003", "bad-container", beside=UNLINKED)
def copy_of_an_unlinked_block_differs() -> Broken:
    """A block that nothing links to stands in the file twice, once damaged."""
    car = sample().car().plus_block(STRAY)
    twin = Twin(car.plus_block(STRAY), COPIED | UNLINKED)
    car = car.plus_block(STRAY[:-1] + b"!", cid_of(STRAY))
    return Broken(car, car.last_section, twin=twin)


@CASES.error("BLK001", "invalid", complete=False, count=2)
def both_copies_damaged() -> Broken:
    """A record stands in the file twice, and neither copy is what its CID says."""
    repo = sample()
    cid, record = repo.last_entry.cid, repo.last_entry.record
    assert record is not None
    twin = Twin(repo.car().plus_block(record), COPIED)
    car = repo.car().with_data(cid, record[:-1] + b"!")
    car = car.plus_block(record[:-1] + b"?", cid)
    return Broken(car, car.offset_of(cid), twin=twin)


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
    return Broken(sample().car().plus_block(data), None, twin=stray_twin())


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


@CASES.warning("BLK006", verdict="invalid", also={"MST002"})
def node_over_a_megabyte() -> Broken:
    """A node has a field of a million bytes."""
    repo = sample()
    repo.first.changed["x"] = bytes(1_000_000)
    car = repo.car()
    return Broken(car, car.offset_of(repo.first.cid))


@CASES.warning("BLK007", verdict="invalid", also={"MST002"})
def node_over_two_mebibytes() -> Broken:
    """A node has a field of two mebibytes."""
    repo = sample()
    repo.first.changed["x"] = bytes(2 << 20)
    car = repo.car()
    return Broken(car, car.offset_of(repo.first.cid))


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


@CASES.error("BLK008", "incomplete", complete=False, beside={"BLK010", "CAR029"})
def top_node_missing() -> Broken:
    """The file has a commit and nothing else."""
    repo = sample()
    car = repo.car()
    car = car.in_order([repo.cid])
    return Broken(car, car.offset_of(repo.cid))


@CASES.error("BLK009", "incomplete", complete=False, beside={"BLK010", "CAR029"})
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
