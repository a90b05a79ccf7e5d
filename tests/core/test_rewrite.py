"""Facts about repositories that are written anew, in the order of the walk."""

from __future__ import annotations

import random
from hashlib import sha512
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from repoview import Checks, Profile, Repo
from repoview.core.errors import BlockMissing, Cancelled
from repoview.core.rewrite import (
    NotWhole,
    RewriteDiffers,
    insist_on_same,
    rewrite,
)
from repoview.corpus import LIGHT_CASES, make_car, sample
from repoview.corpus.cbor import Link, encode
from repoview.corpus.repo import with_stray
from repoview.corpus.tree import COLLECTION
from tests.core.repos import car_of, make_repo, many, parts_of
from tests.fuzz.repositories import repositories
from tests.strategies import examples

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.load.result import Progress
    from repoview.corpus.case import Case


def rewritten(data: bytes) -> bytes:
    """Return a repository as it is written anew."""
    out = bytearray()
    with Repo.load(data) as repo:
        counted = rewrite(repo, out.extend)
    assert counted.bytes == len(out)
    with Repo.load(bytes(out)) as written:
        assert counted.blocks == written.report.counts.blocks
    return bytes(out)


def told(repo: Repo) -> object:
    """Return all that a repository says, whatever file it is in."""
    commit = repo.commit
    return (
        None if commit is None else (commit.cid, commit.sig),
        [(record.key, record.cid, record.data) for record in repo.records()],
        [repo.tree.node(number).cid for number in range(len(repo.tree))],
    )


def check(data: bytes) -> bytes | None:
    """See that a file is written anew as it should be, or refused; return it."""
    with Repo.load(data) as repo:
        if repo.report.exit_code in {10, 11, 12} or not repo.report.complete:
            refused(repo)
            return None
        out = bytearray()
        rewrite(repo, out.extend)
        with Repo.load(bytes(out)) as written:
            insist_on_same(repo, written)
            assert told(written) == told(repo)
            assert written.verdict in {"sound", "bad-records"}
            codes = {found.code for found in written.report.findings}
            assert not codes & {"ORD001", "ORD002", "BLK002", "BLK004", "BLK005"}
            assert about_records(written) == about_records(repo)
    assert rewritten(bytes(out)) == bytes(out)
    return bytes(out)


def refused(repo: Repo) -> None:
    """See that a repository is not written, and nothing of it."""
    out = bytearray()
    with pytest.raises(NotWhole) as error:
        rewrite(repo, out.extend)
    assert error.value.exit_code in {10, 11, 12}
    assert repo.report.exit_code in {0, error.value.exit_code}
    assert not out


def about_records(repo: Repo) -> list[tuple[str, str]]:
    """Return what is found of records and keys, in any order."""
    found = (f for f in repo.report.findings if f.code[:3] in {"REC", "KEY"})
    return sorted((each.code, each.path or "") for each in found)


@examples(40)
@given(repositories())
def test_what_is_whole_comes_out_the_same(data: bytes) -> None:
    """Every key, record and node, and the commit; what is not whole is refused."""
    check(data)


@pytest.mark.unmeasured
@pytest.mark.parametrize("case", LIGHT_CASES[::4], ids=lambda case: case.id)
def test_a_broken_file_is_refused_or_mended(case: Case) -> None:
    """Only where its tree is sound and complete is it written."""
    check(case.build().data)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_and_the_leavings_of_a_file_do_not_matter(seed: int) -> None:
    """The same blocks in any order, doubled, and with others, give the same file."""
    whole = sample().car().data
    luck = random.Random(seed)  # noqa: S311 (not for secrets)
    head, parts = parts_of(with_stray().data)
    parts += luck.sample(parts, 4)
    luck.shuffle(parts)
    assert rewritten(car_of(with_stray().data, head, parts)) == whole


def test_a_file_in_order_comes_out_byte_by_byte() -> None:
    """There is nothing to do better."""
    whole = make_car({f"com.example.note/{n:03}": {} for n in range(300)}).data
    assert rewritten(whole) == whole


@pytest.mark.unmeasured
def test_blocks_of_many_batches_are_copied() -> None:
    """In another order than that of the walk, and more than are read at once."""
    records = {path: {"$type": path.partition("/")[0]} for path in many(9_000)}
    big = {
        f"com.example.big/{n}": {"$type": "com.example.big", "x": bytes([n]) * 600_000}
        for n in range(5)
    }
    data = make_repo({**records, **big})
    assert check(data) is not None


def test_a_record_of_several_keys_is_written_once() -> None:
    """And so is one that has a CID of another form, which is allowed to records."""
    same = encode({"$type": "com.example.note"})
    data = make_car({f"com.example.note/{n:03}": same for n in range(50)}).data
    out = check(data)
    assert out is not None
    assert out.count(same) == 1


def test_a_header_that_names_another_block_is_mended() -> None:
    """The commit that was found becomes the root."""
    car = sample().car()
    assert rewritten(car.with_roots(car.cids[-1]).data) == car.data


def test_padding_and_what_follows_the_end_stay_behind() -> None:
    """The file around the repository is made anew."""
    car = sample().car()
    padded = car.with_padding(car.cids[3], 2)
    assert rewritten(padded.plus(b"\0\0\0").data) == car.data


@pytest.mark.parametrize("lost", ["record", "node", "commit", "damaged"])
def test_what_is_not_whole_is_refused(lost: str) -> None:
    """Before anything is written."""
    repo = sample()
    car = repo.car()
    broken = {
        "record": car.cut(car.last_section),
        "node": car.without(repo.second.cid),
        "commit": car.without(repo.cid),
        "damaged": car.with_data(repo.first.cid, b"\xa0"),
    }[lost]
    assert check(broken.data) is None


def test_an_unsound_tree_is_refused() -> None:
    """It would be no sound repository in any order."""
    repo = sample()
    repo.first.changed["x"] = 1
    with Repo.load(repo.car().data) as loaded, pytest.raises(NotWhole) as refused:
        rewrite(loaded, lambda _: None)
    assert refused.value.exit_code == 11


def test_a_file_that_changes_meanwhile_is_noticed(tmp_path: Path) -> None:
    """A block is hashed again when it is copied."""
    path = tmp_path / "a.car"
    car = sample().car()
    path.write_bytes(car.data)
    with Repo.load(path) as repo:
        path.write_bytes(car.data[:-1] + bytes((car.data[-1] ^ 1,)))
        with pytest.raises(BlockMissing, match="does not hash"):
            rewrite(repo, lambda _: None)


def test_progress_is_told_and_ends_it() -> None:
    """By what it raises."""
    seen: list[Progress] = []

    def stop(progress: Progress) -> None:
        seen.append(progress)
        raise Cancelled("enough")

    with Repo.load(sample().car().data) as repo, pytest.raises(Cancelled):
        rewrite(repo, lambda _: None, stop)
    assert [(each.stage, each.done) for each in seen] == [("rewrite", 1)]


def test_what_was_written_is_compared_with_what_was_read() -> None:
    """Whatever differs is told."""
    car = sample().car()
    others = {
        "order": car.in_order(sorted(car.cids)),
        "unlinked blocks": with_stray(),
        "duplicate blocks": car.plus_block(sample().data),
        "commit": make_car({"com.example.note/1": {}}),
    }
    with Repo.load(car.data) as repo:
        for name, other in others.items():
            with (
                Repo.load(other.data) as written,
                pytest.raises(RewriteDiffers, match=f"has {name} "),
            ):
                insist_on_same(repo, written)


def test_a_profile_that_lets_records_be_missing_does_not_write_without_them() -> None:
    """Nobody can write what is not there."""
    car = sample().car()
    checks = Checks(profile=Profile.MST_ONLY)
    with Repo.load(car.cut(car.last_section).data, checks=checks) as repo:
        refused(repo)


def test_a_record_under_a_cid_of_another_form_is_written_too() -> None:
    """Such a link is allowed to records, and only warned of."""
    data = encode({"$type": COLLECTION, "text": "hashed otherwise"})
    cid = b"\x01\x71\x13\x40" + sha512(data).digest()
    repo = sample()
    for entry in (repo.last_entry, repo.first.entries[0]):
        entry.changed["v"] = Link(cid)
    car = repo.car().plus_block(data, cid, at=1)
    with Repo.load(car.data) as loaded:
        assert loaded.verdict == "sound"
    out = check(car.data)
    assert out is not None
    assert out.count(data) == 1
