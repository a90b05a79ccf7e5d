"""Facts about `repoview fleet`: what it prints, and how it ends."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from repoview import fleet
from repoview.cli.pages.fleet import passed_line
from repoview.core.findings.catalogue import CATALOGUE
from repoview.core.verify.report import Verdict
from repoview.fleet.done import Done
from repoview.fleet.run import Passed
from repoview.fleet.verdict import findings_schema, repos_table
from tests.cli.conftest import RECORDS, on_terminal

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Program


@pytest.fixture
def folder(tmp_path: Path, broken: dict[int, Path]) -> Path:
    """A folder with a file for each exit code."""
    folder = tmp_path / "in"
    folder.mkdir()
    for code, path in broken.items():
        shutil.copy(path, folder / f"{code}.car")
    return folder


def test_a_run_says_what_came_of_it_and_ends_with_the_most_severe_code(
    run: Program, folder: Path, tmp_path: Path
) -> None:
    """Twice: the second time nothing is left to do."""
    out = tmp_path / "out"
    first = run("fleet", folder, "-o", out, "--threads", "1")
    told = (
        "1 sound, 1 incomplete, 1 invalid, 1 unreadable, 1 bad-records, 1 bad-container"
    )
    assert (first.code, first.err) == (12, "")
    assert first.out.splitlines()[0].endswith(told)
    assert f"records written to {out} in" in first.out
    again = run("fleet", folder, "-o", out)
    assert (again.code, again.out) == (12, "6 files passed over: written before\n")


def test_the_first_word_is_a_source_unless_it_is_a_command(
    run: Program, sample: Path, tmp_path: Path
) -> None:
    """Wherever the options are."""
    (tmp_path / "write").mkdir()
    shutil.copy(sample, tmp_path / "write" / "a.car")
    for number, words in enumerate(
        (
            ["fleet", sample, "-o"],
            ["fleet", "write", sample, "-o"],
            ["-q", "fleet", f"{tmp_path}/./write", "-o"],
        )
    ):
        outcome = run(*words, tmp_path / f"out{number}")
        assert (outcome.code, outcome.err) == (0, "")
        assert len(fleet.summary(tmp_path / f"out{number}")) == 1
    assert run("fleet").out == run("fleet", "--help").out
    assert run("fleet", sample).code == 2


def test_a_first_word_that_is_nearly_a_command_is_asked_about(
    run: Program, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Unless there is a file of that name."""
    meant = "neither a command nor a file: did you mean repoview fleet summary?"
    outcome = run("fleet", "sumary", tmp_path)
    assert (outcome.code, outcome.err) == (2, f"repoview: sumary is {meant}\n")
    monkeypatch.chdir(tmp_path)
    shutil.copy(sample, "sumary")
    assert run("fleet", "sumary", "-o", tmp_path / "out").code == 0


def test_json_has_the_counts(run: Program, sample: Path, tmp_path: Path) -> None:
    """Of the run, for programs; what gave no file is named."""
    outcome = run("fleet", sample, tmp_path / "in", "-o", tmp_path / "out", "--json")
    told = outcome.json
    assert (told["files"], told["records"], told["rows"]) == (2, RECORDS, RECORDS)
    assert (told["verdicts"], told["exit_code"]) == ({"sound": 1, "not-read": 1}, 1)
    (tmp_path / "none").mkdir()
    outcome = run("fleet", tmp_path / "none", "-o", tmp_path / "out", "--json")
    assert outcome.code == outcome.json["exit_code"] == 1
    assert "there is no CAR in" in outcome.json["not_listed"][0]["why"]
    assert "there is no CAR in" in outcome.err


def test_a_summary_has_a_line_a_file_findings_and_totals(
    run: Program, folder: Path, tmp_path: Path
) -> None:
    """Sorted and filtered as asked; with -q, lines alone."""
    out = tmp_path / "out"
    run("fleet", folder, "-o", out)
    told = run("fleet", "summary", out)
    assert told.code == 0
    assert told.out.splitlines()[0].split() == [
        *("verdict", "records", "size", "account", "rev", "file")
    ]
    assert "Findings over all files" in told.out
    assert told.out.splitlines()[-1].startswith("6 files of ")
    quiet = run("fleet", "summary", out, "-q", "--verdict", "sound").out.splitlines()
    assert [line.split()[0] for line in quiet] == ["verdict", "sound"]
    limited = run(
        "fleet", "summary", out, "--sort", "bytes", "--reverse", "--limit", "2"
    )
    assert "2 of 6 files listed" in limited.out


def test_a_summary_is_of_verdicts_and_codes_that_there_are(
    run: Program, folder: Path, tmp_path: Path
) -> None:
    """What is none is refused, with those there are; a code may be called as ever."""
    out, cut = tmp_path / "out", folder / "cut.car"
    cut.write_bytes((folder / "0.car").read_bytes()[:-3])
    run("fleet", folder, "-o", out)
    no_verdict = run("fleet", "summary", out, "--verdict", "nope")
    assert (no_verdict.code, no_verdict.out) == (2, "")
    for each in (*Verdict, "not-read"):
        assert f"'{each}'" in no_verdict.err
        assert run("fleet", "summary", out, "--verdict", each).code == 0
    no_code = run("fleet", "summary", out, "--code", "BLK08")
    assert (no_code.code, no_code.out) == (2, "")
    assert "did you mean BLK" in no_code.err
    told = [
        run("fleet", "summary", out, "-q", "--code", name).out
        for name in ("CAR023", "car023", CATALOGUE["CAR023"].id)
    ]
    assert told == [told[0]] * 3
    assert "cut.car" in told[0]


def test_words_of_a_data_set_are_safe_to_print(run: Program, tmp_path: Path) -> None:
    """Anybody may have written it, and not this program."""
    word = "\x1b[31m" + "x" * 100
    row = fleet.RepoRow("a.car", "00", verdict=word, did=word, rev=word)
    found = {"code": word, "severity": word, "sha256": "00", "count": 1}
    tables = {
        "repos": repos_table([row, fleet.RepoRow(word, error=word)]),
        "findings": pa.Table.from_pylist([found], findings_schema()),
    }
    for name, table in tables.items():
        (tmp_path / name).mkdir()
        pq.write_table(table, tmp_path / name / "part-0-00000.parquet")
    told = run("fleet", "summary", tmp_path)
    assert (told.code, told.err) == (0, "")
    assert "␛[31mxxx" in told.out
    assert "\x1b" not in told.out
    assert all(len(line) < 1_200 for line in told.out.splitlines())


def test_the_json_of_a_summary_is_that_of_the_library(
    run: Program, folder: Path, tmp_path: Path
) -> None:
    """Every field of every row."""
    out = tmp_path / "out"
    run("fleet", folder, "-o", out)
    told = run("fleet", "summary", out, "--json").json
    summary = fleet.summary(out)
    assert told["files"] == [row.to_json() for row in summary.rows()]
    assert told["totals"]["verdicts"] == summary.totals().verdicts
    assert [each["code"] for each in told["findings"]] == [
        each.code for each in summary.findings()
    ]


def test_the_queries_that_are_shown_run(
    run: Program, folder: Path, tmp_path: Path
) -> None:
    """One after another, as a script."""
    out = tmp_path / "out"
    run("fleet", folder, "-o", out)
    script = run("fleet", "summary", out, "--sql").out
    for name in fleet.queries(out):
        assert f"-- {name}\n" in script
    duckdb.execute(script)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--column", "value"], "there is a column value already"),
        (["--column", "a:b"], "'b' is no type"),
        (["--frame", "1"], "--frame asks about one source"),
        (["--timeout", "soon"], "is no number of seconds"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(
    run: Program, sample: Path, tmp_path: Path, words: list[str], said: str
) -> None:
    """Before anything is written."""
    outcome = run("fleet", sample, "-o", tmp_path / "out", *words)
    assert outcome.code == 2
    assert said in outcome.err
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_written_or_read_is_said_in_a_sentence(
    run: Program, sample: Path, tmp_path: Path
) -> None:
    """A file in the way, a folder of something else, no data set, no cluster."""
    at_file = run("fleet", sample, "-o", sample)
    assert (at_file.code, at_file.out) == (1, "")
    assert f"cannot write {sample}" in at_file.err
    other = run("fleet", sample, "-o", tmp_path)
    assert other.code == 1
    assert "is not empty" in other.err
    none = run("fleet", "summary", tmp_path / "none")
    assert none.code == 1
    assert "there is no data set" in none.err
    odd = run("fleet", sample, "-o", tmp_path / "out", "--scheduler", "local:0")
    assert odd.code == 1
    assert "no cluster at local:0" in odd.err


def test_without_pyarrow_it_says_how_to_install_it(
    run: Program, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And writes nothing."""
    run("fleet", sample, "-o", tmp_path / "there")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for words in (
        ["fleet", sample, "-o", tmp_path / "out"],
        ["fleet", "summary", tmp_path / "there"],
    ):
        outcome = run(*words)
        assert (outcome.code, outcome.out) == (1, "")
        assert "pip install 'atproto-repoview[parquet]'" in outcome.err
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_ctrl_c_ends_it_at_once_and_leaves_no_process(
    process: Callable[..., subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    """Also while a file hangs."""
    hanging = tmp_path / "hanging.car"
    os.mkfifo(hanging)
    program = process("fleet", hanging, "-o", tmp_path / "out")
    with hanging.open("wb"):
        program.send_signal(signal.SIGINT)
        _, said = program.communicate()
    assert program.returncode == 130
    assert said.endswith(b"repoview: interrupted\n")
    assert not list((tmp_path / "out").glob("repos/*"))


def test_progress_is_one_line() -> None:
    """How many of how many, how much, how fast, and what was not sound."""
    done = Done(files=12, bytes=3_400_000, verdicts={"sound": 10, "invalid": 2})
    assert passed_line(Passed(done, 5, 105), 2.0) == (
        "reading  12 of 100 · 3.4 MB · 6 a second · 2 not sound · 5 written before"
    )
    assert passed_line(Passed(done, 5, 105, 8), 2.0).startswith(
        "reading  20 of 100 · 3.4 MB · 10 a second"
    )
    assert passed_line(Passed(Done(), 0, None), 0.0) == "reading  0 · 0 B"


def test_on_a_terminal_nothing_is_left_of_progress(
    folder: Path, tmp_path: Path
) -> None:
    """The line is erased, and what came of it stands there."""
    code, shown = on_terminal("fleet", folder, "-o", tmp_path / "out")
    assert code == 12
    assert shown.rpartition("\r\x1b[K")[2].startswith("6 files, ")
