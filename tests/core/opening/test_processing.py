"""Facts about `process=`: run once a block, as it streams in; bytes are not kept."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import repoview
from repoview import BlockMissing, MissingNode, Record, Repo
from repoview.core import limits
from repoview.core.cid import Cid
from repoview.core.formats.car import write_car
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.mst_build import build_tree
from repoview.core.kernel.seam import NodeKind
from repoview.core.repo.inside import inside
from repoview.core.source.stream import StreamSource
from repoview.corpus import LIGHT_CASES
from repoview.corpus.car import Section
from repoview.corpus.cbor import Link, cid_of
from repoview.corpus.repo import Repo as Made
from repoview.corpus.tree import Entry
from repoview.corpus.tree import build_tree as made_tree
from repoview.sample import write_sample
from tests.core.repos import DID, REV, car_of, make_repo, many, parts_of
from tests.fuzz.repositories import repositories
from tests.strategies import examples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from repoview.core.opening.opening import Opening
    from repoview.corpus import Case


def digest(data: bytes) -> bytes:
    """Return what no other block has."""
    return sha256(b"!" + data).digest()[: data[-1] % 7 if data else 0]


def sample(order: str, records: int = 3_000) -> bytes:
    """Return a repository whose blocks stand in *order*."""
    out = bytearray()
    write_sample(out.extend, records, order=order)  # type: ignore[arg-type]  # one of two
    return bytes(out)


def pieces(data: bytes, size: int = 5_000) -> Iterator[bytes]:
    """Yield *data* as something that is read once."""
    for start in range(0, len(data), size):
        yield data[start : start + size]


def facts(record: Record) -> tuple[object, ...]:
    """Return what is known of a record without its bytes.

    Without them nobody can tell a warning from an error, which is what makes a
    record unsound.
    """
    hashes = record.state in {"sound", "unsound"}
    state = "hashes" if hashes else record.state
    return record.path, record.cid, state, record.size, record.offset


def expected(data: bytes) -> tuple[list[object], dict[str, Any]]:
    """Return facts and results of all records, and the report."""
    with Repo.load(data) as repo:
        found: list[object] = []
        for record in repo.records():
            hashes = record.state in {"sound", "unsound"}
            result = digest(record.data) if hashes else None
            found.append((facts(record), result))
        return found, {**repo.report.to_json(), "source": None}


def processed(target: Any, **options: Any) -> tuple[list[object], dict[str, Any]]:
    """Return the same of a stream that processes what comes by."""
    with repoview.stream(target, process=digest, **options) as stream:
        found: list[object] = []
        for item in stream:
            if isinstance(item, Record):
                found.append((facts(item), item.processed))
            elif not isinstance(item, MissingNode):
                found.append(((item.path, item.cid, "missing", None, None), None))
        assert stream.report is not None
        return found, {**stream.report.to_json(), "source": None}


def assert_same(target: Any, data: bytes, **options: Any) -> None:
    """Fail unless both tell the same.

    At which byte a record's `$type` stands, nobody knows of a block that was not
    kept: the finding says nothing then, and never another byte.
    """
    records, report = processed(target, **options)
    other_records, other = expected(data)
    for told, other_told in zip(report["findings"], other["findings"], strict=True):
        if told["code"] == "REC005" and told["block_offset"] is None:
            other_told["block_offset"] = None
    assert (records, report) == (other_records, other)


@examples(150)
@given(repositories(), st.sampled_from((97, 1 << 20)), st.booleans())
def test_results_are_those_of_the_records(data: bytes, chunk: int, once: bool) -> None:
    """Whatever the repository is like; and the report is the same as without."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "READ_CHUNK", chunk)
        target = pieces(data, 1_000) if once else data
        assert_same(target, data)


@pytest.mark.unmeasured
@examples(25)
@given(repositories(heavy=True), st.booleans(), st.sampled_from((1, 3)))
def test_results_of_large_ones_are_right(data: bytes, once: bool, threads: int) -> None:
    """Also while several threads look at blocks."""
    target = pieces(data, 300_000) if once else data
    assert_same(target, data, threads=threads)


@pytest.mark.unmeasured
@pytest.mark.parametrize("once", [False, True])
def test_small_steps_of_a_large_source_are_right(once: bool) -> None:
    """As a small limit of memory has them: threads look at these too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "READ_CHUNK", 200_000)
        data = sample("preorder")
        target = pieces(data, 70_000) if once else data
        assert_same(target, data, threads=3)


@pytest.mark.unmeasured
@pytest.mark.parametrize("order", ["preorder", "cid-descending"])
@pytest.mark.parametrize("once", [False, True])
def test_results_go_to_disk(
    order: str, once: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where memory has no room for them, and nothing is left behind."""
    monkeypatch.setattr("repoview.core.opening.results._PIECE", 1_024)
    data = sample(order, 1_000)
    target = pieces(data) if once else data
    monkeypatch.setattr("repoview.core.opening.budget.SPILL_FROM", 0.0)
    assert_same(target, data, spill=tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.unmeasured
@pytest.mark.parametrize("order", ["preorder", "cid-descending"])
def test_no_bytes_of_records_are_kept(order: str, tmp_path: Path) -> None:
    """Of what is read once; of what is not, they are where they were."""
    data = sample(order)
    with repoview.stream(pieces(data), process=digest) as stream:
        records = list(stream)
        (source,) = {stream._opening.source}  # noqa: SLF001 (tells what is kept)
        assert isinstance(source, StreamSource)
        with Repo.load(data) as repo:
            size = sum(record.size or 0 for record in repo.records())
            assert source.memory_used < len(data) - size
        for item in records[::100]:
            assert isinstance(item, Record)
            with pytest.raises(BlockMissing, match="not kept"):
                _ = item.data
    path = tmp_path / "a.car"
    path.write_bytes(data)
    with repoview.stream(path, process=digest) as stream:
        assert all(digest(item.data) == item.processed for item in stream)  # type: ignore[union-attr]  # all are records


@pytest.mark.parametrize("once", [False, True])
def test_each_block_is_processed_once(once: bool) -> None:
    """Whatever it is used as; nodes and commits are not."""
    records: dict[str, Any] = {**many(500), "com.example.a/1": {"$type": "x", "n": 1}}
    # Two keys have one record; another record has no type.
    records["com.example.a/2"] = records["com.example.a/1"]
    records["com.example.a/3"] = {"no": "type"}
    data = make_repo(records)
    given: Counter[bytes] = Counter()

    def count(block: bytes) -> bytes:
        given[block] += 1
        return digest(block)

    target = pieces(data) if once else data
    with repoview.open(target, process=count) as repo:
        assert set(given.values()) == {1}
        blocks = {
            dagcbor.encode(v or {"$type": p.partition("/")[0], "path": p})
            for p, v in records.items()
        }
        assert given.keys() == blocks
        twins = [repo.get(f"com.example.a/{n}") for n in (1, 2)]
        assert twins[0] is not None
        assert twins[1] is not None
        assert (
            twins[0].processed
            == twins[1].processed
            == digest(dagcbor.encode({"$type": "x", "n": 1}))
        )


@pytest.mark.parametrize("once", [False, True])
def test_a_record_that_looks_like_a_node_is_processed(once: bool) -> None:
    """When the walk reaches it; so are those that are as large as no record is."""
    odd: dict[str, Any] = {
        "com.example.a/1": {"e": [], "l": None},
        "com.example.a/2": {"$type": "com.example.a", "e": 1},
        "com.example.a/3": {"$type": "com.example.a", **{str(n): n for n in range(30)}},
        "com.example.a/4": {"$type": "com.example.a", "": 1},
    }
    data = make_repo(odd)
    with repoview.stream(pieces(data) if once else data, process=digest) as stream:
        found = {item.path: item.processed for item in stream}  # type: ignore[union-attr]  # all are records
    assert found == {path: digest(dagcbor.encode(value)) for path, value in odd.items()}


def with_typed_root() -> bytes:
    """Return a repository whose commit has a `$type`, as records have."""
    record = dagcbor.encode({"$type": "com.example.a"})
    key = b"com.example.a/1"
    blocks: list[tuple[Cid, bytes]] = [(Cid.for_block(record), record)]
    top = build_tree(
        [(key, blocks[0][0])], lambda cid, data: blocks.append((cid, data))
    )
    commit = dagcbor.encode(
        {
            "did": DID,
            "version": 3,
            "data": top,
            "rev": REV,
            "prev": None,
            "sig": bytes(64),
            "$type": "com.example.commit",
        }
    )
    out = bytearray()
    root = Cid.for_block(commit)
    write_car(out.extend, [root], [(root, commit), *blocks])
    return bytes(out)


def test_a_root_with_a_type_is_read_all_the_same() -> None:
    """Its bytes are kept, whatever it looks like."""
    data = with_typed_root()
    assert processed(pieces(data)) == expected(data)
    assert processed(pieces(data))[0] != []


def test_a_record_where_a_node_should_be_says_the_same() -> None:
    """And a record of a collection that it does not belong to."""
    one, two = (dagcbor.encode({"$type": name}) for name in ("a.b.c", "com.example.d"))
    entries = [Entry(b"com.example.d/%d" % n, one if n % 2 else two) for n in range(9)]
    made = Made(made_tree(entries))
    made.top.changed["l"] = Link(cid_of(one))
    data = made.car().data
    assert_same(pieces(data), data)


def test_a_copy_that_hashes_is_taken() -> None:
    """Where the first one does not, in the same buffer or another one."""
    entries = [
        Entry(
            b"com.example.d/%d" % n, dagcbor.encode({"$type": "com.example.d", "n": n})
        )
        for n in range(9)
    ]
    car = Made(made_tree(entries)).car()
    for part in car.parts:
        assert isinstance(part, Section)
        bad = Section(part.cid, part.data[:-1] + b"\xf5").written
        data = car.header + bad + car.data[len(car.header) :]
        assert_same(pieces(data), data)


def test_records_that_are_not_there_have_no_result() -> None:
    """Those behind them have theirs, with a `$type` or without."""
    records: dict[str, Any] = {
        f"com.example.d/{n}": {"n": n} if n % 2 else {} for n in range(9)
    }
    data = make_repo(records)
    head, parts = parts_of(data)
    for left_out in range(1, len(parts)):
        others = parts[:left_out] + parts[left_out + 1 :]
        part = car_of(data, head, others)
        assert_same(pieces(part), part)
        assert_same(part, part)


@pytest.mark.parametrize(
    "case",
    [case for case in LIGHT_CASES if case.code in {"CID001", "CID006", "BLK001"}],
    ids=lambda case: case.id,
)
def test_records_of_any_cid_are_processed(case: Case) -> None:
    """If they are there and hash."""
    data = case.build().data
    assert_same(pieces(data), data)
    assert_same(data, data)
    results = [result for _, result in expected(data)[0]]  # type: ignore[misc]  # all are pairs
    with repoview.open(data, process=digest) as repo:
        numbers = range(len(repo))
        assert [repo.record(number).processed for number in numbers] == results


@pytest.mark.parametrize("once", [False, True])
def test_blocks_that_went_by_are_read_again(
    monkeypatch: pytest.MonkeyPatch, once: bool
) -> None:
    """Where threads come to them when they are in no buffer any more."""
    monkeypatch.setattr("repoview.core.opening.processing._BUFFERS", 0)
    for data in (make_repo(many(40)), with_typed_root()):
        assert_same(pieces(data) if once else data, data)


def test_results_may_be_of_a_kind_of_bytes() -> None:
    """They are kept as what they are."""

    class Some(bytes):
        __slots__ = ()

    with repoview.open(make_repo(many(9)), process=Some) as repo:
        assert all(record.processed == record.data for record in repo.records())


def test_a_mark_a_block_is_counted_in_the_index(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By so many at a time; what is not counted there is counted with the results."""
    monkeypatch.setattr("repoview.core.opening.processing._SPENT", 64)
    monkeypatch.setattr("repoview.core.opening.processing._AT_ONCE", 16)
    with repoview.stream(make_repo(many(300)), process=digest) as stream:
        records = list(stream)
        opening: Opening = stream._opening  # noqa: SLF001 (counts what is held)
        processed_ = opening.opened.processed
        assert processed_ is not None
        assert len(records) == 300
        assert processed_.spent % 64 == 0
        assert 0 <= len(processed_.done) - processed_.spent < 64


# What goes wrong


class Wrong(Exception):
    """What only a caller raises."""


@pytest.mark.parametrize(
    "error", [Wrong, repoview.LimitExceeded, repoview.SourceError, StopIteration]
)
@pytest.mark.parametrize("once", [False, True])
def test_what_the_function_raises_comes_out(
    error: type[Exception], once: bool, tmp_path: Path
) -> None:
    """As it is, and the source is closed."""

    def fail(data: bytes) -> bytes:
        raise error("mine" if data else "")

    data = sample("preorder", 300)
    path = tmp_path / "a.car"
    path.write_bytes(data)
    closed = False

    def once_through() -> Iterator[bytes]:
        nonlocal closed
        try:
            yield from pieces(data)
        finally:
            closed = True

    with pytest.raises(error, match="mine"):
        repoview.open(once_through() if once else path, process=fail)
    assert closed is once


def test_other_results_are_refused() -> None:
    """By name."""
    with pytest.raises(TypeError, match="return bytes, not int"):
        repoview.open(sample("preorder", 50), process=len)  # type: ignore[arg-type]  # that is the point


def test_results_count_among_what_is_held() -> None:
    """A limit that is too small for them is raised, and nothing comes twice."""
    data = sample("preorder")
    calls = 0

    def large(block: bytes) -> bytes:
        nonlocal calls
        calls += 1
        return bytes(1_000) + digest(block)

    with repoview.open(data) as repo:
        count = len({record.cid for record in repo.records()})
    with pytest.raises(repoview.MemoryLimitReached) as reached:
        repoview.open(data, mem_limit=1_000_000, process=large)
    assert calls < count
    with reached.value.resume(10_000_000) as repo:
        assert calls == count
        for record in repo.records():
            assert record.processed == bytes(1_000) + digest(record.data)


def test_a_file_that_changes_under_us_is_not_processed(tmp_path: Path) -> None:
    """What is processed is what was hashed."""
    path = tmp_path / "a.car"
    path.write_bytes(sample("preorder"))
    seen: list[bytes] = []

    def spoil(data: bytes) -> bytes:
        if not seen:
            with path.open("r+b") as file:
                file.write(bytes(path.stat().st_size))
        seen.append(data)
        return b""

    with repoview.stream(path, process=spoil) as stream:
        opening: Opening = stream._opening  # noqa: SLF001 (to take one step)
        while not seen:
            opening.advance()
    assert all(dagcbor.decode(data) for data in seen)


def test_a_file_that_changes_before_it_is_read_again_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of records without a `$type` it is known last that they are records."""
    monkeypatch.setattr("repoview.core.source.source._SMALL", 0)
    path = tmp_path / "a.car"
    data = make_repo({f"a.b.c/{n}": {"n": n} for n in range(9)})
    path.write_bytes(data)
    changed = data[:-1] + b"\x18"
    calls = 0

    def spoil(block: bytes) -> bytes:
        nonlocal calls
        if not calls:
            path.write_bytes(changed)
        calls += 1
        return block

    with pytest.raises(repoview.SourceError, match="was changed while it was read"):
        repoview.open(path, process=spoil)
    assert calls <= 9


def test_without_it_nothing_is_processed() -> None:
    """And records say so."""
    with repoview.open(sample("preorder", 50)) as repo:
        assert {record.processed for record in repo.records()} == {None}
        assert NodeKind.NODE in inside(repo).nodes.kinds
