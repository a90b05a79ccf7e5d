"""Facts about the values of the library, as one meets them in a notebook."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any, Final, cast

import pytest

import repoview
from repoview.core.cid import Cid
from repoview.core.formats.dagcbor import strict as dagcbor
from tests.core.repos import DID, make_repo, many

if TYPE_CHECKING:
    from collections.abc import Iterator

LINK: Final = Cid.for_block(b"\xa0")

TOLD: Final = (
    *("number", "key", "path", "collection", "rkey", "at_uri", "cid", "offset"),
    *("size", "state", "is_strict", "data", "value", "processed"),
)
"""What a record may be asked."""


@pytest.fixture
def repo() -> Iterator[repoview.Repo]:
    """A repository of twelve records, of three kinds."""
    with repoview.open(make_repo(many(12))) as repo:
        yield repo


@pytest.mark.parametrize(
    "name",
    [
        *("Repo", "Record", "RecordList", "Tree"),
        *("Inventory", "Blobs", "BlobCheck", "Salvage"),
    ],
)
def test_what_a_source_gives_cannot_be_made_without_one(name: str) -> None:
    """And it is said what makes one."""
    with pytest.raises(TypeError, match=r"makes? |gives |has "):
        getattr(repoview, name)()


# Records as a collection


def test_records_have_a_length_and_can_be_gone_through_again(
    repo: repoview.Repo,
) -> None:
    """Like any sequence, without all of them being made."""
    records = repo.records("com.example.kind1")
    assert len(records) == 4
    paths = [record.path for record in records]
    assert paths == [record.path for record in records]
    assert records[0].path == paths[0]
    assert records[-1].path == paths[-1]
    assert [record.path for record in records[1:3]] == paths[1:3]
    assert len(repo.records()) == len(repo) == len(list(repo))


@pytest.mark.parametrize("data", [False, True])
def test_records_that_carry_bytes_are_the_same(repo: repoview.Repo, data: bool) -> None:
    """Whether read at once or one by one."""
    records = repo.records(data=data)
    assert [r.data for r in records] == [repo.record(n).data for n in range(12)]


def test_a_place_that_is_not_there_is_an_index_error(repo: repoview.Repo) -> None:
    """As for any sequence."""
    with pytest.raises(IndexError):
        repo.records("com.example.kind1")[4]


def test_in_takes_a_repo_path_or_a_record(repo: repoview.Repo) -> None:
    """Of the whole repository, or of some records."""
    record = repo.record(5)
    some = repo.records(record.collection)
    others = repo.records("com.example.kind2")
    assert record.path in repo
    assert record.key in repo
    assert record in repo
    assert record in some
    assert record.path in some
    assert record not in others
    assert record.path not in others
    assert "com.example.kind1/none" not in repo
    assert 5 not in repo


# What is said of them


def test_a_repository_says_whose_it_is_and_what_it_holds(repo: repoview.Repo) -> None:
    """In one line."""
    assert repr(repo) == f"<Repo '{DID}': 12 records in 3 collections, sound>"
    assert repr(repo.tree).startswith(f"<Tree of {len(repo.tree)} nodes over 12 recor")
    assert repr(repo.records("com.example.kind1")[:2]) == (
        "<RecordList of 2: com.example.kind1/000001, com.example.kind1/000004>"
    )
    assert repr(repo.records()).endswith(", …>")


def test_a_tree_with_holes_says_so() -> None:
    """They are among its nodes."""
    with repoview.open(make_repo(many(400), leave_out=460)) as repo:
        assert "of them holes" in repr(repo.tree)


# Arguments that are wrong


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda repo: repo.get(5), "a repo path is text, or bytes as in the tree, not"),
        (lambda repo: repo.find(None), "a repo path is text"),
        (lambda repo: repo.record("a/b"), "a record's number is an int, not str: get"),
        (lambda repo: repo.block(b"\x01"), "a Cid or its text is wanted, not bytes"),
    ],
)
def test_what_is_wanted_is_said(repo: repoview.Repo, call: Any, said: str) -> None:
    """In place of an attribute that some value does not have."""
    with pytest.raises(TypeError, match=said):
        call(repo)


def test_blocks_are_found_by_the_text_of_a_cid(repo: repoview.Repo) -> None:
    """As one has it from a log; a text that is none is an error of ours."""
    record = repo.record(0)
    assert repo.block(str(record.cid)) == repo.block(record.cid)
    with pytest.raises(repoview.RepoviewError, match="is no CID"):
        repo.block("bafy nonsense")


def test_a_path_may_be_text_or_bytes(repo: repoview.Repo) -> None:
    """Bytes are the key as the tree has it."""
    record = repo.record(3)
    found = cast("repoview.Record", repo.get(record.key))
    assert found.number == 3
    assert repo.get(b"\xff") is None


# A record by itself


def test_a_record_pickles_and_brings_its_bytes_along() -> None:
    """As it is sent to another process; the file may be closed by then."""
    with repoview.open(make_repo(many(12)), process=lambda data: data[:2]) as repo:
        for record in (*repo.records(data=True)[:3], repo.record(7)):
            again = pickle.loads(pickle.dumps(record))  # noqa: S301 (our own)
            assert again == record
            assert hash(again) == hash(record)
            for name in TOLD:
                assert getattr(again, name) == getattr(record, name), name
            sent = pickle.dumps(again)
    loose = pickle.loads(sent)  # noqa: S301 (our own)
    assert loose.value["$type"] == loose.collection


def test_a_record_without_a_block_pickles_too() -> None:
    """And goes on to say that it is missing, and what was found."""
    with repoview.open(make_repo(many(9), leave_out=1)) as repo:
        (lost,) = [record for record in repo.records() if record.state == "missing"]
        again = pickle.loads(pickle.dumps(lost))  # noqa: S301 (our own)
        assert (again.state, again.cid, again.size) == ("missing", lost.cid, None)
        assert again.findings == tuple(lost.findings)
        with pytest.raises(repoview.BlockMissing) as mine:
            _ = lost.data
        with pytest.raises(repoview.BlockMissing) as theirs:
            _ = again.data
    assert str(mine.value) == str(theirs.value)


def test_records_are_equal_by_account_path_and_content() -> None:
    """Whatever file they come from."""
    records = many(6)
    changed = {**records, "com.example.kind1/000001": {"$type": "com.example.kind1"}}
    with (
        repoview.open(make_repo(records)) as one,
        repoview.open(make_repo(records)) as same,
        repoview.open(make_repo(changed)) as other,
    ):
        assert list(one) == list(same)
        assert set(one) == set(same)
        differ = {mine.path for mine in set(one) - set(other)}
        assert differ == {"com.example.kind1/000001"}
        assert one.record(0) != "com.example.kind0/000000"


def test_a_record_is_a_mapping_or_an_error_that_says_what_it_is() -> None:
    """`decoded` is whatever it is."""
    records: dict[str, Any] = {"a.b.c/list": dagcbor.encode([1, 2]), "a.b.c/map": {}}
    with repoview.Repo.load(make_repo(records)) as repo:
        (odd, plain) = repo.records()
        assert odd.decoded == [1, 2]
        with pytest.raises(repoview.FormatError, match="/list is no map, but list"):
            _ = odd.value
        assert plain.value == plain.decoded == {"$type": "a.b.c", "path": "a.b.c/map"}


def test_the_json_of_a_record_is_that_of_the_data_model() -> None:
    """Ready for `json.dumps`: links and bytes are maps."""
    value = {"$type": "a.b.c", "data": b"\0\1", "link": LINK, "n": 3}
    with repoview.open(make_repo({"a.b.c/1": value})) as repo:
        assert repo.record(0).json() == {
            "$type": "a.b.c",
            "data": {"$bytes": "AAE"},
            "link": {"$link": str(LINK)},
            "n": 3,
        }


@pytest.mark.parametrize("data", [False, True])
def test_records_that_carry_bytes_decode_as_others_do(data: bool) -> None:
    """Also those with a warning, and those that are no DAG-CBOR at all."""
    records: dict[str, Any] = {
        "a.b.c/1-plain": {},
        "a.b.c/2-large": {"$type": "a.b.c", "n": 2**60},
        "a.b.c/3-bytes": b"\xff",
    }
    with repoview.Repo.load(make_repo(records)) as repo:
        told = [(r.path, repr(r.decoded), r.is_strict) for r in repo.records(data=data)]
    assert [strict for _, _, strict in told] == [True, False, False]
    assert "1152921504606846976" in told[1][1]
