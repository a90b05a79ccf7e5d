"""Facts about commands that open a file for the second time."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from repoview.core.cache import Cache
from repoview.core.opening import cache_policy
from repoview.core.opening.opening import Opening
from tests.cli.conftest import saved

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

COMMANDS = (
    ("info",),
    ("info", "--json"),
    ("ls",),
    ("ls", "--json"),
    ("ls", "--collections"),
    ("ls", "app.bsky.feed"),
    ("show", "app.bsky.actor.profile/self"),
    ("mst",),
    ("mst", "app.bsky.actor.profile/self"),
    ("export", "-o", "-", "--format", "jsonl"),
)


@pytest.fixture(autouse=True)
def everything_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small it is."""
    monkeypatch.setattr(cache_policy, "LEAST_BYTES", 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the cache is; not there yet."""
    return tmp_path / "cache"


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_second_opening_says_the_same(
    run: Program,
    sample: Path,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
) -> None:
    """Without reading the file."""
    command, *rest = words
    whole = (command, sample, *rest, "--cache-dir", folder)
    first = run(*whole)
    assert first.code == 0
    assert len(Cache(folder).entries()) == 1
    monkeypatch.setattr(Opening, "advance", None)
    assert run(*whole) == first


def test_verify_reads_all_of_it_each_time(
    run: Program, sample: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proof is one only when it is made; and it keeps nothing."""
    assert run("verify", sample, "--cache-dir", folder).code == 0
    assert not folder.exists()
    run("info", sample, "--cache-dir", folder)
    read: set[Opening] = set()
    advance = Opening.advance

    def counting(opening: Opening, *rest: Any) -> None:
        read.add(opening)
        advance(opening, *rest)

    monkeypatch.setattr(Opening, "advance", counting)
    assert run("verify", sample, "--cache-dir", folder).code == 0
    assert len(read) == 1


@pytest.mark.parametrize("option", [("--no-cache",), ("--disk-limit", "0")])
def test_nothing_is_kept_where_that_is_said(
    run: Program, sample: Path, folder: Path, option: tuple[str, ...]
) -> None:
    """By the option for it, or by leave to use no disk at all."""
    assert run("info", sample, "--cache-dir", folder, *option).code == 0
    assert not folder.exists()


def test_nothing_is_taken_either(run: Program, sample: Path, folder: Path) -> None:
    """What is in the cache does not matter with --no-cache."""
    run("info", sample, "--cache-dir", folder)
    (entry,) = Cache(folder).entries()
    (folder / entry.file).write_bytes(b"no entry at all")
    assert run("info", sample, "--cache-dir", folder, "--no-cache").code == 0
    assert (folder / entry.file).read_bytes() == b"no entry at all"


def test_a_small_file_is_not_kept(
    run: Program, sample: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is read sooner than the cache is."""
    monkeypatch.setattr(cache_policy, "LEAST_BYTES", sample.stat().st_size + 1)
    assert run("info", sample, "--cache-dir", folder).code == 0
    assert not folder.exists()


def test_a_changed_file_is_told_of(run: Program, tmp_path: Path, folder: Path) -> None:
    """And read."""
    path = saved(tmp_path / "repo.car", b"no CAR")
    run("info", path, "--cache-dir", folder)
    saved(path, b"no CAR either")
    outcome = run("info", path, "--cache-dir", folder)
    assert f"{path} was changed since it was last opened" in outcome.err
    assert "was changed" not in run("info", path, "--cache-dir", folder).err


def test_a_folder_that_is_of_no_use_is_told_of_once(
    run: Program, sample: Path, folder: Path
) -> None:
    """On stderr, and the answer is what it is."""
    folder.mkdir()
    folder.chmod(0o777)
    outcome = run("ls", sample, "--cache-dir", folder)
    assert outcome.code == 0
    assert outcome.err.count("nothing is cached") == 1
    assert outcome.out == run("ls", sample, "--no-cache").out
    assert run("ls", sample, "--cache-dir", folder, "-q").err == ""


@pytest.mark.skipif(os.name == "nt", reason="has other streams")
def test_an_answer_that_nobody_wanted_whole_is_not_kept(
    run: Program, sample: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the pipe is closed, the cache is not written."""
    monkeypatch.setattr("repoview.cli.commands.ls._lines", _closed)
    run("ls", sample, "--cache-dir", folder)
    assert not folder.exists()


def _closed(*_: object) -> None:
    raise BrokenPipeError
