"""Facts about the numbers of a walk's steps: they are those of the walk itself."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repoview import Repo
from repoview.core.repo.walk_places import WalkPlaces
from repoview.core.trees.steps import BlockAsked, KeyMet
from repoview.core.trees.walk import walk
from repoview.corpus import LIGHT_CASES
from tests.core.repos import make_repo, many
from tests.fuzz.repositories import repositories

if TYPE_CHECKING:
    from repoview.core.trees.steps import WalkStep
    from repoview.corpus import Case


def insist(repo: Repo, steps: list[WalkStep]) -> None:
    """See that each node and record is where it is said to be, and the end."""
    places = WalkPlaces(repo)
    assert len(places) == len(steps)
    met = [n for n, step in enumerate(steps) if isinstance(step, KeyMet)]
    assert met == [places.of_record(number) for number in range(len(repo))]
    asked = [n for n, step in enumerate(steps) if isinstance(step, BlockAsked)]
    assert asked == [places.of_node(number) for number in range(len(repo.tree))]


def check(repo: Repo) -> None:
    """See that a tree has no places, or the right ones.

    Where a node breaks a rule, the walk that verified it took other steps.
    """
    if len(repo.tree) and WalkPlaces(repo).are_known:
        insist(repo, list(walk(repo.tree)))


@settings(max_examples=80)
@given(repositories())
def test_where_places_are_known_they_are_those_of_the_walk(data: bytes) -> None:
    """Of any repository, right or broken, also one that lacks blocks."""
    with Repo.load(data) as repo:
        check(repo)


@given(st.integers(0, 500))
def test_a_walk_begins_at_any_step(step: int) -> None:
    """Not more than a way down before it, and goes on as the whole one does."""
    with Repo.load(make_repo(many(150))) as repo:
        places = WalkPlaces(repo)
        steps = list(walk(repo.tree))
        assert places.are_known
        insist(repo, steps)
        start, found = places.begin(step)
        assert start <= step
        assert list(islice(found, 20)) == steps[start : start + 20]


@pytest.mark.parametrize("case", LIGHT_CASES[::10], ids=lambda case: case.id)
def test_a_broken_tree_has_no_places_or_the_right_ones(case: Case) -> None:
    """Of some broken files, on every kernel; `tests.test_corpus` has all."""
    with Repo.load(case.build().data) as repo:
        check(repo)
