"""Facts about `--max-seconds`, without waiting for any of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import saved

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import Popen

    from tests.cli.conftest import Program


def test_without_time_the_verdict_says_that_it_is_none(
    run: Program, sample: Path
) -> None:
    """Nothing was read, and nothing says that the file is wrong."""
    outcome = run("verify", sample, "--max-seconds", "0", "--json")
    report = outcome.json
    assert (outcome.code, report["verdict"], report["complete"]) == (
        10,
        "incomplete",
        None,
    )
    assert [found["code"] for found in report["findings"]] == ["LIM001"]
    page = run("--max-seconds", "0", "verify", sample).out
    assert page.startswith("INCOMPLETE: a limit ended the reading before the end.")
    assert "give it more with --max-seconds" in " ".join(page.split())


@pytest.mark.parametrize("command", ["info", "ls", "mst", "blobs", "rewrite"])
def test_all_commands_that_open_a_source_have_the_limit(
    run: Program, sample: Path, tmp_path: Path, command: str
) -> None:
    """Each gives what there is, and says that this is not all."""
    out = tmp_path / "new.car"
    more = ("-o", out) if command == "rewrite" else ()
    outcome = run(command, sample, "--max-seconds", "0", *more)
    assert outcome.code == 10
    assert "was read in part: the time that it may take, 0 s, is over" in outcome.err
    assert not out.exists()


def test_each_of_many_sources_may_take_so_long(
    process: Callable[..., Popen[bytes]], sample: Path, tmp_path: Path
) -> None:
    """In processes of their own."""
    other = saved(tmp_path / "other.car", sample.read_bytes())
    words = ("verify", sample, other, "--json", "--max-seconds")
    for seconds, code in (("0", 10), ("600", 0)):
        with process(*words, seconds) as program:
            printed, _ = program.communicate()
        told = [json.loads(line) for line in printed.splitlines()]
        assert [each["exit_code"] for each in told] == [code, code]
        assert program.returncode == code


@pytest.mark.parametrize("seconds", ["0.5", "30", "1000000", "007", "1."])
def test_what_is_a_time_is_taken(run: Program, sample: Path, seconds: str) -> None:
    """Whole seconds, or parts."""
    assert run("verify", sample, "-q", "--max-seconds", "9" + seconds).code == 0


@pytest.mark.parametrize(
    "seconds", ["-1", "much", "", "1e3", "nan", "inf", "1:30", ".", "9" * 21, "²"]
)
def test_what_is_no_time_is_refused(run: Program, sample: Path, seconds: str) -> None:
    """In words, and with 2."""
    outcome = run("verify", sample, "--max-seconds", seconds)
    assert (outcome.code, outcome.out) == (2, "")
    assert "is no number of seconds: say 30, or 0.5" in outcome.err


def test_what_is_saved_in_no_time_is_nothing(run: Program, sample: Path) -> None:
    """And the answer says that there may be more: not that there is nothing."""
    outcome = run("salvage", sample, "--max-seconds", "0")
    assert outcome.code == 10
    assert "a limit ended it early" in outcome.out
