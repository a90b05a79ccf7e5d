"""Facts about what is left of a stream that was opened: nothing.

A process that opens one account after the other must stay as it is, whatever
becomes of each: read to its end, closed, forgotten, or ended by an error.
"""

from __future__ import annotations

import gc
import gzip
import os
import threading
import weakref
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import zstandard

import repoview
from repoview.core.errors import SourceError
from repoview.core.opening.memory_limit import MemoryLimitReached
from repoview.core.source.stream import StreamSource
from repoview.sample import write_sample
from tests.servers import serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

# Sweeps: coverage of what they run is measured by the tests of each part.
pytestmark = pytest.mark.unmeasured

MiB = 1 << 20
DESCRIPTORS = Path("/proc/self/fd")

needs_proc = pytest.mark.skipif(
    not DESCRIPTORS.is_dir(), reason="the machine does not tell"
)


def first_bytes(block: bytes) -> bytes:
    """Stand for what a caller does with a block."""
    return block[:8]


OPTIONS: list[dict[str, Any]] = [{}, {"process": first_bytes}]


@pytest.fixture(scope="module")
def car() -> bytes:
    """A repository that takes more than one step to read, in no good order."""
    out = bytearray()
    write_sample(out.extend, 1_000, order="cid")
    return bytes(out)


@pytest.fixture(scope="module")
def targets(
    car: bytes, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Callable[[], Any]]]:
    """What the repository can be streamed from, by name."""
    folder = tmp_path_factory.mktemp("packed")
    (folder / "gz").write_bytes(gzip.compress(car, 1))
    (folder / "zst").write_bytes(zstandard.ZstdCompressor(1).compress(car))
    with serving(body=car) as server:
        yield {
            "pieces": lambda: pieces_of(car),
            "gz": lambda: folder / "gz",
            "zst": lambda: folder / "zst",
            "http": lambda: server.url,
        }


def pieces_of(data: bytes) -> Iterator[bytes]:
    """Yield it piece by piece."""
    for start in range(0, len(data), 100_000):
        yield data[start : start + 100_000]


# What becomes of an opening


def opened(target: Any, **options: Any) -> None:
    """Open it, and close it."""
    repoview.open(target, **options).close()


def forgotten(target: Any, **options: Any) -> None:
    """Open it, look at a record, and let go of it."""
    repo = repoview.open(target, **options)
    next(iter(repo))


def streamed(target: Any, **options: Any) -> None:
    """Take all its records, and close it."""
    with repoview.stream(target, **options) as stream:
        assert sum(1 for _ in stream) > 750


def left_early(target: Any, **options: Any) -> None:
    """Leave it in the middle, closed."""
    with repoview.stream(target, **options) as stream:
        assert len(list(islice(stream, 10))) == 10


def refused(target: Any, **options: Any) -> None:
    """Give it too little memory, and do not go on."""
    small = {**options, "mem_limit": 60_000, "spill": False}
    try:
        repoview.open(target, **small)
    except MemoryLimitReached as error:
        # Not by `pytest.raises`, which holds the frame that holds it.
        error.close()
    else:
        pytest.fail("it had room enough")


def failed(target: Any, **options: Any) -> None:
    """Have what is told of progress raise."""

    def report(progress: object) -> None:
        del progress
        if not left:
            raise SourceError("no more")
        left.pop()

    left = [1, 2]
    with suppress(SourceError):
        repoview.open(target, report=report, **options)


WAYS = [opened, forgotten, streamed, left_early, refused, failed]


@contextmanager
def without_collector() -> Iterator[None]:
    """Have nothing collected but by counting."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@pytest.fixture
def alive(monkeypatch: pytest.MonkeyPatch) -> weakref.WeakSet[StreamSource]:
    """The sources that are still there, of those that were made."""
    there: weakref.WeakSet[StreamSource] = weakref.WeakSet()
    make = StreamSource.__init__

    def make_and_note(self: StreamSource, *args: Any, **more: Any) -> None:
        make(self, *args, **more)
        there.add(self)

    monkeypatch.setattr(StreamSource, "__init__", make_and_note)
    return there


def descriptors() -> list[str]:
    """Return the open descriptors of this process, but that of the listing."""
    found = []
    for each in DESCRIPTORS.iterdir():
        with suppress(OSError):
            found.append(os.readlink(each))  # noqa: PTH115 (it may be a deleted file)
    return sorted(each for each in found if not each.startswith("/proc/"))


def memory_used() -> int:
    """Return the bytes of memory that this process has."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("options", OPTIONS, ids=["plain", "process"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("source", ["pieces", "gz", "zst", "http"])
def test_a_stream_is_gone_once_nobody_holds_it(
    source: str,
    way: Callable[..., None],
    options: dict[str, Any],
    targets: dict[str, Callable[[], Any]],
    alive: weakref.WeakSet[StreamSource],
) -> None:
    """At once, without waiting for the collector."""
    with without_collector():
        way(targets[source](), **options)
        left = len(alive)
    assert left == 0


def test_what_was_left_open_goes_with_the_collector(
    targets: dict[str, Callable[[], Any]], alive: weakref.WeakSet[StreamSource]
) -> None:
    """A stream in the middle may hold itself; its threads do not hold it."""
    threads = threading.active_count()
    for target in targets.values():
        for options in OPTIONS:
            stream = repoview.stream(target(), **options)
            # Outside of an assertion, which would hold what it looked at.
            next(stream)
            del stream
    gc.collect()
    assert not alive
    assert threading.active_count() == threads


def test_what_a_pause_holds_can_be_collected(car: bytes) -> None:
    """The callback may refer to the opening."""
    cancel = repoview.Cancel()
    repo = repoview.open(pieces_of(car), cancel=cancel)
    cancel.on_wake = repo.close
    there = weakref.ref(repo)
    del repo, cancel
    gc.collect()
    assert there() is None


@needs_proc
@pytest.mark.parametrize("spill", [False, True], ids=["memory", "disk"])
def test_many_streams_leave_a_process_as_it_was(
    spill: bool,
    targets: dict[str, Callable[[], Any]],
    tmp_path: Path,
    kernel_under_test: ModuleType,
) -> None:
    """Of every source, whatever becomes of it: no memory, and no descriptor."""
    if kernel_under_test.NAME == "python":
        pytest.skip("it is slow, and its own objects were looked at above")
    limits = {"mem_limit": MiB, "spill": str(tmp_path)} if spill else {}
    # Python warns of files that were not closed.
    ways = [way for way in WAYS if not (spill and way is forgotten)]

    def go_round(*names: str) -> None:
        for way in ways:
            for name in names:
                for options in OPTIONS:
                    way(targets[name](), **options, **limits)

    go_round(*targets)
    gc.collect()
    before, memory = descriptors(), memory_used()
    go_round("http")
    for _ in range(3):
        go_round("pieces", "gz", "zst")
    gc.collect()
    assert descriptors() == before
    # What each reads is most of a MB, and there were more than a hundred.
    assert memory_used() - memory < 20 * MiB
    assert list(tmp_path.iterdir()) == []
