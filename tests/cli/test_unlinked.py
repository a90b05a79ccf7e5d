"""Facts about blocks that nothing links to, on the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.repo.repo import Repo
from repoview.corpus import make_car
from repoview.corpus.repo import sample as tree
from tests.cli.conftest import on_terminal, saved

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A repository with an old commit, an old node and two old records."""
    car = make_car({"com.example.note/1": {}})
    for data in (tree().data, tree().top.data):
        car = car.plus_block(data)
    for name in ("com.example.note", "com.other"):
        car = car.plus_block(dagcbor.encode({"$type": name}))
    return saved(tmp_path / "old.car", car.data)


def test_a_line_is_cid_kind_type_size_and_offset(run: Program, old: Path) -> None:
    """In the order of the file."""
    outcome = run("ls", old, "--unlinked")

    assert (outcome.code, outcome.err) == (0, "")
    lines = [line.split("\t") for line in outcome.out.splitlines()]
    with Repo.load(old) as repo:
        assert lines == [
            [str(b.cid), b.kind, b.type or "-", str(b.size), str(b.offset)]
            for b in repo.inventory.unlinked()
        ]
    assert [line[1] for line in lines] == ["commit", "node", "record", "record"]


def test_a_prefix_chooses_by_type(run: Program, old: Path) -> None:
    """What has no `$type` begins with none."""
    (line,) = run("ls", old, "com.other", "--unlinked").out.splitlines()
    assert line.split("\t")[2] == "com.other"
    assert run("ls", old, "zz", "--unlinked").out == ""


def test_the_json_has_the_same(run: Program, old: Path) -> None:
    """An array of objects."""
    objects = run("ls", old, "--unlinked", "--json").json
    lines = run("ls", old, "--unlinked").out.splitlines()
    fields = ("cid", "kind", "type", "size", "offset")
    assert lines == ["\t".join(str(o[f] or "-") for f in fields) for o in objects]
    assert run("ls", old, "zz", "--unlinked", "--json").json == []


def test_two_lists_at_once_are_refused(run: Program, old: Path) -> None:
    """One has to be chosen."""
    outcome = run("ls", old, "--unlinked", "--collections")
    assert (outcome.code, outcome.out) == (2, "")


def test_a_type_cannot_break_a_line_or_a_terminal(run: Program, tmp_path: Path) -> None:
    """Whatever an account called it."""
    record = dagcbor.encode({"$type": "a\tb\n\x1b[31m\u202e"})
    car = make_car({"com.example.note/1": {}}).plus_block(record)
    path = saved(tmp_path / "x.car", car.data)

    (line,) = run("ls", path, "--unlinked").out.splitlines()
    _, drawn = on_terminal("ls", path, "--unlinked", "--no-color")

    assert line.split("\t")[2] == "a\\tb\\n\x1b[31m\u202e"
    assert "\x1b" not in drawn
    assert "\u202e" not in drawn


def test_they_go_out_by_themselves(run: Program, old: Path, tmp_path: Path) -> None:
    """As a CAR, and as JSON lines; a sentence says how many."""
    car, lines = tmp_path / "out.car", tmp_path / "out.jsonl"

    outcome = run("export", old, "--unlinked", "-o", car)

    size = car.stat().st_size
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err == f"repoview: wrote {car}: 4 unlinked blocks, {size} B\n"
    assert run("export", old, "--unlinked", "-o", lines, "-q").err == ""
    objects = [json.loads(line) for line in lines.read_text().splitlines()]
    listed = run("ls", old, "--unlinked", "--json").json
    assert [{**o, "value": None} for o in objects] == [
        {**o, "value": None} for o in listed
    ]
    out = run("export", old, "--unlinked", "-o", "-", "--format", "jsonl").out
    assert out == lines.read_text()


def test_nothing_is_overwritten(run: Program, old: Path, tmp_path: Path) -> None:
    """Neither another file unasked, nor the source ever."""
    taken = saved(tmp_path / "taken.car", b"mine")
    for target in (taken, old):
        before = target.read_bytes()
        assert run("export", old, "--unlinked", "-o", target).code == 1
        assert target.read_bytes() == before
    assert run("export", old, "--unlinked", "-o", old, "--force").code == 1
    assert run("export", old, "--unlinked", "-o", taken, "--force").code == 0


@pytest.mark.parametrize(
    "named", [("a/b",), ("--collection", "a.b.c"), ("--prefix", "a")]
)
def test_records_cannot_be_named_with_it(
    run: Program, old: Path, named: tuple[str, ...]
) -> None:
    """They have paths, and these blocks have none."""
    outcome = run("export", old, *named, "--unlinked", "-o", "-", "--format", "jsonl")
    assert (outcome.code, outcome.out) == (2, "")
