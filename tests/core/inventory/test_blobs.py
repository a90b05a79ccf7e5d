"""Facts about the blobs that records refer to, and the folders that have them."""

from __future__ import annotations

import shutil
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import Cid, LimitExceeded, Repo, SourceError
from repoview.core.errors import Cancelled
from repoview.core.formats.blob_refs import blob_refs
from repoview.core.inventory import blobs as blobs_module
from repoview.core.opening import cache_policy
from tests.core.kept import Kept
from tests.core.repos import make_repo
from tests.fuzz.repositories import repositories
from tests.strategies import examples
from tests.vectors import report, vector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import SearchStrategy

    from repoview import Blob, CheckedBlob
    from repoview.core.load.result import Progress

COLLECTION = "com.example.note"
CONTENTS = [bytes((n,)) * (1 + 1_000 * n) for n in range(6)]
CIDS = [Cid.for_block(data, 0x55) for data in CONTENTS]
UNREADABLE: Final = Path("/proc/self/mem")
"""A file whose first byte cannot be read, not even by root."""

TYPES = ["image/png", "image/jpeg", "video/mp4"]


def reference(number: int, form: str, type_: str) -> dict[str, Any]:
    """Return a reference to one of `CONTENTS`."""
    if form == "legacy":
        return {"cid": str(CIDS[number]), "mimeType": type_}
    size = len(CONTENTS[number])
    return {"$type": "blob", "ref": CIDS[number], "mimeType": type_, "size": size}


def references() -> SearchStrategy[dict[str, Any]]:
    """References of both forms to a few blobs."""
    return st.builds(
        reference,
        st.integers(0, len(CIDS) - 1),
        st.sampled_from(("blob", "legacy")),
        st.sampled_from(TYPES),
    )


def repo_of(refs: list[list[dict[str, Any]]]) -> bytes:
    """Return a repository whose records have these references."""
    return make_repo(
        {
            f"{COLLECTION}/{n:04}": {"$type": COLLECTION, "n": n, "images": each}
            for n, each in enumerate(refs)
        }
    )


def ledger_of(repo: Repo) -> dict[Cid, tuple[set[int], set[bool], set[Any], set[Any]]]:
    """Return by CID the records, forms, types and sizes: in the plainest way."""
    found: dict[Cid, Any] = defaultdict(lambda: (set(), set(), set(), set()))
    for record in repo.records():
        for ref in blob_refs(record.decoded):
            if ref.cid is not None:
                told = record.number, ref.is_legacy, ref.type, ref.size
                for each, value in zip(found[ref.cid], told, strict=True):
                    if value is not None:
                        each.add(value)
    return dict(found)


def check(repo: Repo) -> None:
    """See that the ledger says what the records say."""
    expected = ledger_of(repo)
    with repo.blobs() as blobs:
        ledger = list(blobs)
        assert ledger == list(blobs)
    cids = [blob.cid for blob in ledger]
    assert cids == sorted(expected, key=lambda cid: (cid.digest, cid.raw))
    for blob in ledger:
        numbers, forms, types, sizes = expected[blob.cid]
        assert list(blob.numbers) == sorted(numbers)
        assert {"both": {True, False}, "legacy": {True}, "blob": {False}}[
            blob.form
        ] == forms
        assert blob.type in (types or {None})
        assert blob.size in (sizes or {None})
        assert blob.is_consistent == (len(types) <= 1 and len(sizes) <= 1)


@examples(60)
@given(
    st.lists(st.lists(references(), max_size=4), max_size=20),
    st.sampled_from((1, 400, 1 << 20)),
    st.sampled_from((1, 3, 1_000)),
)
def test_the_ledger_is_what_the_records_say(
    refs: list[list[dict[str, Any]]], memory: int, at_once: int
) -> None:
    """By CID, each record once; in memory, and on disk."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blobs_module, "MOST_MEMORY", memory)
        patch.setattr(blobs_module, "AT_ONCE", at_once)
        with Repo.load(repo_of(refs), spill="/tmp") as repo:  # noqa: S108 (nothing is left there)
            check(repo)


@given(repositories())
def test_any_repository_can_be_looked_through(data: bytes) -> None:
    """A broken one too: records that cannot be read are counted."""
    with Repo.load(data) as repo, repo.blobs() as blobs:
        states = [record.state for record in repo.records()]
        assert blobs.unread == states.count("missing") + states.count("damaged")


def test_what_the_cache_knows_gives_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The records are read again."""
    monkeypatch.setattr(cache_policy, "LEAST_BYTES", 0)
    refs = [[reference(n % 6, "blob", "image/png")] for n in range(40)]
    one = Kept(tmp_path, repo_of(refs))
    one.keep()
    with one.load() as repo:
        assert repo.from_cache
        check(repo)


def test_faults_are_counted_and_the_first_are_kept() -> None:
    """With their records, in key order."""
    bad = {"$type": "blob", "ref": "none", "mimeType": "image/png", "size": 1}
    with Repo.load(repo_of([[bad, bad]] * 60)) as repo, repo.blobs() as blobs:
        assert (blobs.faults, len(blobs.faults_first)) == (120, 100)
        assert blobs.faults_first[2].number == 1
        assert blobs.faults_first[2].why == "`ref` is no link"
        assert list(blobs) == []


def test_a_little_memory_and_no_disk_is_an_error() -> None:
    """Not a ledger with blobs left out."""
    refs = [[reference(n % 6, "blob", "image/png")] for n in range(40)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blobs_module, "MOST_MEMORY", 100)
        with Repo.load(repo_of(refs)) as repo, pytest.raises(LimitExceeded):
            repo.blobs()


def test_looking_for_blobs_can_be_stopped() -> None:
    """By what is told of progress."""

    def stop(progress: Progress) -> None:
        assert progress.stage == "blobs"
        raise Cancelled

    with Repo.load(repo_of([[]])) as repo, pytest.raises(Cancelled):
        repo.blobs(stop)


# Folders


@pytest.fixture
def repo() -> Iterator[Repo]:
    """A repository with a record for each blob, and one for all."""
    refs = [[reference(n, "blob", "image/png")] for n in range(6)]
    all_of_them = [reference(n, "legacy", "image/png") for n in range(6)]
    with Repo.load(repo_of([*refs, all_of_them])) as repo:
        yield repo


def checked(repo: Repo, folder: Path) -> dict[Cid, CheckedBlob]:
    """Return what a folder has, by CID."""
    with repo.blobs() as blobs, blobs.check(folder) as check:
        found = list(check)
    assert len({each.cid for each in found}) == len(found)
    return {each.cid: each for each in found}


def statuses(repo: Repo, folder: Path) -> list[str]:
    """Return the status of each of `CIDS`."""
    found = checked(repo, folder)
    return [found[cid].status for cid in CIDS]


@examples(40)
@given(
    st.lists(st.sampled_from(("cid", "name", "bad", "no")), min_size=6, max_size=6),
    st.booleans(),
)
def test_a_folder_has_what_hashes(
    tmp_path_factory: pytest.TempPathFactory, ways: list[str], deep: bool
) -> None:
    """Whatever it is called, and however deep it lies."""
    folder = tmp_path_factory.mktemp("blobs")
    below = folder / "a" / "b" if deep else folder
    below.mkdir(parents=True, exist_ok=True)
    for way, cid, data in zip(ways, CIDS, CONTENTS, strict=True):
        if way == "cid":
            (below / str(cid)).write_bytes(data)
        elif way == "name":
            (below / f"image {len(data)}.png").write_bytes(data)
        elif way == "bad":
            (below / f"{cid}.jpg").write_bytes(data[:-1] + b"?")
    refs = [[reference(n, "blob", "image/png")] for n in range(6)]
    means = {"cid": "there", "name": "there", "bad": "damaged", "no": "missing"}
    with Repo.load(repo_of(refs)) as repo:
        found = checked(repo, folder)
    shutil.rmtree(folder)
    assert [found[cid].status for cid in CIDS] == [means[way] for way in ways]
    assert found.keys() == set(CIDS)


def test_a_file_of_no_record_is_unused(repo: Repo, tmp_path: Path) -> None:
    """By the hash of its bytes; or by its name, where that is a CID."""
    (tmp_path / "x").write_bytes(b"something else")
    named = Cid.for_block(b"gone", 0x55)
    (tmp_path / f"{named}.bin").write_bytes(b"broken")
    found = checked(repo, tmp_path)
    other = found[Cid.for_block(b"something else", 0x55)]
    assert (other.status, other.files, other.blob) == ("unused", ("x",), None)
    assert found[named].status == "unused"
    assert found[named].damaged == (f"{named}.bin",)
    assert len(found) == 8


def test_a_file_under_the_name_of_another_blob_is_both(
    repo: Repo, tmp_path: Path
) -> None:
    """It is there as what it is, and damaged as what it says it is."""
    (tmp_path / str(CIDS[0])).write_bytes(CONTENTS[1])
    found = checked(repo, tmp_path)
    assert (found[CIDS[0]].status, found[CIDS[1]].status) == ("damaged", "there")
    assert found[CIDS[0]].damaged == found[CIDS[1]].files == (str(CIDS[0]),)


def test_a_name_that_is_nearly_a_cid_says_nothing(repo: Repo, tmp_path: Path) -> None:
    """A letter that base32 does not have, or a CID of a codec without meaning."""
    (tmp_path / ("b" + "1" * 58)).write_bytes(CONTENTS[0])
    (tmp_path / str(Cid(b"\x01\x70\x12\x20" + bytes(32)))).write_bytes(CONTENTS[1])
    found = checked(repo, tmp_path)
    assert [found[cid].status for cid in CIDS[:3]] == ["there", "there", "missing"]
    assert found.keys() == set(CIDS)


def test_copies_are_all_named(repo: Repo, tmp_path: Path) -> None:
    """A damaged one beside a good one does no harm."""
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(CONTENTS[2])
    (tmp_path / str(CIDS[2])).write_bytes(b"")
    found = checked(repo, tmp_path)[CIDS[2]]
    assert (found.status, sorted(found.files)) == ("there", ["a", "b"])
    assert found.damaged == (str(CIDS[2]),)


def test_a_size_that_no_file_has_is_told(tmp_path: Path) -> None:
    """The hash proves the bytes, so it is the record that is wrong."""
    ref = {**reference(3, "blob", "image/png"), "size": 7}
    (tmp_path / "x").write_bytes(CONTENTS[3])
    with Repo.load(repo_of([[ref]])) as repo:
        (found,) = checked(repo, tmp_path).values()
    assert (found.status, found.size, found.is_size_right) == ("there", 3_001, False)


def test_the_source_itself_is_no_blob(tmp_path: Path) -> None:
    """It may lie in the same folder, and be linked to there."""
    path = tmp_path / "repo.car"
    path.write_bytes(repo_of([[reference(0, "blob", "image/png")]]))
    (tmp_path / "link").symlink_to(path)
    with Repo.load(path) as repo:
        assert checked(repo, tmp_path).keys() == {CIDS[0]}


def test_links_to_folders_are_not_followed(repo: Repo, tmp_path: Path) -> None:
    """They could lead in a circle."""
    (tmp_path / "self").symlink_to(tmp_path)
    (tmp_path / "x").write_bytes(CONTENTS[0])
    assert checked(repo, tmp_path)[CIDS[0]].files == ("x",)


@pytest.mark.skipif(not UNREADABLE.exists(), reason="there is no such file")
def test_what_cannot_be_read_is_named(repo: Repo, tmp_path: Path) -> None:
    """And its blob is missing."""
    (tmp_path / "x").symlink_to(UNREADABLE)
    with repo.blobs() as blobs, blobs.check(tmp_path) as check:
        assert check.unreadable == 1
        assert check.unreadable_first[0].name == "x"
        assert {each.status for each in check} == {"missing"}


def test_a_folder_that_is_not_there_is_an_error(repo: Repo, tmp_path: Path) -> None:
    """It is no folder without blobs."""
    with repo.blobs() as blobs, pytest.raises(SourceError, match="cannot read"):
        blobs.check(tmp_path / "gone")


def test_hashing_can_be_stopped(repo: Repo, tmp_path: Path) -> None:
    """In the middle of a large file."""
    (tmp_path / "x").write_bytes(bytes(3 << 20))
    seen = []

    def stop(progress: Progress) -> None:
        assert progress.stage == "hash"
        seen.append(progress.done)
        if len(seen) == 2:
            raise Cancelled

    with repo.blobs() as blobs, pytest.raises(Cancelled):
        blobs.check(tmp_path, stop)
    assert seen == [1 << 20, 2 << 20]


# Files of others


def ledger(data: bytes) -> list[Blob]:
    """Return the blobs of a repository."""
    with Repo.load(data) as repo, repo.blobs() as blobs:
        return list(blobs)


def test_a_report_has_its_blobs() -> None:
    """Some of the older form, and one in two records."""
    found = ledger(report("blobs.car").read_bytes())
    assert len(found) == 5
    assert sum(blob.form == "legacy" for blob in found) == 2
    assert sorted(len(blob.numbers) for blob in found) == [1, 1, 1, 1, 2]


def test_an_old_repository_has_references_of_the_older_form() -> None:
    """75 of them, whose sizes are not told."""
    data = vector("indigo/paul_staging.repo.car").read_bytes()
    with Repo.load(data) as repo, repo.blobs() as blobs:
        assert blobs.legacy == 75
        assert blobs.faults == 0
        assert all(blob.size is None for blob in blobs if blob.form == "legacy")
