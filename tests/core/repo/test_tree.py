"""Facts about the tree by number: children, ranges, and the way down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import Repo
from repoview.core.formats.mst import key_depth
from repoview.core.kernel.seam import NodeKind
from repoview.core.repo.inside import inside
from repoview.core.repo.tree import RecordRef
from tests.core.repos import make_repo, many


@pytest.fixture(scope="module")
def repo() -> Repo:
    """A repository whose tree has several levels."""
    return Repo.load(make_repo(many(400)))


def in_order(repo: Repo, number: int) -> list[int]:
    """Return the records below a node, by following its children."""
    found: list[int] = []
    for item in repo.tree.children(number):
        if isinstance(item, RecordRef):
            assert inside(repo).index.key(item.number) == item.key
            found.append(item.number)
        else:
            found += in_order(repo, item)
    return found


def test_following_the_children_meets_every_record_in_order(repo: Repo) -> None:
    """The numbers of records and nodes fit each other."""
    assert in_order(repo, 0) == list(range(400))


def test_every_node_is_the_child_of_its_parent(repo: Repo) -> None:
    """Parent, distance, depth and record counts agree all over the tree."""
    for number in range(len(repo.tree)):
        node = repo.tree.node(number)
        below = in_order(repo, number)
        assert node.record_count == len(below)
        assert below == list(range(node.first_record, node.first_record + len(below)))
        assert node.kind is NodeKind.NODE
        if node.parent is not None:
            parent = repo.tree.node(node.parent)
            assert number in repo.tree.children(node.parent)
            assert node.distance == parent.distance + 1
            assert parent.depth is not None
            assert node.depth == parent.depth - 1


def test_the_bounds_of_a_node_are_the_keys_beside_it(repo: Repo) -> None:
    """None at the ends of the tree."""
    for number in range(len(repo.tree)):
        node = repo.tree.node(number)
        for record in in_order(repo, number):
            key = inside(repo).index.key(record)
            assert node.lo is None or node.lo < key
            assert node.hi is None or key < node.hi
    assert (repo.tree.node(0).lo, repo.tree.node(0).hi) == (None, None)


def test_the_way_to_a_key_ends_at_its_node(repo: Repo) -> None:
    """One node a depth, from the top down to the key's."""
    for record in repo.records():
        way = repo.tree.way_to(record.key)
        depths = [repo.tree.node(number).depth for number in way]
        assert depths[-1] == key_depth(record.key)
        keys = [i for i in repo.tree.children(way[-1]) if isinstance(i, RecordRef)]
        assert record.key in [item.key for item in keys]


def test_the_way_to_an_absent_key_ends_where_it_would_be(repo: Repo) -> None:
    """Between the two keys that would be its neighbors."""
    way = repo.tree.way_to(b"com.example.kind1/000100x")
    node = repo.tree.node(way[-1])
    assert node.lo is None or node.lo < b"com.example.kind1/000100x"
    assert repo.tree.way_to(b"")[0] == 0


@given(st.integers(1, 60))
def test_missing_nodes_are_children_with_a_range(missing: int) -> None:
    """A hole has a number, the keys around it, and no children."""
    repo = Repo.load(make_repo(many(200), leave_out=200 + missing))
    holes = [
        node
        for number in range(len(repo.tree))
        if (node := repo.tree.node(number)).kind is NodeKind.MISSING
    ]
    if repo.commit is None:
        return
    assert holes
    for hole in holes:
        assert repo.tree.children(hole.number) == []
        assert (hole.offset, hole.size, hole.record_count) == (None, None, 0)
        found = repo.locate_cid(hole.cid)
        assert found is not None
        assert found.what == "node"


def test_an_empty_repository_has_one_node() -> None:
    """And no way leads anywhere but to it."""
    repo = Repo.load(make_repo({}))
    assert len(repo.tree) == 1
    assert repo.tree.children(0) == []
    assert repo.tree.way_to(b"a.b.c/1") == [0]
    assert repo.tree.data(0).hex() == "a2616580616cf6"
