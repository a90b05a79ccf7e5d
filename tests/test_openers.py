"""Facts about all that opens a source: one set of options, with one meaning."""

from __future__ import annotations

import inspect
import pydoc
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import anyio
import anyio.from_thread
import pytest

import repoview
from repoview import Repo
from repoview.core.opening.options import OpenOptions
from tests.core.repos import make_repo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from repoview import Progress

MiB: Final = 1 << 20


def opened_async(target: Any, **options: Any) -> Repo:
    """Do what `open_async` does, and wait for it."""

    async def main() -> Repo:
        return await repoview.open_async(target, **options)

    return anyio.run(main)


def streamed(target: Any, **options: Any) -> list[bytes]:
    """Return the bytes of all records of a stream."""
    with repoview.stream(target, **options) as items:
        return [kept_of(item) for item in items]


def streamed_async(target: Any, **options: Any) -> list[bytes]:
    """Do the same without waiting."""

    async def main() -> list[bytes]:
        async with repoview.stream_async(target, **options) as items:
            return [kept_of(item) async for item in items]

    return anyio.run(main)


def kept_of(item: Any) -> bytes:
    """Return the result of a record, or else its bytes; b"" for what is missing."""
    if not isinstance(item, repoview.Record) or item.state == "missing":
        return b""
    return item.data if item.processed is None else item.processed


def whole(opener: Callable[..., Repo], target: Any, **options: Any) -> list[bytes]:
    """Return what `streamed` does, of a repository that is opened as a whole."""
    with opener(target, **options) as repo:
        return [kept_of(record) for record in repo.records()]


OPENERS: Final[dict[str, Callable[..., list[bytes]]]] = {
    "open": partial(whole, repoview.open),
    "load": partial(whole, Repo.load),
    "open_async": partial(whole, opened_async),
    "stream": streamed,
    "stream_async": streamed_async,
}
"""All ways of the library, each to the bytes of all records."""

PUBLIC: Final = (
    *(repoview.open, repoview.open_async, Repo.load),
    *(repoview.stream, repoview.stream_async),
)

every = pytest.mark.parametrize("opener", OPENERS.values(), ids=OPENERS)


@pytest.fixture(scope="module")
def data() -> bytes:
    """A repository that is large enough to be kept."""
    records = {f"com.example.note/{n:05}": {"x": f"{n:05}" * 60} for n in range(4_000)}
    return make_repo(records)  # type: ignore[arg-type]  # values of the data model


@pytest.fixture
def path(data: bytes, tmp_path: Path) -> Path:
    """The same as a file."""
    path = tmp_path / "repo.car"
    path.write_bytes(data)
    return path


# What can be said


def test_all_openers_take_the_same_with_the_same_defaults() -> None:
    """But for what a limit does, and for the range of a stream."""
    common = [
        {
            name: parameter.default
            for name, parameter in inspect.signature(opener).parameters.items()
            if name not in {"target", "on_limit", "prefix", "start", "stop"}
            and name not in {"data", "strict"}
        }
        for opener in PUBLIC
    ]
    keywords = set(repoview.OpenKeywords.__annotations__)
    assert set(common[0]) == {"name", "report", "cancel", *keywords}
    assert all(each == common[0] for each in common)


def test_help_shows_each_keyword_with_its_default() -> None:
    """As if it stood in the signature."""
    for opener in PUBLIC:
        text = pydoc.plain(pydoc.render_doc(opener))
        assert "mem_limit: 'int' = 536870912" in text
        assert "cache: 'bool | str | os.PathLike[str]' = False" in text
        assert "**options" not in text


def test_the_keywords_are_those_that_options_are_made_of() -> None:
    """So that none of them is lost on the way."""
    named = inspect.signature(OpenOptions.of).parameters
    own = {"on_limit", "eager"}
    assert set(repoview.OpenKeywords.__annotations__) == set(named) - own


@every
@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"threads": 0}, ValueError, "0 threads can do nothing: ask for 1 or more"),
        ({"mem_limit": -1}, ValueError, "less than nothing"),
        ({"disk_limit": -1}, ValueError, "less than nothing"),
        ({"on_limit": "stop"}, ValueError, "'stop' is no answer to a limit"),
        ({"mem_limt": 1}, TypeError, "unexpected keyword argument 'mem_limt'"),
    ],
    ids=["threads", "memory", "disk", "limit", "name"],
)
def test_what_cannot_be_is_refused_before_anything_is_read(
    opener: Callable[..., list[bytes]],
    options: dict[str, Any],
    error: type[Exception],
    words: str,
) -> None:
    """By each of them in the same words."""
    asked: list[bytes] = []

    def pieces() -> Iterator[bytes]:
        asked.append(b"")
        yield b""

    with pytest.raises(error, match=words):
        opener(pieces(), **options)
    assert asked == []


# What it comes to


@every
def test_a_function_is_run_whatever_opens(
    opener: Callable[..., list[bytes]], data: bytes
) -> None:
    """On every record."""
    results = opener(data, process=lambda block: block[:9])
    assert results == [block[:9] for block in opener(data)]
    assert len(results) == 4_000


@every
def test_progress_is_told_and_ends_what_opens(
    opener: Callable[..., list[bytes]], data: bytes
) -> None:
    """By what it raises."""
    stages: list[str] = []

    def stop(progress: Progress) -> None:
        stages.append(progress.stage)
        raise repoview.Cancelled("enough")

    with pytest.raises(repoview.Cancelled, match="enough"):
        opener(data, report=stop)
    assert stages == ["load"]


@every
def test_whoever_may_cancel_ends_what_opens(
    opener: Callable[..., list[bytes]], data: bytes
) -> None:
    """Before it begins, or while it reads."""
    cancel = repoview.Cancel()
    with pytest.raises(repoview.Cancelled):
        opener(data, cancel=cancel, report=lambda _: cancel.ask())
    with pytest.raises(repoview.Cancelled):
        opener(data, cancel=cancel)
    cancel.close()


def test_to_cancel_a_task_is_nothing_to_others_of_the_same_cancel(data: bytes) -> None:
    """It is the caller's, who may have given it to many."""
    cancel = repoview.Cancel()

    async def main() -> int:
        with anyio.CancelScope() as scope:

            def leave(_: object) -> None:
                anyio.from_thread.run_sync(scope.cancel)

            async with repoview.stream_async(
                data, cancel=cancel, report=leave, threads=1
            ) as items:
                await items.batch()
        with anyio.CancelScope() as scope:
            await repoview.open_async(data, cancel=cancel, report=leave)
        assert scope.cancelled_caught
        with await repoview.open_async(data, cancel=cancel) as repo:
            return len(repo)

    assert anyio.run(main) == 4_000
    assert not cancel.asked
    cancel.close()


def test_a_source_is_called_what_the_caller_calls_it(data: bytes) -> None:
    """Whatever opens it."""
    name = "my backup"
    for opener in (repoview.open, Repo.load, opened_async):
        with opener(data, name=name) as repo:
            assert (repo.name, repo.report.source) == (name, name)
    with repoview.stream(data, name=name) as items:
        assert len(list(items.keys())) == 4_000
        assert items.report is not None
        assert items.report.source == name

    async def main() -> None:
        async with repoview.stream_async(data, name=name) as items:
            async for _ in items.keys():
                pass
            assert items.report is not None
            assert items.report.source == name

    anyio.run(main)


@every
def test_a_limit_raises_or_leaves_the_rest_as_it_is_told_to(
    opener: Callable[..., list[bytes]], data: bytes
) -> None:
    """In place of what it does unless it is told."""
    assert b"" in opener(data, mem_limit=100_000, on_limit="leave")
    with pytest.raises(repoview.MemoryLimitReached) as reached:
        opener(data, mem_limit=100_000, on_limit="raise")
    reached.value.close()


def test_a_loading_that_is_gone_on_with_is_kept(path: Path, tmp_path: Path) -> None:
    """As it would have been without the limit."""
    folder = tmp_path / "cache"
    with pytest.raises(repoview.MemoryLimitReached) as reached:
        Repo.load(path, mem_limit=100_000, on_limit="raise", cache=folder)
    with reached.value.resume(MiB << 9) as repo:
        assert not repo.from_cache
        assert len(repo) == 4_000
    with Repo.load(path, cache=folder) as repo:
        assert repo.from_cache


# The cache


@pytest.mark.unmeasured
@every
def test_what_was_read_is_kept_and_taken_from_there(
    opener: Callable[..., list[bytes]], path: Path, tmp_path: Path
) -> None:
    """Whatever read it, and whatever opens it the next time."""
    stages: list[str] = []

    def note(progress: Progress) -> None:
        stages.append(progress.stage)

    first = opener(path, cache=tmp_path / "cache", report=note)
    assert {"load", "walk", "keep"} <= set(stages)
    stages.clear()
    for other in OPENERS.values():
        assert other(path, cache=tmp_path / "cache", report=note) == first
    assert stages == []


@pytest.mark.unmeasured
@every
def test_with_a_function_all_is_read_whatever_is_kept(
    opener: Callable[..., list[bytes]], path: Path, tmp_path: Path
) -> None:
    """The cache has no results; what else was found goes there, and only once."""
    stages: list[str] = []
    for is_known in (False, True):
        results = opener(
            path,
            cache=tmp_path / "cache",
            process=lambda block: block[:9],
            report=lambda progress: stages.append(progress.stage),
        )
        assert {len(result) for result in results} == {9}
        assert "load" in stages
        assert ("keep" in stages) is not is_known
        stages.clear()
    assert opener(path, cache=tmp_path / "cache") == opener(path)


def test_a_stream_that_is_left_early_keeps_nothing(path: Path, tmp_path: Path) -> None:
    """Not all of it is known."""
    folder = tmp_path / "cache"
    with repoview.stream(path, cache=folder, threads=1) as items:
        next(items)
    with Repo.load(path, cache=folder) as repo:
        assert not repo.from_cache


def test_what_ends_the_keeping_closes_the_stream(path: Path, tmp_path: Path) -> None:
    """All of it was given by then, and nothing is kept."""
    folder = tmp_path / "cache"

    def stop(progress: Progress) -> None:
        if progress.stage == "keep":
            raise repoview.Cancelled("enough")

    with repoview.stream(path, cache=folder, report=stop) as items:
        given = [next(items) for _ in range(4_000)]
        with pytest.raises(repoview.Cancelled, match="enough"):
            next(items)
        with pytest.raises(repoview.SourceError, match="closed"):
            _ = given[0].data  # type: ignore[union-attr]  # a record
    with Repo.load(path, cache=folder) as repo:
        assert not repo.from_cache


def test_a_stream_from_the_cache_is_one_like_all_others(
    path: Path, tmp_path: Path
) -> None:
    """With commit and report at once, ranges, and a place to go on from."""
    folder = tmp_path / "cache"
    Repo.load(path, cache=folder).close()
    with (
        repoview.stream(path) as read,
        repoview.stream(path, cache=folder) as known,
    ):
        assert known.report is not None
        assert known.commit == read.commit
        read.seek("com.example.note/03990")
        known.seek("com.example.note/03990")
        assert list(known.keys()) == list(read.keys())
        assert known.report == read.report
    with repoview.stream(path, cache=folder, start="com.example.note/03990") as part:
        assert len(list(part)) == 10
