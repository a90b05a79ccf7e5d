"""Facts about proofs that are built: whoever has nothing but the file is convinced."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.findings.policy import Profile
from repoview.core.proof.build import NotProved, build_proof
from repoview.core.repo.proof import Answer, Proof
from repoview.core.repo.repo import Repo
from repoview.core.repo.step import Step
from repoview.core.trees.node import NodeUnusable
from repoview.core.trees.steps import BlockAsked
from repoview.core.verify.shape import FileShape
from repoview.core.verify.verify import Checks
from tests.core.repos import car_of, make_repo, many, parts_of
from tests.vectors import vector

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from repoview.core.cid import Cid
    from repoview.core.proof.build import BuiltProof

DATA = make_repo(many(300))
PATHS = sorted(many(300))
paths = st.sampled_from(PATHS) | st.builds(
    lambda path, more: path + more, st.sampled_from(PATHS), st.text("0a~", min_size=1)
)


@pytest.fixture(scope="module")
def whole(kernel_under_test: object) -> Iterator[Repo]:  # noqa: ARG001 (one a kernel)
    """A repository of 300 records."""
    with Repo.load(DATA) as repo:
        yield repo


def car(built: BuiltProof) -> bytes:
    """Return the file of a proof."""
    out = bytearray()
    assert built.write_car(out.extend) == len(out)
    return bytes(out)


def of(data: bytes, kept: Collection[Cid]) -> bytes:
    """Return a CAR of some blocks only."""
    head, parts = parts_of(data)
    return car_of(data, head, [part for part in parts if part.cid in kept])


@given(path=paths, neighbors=st.booleans())
def test_a_proof_convinces_who_has_nothing_else(
    whole: Repo, path: str, *, neighbors: bool
) -> None:
    """The file answers as the repository does, and is sound for what it is."""
    built = build_proof(whole, path, neighbors=neighbors)
    with Repo.load(car(built)) as repo:
        proof = repo.prove(path)
        assert proof.answer is built.answer is not Answer.UNKNOWN
        assert proof.cid == built.proof.cid
        assert repo.report.verdict in {"sound", "incomplete"}
    found = whole.get(path)
    assert (built.answer is Answer.PRESENT) == (found is not None)
    assert built.path == path


@given(path=paths)
def test_a_proof_has_no_block_to_spare(whole: Repo, path: str) -> None:
    """Without any one of them nothing is proved."""
    built = build_proof(whole, path)
    data = car(built)
    cids = [block.cid for block in built.blocks]
    assert len(cids) == len(set(cids)) == len(built.proof.steps)
    for cid in cids:
        with Repo.load(of(data, set(cids) - {cid})) as repo:
            assert repo.prove(path).answer is Answer.UNKNOWN
            with pytest.raises(NotProved) as caught:
                build_proof(repo, path)
            assert caught.value.proof.path == path


@given(path=paths)
def test_neighbors_are_proved_by_the_same_file(whole: Repo, path: str) -> None:
    """The paths before and after, in walk order; nothing is between."""
    built = build_proof(whole, path, neighbors=True)
    beside = built.neighbors
    assert beside is not None
    assert beside.before == max((each for each in PATHS if each < path), default=None)
    assert beside.after == min((each for each in PATHS if each > path), default=None)
    with Repo.load(car(built)) as repo:
        assert build_proof(repo, path, neighbors=True).neighbors == beside
        assert repo.report.order == "preorder"


def test_neighbors_that_the_file_does_not_show_are_not_told(whole: Repo) -> None:
    """It proves the path itself, and lacks the nodes beside."""
    path = next(
        path
        for path in PATHS
        if len(build_proof(whole, path).blocks)
        < len(build_proof(whole, path, neighbors=True).blocks)
    )
    with Repo.load(car(build_proof(whole, path))) as repo:
        assert build_proof(repo, path).answer is Answer.PRESENT
        with pytest.raises(NodeUnusable):
            build_proof(repo, path, neighbors=True)


def test_a_proof_is_known_for_what_it_is(whole: Repo) -> None:
    """By its shape, with the path that it proves."""
    with Repo.load(car(build_proof(whole, PATHS[7]))) as repo:
        assert repo.report.shape is FileShape.PROOF
        assert repo.report.proves == PATHS[7]


def test_a_proof_of_an_empty_repository_is_of_two_blocks() -> None:
    """It has nothing, and nothing on either side."""
    with Repo.load(make_repo({})) as repo:
        built = build_proof(repo, "a.b.c/1", neighbors=True)
    assert built.answer is Answer.ABSENT
    assert len(built.blocks) == 2
    assert built.neighbors == (None, None)


def test_a_tree_without_a_commit_is_proved_from_its_top() -> None:
    """The root is the top node."""
    checks = Checks(profile=Profile.MST_ONLY)
    path = str(vector("mst-suite/cars/exhaustive_017.car"))
    with Repo.load(path, checks=checks) as repo:
        built = build_proof(repo, "k/00x", neighbors=True)
        assert built.root == repo.tree.top
    with Repo.load(car(built), checks=checks) as repo:
        assert repo.prove("k/00x").answer is Answer.ABSENT


@given(path=paths)
def test_the_steps_of_a_proof_end_with_it(whole: Repo, path: str) -> None:
    """Each block of the way is a step: commit, nodes, record."""
    *steps, last = whole.proof_steps(path.encode())
    assert last == whole.prove(path)
    assert isinstance(last, Proof)
    blocks = [
        step.cid if isinstance(step, Step) else step.link.cid
        for step in steps
        if isinstance(step, Step | BlockAsked)
    ]
    assert blocks == [step.cid for step in last.steps]
