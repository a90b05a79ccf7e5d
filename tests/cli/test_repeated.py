"""Facts about lists of what is in a file, or used by its tree, more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.core.repo.repo import Repo
from repoview.corpus import CASES, sample
from tests.cli.conftest import on_terminal, saved
from tests.core.repos import make_repo

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program

LISTS = ("--duplicates", "--shared", "--two-roles", "--unlinked")
RECORD = {"$type": "com.example.a"}


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A repository with one record under three keys, and one under one."""
    keys = {f"com.example.{x}/1": RECORD for x in "abc"}
    return saved(tmp_path / "x.car", make_repo({**keys, "com.example.d/1": {}}))


def test_copies_have_a_line_with_their_offsets(run: Program, tmp_path: Path) -> None:
    """And it says which of them has other bytes."""
    car = sample().car()
    cid = car.cids[-1]
    again = car.plus_block(car.data_of(cid), cid).plus_block(b"?", cid)
    path = saved(tmp_path / "x.car", again.data)
    size, first = len(car.data_of(cid)), car.last_section
    copy, other = again.offsets[-2:]

    (line,) = run("ls", path, "--duplicates").out.splitlines()
    (found,) = run("ls", path, "--duplicates", "--json").json

    fields = ["record", str(size), str(first), str(copy), f"{other} differs"]
    assert line.split("\t")[1:] == fields
    assert found == {
        "cid": line.split("\t")[0],
        "role": "record",
        "size": size,
        "offset": first,
        "copies": [
            {"offset": copy, "same": True},
            {"offset": other, "same": False},
        ],
    }


def test_a_shared_record_has_a_line_with_its_keys(run: Program, shared: Path) -> None:
    """All of them; a prefix chooses by any of them."""
    (line,) = run("ls", shared, "--shared").out.splitlines()
    (found,) = run("ls", shared, "--shared", "--json").json

    with Repo.load(shared) as repo:
        record = repo.record(0)
        told = [str(record.cid), str(record.size), str(record.offset), "3"]
    paths = [f"com.example.{x}/1" for x in "abc"]
    assert line.split("\t") == [*told, *paths]
    assert found["records"] == paths
    assert [str(found[f]) for f in ("cid", "size", "offset", "keys")] == told
    assert run("ls", shared, "com.example.c", "--shared").out == f"{line}\n"
    assert run("ls", shared, "com.example.d", "--shared").out == ""


def test_a_block_that_is_node_and_record_has_a_line(
    run: Program, tmp_path: Path
) -> None:
    """With the number of the node, and its keys."""
    case = next(case for case in CASES if case.code == "MST025")
    path = saved(tmp_path / "x.car", case.build().data)

    (line,) = run("ls", path, "--two-roles").out.splitlines()
    (found,) = run("ls", path, "--two-roles", "--json").json

    cid, size, offset, node, *paths = line.split("\t")
    with Repo.load(path) as repo:
        assert str(repo.tree.node(int(node)).cid) == cid
        assert [str(repo.get(each).cid) for each in paths] == [cid] * len(paths)  # type: ignore[union-attr]
    assert found == {
        "cid": cid,
        "size": int(size),
        "offset": int(offset),
        "node": int(node),
        "records": paths,
    }


@pytest.mark.parametrize("which", LISTS)
def test_a_file_without_any_has_an_empty_list(
    run: Program, sample: Path, which: str
) -> None:
    """No line, and an empty array."""
    assert run("ls", sample, which).out == ""
    assert run("ls", sample, which, "--json").json == []


@pytest.mark.parametrize("which", LISTS)
def test_one_list_is_enough(run: Program, sample: Path, which: str) -> None:
    """Two are refused, by name."""
    outcome = run("ls", sample, which, "--collections")
    assert (outcome.code, outcome.out) == (2, "")
    assert which in outcome.err


def test_no_prefix_chooses_copies(run: Program, sample: Path) -> None:
    """They may be of any block."""
    assert run("ls", sample, "a", "--duplicates").code == 2


def test_a_key_cannot_break_a_line_or_a_terminal(run: Program, tmp_path: Path) -> None:
    """Whatever an account called it."""
    odd = "com.example.kind/a\tb\nc\x1b\u202e"
    data = make_repo({odd: RECORD, "com.example.kind/b": RECORD})
    path = saved(tmp_path / "x.car", data)

    (line,) = run("ls", path, "--shared").out.splitlines()
    _, drawn = on_terminal("ls", path, "--shared", "--no-color")

    assert line.split("\t")[4] == "com.example.kind/a\\tb\\nc\x1b\u202e"
    assert "\x1b" not in drawn
    assert "\u202e" not in drawn
