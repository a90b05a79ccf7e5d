"""Facts about repositories in the cache: what comes back is what was found."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.cid import Cid
from repoview.core.errors import Cancelled, RepoviewError, SourceError
from repoview.core.file_identity import identify
from repoview.core.findings.findings import Profile
from repoview.core.findings.policy import Policy
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.kernel import kernel
from repoview.core.opening import cache_policy
from repoview.core.opening.opening import Opening
from repoview.core.opening.room import Room
from repoview.core.repo.cached_format import version_of
from repoview.core.repo.cached_reader import EntryReader
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from repoview.core.verify.verify import Checks
from repoview.corpus import LIGHT_CASES
from tests.core import caches
from tests.core.kept import Kept, told
from tests.core.repos import make_repo, many
from tests.fuzz import cached_damage
from tests.fuzz.repositories import repositories
from tests.strategies import examples

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.load.result import Progress
    from repoview.corpus import Case


@pytest.fixture(autouse=True)
def everything_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small it is."""
    monkeypatch.setattr(cache_policy, "LEAST_BYTES", 0)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """A sound repository that was kept."""
    one = Kept(tmp_path, make_repo(many(300)))
    one.keep()
    return one


# What comes back


@examples(80)
@given(repositories())
def test_what_comes_back_is_what_was_found(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    """Of any repository, broken ones too: nothing is lost, and nothing added."""
    one = Kept(tmp_path_factory.mktemp("kept"), data)
    found = one.found()
    with one.load() as again:
        assert again.from_cache
        assert told(again) == found
    assert one.said == []
    shutil.rmtree(one.path.parent)


@pytest.mark.unmeasured
@pytest.mark.parametrize("case", LIGHT_CASES[::3], ids=lambda case: case.id)
def test_the_corpus_comes_back(tmp_path: Path, case: Case) -> None:
    """Files that are broken in one way each."""
    one = Kept(tmp_path, case.build().data)
    found = one.found()
    with one.load() as again:
        assert told(again) == found


@pytest.mark.parametrize(
    "case",
    [case for case in LIGHT_CASES if case.code in {"CID005", "CID006", "CID008"}],
    ids=lambda case: case.id,
)
def test_blocks_with_odd_cids_come_back(tmp_path: Path, case: Case) -> None:
    """Those that the tree links to, or that are its commit, and others."""
    one = Kept(tmp_path, case.build().data)
    found = one.found()
    with one.load() as again:
        assert again.from_cache == (case.verdict != "unreadable")
        assert told(again) == found


def test_nothing_is_read_before_it_is_asked_for(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report and the collections are there without any block."""
    monkeypatch.setattr(Opening, "advance", None)
    monkeypatch.setattr(kernel, "BlockIndex", None)
    with kept.load() as repo:
        assert repo.verdict == "sound"
        assert len(repo) == 300
        assert sum(each.count for each in repo.collections) == 300
        assert repo.shape.levels
        assert repo.find(inside(repo).index.key(17).decode()) == 17


def shown(repo: Repo) -> list[object]:
    """Return what lists and panes show of each record."""
    return [
        (each.path, each.cid, each.size, each.offset, each.state, each.data)
        for each in map(repo.record, range(len(repo)))
    ]


def test_records_are_shown_before_there_is_an_index(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their rows are read one by one, and say the same."""
    with Repo.load(str(kept.path)) as repo:
        expected = shown(repo)
    monkeypatch.setattr(EntryReader, "_restored", None)
    with kept.load() as repo:
        assert repo.from_cache
        assert shown(repo) == expected


@pytest.mark.usefixtures("small_pages")
def test_records_are_shown_of_a_damaged_cache(tmp_path: Path) -> None:
    """The file is read again when a row is not what was written."""
    one = Kept(tmp_path, make_repo(many(100)))
    one.keep()
    with Repo.load(str(one.path)) as repo:
        expected = shown(repo)
    (entry,) = caches.files(one.cache)
    with one.load() as repo:
        assert repo.from_cache
        spoil(entry)
        assert shown(repo) == expected
    assert one.said == []


@pytest.mark.unmeasured
def test_a_small_limit_holds_from_the_cache_too(tmp_path: Path) -> None:
    """The block index goes to disk as it does when a file is read."""
    one = Kept(tmp_path, make_repo(many(3_000)))
    found = one.found()
    room = Room(100_000, lambda: str(tmp_path))
    with one.load(room=room) as again:
        assert again.from_cache
        assert told(again) == found
        if kernel.NAME != "python":
            assert inside(again).blocks.index.bytes_used <= 150_000
    assert {path.name for path in tmp_path.iterdir()} == {"repo.car", "cache"}


def test_a_block_is_hashed_again_when_it_is_shown(kept: Kept) -> None:
    """A byte that nothing else noticed is noticed there."""
    with kept.load() as repo:
        record = repo.record(150)
        at = inside(repo).blocks.index.data_offset(inside(repo).index.rows[150])
        facts = kept.path.stat()
        with kept.path.open("r+b") as file:
            file.seek(at + 5)
            file.write(b"\xff")
        os.utime(kept.path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        with pytest.raises(RepoviewError, match="not hash"):
            _ = record.data


# When it does not come back


def test_a_changed_file_is_read_anew(kept: Kept) -> None:
    """And that is said, once."""
    kept.path.write_bytes(make_repo(many(200)))
    with kept.load() as repo:
        assert not repo.from_cache
        assert len(repo) == 200
        inside(repo).keep()
    assert kept.said == [f"{kept.path} was changed since it was last opened"]
    with kept.load() as repo:
        assert repo.from_cache
        assert len(repo) == 200
    assert len(kept.said) == 1


def test_a_file_that_changes_while_it_is_read_is_not_kept(tmp_path: Path) -> None:
    """What was found is neither of the one file nor of the other."""
    one = Kept(tmp_path, make_repo(many(100)))
    with one.load() as repo:
        with one.path.open("ab") as file:
            file.write(b"\x00")
        inside(repo).keep()
    assert one.cache.entries() == []


def test_other_checks_are_other_findings(kept: Kept) -> None:
    """What was found under one profile does not answer for another."""
    with kept.load(checks=Checks(Profile.STRICT)) as repo:
        assert not repo.from_cache
    assert kept.said == []


def test_what_one_policy_weighed_does_not_answer_for_another(tmp_path: Path) -> None:
    """Whichever comes first; and the same policy finds what it kept."""
    records = {f"com.example.kind/{n}": {"$type": "com.example.x"} for n in range(9)}
    one = Kept(tmp_path, make_repo(records))
    cid = Cid.for_block(dagcbor.encode({"$type": "com.example.x"}))
    for policy in (
        Policy(),
        Policy({"REC005": "warning"}),
        Policy({"REC005": "off"}),
        Policy(skipped=[cid]),
        Policy(most=2),
    ):
        checks = Checks(policy=policy)
        with one.load(checks=checks) as repo:
            assert not repo.from_cache
            inside(repo).keep()
            report = repo.report
        with one.load(checks=checks) as repo:
            assert repo.from_cache
            assert repo.report == report


def test_what_a_limit_cut_short_is_not_kept(tmp_path: Path) -> None:
    """Another time there may be more room."""
    one = Kept(tmp_path, make_repo(many(3_000)))
    with one.load(room=Room(20_000)) as repo:
        assert any(found.code == "LIM001" for found in repo.report.findings)
        inside(repo).keep()
    assert one.cache.entries() == []


def test_a_writing_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    """Neither an entry nor a part of one."""
    one = Kept(tmp_path, make_repo(many(300)))

    def cancel(progress: Progress) -> None:
        assert progress.stage == "keep"
        raise Cancelled

    with one.load() as repo, pytest.raises(Cancelled):
        inside(repo).keep(cancel)
    assert caches.files(one.cache) == []


def test_progress_ends_at_its_total(tmp_path: Path) -> None:
    """And never goes back."""
    one = Kept(tmp_path, make_repo(many(3_000)))
    seen: list[int] = []
    totals: set[int] = set()

    def note(progress: Progress) -> None:
        seen.append(progress.done)
        totals.add(progress.total)

    with one.load() as repo:
        inside(repo).keep(note)
    assert seen == sorted(seen)
    (total,) = totals
    assert 0.9 * total < seen[-1] <= 1.1 * total


def test_a_cache_that_cannot_be_is_told_of_once(tmp_path: Path) -> None:
    """And all else goes on without it."""
    one = Kept(tmp_path, make_repo(many(50)))
    folder = tmp_path / "cache"
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    with one.load() as repo:
        inside(repo).keep()
        assert len(repo) == 50
    (sentence,) = one.said
    assert "nothing is cached" in sentence


def test_a_cache_that_goes_away_is_told_of(tmp_path: Path) -> None:
    """Between the reading and the writing, something else took its name."""
    one = Kept(tmp_path, make_repo(many(50)))
    with one.load() as repo:
        (tmp_path / "cache").write_bytes(b"no folder")
        inside(repo).keep()
        assert len(repo) == 50
    (sentence,) = one.said
    assert "nothing is cached" in sentence


def test_what_was_closed_is_not_kept(tmp_path: Path) -> None:
    """Its file cannot be looked at any more."""
    one = Kept(tmp_path, make_repo(many(50)))
    with one.load() as repo:
        pass
    inside(repo).keep()
    assert one.cache.entries() == []
    assert one.said == []


# Damage


def test_what_is_no_entry_of_ours_is_written_anew(tmp_path: Path) -> None:
    """A part that lacks bytes, or is not there, or says something else."""
    one = Kept(tmp_path, make_repo(many(20)))
    found = one.found()
    which, version = identify(one.path), version_of(Checks())
    kept = one.cache.open(which, version)
    assert kept is not None
    with kept:
        parts = caches.read(kept)
    columns = "records.rows", "records.ends", "nodes.rows", "rows"
    others = [{**parts, name: parts[name][:-1]} for name in (*columns, "facts")]
    others += [{n: d for n, d in parts.items() if n != name} for name in columns]
    others += [{**parts, "facts": data} for data in (b"[]", b"{}", b"\xff")]
    others.append({**parts, "records.ends": parts["records.ends"][:-8]})
    for other in others:
        with one.cache.write(which, version) as writer:
            for name, data in other.items():
                writer.put(name, data)
            writer.commit()
        with one.load() as repo:
            assert not repo.from_cache
            assert told(repo) == found
            inside(repo).keep()
        with one.load() as repo:
            assert repo.from_cache
    assert one.said == []


def damaged(path: Path, where: float, how: str) -> None:
    """Spoil the one entry of a cache."""
    data = bytearray(path.read_bytes())
    at = int(where * (len(data) - 1))
    if how == "flip":
        data[at] ^= 0x10
    elif how == "zero":
        data[at : at + 4_096] = bytes(len(data[at : at + 4_096]))
    else:
        del data[at:]
    # In the same file, with the same inode.
    with path.open("r+b") as file:
        file.write(data)
        file.truncate()


@examples(40)
@given(st.floats(0, 1), st.sampled_from(["flip", "zero", "cut"]), st.booleans())
def test_damage_changes_no_answer(
    tmp_path_factory: pytest.TempPathFactory,
    where: float,
    how: str,
    while_open: bool,
) -> None:
    """Wherever an entry is spoilt, before it is opened or in between."""
    one = Kept(tmp_path_factory.mktemp("kept"), make_repo(many(150)))
    found = one.found()
    (entry,) = caches.files(one.cache)
    if not while_open:
        damaged(entry, where, how)
    with one.load() as again:
        if while_open:
            damaged(entry, where, how)
        assert told(again) == found
    assert one.said == []
    shutil.rmtree(one.path.parent)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let entries have so small pages that few of them are read at once."""
    monkeypatch.setattr("repoview.core.cache.file._PAGE", 512)


def spoil(entry: Path) -> None:
    """Spoil all of an entry that is open, but its first page."""
    data = entry.read_bytes()
    entry.write_bytes(data[:512] + bytes(len(data) - 512))


@pytest.mark.usefixtures("small_pages")
def test_what_was_damaged_is_kept_anew(tmp_path: Path) -> None:
    """By the one who noticed."""
    one = Kept(tmp_path, make_repo(many(100)))
    found = one.found()
    (entry,) = caches.files(one.cache)
    for _ in range(2):
        with one.load() as repo:
            assert repo.from_cache
            spoil(entry)
            assert told(repo) == found
        (entry,) = caches.files(one.cache)


@pytest.mark.usefixtures("small_pages")
def test_a_file_that_changed_with_a_damaged_cache_is_told_of(tmp_path: Path) -> None:
    """Then there is nothing left to answer from."""
    one = Kept(tmp_path, make_repo(many(100)))
    one.keep()
    (entry,) = caches.files(one.cache)
    with one.load() as repo:
        spoil(entry)
        with one.path.open("ab") as file:
            file.write(b"\x00")
        with pytest.raises(SourceError, match="was changed while it was open"):
            list(repo.keys())


@pytest.mark.unmeasured
def test_rounds_of_the_script_end_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``python -m tests.fuzz.cached_damage`` does many more, on a larger file."""
    monkeypatch.setattr(cached_damage, "RECORDS", 400)
    failures, rounds = cached_damage.run(tmp_path, 20_261, range(10))
    assert failures == []
    assert len(rounds.came) == 2


@pytest.mark.unmeasured
def test_an_index_is_made_when_very_many_rows_are_asked_for(tmp_path: Path) -> None:
    """One by one they would take longer than all at once."""
    one = Kept(tmp_path, make_repo(many(20_000)))
    one.keep()
    with one.load() as repo:
        assert repo.record(7).size
        assert "index" not in vars(inside(repo).blocks)
        sizes = [repo.record(number).size for number in range(len(repo))]
        states = [repo.record(number).state for number in range(len(repo))]
        assert "index" in vars(inside(repo).blocks)
        assert repo.record(7).size == sizes[7]
        assert set(states) == {"sound"}
