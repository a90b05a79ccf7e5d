"""Facts about the façade: records, blocks and places by number, path and CID."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha512
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repoview
from repoview import Checks, Cid, Repo
from repoview.core.errors import (
    BlockMissing,
    Cancelled,
    CarError,
    NotFound,
    SourceError,
)
from repoview.core.repo import block_reader
from repoview.core.repo.repo import Location
from repoview.corpus import sample
from tests.core.repos import DID, make_repo, many
from tests.vectors import report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from repoview import Progress
    from repoview.core.formats.dagcbor.strict import Value

rkeys = st.text("abcdefghij0123456789", min_size=1, max_size=8)


@pytest.fixture
def repo() -> Repo:
    """A repository of 300 records in three collections."""
    return Repo.load(make_repo(many(300)))


@given(st.sets(st.tuples(st.sampled_from("abc"), rkeys), max_size=60))
def test_what_was_put_in_is_read_back(keys: set[tuple[str, str]]) -> None:
    """Any set of records: same paths in key order, same values, sound."""
    records = {f"com.example.{name}/{rkey}": {} for name, rkey in keys}
    repo = Repo.load(make_repo(records), checks=Checks(rebuild=True))
    assert repo.verdict == "sound"
    assert repo.report.complete is True
    assert [record.path for record in repo.records()] == sorted(records)
    for record in repo.records():
        assert record.value == {"$type": record.collection, "path": record.path}


def test_records_are_found_by_number_and_path(repo: Repo) -> None:
    """Both ways lead to the same one."""
    for number in (0, 17, 299):
        record = repo.record(number)
        found = repo.get(record.path)
        assert found is not None
        assert found.number == number
        assert repo.find(record.key) == number
    assert repo.get("com.example.kind0/none") is None
    assert repo.get("\ud800") is None


def test_numbers_beyond_the_last_are_refused(repo: Repo) -> None:
    """The sentence says how many there are."""
    with pytest.raises(NotFound, match="there are 300"):
        repo.record(300)
    with pytest.raises(NotFound):
        repo.record(-1)


def test_a_record_knows_its_names(repo: Repo) -> None:
    """Path, collection, record key, AT URI."""
    record = repo.record(0)
    assert record.path == "com.example.kind0/000000"
    assert (record.collection, record.rkey) == ("com.example.kind0", "000000")
    assert record.at_uri == f"at://{DID}/com.example.kind0/000000"
    assert record.state == "sound"
    assert Cid.for_block(record.data) == record.cid
    assert record.size == len(record.data)
    assert "com.example" in repr(record)


def test_collections_add_up(repo: Repo) -> None:
    """Counts and bytes of all collections are those of all records."""
    assert [c.name for c in repo.collections] == [
        "com.example.kind0",
        "com.example.kind1",
        "com.example.kind2",
    ]
    assert sum(c.count for c in repo.collections) == len(repo) == 300
    sizes = sum(record.size or 0 for record in repo.records())
    assert sum(c.bytes for c in repo.collections) == sizes
    assert (repo.collections[1].start, repo.collections[1].stop) == (100, 200)


def test_records_can_be_had_by_collection_and_prefix(repo: Repo) -> None:
    """In key order, and only those."""
    paths = [record.path for record in repo.records("com.example.kind1")]
    assert len(paths) == 100
    assert paths == sorted(paths)
    assert [r.rkey for r in repo.records(prefix="com.example.kind0/00000")] == [
        "000000",
        "000003",
        "000006",
        "000009",
    ]
    assert len(repo.numbers("com.example.kind1", "com.example.kind1/0002")) == 33
    assert list(repo.records("com.example.kind")) == []


def test_paths_are_searched_by_any_part(repo: Repo) -> None:
    """A match does not run over from one path into the next."""
    paths = [record.path for record in repo]
    wanted = [number for number, path in enumerate(paths) if "00012" in path]
    assert list(repo.search("00012")) == wanted
    assert len(repo.search("")) == 300
    assert len(repo.search("00com")) == 0
    assert list(repo.search("kind1", 150, 152)) == [150, 151]


def test_blocks_know_what_the_tree_uses_them_as(repo: Repo) -> None:
    """Commit, node, record."""
    assert repo.commit is not None
    assert repo.block(repo.commit.cid).role == "commit"
    assert repo.block(repo.tree.node(0).cid).role == "node"
    assert repo.block(repo.record(0).cid).role == "record"


def test_blocks_that_are_not_there_are_said(repo: Repo) -> None:
    """By their CID."""
    cid = Cid.for_block(b"elsewhere")
    with pytest.raises(BlockMissing, match=str(cid)):
        repo.block(cid)
    assert repo.locate_cid(cid) is None


def test_a_block_that_does_not_hash_to_an_odd_cid_is_not_given() -> None:
    """Unless damaged ones are welcome."""
    cid = b"\x01\x71\x13\x40" + sha512(b"another").digest()
    with Repo.load(sample().car().plus_block(b"\xa0", cid).data) as repo:
        with pytest.raises(BlockMissing, match="does not hash to it"):
            repo.block(Cid(cid))
        assert repo.block(Cid(cid), damaged=True).state == "damaged"


def test_cids_lead_to_places(repo: Repo) -> None:
    """To a record or a node; to a bare block where the tree has no use for it."""
    assert repo.commit is not None
    assert repo.locate_cid(repo.record(42).cid) == Location("record", 42)
    assert repo.locate_cid(repo.tree.node(1).cid) == Location("node", 1)
    place = repo.locate_cid(repo.commit.cid)
    assert place == Location("block", repo.commit.offset)


def test_missing_records_stand_in_the_index_all_the_same() -> None:
    """With their CID, without bytes; the findings lead to them."""
    repo = Repo.load(make_repo(many(20), leave_out=2))
    assert repo.verdict == "incomplete"
    assert len(repo) == 20
    lost = [record for record in repo.records() if record.state == "missing"]
    assert [record.number for record in lost] == [18, 19]
    assert lost[0].size is None
    assert lost[0].offset is None
    with pytest.raises(BlockMissing):
        _ = lost[0].value
    found = [f for f in repo.report.findings if f.code == "BLK009"]
    places = {repo.locate(each) for each in found}
    assert places == {Location("record", 18), Location("record", 19)}
    assert set(lost[0].findings) < set(found)
    assert repo.locate_cid(lost[1].cid) == Location("record", 19)


def test_slices_may_lack_blocks() -> None:
    """Expected absence is not a fault."""
    data = make_repo(many(20), leave_out=2)
    repo = Repo.load(data, checks=Checks(expect="slice"))
    assert (repo.verdict, repo.report.exit_code) == ("sound", 0)
    assert repo.report.complete is False


def test_opening_insists_on_a_car() -> None:
    """Loading tells instead."""
    with pytest.raises(CarError):
        repoview.open(b"")
    repo = Repo.load(b"")
    assert repo.verdict == "unreadable"
    assert repo.report.complete is None
    assert repo.commit is None


def test_files_are_opened_by_path(tmp_path: Path) -> None:
    """And closed at the end of `with`."""
    path = tmp_path / "a.car"
    path.write_bytes(make_repo(many(5)))
    with repoview.open(path) as repo:
        assert len(repo) == 5
        assert repo.name == str(path)
    with pytest.raises((SourceError, OSError, ValueError)):
        _ = repo.record(0).data


def as_a_file(data: bytes, folder: Path) -> Path:
    """Return the path of a file with these bytes."""
    path = folder / "a.car"
    path.write_bytes(data)
    return path


def as_bytes(data: bytes, _folder: Path) -> bytes:
    """Return them as they are."""
    return data


def as_a_stream(data: bytes, _folder: Path) -> BytesIO:
    """Return something that can be read only once."""
    return BytesIO(data)


@pytest.mark.parametrize("given_as", [as_a_file, as_bytes, as_a_stream])
def test_nothing_is_read_after_it_was_closed(
    given_as: Callable[[bytes, Path], Path | bytes | BytesIO], tmp_path: Path
) -> None:
    """Records have no bytes; reading them raises an error."""
    data = make_repo(many(30))
    with repoview.open(given_as(data, tmp_path)) as repo:
        assert all(record.data for record in repo.records(data=True))
    for record in repo.records(data=True):
        with pytest.raises(SourceError, match="was closed"):
            _ = record.data


def test_progress_is_told_and_can_cancel() -> None:
    """Loading first, then walking; what the callback raises comes through."""
    stages: list[str] = []

    def note(progress: Progress) -> None:
        stages.append(progress.stage)
        assert 0 <= progress.done <= progress.total

    Repo.load(make_repo(many(50)), report=note)
    assert stages[0] == "load"
    assert stages[-1] == "walk"

    def cancel(progress: Progress) -> None:
        if progress.stage == "walk":
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        Repo.load(make_repo(many(50)), report=cancel)


def test_a_budget_that_is_spent_ends_the_reading() -> None:
    """What was read is there; completeness is not claimed."""
    repo = Repo.load(make_repo(many(3_000)), mem_limit=60_000)
    assert "LIM001" in {found.code for found in repo.report.findings}
    assert repo.report.complete is None
    assert repo.report.exit_code == 10


def test_a_file_cut_while_open_is_noticed(tmp_path: Path) -> None:
    """No crash and no wrong bytes: a sentence."""
    path = tmp_path / "a.car"
    path.write_bytes(make_repo(many(50)))
    with repoview.open(path) as repo:
        with path.open("r+b") as file:
            file.truncate(600)
        with pytest.raises((SourceError, BlockMissing)):
            _ = repo.record(49).data


def test_a_file_changed_while_open_is_noticed(tmp_path: Path) -> None:
    """A block is hashed again whenever it is shown."""
    path = tmp_path / "a.car"
    path.write_bytes(make_repo(many(50)))
    with repoview.open(path) as repo:
        offset = repo.record(7).offset
        assert offset is not None
        with path.open("r+b") as file:
            file.seek(offset + 60)
            file.write(b"\xff\xff")
        with pytest.raises(BlockMissing, match="does not hash"):
            _ = repo.record(7).data


def test_the_report_is_the_contracts_object(repo: Repo) -> None:
    """Every key, and nothing that JSON cannot say."""
    json = repo.report.to_json()
    assert list(json) == [
        "source",
        "verdict",
        "exit_code",
        "signature",
        "complete",
        "shape",
        "proves",
        "order",
        "commit",
        "counts",
        "cids",
        "policy",
        "findings",
    ]
    assert list(json["commit"]) == ["did", "rev", "data", "version", "cid"]
    assert json["counts"]["records"] == 300
    assert json["counts"]["findings"]["error"] == 0


def test_the_public_names_are_there() -> None:
    """Each is loaded when first asked for; others do not exist."""
    for name in repoview.__all__:
        assert getattr(repoview, name) is not None
    assert set(repoview.__all__) <= set(dir(repoview))
    with pytest.raises(AttributeError, match="nonsense"):
        _ = repoview.nonsense


def test_keys_are_all_paths_with_their_cids() -> None:
    """In key order, those of missing records among them; no record is read."""
    whole, partial = make_repo(many(50)), make_repo(many(50), leave_out=3)
    with Repo.load(whole) as repo, Repo.load(partial) as slice_:
        expected = [(record.path, record.cid) for record in repo.records()]
        assert len(expected) == 50
        assert list(repo.keys()) == expected
        assert list(slice_.keys()) == expected
    with Repo.load(make_repo({})) as empty:
        assert list(empty.keys()) == []


@pytest.mark.parametrize(
    "count", [50, pytest.param(20_000, marks=pytest.mark.unmeasured)]
)
def test_keys_of_a_file_that_was_changed_are_not_given(
    tmp_path: Path, count: int
) -> None:
    """Other bytes stand where the CIDs stood."""
    path = tmp_path / "a.car"
    path.write_bytes(make_repo(many(count)))
    with Repo.load(path) as repo:
        path.write_bytes(bytes(path.stat().st_size))
        with pytest.raises(SourceError, match="was changed"):
            list(repo.keys())


def test_keys_of_bytes_that_are_no_text_are_given_too() -> None:
    """As paths show them."""
    with Repo.load(make_repo({"com.example.a/\xe9": {}})) as repo:
        assert list(dict(repo.keys())) == ["com.example.a/\xe9"]


@pytest.mark.unmeasured
def test_threads_may_read_one_repository_side_by_side(tmp_path: Path) -> None:
    """Listing keys blocks no other thread, and breaks nothing."""
    path = tmp_path / "a.car"
    path.write_bytes(make_repo(many(3_000)))
    with Repo.load(path) as repo, ThreadPoolExecutor(4) as pool:
        expected = list(repo.keys())

        def read(number: int) -> bool:
            if number % 2:
                return list(repo.keys()) == expected
            return repo.record(number).cid == expected[number][1]

        assert all(pool.map(read, range(200)))


def test_records_by_number_are_the_same_in_a_range_and_one_by_one() -> None:
    """With their bytes, or without; a number too many is told."""
    with Repo.load(make_repo(many(30))) as repo:
        expected = [(repo.record(n).path, repo.record(n).data) for n in range(5, 20)]
        for numbers in (range(5, 20), list(range(5, 20))):
            for data in (False, True):
                found = repo.records_at(numbers, data=data)
                assert [(each.path, each.data) for each in found] == expected
        with pytest.raises(NotFound):
            list(repo.records_at([30]))


def test_a_warning_makes_no_record_unsound() -> None:
    """Only what is wrong does, in a record's state as in its block's."""
    with Repo.load(report("big-integer.car").read_bytes()) as repo:
        record = repo.record(0)
        assert [found.code for found in record.findings] == ["CBR016"]
        assert (record.state, repo.block(record.cid).state) == ("sound", "sound")
        assert not record.is_strict
        assert record.value["value"] == 2**53
        assert repo.record(1).is_strict
    with Repo.load(report("odd-values.car").read_bytes()) as repo:
        states = {record.rkey: record.state for record in repo.records()}
    assert states["two53"] == states["int64max"] == "sound"
    assert states["float"] == states["max-uint64"] == states["dup"] == "unsound"


def test_a_state_does_not_depend_on_which_findings_are_kept() -> None:
    """Of many of a code some are dropped; the record is as wrong as before."""
    wrong: dict[str, Value] = {
        f"a.b.c/{number:03}": bytes.fromhex(f"a2616e18{number:02x}6178f7")
        for number in range(30, 180)
    }
    with Repo.load(make_repo(wrong)) as repo:
        assert sum(len(record.findings) > 0 for record in repo.records()) < 150
        assert {record.state for record in repo.records()} == {"unsound"}


def test_a_large_record_is_as_wrong_as_its_findings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A list does not read it again for that; of others it remembers a few."""
    monkeypatch.setattr(block_reader, "_KNOWN", 1)
    numbers: dict[str, Value] = {"1": 1.5, "2": 2**53, "3": 1}
    with Repo.load(
        make_repo(
            {
                f"a.b.{kind}/{key}": {"$type": f"a.b.{kind}", "n": n, "x": "y" * size}
                for key, n in numbers.items()
                for kind, size in (("large", 20_000), ("small", 20))
            }
        )
    ) as repo:
        for _ in range(2):
            states = [record.state for record in repo.records()]
            assert states == 2 * ["unsound", "sound", "sound"]
