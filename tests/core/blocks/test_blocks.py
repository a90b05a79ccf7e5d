"""Facts about the block index: one row a CID, and the copy that hashes wins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core import limits
from repoview.core.cid import RAW, Cid
from repoview.core.kernel import kernel
from repoview.core.marks import AGAIN, LINKED, NODE, RECORD, State

CID = Cid.for_block(b"one").raw


def cids(count: int) -> list[bytes]:
    """Return as many different CIDs."""
    return [Cid.for_block(b"%d" % n).raw for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 7, 1_000, 5_000])
def test_every_block_is_found_under_its_cid(count: int) -> None:
    """Whatever the number of blocks, each has its own row."""
    index = kernel.BlockIndex()
    names = cids(count)
    for number, cid in enumerate(names):
        index.add(cid, number * 100, number, State.SOUND, "a.b.c")
    assert [index.find(cid) for cid in names] == list(range(count))
    assert index.find(Cid.for_block(b"absent").raw) == -1
    assert len(index) == count


@given(st.lists(st.integers(0, 40), max_size=120))
def test_the_index_is_a_dictionary_of_first_copies(order: list[int]) -> None:
    """Whatever is met and how often, the first sound copy is the one kept."""
    index = kernel.BlockIndex()
    oracle: dict[int, int] = {}
    for offset, number in enumerate(order):
        index.add(cids(41)[number], offset, 1, State.SOUND)
        oracle.setdefault(number, offset)
    for number, offset in oracle.items():
        assert index.offset(index.find(cids(41)[number])) == offset
    assert index.duplicates == len(order) - len(oracle)
    assert index.sections == len(order)


def test_codecs_tell_blocks_of_one_digest_apart() -> None:
    """A raw and a dag-cbor CID of the same bytes are two names."""
    index = kernel.BlockIndex()
    index.add(CID, 1, 3, State.SOUND)
    index.add(Cid.for_block(b"one", RAW).raw, 2, 3, State.SOUND)
    assert index.find(CID) == 0
    assert index.find(Cid.for_block(b"one", RAW).raw) == 1


def test_a_copy_that_hashes_takes_the_place_of_one_that_does_not() -> None:
    """The damaged copy is remembered beside it."""
    index = kernel.BlockIndex()
    index.add(CID, 10, 3, State.WRONG_HASH)
    index.add(CID, 20, 4, State.SOUND, "a.b.c")
    assert (index.offset(0), index.length(0)) == (20, 4)
    assert index.mark(0) == State.SOUND
    assert index.type_of(0) == "a.b.c"
    assert list(index.copies()) == [(0, 10, 3)]


def test_a_damaged_copy_does_not_displace_a_good_one() -> None:
    """It is remembered, and is no duplicate."""
    index = kernel.BlockIndex()
    index.add(CID, 10, 3, State.SOUND)
    index.add(CID, 20, 3, State.WRONG_HASH)
    assert index.offset(0) == 10
    assert list(index.copies()) == [(0, 20, 3)]
    assert index.duplicates == 0


def test_a_block_costs_at_most_forty_bytes() -> None:
    """Columns and hash table together, at any size."""
    index = kernel.BlockIndex()
    for number, cid in enumerate(cids(3_000)):
        index.add(cid, number, 1, State.SOUND)
        if number > 500:
            assert index.bytes_used <= 40 * len(index)


def test_side_tables_are_counted() -> None:
    """Damaged copies of one block cannot take all memory unseen."""
    index = kernel.BlockIndex()
    for offset in range(1_000):
        index.add(CID, offset, 3, State.WRONG_HASH)
    assert index.bytes_used >= 999 * 16


@pytest.mark.parametrize("state", [State.SOUND, State.UNSOUND, State.WRONG_HASH])
@pytest.mark.parametrize(
    ("mark", "sort"),
    [(0, "unlinked_damaged"), (RECORD | AGAIN, "shared"), (RECORD | NODE, "two_roles")],
)
def test_a_tally_of_millions_is_small(state: State, mark: int, sort: str) -> None:
    """All are counted, and no more are told of than are shown."""
    index = kernel.BlockIndex()
    count = 3 * limits.FINDINGS_A_CODE
    for number, cid in enumerate(cids(count)):
        index.add(cid, number * 100, 1, state)
        index.add_mark(number, mark)
    tally = kernel.tally(index)
    is_one = mark != 0 or state is State.WRONG_HASH
    expected = (count, list(range(limits.FINDINGS_A_CODE))) if is_one else (0, [])
    for name in ("unlinked_damaged", "shared", "two_roles"):
        rows = getattr(tally, name)
        found = rows.total, list(rows.first)
        assert found == (expected if name == sort else (0, []))


def test_types_are_kept_once_and_long_ones_not_at_all() -> None:
    """What did not fit is unknown, which is not the same as none."""
    index = kernel.BlockIndex()
    names = ["", "a.b.c", "a.b.c", "x" * (limits.MAX_NSID + 1)]
    for cid, name in zip(cids(4), names, strict=True):
        index.add(cid, 0, 1, State.SOUND, name)
    assert [index.type_of(row) for row in range(4)] == ["", "a.b.c", "a.b.c", None]


def test_data_begins_behind_length_and_cid() -> None:
    """Also where the length is written longer than it must be."""
    index = kernel.BlockIndex()
    one, two, three = cids(3)
    index.add(one, 0, 10, State.SOUND)
    index.add(two, 1_000, 200, State.SOUND)
    index.add(three, 5_000, 10, State.SOUND)
    index.set_padded(2, 4)
    assert [index.data_offset(row) for row in range(3)] == [37, 1_038, 5_040]


def test_what_the_tree_did_not_use_is_tallied() -> None:
    """By rows, and in bytes."""
    index = kernel.BlockIndex()
    for size, cid in enumerate(cids(5)):
        index.add(cid, 0, size, State.SOUND)
    index.add_mark(1, NODE)
    index.add_mark(3, RECORD)
    assert index.mark(3) & LINKED == RECORD
    tally = kernel.tally(index)
    assert (tally.unlinked, tally.unlinked_bytes) == (3, 0 + 2 + 4)
    assert list(tally.unlinked_untyped) == [0, 2, 4]


def test_nodes_and_commits_are_among_the_untyped() -> None:
    """What hashes, has no `$type` that is known, and is no raw block."""
    index = kernel.BlockIndex()
    long = "x" * (limits.MAX_NSID + 1)
    kinds = [
        (State.SOUND, ""),
        (State.SOUND, "a.b.c"),
        (State.UNSOUND, ""),
        (State.WRONG_HASH, ""),
        (State.SOUND, long),
        (State.SOUND, ""),
    ]
    for cid, (state, name) in zip(cids(6), kinds, strict=True):
        index.add(cid, 0, 1, state, name)
    index.add(Cid.for_block(b"raw", RAW).raw, 0, 1, State.SOUND)
    assert list(index.untyped(0, 100)) == [0, 2, 5]
    assert list(index.untyped(1, 4)) == [2]
    assert list(index.untyped(7, 4)) == []


@pytest.mark.parametrize(
    ("order", "ascending", "descending"),
    [(1, True, False), (-1, False, True)],
)
def test_the_order_of_cids_is_noticed(
    order: int, *, ascending: bool, descending: bool
) -> None:
    """Servers write blocks in the order of their CIDs."""
    index = kernel.BlockIndex()
    for cid in sorted(cids(20))[::order]:
        index.add(cid, 0, 1, State.SOUND)
    assert (index.ascending, index.descending) == (ascending, descending)
