"""Cases of the sections: framing, order, and the limits of reading."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from repoview.corpus.case import ANYWHERE, Broken, Cases, Twin, stray_twin
from repoview.corpus.cbor import DAG_CBOR, encode, varint
from repoview.corpus.repo import STRAY, make_car, sample
from repoview.corpus.tree import COLLECTION

if TYPE_CHECKING:
    from repoview.corpus.car import Car
    from repoview.corpus.repo import Repo

CASES = Cases()


@CASES.error("CAR021", "bad-container", beside={"CAR032", "BLK004"})
def section_length_without_end() -> Broken:
    """The length of the section behind the tree has ten bytes."""
    car = sample().car().plus(b"\xff" * 9 + b"\x01")
    return Broken(car.plus_block(STRAY), car.last_section, twin=stray_twin())


@CASES.error("CAR021", "bad-container", beside={"CAR032"})
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


@CASES.error("CAR023", "incomplete", complete=False, also={"BLK009"}, beside={"BLK010"})
def last_record_cut_off() -> Broken:
    """The file ends three bytes before its last record does."""
    car = sample().car().cut(-3)
    return Broken(car, car.last_section)


@CASES.error("CAR023", "incomplete", complete=False, also={"BLK009"}, beside={"BLK010"})
def last_record_cut_off_inside_its_cid() -> Broken:
    """The file ends twenty bytes into its last section."""
    car = sample().car()
    return Broken(car.cut(car.last_section + 20), car.last_section)


@CASES.error("CAR023", "incomplete", complete=False, also={"BLK009"}, beside={"BLK010"})
def last_record_cut_off_behind_its_length() -> Broken:
    """The file ends behind the length of its last section."""
    car = sample().car()
    return Broken(car.cut(car.last_section + 1), car.last_section)


@CASES.error("CAR023", "bad-container")
def block_cut_off_behind_the_tree() -> Broken:
    """The file ends inside a block that nothing links to."""
    car = sample().car().plus_block(STRAY).cut(-1)
    return Broken(car, car.last_section, twin=stray_twin())


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


@CASES.error("CAR027", "incomplete", complete=False, also={"BLK009"}, beside={"BLK010"})
def cut_inside_the_length_of_a_record() -> Broken:
    """The file ends inside the two bytes that say how long its last record is."""
    repo = sample()
    record = {"$type": COLLECTION, "text": "a long one " * 20}
    repo.last_entry.record = encode(record)
    car = repo.car()
    return Broken(car.cut(car.last_section + 1), car.last_section, twin=Twin(car))


@CASES.error("CAR028", "bad-container")
def junk_behind_the_last_section() -> Broken:
    """Behind the tree the file has bytes that are no section."""
    car = sample().car().plus(b"that was all, thank you")
    return Broken(car, car.last_section)


@CASES.error("CAR033", "bad-container")
def two_cars_in_a_row() -> Broken:
    """Behind the repository stands another one, whole."""
    car = sample().car()
    other = make_car({"com.example.other/1": {}})
    return Broken(car.plus(other.data), len(car.data))


@CASES.error("CAR033", "bad-container")
def two_cars_of_which_one_is_cut() -> Broken:
    """Behind the repository stand the first bytes of another header."""
    car = sample().car()
    return Broken(car.plus(car.data[:20]), len(car.data))


@CASES.error(
    "CAR033", "incomplete", complete=False, also={"BLK009"}, beside={"BLK010", "CAR029"}
)
def two_cars_of_which_the_first_lacks_a_record() -> Broken:
    """The block that the first lacks is in the second, and not looked for there."""
    repo = sample()
    car = repo.car()
    short = car.without(repo.last_entry.cid)
    return Broken(short.plus(car.data), len(short.data))


@CASES.error("CAR033", "bad-container")
def carv2_behind_a_car() -> Broken:
    """Behind the repository stands a CARv2."""
    car = sample().car()
    other = bytes.fromhex("0aa16776657273696f6e02") + bytes(40)
    return Broken(car.plus(other), len(car.data))


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


JUNK: Final = b"\xff" * 9 + b"\x01"


@CASES.info("CAR032", verdict="bad-container", also={"CAR021"})
def sections_go_on_behind_junk() -> Broken:
    """Ten bytes stand between two sections, and are no length of any."""
    car = sample().car()
    return Broken(car.plus(JUNK, at=4), car.offsets[4] + len(JUNK))


@CASES.info(
    "CAR032",
    verdict="incomplete",
    complete=False,
    also={"CAR023", "BLK009"},
    beside={"BLK010"},
)
def sections_go_on_behind_a_damaged_length() -> Broken:
    """The length of a record's section leads behind the end of the file."""
    repo = sample()
    car, cid = repo.car(), repo.first.entries[0].cid
    place, section = car.cids.index(cid), cid + car.data_of(cid)
    car = car.without(cid).plus(varint(2**40) + section, at=place)
    return Broken(car, car.offsets[place + 1])


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


@CASES.info("ORD001", beside={"ORD002"})
def blocks_sorted() -> Broken:
    """The blocks are sorted by CID."""
    repo = sample()
    car = repo.car()
    car = car.in_order(sorted(car.cids))
    return Broken(car, first_astray(repo, car))


@CASES.info("ORD001")
def blocks_sorted_backwards() -> Broken:
    """The blocks are sorted by CID, the greatest first: here, the commit."""
    repo = sample()
    car = repo.car()
    car = car.in_order(sorted(car.cids, reverse=True))
    return Broken(car, first_astray(repo, car))


def first_astray(repo: Repo, car: Car) -> int:
    """Return the section of the first block that stands before the one walked."""
    walked = [car.offset_of(cid) for cid in repo.car().cids]
    return next(b for a, b in pairwise(walked) if b < a)


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


# Limits


@CASES.error(
    "LIM001",
    "incomplete",
    complete=None,
    options={"budget": 20_000},
)
def too_many_blocks() -> Broken:
    """The blocks do not fit into the memory that is allowed for."""
    car = sample().car()
    for number in range(2000):
        car = car.plus_block(encode({"$type": "com.example.stray", "n": number}))
    return Broken(car, ANYWHERE)


@CASES.error(
    "LIM001",
    "incomplete",
    complete=None,
    options={"budget": 20_000},
)
def root_behind_the_limit() -> Broken:
    """The reading ends before the commit comes: nothing proves that there is none."""
    car = sample().car()
    for number in range(2000):
        stray = encode({"$type": "com.example.stray", "n": number})
        car = car.plus_block(stray, at=0)
    return Broken(car, ANYWHERE)


@CASES.error(
    "LIM001",
    "incomplete",
    complete=None,
    options={"budget": 40_000},
)
def too_many_records() -> Broken:
    """The keys do not fit into the memory that is allowed for."""
    same = encode({"$type": COLLECTION})
    keys = (f"{COLLECTION}/{number:05}" for number in range(10_000, 12_000))
    return Broken(make_car(dict.fromkeys(keys, same)), ANYWHERE)


@CASES.info("LIM002", verdict="bad-records", also={"REC003"})
def hundred_and_one_findings() -> Broken:
    """A hundred and one records have no `$type`; the last is only counted."""
    names = [f"com.example.note/{number:03}" for number in range(101)]
    car = make_car({name: encode({"text": name}) for name in names})
    return Broken(car, None, twin=Twin(make_car({name: {} for name in names})))
