"""Facts about a repository's tree as drawings ask for it."""

from __future__ import annotations

import pytest

from repoview import Repo
from repoview.core.repo.tree import RecordRef, drawn
from tests.core.repos import make_repo, many


@pytest.fixture(scope="module", params=[0, 430])
def repo(request: pytest.FixtureRequest) -> Repo:
    """A repository whose tree has several levels: whole, and with holes."""
    return Repo.load(make_repo(many(400), leave_out=request.param))


def test_a_node_has_what_its_block_has(repo: Repo) -> None:
    """The columns alone tell which keys and links stand in it, in order."""
    tree = drawn(repo.tree)

    for number in range(len(repo.tree)):
        node = tree.node(number)
        items: list[int | str] = []
        for item in node.items:
            items += [item] if isinstance(item, int) else [f"#{n}" for n in item]
        assert items == [
            f"#{item.number}" if isinstance(item, RecordRef) else item
            for item in repo.tree.children(number)
        ]
        there = repo.tree.node(number)
        assert (node.parent, node.distance) == (there.parent, there.distance)
        assert bool(node.hole) == (there.offset is None)
        assert bool(node.hides) == bool(node.hole)


def test_bands_are_the_nodes_of_one_distance(repo: Repo) -> None:
    """In order, each beside the next."""
    tree = drawn(repo.tree)
    nodes = [repo.tree.node(number) for number in range(len(repo.tree))]

    assert tree.levels == max(node.distance for node in nodes) + 1
    for distance in range(tree.levels):
        band = [node.number for node in nodes if node.distance == distance]
        assert tree.amount(distance) == len(band)
        assert [tree.before(number) for number in band] == list(range(len(band)))
        assert [tree.beside(number, 1) for number in band] == [*band[1:], None]
        assert [tree.beside(number, -1) for number in band] == [None, *band[:-1]]
        depths = {node.depth for node in nodes if node.distance == distance}
        assert tree.depth_at(distance) in depths


def test_keys_are_named_and_told_whether_they_are_there(repo: Repo) -> None:
    """Each in the node that holds it."""
    tree = drawn(repo.tree)

    assert tree.records == len(repo)
    for record in repo:
        key = tree.key(record.number)
        name, rest = record.path.rsplit(".", 1)[1].split("/")
        assert key.label == (name, rest)
        assert key.is_there == (record.state != "missing")
        assert key.group == int(name.removeprefix("kind"))
        node = tree.node(tree.holder(record.number))
        assert any(isinstance(i, range) and record.number in i for i in node.items)


def test_a_shape_counts_every_node_once(repo: Repo) -> None:
    """By the records before which they begin, holes among them."""
    tree = drawn(repo.tree)
    edges = [0, 1, 57, 58, 200, len(repo)]

    counts = tree.counts(edges)

    assert [sum(row) for row in counts] == [
        tree.amount(distance) for distance in range(tree.levels)
    ]
    holes = [n for n in range(len(repo.tree)) if tree.node(n).hole]
    places = tree.holes(edges)
    assert bool(places) == bool(holes)
    assert {distance for distance, _ in places} == {
        tree.node(number).distance for number in holes
    }


def test_a_tree_without_records_is_one_node() -> None:
    """And what is no repository has none."""
    empty = drawn(Repo.load(make_repo({})).tree)
    nothing = drawn(Repo.load(b"").tree)

    assert (empty.levels, empty.node(0).items) == (1, ())
    assert (nothing.levels, nothing.records) == (0, 0)


def test_svg_and_dot_of_a_tree_have_the_way_to_a_path(repo: Repo) -> None:
    """Also to where a key would be."""
    path = next(iter(repo)).path

    for given in (path, path.encode(), "com.example.kind0/0000001"):
        assert 'class="line way"' in repo.tree.to_svg(given)
        assert "penwidth=3]" in repo.tree.to_dot(given)
    assert 'class="line way"' not in repo.tree.to_svg()
    assert repo.tree._repr_svg_().startswith("<svg ")


def test_a_tree_that_is_not_there_is_drawn_empty() -> None:
    """Whatever path is asked for."""
    tree = Repo.load(b"").tree

    assert '<rect class="box' not in tree.to_svg("a.b.c/d")
    assert tree.to_dot().startswith("digraph")
