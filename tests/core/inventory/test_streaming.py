"""Facts about the steps of a streaming reader, whatever the order of the blocks.

The oracle is a reader that holds blocks one by one, and `walk_order`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repoview import LimitExceeded, NotFound, Repo
from repoview.core.inventory import streaming as module
from repoview.core.inventory.streaming import BlockCame, StreamEnded
from repoview.core.marks import NO_ROW, State
from repoview.core.repo.inside import inside
from tests.core.inventory.test_walk_order import walked
from tests.core.repos import car_of, make_repo, many, parts_of
from tests.fuzz.repositories import repositories

if TYPE_CHECKING:
    import random

    from repoview.core.inventory.streaming import StreamOrder

ORDERS: tuple[StreamOrder, ...] = ("file", "walk", "cid")


class Read(NamedTuple):
    """What a reader did when a block came."""

    row: int
    fate: str
    released: list[int]
    held: int
    held_bytes: int


def rows_in(repo: Repo, order: StreamOrder) -> list[int]:
    """Return the rows in the order in which they come."""
    blocks = inside(repo).blocks
    if order == "file":
        return list(range(len(blocks.index)))
    rows = [
        row
        for row in walked(repo)
        if row != NO_ROW and blocks.state(row) is not State.WRONG_HASH
    ]
    return rows if order == "walk" else sorted(rows, key=lambda r: blocks.cid(r).raw)


def read(repo: Repo, rows: list[int]) -> list[Read]:
    """Read the blocks one by one, and hand on what the walk wants."""
    blocks, wanted = inside(repo).blocks, walked(repo)
    held: set[int] = set()
    at, found = 0, []
    for row in rows:
        is_damaged = blocks.state(row) is State.WRONG_HASH
        if not is_damaged:
            held.add(row)
        handed = []
        while at < len(wanted) and wanted[at] in held:
            held.remove(wanted[at])
            handed.append(wanted[at])
            at += 1
        fate = "at once" if row in handed else "dropped" if is_damaged else "held"
        released = [each for each in handed if each != row]
        size = sum(map(blocks.length, held))
        found.append(Read(row, fate, released, len(held), size))
    return found


def check(repo: Repo, order: StreamOrder) -> None:
    """See that all steps are those of the reader."""
    if repo.report.order is None:
        with pytest.raises(NotFound):
            repo.inventory.stream_steps(order)
        return
    blocks = inside(repo).blocks
    *came, end = repo.inventory.stream_steps(order)
    reads = read(repo, rows_in(repo, order))
    assert isinstance(end, StreamEnded)
    assert end.blocks == len(came) == len(reads)
    handed: dict[int, int] = {}
    for number, (step, did) in enumerate(zip(came, reads, strict=True)):
        assert isinstance(step, BlockCame)
        assert (step.number, step.of) == (number, len(reads))
        assert step.block.cid == blocks.cid(did.row)
        assert (step.block.size, step.block.offset) == (
            blocks.length(did.row),
            blocks.offset(did.row),
        )
        assert (step.fate, step.held, step.held_bytes) == (
            did.fate,
            did.held,
            did.held_bytes,
        )
        assert step.released == len(did.released)
        assert step.released_bytes == sum(map(blocks.length, did.released))
        first = [each.cid for each in step.first_released]
        assert first == [blocks.cid(row) for row in did.released[: module.TOLD]]
        released = did.released + ([did.row] if did.fate == "at once" else [])
        handed |= dict.fromkeys(released, number)
    for step, did in zip(came, reads, strict=True):
        assert isinstance(step, BlockCame)
        assert step.until == handed.get(did.row)
    assert end.held == (reads[-1].held if reads else 0)
    assert end.most_held == max((each.held for each in reads), default=0)
    assert end.most_bytes == max((each.held_bytes for each in reads), default=0)
    if order == "file":
        told = repo.inventory.walk_order()
        assert told is not None
        assert (end.most_held, end.most_bytes) == (told.held_blocks, told.held_bytes)


@settings(max_examples=60)
@given(repositories(), st.sampled_from(ORDERS))
def test_steps_are_those_of_a_reader(data: bytes, order: StreamOrder) -> None:
    """Of any repository, right or broken."""
    with Repo.load(data) as repo:
        check(repo, order)


@pytest.mark.unmeasured
@settings(max_examples=60)
@given(
    st.integers(0, 60),
    st.sets(st.integers(0, 60), max_size=2),
    st.sampled_from((1, 3, 1_000)),
    st.randoms(use_true_random=False),
)
def test_steps_are_told_in_any_order(
    count: int, gone: set[int], at_once: int, rng: random.Random
) -> None:
    """With blocks that nothing links to, and some that are missing."""
    data = make_repo(many(count))
    head, parts = parts_of(data)
    kept = [part for n, part in enumerate(parts) if not n or n not in gone]
    rng.shuffle(kept)
    old = make_repo({"com.example.old/1": {}})
    _, others = parts_of(old)
    data = car_of(data, head, kept) + b"".join(
        old[each.offset : each.end] for each in others
    )
    with pytest.MonkeyPatch.context() as patch, Repo.load(data) as repo:
        patch.setattr(module, "AT_ONCE", at_once)
        for order in ORDERS:
            check(repo, order)


def test_a_step_names_what_came() -> None:
    """By role, and by the number of the node or record."""
    with Repo.load(make_repo(many(30))) as repo:
        *came, _ = repo.inventory.stream_steps("file")
        for step in came:
            assert isinstance(step, BlockCame)
            role, number = step.block.role, step.block.number
            if role == "commit":
                assert repo.commit is not None
                assert step.block.cid == repo.commit.cid
            elif role == "record":
                assert repo.record(number or 0).cid == step.block.cid
            else:
                assert repo.tree.node(number or 0).cid == step.block.cid


def test_the_end_names_what_did_not_come() -> None:
    """The walk waits for it, with all that came behind it in the order of the walk."""
    data = make_repo(many(30))
    head, parts = parts_of(data)
    with Repo.load(car_of(data, head, parts[:-5] + parts[-4:])) as repo:
        *_, end = repo.inventory.stream_steps("file")
        assert isinstance(end, StreamEnded)
        assert end.wanted == parts[-5].cid
        rows = walked(repo)
        assert end.held == len(rows) - rows.index(NO_ROW) - 1 > 0


def test_nothing_is_held_in_walk_order_and_no_block_read_beyond_it() -> None:
    """The first step is there while nothing of the tree was followed yet."""
    with Repo.load(make_repo(many(200))) as repo:
        *came, _ = repo.inventory.stream_steps("walk")
        assert {step.fate for step in came if isinstance(step, BlockCame)} == {
            "at once"
        }


def test_many_blocks_are_not_sorted_by_cid(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is told."""
    monkeypatch.setattr(module, "MOST_BY_CID", 40)
    with Repo.load(make_repo(many(100))) as repo:
        with pytest.raises(LimitExceeded, match="40 at most"):
            repo.inventory.stream_steps("cid")
        assert list(repo.inventory.stream_steps("walk"))
