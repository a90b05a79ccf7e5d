"""Facts about `--select`, on all commands that take one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from repoview.core.repo.repo import Repo
from tests.cli.conftest import RECORDS, saved
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

POSTS = "collection:*.post -text:zzz"


def test_records_are_listed_by_a_selection(run: Program, sample: Path) -> None:
    """As the library finds them, one by one or where they are a range."""
    for text in (POSTS, "collection:*.post", "-collection:*.post", "size:>300"):
        with Repo.load(sample) as repo:
            wanted = [record.path for record in repo.select(text)]
        lines = run("ls", sample, "-s", text).out.splitlines()
        assert [line.partition("\t")[0] for line in lines] == wanted
        told = run("ls", sample, "--select", text, "--json").json
        assert [each["path"] for each in told] == wanted


def test_a_selection_narrows_a_prefix(run: Program, sample: Path) -> None:
    """Both have to hold."""
    lines = run("ls", sample, "app.bsky.feed.like/", "-s", POSTS)
    assert lines.out == ""
    assert "that begins with app.bsky.feed.like/ is selected by" in lines.err
    both = run("ls", sample, "app.bsky.feed.", "-s", "collection:*.post").out
    assert both == run("ls", sample, "app.bsky.feed.post/").out


def test_a_selection_is_exported(run: Program, sample: Path, tmp_path: Path) -> None:
    """Of what is named, or of everything."""
    out = tmp_path / "out.jsonl"
    run("export", sample, "-o", out, "-s", POSTS)
    paths = [json.loads(line)["path"] for line in out.read_text().splitlines()]
    with Repo.load(sample) as repo:
        assert paths == [record.path for record in repo.select(POSTS)]
        named = repo.select(POSTS)[0].path
    run("export", sample, named, "-o", out, "--force", "-s", POSTS)
    assert json.loads(out.read_text())["path"] == named
    outcome = run("export", sample, named, "-o", out, "--force", "-s", "zzz")
    assert (outcome.code, "is selected by zzz" in outcome.err) == (1, True)
    assert json.loads(out.read_text())["path"] == named


def test_a_selected_collection_is_the_slice_of_that_collection(
    run: Program, sample: Path, tmp_path: Path
) -> None:
    """The same file, byte for byte, which proves its records."""
    one, other = tmp_path / "one.car", tmp_path / "other.car"
    run("export", sample, "-o", one, "-s", "collection:*.post")
    run("export", sample, "-o", other, "--collection", "app.bsky.feed.post")
    assert one.read_bytes() == other.read_bytes()
    assert run("verify", one, "--expect", "slice").code == 0


def test_info_counts_a_selection(run: Program, sample: Path) -> None:
    """Records and bytes, in all and by collection."""
    told = run("info", sample, "-s", "-collection:*.profile", "--json").json
    with Repo.load(sample) as repo:
        found = repo.select("-collection:*.profile")
        assert told["records"] == len(found) < RECORDS
        assert told["bytes"] == sum(record.size or 0 for record in found)
        names = sorted({record.collection for record in found})
    assert [each["name"] for each in told["collections"]] == names
    assert sum(each["bytes"] for each in told["collections"]) == told["bytes"]
    half = run("info", sample, "-s", "size:>250", "--json").json
    assert sum(each["bytes"] for each in half["collections"]) == half["bytes"]
    assert half["bytes"] > 250 * half["records"] > 0
    page = run("info", sample, "-s", "-collection:*.profile").out
    assert page.startswith(f"{told['records']} records of {RECORDS}, ")
    assert run("info", sample, "-s", "zzz").out.startswith("0 records of 60, 0 B")


@pytest.mark.parametrize("command", ["ls", "info", "export"])
def test_what_is_no_selection_is_pointed_at(
    run: Program, command: str, tmp_path: Path
) -> None:
    """Before anything is read: the file is not even there."""
    more = ["-o", tmp_path / "out.jsonl"] if command == "export" else []
    outcome = run(command, tmp_path / "none.car", *more, "-s", "a\x1b tme:2024")
    assert (outcome.code, outcome.out) == (2, "")
    said, text, mark = outcome.err.splitlines()
    assert "character 4: there is no field 'tme': did you mean time:?" in said
    assert text == "  a␛ tme:2024"
    assert mark.index("^") == text.index("tme")


@pytest.mark.parametrize(
    "words",
    [
        ("ls", "-s", "a", "--unlinked"),
        ("ls", "-s", "a", "--collections"),
        ("export", "-o", "out.jsonl", "--unlinked", "-s", "a"),
        ("info", "-s", "a", "--explain"),
    ],
)
def test_a_selection_is_of_records(
    run: Program, sample: Path, words: list[str]
) -> None:
    """What lists something else takes none."""
    outcome = run(words[0], sample, *words[1:])
    assert (outcome.code, outcome.out) == (2, "")


def test_findings_that_name_no_record_are_told(run: Program, tmp_path: Path) -> None:
    """Of a code some are kept; of the others it is not known what they are about."""
    wrong = {path: {"$type": "a.b.wrong"} for path in many(150)}
    path = saved(tmp_path / "wrong.car", make_repo(wrong))
    outcome = run("ls", path, "-s", "finding:REC")
    assert len(outcome.out.splitlines()) == 100
    assert "50 findings more (" in outcome.err
    assert "findings more" not in run("ls", path, "-s", "finding:KEY").err
