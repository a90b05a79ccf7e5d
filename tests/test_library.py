"""Facts about the functions of the library: sync, async, and with limits."""

from __future__ import annotations

import io
import os
import threading
from typing import TYPE_CHECKING, Any

import anyio
import anyio.from_thread
import pytest

import repoview
from repoview import async_stream, library, streaming
from repoview.core.opening.room import cache_folder
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

    from repoview import Progress

MiB = 1 << 20

both_loops = pytest.mark.parametrize("loop", ["asyncio", "trio"])


@pytest.fixture(scope="module")
def large() -> bytes:
    """A repository of a few MiB."""
    records = {f"com.example.note/{n:05}": {"x": "x" * 300} for n in range(8_000)}
    return make_repo(records)  # type: ignore[arg-type]  # values of the data model


def facts(repo: Repo) -> object:
    """Return all that is known of a repository, but what it is called."""
    return {**repo.report.to_json(), "source": None}, list(repo.keys())


def plain(data: bytes) -> object:
    """Return what is known of it without any limit."""
    with Repo.load(data) as repo:
        return facts(repo)


# Limits


def test_limits_beyond_what_machines_have_are_none(tmp_path: Path) -> None:
    """Whatever number says so, at the beginning or when it is resumed."""
    data = make_repo(many(100))
    more = {"mem_limit": 10**30, "disk_limit": 10**30, "threads": 10**30}
    with repoview.open(data, spill=tmp_path, **more) as repo:
        assert facts(repo) == plain(data)
    with repoview.stream(data, spill=tmp_path, **more) as stream:
        assert sum(1 for _ in stream) == 100
    with pytest.raises(repoview.MemoryLimitReached) as caught:
        repoview.open(data, mem_limit=100)
    with caught.value.resume(10**30, spill=tmp_path, disk_limit=10**30) as repo:
        assert facts(repo) == plain(data)


@pytest.mark.parametrize("name", ["mem_limit", "disk_limit", "threads"])
def test_limits_below_nothing_are_errors(name: str, tmp_path: Path) -> None:
    """In words, whichever kernel there is."""
    path = tmp_path / "repo.car"
    path.write_bytes(make_repo(many(1)))
    with pytest.raises(ValueError, match="nothing"):
        repoview.open(path, **{name: -1})


@pytest.mark.parametrize("limit", [300_000, 400_000, 500_000, 900_000])
@pytest.mark.parametrize("more", [{"mem_limit": 1 << 30}, {"spill": True}])
def test_what_reached_its_limit_goes_on_with_more(
    large: bytes, limit: int, more: dict[str, Any], tmp_path: Path
) -> None:
    """With more memory, or with the disk; nothing is read twice."""
    if "spill" in more:
        more = {"spill": tmp_path, "mem_limit": 1 << 30}
    given = 0

    def pieces() -> Iterator[bytes]:
        nonlocal given
        for start in range(0, len(large), 50_000):
            given += 1
            yield large[start : start + 50_000]

    with pytest.raises(repoview.MemoryLimitReached, match="--mem-limit") as reached:
        repoview.open(pieces(), mem_limit=limit)
    with reached.value.resume(**more) as repo:
        assert facts(repo) == plain(large)
    assert given == -(-len(large) // 50_000)
    assert list(tmp_path.iterdir()) == []


def test_a_limit_can_be_raised_again_and_again_in_any_thread(large: bytes) -> None:
    """Each time it goes on where it was."""
    outcome: list[object] = []
    with pytest.raises(repoview.MemoryLimitReached) as reached:
        repoview.open(large, mem_limit=200_000)
    error = reached.value

    def go_on() -> None:
        nonlocal error
        limit = 200_000
        while not outcome:
            limit += 60_000
            try:
                with error.resume(limit) as repo:
                    outcome.append(facts(repo))
            except repoview.MemoryLimitReached as again:
                error = again

    thread = threading.Thread(target=go_on)
    thread.start()
    thread.join()
    assert outcome == [plain(large)]


def test_what_is_not_resumed_can_be_closed(large: bytes, tmp_path: Path) -> None:
    """It lets go of its source."""
    path = tmp_path / "a.car"
    path.write_bytes(large)
    with pytest.raises(repoview.MemoryLimitReached) as reached:
        repoview.open(path, mem_limit=200_000)
    reached.value.close()
    with pytest.raises(repoview.SourceError, match="was closed"):
        reached.value._opening.source.read_at(0, 1)  # noqa: SLF001 (it let go)


def test_what_reached_its_limit_may_go_on_in_the_folder_of_this_machine(
    large: bytes,
) -> None:
    """As for `open`, whose `spill` it is."""
    with pytest.raises(repoview.MemoryLimitReached) as reached:
        repoview.open(large, mem_limit=300_000)
    with reached.value.resume(spill=True) as repo:
        assert len(repo) == 8_000


def test_within_the_limit_nothing_is_on_disk(tmp_path: Path) -> None:
    """Also where it may be."""
    with repoview.open(make_repo(many(50)), spill=tmp_path / "new") as repo:
        assert len(repo) == 50
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_this_machine_has_our_name() -> None:
    """So that it can be recognized."""
    assert "repoview" in cache_folder()


def test_what_is_no_car_is_an_error() -> None:
    """`open` insists."""
    with pytest.raises(repoview.CarError):
        repoview.open(b"<html>")


def test_cancelling_ends_it(large: bytes) -> None:
    """At the next step."""
    cancel = repoview.Cancel()

    def stop(progress: Progress) -> None:
        if progress.done:
            cancel.ask()

    with pytest.raises(repoview.Cancelled):
        repoview.open(large, report=stop, cancel=cancel)


# Without waiting


@both_loops
@pytest.mark.parametrize("size", [1_000, 100_000, 3_000_000])
def test_an_asynchronous_stream_can_be_opened(
    loop: str, size: int, large: bytes
) -> None:
    """Piece by piece, whatever the pieces."""

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(large), size):
            yield large[start : start + size]
            await anyio.lowlevel.checkpoint()

    async def main() -> object:
        with await repoview.open_async(pieces()) as repo:
            return facts(repo)

    assert anyio.run(main, backend=loop) == plain(large)


@both_loops
def test_a_byte_stream_of_anyio_can_be_opened(loop: str, large: bytes) -> None:
    """It is received until its end."""

    async def main() -> object:
        async with await anyio.open_process(["cat"]) as process:
            assert process.stdin is not None
            assert process.stdout is not None

            async def feed() -> None:
                assert process.stdin is not None
                await process.stdin.send(large)
                await process.stdin.aclose()

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(feed)
                with await repoview.open_async(process.stdout) as repo:
                    return facts(repo)

    assert anyio.run(main, backend=loop) == plain(large)


@both_loops
def test_a_path_can_be_opened_without_waiting(
    loop: str, large: bytes, tmp_path: Path
) -> None:
    """Others go on in the meantime."""
    path = tmp_path / "a.car"
    path.write_bytes(large)

    async def main() -> object:
        turns = 0

        async def count() -> None:
            nonlocal turns
            while True:
                await anyio.lowlevel.checkpoint()
                turns += 1

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(count)
            with await repoview.open_async(path) as repo:
                known = facts(repo)
            tasks.cancel_scope.cancel()
        assert turns > 0
        return known

    assert anyio.run(main, backend=loop) == plain(large)


@both_loops
def test_errors_come_out_as_they_are(loop: str, large: bytes, tmp_path: Path) -> None:
    """In no group."""

    async def main() -> None:
        with pytest.raises(repoview.SourceError):
            await repoview.open_async(tmp_path / "gone.car")
        with pytest.raises(repoview.CarError):
            await repoview.open_async(b"<html>")
        with pytest.raises(repoview.MemoryLimitReached) as reached:
            await repoview.open_async(large, mem_limit=300_000)
        with reached.value.resume(1 << 30) as repo:
            assert len(repo) == 8_000

    anyio.run(main, backend=loop)


@both_loops
def test_what_is_cancelled_as_it_ends_is_closed(
    loop: str, large: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The thread is done, but its result is not returned."""
    scopes: list[anyio.CancelScope] = []
    made: list[Repo] = []
    plainly = library.open

    def open_and_cancel(*args: Any, **options: Any) -> Repo:
        made.append(plainly(*args, **options))
        anyio.from_thread.run_sync(scopes[0].cancel)
        return made[0]

    async def main() -> None:
        with anyio.CancelScope() as scope:
            scopes.append(scope)
            await repoview.open_async(large)

    monkeypatch.setattr(library, "open", open_and_cancel)
    anyio.run(main, backend=loop)
    assert scopes[0].cancelled_caught
    with pytest.raises(repoview.SourceError, match="closed"):
        inside(made[0]).source.read_at(0, 1)


@both_loops
def test_a_stream_that_is_cancelled_as_it_begins_is_closed(
    loop: str, large: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was not returned yet."""
    scopes: list[anyio.CancelScope] = []
    made: list[streaming.Stream] = []

    def begin_and_cancel(*args: Any, **options: Any) -> streaming.Stream:
        made.append(streaming.stream(*args, **options))
        anyio.from_thread.run_sync(scopes[0].cancel)
        return made[0]

    async def main() -> None:
        with anyio.CancelScope() as scope:
            scopes.append(scope)
            await repoview.stream_async(large).batch()

    monkeypatch.setattr(async_stream, "stream", begin_and_cancel)
    anyio.run(main, backend=loop)
    assert scopes[0].cancelled_caught
    with pytest.raises(repoview.SourceError, match="closed"):
        made[0]._opening.source.read_at(0, 1)  # noqa: SLF001 (it has no public name)


@both_loops
def test_memory_limits_met_as_it_is_cancelled_close_it(
    loop: str, large: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It cannot be resumed any more."""
    scopes: list[anyio.CancelScope] = []
    met: list[repoview.MemoryLimitReached] = []
    plainly = library.open

    def open_and_cancel(*args: Any, **options: Any) -> Repo:
        try:
            return plainly(*args, **options)
        except repoview.MemoryLimitReached as error:
            anyio.from_thread.run_sync(scopes[0].cancel)
            met.append(error)
            raise

    async def main() -> None:
        with anyio.CancelScope() as scope:
            scopes.append(scope)
            await repoview.open_async(large, mem_limit=300_000)

    monkeypatch.setattr(library, "open", open_and_cancel)
    anyio.run(main, backend=loop)
    assert scopes[0].cancelled_caught
    with pytest.raises(repoview.SourceError, match="closed"):
        met[0]._opening.source.read_at(0, 1)  # noqa: SLF001 (it let go)


@both_loops
def test_cancelling_leaves_nothing_behind(
    loop: str, large: bytes, tmp_path: Path
) -> None:
    """While it waits for more of a stream that never comes."""
    ours, theirs = os.pipe()
    closed = threading.Event()

    async def stalled() -> AsyncIterator[bytes]:
        try:
            yield large[: 2 * MiB]
            await anyio.sleep_forever()
        finally:
            closed.set()

    async def main() -> None:
        with os.fdopen(ours, "rb") as pipe:
            for target in (stalled(), pipe):
                with anyio.move_on_after(0.3) as scope:
                    await repoview.open_async(target, spill=tmp_path, mem_limit=MiB)
                assert scope.cancelled_caught

    anyio.run(main, backend=loop)
    os.close(theirs)
    assert closed.is_set()
    assert list(tmp_path.iterdir()) == []
    assert not [t for t in threading.enumerate() if t.name.startswith("repoview")]


# The cache


@both_loops
def test_an_opening_can_be_awaited_or_entered(large: bytes, loop: str) -> None:
    """Entered, it is closed at the end; nothing is opened before either."""

    async def main() -> None:
        never = repoview.open_async("there is no such file")
        assert isinstance(never, repoview.AsyncOpening)
        async with repoview.open_async(io.BytesIO(large)) as repo:
            assert len(repo) == 8_000
        with pytest.raises(repoview.SourceError, match="closed"):
            _ = repo.record(0).data
        with await repoview.open_async(io.BytesIO(large)) as repo:
            assert repo.record(0).data
        with pytest.raises(repoview.SourceError, match="there is no such file"):
            async with never:
                pass

    anyio.run(main, backend=loop)


@both_loops
def test_a_second_opening_comes_from_the_cache(
    large: bytes, tmp_path: Path, loop: str
) -> None:
    """Only where the caller said so; both ways, and it says the same."""
    path, folder = tmp_path / "repo.car", tmp_path / "cache"
    path.write_bytes(large)
    with repoview.open(path) as repo:
        expected = facts(repo)
    assert not folder.exists()
    for is_known in (False, True):
        with repoview.open(path, cache=folder) as repo:
            assert repo.from_cache == is_known
            assert facts(repo) == expected

    async def again() -> None:
        with await repoview.open_async(path, cache=folder) as repo:
            assert repo.from_cache
            assert facts(repo) == expected

    anyio.run(again, backend=loop)


def test_what_was_read_for_a_function_is_not_from_the_cache(
    large: bytes, tmp_path: Path
) -> None:
    """Results of a function are not kept, so the file is read, and that is said."""
    path, folder = tmp_path / "repo.car", tmp_path / "cache"
    path.write_bytes(large)
    repoview.open(path, cache=folder).close()
    with repoview.open(path, cache=folder, process=lambda data: data[:1]) as repo:
        assert not repo.from_cache
        assert repo.record(0).processed == repo.record(0).data[:1]
    with repoview.open(path, cache=folder) as repo:
        assert repo.from_cache


def test_a_cache_that_is_of_no_use_is_warned_of(large: bytes, tmp_path: Path) -> None:
    """And the repository opens without it."""
    path, folder = tmp_path / "repo.car", tmp_path / "cache"
    path.write_bytes(large)
    folder.mkdir()
    folder.chmod(0o777)
    for opened in (repoview.open, Repo.load):
        with pytest.warns(repoview.CacheWarning, match="nothing is cached") as told:
            repo = opened(path, cache=folder)
        # The line that opened it, and not one of ours.
        assert told[0].filename == __file__
        with repo:
            assert len(repo) == 8_000


def test_load_takes_limits_and_the_cache_as_open_does(
    large: bytes, tmp_path: Path
) -> None:
    """But for a limit that is reached, which is a finding."""
    path, cache, spill = (tmp_path / name for name in ("repo.car", "cache", "spill"))
    path.write_bytes(large)
    spill.mkdir()
    with Repo.load(path) as repo:
        expected = facts(repo)
    with Repo.load(path, mem_limit=300_000) as repo:
        assert "LIM001" in {found.code for found in repo.report.findings}
    with Repo.load(path, mem_limit=300_000, spill=spill) as repo:
        assert facts(repo) == expected
    with Repo.load(path, mem_limit=300_000, spill=spill, disk_limit=1_000) as repo:
        assert "LIM001" in {found.code for found in repo.report.findings}
    for is_known in (False, True):
        with Repo.load(path, cache=cache) as repo:
            assert repo.from_cache == is_known
            assert facts(repo) == expected


def test_what_ends_the_keeping_closes_the_repository(
    large: bytes, tmp_path: Path
) -> None:
    """It was read, but not returned."""
    path = tmp_path / "repo.car"
    path.write_bytes(large)
    stages = []

    def stop(progress: Progress) -> None:
        stages.append(progress.stage)
        if progress.stage == "keep":
            raise repoview.Cancelled("enough")

    with pytest.raises(repoview.Cancelled):
        Repo.load(path, cache=tmp_path / "cache", report=stop)
    with Repo.load(path, cache=tmp_path / "cache") as repo:
        assert not repo.from_cache
