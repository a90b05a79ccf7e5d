"""Facts about damaged files of the cache: they are as good as none.

``python -m tests.fuzz.cache_damage`` damages many more.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from repoview.core.cache import Cache, CacheDamaged, CacheUnavailable, Miss
from repoview.core.cache.key import checksum
from tests.core.caches import VERSION, contents, files, identity, kept, write
from tests.fuzz import cache_damage

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WITHOUT_KERNEL = True


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """A cache with one entry, and a small one of another source."""
    cache = Cache(tmp_path / "cache")
    write(cache, identity("/other.car"), {"small": b"other"})
    write(cache, identity(), contents(1))
    return cache


def entry_file(cache: Cache) -> Path:
    """Return the file of the one entry."""
    (file,) = [each.file for each in cache.entries() if each.source == "/repo.car"]
    return cache.folder / file


def why_missing(cache: Cache) -> Miss | None:
    """Return why the entry is not there."""
    why: list[Miss] = []
    entry = cache.open(identity(), VERSION, why.append)
    if entry is not None:
        entry.close()
        return None
    return why[0]


@pytest.mark.unmeasured
def test_a_few_hundred_damaged_files_are_borne(tmp_path: Path) -> None:
    """What is read is what was written, or nothing is."""
    failures, rounds = cache_damage.run(tmp_path, 20_260, range(200))
    assert failures == []
    assert sum(rounds.came.values()) == 200
    assert min(rounds.came[what] for what in ("not there", "damaged", "unharmed")) > 20


def test_the_script_ends_as_a_program_should(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """0 when all is well, with a line that says what was done."""
    assert cache_damage.main(["--count", "20"]) == 0
    assert "20 rounds: " in capsys.readouterr().out
    assert cache_damage.main(["--only", "3"]) == 0


@pytest.mark.parametrize("statement", cache_damage.STATEMENTS)
def test_a_changed_database_gives_what_was_written_or_nothing(
    cache: Cache, statement: str
) -> None:
    """However sound a database it still is."""
    path = entry_file(cache)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript(statement)
    assert kept(cache, identity()) in (None, contents(1))
    write(cache, identity(), contents(2))
    assert kept(cache, identity()) == contents(2)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER t AFTER INSERT ON pieces BEGIN DELETE FROM contents; END",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE t (a)",
        "CREATE INDEX i ON pieces (number)",
        "DROP TABLE pieces",
        "PRAGMA application_id = 1",
    ],
)
def test_a_database_with_more_in_it_is_refused(cache: Cache, statement: str) -> None:
    """Though all that was written is in it: views and triggers are programs."""
    path = entry_file(cache)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(statement)
    assert why_missing(cache) is Miss.DAMAGED
    assert not path.exists()


def test_a_newer_format_is_not_read(cache: Cache) -> None:
    """It is another version, and nothing is wrong with it."""
    with closing(sqlite3.connect(entry_file(cache), isolation_level=None)) as db:
        db.execute("PRAGMA user_version = 2")
    assert why_missing(cache) is Miss.OTHER_VERSION


def test_pieces_that_changed_places_are_noticed(cache: Cache) -> None:
    """Each is sound, but not where it was put."""
    wanted = {"a": b"one", "b": b"two"}
    write(cache, identity(), wanted)
    with closing(sqlite3.connect(entry_file(cache), isolation_level=None)) as db:
        db.execute("UPDATE pieces SET number = 1 - number + 10")
        db.execute("UPDATE pieces SET number = number - 10")
    entry = cache.open(identity(), VERSION)
    assert entry is not None
    with entry, pytest.raises(CacheDamaged):
        entry.read_at("a", 0, 3)


def test_an_entry_under_the_name_of_another_is_noticed(cache: Cache) -> None:
    """It is whole, and of another source."""
    path = entry_file(cache)
    (other,) = [file for file in files(cache) if file != path]
    other.replace(path)
    assert why_missing(cache) is Miss.CHANGED


def test_an_entry_of_another_cache_is_not_believed(
    cache: Cache, tmp_path: Path
) -> None:
    """It was written under another key."""
    other = Cache(tmp_path / "other")
    write(other, identity(), contents(2))
    files(other)[0].replace(entry_file(cache))
    assert why_missing(cache) is Miss.DAMAGED


def test_damage_is_found_when_the_piece_is_read_and_ends_the_entry(
    cache: Cache,
) -> None:
    """The rest can be read as long as it is open; then it is gone."""
    path = entry_file(cache)
    data = path.read_bytes()
    place = data.index(contents(1)["piece"][5_000:5_100])
    path.write_bytes(data[:place] + b"?" + data[place + 1 :])
    entry = cache.open(identity(), VERSION)
    assert entry is not None
    with entry:
        assert entry.read_at("small", 0, 9) == contents(1)["small"]
        with pytest.raises(CacheDamaged, match="not what was written"):
            entry.read_at("piece", 0, 1)
        assert not path.exists()
        assert entry.read_at("last", 0, 999) == contents(1)["last"]
        with pytest.raises(CacheDamaged):
            next(entry.pieces("piece"))


def test_damage_does_not_remove_what_was_written_since(cache: Cache) -> None:
    """The file of that name is another one by then."""
    path = entry_file(cache)
    entry = cache.open(identity(), VERSION)
    assert entry is not None
    os.truncate(path, 40_000)
    write(cache, identity(), contents(2))
    with entry, pytest.raises(CacheDamaged):
        entry.read_at("large", 0, 1)
    assert kept(cache, identity()) == contents(2)


def test_locks_and_journals_of_others_are_of_no_matter(cache: Cache) -> None:
    """No lock blocks, and no journal is rolled back."""
    path = entry_file(cache)
    for name in ("journal", "wal", "shm"):
        path.with_name(f"{path.name}-{name}").write_bytes(b"\xd9\xd5\x05\xf9" * 300)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode = OFF")
        db.execute("BEGIN EXCLUSIVE")
        assert kept(cache, identity()) == contents(1)


@pytest.mark.parametrize(
    "page", [b"", b"[1, 2]", b"[{}, 7, []]", b'[{"sample": "x"}, 7, []]', b"\xff"]
)
def test_a_page_of_another_repoview_is_not_understood(
    cache: Cache, page: bytes
) -> None:
    """Though its checksum is right, for it has the key of the same folder."""
    key = (cache.folder / "key").read_bytes()
    data = checksum(key, b"repoview page", page) + page
    with closing(sqlite3.connect(entry_file(cache), isolation_level=None)) as db:
        db.execute("UPDATE contents SET data = ?", (data,))
    assert why_missing(cache) is Miss.DAMAGED


# What is no file at all


def by_link(path: Path) -> None:
    """A link to a file that has all that it should."""
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def by_folder(path: Path) -> None:
    """An empty folder."""
    path.unlink()
    path.mkdir()


def by_pipe(path: Path) -> None:
    """A pipe without a writer."""
    path.unlink()
    os.mkfifo(path)


def by_nothing(path: Path) -> None:
    """An empty file."""
    path.write_bytes(b"")


def by_everybodys(path: Path) -> None:
    """A file that others may write to."""
    path.chmod(0o666)


REPLACED = [by_link, by_folder, by_pipe, by_nothing, by_everybodys]


@pytest.mark.parametrize("replace", REPLACED)
def test_what_stands_in_place_of_an_entry_is_removed(
    cache: Cache, replace: Callable[[Path], None]
) -> None:
    """Neither followed, nor waited for, nor believed."""
    path = entry_file(cache)
    replace(path)
    assert [each.source for each in cache.entries()].count(None) == 1
    assert why_missing(cache) is Miss.DAMAGED
    assert not os.path.lexists(path)
    write(cache, identity(), contents(2))
    assert kept(cache, identity()) == contents(2)


def test_a_link_is_removed_and_not_what_it_leads_to(
    cache: Cache, tmp_path: Path
) -> None:
    """Its target may be a file of the user."""
    precious = tmp_path / "precious"
    precious.write_bytes(b"data")
    path = entry_file(cache)
    path.unlink()
    path.symlink_to(precious)
    assert why_missing(cache) is Miss.DAMAGED
    path.symlink_to(precious)
    write(cache, identity(), contents(2))
    assert precious.read_bytes() == b"data"
    assert not path.is_symlink()


def test_a_folder_with_something_in_it_is_left_alone(cache: Cache) -> None:
    """It is none of ours; there is no cache for this source as long as it stays."""
    path = entry_file(cache)
    by_folder(path)
    (path / "precious").write_bytes(b"data")
    assert why_missing(cache) is Miss.DAMAGED
    assert (path / "precious").exists()
    with pytest.raises(CacheUnavailable, match="nothing is cached in"):
        write(cache, identity(), contents(2))
    assert not [file for file in files(cache) if file.suffix == ".part"]


# The key


def key_by_change(path: Path) -> None:
    """Another key of the right length."""
    path.write_bytes(bytes(32))


def key_by_cut(path: Path) -> None:
    """Too short."""
    path.write_bytes(b"short")


def key_by_growth(path: Path) -> None:
    """Too long."""
    path.write_bytes(bytes(33))


@pytest.mark.parametrize(
    "replace", [*REPLACED, key_by_change, key_by_cut, key_by_growth, os.unlink]
)
def test_without_its_key_the_cache_is_empty_and_fills_again(
    cache: Cache, replace: Callable[[Path], None]
) -> None:
    """With another key, which is private."""
    key = cache.folder / "key"
    old = key.read_bytes()
    replace(key)
    assert why_missing(cache) is Miss.ABSENT
    assert {each.source for each in cache.entries()} == {None}
    write(cache, identity(), contents(2))
    assert kept(cache, identity()) == contents(2)
    assert key.lstat().st_mode & 0o077 == 0
    assert len(key.read_bytes()) == 32
    assert key.read_bytes() != old
    # Entries under the old key cannot be found, and are evicted.
    cache.prune()
    assert cache.entries() == []
