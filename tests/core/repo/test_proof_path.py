"""Facts about the way from the commit down: each block links to the next."""

from __future__ import annotations

from itertools import pairwise

import pytest

from repoview import Repo
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.repo.inside import inside
from repoview.core.repo.proof_path import Step, way_to_key, way_to_node, way_to_record
from tests.core.repos import make_repo, many


@pytest.fixture(scope="module")
def repo() -> Repo:
    """A repository whose tree has several levels."""
    return Repo.load(make_repo(many(400)))


def follow(repo: Repo, steps: list[Step]) -> None:
    """Check that the field each step names leads to its CID."""
    for above, step in pairwise(steps):
        value = dagcbor.decode(repo.block(above.cid).data)
        for part in step.link.replace("]", "").replace("[", ".").split("."):
            value = value[int(part)] if part.isdecimal() else value[part]  # type: ignore[index,call-overload]  # as the link says
        assert value == step.cid


def test_every_step_is_where_the_one_above_says(repo: Repo) -> None:
    """From the commit to each record, by the fields of the blocks alone."""
    for number in range(0, 400, 7):
        steps = way_to_record(repo, number)
        assert steps[0].role == "commit"
        assert steps[-1].role == "record"
        assert steps[-1].record is not None
        assert steps[-1].record.number == number
        by_key = way_to_key(repo, inside(repo).index.key(number))
        assert [step.cid for step in by_key] == [step.cid for step in steps]
        assert all(step.hashes for step in steps)
        follow(repo, steps)


def test_every_node_has_a_way(repo: Repo) -> None:
    """Which ends with it, and gets lower by one a step."""
    for number in range(len(repo.tree)):
        steps = way_to_node(repo, number)
        follow(repo, steps)
        assert steps[-1].node is not None
        assert steps[-1].node.number == number
        depths = [step.node.depth for step in steps if step.node is not None]
        assert depths[0] is not None
        assert depths == list(range(depths[0], depths[0] - len(depths), -1))


def test_a_link_to_a_sub_tree_tells_the_key_before_it(repo: Repo) -> None:
    """None for the leftmost; a record has its own."""
    for number in range(0, 400, 13):
        steps = way_to_record(repo, number)
        key = inside(repo).index.key(number)
        assert steps[-1].key == key
        for step in steps[2:-1]:
            assert (step.key is None) == (step.link == "l")
            assert step.key is None or step.key < key


def test_a_block_that_does_not_hash_is_no_proof() -> None:
    """The step says so, and the way goes on where it can."""
    data = bytearray(make_repo(many(60)))
    data[-3] ^= 1
    repo = Repo.load(bytes(data))
    number = next(n for n in range(60) if repo.record(n).state == "damaged")
    steps = way_to_record(repo, number)
    assert [step.hashes for step in steps] == [True] * (len(steps) - 1) + [False]


def some(count: int) -> range:
    """Return the numbers of all, or of some ten in equal steps."""
    return range(0, count, 1 + count // 10)


def check(repo: Repo) -> None:
    """See that each record has a way, and each node, to its CID.

    By number, so that keys out of order do not hide it.
    """
    for number in some(len(repo)):
        steps = way_to_record(repo, number)
        assert steps[-1].cid == repo.record(number).cid
        if len(steps) > 2:
            assert steps[-1].link
    for number in some(len(repo.tree)):
        assert way_to_node(repo, number)[-1].cid == repo.tree.node(number).cid
