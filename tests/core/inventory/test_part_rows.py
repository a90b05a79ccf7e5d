"""Facts about some records in walk order, with the nodes above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repoview import RecordRef, Repo
from repoview.core.inventory.part_rows import Selection, part_rows, records_in
from repoview.core.repo.inside import inside
from tests.core.repos import make_repo, many
from tests.strategies import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT = 120


def walked(repo: Repo, wanted: set[int], node: int = 0) -> list[int]:
    """Return the numbers below a node, ``~number`` of nodes: recursively."""
    found: list[int] = []
    for item in repo.tree.children(node):
        if not isinstance(item, RecordRef):
            found += walked(repo, wanted, item)
        elif item.number in wanted:
            found.append(item.number)
    return [~node, *found] if found or not node else []


def check(repo: Repo, wanted: set[int], most: int = 4_096) -> None:
    """See that some records are walked to, with the rows of all on the way."""
    parts = inside(repo)
    selection = Selection(parts.nodes, sorted(wanted))
    runs = selection.runs()
    batches = [*part_rows(parts.index, parts.nodes, selection, runs, at_once=most)]
    assert [records_in(each.numbers) for each in batches] == [
        sum(number >= 0 for number in each.numbers) for each in batches
    ]
    numbers = [number for batch in batches for number in batch.numbers]
    assert numbers == walked(repo, wanted)
    assert [row for batch in batches for row in batch.rows] == [
        parts.index.rows[n] if n >= 0 else parts.nodes.rows[~n] for n in numbers
    ]


@pytest.fixture(scope="module")
def repo(kernel_under_test: object) -> Iterator[Repo]:
    """A sound repository; what is asked of it changes nothing."""
    del kernel_under_test
    with Repo.load(make_repo(many(COUNT))) as repo:
        yield repo


@examples(60)
@given(st.sets(st.integers(0, COUNT - 1), max_size=30), st.sampled_from((3, 4_096)))
@example({*range(0, COUNT, 3)}, 3)
def test_a_part_is_what_a_walk_meets_of_it(
    repo: Repo, wanted: set[int], most: int
) -> None:
    """In its order, with the rows of all; in batches of any size."""
    check(repo, wanted, most)


def test_keys_of_one_node_may_be_far_apart(repo: Repo) -> None:
    """Between them is all that hangs below the node."""
    top = repo.tree.children(0)
    own = [item.number for item in top if isinstance(item, RecordRef)]
    assert own[-1] - own[0] > 20 * len(own)
    check(repo, {*own})


@pytest.mark.parametrize("wanted", [range(COUNT), range(20, 90), range(7, 8), range(0)])
def test_a_range_is_the_same_as_its_numbers(repo: Repo, wanted: range) -> None:
    """It is only faster."""
    parts, found = inside(repo), []
    for numbers in (wanted, list(wanted)):
        selection = Selection(parts.nodes, numbers)
        found.append(
            [*part_rows(parts.index, parts.nodes, selection, selection.runs())]
        )
    assert found[0] == found[1]
