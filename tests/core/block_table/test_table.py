"""Facts about the table of all blocks: every byte has its place in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview import Repo
from repoview.core.block_table import build, table
from repoview.core.block_table.entry import FileBlock, Kind
from repoview.core.cid import Cid
from repoview.core.errors import Cancelled
from repoview.core.formats.car_header import Header
from repoview.core.load import unindexed
from repoview.core.marks import NO_ROW
from repoview.core.opening import cache_policy
from repoview.core.repo.inside import inside
from repoview.corpus import make_car
from repoview.corpus.repo import sample
from tests.core.kept import Kept
from tests.core.repos import make_repo, many
from tests.fuzz.repositories import repositories
from tests.strategies import examples

if TYPE_CHECKING:
    from array import array

    from repoview.core.block_table.table import BlockTable
    from repoview.core.load.result import Progress


def blocks_of(table: BlockTable) -> list[FileBlock]:
    """Return all blocks of a table."""
    return [table.block(number) for number in range(len(table))]


def sorted_by_size(table: BlockTable) -> array[int]:
    """Return the numbers of all blocks by size."""
    *_, numbers = table.by_size()
    assert numbers is not None
    return numbers


def present(table: BlockTable) -> list[FileBlock]:
    """Return those that stand in the file."""
    return [each for each in blocks_of(table) if each.offset is not None]


def check_places(repo: Repo) -> None:
    """See that the table has every byte of the file once, behind the header."""
    table, loaded = inside(repo).block_table(), inside(repo).loaded
    reached = loaded.header.end if isinstance(loaded.header, Header) else loaded.start
    for block in present(table):
        assert block.offset == reached
        assert block.data_offset is not None
        assert block.length is not None
        reached = block.data_offset + block.length
        assert reached > block.offset
        assert table.number_at(block.offset) == block.number
        assert table.number_at(reached - 1) == block.number
    if reached != loaded.start:
        assert reached == min(loaded.end, inside(repo).source.size)


def check_amounts(repo: Repo) -> None:
    """See that kinds are counted right, and as the report counts them."""
    table, counts = inside(repo).block_table(), repo.report.counts
    found = blocks_of(table)
    for kind in Kind:
        of_kind = [each for each in found if each.kind is kind]
        assert list(table.of_kind(kind)) == [each.number for each in of_kind]
        amount = table.amounts[kind]
        assert amount.blocks == len(of_kind)
        assert amount.data == sum(each.length or 0 for each in of_kind)
        assert table.kinds.count(kind) == len(of_kind)
    wholes = sum(amount.whole for amount in table.amounts.values())
    first = next((e.offset for e in found if e.offset is not None), None)
    if first is not None:
        assert wholes == min(inside(repo).loaded.end, table.size) - first
    assert table.amounts[Kind.UNLINKED].blocks == counts.unlinked_blocks
    assert table.amounts[Kind.MISSING].blocks >= counts.missing_nodes
    numbers = [n for kind in Kind for n in table.of_kind(kind)]
    assert sorted(numbers) == list(range(len(table)))


def check_order(table: BlockTable) -> None:
    """See that sizes fall, and what is equal stays in order."""
    sizes = {each.number: each.length for each in blocks_of(table)}
    falling = {n: 1 if size is None else -size for n, size in sizes.items()}
    assert list(sorted_by_size(table)) == sorted(sizes, key=lambda n: falling[n])


def check_users(repo: Repo) -> None:
    """See that what links to a block is what the tree says."""
    table = inside(repo).block_table()
    for block in blocks_of(table):
        user, cid = table.users(block), table.cid(block)
        if block.kind is Kind.RECORD:
            if block.row != NO_ROW:
                assert table.number_of(block.row) == block.number
                assert list(inside(repo).index.rows).index(block.row) == user.number
            assert user.what != "record" or repo.record(user.number).cid == cid
        elif block.kind is Kind.NODE:
            node = repo.tree.node(table.node(block))
            assert (node.cid, node.offset) == (cid, block.offset)
            above = ("commit", -1) if node.parent is None else ("node", node.parent)
            assert user[:2] == above
        elif block.kind is Kind.MISSING:
            assert cid is not None
            assert (
                inside(repo).blocks.find(cid.raw) < 0
                or cid.raw not in inside(repo).blocks.odd
            )
            if user.what == "record":
                assert repo.record(user.number).cid == cid
            else:
                assert repo.tree.node(table.node(block)).cid == cid
        elif block.kind is Kind.DUPLICATE:
            assert cid is not None
            assert 0 <= user.number != block.offset
        elif block.kind is Kind.COMMIT:
            assert repo.commit is None or cid == repo.commit.cid
        else:
            assert user.what == ""
            assert (cid is None) == (block.kind is Kind.NO_BLOCK)


def check(repo: Repo) -> None:
    """See that all of it is right."""
    check_places(repo)
    check_amounts(repo)
    check_order(inside(repo).block_table())
    check_users(repo)


@examples(80)
@given(repositories(), st.sampled_from((1, 3, 1_000)))
def test_a_table_has_every_byte_and_every_link(data: bytes, at_once: int) -> None:
    """Of any repository, right or broken, in steps of any size."""
    with pytest.MonkeyPatch.context() as patch, Repo.load(data) as repo:
        for module in (table, build):
            patch.setattr(module, "AT_ONCE", at_once)
        check(repo)


def test_windows_end_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read at a time makes no difference."""
    car = sample().car()
    for cid in car.cids[1:]:
        car = car.plus_block(car.data_of(cid), cid)
    car = car.plus(bytes(300), at=3).plus(b"\x03abc" * 40)
    with Repo.load(car.data) as repo:
        expected = blocks_of(inside(repo).block_table())
    monkeypatch.setattr(unindexed, "WINDOW", 130)
    with Repo.load(car.data) as repo:
        check(repo)
        assert blocks_of(inside(repo).block_table()) == expected


@examples(40)
@given(repositories())
def test_a_table_from_the_cache_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    """All of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cache_policy, "LEAST_BYTES", 0)
        one = Kept(tmp_path_factory.mktemp("kept"), data)
        with one.load() as repo:
            expected = told(repo)
            inside(repo).keep()
        with one.load() as repo:
            assert repo.from_cache
            assert told(repo) == expected


def told(repo: Repo) -> list[object]:
    """Return all that a table says."""
    table = inside(repo).block_table()
    found = blocks_of(table)
    return [
        found,
        [(table.cid(each), table.users(each)) for each in found],
        table.amounts,
        sorted_by_size(table),
    ]


# One by one


def kinds_of(data: bytes) -> list[Kind]:
    """Return what stands in a file, in order."""
    with Repo.load(data) as repo:
        return [each.kind for each in blocks_of(inside(repo).block_table())]


def test_a_sound_repository_wastes_nothing() -> None:
    """It is a commit, nodes and records."""
    with Repo.load(make_repo(many(50))) as repo:
        table = inside(repo).block_table()
        assert table.wasted == 0
        assert table.amounts[Kind.RECORD].blocks == 50
        assert table.kinds[0] == Kind.COMMIT


def test_a_copy_leads_to_the_block_that_counts() -> None:
    """The first that hashes."""
    car = make_car({"com.example.note/1": {}})
    record = car.cids[-1]
    with Repo.load(car.plus_block(car.data_of(record), record).data) as repo:
        table = inside(repo).block_table()
        last = table.block(len(table) - 1)
        assert last.kind is Kind.DUPLICATE
        assert table.cid(last) == Cid(record)
        assert table.users(last).number == car.offset_of(record)
        assert table.wasted == table.amounts[Kind.DUPLICATE].whole > 0


def test_a_copy_that_hashes_counts_though_it_comes_later() -> None:
    """The row stands at its place, and the damaged copy where that is."""
    car = make_car({"com.example.note/1": {}, "com.example.note/2": {}})
    record, data = car.cids[-1], car.data_of(car.cids[-1])
    broken = car.with_data(record, data[:-1] + b"?")
    again = broken.plus_block(data, record)
    with Repo.load(again.data) as repo:
        check(repo)
        table = inside(repo).block_table()
        *_, first, second = blocks_of(table)
        assert (first.kind, second.kind) == (Kind.DUPLICATE, Kind.RECORD)
        assert table.users(first).number == second.offset


def test_a_missing_record_has_the_last_number() -> None:
    """And no place."""
    with Repo.load(make_repo(many(9), leave_out=1)) as repo:
        table = inside(repo).block_table()
        last = table.block(len(table) - 1)
        assert (last.kind, last.offset, last.length) == (Kind.MISSING, None, None)
        assert table.users(last).what == "record"


def test_what_is_not_listed_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hostile file may have tens of millions of copies."""
    monkeypatch.setattr(build, "MOST_EXTRAS", 2)
    car = make_car({"com.example.note/1": {}})
    record = car.cids[-1]
    size = len(car.data)
    for _ in range(5):
        car = car.plus_block(car.data_of(record), record)
    with Repo.load(car.data) as repo:
        table = inside(repo).block_table()
        assert list(table.kinds).count(Kind.DUPLICATE) == 2
        assert table.unlisted > 0
        assert table.wasted == len(car.data) - size


def test_making_a_table_can_be_stopped() -> None:
    """And begun again."""

    def stop(progress: Progress) -> None:
        assert progress.stage == "order"
        raise Cancelled

    with Repo.load(make_repo(many(30))) as repo:
        with pytest.raises(Cancelled):
            inside(repo).block_table(stop)
        told: list[Progress] = []
        assert len(inside(repo).block_table(told.append)) > 30
        assert told
        assert max(step.done for step in told) <= told[0].total
