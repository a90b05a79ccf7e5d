"""Facts about the law that depths follow, seen against trees that were built."""

from __future__ import annotations

import pytest

from repoview import Repo
from repoview.core.expected_shape import (
    expected_fanout,
    expected_nodes,
    expected_records,
)
from tests.core.repos import make_repo, many


@pytest.fixture(scope="module")
def repo() -> Repo:
    """A repository whose tree has enough nodes for averages to show."""
    return Repo.load(make_repo(many(6_000)))


def is_near(found: float, expected: float) -> bool:
    """Tell whether chance explains a difference: four times its usual size."""
    return abs(found - expected) <= 4 * expected**0.5 + 2


def test_all_depths_together_have_all_keys() -> None:
    """And the first has three quarters of them."""
    assert expected_records(1_000, 0) == 750
    assert sum(expected_records(1_000, d) for d in range(40)) == pytest.approx(1_000)


def test_records_of_a_depth_are_as_many_as_expected(repo: Repo) -> None:
    """Of every depth."""
    for level in repo.shape.levels:
        assert level.depth is not None
        assert is_near(level.records, expected_records(6_000, level.depth))


def test_nodes_of_a_depth_are_as_many_as_expected(repo: Repo) -> None:
    """Of every depth but that of the top, which is always one."""
    for level in repo.shape.levels[1:]:
        assert level.depth is not None
        assert is_near(level.nodes, expected_nodes(6_000, level.depth))


def test_nodes_of_a_fanout_are_as_many_as_expected(repo: Repo) -> None:
    """Up to the rare ones."""
    top = repo.shape.levels[0].depth
    assert top is not None
    expected = expected_fanout(6_000, top)
    for entries in range(12):
        assert is_near(repo.shape.fanout.get(entries, 0), expected[entries])


@pytest.mark.parametrize("keys", [1, 100, 1_000_000])
def test_fanouts_and_depths_tell_of_the_same_nodes(keys: int) -> None:
    """Their sums are the same, but for what is too rare to be told."""
    for top in range(1, 12):
        nodes = sum(expected_nodes(keys, depth) for depth in range(top))
        assert sum(expected_fanout(keys, top).values()) == pytest.approx(nodes, abs=1)
