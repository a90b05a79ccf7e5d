"""Facts about `repoview corpus`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.cli.conftest import saved

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program


def test_a_folder_of_test_files_is_written(run: Program, tmp_path: Path) -> None:
    """Which `verify` judges as its manifest says, with the arguments it names."""
    folder = tmp_path / "empty"
    folder.mkdir()
    outcome = run("corpus", folder)
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err.startswith(f"repoview: wrote {folder}: ")
    cases = json.loads((folder / "manifest.json").read_text())["cases"]
    with_arguments = [case for case in cases if case["arguments"]]
    for case in [*with_arguments, *cases[::50]]:
        verified = run("verify", folder / case["file"], *case["arguments"], "--json")
        report = verified.json
        assert verified.code == case["exit_code"], case["name"]
        assert report["verdict"] == case["verdict"]
        codes = {found["code"] for found in report["findings"]}
        assert sorted(codes - {"ORD003"}) == case["codes"]
        if case["twin"]:
            twin = run("verify", folder / case["twin"]["file"], *case["arguments"])
            assert twin.code == 0


def test_nothing_is_written_over(run: Program, tmp_path: Path) -> None:
    """Neither a folder with something in it, nor a file."""
    mine = saved(tmp_path / "mine", b"mine")
    outcome = run("corpus", tmp_path)
    assert (outcome.code, outcome.out) == (1, "")
    told = f"repoview: {tmp_path} is not empty: name a new directory\n"
    assert outcome.err == told
    outcome = run("corpus", mine)
    assert outcome.err == f"repoview: {mine} is a file: name a new directory\n"
    assert list(tmp_path.iterdir()) == [mine]
    assert mine.read_bytes() == b"mine"


def test_a_folder_that_cannot_be_made_is_told(run: Program, tmp_path: Path) -> None:
    """With the reason."""
    outcome = run("corpus", tmp_path / "no" / "such")
    assert outcome.code == 1
    assert outcome.err.startswith(f"repoview: cannot write {tmp_path}/no/such: no such")
