"""Facts about the benchmark's inputs and pages; nothing is measured here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import table
from benchmarks.packed import PACKINGS, make
from benchmarks.tiny import KINDS
from benchmarks.tiny import make as make_tiny
from repoview.core.repo import Repo

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
        rows = len(repo.blocks.index)
        assert rows == {"copies": 1, "odd": 0}.get(kind, COUNT)
    assert list(tmp_path.iterdir()) == [path]


def test_all_kinds_of_tiny_blocks_are_known() -> None:
    """None is added without a fact above."""
    assert set(KINDS) == {"distinct", "wrong", "copies", "odd"}


@pytest.mark.parametrize("packing", PACKINGS)
def test_a_packed_file_holds_the_same(tmp_path: Path, packing: str) -> None:
    """As the program itself unpacks it."""
    plain, path = tmp_path / "x.car", tmp_path / "packed"
    make_tiny("distinct", COUNT, plain)
    make(packing, plain, path)
    with Repo.load(path) as repo, Repo.load(plain) as expected:
        assert repo.source.packed == packing
        assert repo.report.findings == expected.report.findings
        assert repo.report.counts == expected.report.counts


def test_each_part_has_its_place_on_the_page() -> None:
    """What is written there replaces nothing else, and is found again."""
    page = table.PAGE.read_text(encoding="utf-8")
    for part in ("readers", "sources and limits"):
        once = table.put(page, part, "| new |")
        assert once.count("| new |") == 1
        assert table.put(once, part, "| newer |") == table.put(page, part, "| newer |")
    with pytest.raises(ValueError, match="no marks for the tables of others"):
        table.put(page, "others", "")
