"""Facts about the walk of a tree, step by step.

The oracle is the walk that verifies a repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from repoview.core.formats.mst import key_depth
from repoview.core.repo.repo import Repo
from repoview.core.trees.steps import BlockAsked, KeyMet, NodeOpened, NodeRefused
from repoview.core.trees.walk import walk
from tests.core.repos import make_repo, many
from tests.core.trees.made import MadeTree, contents

if TYPE_CHECKING:
    from repoview.core.cid import Cid


@given(contents)
def test_a_walk_meets_all_keys_in_order(entries: dict[bytes, Cid]) -> None:
    """With their records and depths; each node is read once."""
    tree = MadeTree.of(entries)
    met = [step for step in walk(tree) if isinstance(step, KeyMet)]
    assert [(step.key, step.value) for step in met] == sorted(entries.items())
    assert all(step.depth == key_depth(step.key) for step in met)
    assert sorted(tree.asked) == sorted(tree.nodes)


@given(contents)
def test_what_waits_is_what_comes(entries: dict[bytes, Cid]) -> None:
    """After a node and all below it, the first of what waited is next."""
    steps = list(walk(MadeTree.of(entries)))
    for number, step in enumerate(steps):
        if isinstance(step, BlockAsked | KeyMet) and step.waiting:
            first = step.waiting[0]
            assert any(
                (isinstance(later, KeyMet) and later.key == first)
                or (isinstance(later, BlockAsked) and later.link == first)
                for later in steps[number + 1 :]
            )


@given(contents, st.data())
def test_a_walk_steps_over_what_is_missing(
    entries: dict[bytes, Cid], data: st.DataObject
) -> None:
    """And meets every key but those in the ranges that it hides."""
    tree = MadeTree.of(entries)
    gone = data.draw(st.sets(st.sampled_from(sorted(tree.nodes))))
    steps = list(walk(tree.without(gone)))
    holes = [step.link for step in steps if isinstance(step, NodeRefused)]
    met = [step.key for step in steps if isinstance(step, KeyMet)]
    assert {hole.cid for hole in holes} <= gone
    assert met == [
        key
        for key in sorted(entries)
        if not any(h.lo < key and (h.hi is None or key < h.hi) for h in holes)
    ]


@given(contents, st.binary(max_size=2) | st.sampled_from([b"key515", b"blue"]))
def test_a_walk_that_begins_at_a_key_goes_on_as_the_whole_one(
    entries: dict[bytes, Cid], start: bytes
) -> None:
    """As it does behind all keys that are smaller, but for nodes that are open then."""
    steps = list(walk(MadeTree.of(entries)))
    found = list(walk(MadeTree.of(entries), start))
    assert found == steps[len(steps) - len(found) :]
    met = [step.key for step in found if isinstance(step, KeyMet)]
    assert met == [key for key in sorted(entries) if key >= start]
    if met and start == met[0]:
        assert isinstance(found[0], KeyMet)


def test_a_repository_is_walked_as_it_was_verified() -> None:
    """The same nodes in the same order, and the same records."""
    with Repo.load(make_repo(many(400))) as repo:
        steps = list(walk(repo.tree))
        opened = [step.node for step in steps if isinstance(step, NodeOpened)]
        views = [repo.tree.node(number) for number in range(len(repo.tree))]
        assert [(node.link.cid, node.depth, node.size) for node in opened] == [
            (view.cid, view.depth, view.size) for view in views
        ]
        met = [step for step in steps if isinstance(step, KeyMet)]
        assert [(step.key.decode(), step.value) for step in met] == [*repo.keys()]
