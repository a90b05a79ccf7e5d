"""Facts about memory that is too small: it changes no answer, and is no end.

Here are limits under which a file spills while it is read, while it is walked,
and not at all; in every layout, from every source, with a thread that reads
ahead (there are more blocks than it starts from).
"""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from functools import cache, partial
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import pytest

import repoview
from benchmarks.layouts import LAYOUTS, laid_out
from benchmarks.packed import make as pack
from repoview.core.opening.options import OpenOptions
from repoview.core.opening.room import Room
from repoview.core.repo.begin import begin
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo, finish
from repoview.sample import write_sample
from tests.servers import serving

if TYPE_CHECKING:
    import io
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from repoview import Progress

KiB: Final = 1 << 10

RECORDS: Final = 18_000
LIMITS: Final = [400 * KiB, 1_000 * KiB, 1_800 * KiB, 2_500 * KiB, 3_200 * KiB]
"""Bytes; of the smaller ones what is over is spilled while the file is read."""


@cache
def written() -> bytes:
    """Return a repository in walk order."""
    out = bytearray()
    write_sample(out.extend, RECORDS)
    return bytes(out)


@cache
def file_in(layout: str) -> bytes:
    """Return the same in a layout."""
    return b"".join(laid_out(written(), layout))


@pytest.fixture(scope="module")
def path_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """What returns the path of a file in some layout."""
    folder = tmp_path_factory.mktemp("layouts")

    @cache
    def path_of(layout: str) -> Path:
        path = folder / f"{layout}.car"
        path.write_bytes(file_in(layout))
        return path

    return path_of


def answer(repo: Repo) -> object:
    """Return all that is known of a repository, but what it is called."""
    keys = sha256()
    for path, cid in repo.keys():  # noqa: SIM118 (pairs, and no dictionary)
        keys.update(path.encode() + cid.raw)
    some = [repo.record(number) for number in range(0, len(repo), 97)]
    states = [(each.state, each.size, each.offset) for each in some]
    nodes = inside(repo).nodes
    shape = bytes(nodes.depths), sha256(bytes(nodes.kinds)).digest(), len(nodes.parents)
    return {**repo.report.to_json(), "source": None}, keys.digest(), states, shape


@cache
def expected(layout: str) -> object:
    """Return the same where memory is large."""
    with Repo.load(file_in(layout)) as repo:
        return answer(repo)


def test_these_limits_spill_in_every_phase(
    path_of: Callable[[str], Path], tmp_path: Path
) -> None:
    """While the file is read, while it is walked, or never."""

    def phase(limit: int) -> str:
        room = Room(limit, lambda: str(tmp_path))
        phases = ["never"]

        def note(progress: Progress) -> None:
            known = opening.known
            used = known.blocks.index.disk_used + known.records.disk_used
            if used and phases == ["never"]:
                phases.append(progress.stage)

        options = OpenOptions(room=room, threads=2)
        opening = begin(path_of("cid-descending"), options)
        with finish(opening, note) as repo:
            assert len(inside(repo).blocks.index) > 20_000
        return phases[-1]

    assert [*map(phase, LIMITS)] == ["load"] * 2 + ["walk"] * 3
    assert phase(64 << 20) == "never"


@pytest.mark.parametrize("limit", [16 << 20, 24 << 20])
def test_what_is_taken_in_at_a_time_is_a_small_part_of_memory(
    limit: int, path_of: Callable[[str], Path]
) -> None:
    """Some buffers stay at hand for a while, and no limit counts them."""
    places = [0]

    def note(progress: Progress) -> None:
        if progress.stage == "load":
            places.append(progress.done)

    options = OpenOptions(room=Room(limit))
    with finish(begin(path_of("preorder"), options), note):
        steps = [end - start for start, end in pairwise(places)]
    assert len(steps) > 10
    assert max(steps) <= limit // 64


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_whatever_the_layout(
    layout: str, limit: int, path_of: Callable[[str], Path], tmp_path: Path
) -> None:
    """The answer is that of a large memory, and nothing is left."""
    room: dict[str, Any] = {"mem_limit": limit, "spill": tmp_path, "threads": 2}
    with repoview.open(path_of(layout), **room) as repo:
        assert answer(repo) == expected(layout)
    assert list(tmp_path.iterdir()) == []


# Sources


@contextmanager
def packed(packing: str, path: Path) -> Iterator[Path]:
    """Give a packed file."""
    made = path.with_suffix(f".{packing}")
    pack(packing, path, made)
    yield made


@contextmanager
def served(path: Path) -> Iterator[str]:
    """Give an address."""
    with serving(body=path.read_bytes()) as server:
        yield server.url


@contextmanager
def piped(path: Path) -> Iterator[io.BufferedReader]:
    """Give what can be read once."""
    reader, writer = os.pipe()

    def write() -> None:
        with open(writer, "wb") as pipe:  # noqa: PTH123 (a number)
            pipe.write(path.read_bytes())

    thread = threading.Thread(target=write)
    thread.start()
    with open(reader, "rb") as pipe:  # noqa: PTH123 (a number)
        yield pipe
    thread.join()


@contextmanager
def in_pieces(path: Path) -> Iterator[Iterator[bytes]]:
    """Give pieces of bytes."""
    data = path.read_bytes()
    yield (data[at : at + 70_000] for at in range(0, len(data), 70_000))


@contextmanager
def held(path: Path) -> Iterator[bytes]:
    """Give bytes in memory, where no thread reads ahead."""
    yield path.read_bytes()


SOURCES: Final[dict[str, Callable[[Path], Any]]] = {
    "memory": held,
    "pipe": piped,
    "gzip": partial(packed, "gzip"),
    "zstd": partial(packed, "zstd"),
    "http": served,
    "pieces": in_pieces,
}


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("source", SOURCES)
def test_whatever_the_source(
    source: str, limit: int, path_of: Callable[[str], Path], tmp_path: Path
) -> None:
    """What comes once is kept on disk, and walked from there."""
    room: dict[str, Any] = {"mem_limit": limit, "spill": tmp_path, "threads": 2}
    with SOURCES[source](path_of("cid-descending")) as target:
        with repoview.open(target, **room) as repo:
            assert answer(repo) == expected("cid-descending")
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("layout", ["cid-ascending", "wrong-hash"])
def test_whatever_the_threads(
    layout: str, limit: int, path_of: Callable[[str], Path], tmp_path: Path
) -> None:
    """One alone looks links up together as well."""
    room: dict[str, Any] = {"mem_limit": limit, "spill": tmp_path, "threads": 1}
    with repoview.open(path_of(layout), **room) as repo:
        assert answer(repo) == expected(layout)


@pytest.mark.parametrize("limit", LIMITS[1:])
def test_what_is_processed_is_the_same(
    limit: int, path_of: Callable[[str], Path], tmp_path: Path
) -> None:
    """Nodes are read again from what was kept of a stream."""

    def results(**room: Any) -> list[tuple[str, bytes | None]]:
        with in_pieces(path_of("cid-descending")) as pieces:
            process = lambda block: block[-9:]  # noqa: E731 (short)
            with repoview.open(pieces, process=process, **room) as repo:
                records = repo.records()
                return [(each.path, each.processed) for each in records]

    assert results(mem_limit=limit, spill=tmp_path) == results()


# Going on


def ways_on(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what is given each time that the limit is reached; the last stays."""
    some = [{"mem_limit": limit * KiB} for limit in range(700, 10_000, 700)]
    return {
        "disk": [{"spill": folder}],
        "more memory": [{"mem_limit": 1 << 30}],
        "little by little": some,
        "more, then disk": [some[0], {"spill": folder}],
        "both": [{"mem_limit": 4 << 20, "spill": folder}],
    }


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("way", ways_on(None))  # type: ignore[arg-type]  # names alone
@pytest.mark.parametrize("layout", ["preorder", "cid-descending"])
def test_every_way_to_go_on_is_right(
    layout: str, way: str, limit: int, path_of: Callable[[str], Path], tmp_path: Path
) -> None:
    """From wherever it stopped; with the disk it stops no more."""
    rest = ways_on(tmp_path)[way]
    on_disk = False
    go_on: Callable[[], Repo] = partial(
        repoview.open, path_of(layout), mem_limit=limit, threads=2
    )
    while True:
        try:
            with go_on() as repo:
                assert answer(repo) == expected(layout)
            break
        except repoview.MemoryLimitReached as error:
            assert not on_disk
            more = rest.pop(0)
            on_disk = "spill" in more
            go_on = partial(error.resume, **more)
    assert list(tmp_path.iterdir()) == []


def test_who_does_not_go_on_leaves_nothing(path_of: Callable[[str], Path]) -> None:
    """No thread reads on for an opening that was closed in the walk."""
    before = threading.active_count()
    with pytest.raises(repoview.MemoryLimitReached) as reached:
        repoview.open(path_of("random"), mem_limit=LIMITS[-1] // 2, threads=2)
    reached.value.close()
    assert threading.active_count() == before
