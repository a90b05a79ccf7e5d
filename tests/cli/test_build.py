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
    assert "no account is named in the records: say --did" in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    assert (
        run("build", tmp_path / "x", "-o", tmp_path / "x.car", "--did", DID).code == 0
    )


def test_nothing_to_build_of_is_said_to_be_nothing(
    run: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a pipe that brought nothing; with an account it is an empty repository."""
    path = tmp_path / "x.car"
    (tmp_path / "empty").write_bytes(b"")
    for more, code in (([], 2), (["--did", DID], 0)):
        with (tmp_path / "empty").open() as nothing:
            monkeypatch.setattr("sys.stdin", nothing)
            outcome = run("build", "-", "-o", path, *more)
        assert outcome.code == code, outcome.err
        if code:
            said = "no account is named, as there are no records: say --did"
            assert said in outcome.err
    with Repo.load(path) as repo:
        assert len(repo) == 0


def test_a_zip_file_is_built_of_as_a_folder_is(run: Program, tmp_path: Path) -> None:
    """The account is to be named; from a pipe it cannot be read, which is said."""
    source, path = tmp_path / "x.zip", tmp_path / "x.car"
    with Repo.load(make_repo(many(30))) as repo:
        export.write(repo, source)
        assert repo.commit is not None
        wanted = str(repo.commit.data)
    told = run("build", source, "-o", path, "--did", DID, "--json").json
    assert (told["data"], told["records"]) == (wanted, 30)
    assert run("build", source, "-o", tmp_path / "y.car").code == 2


def test_a_value_that_is_not_that_of_its_cid_is_refused_with_a_way_out(
    run: Program, lines: Path, tmp_path: Path
) -> None:
    """And taken where that is asked for."""
    first, *others = lines.read_text().splitlines(keepends=True)
    fields = json.loads(first)
    fields["value"]["path"] = "another"
    lines.write_text("".join([json.dumps(fields), "\n", *others]))
    outcome = run("build", lines, "-o", tmp_path / "x.car")
    assert outcome.code == 1
    assert "not that of the CID beside it: --edited takes the value" in outcome.err
    assert run("build", lines, "-o", tmp_path / "x.car", "--edited").code == 0
