"""Facts about the record index and the node table, in memory and on disk."""

from __future__ import annotations

import re
import subprocess
import sys
import tracemalloc
from array import array
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.cid import Cid
from repoview.core.errors import SourceError
from repoview.core.formats.key import collection_of, path_of
from repoview.core.formats.key_range import KeyRange, after_prefix
from repoview.core.index import collections, records
from repoview.core.index.records import NodeTable, RecordIndex
from repoview.core.kernel.seam import (
    Batch,
    CollectionRange,
    CountedFault,
    Hole,
    MissingColumns,
    NodeColumns,
)
from repoview.core.marks import NO_ROW
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from repoview.core.storage import columns, page_cache
from repoview.core.verify import walk
from repoview.corpus.cbor import varint
from tests.core.repos import make_repo, many
from tests.fuzz.repositories import repositories
from tests.fuzz.twins import PURE, outcome
from tests.strategies import examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from repoview.core.storage.column_set import PackedIndex
    from repoview.core.storage.page_cache import ReadAt

_HAS_CAPITAL: Final = re.compile(rb"[A-Z]")

FOLDER = "nowhere/at/all"


def batches(keys: Sequence[bytes], most: int = 8_192) -> Iterator[Batch]:
    """Yield batches as of a walk that met these keys, each in a node of its own."""
    behind = 0
    for first in range(0, len(keys), most):
        part = keys[first : first + most]
        ends, found = array("Q"), list[CollectionRange]()
        for number, key in enumerate(part, first):
            behind += len(key)
            ends.append(behind)
            collection = collection_of(key)
            if found and found[-1].collection == collection:
                found[-1] = found[-1]._replace(bytes=found[-1].bytes + 10)
            else:
                found.append(CollectionRange(number, collection, 10))
        numbers = array("I", range(first, first + len(part)))
        nodes = NodeColumns(
            numbers,
            array("I", bytes(4 * len(part))),
            bytes(len(part)),
            bytes(n % 100 for n in numbers),
            bytes(len(part)),
            numbers,
            array("I", [number + 1 for number in numbers]),
            array("I", [number + 1 for number in numbers]),
        )
        none = MissingColumns(array("Q"), b"", array("Q"), {})
        before = keys[max(first - 1, 0) : first + len(part)]
        in_order = all(a < b for a, b in pairwise(before))
        faults = array("Q", bytes(8 * len(CountedFault)))
        columns = b"".join(part), ends, numbers, none, found, nodes
        last, capitals = len(part) - 1, any(map(_HAS_CAPITAL.search, part))
        yield Batch(*columns, [], {}, in_order, faults, (last, last), capitals)


def index_of(keys: Sequence[bytes], most: int = 8_192) -> RecordIndex:
    """Return an index of these keys."""
    found = RecordIndex()
    for batch in batches(keys, most):
        found.extend(batch)
    return found


def shrink(patch: pytest.MonkeyPatch) -> None:
    """Let pieces, batches and searches be so small that few records fill several."""
    patch.setattr(page_cache, "PIECE", 64)
    patch.setattr(columns, "PIECE", 64)
    patch.setattr(columns, "_WRITTEN", 192)
    patch.setattr(walk, "BATCH", 3)
    patch.setattr(records, "_SEARCHED", 5)
    patch.setattr(records, "_SEARCHED_BYTES", 90)


def spill_after(patch: pytest.MonkeyPatch, count: int, folder: Path) -> list[Any]:
    """Let indexes go to disk after so many batches; returns those that did."""
    gone: list[Any] = []

    def spilling(whole: type[Any]) -> None:
        extend = whole.extend

        def extended(self: Any, batch: Batch) -> None:
            times = self.__dict__["times"] = self.__dict__.get("times", 0) + 1
            extend(self, batch)
            if times == count:
                gone.append(self)
                self.spill(str(folder))

        patch.setattr(whole, "extend", extended)

    spilling(RecordIndex)
    spilling(NodeTable)
    return gone


def without_sizes(found: dict[str, Any]) -> dict[str, Any]:
    """Return an outcome without what disk and memory differ in."""
    if "records" in found:
        del found["records"]["bytes"]
    return found


# On disk as in memory


@examples(60)
@given(repositories(), st.integers(1, 12))
def test_an_index_on_disk_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, after: int
) -> None:
    """Of any repository, whenever it left memory: all that a caller could see."""
    folder = tmp_path_factory.getbasetemp()
    before = set(folder.iterdir())
    with pytest.MonkeyPatch.context() as patch:
        shrink(patch)
        expected = without_sizes(outcome(data, PURE))
        gone = spill_after(patch, after, folder)
        assert without_sizes(outcome(data, PURE)) == expected
    assert all(isinstance(each.rows, columns.DiskNumbers) for each in gone)
    assert all(each.disk_used for each in gone if len(each) >= 64)
    assert set(folder.iterdir()) == before


@examples(60)
@given(repositories(), st.binary(max_size=3), st.data())
def test_an_index_on_disk_answers_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    data: bytes,
    needle: bytes,
    draw: st.DataObject,
) -> None:
    """To all that it can be asked."""
    with pytest.MonkeyPatch.context() as patch, Repo.load(data) as repo:
        shrink(patch)
        some = inside(repo).index
        size = len(some)
        start = draw.draw(st.integers(0, size))
        stop = draw.draw(st.integers(start, size))
        cids = list(dict(repo.keys()).values())
        numbers = sorted({number // 2 for number in range(2 * size)})

        def answers() -> list[object]:
            keys = [some.key(number) for number in numbers]
            return [
                keys,
                [some.find(key) for key in keys],
                [some.find(key + b"\0") for key in keys],
                [
                    list(some.within(KeyRange(key[:-1], after_prefix(key[:-1]))))
                    for key in [*keys, needle]
                ],
                some.paths(start, stop),
                some.search(needle),
                some.search(needle, start, stop),
                some.tid_days(),
                [list(some.search(key[1:4], start)) for key in keys],
                [some.missing.get(number) for number in range(size + 1)],
                list(some.missing.within(start, stop)),
                list(some.missing.items()),
                list(some.collections()),
                some.collection_count,
                [repo.tree.node(number) for number in range(len(repo.tree))],
                [repo.locate_cid(cid) for cid in cids],
                [inside(repo).nodes.holes.get(n) for n in range(len(repo.tree) + 1)],
            ]

        expected = answers()
        folder = str(tmp_path_factory.getbasetemp())
        some.spill(folder)
        inside(repo).nodes.spill(folder)
        assert answers() == expected
        # Again, where it already is: nothing happens.
        some.spill(FOLDER)
        inside(repo).nodes.spill(FOLDER)
        assert answers() == expected


def test_keys_longer_than_what_is_searched_at_a_time_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One at a time then."""
    keys = [b"a.b.c/%d" % n + b"x" * 300 for n in range(10, 60)]
    shrink(monkeypatch)
    found = index_of(keys, 7)
    found.spill(str(tmp_path))
    assert list(found.search(b"/33")) == [23]
    assert list(found.search(b"")) == list(range(50))
    assert list(found.search(b"xa.b")) == []


def test_keys_out_of_order_are_found_one_by_one() -> None:
    """By themselves, and by a range of keys."""
    index = index_of([b"a.b/2", b"a.b/1", b"a.b/12", b"c.d/1"])
    assert [index.find(key) for key in (b"a.b/1", b"a.b/12", b"b/1")] == [1, 2, None]
    assert index.within(KeyRange(b"a.b/1", b"a.b/2")) == [1, 2]
    assert list(index.within(KeyRange())) == [0, 1, 2, 3]


# Disk


def test_it_goes_on_where_it_went(tmp_path: Path) -> None:
    """An index that left memory takes in more, and answers from all of it."""
    keys = [b"a.b.c/%06d" % n for n in range(20_000)]
    found, nodes = RecordIndex(), NodeTable()
    for number, batch in enumerate(batches(keys, 1_000)):
        for each in (found, nodes):
            each.extend(batch)
            if number == 7:
                each.spill(str(tmp_path))
    for each in (found, nodes):
        assert len(each) == 20_000
        assert each.disk_used > 0
    assert found.find(b"a.b.c/019998") == 19_998
    assert nodes.first_records[19_998] == 19_998
    assert nodes.distances[19_998] == 98
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_go_to_disk_is_counted(tmp_path: Path) -> None:
    """Collections are put together in memory where their keys do not ascend."""
    keys = [b"a.b.c%05d/1" % n for n in range(60_000)]
    ascending = index_of(keys)
    ascending.spill(str(tmp_path))
    assert ascending.collection_count == 60_000
    keys.reverse()
    astray = index_of(keys)
    astray.spill(str(tmp_path))
    assert astray.bytes_used > ascending.bytes_used + 60_000 * 100


@pytest.mark.unmeasured
def test_memory_stays_the_same_however_much_there_is(tmp_path: Path) -> None:
    """Of an index on disk: what Python allocates is what it says."""
    keys = [
        b"com.example.some.collection%03d/%013d" % (n // 1_000, n)
        for n in range(150_000)
    ]
    total = sum(map(len, keys)) + 12 * len(keys)
    tracemalloc.start()
    try:
        found = RecordIndex()
        found.spill(str(tmp_path))
        for batch in batches(keys):
            found.extend(batch)
        del batch
        assert [found.find(key) for key in keys[::997]] == list(range(0, 150_000, 997))
        held, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        assert len(found.search(b"/0000000149")) == 1_000
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert total > 7_500_000
    assert found.disk_used > 0.98 * total
    assert held < found.bytes_used * 1.1 + 100_000 < 3_500_000
    assert peak < held + 5_000_000


# Disks


BOUNDED = """
import resource, signal, sys
from repoview.core.errors import SourceError
from tests.core.index.test_records import index_of, batches
from repoview.core.index.records import NodeTable, RecordIndex

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, resource.RLIM_INFINITY))
keys = [b"a.b.c/%06d" % n for n in range(300_000)]
met = list(batches(keys))
for made in (RecordIndex, NodeTable):
    index = made()
    for batch in met:
        index.extend(batch)
    try:
        index.spill(sys.argv[1])
    except SourceError as error:
        assert "file too large; make room" in str(error), error
    else:
        raise AssertionError("the disk took it")
    assert list(index.rows) == list(range(300_000))
    if made is RecordIndex:
        assert index.find(keys[200_000]) == 200_000
        assert index.paths(199_999, 200_001) == ["a.b.c/199999", "a.b.c/200000"]
    small = made()
    small.spill(sys.argv[1])
    try:
        for batch in met:
            small.extend(batch)
    except SourceError as error:
        assert "file too large; make room" in str(error), error
    else:
        raise AssertionError("the disk took it")
    soft = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    index.spill(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_FSIZE, soft)
    assert list(index.rows) == list(range(300_000))
    assert index.bytes_used < 1_000_000
"""


@pytest.mark.skipif(sys.platform == "win32", reason="bounds files as POSIX does")
def test_a_full_disk_leaves_an_index_as_it_was(tmp_path: Path) -> None:
    """It can be read, and spilled again once there is room; nothing lies about."""
    done = subprocess.run(
        [sys.executable, "-c", BOUNDED, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_closed_index_says_so(tmp_path: Path) -> None:
    """What stayed in memory can be read all the same."""
    keys = [b"a.b.c/%06d" % n for n in range(50_000)]
    found = index_of(keys)
    found.close()
    found.spill(str(tmp_path))
    found.close()
    found.close()
    assert found.key(49_999) == keys[49_999]
    with pytest.raises(SourceError, match="cannot be read: the file there was closed"):
        found.key(0)


# Collections


@given(st.sets(st.binary(max_size=4) | st.from_regex(rb"\A[ab]?[ab-]/[ab]\Z")))
def test_many_collections_are_made_when_asked_for(keys: set[bytes]) -> None:
    """And are those of a list, in whatever way they are reached."""
    found = index_of(sorted(keys), 5)
    listed = found.collections()
    assert isinstance(listed, list)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(collections, "LISTED", 0)
        lazy = found.collections()
    assert list(lazy) == listed
    assert len(lazy) == found.collection_count == len(listed)
    assert lazy[1:3] == listed[1:3]
    assert [lazy[-1 - n] for n in range(len(listed))] == listed[::-1]
    for beyond in (len(listed), -len(listed) - 1):
        with pytest.raises(IndexError):
            lazy[beyond]


@given(st.lists(st.binary(max_size=4) | st.from_regex(rb"\A[ab]?[ab-]/[ab]\Z")))
def test_collections_come_from_the_keys(keys: list[bytes]) -> None:
    """Each once, with all of its records, also where keys are misplaced."""
    found = index_of(keys, 4)
    expected: dict[str, list[int]] = {}
    for number, key in enumerate(keys):
        expected.setdefault(path_of(collection_of(key)), []).append(number)
    assert found.collection_count == len(expected)
    assert {
        each.name: [number for part in each.ranges for number in part]
        for each in found.collections()
    } == expected
    for each in found.collections():
        assert each.count == len(expected[each.name])
        assert each.bytes == 10 * each.count
        assert each.start == expected[each.name][0]
        assert each.stop == expected[each.name][-1] + 1


# Holes and missing records


def cid_of(number: int) -> Cid:
    """Return some CID: every third is of its data, and some of these are long."""
    data = number.to_bytes(4, "big") * (20_000 if number % 27 == 9 else 1)
    raw = b"\1\x55\0" + varint(len(data)) + data
    return Cid(raw) if number % 3 == 0 else Cid.for_block(raw)


@given(
    st.lists(
        st.tuples(
            st.none() | st.integers(0, 128),
            st.binary(max_size=5),
            st.none() | st.binary(max_size=5),
        ),
        max_size=40,
    ),
    st.booleans(),
)
def test_holes_are_kept_whole(
    tmp_path_factory: pytest.TempPathFactory,
    facts: list[tuple[int | None, bytes, bytes | None]],
    on_disk: bool,
) -> None:
    """Those without bounds, and with bounds of no bytes."""
    given_ = {
        3 * n: Hole(cid_of(n), 2**40 + n, depth, lo, hi)
        for n, (depth, lo, hi) in enumerate(facts)
    }
    (batch,) = batches([b"a.b.c/%03d" % n for n in range(150)])
    nodes = NodeTable()
    if on_disk:
        nodes.spill(str(tmp_path_factory.getbasetemp()))
    nodes.extend(replaced(batch, holes=given_))
    assert dict(nodes.holes.items()) == given_
    assert all(nodes.holes[number] == hole for number, hole in given_.items())
    with pytest.raises(KeyError):
        nodes.holes[1]
    for number in range(130):
        assert nodes.holes.get(number) == given_.get(number)


@given(st.sets(st.integers(0, 60)), st.booleans())
def test_missing_records_are_kept_whole(
    tmp_path_factory: pytest.TempPathFactory, numbers: set[int], on_disk: bool
) -> None:
    """Of CIDs of any form."""
    absent = {number: cid_of(number) for number in sorted(numbers)}
    odd = {n: cid for n, cid in absent.items() if len(cid.raw) != 36}
    raws = b"".join(bytes(36) if n in odd else absent[n].raw for n in absent)
    (batch,) = batches([b"a.b.c/%03d" % n for n in range(61)])
    missing = MissingColumns(array("Q", absent), raws, array("Q", absent), odd)
    found = RecordIndex()
    if on_disk:
        found.spill(str(tmp_path_factory.getbasetemp()))
    found.extend(replaced(batch, missing=missing))
    assert dict(found.missing.items()) == absent
    assert len(found.missing) == len(absent)
    for number in range(62):
        assert found.missing.get(number) == absent.get(number)
        within = [cid for n, cid in absent.items() if 7 <= n < number]
        assert list(found.missing.within(7, number)) == within


def replaced(batch: Batch, **fields: Any) -> Batch:
    """Return a batch with other fields."""
    names = Batch.__dataclass_fields__
    return Batch(**{name: getattr(batch, name) for name in names} | fields)


def test_hostile_amounts_take_what_they_are_said_to() -> None:
    """Holes and missing records are columns, and are counted by their bytes."""
    (batch,) = batches([b"a.b.c/%05d" % n for n in range(8_000)])
    numbers = range(8_000)
    holes = {n: Hole(cid_of(3 * n + 1), n, None, bytes(200), None) for n in numbers}
    absent = {n: cid_of(27 * n) for n in numbers}
    missing = MissingColumns(
        array("Q", numbers), bytes(36 * 8_000), array("Q", numbers), absent
    )
    tracemalloc.start()
    try:
        nodes, found = NodeTable(), RecordIndex()
        nodes.extend(batch)
        found.extend(batch)
        plain, _ = tracemalloc.get_traced_memory()
        said = nodes.bytes_used + found.bytes_used
        nodes.extend(replaced(batch, holes=holes))
        found.extend(replaced(batch, missing=missing))
        full, _ = tracemalloc.get_traced_memory()
        said_of_full = nodes.bytes_used + found.bytes_used
    finally:
        tracemalloc.stop()
    assert said * 0.9 < plain < said * 1.2 + 10_000
    assert said_of_full * 0.9 < full < said_of_full * 1.2 + 10_000


def test_a_slice_on_disk_lists_its_records(tmp_path: Path) -> None:
    """Those that are there and those that are not."""
    data = make_repo(many(900), leave_out=400)
    with Repo.load(data) as repo:
        expected = list(repo.keys())
        assert list(inside(repo).index.rows).count(NO_ROW) == 400
        inside(repo).index.spill(str(tmp_path))
        assert list(repo.keys()) == expected


# From a cache


@examples(60)
@given(repositories(), st.integers(0, 9))
def test_an_index_can_be_laid_over_bytes(data: bytes, offset: int) -> None:
    """Of a store that keeps each column by its name: all is as it was."""
    with pytest.MonkeyPatch.context() as patch, Repo.load(data) as repo:
        shrink(patch)
        expected = everything(repo)
        fresh: tuple[PackedIndex, ...] = RecordIndex(), NodeTable()
        for old, new in zip(
            (inside(repo).index, inside(repo).nodes), fresh, strict=True
        ):
            new.lay_over(keeper(old, offset))
            old.lay(new.columns())
        assert everything(repo) == expected
        for each in fresh:
            assert each.bytes_used <= 64 * page_cache.PIECES
            assert each.disk_used == 0
            with pytest.raises(TypeError, match="read only"):
                each.columns()["rows"].extend(array("I"))


def keeper(some: PackedIndex, offset: int) -> Callable[[str], tuple[ReadAt, int, int]]:
    """Return what gives the columns of an index from bytes in memory."""
    kept = {
        name: bytes(memoryview(column[:]).cast("B"))
        for name, column in some.columns().items()
    }

    def keep(name: str) -> tuple[ReadAt, int, int]:
        data = bytes(offset) + kept[name] + b"behind"
        return lambda at, length: data[at : at + length], offset, len(kept[name])

    return keep


def everything(repo: Repo) -> list[object]:
    """Return what the indexes of a repository answer."""
    some, tree = inside(repo).index, repo.tree
    return [
        list(repo.keys()),
        [some.find(key) for key in map(some.key, range(len(some)))],
        some.search(b"a"),
        list(some.missing.items()),
        list(some.collections()),
        some.collection_count,
        [tree.node(number) for number in range(len(tree))],
    ]
