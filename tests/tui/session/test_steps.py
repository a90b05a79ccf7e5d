"""Facts about the steps of a repository by number, and where they are in its tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import LimitExceeded, Repo, trees
from repoview.core.inventory import streaming
from repoview.corpus import LIGHT_CASES
from repoview.tui.session import step_track
from repoview.tui.session.steps import StepAnswers
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.tui.session.step_track import Track

DATA = make_repo(many(300))
PATH = "com.example.kind1/000100"
ABSENT = "com.example.kind1/000101"


@pytest.fixture(scope="module")
def repo() -> Iterator[Repo]:
    """A repository of 300 records."""
    with Repo.load(DATA) as repo:
        yield repo


def all_of(track: Track) -> list[trees.WalkStep]:
    """Return all steps, in order."""
    return [track.step(number) for number in range(track.last() + 1)]  # type: ignore[misc]  # each is there


def test_the_steps_are_those_of_the_engine(repo: Repo) -> None:
    """Of each kind of work."""
    answers = StepAnswers(repo)
    with Repo.load(make_repo(many(310))) as other:
        theirs = StepAnswers(other)
        assert all_of(answers.walk()) == list(trees.walk_steps(repo))
        for path in (PATH, ABSENT):
            assert all_of(answers.look_up(path)) == list(
                trees.look_up_steps(repo, path)
            )
            assert all_of(answers.proof(path)) == list(trees.proof_steps(repo, path))
        for order in ("file", "walk", "cid"):
            steps = list(trees.stream_steps(repo, order))
            assert all_of(answers.stream(order)) == steps
        assert all_of(answers.diff(theirs)) == list(trees.diff_steps(repo, other))


@given(st.lists(st.integers(-2, 600), max_size=20))
def test_any_step_is_reached_from_any_other(numbers: list[int]) -> None:
    """Whether the work can begin there or not, and however few steps are kept."""
    with pytest.MonkeyPatch.context() as patch, Repo.load(DATA) as repo:
        patch.setattr(step_track, "KEPT", 8)
        answers = StepAnswers(repo)
        for track, steps in (
            (answers.walk(), list(trees.walk_steps(repo))),
            (answers.stream("file"), list(trees.stream_steps(repo))),
        ):
            for number in numbers:
                is_there = 0 <= number < len(steps)
                assert track.step(number) == (steps[number] if is_there else None)
            assert track.last() == len(steps) - 1


def test_what_waits_is_told_at_each_step_of_a_walk(repo: Repo) -> None:
    """After a node was opened, that is what is in it, and what waited before."""
    track = StepAnswers(repo).walk()
    steps = list(trees.walk_steps(repo))
    for number, step in enumerate(steps[:-1]):
        said, following = track.at(number), steps[number + 1]
        assert said is not None
        if isinstance(following, trees.KeyMet):
            assert said.waits[0] == f"key {following.key.decode()}"
        elif isinstance(step, trees.KeyMet):
            assert isinstance(following, trees.BlockAsked)
            assert str(following.link.cid)[-4:] in said.waits[0]


def test_a_step_is_at_its_node_or_record(repo: Repo) -> None:
    """By its CID and the keys beside it, and by its key."""
    answers = StepAnswers(repo)
    track = answers.walk()
    for number, step in enumerate(trees.walk_steps(repo)):
        said = track.at(number)
        assert said is not None
        assert said.spot is not None
        place = answers.place(said.spot)
        assert place is not None
        if isinstance(step, trees.KeyMet):
            assert place == ("record", repo.find(step.key))
        elif isinstance(step, trees.NodeOpened):
            assert place[0] == "node"
            assert repo.tree.node(place[1]).cid == step.node.link.cid
        assert answers.walk_step(*place) in {number, number - 1}


def test_a_path_that_is_absent_is_at_the_node_that_would_have_it(repo: Repo) -> None:
    """The last one on the way to it."""
    answers = StepAnswers(repo)
    track = answers.look_up(ABSENT)
    said = track.at(track.last())
    assert said is not None
    assert said.sign == "∅"
    assert said.spot is not None
    assert answers.place(said.spot) == ("node", repo.tree.way_to(ABSENT.encode())[-1])


def test_work_that_cannot_begin_anywhere_is_bounded(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And says that there is more."""
    monkeypatch.setattr(step_track, "MOST", 50)
    answers = StepAnswers(repo)
    stream, walk = answers.stream("file"), answers.walk()
    assert (stream.last(), stream.is_cut) == (49, True)
    assert stream.step(50) is None
    assert not walk.is_cut
    assert walk.last() == len(list(trees.walk_steps(repo))) - 1
    with Repo.load(make_repo({f"com.example.x/{n}": {} for n in range(99)})) as other:
        diff = answers.diff(StepAnswers(other))
        assert diff.count is None
        assert (diff.last(), diff.is_cut) == (49, True)
    short = answers.look_up(PATH)
    assert (short.count, short.is_cut) == (short.last() + 1, False)


@pytest.mark.parametrize("code", ["MST014", "MST016"])
def test_a_tree_that_breaks_a_rule_is_walked_from_its_beginning(code: str) -> None:
    """The walk that verified it took other steps, so none has a known number."""
    data = next(case for case in LIGHT_CASES if case.code == code).build().data
    with Repo.load(data) as repo:
        track = StepAnswers(repo).walk()
        assert not track.is_random
        assert all_of(track) == list(trees.walk_steps(repo))


def test_a_node_that_is_missing_is_a_step() -> None:
    """It is refused, and where it would be is known."""
    with Repo.load(make_repo(many(300), leave_out=330)) as repo:
        answers = StepAnswers(repo)
        steps = all_of(answers.walk())
        assert steps == list(trees.walk_steps(repo))
        refused = [n for n, s in enumerate(steps) if isinstance(s, trees.NodeRefused)]
        assert refused
        for number in refused:
            said = answers.walk().at(number)
            assert said is not None
            assert said.spot is not None
            place = answers.place(said.spot)
            assert place is not None
            assert repo.tree.node(place[1]).cid == said.spot.cid


def test_too_many_blocks_are_not_put_in_the_order_of_cids(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said before the first step."""
    monkeypatch.setattr(streaming, "MOST_BY_CID", 100)
    with pytest.raises(LimitExceeded, match="100 at most"):
        StepAnswers(repo).stream("cid")


def test_the_earlier_of_two_states_is_known() -> None:
    """By the revisions of one account."""
    with Repo.load(DATA) as one, Repo.load(make_repo({})) as same:
        assert not StepAnswers(one).is_before(StepAnswers(same))
