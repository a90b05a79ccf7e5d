"""Facts about the benchmark's inputs and pages; nothing is measured here."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from benchmarks import table
from benchmarks.bombs import BOMBS
from benchmarks.hostile import KINDS as HOSTILE
from benchmarks.hostile import make as make_hostile
from benchmarks.layouts import LAYOUTS, laid_out
from benchmarks.packed import PACKINGS, make
from benchmarks.salvage import DAMAGES
from benchmarks.salvage import make as make_damaged
from benchmarks.tiny import KINDS
from benchmarks.tiny import make as make_tiny
from repoview.core.opening.options import OpenOptions
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from repoview.core.salvage.salvage import salvage
from repoview.sample import write_sample

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 300

ABOUT = {"CAR020", "COM001", "BLK004"}
"""What is wrong with all of them: no root, no commit, nothing links to them."""


@pytest.mark.parametrize(
    ("kind", "also"),
    [
        ("distinct", set[str]()),
        ("wrong", {"BLK001", "LIM002"}),
        ("copies", {"BLK001", "LIM002"}),
        ("odd", {"CID004", "LIM002"}),
    ],
)
def test_tiny_blocks_are_what_they_are_called(
    tmp_path: Path, kind: str, also: set[str]
) -> None:
    """As many as were asked for, and wrong in that way alone."""
    path = tmp_path / "x.car"
    make_tiny(kind, COUNT, path)
    with Repo.load(path) as repo:
        assert repo.report.counts.blocks == COUNT
        found = {each.code for each in repo.report.findings}
        assert found == ABOUT | also
        rows = len(inside(repo).blocks.index)
        assert rows == {"copies": 1, "odd": 0}.get(kind, COUNT)
    assert list(tmp_path.iterdir()) == [path]


def test_all_kinds_of_tiny_blocks_are_known() -> None:
    """None is added without a fact above."""
    assert set(KINDS) == {"distinct", "wrong", "copies", "odd"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("sound", None),
        ("a float", "CBR011"),
        ("an integer of 54 bits", "CBR016"),
        ("text that is no UTF-8", "CBR014"),
        ("a key that is there twice", "CBR007"),
        ("keys out of order", "CBR008"),
        ("text without a length", "CBR004"),
        ("a byte too many", "CBR002"),
        ("another `$type`", "REC005"),
        ("no `$type`", "REC003"),
        ("a record key with `!`", "KEY006"),
        ("a key of 514 bytes", "KEY011"),
        ("a length that is padded", "CAR022"),
        ("a wrong hash", "BLK001"),
        ("a block of an odd CID beside it", "CID004"),
    ],
)
def test_hostile_files_are_what_they_are_called(
    tmp_path: Path, name: str, code: str | None
) -> None:
    """Each record of them, in that way alone."""
    path = tmp_path / "x.car"
    make_hostile(name, COUNT, path)
    with Repo.load(path) as repo:
        report = repo.report
    found: Counter[str] = Counter()
    for each in report.findings:
        found[each.found if each.code == "LIM002" else each.code] += each.count
    about_all = {"ORD003", "BLK004", "BLK005"}
    assert {*found} - about_all == {code} - {None}
    assert code is None or found[code] == COUNT
    assert report.counts.records == COUNT


def test_all_kinds_of_hostile_files_are_known() -> None:
    """None is added without a fact above."""
    (marks,) = test_hostile_files_are_what_they_are_called.pytestmark
    assert [name for name, _ in marks.args[1]] == [*HOSTILE]


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_packed_file_holds_the_same(tmp_path: Path, packing: str) -> None:
    """As the program itself unpacks it."""
    plain, path = tmp_path / "x.car", tmp_path / "packed"
    make_tiny("distinct", COUNT, plain)
    make(packing, plain, path)
    with Repo.load(path) as repo, Repo.load(plain) as expected:
        assert inside(repo).source.packed == packing
        assert repo.report.findings == expected.report.findings
        assert repo.report.counts == expected.report.counts


@pytest.mark.parametrize(
    ("layout", "order", "also"),
    [
        ("preorder", "preorder", set[str]()),
        ("cid-ascending", "cid-ascending", {"ORD001", "ORD002"}),
        ("cid-descending", "cid-descending", {"ORD001", "ORD002"}),
        ("random", "mixed", {"ORD001", "ORD002"}),
        ("commit-last", "mixed", {"ORD001", "ORD002"}),
        ("copies", "mixed", {"ORD001", "ORD002", "BLK002"}),
        ("unlinked", "mixed", {"ORD001", "ORD002", "BLK004"}),
        ("wrong-hash", "cid-descending", {"ORD001", "ORD002", "BLK001"}),
        ("carv2", "cid-descending", {"ORD001", "ORD002", "CV2001"}),
    ],
)
def test_layouts_are_what_they_are_called(
    layout: str, order: str, also: set[str]
) -> None:
    """All else stays as it is."""
    out = bytearray()
    write_sample(out.extend, COUNT)
    data = b"".join(laid_out(bytes(out), layout))
    with Repo.load(bytes(out)) as plain, Repo.load(data) as repo:
        assert repo.report.order == order
        found, usual = (
            {each.code for each in one.report.findings} for one in (repo, plain)
        )
        assert found - usual == also - usual
        assert [r.path for r in repo] == [r.path for r in plain]


def test_all_layouts_are_known() -> None:
    """None is added without a fact above."""
    assert len(LAYOUTS) == 9


def test_each_part_has_its_place_on_the_page() -> None:
    """What is written there replaces nothing else, and is found again."""
    page = table.PAGE.read_text(encoding="utf-8")
    parts = ("readers", "sources and limits", "limits of memory", "small files")
    for part in parts:
        once = table.put(page, part, "| new |")
        assert once.count("| new |") == 1
        assert table.put(once, part, "| newer |") == table.put(page, part, "| newer |")
    with pytest.raises(ValueError, match="no marks for the tables of others"):
        table.put(page, "others", "")


LIGHT = [name for name in BOMBS if not re.search("million|10 MB|,000 entries", name)]
"""Those that cost next to nothing."""


@pytest.mark.parametrize("name", LIGHT)
def test_bombs_are_borne(name: str) -> None:
    """Each is judged like any other file; what it costs is for the script to tell."""
    with Repo.load(BOMBS[name]()) as repo:
        assert (repo.report.exit_code == 0) == ("sound" in name)


@pytest.mark.parametrize("name", DAMAGES)
def test_files_to_save_are_damaged_in_the_way_that_they_say(
    tmp_path: Path, name: str
) -> None:
    """And in no other, whatever the order of their blocks."""
    path, damaged = tmp_path / "x.car", tmp_path / "damaged.car"
    with path.open("wb") as file:
        write_sample(file.write, COUNT)
    make_damaged(name, path, damaged)
    with salvage(damaged, OpenOptions()) as saved:
        report = saved.report
    lost = {
        "the whole file": (),
        "the file without its header": ("lost_bytes",),
        "the file without its commit": ("damaged", "lost_bytes"),
        "the file without the top of its tree": (
            "missing_nodes",
            "damaged",
            "lost_bytes",
        ),
    }
    names = ("missing_nodes", "missing_records", "damaged", "lost_bytes")
    found = tuple(each for each in names if getattr(report, each))
    if name in lost:
        assert found == lost[name]
        assert report.damaged <= 1
        assert report.has_commit is (name != "the file without its commit")
    else:
        assert report.missing_nodes
        assert damaged.stat().st_size < path.stat().st_size or report.damaged > 9
    assert damaged.stat().st_size <= path.stat().st_size
