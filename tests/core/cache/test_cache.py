"""Facts about the cache: what is put is what is read, by whom and for how long."""

from __future__ import annotations

import os
import threading
from array import array
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.cache import (
    PIECE,
    Cache,
    CacheDamaged,
    CacheError,
    CacheUnavailable,
    Miss,
    State,
    folder,
)
from repoview.core.cache.entry import KEPT_PIECES
from repoview.core.file_identity import identify
from repoview.core.storage import atomic_file
from tests.core.caches import SIZES, VERSION, contents, files, identity, kept, write
from tests.strategies import examples
from tests.test_docs import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

WITHOUT_KERNEL = True


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """A cache in a folder that is not there yet."""
    return Cache(tmp_path / "new" / "cache")


# What is put is what is read

SIZE = st.one_of(
    st.integers(0, 300),
    st.integers(-3, 3).map(lambda n: PIECE + n),
    st.integers(-3, 3).map(lambda n: 2 * PIECE + n),
)


@given(data=st.data())
@examples(40)
def test_any_part_of_what_was_put_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """In whatever parts it was put, and whatever part is read."""
    cache = Cache(tmp_path_factory.mktemp("cache"))
    names = st.text(max_size=5) | st.just("\ud800")
    wanted = contents(1, data.draw(st.dictionaries(names, SIZE, max_size=4)))
    with cache.write(identity(), VERSION) as writer:
        for name, value in wanted.items():
            places = st.lists(st.integers(0, len(value)), max_size=4)
            cuts = [0, *sorted(data.draw(places)), len(value)]
            writer.put(
                name,
                (value[a:b] for a, b in pairwise(cuts)),
            )
        writer.commit()
    entry = cache.open(identity(), VERSION)
    assert entry is not None
    with entry:
        assert entry.names == list(wanted)
        for name, value in wanted.items():
            assert entry.size(name) == len(value)
            assert b"".join(entry.pieces(name)) == value
            offset = data.draw(st.integers(0, len(value) + 2))
            length = data.draw(st.integers(0, len(value) + 2))
            got = entry.read_at(name, offset, length)
            assert got == value[offset : offset + length]


def test_packed_arrays_can_be_put_as_they_are(cache: Cache) -> None:
    """And every piece but the last holds whole items."""
    numbers = array("Q", range(300_000))
    with cache.write(identity(), VERSION) as writer:
        writer.put("numbers", [numbers, memoryview(numbers), array("Q")])
        writer.commit()
    entry = cache.open(identity(), VERSION)
    assert entry is not None
    back = array("Q")
    with entry:
        for piece in entry.pieces("numbers"):
            back.frombytes(piece)
    assert back == numbers + numbers


def test_an_entry_says_what_it_has(cache: Cache) -> None:
    """And is strict about what it has not."""
    write(cache, identity(), contents(1))
    entry = cache.open(identity(), VERSION)
    assert entry is not None
    with entry:
        assert (entry.identity, entry.version) == (identity(), VERSION)
        assert {name: entry.size(name) for name in entry.names} == SIZES
        assert "small" in entry
        assert "absent" not in entry
        with pytest.raises(KeyError):
            entry.size("absent")
        with pytest.raises(KeyError):
            entry.read_at("absent", 0, 0)
        with pytest.raises(ValueError, match="from -1"):
            entry.read_at("small", -1, 1)
        with pytest.raises(ValueError, match="-1 bytes"):
            entry.read_at("small", 1, -1)


def test_few_pieces_are_kept_in_memory(cache: Cache) -> None:
    """Whatever is read; and what is kept is not read again."""
    wanted = contents(1, {"large": 8 * PIECE})
    write(cache, identity(), wanted)
    entry = cache.open(identity(), VERSION)
    assert entry is not None
    with entry:
        entry.read_at("large", 0, 8 * PIECE)
        os.truncate(files(cache)[0], 0)
        length = KEPT_PIECES * PIECE
        kept_bytes = entry.read_at("large", 8 * PIECE - length, length)
        assert kept_bytes == wanted["large"][-length:]
        with pytest.raises(CacheDamaged):
            entry.read_at("large", 8 * PIECE - length - 1, 1)


def test_threads_read_side_by_side(cache: Cache) -> None:
    """Each what it asks for."""
    wanted = contents(1, {"a": 6 * PIECE, "b": 3 * PIECE})
    write(cache, identity(), wanted)
    entry = cache.open(identity(), VERSION)
    assert entry is not None
    wrong: list[object] = []

    def look(number: int) -> None:
        for turn in range(60):
            name = "ab"[(turn + number) % 2]
            offset = (turn * 7_919 + number * 1_000_003) % len(wanted[name])
            if (
                entry.read_at(name, offset, 5_000)
                != (wanted[name][offset : offset + 5_000])
            ):
                wrong.append((name, offset))

    threads = [threading.Thread(target=look, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entry.close()
    assert wrong == []


def test_a_closed_entry_says_so(cache: Cache) -> None:
    """Also to a thread that is in the middle of it; and it is not damaged."""
    write(cache, identity(), contents(1))
    entry = cache.open(identity(), VERSION)
    assert entry is not None
    pieces = entry.pieces("large")
    next(pieces)
    entry.close()
    entry.close()
    with pytest.raises(CacheError, match="closed"):
        next(pieces)
    with pytest.raises(CacheError, match="closed"):
        entry.read_at("small", 0, 1)
    assert kept(cache, identity()) == contents(1)


def test_the_python_of_the_page_about_the_cache_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And prints what it should."""
    monkeypatch.chdir(tmp_path)
    Path("repo.car").write_bytes(b"12345")
    (block,) = blocks("docs/cache.md")
    exec(block)  # noqa: S102 (our own document)
    assert capsys.readouterr().out == "21 b'part'\n"


# Whether there is an entry


def missed(cache: Cache, size: int = 5, version: int = VERSION) -> Miss:
    """Return why there is no entry."""
    why: list[Miss] = []
    assert cache.open(identity(size=size), version, why.append) is None
    (only,) = why
    return only


def test_what_was_never_written_is_absent(cache: Cache) -> None:
    """And asking makes no folder."""
    assert missed(cache) is Miss.ABSENT
    assert not cache.folder.exists()
    write(cache, identity("/other.car"), contents(1))
    assert missed(cache) is Miss.ABSENT


def test_a_changed_source_is_told_and_its_entry_removed(cache: Cache) -> None:
    """For it is of no use any more."""
    write(cache, identity(), contents(1))
    assert missed(cache, size=6) is Miss.CHANGED
    assert files(cache) == []
    assert missed(cache) is Miss.ABSENT


@pytest.mark.parametrize("version", [VERSION - 1, VERSION + 1])
def test_another_version_is_told_and_its_entry_removed(
    cache: Cache, version: int
) -> None:
    """Older or newer."""
    write(cache, identity(), contents(1))
    assert missed(cache, version=version) is Miss.OTHER_VERSION
    assert files(cache) == []


def test_an_entry_takes_the_place_of_the_one_before(cache: Cache) -> None:
    """And readers of the old one can go on."""
    write(cache, identity(), contents(1))
    entry = cache.open(identity(), VERSION)
    assert entry is not None
    write(cache, identity(), contents(2))
    with entry:
        assert entry.read_at("large", 0, 9) == contents(1)["large"][:9]
    assert kept(cache, identity()) == contents(2)
    assert len(files(cache)) == 1


def test_another_cache_of_the_folder_has_the_same_entries(cache: Cache) -> None:
    """As another process would."""
    write(cache, identity(), contents(1))
    assert kept(Cache(cache.folder), identity()) == contents(1)


# Writing


def test_nothing_is_there_before_the_commit(cache: Cache) -> None:
    """And nothing is left of a writer that came to none."""
    with cache.write(identity(), VERSION) as writer:
        writer.put("small", b"12345")
        assert kept(cache, identity()) is None
    assert files(cache) == []


def test_a_writer_that_fails_leaves_what_was(cache: Cache) -> None:
    """For instance since the source of its bytes was cancelled."""
    write(cache, identity(), contents(1))

    def cancelled() -> Iterator[bytes]:
        yield b"some"
        raise KeyboardInterrupt

    with (
        pytest.raises(KeyboardInterrupt),
        cache.write(identity(), VERSION) as writer,
    ):
        writer.put("small", cancelled())
    assert kept(cache, identity()) == contents(1)
    assert len(files(cache)) == 1


def test_a_name_is_put_once(cache: Cache) -> None:
    """The second time is a slip of the caller."""
    with cache.write(identity(), VERSION) as writer:
        writer.put("name", b"1")
        with pytest.raises(ValueError, match="put before"):
            writer.put("name", b"2")


def test_two_may_write_at_once(cache: Cache) -> None:
    """The one that commits last stays."""
    with (
        cache.write(identity(), VERSION) as one,
        Cache(cache.folder).write(identity(), VERSION) as other,
    ):
        one.put("name", b"one")
        other.put("name", b"other")
        other.commit()
        assert kept(cache, identity()) == {"name": b"other"}
        one.commit()
    assert kept(cache, identity()) == {"name": b"one"}
    assert len(files(cache)) == 1


def test_what_a_crash_left_is_swept_and_no_writer_that_lives(cache: Cache) -> None:
    """An unfinished file without a lock is left over; a locked one is not."""
    with cache.write(identity("/a"), VERSION) as writer:
        (living,) = files(cache)
        dead = cache.folder / f"{'0' * 32}.part"
        dead.write_bytes(b"left over")
        foreign = cache.folder / "notes.part"
        foreign.write_bytes(b"of somebody")
        cache.write(identity("/b"), VERSION).close()
        assert files(cache) == sorted([living, foreign])
        writer.commit()
    assert kept(cache, identity("/a")) == {}


def test_a_part_that_was_swept_before_it_was_locked_is_made_again(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the two, another process may take it for what a crash left."""
    write(cache, identity("/other.car"), {})
    lock, swept = atomic_file.lock, []

    def late(fd: int, *, wait: bool) -> None:
        if not swept:
            swept.extend(cache.folder.glob("*.part"))
            swept[0].unlink()
        lock(fd, wait=wait)

    monkeypatch.setattr("repoview.core.storage.atomic_file.lock", late)
    write(cache, identity(), {"some": b"1"})
    assert len(swept) == 1
    assert kept(cache, identity()) == {"some": b"1"}


@pytest.mark.skipif(not atomic_file.HAS_LOCKS, reason="needs locks")
def test_a_part_is_locked_until_it_is_swept_away(
    cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its writer may be about to lock it, and must not take it for its own then."""
    write(cache, identity("/other.car"), {})
    part = cache.folder / f"{'0' * 32}.part"
    part.touch()
    writer = os.open(part, os.O_RDWR)
    remove, refused = folder.Folder.remove, []

    def watched(self: folder.Folder, name: str, inode: int | None = None) -> bool:
        try:
            atomic_file.lock(writer, wait=False)
        except BlockingIOError:
            refused.append(name)
        return remove(self, name, inode)

    monkeypatch.setattr(folder.Folder, "remove", watched)
    cache.clear()
    os.close(writer)
    assert refused == [part.name]


# Bounds


def test_oldest_used_goes_first(tmp_path: Path, cache: Cache) -> None:
    """And to be opened is to be used."""
    data = {"some": bytes(50_000)}
    sources = []
    for number in range(4):
        path = tmp_path / str(number)
        path.touch()
        sources.append(identify(path))
    for each in sources[:3]:
        write(cache, each, data)
    size = cache.entries()[0].size
    for age, listed in enumerate(cache.entries()):
        os.utime(cache.folder / listed.file, ns=(0, 10**18 - age))
    assert kept(cache, sources[0]) == data
    assert held(cache) == ["0", "2", "1"]

    write(Cache(cache.folder, 3 * size), sources[3], data)
    assert sorted(held(cache)) == ["0", "2", "3"]
    write(Cache(cache.folder, 3 * size), sources[3], data)
    assert len(cache.entries()) == 3
    assert cache.prune() == 0
    assert cache.prune(2 * size) == size
    assert sorted(held(cache)) == ["0", "3"]
    assert cache.prune(0) == 2 * size


def held(cache: Cache) -> list[str]:
    """Return the names of the sources of all entries."""
    return [Path(each.source or "").name for each in cache.entries()]


def test_what_is_too_large_alone_is_not_kept(tmp_path: Path) -> None:
    """One sentence says so, others stay, and nothing is left of it."""
    write(Cache(tmp_path), identity("/other"), {"some": b"1"})
    small = Cache(tmp_path, PIECE)
    said = "more than the 1,048,576 bytes"
    with small.write(identity(), VERSION) as writer:
        writer.put("a", bytes(PIECE))
        with pytest.raises(CacheUnavailable, match=said):
            writer.put("b", b"1")
    with small.write(identity(), VERSION) as writer:
        writer.put("a", bytes(PIECE))
        # The file around the bytes takes some, too.
        with pytest.raises(CacheUnavailable, match=said):
            writer.commit()
    assert kept(small, identity()) is None
    assert [each.source for each in small.entries()] == ["/other"]
    assert len(files(small)) == 1


@pytest.mark.parametrize("limit", [0, 1_000_000])
def test_a_file_that_may_not_grow_is_not_kept(cache: Cache, limit: int) -> None:
    """One sentence says so, others stay, and nothing is left of it."""
    resource = pytest.importorskip("resource")
    write(cache, identity("/other"), {"some": b"1"})
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, before[1]))
    try:
        with pytest.raises(CacheUnavailable, match="nothing is cached in"):
            write(cache, identity(), {"some": bytes(8 * PIECE)})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert kept(cache, identity("/other")) == {"some": b"1"}
    assert len(files(cache)) == 1


def test_a_contents_page_has_a_bound(cache: Cache) -> None:
    """Over it nothing is kept; a name of 17 MiB is no honest one."""
    with cache.write(identity(), VERSION) as writer:
        writer.put("x" * (17 << 20), b"1")
        with pytest.raises(CacheUnavailable, match="a contents page of"):
            writer.commit()
    assert files(cache) == []


# Lists


def test_a_list_tells_what_became_of_the_sources(tmp_path: Path, cache: Cache) -> None:
    """Without opening them; and of an entry that cannot be read, that it cannot."""
    paths = {state: tmp_path / state.value for state in State}
    for path in paths.values():
        path.write_bytes(b"12345")
        write(cache, identify(path), {"some": b"1"})
    paths[State.CHANGED].write_bytes(b"123456")
    paths[State.GONE].unlink()
    (unknown,) = [
        each for each in cache.entries() if each.source == str(paths[State.UNKNOWN])
    ]
    (cache.folder / unknown.file).write_bytes(b"no database")

    listed = {each.state: each for each in cache.entries()}
    assert len(listed) == len(State)
    for state, each in listed.items():
        wanted = None if state is State.UNKNOWN else str(paths[state])
        assert each.source == wanted
        assert each.size == (cache.folder / each.file).stat().st_size

    (cache.folder / f"{'0' * 32}.part").touch()
    assert cache.prune() == sum(
        each.size for state, each in listed.items() if state is not State.SAME
    )
    assert files(cache) == [cache.folder / listed[State.SAME].file]


def test_entries_can_be_removed_one_by_one_and_all(cache: Cache) -> None:
    """With what writers left over, and nothing else."""
    for number in range(3):
        write(cache, identity(f"/{number}"), {})
    assert cache.remove(cache.entries()[0])
    assert len(cache.entries()) == 2
    (cache.folder / f"{'0' * 32}.part").touch()
    foreign = cache.folder / "foreign.sqlite"
    foreign.touch()
    assert cache.clear() == 2
    assert files(cache) == [foreign]
    assert Cache(cache.folder / "absent").clear() == 0
