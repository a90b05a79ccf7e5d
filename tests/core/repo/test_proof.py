"""Facts about proofs: present, absent, or neither, by the blocks on the way alone."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import Answer, Checks, Profile, Repo, Step
from repoview.core.formats.dagcbor import strict as dagcbor
from tests.core.repos import car_of, make_repo, many, parts_of
from tests.vectors import report, vector, vectors_or_skip

if TYPE_CHECKING:
    from collections.abc import Collection

    from repoview import Cid

WHOLE = make_repo(many(120, 2))
PATHS = sorted(many(120, 2))
KEYS = st.sampled_from(PATHS) | st.builds(
    lambda path, more: path + more, st.sampled_from(PATHS), st.text("0a~", min_size=1)
)
"""Half of them are there."""


def without(data: bytes, gone: Collection[Cid]) -> bytes:
    """Return a CAR that lacks some blocks."""
    head, parts = parts_of(data)
    return car_of(data, head, [part for part in parts if part.cid not in gone])


def of(data: bytes, kept: Collection[Cid]) -> bytes:
    """Return a CAR of some blocks only."""
    head, parts = parts_of(data)
    return car_of(data, head, [part for part in parts if part.cid in kept])


def damaged(data: bytes, cid: Cid) -> bytes:
    """Return a CAR with a bit of one block turned over."""
    _, parts = parts_of(data)
    (end,) = (part.end for part in parts if part.cid == cid)
    return data[: end - 1] + bytes([data[end - 1] ^ 1]) + data[end:]


def follow(repo: Repo, steps: tuple[Step, ...]) -> None:
    """Check that the field each step names leads to its CID."""
    for above, step in pairwise(steps):
        value = dagcbor.decode(repo.block(above.cid).data)
        for part in step.link.replace("]", "").replace("[", ".").split("."):
            value = value[int(part)] if part.isdecimal() else value[part]  # type: ignore[index,call-overload]  # as the link says
        assert value == step.cid


@given(KEYS)
def test_what_the_tree_has_is_proved_and_so_is_what_it_has_not(path: str) -> None:
    """By a way whose steps link to each other, and hash."""
    with Repo.load(WHOLE) as repo:
        proof = repo.prove(path)
        follow(repo, proof.steps)
    expected = Answer.PRESENT if path in PATHS else Answer.ABSENT
    assert (proof.path, proof.answer, proof.missing) == (path, expected, None)
    assert proof.steps[0].role == "commit"
    assert all(step.hashes for step in proof.steps)
    assert (proof.steps[-1].role == "record") == (path in PATHS)


@given(KEYS)
def test_the_blocks_of_the_way_prove_the_same_without_all_others(path: str) -> None:
    """They are a proof to give away."""
    with Repo.load(WHOLE) as repo:
        proof = repo.prove(path)
    with Repo.load(of(WHOLE, [step.cid for step in proof.steps])) as part:
        assert part.prove(path) == proof or part.prove(path).answer is proof.answer


@given(KEYS, st.data(), st.booleans())
def test_without_any_block_of_the_way_nothing_is_proved(
    path: str, data: st.DataObject, is_there: bool
) -> None:
    """Missing or damaged, it is named; unknown is no absence."""
    with Repo.load(WHOLE) as repo:
        steps = repo.prove(path).steps
    gone = data.draw(st.sampled_from(steps[1:])).cid
    part = damaged(WHOLE, gone) if is_there else without(WHOLE, [gone])
    with Repo.load(part) as repo:
        proof = repo.prove(path)
    assert (proof.answer, proof.missing) == (Answer.UNKNOWN, gone)
    assert not proof.steps[-1].hashes
    assert ("damaged" in proof.why) == is_there


@pytest.mark.unmeasured
@given(KEYS, st.data())
def test_damage_beside_the_way_changes_no_answer(
    path: str, data: st.DataObject
) -> None:
    """No block is needed but those of the way."""
    with Repo.load(WHOLE) as repo:
        expected = repo.prove(path)
    _, parts = parts_of(WHOLE)
    way = {step.cid for step in expected.steps}
    beside = data.draw(st.sampled_from([p.cid for p in parts if p.cid not in way]))
    with Repo.load(damaged(WHOLE, beside)) as repo:
        assert repo.prove(path).answer is expected.answer


def test_without_a_commit_nothing_is_proved() -> None:
    """Unless the root may be the top of the tree."""
    _, parts = parts_of(WHOLE)
    with Repo.load(without(WHOLE, [parts[0].cid])) as repo:
        proof = repo.prove(PATHS[0])
    assert (proof.answer, proof.steps) == (Answer.UNKNOWN, ())


def test_a_commit_that_is_damaged_proves_nothing() -> None:
    """It is the one step, and what is said to be missing."""
    root = parts_of(WHOLE)[1][0].cid
    with Repo.load(damaged(WHOLE, root)) as repo:
        proof = repo.prove(PATHS[0])
    assert (proof.answer, proof.missing) == (Answer.UNKNOWN, root)
    assert [step.hashes for step in proof.steps] == [False]
    assert "does not hash" in proof.why or "do not hash" in proof.why


def test_an_empty_repository_proves_that_nothing_is_there() -> None:
    """Its only node would hold every key."""
    with Repo.load(make_repo({})) as repo:
        assert repo.prove("com.example.kind0/1").answer is Answer.ABSENT
        assert repo.prove(b"\xff").answer is Answer.ABSENT
        with pytest.raises(ValueError, match="surrogates"):
            repo.prove("com.example.kind0/\ud800")


def check(repo: Repo) -> None:
    """See that nothing is called absent that the tree has.

    Nor present by another block than the tree links to.
    """
    for record in repo.records()[:40]:
        proof = repo.prove(record.key)
        assert proof.answer is not Answer.ABSENT
        if proof.answer is Answer.PRESENT:
            found = repo.get(record.key)
            assert found is not None
            assert proof.cid == found.cid


@pytest.mark.parametrize("name", ["pds/record.car", "indigo/repo_slice.car"])
def test_answers_of_servers_prove_what_was_asked(name: str) -> None:
    """And that nothing is right behind it."""
    with Repo.load(str(vector(name))) as repo:
        path = repo.report.proves
        assert path is not None
        assert repo.prove(path).answer is Answer.PRESENT
        absent = {repo.prove(path + more).answer for more in "abcdefgh"}
    assert Answer.PRESENT not in absent
    assert Answer.ABSENT in absent


def test_a_slice_without_its_record_proves_nothing_of_it() -> None:
    """The key is in the tree, and its block elsewhere."""
    path = "app.bsky.feed.post/3ke6mb47ds222"
    with Repo.load(str(report("commit-good.car"))) as repo:
        assert repo.prove(path).answer is Answer.PRESENT
    with Repo.load(str(report("commit-lacks-record.car"))) as repo:
        proof = repo.prove(path)
        assert repo.prove("app.bsky.feed.post/3ke6mb47ds722").answer is Answer.ABSENT
    assert proof.answer is Answer.UNKNOWN
    assert proof.cid == proof.missing is not None


def test_trees_of_another_project_hold_what_they_hold() -> None:
    """Without records nothing is present; what no tree has is absent."""
    folder = vectors_or_skip() / "mst-suite"
    files = sorted(folder.rglob("*.car"))[::4]
    if not files:
        pytest.skip("the vectors have no trees")
    checks = Checks(profile=Profile.MST_ONLY)
    for path in files:
        with Repo.load(str(path), checks=checks) as repo:
            keys = dict(repo.keys())
            for key, cid in list(keys.items())[:20]:
                proof = repo.prove(key)
                assert (proof.answer, proof.cid) == (Answer.UNKNOWN, cid)
                assert proof.missing == cid
                assert repo.prove(key + "x").answer is Answer.ABSENT


@given(st.data())
def test_damage_never_turns_an_answer_into_the_opposite(data: st.DataObject) -> None:
    """One bit of a proof turned over, anywhere, or its end cut off."""
    path = data.draw(KEYS)
    with Repo.load(WHOLE) as repo:
        expected = repo.prove(path)
    proof = of(WHOLE, [step.cid for step in expected.steps])
    at = data.draw(st.integers(0, len(proof) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    turned = proof[:at] + bytes([proof[at] ^ bit]) + proof[at + 1 :]
    for hostile in (turned, proof[:at]):
        with Repo.load(hostile) as repo:
            found = repo.prove(path)
        assert found.answer in {expected.answer, Answer.UNKNOWN}
        assert found.cid in {None, expected.cid}
