"""Facts about `repoview export`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from repoview.export import jsonl
from tests.cli.conftest import RECORDS, on_terminal, saved
from tests.core.repos import make_repo
from tests.vectors import report

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import Popen

    from tests.cli.conftest import Program

PROFILE = "app.bsky.actor.profile/self"


def test_everything_goes_out_as_json_lines(
    run: Program, sample: Path, tmp_path: Path
) -> None:
    """A line a record, in key order, and a word about it on stderr."""
    out = tmp_path / "all.jsonl"

    outcome = run("export", sample, "-o", out)

    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err.startswith(f"repoview: wrote {out}: {RECORDS} records, ")
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    paths = [line["path"] for line in lines]
    with Repo.load(sample) as repo:
        assert paths == [record.path for record in repo.records()]
    assert set(lines[0]) == {"uri", "path", "cid", "value"}
    assert lines[0]["value"] == run("show", sample, PROFILE).json
    assert run("export", sample, "-o", out, "--force", "-q").err == ""


def test_everything_as_a_car_is_the_same_repository(
    run: Program, sample: Path, tmp_path: Path
) -> None:
    """A file in walk order comes out byte by byte as it went in."""
    out = tmp_path / "copy.car"
    assert run("export", sample, "-o", out).code == 0
    assert out.read_bytes() == sample.read_bytes()


def test_a_selection_as_a_car_is_a_slice(
    run: Program, sample: Path, tmp_path: Path
) -> None:
    """It proves what it holds: commit, the nodes on the way, the records."""
    out = tmp_path / "part.car"

    outcome = run("export", sample, "-o", out, PROFILE)

    assert outcome.code == 0
    assert f"1 record of {RECORDS}" in outcome.err
    assert run("verify", out).code == 10
    assert run("verify", out, "--expect", "slice").code == 0
    shown = run("show", out, PROFILE, "--expect", "slice")
    assert shown.out == run("show", sample, PROFILE).out
    way = run("mst", sample, PROFILE, "--json").json["steps"]
    with Repo.load(out) as repo:
        assert len(inside(repo).blocks.index) == len(way)


@pytest.mark.parametrize(
    "choice",
    [
        ("--collection", "app.bsky.feed.post"),
        ("--prefix", "app.bsky.feed.post/"),
        ("--collection", "app.bsky.feed.post", "--prefix", "app.bsky.feed.post/3"),
    ],
)
def test_collections_and_prefixes_choose(
    run: Program, sample: Path, tmp_path: Path, choice: tuple[str, ...]
) -> None:
    """In each format the same records, each once."""
    jsonl, car = tmp_path / "x.jsonl", tmp_path / "x.car"
    wanted = run("ls", sample, "app.bsky.feed.post/").out.splitlines()

    assert run("export", sample, "-o", jsonl, *choice).code == 0
    assert run("export", sample, "-o", car, *choice).code == 0

    lines = [json.loads(line) for line in jsonl.read_text().splitlines()]
    assert [f"{line['path']}\t{line['cid']}" for line in lines] == wanted
    with Repo.load(car) as repo:
        there = [f"{r.path}\t{r.cid}" for r in repo.records() if r.state == "sound"]
    assert there == wanted


def test_choices_add_up(run: Program, sample: Path, tmp_path: Path) -> None:
    """Paths beside collections, in key order, each once."""
    out = tmp_path / "x.jsonl"
    with Repo.load(sample) as repo:
        uri = repo.record(0).at_uri
    run(
        "export",
        sample,
        uri,
        PROFILE,
        "-o",
        out,
        "--collection",
        "app.bsky.actor.profile",
        "--prefix",
        "app.bsky.actor",
    )
    assert len(out.read_text().splitlines()) == 1


def test_standard_output_takes_either_format(
    process: Callable[..., Popen[bytes]], sample: Path
) -> None:
    """With -o -; the format must be named."""
    out, err = process("export", sample, "-o", "-", "--format", "car").communicate()
    assert (out, err) == (sample.read_bytes(), b"")
    out, err = process("export", sample, "-o", "-", "--format", "jsonl").communicate()
    assert out.count(b"\n") == RECORDS


def test_a_car_is_not_sent_to_a_terminal(sample: Path) -> None:
    """JSON lines are safe there, bytes are not."""
    code, drawn = on_terminal("export", sample, "-o", "-", "--format", "car")
    assert code == 2
    assert "would upset a terminal" in drawn
    arguments = ("export", sample, PROFILE, "-o", "-", "--format", "jsonl")
    assert on_terminal(*arguments)[0] == 0


@pytest.mark.parametrize("name", ["x.txt", "x", ".car"])
def test_a_format_that_cannot_be_told_is_asked_for(
    run: Program, sample: Path, tmp_path: Path, name: str
) -> None:
    """Nothing is written."""
    outcome = run("export", sample, "-o", tmp_path / name)
    assert outcome.code == 2
    assert (
        "say --format jsonl, json, csv, md, sqlite, parquet, folder, zip or car"
        in outcome.err
    )
    assert [path.name for path in tmp_path.iterdir()] == ["sample.car"]


def test_nothing_is_overwritten_unless_asked(
    run: Program, sample: Path, tmp_path: Path
) -> None:
    """The file that is there stays as it is."""
    out = saved(tmp_path / "x.jsonl", b"mine")

    outcome = run("export", sample, "-o", out)

    assert outcome.code == 1
    assert f"{out} is there already: --force overwrites it" in outcome.err
    assert out.read_bytes() == b"mine"
    assert run("export", sample, "-o", out, "--force").code == 0
    assert out.read_bytes() != b"mine"


def test_the_source_is_never_the_destination(run: Program, sample: Path) -> None:
    """Not even with --force."""
    before = sample.read_bytes()
    outcome = run("export", sample, "-o", sample, "--force", PROFILE)
    assert outcome.code == 1
    assert "is the source itself" in outcome.err
    assert sample.read_bytes() == before


@pytest.mark.parametrize(
    ("choice", "told"),
    [
        (("app.bsky.actor.profile/selg",), "did you mean app.bsky.actor.profile/self?"),
        (("--collection", "app.bsky.feed.pots"), "there is no collection"),
        (("--prefix", "zz"), "no record begins with zz"),
    ],
)
def test_a_choice_that_is_not_there_writes_nothing(
    run: Program, sample: Path, tmp_path: Path, choice: tuple[str, ...], told: str
) -> None:
    """Exit code 1, and no file."""
    out = tmp_path / "x.jsonl"
    outcome = run("export", sample, "-o", out, *choice)
    assert outcome.code == 1
    assert told in outcome.err
    assert not out.exists()


def test_what_is_missing_is_counted(
    run: Program, broken: dict[int, Path], tmp_path: Path
) -> None:
    """The rest is written, and the exit code tells."""
    for name in ("x.jsonl", "x.car"):
        outcome = run("export", broken[10], "-o", tmp_path / name)
        assert outcome.code == 10
        assert "1 block could not be read and was left out (" in outcome.err
        assert f"{RECORDS - 1} records" in outcome.err
        assert "is incomplete: 1 record is missing" in outcome.err


def test_what_is_lost_is_named_on_stderr(run: Program, tmp_path: Path) -> None:
    """And nothing is said of records that only break a rule."""
    lost = [
        run("export", report(name), "-o", "-", "--format", "jsonl")
        for name in ("big-integer.car", "odd-values.car")
    ]
    assert [each.code for each in lost] == [0, 0]
    assert lost[0].err == ""
    assert lost[1].err == (
        "repoview: 5 records could be decoded only in part "
        "(com.example.reading/bignum-tag, com.example.reading/dup, "
        "com.example.reading/inf, com.example.reading/nan, "
        "com.example.reading/undefined): --format car keeps all bytes\n"
    )
    assert len(lost[1].out.splitlines()) == 18
    told = run("export", report("odd-values.car"), "-o", tmp_path / "all.jsonl").err
    assert [line.split()[1] for line in told.splitlines()] == ["wrote", "5"]
    as_car = run("export", report("odd-values.car"), "-o", tmp_path / "all.car")
    assert "in part" not in as_car.err


def test_where_there_is_no_repository_nothing_is_written(
    run: Program, broken: dict[int, Path], tmp_path: Path
) -> None:
    """One sentence that says what the file is."""
    out = tmp_path / "x.jsonl"
    outcome = run("export", broken[12], "-o", out)
    assert outcome.code == 12
    assert outcome.err.count("\n") == 1
    assert "HTML" in outcome.err
    assert not out.exists()


def test_an_empty_repository_goes_out_empty(run: Program, tmp_path: Path) -> None:
    """No lines, or a commit and the empty node."""
    path = saved(tmp_path / "e.car", make_repo({}))
    assert run("export", path, "-o", tmp_path / "x.jsonl").code == 0
    assert (tmp_path / "x.jsonl").read_bytes() == b""
    assert run("export", path, "-o", tmp_path / "x.car").code == 0
    assert (tmp_path / "x.car").read_bytes() == path.read_bytes()


def test_an_interrupt_leaves_nothing_behind(
    run: Program, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the file nor the one beside it."""

    def interrupted(*_: object, **__: object) -> None:
        beside = [path.name for path in tmp_path.iterdir() if path != sample]
        assert beside
        assert all(name.startswith(".x.jsonl.") for name in beside)
        raise KeyboardInterrupt

    monkeypatch.setattr(jsonl, "lines", interrupted)

    outcome = run("export", sample, "-o", tmp_path / "x.jsonl")

    assert outcome.code == 130
    assert outcome.err == "repoview: interrupted\n"
    assert list(tmp_path.iterdir()) == [sample]


def test_standard_output_tells_no_format(run: Program, sample: Path) -> None:
    """Those are named that may go there, and no others."""
    outcome = run("export", sample, "-o", "-")
    assert (outcome.code, outcome.out) == (2, "")
    assert (
        "standard output has no suffix that names a format: say --format jsonl, "
        in (outcome.err)
    )
    assert outcome.err.partition(" (see ")[0].endswith("parquet, zip or car")
    assert "sqlite" not in outcome.err
    assert "folder" not in outcome.err


SPILLING = """
import os, sys
from repoview.cli import main

before = dict(os.environ)
assert main(["export", sys.argv[1], "-o", sys.argv[2], "-q", *sys.argv[3:]]) == 0
assert dict(os.environ) == before
import sqlite3
base = sqlite3.connect("")
base.executescript("PRAGMA cache_size=1; CREATE TABLE a (b); BEGIN;")
base.executemany("INSERT INTO a VALUES (zeroblob(?))", [(4096,)] * 100)
open_files = [os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")
              if os.path.lexists(f"/proc/self/fd/{n}")]
print(*(os.path.dirname(each) for each in open_files if "etilqs_" in each))
"""


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
@pytest.mark.parametrize("has_variable", [False, True])
def test_what_sqlite_puts_aside_is_where_the_rest_is(
    sample: Path, tmp_path: Path, *, has_variable: bool
) -> None:
    """In the folder that was named, or in the one of the environment."""
    named, other = tmp_path / "named", tmp_path / "other"
    other.mkdir()
    environment = {**os.environ, "TMPDIR": str(other)}
    environment.pop("SQLITE_TMPDIR", None)
    more = [] if has_variable else ["--cache-dir", str(named)]
    done = subprocess.run(
        [sys.executable, "-c", SPILLING, sample, tmp_path / "x.sqlite", *more],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert {*done.stdout.split()} == {str(other if has_variable else named)}
