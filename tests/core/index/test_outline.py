"""Facts about the tree as one row of items, against a walk over the children."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import Repo
from repoview.core.errors import BlockMissing
from repoview.core.index.outline import Member
from repoview.core.repo.inside import inside
from repoview.core.repo.tree import RecordRef
from tests.core.index.test_records import shrink
from tests.core.repos import make_repo, many
from tests.fuzz.repositories import repositories
from tests.strategies import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

Placed = tuple[Member, int, int, int | None]
"""What it is, how many nodes it stands in, the item of the node that it stands in,
and the record whose entry comes before in that node."""


def walked(repo: Repo) -> list[Placed]:
    """Return what stands in the tree, by asking each node what is in it."""
    found: list[Placed] = []

    def enter(node: int, level: int, parent: int) -> None:
        here = len(found)
        found.append((Member(True, node), level, parent, None))
        before: int | None = None
        for item in children(repo, node):
            if isinstance(item, RecordRef):
                member = Member(False, item.number)
                found.append((member, level + 1, here, before))
                before = item.number
            else:
                enter(item, level + 1, here)

    if len(repo.tree):
        enter(0, 0, -1)
    return found


def children(repo: Repo, node: int) -> list[int | RecordRef]:
    """Return what stands in a node; nothing, where its block cannot be read."""
    try:
        return repo.tree.children(node)
    except BlockMissing:
        return []


def ends(found: list[Placed]) -> Iterator[int]:
    """Yield of each the item behind the last one below it."""
    for item, (_, level, _, _) in enumerate(found):
        behind = range(item + 1, len(found))
        yield next((n for n in behind if found[n][1] <= level), len(found))


def is_as_walked(repo: Repo) -> None:
    """Compare all that an outline tells with a walk."""
    outline, found = inside(repo).outline, walked(repo)
    assert len(outline) == len(found)
    for item, (member, level, parent, before) in enumerate(found):
        assert outline.at(item) == member
        of = outline.of_node if member.is_node else outline.of_record
        assert of(member.number) == item
        assert outline.level(item) == level
        assert outline.parent(item) == parent
        if not member.is_node:
            assert outline.entry_before(member.number) == before
    for item, end in enumerate(ends(found)):
        assert outline.end(item) == end
        below = [n for part in outline.children(item) for n in part]
        assert below == [n for n in range(item + 1, end) if found[n][2] == item]
        if found[item][0].is_node:
            entries = [n for n in below if not found[n][0].is_node]
            assert outline.entries(found[item][0].number) == len(entries)
        parts = list(outline.children(item))
        assert all(len(part) for part in parts)
        for part, after in pairwise(parts):
            assert part.stop < after.start


@pytest.mark.unmeasured
@examples(80)
@given(repositories())
def test_an_outline_has_what_a_walk_meets(data: bytes) -> None:
    """Of any repository, with holes, damage and links that lead to no node."""
    is_as_walked(Repo.load(data))


@pytest.mark.parametrize("missing", [0, 30, 220, 260])
def test_an_outline_has_holes_as_items(missing: int) -> None:
    """A link to a block that is not there has nothing below."""
    is_as_walked(Repo.load(make_repo(many(200), leave_out=missing)))


@examples(20)
@given(repositories(), st.integers(1, 5))
def test_an_outline_on_disk_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, few: int
) -> None:
    """Its columns may be anywhere, a few pieces of them in memory."""
    with pytest.MonkeyPatch.context() as patch:
        shrink(patch)
        repo = Repo.load(data)
        folder = str(tmp_path_factory.getbasetemp())
        inside(repo).nodes.spill(folder, few)
        inside(repo).index.spill(folder, few)
        is_as_walked(repo)
        inside(repo).nodes.close()
        inside(repo).index.close()


def test_a_tree_without_nodes_has_no_items() -> None:
    """Nothing can be reached without a commit."""
    repo = Repo.load(make_repo({}, leave_out=2))
    assert len(inside(repo).outline) == 0


def test_no_block_is_read(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What stands where is known without the file."""
    path = tmp_path_factory.mktemp("outline") / "repo.car"
    path.write_bytes(make_repo(many(300)))
    repo = Repo.load(str(path))
    repo.close()
    outline = inside(repo).outline
    parts = [outline.children(item) for item in range(len(outline))]
    assert sum(len(part) for each in parts for part in each) == len(outline) - 1
