"""Cases of the root: no commit, something else, or one that has to be looked for."""

from __future__ import annotations

from typing import Any

from repoview.corpus.case import Broken, Cases
from repoview.corpus.cbor import Link, cid_of, encode
from repoview.corpus.repo import DID, STRAY, make_repo, sample, tid

CASES = Cases()


@CASES.fatal("COM001", beside={"CAR012"})
def no_commit() -> Broken:
    """There is a tree, but neither a root nor a commit."""
    repo = sample()
    return Broken(repo.car().without(repo.cid).with_roots(), None)


@CASES.fatal("COM001", beside={"CAR012", "BLK004"}, complete=None)
def records_only() -> Broken:
    """There is nothing but a record, which no tree links to."""
    repo = sample()
    car = repo.car().in_order([repo.last_entry.cid]).with_roots()
    return Broken(car, None)


@CASES.fatal("COM002")
def root_is_a_node() -> Broken:
    """The root is the top node of a tree."""
    repo = sample()
    car = repo.car().without(repo.cid).with_roots(repo.top.cid)
    return Broken(car, car.offset_of(repo.top.cid))


@CASES.error("COM002", "bad-container")
def root_is_a_record() -> Broken:
    """The root is a record, though there is a commit with its tree."""
    repo = sample()
    cid = repo.last_entry.cid
    car = repo.car().with_roots(cid)
    return Broken(car, car.offset_of(cid))


@CASES.error("COM002", "bad-container")
def root_is_a_node_beside_a_commit() -> Broken:
    """The root is the top node, though there is a commit that links to it."""
    repo = sample()
    car = repo.car().with_roots(repo.top.cid)
    return Broken(car, car.offset_of(repo.top.cid))


@CASES.error("COM002", "bad-container", also={"CBR005"}, beside={"BLK004", "BLK012"})
def root_is_no_cbor_beside_a_commit() -> Broken:
    """The root is a block that cannot be decoded; the repository is there."""
    data = b"\xff\xff"
    car = sample().car().plus_block(data)
    return Broken(car.with_roots(cid_of(data)), car.last_section)


@CASES.error("COM002", "bad-container", beside={"CAR013"})
def record_before_the_commit() -> Broken:
    """A record is the first root, and the commit the second."""
    repo = sample()
    cid = repo.last_entry.cid
    car = repo.car().with_roots(cid, repo.cid)
    return Broken(car, car.offset_of(cid))


@CASES.error(
    "COM002",
    "bad-container",
    beside={"CAR013", "BLK004", "BLK011", "BLK005", "COM017", "ORD002"},
)
def older_commit_named_as_the_second_root() -> Broken:
    """Of two commits with their trees, the one that is a root is taken."""
    repo = sample()
    old = make_repo({"com.example.note/1": {}})
    old.commit["rev"] = tid(1_690_000_000_000_000)
    car = repo.car()
    for cid in old.car().cids:
        car = car.plus_block(old.car().data_of(cid))
    car = car.with_roots(repo.last_entry.cid, old.cid)
    return Broken(car, car.offset_of(repo.last_entry.cid))


@CASES.error(
    "COM002",
    "incomplete",
    complete=False,
    also={"BLK009"},
    beside={"BLK010", "CAR029"},
)
def root_is_a_record_and_another_is_missing() -> Broken:
    """The header names a record, and the tree of the commit lacks one."""
    repo = sample()
    cid = repo.first.entries[0].cid
    car = repo.car().without(repo.last_entry.cid).with_roots(cid)
    return Broken(car, car.offset_of(cid))


@CASES.fatal(
    "COM002", complete=False, also={"BLK008"}, beside={"BLK004", "BLK010", "CAR029"}
)
def root_is_a_record_beside_a_bare_commit() -> Broken:
    """The root is a record, and the commit has no tree."""
    repo = sample()
    cid = repo.last_entry.cid
    car = repo.car().in_order([repo.cid, cid]).with_roots(cid)
    return Broken(car, car.offset_of(cid))


NOT_ALL = {"BLK008", "BLK009", "BLK010", "CAR029"}
"""What is said of a part of a tree."""


@CASES.fatal("COM002", complete=False, beside=NOT_ALL)
def proof_without_its_commit() -> Broken:
    """The root is a record, and the nodes on the way to it are there."""
    repo = sample()
    cid = repo.last_entry.cid
    nodes = [repo.top.cid, repo.bridge.cid, repo.last.cid]
    car = repo.car().in_order([*nodes, cid]).with_roots(cid)
    return Broken(car, car.offset_of(cid))


@CASES.fatal(
    "MST001",
    complete=False,
    beside=NOT_ALL - {"BLK009"},
    options={"profile": "mst-only"},
)
def proof_without_its_commit_as_a_tree() -> Broken:
    """A root that is a record leads to no tree, whatever is to be found."""
    return proof_without_its_commit()


@CASES.fatal("COM002", complete=None, beside={"BLK004"})
def root_is_the_only_record() -> Broken:
    """There is nothing but a record, which is the root."""
    repo = sample()
    cid = repo.last_entry.cid
    return Broken(repo.car().in_order([cid]).with_roots(cid), 59)


@CASES.fatal(
    "MST001", complete=None, beside={"BLK004"}, options={"profile": "mst-only"}
)
def root_is_the_only_record_as_a_tree() -> Broken:
    """Nor is it the node of a tree."""
    return root_is_the_only_record()


@CASES.fatal(
    "MST001", beside={"CAR012"}, complete=True, options={"profile": "mst-only"}
)
def tree_without_a_root() -> Broken:
    """There is a tree, and neither a root nor a commit leads to it."""
    return no_commit()


@CASES.fatal("COM002", complete=None, beside={"BLK004", "BLK005"})
def root_is_an_attested_record() -> Broken:
    """The root has account, revision and signature, and is a record all the same."""
    fields = {
        "$type": "com.example.attestation",
        "did": DID,
        "rev": tid(1_700_000_000_000_000),
        "sig": bytes(64),
        "cid": Link(cid_of(STRAY)),
    }
    return root_is(fields)


@CASES.fatal("COM002", complete=None, beside={"BLK004"})
def root_is_no_map() -> Broken:
    """The root is a text."""
    data = encode("a commit, honestly")
    car = sample().car().in_order([]).plus_block(data).plus_block(STRAY)
    car = car.with_roots(cid_of(data))
    return Broken(car, car.offset_of(cid_of(data)))


@CASES.fatal("COM002", complete=None, beside={"BLK004"})
def root_of_a_permissioned_space() -> Broken:
    """The root is the commit of a space that is not public."""
    fields = {"ver": 1, "hash": b"", "ikm": b"", "sig": b"", "mac": b"", "rev": ""}
    return root_is(fields)


@CASES.info(
    "SPC001",
    verdict="unreadable",
    also={"COM002"},
    complete=None,
    beside={"CAR013", "BLK004"},
)
def permissioned_space() -> Broken:
    """The roots are a commit and an index, as a space that is not public has them."""
    index = encode({"com.example.note/1": Link(cid_of(STRAY))})
    commit = encode(
        {"ver": 1, "hash": b"", "ikm": b"", "sig": b"", "mac": b"", "rev": ""}
    )
    car = sample().car().in_order([]).plus_block(commit).plus_block(index)
    car = car.plus_block(STRAY).with_roots(cid_of(commit), cid_of(index))
    return Broken(car, car.offset_of(cid_of(commit)))


@CASES.fatal("COM002", complete=None, beside={"BLK004"})
def root_of_version_1() -> Broken:
    """The root is what version 1 had in place of a commit."""
    return root_is({"did": DID, "root": None})


@CASES.fatal("COM002", complete=None, beside={"BLK004", "BLK005"})
def commit_of_version_1() -> Broken:
    """The root is the commit of a repository from before March 2023."""
    return root_is({"root": Link(cid_of(STRAY)), "sig": bytes(64)})


@CASES.fatal("COM002", complete=None, beside={"BLK004", "BLK005"})
def root_below_the_commit_of_version_1() -> Broken:
    """The root is what a commit of version 1 linked to."""
    stray = Link(cid_of(STRAY))
    fields = {"auth_token": None, "data": stray, "meta": stray, "prev": None}
    return root_is(fields)


def root_is(fields: dict[str, Any]) -> Broken:
    """Make these fields the root, with an unlinked block behind."""
    data = encode(fields)
    car = sample().car().in_order([]).plus_block(data).plus_block(STRAY)
    return Broken(car.with_roots(cid_of(data)), car.offset_of(cid_of(data)))
