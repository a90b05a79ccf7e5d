"""Facts about `repoview salvage`."""

from __future__ import annotations

import json
import os
from shlex import quote
from typing import TYPE_CHECKING

import pytest

from repoview.cli.progress import Bar
from repoview.core.repo.repo import Repo
from tests.cli.conftest import RECORDS, damaged_top, on_terminal, saved
from tests.core.repos import parts_of
from tests.test_grammar import DISAGREES, ONE_OF_EACH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import Popen

    from repoview.core.load.result import Progress
    from tests.cli.conftest import Program


@pytest.fixture
def headless(tmp_path: Path, sample_bytes: bytes) -> Path:
    """A sound repository whose header is gone."""
    header, _ = parts_of(sample_bytes)
    return saved(tmp_path / "headless.car", b"\xff" * 9 + sample_bytes[len(header) :])


@pytest.fixture
def topless(tmp_path: Path, sample_bytes: bytes) -> Path:
    """One whose top node is damaged."""
    return saved(tmp_path / "topless.car", damaged_top(sample_bytes))


def test_the_dry_run_tells_what_is_saved_and_lost(
    run: Program, topless: Path, tmp_path: Path
) -> None:
    """By kind and by collection, with what would be better; nothing is written."""
    before = topless.read_bytes()
    outcome = run("salvage", topless)
    assert outcome.code == 10
    head, *lines = outcome.out.splitlines()
    assert head.startswith("A PART CAN BE SAVED: ")
    assert {"Can be saved", "Lost"} <= set(lines)
    assert "damaged    1 block does not hash to its CID" in lines
    assert any(line.startswith("app.bsky.feed.post ") for line in lines)
    assert "com.atproto.sync.getRepo?did=" in "".join(lines)
    assert lines[-1] == "Nothing was written: -o OUT.car does that."
    assert outcome.err == ""
    assert topless.read_bytes() == before
    assert [*tmp_path.iterdir()] == [topless]


def test_the_page_names_the_options_that_save_more(
    run: Program, topless: Path, tmp_path: Path
) -> None:
    """Until they are given; and says what was written, not what could be."""
    outcome = run("salvage", topless)
    said = " ".join(outcome.out.split())
    assert "--rebuild-tree gives " in said
    assert "--records FILE.jsonl writes " in said
    outcome = run("salvage", topless, "-o", tmp_path / "new.car", "--rebuild-tree")
    assert outcome.out.startswith("A PART IS SAVED: ")
    assert "--records" not in outcome.out


def test_a_sound_file_loses_nothing(run: Program, sample: Path) -> None:
    """And there is nothing to advise."""
    outcome = run("salvage", sample)
    assert outcome.code == 0
    assert outcome.out.startswith("ALL CAN BE SAVED: ")
    assert "Lost" not in outcome.out
    assert "Better" not in outcome.out


def test_what_is_written_is_sound(
    run: Program, headless: Path, tmp_path: Path, sample_bytes: bytes
) -> None:
    """Where only the header was lost, it is the file as it was."""
    out = tmp_path / "out.car"
    outcome = run("salvage", headless, "-o", out)
    assert outcome.code == 0
    assert outcome.err.startswith(f"repoview: wrote {out}: ")
    assert out.read_bytes() == sample_bytes
    assert run("verify", out, "-q").code == 0


def test_standard_input_and_output_are_taken(
    process: Callable[..., Popen[bytes]], headless: Path, sample_bytes: bytes
) -> None:
    """The CAR alone goes to standard output."""
    with headless.open("rb") as file:
        program = process("salvage", "-", "-o", "-", stdin=file)
        out, err = program.communicate()
    assert program.returncode == 0
    assert out == sample_bytes
    assert err.startswith(b"repoview: wrote -: ")


def test_a_new_tree_is_said_not_to_be_signed(
    run: Program, topless: Path, tmp_path: Path
) -> None:
    """When it is made, and by `verify`."""
    out = tmp_path / "new.car"
    outcome = run("salvage", topless, "-o", out, "--rebuild-tree")
    assert "is not signed by anybody" in outcome.err
    verified = run("verify", out)
    assert verified.code == 11
    assert "`sig` is missing: nobody signed the commit" in verified.out
    with Repo.load(out) as repo:
        assert repo.report.complete


def test_loose_records_come_as_json_lines(
    run: Program, topless: Path, tmp_path: Path
) -> None:
    """With their keys, as far as these are known."""
    out = tmp_path / "loose.jsonl"
    told = run("salvage", topless, "--records", out, "--json").json
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(lines) == RECORDS == told["written"]["records"]["records"]
    kinds = [line["kind"] for line in lines]
    assert kinds.count("detached") == told["detached"]
    assert kinds.count("keyless") == told["keyless"] > 0
    for line in lines:
        names = {"kind", "uri", "path", "cid", "type", "size", "offset", "value"}
        assert line.keys() == names
        assert (line["path"] is None) == (line["kind"] == "keyless")
        assert line["value"]["$type"] == line["type"]
    assert lines[0]["uri"] == f"at://{told['did']}/{lines[0]['path']}"


def test_the_json_has_all_that_the_page_has(run: Program, topless: Path) -> None:
    """And what was written: nothing."""
    outcome = run("salvage", topless, "--json")
    told = outcome.json
    assert told["exit_code"] == outcome.code == 10
    assert told["written"] == {"car": None, "records": None}
    assert told["reachable"] + told["detached"] + told["keyless"] == told["records"]
    assert told["lost_keys"] == [{"lo": "", "hi": None}]


@pytest.mark.parametrize("link", ["same", "symlink", "hardlink"])
def test_the_source_is_never_written_to(
    link: str, run: Program, topless: Path, tmp_path: Path
) -> None:
    """Whatever it is called, and whatever is asked."""
    before, out = topless.read_bytes(), tmp_path / "out.car"
    if link == "symlink":
        out.symlink_to(topless)
    elif link == "hardlink":
        os.link(topless, out)
    else:
        out = topless
    for option in ("-o", "--records"):
        outcome = run("salvage", topless, option, out, "--force")
        assert outcome.code == 1
        assert "is the source itself" in outcome.err
    assert topless.read_bytes() == before


def test_a_file_that_is_there_is_not_overwritten(
    run: Program, topless: Path, tmp_path: Path
) -> None:
    """Unless that is asked for."""
    out = saved(tmp_path / "out.car", b"precious")
    assert run("salvage", topless, "-o", out).code == 1
    assert out.read_bytes() == b"precious"
    assert run("salvage", topless, "-o", out, "--force").code == 10
    assert out.read_bytes() != b"precious"


@pytest.mark.parametrize(
    "words",
    [
        ["--rebuild-tree"],
        ["-o", "same", "--records", "same"],
        ["-o", "-", "--json"],
        ["--records", "-", "--json"],
    ],
)
def test_what_cannot_be_is_refused(
    words: list[str], run: Program, topless: Path
) -> None:
    """In one sentence, and before anything is read."""
    outcome = run("salvage", topless, *words)
    assert (outcome.code, outcome.out) == (2, "")
    assert len(outcome.err.splitlines()) == 1


def test_nothing_to_save_is_said(run: Program, tmp_path: Path) -> None:
    """Of any bytes."""
    path = saved(tmp_path / "page.car", b"<!doctype html>" * 99)
    outcome = run("salvage", path)
    assert outcome.code == 12
    assert outcome.out.startswith("NOTHING TO SAVE: ")
    told = run("salvage", path, "--json").json
    assert (told["blocks"], told["root"], told["lost_bytes"]) == (0, None, 99 * 15)


def test_nothing_is_written_where_there_is_nothing_to_save(
    run: Program, tmp_path: Path
) -> None:
    """Also not over what an earlier run has saved."""
    path = saved(tmp_path / "page.car", b"<!doctype html>" * 99)
    earlier = saved(tmp_path / "out.car", b"saved before")
    outcome = run("salvage", path, "-o", earlier, "--force")
    assert (outcome.code, earlier.read_bytes()) == (12, b"saved before")
    assert outcome.err == f"repoview: nothing was written to {earlier}\n"


def test_a_limit_before_the_first_block_is_no_proof_that_there_is_none(
    run: Program, topless: Path
) -> None:
    """More may be found with more time."""
    outcome = run("salvage", topless, "--max-seconds", "0")
    assert outcome.code == 10
    assert outcome.out.startswith("NOTHING FOUND: a limit ended the search")


@pytest.mark.parametrize("option", ["-o", "--records"])
def test_an_interrupt_leaves_no_part_of_a_file(
    option: str,
    run: Program,
    topless: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In the middle of writing it."""

    def interrupted(_: Bar, progress: Progress) -> None:
        if progress.stage == "export":
            raise KeyboardInterrupt

    monkeypatch.setattr(Bar, "__call__", interrupted)
    assert run("salvage", topless, option, tmp_path / "out").code == 130
    assert [*tmp_path.iterdir()] == [topless]


def test_a_terminal_gets_no_car(sample: Path) -> None:
    """Its bytes would upset it; the page fits its width."""
    code, text = on_terminal("salvage", sample, "-o", "-")
    assert code == 2
    assert "send them to a file" in text
    _, page = on_terminal("salvage", sample, NO_COLOR="1", COLUMNS="60")
    assert max(map(len, page.splitlines())) <= 60


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_numbers_agree(name: str, run: Program, tmp_path: Path) -> None:
    """Nouns and verbs with them."""
    path = saved(tmp_path / "one.car", ONE_OF_EACH[name]())
    done = run("salvage", path, "-o", tmp_path / "out.car", "--records", tmp_path / "r")
    lines = [*done.out.splitlines(), *done.err.splitlines()]
    assert not [line for line in lines if DISAGREES.search(line)]


def test_verify_names_the_command_where_bytes_were_lost(
    run: Program, headless: Path, topless: Path, sample: Path
) -> None:
    """Though it reads nothing behind such a header; with -v, too."""
    for path in (headless, topless):
        line = f"What can be saved: repoview salvage {quote(str(path))}"
        assert run("verify", path).out.splitlines()[-1] == line
        assert run("verify", path, "-v").out.splitlines().count(line) == 1
    assert "salvage" not in run("verify", sample).out


def test_a_name_that_no_terminal_may_have_is_not_in_the_command(
    run: Program, tmp_path: Path, headless: Path
) -> None:
    """What is typed in its place is left to the reader; so of standard input."""
    odd = headless.rename(tmp_path / "a\x1b[31m.car")
    assert "repoview salvage FILE" in run("verify", odd).out


@pytest.mark.parametrize(
    "code", ["CAR002", "CAR003", "CAR005", "CAR006", "CAR007", "CAR009"]
)
def test_a_header_that_cannot_be_read_is_explained_with_it(
    run: Program, code: str
) -> None:
    """As what repoview does, and what to do with the file."""
    said = " ".join(run("explain", code).out.split())
    assert "`repoview salvage` finds the blocks behind it by their CIDs." in said
    assert "repoview salvage saves the blocks that are left" in said
