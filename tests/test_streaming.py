"""Facts about streams of records: what a repository holds, as it becomes known."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repoview
from repoview import MissingNode, MissingRecord, Repo
from repoview.core import limits
from repoview.core.holdings import Record
from repoview.core.seam import NodeKind
from repoview.sample import write_sample
from tests.core.repos import make_repo, many
from tests.fuzz.repositories import repositories

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

both_loops = pytest.mark.parametrize("loop", ["asyncio", "trio"])


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
        nodes, at = repo.tree.nodes, 0

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


@pytest.mark.parametrize("order", ["preorder", "cid-descending"])
def test_a_stream_gives_what_a_repository_holds(
    order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its order, and in the end the same report."""
    monkeypatch.setattr(limits, "READ_CHUNK", 20_000)
    data = sample(order)
    assert streamed(data) == expected(data)


@settings(max_examples=100)
@given(repositories(), st.sampled_from((97, 1 << 20)))
def test_generated_repositories_stream(data: bytes, chunk: int) -> None:
    """Sound or not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "READ_CHUNK", chunk)
        assert streamed(data) == expected(data)


def test_records_come_while_the_rest_is_not_there() -> None:
    """And the commit before them."""
    data = sample("preorder", 20_000)
    first: list[object] = []

    def pieces() -> Iterator[bytes]:
        yield data[: 3 << 20]
        # Nobody may ask for more before the first records were given.
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
        spans = [repo.blocks.index.offset(repo.blocks.find(record.cid.raw))]
        spans.append(node.offset or 0)
    cut = bytearray(data)
    with Repo.load(data) as repo:
        offsets = sorted(
            repo.blocks.index.offset(row) for row in range(len(repo.blocks.index))
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
    limit = 100_000
    with repoview.stream(data, mem_limit=limit) as stream:
        while True:
            try:
                items.extend(told(item) for item in stream)
            except repoview.MemoryLimitReached as reached:
                limit += 50_000
                reached.opening.allow(limit)
            else:
                break
    assert limit > 150_000
    assert items == expected(data)[0]


def test_no_tree_gives_no_records() -> None:
    """And the report says why."""
    with repoview.stream(b"<html>") as stream:
        assert stream.commit is None
        assert list(stream) == []
        assert stream.report is not None
        assert stream.report.exit_code == 12


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
