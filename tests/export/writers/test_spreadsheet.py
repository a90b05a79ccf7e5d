"""Facts about the CSV that a spreadsheet opens: Gnumeric's, where it is installed."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest

from repoview import export
from repoview.export.style import Style
from tests.export.writers.conftest import FORMULAS

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.core.repo.repo import Repo

PROGRAM = shutil.which("ssconvert")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="needs Gnumeric's ssconvert")


def opened(source: Path, target: str) -> Path:
    """Return a file as the spreadsheet saves what it opened."""
    path = source.with_name(target)
    subprocess.run([str(PROGRAM), source, path], check=True, capture_output=True)
    return path


def formulas_in(book: Path) -> int:
    """Return how many cells of a workbook are formulas."""
    with zipfile.ZipFile(book) as file:
        sheets = [name for name in file.namelist() if "worksheets/sheet" in name]
        return sum(len(re.findall(rb"<f[ >]", file.read(name))) for name in sheets)


def test_no_formula_is_run(repo: Repo, tmp_path: Path) -> None:
    """Unless the cells were asked for as they are: then it takes some for formulas."""
    assert FORMULAS
    for raw, found in ((False, False), (True, True)):
        path = tmp_path / f"{raw}.csv"
        export.write(repo, path, style=Style(raw_csv=raw))
        assert bool(formulas_in(opened(path, f"{raw}.xlsx"))) is found


def test_columns_and_rows_are_those_of_the_file(repo: Repo, tmp_path: Path) -> None:
    """Read, and written again."""
    path = tmp_path / "x.csv"
    export.write(repo, path)
    again = opened(opened(path, "x.xlsx"), "again.csv")
    tables = []
    for each in (path, again):
        with each.open(newline="", encoding="utf-8") as file:
            tables.append(list(csv.reader(file)))
    assert tables[0][0] == tables[1][0]
    assert [len(table) for table in tables] == [len(repo) + 1] * 2
    columns = [[row[1] for row in table] for table in tables]
    assert columns[0] == columns[1]
