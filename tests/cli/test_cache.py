"""Facts about `repoview cache`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from repoview.core.cache import Cache
from repoview.core.file_identity import identify
from tests.cli.conftest import on_terminal
from tests.cli.test_imports import LATE, loaded
from tests.core.caches import VERSION, kept, write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """A cache of two sources, one of them gone; the other was used last."""
    cache = Cache(tmp_path / "cache")
    for name in ("gone.car", "here.car"):
        source = tmp_path / name
        source.write_bytes(b"12345")
        write(cache, identify(source), {"some": bytes(1_000)})
    (tmp_path / "gone.car").unlink()
    for age, each in enumerate(cache.entries()):
        when = (1_800_000_000 - age) * 10**9
        os.utime(cache.folder / each.file, ns=(when, when))
    return cache


@pytest.fixture
def where(cache: Cache) -> tuple[str, str]:
    """The option that names the folder."""
    return "--cache-dir", str(cache.folder)


def test_alone_it_says_what_there_is(run: Program) -> None:
    """The page of help, within 80 columns."""
    outcome = run("cache")
    assert (outcome.code, outcome.err) == (0, "")
    for name in ("ls", "path", "rm", "prune"):
        assert f"repoview cache {name}" in outcome.out
    assert run("cache", "--help").out == outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 80


@pytest.mark.parametrize("name", ["ls", "path", "rm", "prune"])
def test_each_has_help_with_examples(run: Program, name: str) -> None:
    """Within 80 columns."""
    outcome = run("cache", name, "--help")
    assert outcome.code == 0
    assert "Examples:" in outcome.out
    assert f"repoview cache {name}" in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 80


def test_a_slip_is_told_in_one_sentence(run: Program) -> None:
    """With where to look."""
    outcome = run("cache", "wipe")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "repoview: no such command 'wipe' (see repoview cache --help)\n"
    )


def test_help_and_path_load_next_to_nothing(where: tuple[str, str]) -> None:
    """And a list no more than the database, and no kernel."""
    heavy = {*LATE, "sqlite3", "repoview.core.kernel.kernel"}
    assert not loaded("cache", "--help") & heavy
    assert loaded("cache", "ls", *where) & heavy == {"sqlite3"}


def test_path_is_the_folder_of_this_user(
    run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And looking makes nothing."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    outcome = run("cache", "path")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == f"{tmp_path / 'repoview'}\n"
    assert run("cache", "ls").code == 0
    assert list(tmp_path.iterdir()) == []


def test_ls_is_a_line_an_entry_last_used_first(
    run: Program, tmp_path: Path, cache: Cache, where: tuple[str, str]
) -> None:
    """Bytes, time, what became of the source, and its path."""
    outcome = run("cache", "ls", *where)
    sizes = [each.size for each in cache.entries()]
    assert outcome.code == 0
    assert outcome.out == (
        f"{sizes[0]}\t2027-01-15 08:00:00\tsame\t{tmp_path / 'here.car'}\n"
        f"{sizes[1]}\t2027-01-15 07:59:59\tgone\t{tmp_path / 'gone.car'}\n"
    )
    assert outcome.err.startswith("repoview: 2 entries, ")
    assert run("cache", "ls", *where, "-q").err == ""
    assert run("-q", "cache", "ls", *where).err == ""
    assert run("cache", "-q", "ls", *where).err == ""


def test_ls_json_has_all_of_it(
    run: Program, tmp_path: Path, cache: Cache, where: tuple[str, str]
) -> None:
    """Also an entry that cannot be read."""
    broken = cache.folder / f"{'0' * 32}.sqlite"
    broken.write_bytes(b"broken")
    os.utime(broken, ns=(0, 0))
    outcome = run("cache", "ls", "--json", *where)
    here, gone, unknown = outcome.json
    listed = cache.entries()[0]
    assert here == {
        "file": listed.file,
        "source": str(tmp_path / "here.car"),
        "bytes": listed.size,
        "used": "2027-01-15T08:00:00Z",
        "state": "same",
    }
    assert gone["state"] == "gone"
    assert unknown == {
        "file": broken.name,
        "source": None,
        "bytes": 6,
        "used": "1970-01-01T00:00:00Z",
        "state": "unknown",
    }
    assert f"unknown\t{broken.name}\n" in run("cache", "ls", *where).out


def test_hostile_names_reach_no_terminal(tmp_path: Path) -> None:
    """A source may have any name; nor do they break a line in a pipe."""
    source = tmp_path / "a\tb\nc\\d\x1b[31m\u202e.car"
    source.touch()
    cache = Cache(tmp_path / "cache")
    write(cache, identify(source), {})
    code, drawn = on_terminal("cache", "ls", "--cache-dir", str(cache.folder))
    assert code == 0
    assert "a␉b␊c\\d␛[31m\\u{202e}.car" in drawn
    assert "\x1b[31m" not in drawn


def test_lines_in_a_pipe_are_lines(run: Program, tmp_path: Path) -> None:
    """TAB, newline and backslash are written as `ls` writes them."""
    source = tmp_path / "a\tb\nc\\d.car"
    source.touch()
    cache = Cache(tmp_path / "cache")
    write(cache, identify(source), {})
    out = run("cache", "ls", "--cache-dir", cache.folder).out
    assert out.endswith("/a\\tb\\nc\\\\d.car\n")
    assert (out.count("\n"), out.count("\t")) == (1, 3)


def test_rm_removes_what_is_named(
    run: Program,
    tmp_path: Path,
    cache: Cache,
    where: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By a path in any form, of a source that need not be there; or by file."""
    monkeypatch.chdir(tmp_path)
    outcome = run("cache", "rm", "gone.car", *where)
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == "repoview: removed 1 entry\n"
    assert kept(cache, identify("here.car")) == {"some": bytes(1_000)}
    assert run("cache", "rm", cache.entries()[0].file, *where).code == 0
    assert cache.entries() == []


def test_rm_says_what_was_not_there(
    run: Program, tmp_path: Path, cache: Cache, where: tuple[str, str]
) -> None:
    """And removes the rest."""
    here = tmp_path / "here.car"
    outcome = run("cache", "rm", "other.car", here, *where)
    assert (outcome.code, outcome.out) == (1, "")
    assert "the cache has no entry for other.car\n" in outcome.err
    assert [each.source for each in cache.entries()] == [str(tmp_path / "gone.car")]


def test_rm_all_removes_all(run: Program, cache: Cache, where: tuple[str, str]) -> None:
    """And nothing that is not of the cache."""
    (cache.folder / "precious.txt").touch()
    outcome = run("cache", "rm", "--all", *where)
    assert outcome.code == 0
    assert outcome.err == "repoview: removed 2 entries\n"
    assert cache.entries() == []
    assert (cache.folder / "precious.txt").exists()
    assert run("cache", "rm", "--all", *where, "-q").err == ""


@pytest.mark.parametrize("words", [(), ("--all", "repo.car")])
def test_rm_asks_for_names_or_for_all(
    run: Program, cache: Cache, where: tuple[str, str], words: tuple[str, ...]
) -> None:
    """Nothing is removed by a slip."""
    outcome = run("cache", "rm", *words, *where)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        "repoview: name what to remove, or say --all, and not both\n"
    )
    assert len(cache.entries()) == 2


def test_prune_removes_what_is_of_no_use_and_then_the_oldest(
    run: Program, tmp_path: Path, cache: Cache, where: tuple[str, str]
) -> None:
    """Until so much is left."""
    outcome = run("cache", "prune", *where)
    assert outcome.code == 0
    assert outcome.err.startswith("repoview: removed ")
    assert [each.source for each in cache.entries()] == [str(tmp_path / "here.car")]
    outcome = run("cache", "prune", "--max-size", "64KiB", *where)
    assert outcome.code == 0
    assert cache.entries() == []
    assert run("cache", "prune", "--max-size", "lots", *where).code == 2


def test_a_folder_that_is_not_private_is_refused_in_one_sentence(
    run: Program, tmp_path: Path
) -> None:
    """For reading and for removing."""
    tmp_path.chmod(0o777)
    for words in (("ls",), ("rm", "--all"), ("prune",)):
        outcome = run("cache", *words, "--cache-dir", tmp_path)
        assert (outcome.code, outcome.out) == (1, "")
        assert outcome.err.startswith("repoview: nothing is cached: others may write")
        assert outcome.err.count("\n") == 1


def test_what_cannot_be_removed_is_told(
    run: Program, cache: Cache, where: tuple[str, str]
) -> None:
    """A folder with something in it has the name of an entry."""
    path = cache.folder / cache.entries()[0].file
    path.unlink()
    path.mkdir()
    (path / "precious").touch()
    outcome = run("cache", "rm", "--all", *where)
    assert outcome.code == 1
    assert outcome.err == "repoview: 1 entry could not be removed\n"


def test_versions_of_others_are_entries_too(
    run: Program, tmp_path: Path, cache: Cache, where: tuple[str, str]
) -> None:
    """What the bytes mean is of no matter here."""
    with cache.write(identify(tmp_path / "here.car"), VERSION + 1) as writer:
        writer.commit()
    assert run("cache", "ls", *where).out.count("\tsame\t") == 1
