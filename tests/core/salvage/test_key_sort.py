"""Facts about keys in order: in memory and on disk, in batches of any size."""

from __future__ import annotations

import tracemalloc
from array import array
from contextlib import closing
from tempfile import gettempdir
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.errors import LimitExceeded
from repoview.core.marks import NO_ROW
from repoview.core.opening.room import Room
from repoview.core.salvage.key_sort import KeySort

if TYPE_CHECKING:
    from collections.abc import Iterable

    Pairs = list[tuple[bytes, int]]

keys = st.one_of(
    st.sampled_from([b"", b"a", b"ab", b"b"]),
    st.binary(max_size=30),
    st.binary(max_size=3).map(bytes(900).__add__),
)
rows = st.one_of(st.integers(0, 3), st.just(NO_ROW))
pairs = st.lists(st.lists(st.tuples(keys, rows), max_size=40), max_size=12)

ON_DISK = Room(8 * 24_000, gettempdir)
"""So little that a few dozen keys make a run."""


def added(sort: KeySort, some: Pairs) -> None:
    """Add keys and rows."""
    sizes = array("I", [len(key) for key, _ in some])
    sort.add(b"".join(k for k, _ in some), sizes, array("I", [row for _, row in some]))


def read(sort: KeySort) -> tuple[Pairs, bytes]:
    """Return all keys and rows, and which keys are told to be others."""
    found, firsts = [], b""
    for batch in sort:
        assert len(batch) == len(batch.firsts) > 0
        found += [(batch.key(n), batch.rows[n]) for n in range(len(batch))]
        firsts += batch.firsts
    return found, firsts


def in_order(some: Iterable[tuple[bytes, int]]) -> Pairs:
    """Return what a sort should: by key, the greatest row first, none last."""
    return sorted(set(some), key=lambda pair: (pair[0], -(pair[1] + 1 & NO_ROW)))


PACKED = Room(8 * 24_000)
"""The same, of which what was sorted stays in memory."""


@pytest.mark.parametrize(
    "room", [Room(), ON_DISK, PACKED], ids=["memory", "disk", "packed"]
)
@given(pairs)
def test_keys_come_in_order_each_pair_once(room: Room, parts: list[Pairs]) -> None:
    """Whatever they were added in, and as often as they are read."""
    wanted = in_order(pair for part in parts for pair in part)
    changes = [b"" if not n else wanted[n - 1][0] for n in range(len(wanted))]
    others = bytes(
        not n or key != before
        for n, ((key, _), before) in enumerate(zip(wanted, changes, strict=True))
    )
    with closing(KeySort(room)) as sort:
        for part in parts:
            added(sort, part)
        assert read(sort) == (wanted, others)
        assert read(sort) == (wanted, others)


def test_more_can_be_added_after_all_was_read() -> None:
    """It is sorted with what was there before."""
    with closing(KeySort(Room())) as sort:
        added(sort, [(b"b", 1), (b"a", 2)])
        assert read(sort)[0] == [(b"a", 2), (b"b", 1)]
        added(sort, [(b"aa", 3)])
        assert read(sort)[0] == [(b"a", 2), (b"aa", 3), (b"b", 1)]


def test_many_rows_of_one_key_are_in_order_across_runs_and_pieces() -> None:
    """A key is told to be another once, wherever a batch ends."""
    some = [(b"a/" + bytes(300), row) for row in range(500)]
    with closing(KeySort(ON_DISK)) as sort:
        for start in range(0, 500, 7):
            added(sort, some[start : start + 7])
        assert sum(1 for _ in sort) > 9
        found, firsts = read(sort)
    assert found == some[::-1]
    assert firsts == b"\1" + bytes(499)


@pytest.mark.parametrize(
    ("room", "match"),
    [
        (Room(2_000, None), "nothing may be put on disk"),
        (Room(8 * 2_000, gettempdir, 100), "disk limit"),
    ],
)
def test_what_there_is_no_room_for_is_refused(room: Room, match: str) -> None:
    """In memory and on disk."""
    some = [(b"%03d" % number, number) for number in range(100)]
    with closing(KeySort(room)) as sort, pytest.raises(LimitExceeded, match=match):
        added(sort, some)


def test_ranges_of_keys_are_found() -> None:
    """By keys that are there, and others."""
    with closing(KeySort(Room())) as sort:
        added(sort, [(b"b", 1), (b"d", 2), (b"d", 1)])
        (batch,) = sort
    assert [batch.first_from(key, 0) for key in (b"", b"b", b"c", b"e")] == [0, 0, 1, 3]
    assert [batch.first_behind(key, 0) for key in (b"", b"b", b"d")] == [0, 1, 3]
    assert batch.first_from(b"a", 2) == 2


@pytest.mark.unmeasured
def test_pieces_of_many_runs_fit_in_little_memory() -> None:
    """There is a piece of each in memory."""
    room = Room(4 << 20, gettempdir)
    columns = array("I", [32]) * 5_000, array("I", range(5_000))
    with closing(KeySort(room)) as sort:
        for run in range(20):
            sort.add(
                b"".join(b"%032d" % (20 * n + run) for n in range(5_000)), *columns
            )
        tracemalloc.start()
        try:
            assert sum(map(len, sort)) == 100_000
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert most < room.memory * 3 // 8


@pytest.mark.unmeasured
def test_many_runs_are_merged_in_levels() -> None:
    """What is in memory of them, while they are written and read, stays little."""
    room = Room(2 << 20, gettempdir)
    columns = array("I", [32]) * 500, array("I", range(500))
    with closing(KeySort(room)) as sort:
        tracemalloc.start()
        try:
            for run in range(120):
                keys = b"".join(b"%032d" % (1_000 * n + run) for n in range(500))
                sort.add(keys, *columns)
            assert sum(map(len, sort)) == 60_000
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        found = b"".join(batch.key(0) for batch in sort)
    assert most < room.memory // 2
    firsts = [found[n : n + 32] for n in range(0, len(found), 32)]
    assert firsts == sorted(set(firsts))


def test_runs_that_cannot_be_merged_stay() -> None:
    """Where the disk has no room for them and what becomes of them."""
    some = [(b"%032d" % number, number) for number in range(9_000)]
    with closing(KeySort(Room(8 * 24_000, gettempdir, 9_000 * 41))) as sort:
        for start in range(0, 9_000, 100):
            added(sort, some[start : start + 100][::-1])
        assert read(sort)[0] == some
