"""Facts about the order of a file, and what a reader in step with it must keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import NodeKind, RecordRef, Repo
from repoview.core.errors import Cancelled
from repoview.core.inventory import walk_order as module
from repoview.core.marks import NO_ROW, State
from repoview.core.repo.inside import inside
from repoview.corpus import make_car, sample
from repoview.corpus.car import Section
from tests.core.repos import car_of, make_repo, many, parts_of
from tests.fuzz.repositories import repositories
from tests.strategies import examples

if TYPE_CHECKING:
    import random

    from repoview.core.inventory.walk_order import WalkOrder
    from repoview.core.load.result import Progress


def walked(repo: Repo) -> list[int]:
    """Return rows in the order of the walk, each once: recursively, by the tree."""
    parts = inside(repo)
    found: list[int] = []
    if repo.commit is not None and repo.commit.cid.is_blessed:
        found.append(parts.blocks.find(repo.commit.cid.raw))

    def enter(number: int) -> None:
        kind, row = repo.tree.node(number).kind, parts.nodes.rows[number]
        if kind in {NodeKind.SHARED, NodeKind.TOO_DEEP}:
            return
        if row != NO_ROW or kind is NodeKind.MISSING:
            found.append(row)
        for item in repo.tree.children(number):
            if isinstance(item, RecordRef):
                row = parts.index.rows[item.number]
                cid = repo.record(item.number).cid
                if row != NO_ROW or cid.raw not in parts.blocks.odd:
                    found.append(row)
            else:
                enter(item)

    if len(repo.tree):
        enter(0)
    seen: set[int] = set()
    return [r for r in found if r == NO_ROW or not (r in seen or seen.add(r))]


def kept(repo: Repo) -> tuple[int, int]:
    """Return the most blocks and bytes kept, by doing it block by block."""
    index = inside(repo).blocks.index
    wanted = walked(repo)
    held: set[int] = set()
    at = blocks = size = most_blocks = most_size = 0
    for row in range(len(index)):
        if inside(repo).blocks.state(row) is State.WRONG_HASH:
            continue
        held.add(row)
        blocks, size = blocks + 1, size + index.length(row)
        while at < len(wanted) and wanted[at] in held:
            held.remove(wanted[at])
            blocks, size = blocks - 1, size - index.length(wanted[at])
            at += 1
        most_blocks, most_size = max(most_blocks, blocks), max(most_size, size)
    return most_blocks, most_size


def check(repo: Repo) -> None:
    """See that the order is told as it is."""
    found = repo.inventory.walk_order()
    if repo.report.order is None:
        assert found is None
        return
    assert found is not None
    assert (found.first is None) == (repo.report.order == "preorder")
    index = inside(repo).blocks.index
    in_walk = [row for row in walked(repo) if row != NO_ROW]
    in_file = sorted(in_walk, key=index.offset)
    pairs = zip(in_file, in_walk, strict=True)
    differing = [pair for pair in pairs if pair[0] != pair[1]]
    if found.first is not None:
        got, wanted = differing[0]
        blocks = inside(repo).blocks
        assert found.first.offset == index.offset(got)
        assert found.first.got == blocks.cid(got)
        assert found.first.wanted == blocks.cid(wanted)
        assert found.first.wanted_offset == index.offset(wanted)
    else:
        assert differing == []
    assert (found.held_blocks, found.held_bytes) == kept(repo)


@examples(80)
@given(repositories(), st.sampled_from((1, 3, 1_000)))
def test_the_order_is_told_as_it_is(data: bytes, at_once: int) -> None:
    """Of any repository, right or broken, in steps of any size."""
    with pytest.MonkeyPatch.context() as patch, Repo.load(data) as repo:
        patch.setattr(module, "AT_ONCE", at_once)
        check(repo)


@given(st.integers(0, 60), st.randoms(use_true_random=False))
def test_any_order_of_the_same_blocks_is_told(count: int, rng: random.Random) -> None:
    """With a few that nothing links to among them."""
    data = make_repo(many(count))
    head, parts = parts_of(data)
    old = make_repo({"com.example.old/1": {}})
    rng.shuffle(parts)
    body = [data[part.offset : part.end] for part in parts]
    _, others = parts_of(old)
    for other in others:
        body.insert(rng.randrange(len(body)), old[other.offset : other.end])
    with Repo.load(head + b"".join(body)) as repo:
        check(repo)


# One by one


def order_of(data: bytes) -> WalkOrder:
    """Return what is told of a file."""
    with Repo.load(data) as repo:
        found = repo.inventory.walk_order()
    assert found is not None
    return found


def test_a_file_in_walk_order_needs_nothing_to_be_kept() -> None:
    """Each block is used as it comes."""
    assert order_of(sample().car().data) == module.WalkOrder(None, 0, 0)


def test_the_first_block_that_is_not_wanted_is_named() -> None:
    """With what the walk wants in its place."""
    car = sample().car()
    cids = [*car.cids]
    cids[2], cids[5] = cids[5], cids[2]
    swapped = car.in_order(cids)
    found = order_of(swapped.data)
    assert found.first is not None
    assert found.first.offset == swapped.offsets[2]
    assert found.first.got.raw == cids[2]
    assert found.first.wanted.raw == cids[5]
    assert found.first.wanted_offset == swapped.offsets[5]
    assert {found.first.got_role, found.first.wanted_role} <= {"node", "record"}
    # Blocks 2, 3 and 4 wait for the one that stands fifth.
    assert found.held_blocks == 3


def test_a_commit_at_the_end_keeps_all() -> None:
    """Without it nothing can be used."""
    data = make_repo(many(50))
    head, parts = parts_of(data)
    found = order_of(car_of(data, head, [*parts[1:], parts[0]]))
    assert found.held_blocks == len(parts) - 1
    assert found.held_bytes == sum(part.data_length for part in parts[1:])
    assert found.first is not None
    assert found.first.wanted_role == "commit"


def test_a_missing_block_is_waited_for() -> None:
    """Everything behind it is kept, for it could come last."""
    car = sample().car()
    record = car.cids[4]
    found = order_of(car.without(record).data)
    assert found.first is None
    assert found.held_blocks == len(car.cids) - 5


def test_a_copy_that_does_not_hash_changes_nothing() -> None:
    """Wherever it stands; in front of the other it has the lower row."""
    car = sample().car()
    for place, part in enumerate(car.parts):
        assert isinstance(part, Section)
        for at in (0, place, place + 1, None):
            copy = car.plus_block(part.data[:-1] + b"\xf5", part.cid, at)
            with Repo.load(copy.data) as repo:
                check(repo)
                assert order_of(copy.data).first is None


def test_what_nothing_links_to_is_kept_to_the_end() -> None:
    """A reader cannot know that."""
    car = sample().car().plus_block(b"\xa0", at=1)
    found = order_of(car.data)
    assert (found.first, found.held_blocks, found.held_bytes) == (None, 1, 1)


def test_comparing_orders_can_be_stopped() -> None:
    """At any step."""

    def stop(progress: Progress) -> None:
        assert progress.stage == "walk order"
        raise Cancelled

    car = make_car({"com.example.note/1": {}}).plus_block(b"\xa0")
    with Repo.load(car.data) as repo, pytest.raises(Cancelled):
        repo.inventory.walk_order(stop)
