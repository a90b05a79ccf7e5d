"""Facts about `repoview build`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from repoview import export
from repoview.core.repo.repo import Repo
from tests.core.repos import DID, REV, make_repo, many

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """Some records as JSON lines."""
    path = tmp_path / "x.jsonl"
    with Repo.load(make_repo(many(30))) as repo:
        export.write(repo, path)
    return path


def test_build_says_what_it_wrote(run: Program, lines: Path, tmp_path: Path) -> None:
    """The account is that of the lines."""
    out = tmp_path / "x.car"
    outcome = run("build", lines, "-o", out, "--rev", REV)
    assert outcome.code == 0
    assert outcome.err.startswith(f"repoview: wrote {out}: 30 records, ")
    assert ", not signed; data bafyrei" in outcome.err
    told = run("build", lines, "-o", out, "--rev", REV, "--force", "--json").json
    with Repo.load(str(out)) as repo:
        assert repo.commit is not None
        assert (told["did"], told["rev"]) == (DID, REV)
        assert told["data"] == str(repo.commit.data)
        assert told["commit"] == str(repo.commit.cid)
    assert (told["records"], told["signed"]) == (30, False)
    assert told["bytes"] == out.stat().st_size


def test_a_revision_is_made_if_none_is_named(
    run: Program, lines: Path, tmp_path: Path
) -> None:
    """Of this moment."""
    told = run("build", lines, "-o", tmp_path / "x.car", "--json").json
    assert told["rev"] > REV


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--did", "x"], "x is no DID"),
        (["--rev", "x"], "x is no TID"),
        (["-o", "-", "--json"], "would both go to standard output"),
    ],
)
def test_wrong_words_are_refused(
    run: Program, lines: Path, tmp_path: Path, more: list[str], said: str
) -> None:
    """Before anything is read."""
    outcome = run("build", lines, "-o", tmp_path / "x.car", *more)
    assert (outcome.code, said in outcome.err) == (2, True)
    assert not (tmp_path / "x.car").exists()


def test_a_folder_needs_to_be_told_the_account(run: Program, tmp_path: Path) -> None:
    """Nothing in it does."""
    (tmp_path / "x" / "a.b.c").mkdir(parents=True)
    (tmp_path / "x" / "a.b.c" / "y.json").write_text(json.dumps({"$type": "a.b.c"}))
    outcome = run("build", tmp_path / "x", "-o", tmp_path / "x.car")
    assert outcome.code == 2
    assert "no account is named: say --did" in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert (
        run("build", tmp_path / "x", "-o", tmp_path / "x.car", "--did", DID).code == 0
    )
