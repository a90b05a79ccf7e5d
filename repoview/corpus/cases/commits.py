"""Cases of the commit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from repoview.corpus.case import Broken, Cases, Twin
from repoview.corpus.cbor import Link, Raw
from repoview.corpus.repo import DID, sample, tid
from repoview.corpus.tree import ABSENT

CASES = Cases()


def commit_of(**fields: Any) -> Broken:
    """Change fields of the commit."""
    repo = sample()
    repo.commit.update(fields)
    car = repo.car()
    return Broken(car, car.offset_of(repo.cid))


@CASES.error("COM003", "invalid", beside={"COM005"})
def rev_of_version_2_is_a_number() -> Broken:
    """A commit of version 2 may do without `rev`, but has it as a number."""
    return commit_of(version=2, rev=7)


@CASES.error("COM003", "invalid")
def no_rev() -> Broken:
    """A commit of version 3 has no revision."""
    return commit_of(rev=ABSENT)


@CASES.error("COM003", "invalid")
def no_did() -> Broken:
    """The commit does not say whose it is."""
    return commit_of(did=ABSENT)


@CASES.error("COM003", "invalid")
def no_sig() -> Broken:
    """The commit is not signed."""
    return commit_of(sig=ABSENT)


@CASES.error("COM003", "invalid")
def no_repo_version() -> Broken:
    """The commit does not say of which version it is."""
    return commit_of(version=ABSENT)


@CASES.error("COM003", "invalid")
def did_is_a_number() -> Broken:
    """The commit's DID is a number."""
    return commit_of(did=7)


@CASES.error("COM003", "invalid")
def sig_is_text() -> Broken:
    """The commit's signature is text."""
    return commit_of(sig="J. Hancock")


@CASES.error("COM003", "invalid")
def repo_version_is_text() -> Broken:
    """The commit's version is the text "3"."""
    return commit_of(version="3")


@CASES.error("COM003", "invalid")
def prev_is_text() -> Broken:
    """The link to the commit before is a text."""
    return commit_of(prev="none")


@CASES.fatal("COM003", complete=None, beside={"BLK004", "BLK005", "BLK011"})
def no_data() -> Broken:
    """The commit does not link to a tree."""
    return commit_of(data=ABSENT)


@CASES.fatal("COM003", complete=None, beside={"BLK004", "BLK005", "BLK011"})
def data_is_null() -> Broken:
    """The commit links to nothing."""
    return commit_of(data=None)


@CASES.error("COM004", "invalid")
def repo_version_4() -> Broken:
    """The commit is of a version to come."""
    return commit_of(version=4)


@CASES.info("COM005")
def repo_version_2() -> Broken:
    """The commit is of version 2, in which a revision is not needed."""
    return commit_of(version=2, rev=ABSENT)


@CASES.error("COM006", "invalid")
def no_prev() -> Broken:
    """A commit of version 3 has no `prev`, not even null."""
    return commit_of(prev=ABSENT)


@CASES.info("COM007")
def prev_is_set() -> Broken:
    """The commit names the one before it."""
    return commit_of(prev=Link(sample().cid))


@CASES.error("COM008", "invalid")
def did_is_a_handle() -> Broken:
    """The commit's DID is a handle."""
    return commit_of(did="alice.example.com")


@CASES.error("COM008", "invalid")
def did_with_a_newline() -> Broken:
    """The commit's DID has a newline at its end."""
    return commit_of(did=DID + "\n")


@CASES.warning("COM009")
def did_of_another_method() -> Broken:
    """The commit's DID is a key."""
    return commit_of(did="did:key:zQ3shunBKsXixLxKtC5qeSG9E4J5RkGN57im31pcTzbNQnm5w")


@CASES.warning("COM009")
def did_plc_too_short() -> Broken:
    """The commit's DID is a did:plc of 23 characters."""
    return commit_of(did=DID[:-1])


@CASES.error("COM010", "invalid")
def rev_is_a_number_as_text() -> Broken:
    """The revision is "1"."""
    return commit_of(rev="1")


@CASES.error("COM010", "invalid")
def rev_with_a_newline() -> Broken:
    """The revision has a newline at its end."""
    return commit_of(rev=tid(1_700_000_000_000_000) + "\n")


@CASES.warning("COM011")
def rev_in_the_future() -> Broken:
    """The revision is of the year 2100."""
    return commit_of(rev=tid(4_102_444_800_000_000))


@CASES.info("COM012")
def rev_from_the_beginning() -> Broken:
    """The revision is of the first minute of 1970."""
    return commit_of(rev="222222d7n7i22")


@CASES.warning("COM013")
def commit_with_a_field_more() -> Broken:
    """The commit has a field that no version has."""
    return commit_of(note="signed in haste")


@CASES.error("COM015", "invalid", options={"did": "did:web:example.com"})
def commit_of_another_account() -> Broken:
    """The commit is not of the account that was asked for."""
    twin = Twin(commit_of(did="did:web:example.com").car)
    return replace(commit_of(), twin=twin)


@CASES.error("COM018", "invalid", options={"rev": "2222222222222"})
def commit_of_another_revision() -> Broken:
    """The commit is not of the revision that was asked for."""
    twin = Twin(commit_of(rev="2222222222222").car, frozenset({"COM012"}))
    return replace(commit_of(), twin=twin)


@CASES.error("COM016", "invalid", also={"CBR003"})
def commit_is_not_canonical() -> Broken:
    """The length of the DID takes a byte more than it needs."""
    return commit_of(did=Raw(b"\x79\0\x20" + DID.encode()))


@CASES.info("COM017", beside={"BLK004", "BLK011"})
def two_older_commits() -> Broken:
    """Behind the tree stand two commits of before."""
    repo = sample()
    repo.commit["rev"] = tid(1_690_000_000_000_000)
    car = sample().car().plus_block(repo.data)
    repo.commit["rev"] = tid(1_680_000_000_000_000)
    return Broken(car.plus_block(repo.data), None)
