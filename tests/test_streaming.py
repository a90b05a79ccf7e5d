"""Facts about streams of records: what a repository holds, as it becomes known."""

from __future__ import annotations

import re
from contextlib import aclosing
from functools import cache
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repoview
from repoview import MissingNode, MissingRecord, Repo
from repoview.core import limits
from repoview.core.formats.record import Record
from repoview.core.kernel.seam import NodeKind
from repoview.core.repo.inside import inside
from repoview.sample import write_sample
from tests.core.repos import make_repo, many
from tests.fuzz.repositories import repositories
from tests.strategies import examples

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

both_loops = pytest.mark.parametrize("loop", ["asyncio", "trio"])


@cache
def sample(order: str, records: int = 3_000) -> bytes:
    """Return a repository whose blocks stand in *order*."""
    out = bytearray()
    write_sample(out.extend, records, order=order)  # type: ignore[arg-type]  # one of two
    return bytes(out)


def told(item: Any) -> tuple[object, ...]:
    """Return what is known of an item."""
    if isinstance(item, Record):
        data = item.data if item.state in {"sound", "unsound"} else None
        return item.path, item.cid, item.state, item.at_uri, data
    if isinstance(item, MissingRecord):
        return item.path, item.cid, "missing"
    return item.cid, item.after, item.before


def expected(data: bytes) -> tuple[list[tuple[object, ...]], object]:
    """Return the same, of a repository that was read as a whole."""
    with Repo.load(data) as repo:
        items = []
        nodes, at = inside(repo).nodes, 0

        def up_to(stop: int) -> Iterator[tuple[object, ...]]:
            for number in range(at, stop):
                record = repo.record(number)
                missing = record.state == "missing"
                item = MissingRecord(record.path, record.cid) if missing else record
                yield told(item)

        for number, kind in enumerate(nodes.kinds):
            if kind == NodeKind.MISSING:
                items += up_to(nodes.first_records[number])
                at = max(at, nodes.first_records[number])
                view = repo.tree.node(number)
                hole = nodes.holes[number]
                del view
                hi = (
                    None
                    if hole.hi is None
                    else hole.hi.decode(errors="backslashreplace")
                )
                items.append((hole.cid, hole.lo.decode(errors="backslashreplace"), hi))
        items += up_to(len(repo))
        return items, {**repo.report.to_json(), "source": None}


def streamed(target: Any, **options: Any) -> tuple[list[tuple[object, ...]], object]:
    """Return what a stream gives, and its report."""
    with repoview.stream(target, **options) as stream:
        items = [told(item) for item in stream]
        assert stream.batch() == []
        assert stream.report is not None
        return items, {**stream.report.to_json(), "source": None}


@pytest.mark.unmeasured
@pytest.mark.parametrize("order", ["preorder", "cid-descending"])
def test_a_stream_gives_what_a_repository_holds(
    order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its order, and in the end the same report."""
    monkeypatch.setattr(limits, "READ_CHUNK", 20_000)
    data = sample(order)
    assert streamed(data) == streamed(data, data=True) == expected(data)


@examples(100)
@given(repositories(), st.sampled_from((97, 1 << 20)), st.booleans())
def test_generated_repositories_stream(data: bytes, chunk: int, carried: bool) -> None:
    """Sound or not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "READ_CHUNK", chunk)
        assert streamed(data, data=carried) == expected(data)


@pytest.mark.unmeasured
def test_records_come_while_the_rest_is_not_there() -> None:
    """And the commit before them."""
    data = sample("preorder", 20_000)
    first: list[object] = []

    def pieces() -> Iterator[bytes]:
        yield data[: 3 << 20]
        # No more may be read before the first records are returned.
        assert first
        yield data[3 << 20 :]

    with repoview.stream(pieces(), threads=1) as stream:
        assert stream.commit is not None
        assert stream.report is None
        first.append(next(stream))
        assert len([first, *stream]) == 20_000


def test_what_is_missing_is_told_or_refused() -> None:
    """As items, or as an error at the first of them."""
    data = sample("preorder")
    with Repo.load(data) as repo:
        record, node = repo.record(1_500), repo.tree.node(9)
        spans = [
            inside(repo).blocks.index.offset(inside(repo).blocks.find(record.cid.raw))
        ]
        spans.append(node.offset or 0)
    cut = bytearray(data)
    with Repo.load(data) as repo:
        offsets = sorted(
            inside(repo).blocks.index.offset(row)
            for row in range(len(inside(repo).blocks.index))
        )
    ends = [*offsets[1:], len(data)]
    for start in sorted(spans, reverse=True):
        del cut[start : ends[offsets.index(start)]]
    items = streamed(bytes(cut))
    assert items == expected(bytes(cut))
    with repoview.stream(bytes(cut)) as stream:
        kinds = {type(item) for item in stream}
    assert kinds == {Record, MissingRecord, MissingNode}
    with (
        repoview.stream(bytes(cut), strict=True) as stream,
        pytest.raises(repoview.BlockMissing, match="is missing"),
    ):
        list(stream)


def test_a_limit_can_be_raised_and_the_stream_gone_on_with() -> None:
    """Nothing is lost, nothing comes twice."""
    data = sample("preorder")
    items: list[tuple[object, ...]] = []
    again: list[object] = []
    limit = 100_000
    with repoview.stream(data, mem_limit=limit) as stream:
        while True:
            try:
                items.extend(told(item) for item in stream)
            except repoview.MemoryLimitReached as reached:
                limit += 50_000
                again.append(reached.resume(limit))
            else:
                break
    assert limit > 150_000
    assert set(again) == {stream}
    assert items == expected(data)[0]


def test_no_tree_gives_no_records() -> None:
    """And the report says why."""
    with repoview.stream(b"<html>") as stream:
        assert stream.commit is None
        assert list(stream) == []
        assert stream.report is not None
        assert stream.report.exit_code == 12


@pytest.mark.unmeasured
@both_loops
@pytest.mark.parametrize("order", ["preorder", "cid-descending"])
def test_a_stream_without_waiting(loop: str, order: str) -> None:
    """In batches, from a stream of bytes."""
    data = sample(order)

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(data), 10_000):
            yield data[start : start + 10_000]

    async def main() -> list[tuple[object, ...]]:
        items = []
        async for batch in repoview.stream_async(pieces()).batches():
            items += [told(item) for item in batch]
        return items

    assert anyio.run(main, backend=loop) == expected(data)[0]


@pytest.mark.unmeasured
@both_loops
def test_a_stream_can_be_left(loop: str) -> None:
    """In the middle, and by being cancelled; nothing is left running."""
    data = sample("preorder", 20_000)

    async def endless() -> AsyncIterator[bytes]:
        yield data[: 3 << 20]
        await anyio.sleep_forever()

    async def main() -> int:
        count = 0
        with anyio.move_on_after(0.5) as scope:
            async for item in repoview.stream_async(endless(), threads=1):
                count += isinstance(item, Record)
        assert scope.cancelled_caught
        async with aclosing(repoview.stream_async(data)) as stream:
            async for _ in stream:
                break
        return count

    assert anyio.run(main, backend=loop) > 1_000


def test_an_empty_repository_has_no_items() -> None:
    """It is sound all the same."""
    items, report = streamed(make_repo({}))
    assert items == []
    assert isinstance(report, dict)
    assert report["verdict"] == "sound"


def test_many_ways_lead_to_the_same_stream(tmp_path: Any) -> None:
    """A path, bytes, pieces."""
    data = make_repo(many(300))
    path = tmp_path / "a.car"
    path.write_bytes(data)
    pieces = (data[n : n + 999] for n in range(0, len(data), 999))
    assert streamed(path) == streamed(data) == streamed(pieces)


# Keys, ranges, and where to go on


def slice_of(data: bytes, *, records: int = 40, nodes: int = 12) -> bytes:
    """Return a repository without some of its records and nodes."""
    with Repo.load(data) as repo:
        index = inside(repo).blocks.index
        rows = [
            inside(repo).index.rows[n]
            for n in range(7, len(repo), len(repo) // records)
        ]
        numbers = range(5, 5 + nodes * 9, 9)
        rows += [inside(repo).nodes.rows[n] for n in numbers]
        offsets = sorted(index.offset(row) for row in range(len(index)))
        starts = sorted({index.offset(row) for row in rows}, reverse=True)
    ends = dict(zip(offsets, [*offsets[1:], len(data)], strict=True))
    cut = bytearray(data)
    for start in starts:
        del cut[start : ends[start]]
    return bytes(cut)


def keyed(item: Any) -> tuple[object, ...]:
    """Return what a stream of keys gives for an item of a stream."""
    if isinstance(item, MissingNode):
        return item.cid, item.after, item.before
    return item.path, item.cid


@examples(60)
@given(repositories(), st.sampled_from((97, 1 << 20)))
def test_keys_are_those_of_the_items(data: bytes, chunk: int) -> None:
    """Missing records among them, for the tree names them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "READ_CHUNK", chunk)
        with repoview.stream(data) as stream:
            items = [keyed(item) for item in stream]
        with repoview.stream(data) as stream:
            keys = list(stream.keys())
            assert stream.key_batch() == []
            assert stream.report is not None
        assert [keyed(k) if isinstance(k, MissingNode) else k for k in keys] == items


def overlaps(item: MissingNode, first: bytes, stop: bytes | None) -> bool:
    """Tell whether a missing node may have a key from *first* on, before *stop*."""
    low = item.after.encode()
    high = None if item.before is None else item.before.encode()
    least = max(first, low + b"\0" if low else b"")
    return all(least < bound for bound in (stop, high) if bound is not None)


def chosen(items: list[Any], first: str, stop: str | None) -> list[object]:
    """Return what is in a range, of all items."""
    low, high = first.encode(), None if stop is None else stop.encode()
    return [
        told(item)
        for item in items
        if (
            overlaps(item, low, high)
            if isinstance(item, MissingNode)
            else low <= item.path.encode()
            and (high is None or item.path.encode() < high)
        )
    ]


PATHS = st.sampled_from(
    ["", "a", "com.example.kind1/", "com.example.kind1/000500", "com.example.kind2/0"]
) | st.integers(0, 2_999).map(lambda n: f"com.example.kind{n % 3}/{n:06}")


@pytest.mark.unmeasured
@examples(20)
@given(PATHS, st.none() | PATHS, st.booleans(), st.sampled_from((3_000, 1 << 20)))
def test_a_range_gives_what_is_in_it(
    first: str, stop: str | None, whole: bool, chunk: int
) -> None:
    """Missing nodes too, where they may have hidden some of it."""
    data = RANGED if whole else cut()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "READ_CHUNK", chunk)
        with repoview.stream(data) as stream:
            everything = list(stream)
            report = stream.report
            wanted = chosen(everything, first, stop)
        with repoview.stream(data, start=first, stop=stop) as stream:
            assert [told(item) for item in stream] == wanted
            assert stream.report == report
        with repoview.stream(data, stop=stop) as stream:
            stream.seek(first)
            assert [told(item) for item in stream] == wanted
            stream.seek(first)
            assert [told(item) for item in stream] == wanted
    if whole and stop is not None and first <= stop:
        with Repo.load(data) as repo:
            records = list(repo.records(start=first, stop=stop))
            assert [told(record) for record in records] == wanted


RANGED = make_repo(many(3_000))


@cache
def cut() -> bytes:
    """Return such a slice of a sample."""
    return slice_of(sample("preorder"))


def test_a_prefix_gives_what_begins_with_it() -> None:
    """In a stream as in a repository."""
    with Repo.load(RANGED) as repo:
        for prefix in ("com.example.kind1/", "com.example.kind1/0001", "x", ""):
            wanted = [told(record) for record in repo.records(prefix=prefix)]
            every = [repo.record(n) for n in range(len(repo))]
            assert wanted == [told(r) for r in every if r.path.startswith(prefix)]
            assert streamed(RANGED, prefix=prefix)[0] == wanted
        half = "com.example.kind1/001500"
        both = list(repo.records("com.example.kind1", start=half))
        assert [r.path for r in both] == [
            r.path
            for r in every
            if "com.example.kind1/" <= half <= r.path < "com.example.kind2"
        ]


def test_a_stream_goes_on_from_any_key_forward_and_back() -> None:
    """Also when it was begun, and in the middle of a batch."""
    with repoview.stream(RANGED, prefix="com.example.kind1") as stream:
        first = next(stream)
        stream.seek("com.example.kind1/002000")
        later = next(stream)
        stream.seek("")
        assert [item.path for item in (first, later, next(stream))] == [  # type: ignore[union-attr]  # all are records
            "com.example.kind1/000001",
            "com.example.kind1/002002",
            "com.example.kind1/000001",
        ]
        stream.seek("com.example.kind2")
        assert list(stream) == []


@examples(60)
@given(repositories(), st.text("abc.:/~", max_size=3), st.text("abc.:/~", max_size=3))
def test_ranges_of_trees_out_of_order(data: bytes, first: str, stop: str) -> None:
    """Give each record that is in them, where it stands."""
    low, high = first.encode(), stop.encode()
    with repoview.stream(data) as stream:
        wanted = [
            told(item)
            for item in stream
            if not isinstance(item, MissingNode) and low <= key_of(item) < high
        ]
    with repoview.stream(data, start=first, stop=stop) as stream:
        found = [item for item in stream if not isinstance(item, MissingNode)]
        assert [told(item) for item in found] == wanted


def key_of(item: Any) -> bytes:
    """Return the key of a record, missing or not."""
    if isinstance(item, Record):
        return item.key
    escaped = re.compile(rb"\\x([0-9a-f]{2})")
    return escaped.sub(lambda x: bytes.fromhex(x[1].decode()), item.path.encode())


def test_strict_looks_at_what_is_wanted_only() -> None:
    """What is missing elsewhere is in the report."""
    with repoview.stream(cut()) as stream:
        *items, last = stream
        assert isinstance(last, Record)
        wanted = [told(last)]
    assert any(isinstance(item, MissingNode) for item in items)
    assert streamed(cut(), strict=True, start=last.path)[0] == wanted
    with (
        repoview.stream(cut(), strict=True) as stream,
        pytest.raises(repoview.BlockMissing, match="the node"),
    ):
        list(stream.keys())


# Records that carry their bytes


@pytest.mark.unmeasured
@pytest.mark.parametrize("most", [1, 100_000, 4 << 20])
@pytest.mark.parametrize("order", ["preorder", "cid-descending"])
def test_records_that_carry_their_bytes_outlive_the_stream(
    most: int, order: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As many of a batch as may; the others read them as always."""
    monkeypatch.setattr("repoview.core.repo.block_reader._CARRIED", most)
    path = tmp_path / "a.car"
    path.write_bytes(sample(order))
    with Repo.load(path) as repo:
        wanted = [(record.path, record.cid, record.data) for record in repo.records()]
        mine = [(r.path, r.cid, r.data) for r in repo.records(data=True)]
        assert mine == wanted
    with repoview.stream(path, data=True) as stream:
        records = list(stream)
        first = records[0]
        assert [(r.path, r.cid, r.data) for r in records] == wanted  # type: ignore[union-attr]  # all are records
    assert isinstance(first, Record)
    assert (first.path, first.cid, first.data) == wanted[0]


def test_bytes_that_changed_are_not_carried(tmp_path: Path) -> None:
    """They are hashed again, and what does not hash is an error when asked for."""
    path = tmp_path / "a.car"
    path.write_bytes(sample("preorder"))
    with Repo.load(path) as repo:
        place = repo.record(7)
        at = (place.offset or 0) + 60
        with path.open("r+b") as file:
            file.seek(at)
            file.write(b"\0\0")
        with pytest.raises(repoview.BlockMissing, match="not hash"):
            _ = place.data
        records = list(repo.records(data=True))
        assert records[6].data
        with pytest.raises(repoview.BlockMissing, match="not hash"):
            _ = records[7].data


# Without waiting


@pytest.mark.unmeasured
@both_loops
def test_all_of_a_stream_without_waiting(loop: str) -> None:
    """Commit, items one by one, keys, where to go on, and the report."""

    async def main() -> None:
        async with repoview.stream_async(cut()) as stream:
            assert stream.report is None
            commit = await stream.commit()
            assert commit is not None
            items = [told(item) async for item in stream]
            assert items == expected(cut())[0]
            assert stream.report is not None
            await stream.seek("")
            assert [told(item) async for item in stream] == items
        async with repoview.stream_async(cut()) as stream:
            keys = [key async for key in stream.keys()]  # noqa: SIM118 (a stream is no dict)
        with repoview.stream(cut()) as plain:
            assert keys == list(plain.keys())
        path = "com.example.kind1/001000"
        with repoview.stream(RANGED, prefix="com.example.kind1") as plain:
            plain.seek(path)
            wanted = [told(item) for item in plain]
        async with repoview.stream_async(RANGED, prefix="com.example.kind1") as stream:
            await stream.seek(path)
            assert [told(item) async for item in stream] == wanted

    anyio.run(main, backend=loop)


@pytest.mark.unmeasured
@both_loops
@pytest.mark.parametrize("room", [0, 2])
def test_batches_go_into_a_channel(loop: str, room: int) -> None:
    """The channel is closed at the end."""
    data = sample("cid-descending", 20_000)

    async def main() -> list[object]:
        send, receive = anyio.create_memory_object_stream[list[Any]](room)
        items: list[object] = []
        async with (
            repoview.stream_async(data) as stream,
            anyio.create_task_group() as tasks,
            receive,
        ):
            tasks.start_soon(stream.send_to, send)
            async for batch in receive:
                assert 0 < len(batch) <= 8_192
                # Their bytes are there still, also when all was sent.
                assert batch[-1].data
                items += [item.path for item in batch]
        return items

    with Repo.load(data) as repo:
        assert anyio.run(main, backend=loop) == [record.path for record in repo]


@pytest.mark.unmeasured
@both_loops
def test_a_channel_that_nobody_reads_ends_the_stream(loop: str) -> None:
    """Quietly; and so does being cancelled, also while it waits for room."""
    closed = []

    async def endless() -> AsyncIterator[bytes]:
        try:
            yield sample("preorder", 20_000)[: 3 << 20]
            await anyio.sleep_forever()
        finally:
            closed.append(True)

    async def main() -> None:
        send, receive = anyio.create_memory_object_stream[list[Any]](0)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(repoview.stream_async(sample("preorder")).send_to, send)
            await receive.receive()
            receive.close()
        send, receive = anyio.create_memory_object_stream[list[Any]](0)
        with receive:
            async with anyio.create_task_group() as tasks:
                stream = repoview.stream_async(endless(), threads=1)
                tasks.start_soon(stream.send_to, send)
                assert await receive.receive()
                tasks.cancel_scope.cancel()
            with pytest.raises(anyio.EndOfStream):
                await receive.receive()

    anyio.run(main, backend=loop)
    assert closed == [True]


@both_loops
def test_errors_of_a_stream_go_through_a_channel_task(loop: str) -> None:
    """As they are; the channel is closed."""

    def fail(data: bytes) -> bytes:
        raise ZeroDivisionError(len(data))

    async def main() -> None:
        send, receive = anyio.create_memory_object_stream[list[Any]](1)
        with receive:
            with pytest.raises(ZeroDivisionError):
                await repoview.stream_async(RANGED, process=fail).send_to(send)
            with pytest.raises(anyio.EndOfStream):
                await receive.receive()

    anyio.run(main, backend=loop)
