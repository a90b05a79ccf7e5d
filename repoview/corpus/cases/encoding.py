"""Cases of encoding: each fault in a record, in a node, and in the commit.

In a record it is the record's fault alone. In a node or commit the tree is
wrong: its CIDs are over bytes that nobody else would have written.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from repoview.corpus.case import Broken, Cases, Twin
from repoview.corpus.cases.bad_values import VALUES, Bad
from repoview.corpus.cbor import Raw, encode, encode_pairs
from repoview.corpus.repo import sample
from repoview.corpus.tree import COLLECTION

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.corpus.repo import Sample

CASES = Cases()

LAST = "zzzzzzzz"
"""A field that sorts behind all others, so that all others are read."""

STOPS = {"CBR001", "CBR005", "CBR017", "CBR018", "CBR021"}
"""Codes behind which nothing of a block can be read."""


def record_of(data: bytes, good: bytes | None = None) -> tuple[Sample, Broken]:
    """Make *data* the block of the last record, and *good* that of its twin."""
    repo = sample()
    repo.last_entry.record = data
    car = repo.car()
    twin = None if good is None else Twin(record_of(good)[1].car)
    return repo, Broken(car, car.last_section, twin=twin)


def _in_record(bad: Bad) -> Callable[[], Broken]:
    def build() -> Broken:
        data = encode({"$type": COLLECTION, LAST: Raw(bad.data)})
        good = encode({"$type": COLLECTION, LAST: Raw(bad.good)})
        _, broken = record_of(data, good)
        inside = len(data) - len(bad.data) + bad.inside
        return replace(broken, inside=inside)

    return build


def _in_node(bad: Bad) -> Callable[[], Broken]:
    def build() -> Broken:
        repo = sample()
        repo.first.changed[LAST] = Raw(bad.data)
        inside = len(repo.first.data) - len(bad.data) + bad.inside
        car = repo.car()
        return Broken(car, car.offset_of(repo.first.cid), inside)

    return build


def _in_commit(bad: Bad) -> Callable[[], Broken]:
    def build() -> Broken:
        repo = sample()
        repo.commit[LAST] = Raw(bad.data)
        inside = len(repo.data) - len(bad.data) + bad.inside
        car = repo.car()
        return Broken(car, car.offset_of(repo.cid), inside)

    return build


def _add_all(bad: Bad) -> None:
    """Add the three cases of one value."""
    is_error = bad.severity == "error"
    # A field of a node or commit that is no rule's is reported, once read.
    is_read = bad.code not in STOPS
    what: dict[str, Any] = {"verdict": "bad-records" if is_error else "sound"}
    if bad.code == "CBR017":
        what["beside"] = {"REC010"}
    _add(_in_record(bad), bad, "record", what)
    what = {"verdict": "invalid"}
    what |= {"also": {"MST002"}} if is_read else {"beside": {"BLK004"}}
    _add(_in_node(bad), bad, "node", what)
    what = {"verdict": "invalid" if is_error else "sound", "beside": {"COM013"}}
    what["also"] = {"COM016"} if is_error else ()
    if not is_read and bad.code != "CBR017":
        what["beside"] = ()
    _add(_in_commit(bad), bad, "commit", what)


def _add(
    build: Callable[[], Broken], bad: Bad, where: str, what: dict[str, Any]
) -> None:
    build.__name__ = f"{bad.name}_in_a_{where}"
    build.__doc__ = f"The last field of a {where} is bad: {bad.name}."
    add = CASES.error if bad.severity == "error" else CASES.warning
    add(bad.code, **what)(build)


for _value in VALUES:
    _add_all(_value)


# Whole blocks


@CASES.error("CBR001", "bad-records", also={"REC001"})
def record_is_half_a_number() -> Broken:
    """A record is the head of a number, so that nothing of it can be read."""
    _, broken = record_of(b"\x19")
    return Broken(broken.car, broken.offset, 0)


@CASES.error("CBR021", "bad-records", also={"REC001"})
def record_is_empty() -> Broken:
    """A record's block has no bytes."""
    _, broken = record_of(b"")
    return Broken(broken.car, broken.offset, 0)


@CASES.error("CBR021", "invalid", beside={"BLK004"})
def node_is_empty() -> Broken:
    """A node's block has no bytes."""
    repo = sample()
    records = [entry.cid for entry in repo.first.entries]
    car = repo.car()
    blocks = [car.data_of(cid) for cid in records]
    repo.first.raw = b""
    repo.first.entries.clear()
    car = repo.car()
    for data in blocks:
        car = car.plus_block(data)
    return Broken(car, car.offset_of(repo.first.cid), 0)


@CASES.error(
    "CBR021",
    "unreadable",
    also={"COM002"},
    beside={"BLK004", "BLK012"},
)
def commit_is_empty() -> Broken:
    """The commit's block has no bytes."""
    repo = sample()
    repo.raw = b""
    car = repo.car()
    return Broken(car, car.offset_of(repo.cid), 0)


@CASES.error("CBR002", "bad-records")
def bytes_behind_a_record() -> Broken:
    """A record's block has two bytes behind its map."""
    data = encode({"$type": COLLECTION})
    _, broken = record_of(data + b"\0\0", data)
    return replace(broken, inside=len(data))


@CASES.error("CBR002", "invalid")
def bytes_behind_a_node() -> Broken:
    """A node's block has two bytes behind its map."""
    repo = sample()
    data = repo.first.data
    repo.first.raw = data + b"\0\0"
    car = repo.car()
    return Broken(car, car.offset_of(repo.first.cid), len(data))


@CASES.error("CBR002", "invalid", also={"COM016"})
def bytes_behind_a_commit() -> Broken:
    """The commit's block has two bytes behind its map."""
    repo = sample()
    data = repo.data
    repo.raw = data + b"\0\0"
    car = repo.car()
    return Broken(car, car.offset_of(repo.cid), len(data))


# Fields that nodes and commits have


def node_of(pairs: list[tuple[Any, Any]]) -> tuple[Sample, Broken]:
    """Encode a node's fields in another way."""
    repo = sample()
    repo.first.raw = encode_pairs(pairs)
    car = repo.car()
    return repo, Broken(car, car.offset_of(repo.first.cid))


@CASES.error("CBR003", "invalid")
def prefixlen_of_two_bytes() -> Broken:
    """The number of shared bytes is not in its shortest form."""
    repo = sample()
    repo.second.entries[0].changed["p"] = Raw.hex("1800")
    car = repo.car()
    inside = repo.second.data.index(b"\x61p\x18\0") + 2
    return Broken(car, car.offset_of(repo.second.cid), inside)


@CASES.error("CBR004", "invalid")
def entries_without_count() -> Broken:
    """The entries of a node end in a break."""
    entries = encode(sample().first.fields()["e"])
    raw = Raw(b"\x9f" + entries[1:] + b"\xff")
    _, broken = node_of([("e", raw), ("l", None)])
    # a1 61 65, and then the array.
    return Broken(broken.car, broken.offset, 3)


@CASES.error("CBR007", "invalid")
def left_twice() -> Broken:
    """A node has its left link two times."""
    entries = sample().first.fields()["e"]
    _, broken = node_of([("e", entries), ("l", None), ("l", None)])
    # Three bytes end the block: 61 6c f6.
    inside = len(encode_pairs([("e", entries), ("l", None)]))
    return Broken(broken.car, broken.offset, inside)


@CASES.error("CBR008", "invalid")
def left_before_entries() -> Broken:
    """A node's fields are out of order."""
    entries = sample().first.fields()["e"]
    _, broken = node_of([("l", None), ("e", entries)])
    # a2 61 6c f6, and then the key.
    return Broken(broken.car, broken.offset, 4)


@CASES.error("CBR009", "invalid")
def prefixlen_with_a_tag() -> Broken:
    """The number of shared bytes has a tag in front."""
    repo = sample()
    repo.second.entries[0].changed["p"] = Raw.hex("c100")
    car = repo.car()
    inside = repo.second.data.index(b"\x61p\xc1\0") + 2
    return Broken(car, car.offset_of(repo.second.cid), inside)


@CASES.error("CBR010", "invalid", beside={"BLK004", "BLK011"})
def left_link_without_its_zero() -> Broken:
    """The left link of a node does not hold a CID, so the node is of no use."""
    repo = sample()
    repo.inner.changed["l"] = Raw.hex("d82a5824" + repo.first.cid.hex())
    inside = len(repo.inner.data) - 36
    car = repo.car()
    return Broken(car, car.offset_of(repo.inner.cid), inside)


@CASES.error("CBR003", "invalid", also={"COM016"})
def version_of_two_bytes() -> Broken:
    """The commit's version is not in its shortest form."""
    repo = sample()
    repo.commit["version"] = Raw.hex("1803")
    car = repo.car()
    return Broken(car, car.offset_of(repo.cid), len(repo.data) - 2)


@CASES.error("CBR004", "invalid", also={"COM016"})
def did_without_length() -> Broken:
    """The commit's DID comes in pieces."""
    repo = sample()
    did = encode(repo.fields()["did"])
    repo.commit["did"] = Raw(b"\x7f" + did + b"\xff")
    car = repo.car()
    # a6 63 "did", and then the text.
    return Broken(car, car.offset_of(repo.cid), 5)


@CASES.error("CBR007", "invalid", also={"COM016"})
def version_twice() -> Broken:
    """The commit has its version two times."""
    repo = sample()
    pairs = sorted(repo.fields().items(), key=lambda pair: (len(pair[0]), pair[0]))
    repo.raw = encode_pairs([*pairs, ("version", 3)])
    car = repo.car()
    return Broken(car, car.offset_of(repo.cid), len(repo.data) - 9)


@CASES.error("CBR008", "invalid", also={"COM016"}, count=2)
def fields_in_the_order_of_words() -> Broken:
    """The commit's fields are sorted as a dictionary would have them."""
    repo = sample()
    repo.raw = encode_pairs(sorted(repo.fields().items()))
    car = repo.car()
    # `did` stands behind `data`, which is longer, and `rev` behind `prev`.
    inside = repo.data.index(b"\x63did")
    return Broken(car, car.offset_of(repo.cid), inside)


@CASES.error("CBR010", "invalid", also={"COM016"})
def prev_without_its_zero() -> Broken:
    """The link to the commit before does not hold a CID."""
    repo = sample()
    repo.commit["prev"] = Raw.hex("d82a5824" + repo.top.cid.hex())
    car = repo.car()
    inside = repo.data.index(repo.top.cid, repo.data.index(b"\x64prev"))
    return Broken(car, car.offset_of(repo.cid), inside)
