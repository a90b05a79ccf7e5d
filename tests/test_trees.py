"""Facts about `repoview.trees`: trees of repositories, by the names that users call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import repoview
from repoview import Answer, NotFound, Repo, trees
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECORDS = many(200)
PATH = "com.example.kind1/000100"
CHANGED = {**RECORDS, PATH: {"$type": "com.example.kind1", "x": 1}}


@pytest.fixture
def old() -> Iterator[Repo]:
    """A repository of 200 records."""
    with repoview.open(make_repo(RECORDS)) as repo:
        yield repo


@pytest.fixture
def new() -> Iterator[Repo]:
    """The same with one record changed."""
    with repoview.open(make_repo(CHANGED)) as repo:
        yield repo


def test_two_repositories_are_compared(old: Repo, new: Repo) -> None:
    """By their trees alone; a tree stands for its repository."""
    items = list(trees.diff(old, new))
    (record,) = (each for each in items if isinstance(each, trees.RecordChange))
    was, now = old.get(PATH), new.get(PATH)
    assert was is not None
    assert now is not None
    assert (record.path, record.action) == (PATH, "update")
    assert (record.before, record.after) == (was.cid, now.cid)
    assert items == list(trees.diff(old.tree, new.tree))


def test_the_steps_are_those_of_the_engine(old: Repo, new: Repo) -> None:
    """Of a diff, a look-up, a proof and a walk."""
    steps = list(trees.diff_steps(old, new))
    assert any(isinstance(step, trees.SubtreeSkipped) for step in steps)
    *_, found = trees.look_up_steps(old, PATH)
    assert isinstance(found, trees.KeyFound)
    assert found.value == old.record(old.find(PATH) or 0).cid
    *_, proof = trees.proof_steps(old, PATH)
    assert proof == old.prove(PATH)
    met = [s for s in trees.walk_steps(old) if isinstance(s, trees.KeyMet)]
    assert len(met) == len(old)
    assert next(trees.walk_steps(old, PATH)) == met[old.find(PATH) or 0]
    *came, end = trees.stream_steps(old)
    assert isinstance(end, trees.StreamEnded)
    assert {step.of for step in came if isinstance(step, trees.BlockCame)} == {
        end.blocks
    }


def test_a_proof_is_a_file_that_proves(old: Repo, tmp_path: Path) -> None:
    """To the command line too, which asks the same."""
    path = tmp_path / "proof.car"
    for asked, answer in ((PATH, Answer.PRESENT), (PATH + "x", Answer.ABSENT)):
        with path.open("wb") as file:
            size = trees.prove(old, asked).write_car(file.write)
        assert path.stat().st_size == size
        with Repo.load(path) as repo:
            assert repo.prove(asked).answer is answer


def test_a_copy_of_a_tree_is_changed(old: Repo, new: Repo) -> None:
    """Into that of the other repository; its own stays as it is."""
    tree = old.tree.edit()
    top = tree.top
    assert tree.update(PATH, {"$type": "com.example.kind1", "x": 1})
    assert tree.top == new.tree.top
    assert list(trees.diff(tree, new)) == []
    delta = tree.delta()
    nodes = [n for n in trees.diff(old, tree) if isinstance(n, trees.NodeChange)]
    assert [*delta.created] == [n.cid for n in nodes if n.action == "create"]
    assert sorted(delta.deleted) == sorted(n.cid for n in nodes if n.action == "delete")
    assert old.tree.top == top


def test_the_depth_of_a_path_is_told_and_found() -> None:
    """For a lesson on hashes."""
    path = trees.path_of_depth("app.bsky.feed.post", 3)
    assert trees.key_depth(path) == trees.key_depth(path.encode()) == 3


@pytest.mark.parametrize("start", [-1, 1 << 53])
def test_a_time_that_no_tid_has_is_refused(start: int) -> None:
    """It would be cut, and give the key of another time."""
    with pytest.raises(ValueError, match="no time of a TID"):
        trees.path_of_depth("app.bsky.feed.post", 0, start=start)


def test_a_repository_without_a_tree_has_none_to_compare(old: Repo) -> None:
    """It says so."""
    with Repo.load(make_repo({})[:1]) as nothing, pytest.raises(NotFound):
        list(trees.diff(old, nothing))
    with Repo.load(make_repo({})[:1]) as nothing, pytest.raises(NotFound):
        nothing.tree.edit()
