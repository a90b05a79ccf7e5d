"""One fact a row of what the seed of this library, `repo-stream`, offers.

Each has its counterpart here; the details are in the tests of each part.
"""

from __future__ import annotations

import gzip
import io
import threading
from typing import TYPE_CHECKING, Any

import anyio
import pytest

import repoview
from benchmarks.inputs import ORDERS, SIZES, inputs
from repoview import Checks, MissingNode, MissingRecord, Record, Repo
from repoview.core.repo.inside import inside
from repoview.corpus.repo import Repo as Made
from repoview.corpus.tree import Entry, Node, build_tree
from repoview.sample import write_sample
from tests.core.repos import DID, REV, make_repo, many

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from repoview.core.cid import Cid

pytestmark = pytest.mark.usefixtures("kernel_in_use")

both_loops = pytest.mark.parametrize("loop", ["asyncio", "trio"])

WHOLE = make_repo(many(3_000))


@pytest.fixture(scope="module")
def large() -> bytes:
    """A repository of some MiB, in the order of the walk."""
    out = bytearray()
    write_sample(out.extend, 12_000)
    return bytes(out)


@pytest.fixture(scope="module")
def paths(large: bytes) -> list[str]:
    """All its repo paths."""
    with Repo.load(large) as repo:
        return [record.path for record in repo]


def size(data: bytes) -> bytes:
    """Return the length of a block, as the seed's own example does."""
    return len(data).to_bytes(8, "little")


class Receiver:
    """A stream of bytes as anyio has them."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    async def receive(self, most: int = 65_536) -> bytes:
        """Return the bytes that come next."""
        await anyio.lowlevel.checkpoint()
        piece = self._file.read(most)
        if not piece:
            raise anyio.EndOfStream
        return piece


@both_loops
def test_any_async_reader_as_input(loop: str, tmp_path: Path) -> None:
    """Also paths, files, bytes, and what is packed."""
    path = tmp_path / "a.car.gz"
    path.write_bytes(gzip.compress(WHOLE, 1))

    async def given() -> AsyncIterator[bytes]:
        for start in range(0, len(WHOLE), 10_000):
            yield WHOLE[start : start + 10_000]

    async def main() -> list[int]:
        counts = []
        async with await anyio.open_file(path, "rb") as file:
            for target in (given(), Receiver(WHOLE), file, path, io.BytesIO(WHOLE)):
                async with repoview.stream_async(target) as stream:
                    counts.append(len([item async for item in stream]))
        return counts

    assert anyio.run(main, backend=loop) == [3_000] * 5


def test_memory_limit_and_resume_by_another_worker(
    large: bytes, paths: list[str], tmp_path: Path
) -> None:
    """With the disk, or with more memory; what was read is not read again."""
    given = 0

    def once() -> Iterator[bytes]:
        nonlocal given
        for start in range(0, len(large), 100_000):
            given += 1
            yield large[start : start + 100_000]

    for more in ({"spill": tmp_path, "mem_limit": 8 << 20}, {"mem_limit": 1 << 30}):
        with pytest.raises(repoview.MemoryLimitReached) as reached:
            repoview.open(once(), mem_limit=1 << 20)
        found: list[str] = []

        def work(error: Any = reached.value, more: Any = more) -> None:
            with error.resume(**more) as repo:
                found.extend(record.path for record in repo)  # noqa: B023 (joined below)

        worker = threading.Thread(target=work)
        worker.start()
        worker.join()
        assert found == paths
    assert given == 2 * -(-len(large) // 100_000)
    assert list(tmp_path.iterdir()) == []


def test_block_processor(large: bytes) -> None:
    """Run as blocks stream in; only what it returns is kept."""

    def once() -> Iterator[bytes]:
        yield from (large[n : n + 65_536] for n in range(0, len(large), 65_536))

    with Repo.load(large) as repo:
        total = sum(record.size or 0 for record in repo.records())
    with repoview.stream(once(), process=size) as stream:
        records = list(stream)
        results = [item.processed for item in records]  # type: ignore[union-attr]  # all are records
        assert (
            sum(int.from_bytes(result or b"", "little") for result in results) == total
        )
        assert isinstance(records[0], Record)
        with pytest.raises(repoview.BlockMissing, match="not kept"):
            _ = records[0].data


def test_disk_store_limits(large: bytes, tmp_path: Path) -> None:
    """Memory has a limit, and so has the disk; what is over it is left unread."""

    def once() -> Iterator[bytes]:
        yield from (large[n : n + 65_536] for n in range(0, len(large), 65_536))

    room: dict[str, Any] = {"mem_limit": 1 << 20, "spill": tmp_path}
    with repoview.open(once(), disk_limit=1 << 20, **room) as repo:
        assert "LIM001" in {found.code for found in repo.report.findings}
        assert repo.report.complete is None
    with pytest.raises(repoview.MemoryLimitReached):
        repoview.open(once(), mem_limit=1 << 20)
    assert list(tmp_path.iterdir()) == []


def test_signed_commit_first(large: bytes) -> None:
    """Before the first record, with the bytes that were signed."""

    def once() -> Iterator[bytes]:
        yield large[: 3 << 20]
        # No more than this may be needed for the commit.
        assert commits
        yield large[3 << 20 :]

    commits: list[repoview.Commit | None] = []
    with repoview.stream(once(), threads=1) as stream:
        commits.append(stream.commit)
        (commit,) = commits
        assert commit is not None
        assert commit.sig is not None
        assert len(commit.sig) == 64
        assert b"csig" not in commit.unsigned_bytes()
        assert list(stream)


@both_loops
def test_chunks_and_channel(loop: str, large: bytes, paths: list[str]) -> None:
    """Batches of path, CID and data; and the same through a channel."""
    with repoview.stream(large) as stream:
        found = []
        while batch := stream.batch():
            found += [(item.path, item.cid, len(item.data)) for item in batch]  # type: ignore[union-attr]  # all are records

    async def main() -> list[object]:
        send, receive = anyio.create_memory_object_stream[list[Any]](1)
        received: list[object] = []
        async with anyio.create_task_group() as tasks, receive:
            tasks.start_soon(repoview.stream_async(large).send_to, send)
            async for chunk in receive:
                received += [item.path for item in chunk]
        return received

    assert [path for path, _, _ in found] == anyio.run(main, backend=loop) == paths


def test_keys_only(large: bytes) -> None:
    """Path and CID, with no bytes of records, of what is read or was."""
    with Repo.load(large) as repo, repoview.stream(large) as stream:
        keys = list(repo.keys())
        assert list(stream.keys()) == keys
        assert keys == [(record.path, record.cid) for record in repo.records()]


def nodes_of(node: object) -> Iterator[Node]:
    """Yield all nodes of a tree."""
    if isinstance(node, Node):
        yield node
        yield from nodes_of(node.left)
        for entry in node.entries:
            yield from nodes_of(entry.tree)


@pytest.mark.parametrize(
    ("code", "broken"),
    [
        ("MST009", "order"),
        ("MST011", "depth"),
        ("MST015", "empty"),
        ("MST020", "entries"),
    ],
)
def test_order_depth_empty_node_and_entry_limits(code: str, broken: str) -> None:
    """Each is a finding, with a code of its own."""
    keys = [f"com.example.note/{n:05}".encode() for n in range(200)]
    made = Made(
        build_tree([Entry(key, b"\xa1\x65$type\x70com.example.note") for key in keys])
    )
    top = made.top
    node = next(node for node in nodes_of(top) if len(node.entries) > 1)
    if broken == "order":
        node.entries.reverse()
    elif broken == "depth":
        node.entries[1].key += b"x"
    elif broken == "empty":
        top.left = Node()
    else:
        top.changed["e"] = list(top.fields()["e"]) * 1_500
    with Repo.load(made.car().data) as repo:
        assert code in {found.code for found in repo.report.findings}


def test_slices_range_prefix_seek(large: bytes, paths: list[str]) -> None:
    """Of what was read, and of what is being read."""
    middle, last = paths[4_000], paths[9_000]
    prefix = paths[0].partition("/")[0]

    def listed(**options: Any) -> list[str]:
        with repoview.stream(large, **options) as stream:
            keys = stream.keys()
            return [path for path, _ in keys]  # type: ignore[misc]  # none is missing

    with Repo.load(large) as repo:
        ranged = [r.path for r in repo.records(start=middle, stop=last)]
        assert listed(start=middle, stop=last) == ranged == paths[4_000:9_000]
        begun = [r.path for r in repo.records(prefix=prefix)]
        assert listed(prefix=prefix) == begun
        assert begun == [path for path in paths if path.startswith(prefix)]
    with repoview.stream(large) as stream:
        stream.seek(middle)
        assert [item.path for item in stream] == paths[4_000:]  # type: ignore[union-attr]  # all are records


def without(data: bytes, *cids: Cid | None) -> bytes:
    """Return a repository without some of its blocks."""
    with Repo.load(data) as repo:
        index = inside(repo).blocks.index
        offsets = sorted(index.offset(row) for row in range(len(index)))
        ends = dict(zip(offsets, [*offsets[1:], len(data)], strict=True))
        rows = [inside(repo).blocks.find(cid.raw) for cid in cids if cid is not None]
        starts = sorted((index.offset(row) for row in rows), reverse=True)
    cut = bytearray(data)
    for start in starts:
        del cut[start : ends[start]]
    return bytes(cut)


def test_missing_as_items_or_strict() -> None:
    """A record, a sub-tree with the paths that it hides; or the first is an error."""
    with Repo.load(WHOLE) as repo:
        record, node = repo.record(2_900), repo.tree.node(3)
        cut = without(WHOLE, record.cid, node.cid)
        with repoview.stream(cut, checks=Checks(expect="slice")) as stream:
            items = list(stream)
            missing = [item for item in items if not isinstance(item, Record)]
            assert {type(item) for item in missing} == {MissingNode, MissingRecord}
            (hole,) = (item for item in missing if isinstance(item, MissingNode))
            seen = {item.path for item in items if not isinstance(item, MissingNode)}
            hidden = {record.path for record in repo} - seen
            assert hidden
            assert all(hole.after < path < (hole.before or "~") for path in hidden)
            assert MissingRecord(record.path, record.cid) in missing
    with (
        repoview.stream(cut, strict=True) as stream,
        pytest.raises(repoview.BlockMissing, match="is missing"),
    ):
        list(stream)


def test_walk_in_step(large: bytes) -> None:
    """Records come while the rest of the source has not."""
    first: list[object] = []

    def once() -> Iterator[bytes]:
        yield large[: 3 << 20]
        assert first
        yield large[3 << 20 :]

    with repoview.stream(once(), threads=1) as stream:
        first += stream.batch()
        assert len(first) + len(list(stream)) == 12_000


def test_empty_repository() -> None:
    """It has a commit, a top node without entries, and no records."""
    with repoview.stream(make_repo({}), process=size) as stream:
        assert stream.commit is not None
        assert (stream.commit.did, stream.commit.rev) == (DID, REV)
        assert list(stream) == []
        assert stream.report is not None
        assert stream.report.exit_code == 0


def test_benchmarks_have_the_sizes_of_the_seed(tmp_path: Path) -> None:
    """Tiny, little, midsize, 128 MiB, 450 MiB: in both orders, each checked."""
    assert set(SIZES) >= {1, 1_000, 11_585, 360_000, 1_320_000}
    assert set(ORDERS) == {"preorder", "cid-descending"}
    said: list[str] = []
    for made in inputs(tmp_path, 10, said.append):
        with Repo.load(made.path) as repo:
            assert (len(repo), repo.report.order) == (made.records, made.order)
    assert said
