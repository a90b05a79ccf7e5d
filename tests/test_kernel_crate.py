"""Facts about how the crate of the compiled kernel is put together.

What import contracts say of the modules in Python, this says of those in Rust:
which may use which. They are as short, too.
"""

from __future__ import annotations

import re
import shutil
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Final

import pytest

CRATE: Final = Path(__file__).resolve().parents[1] / "kernel"
MODULES: Final = sorted([*CRATE.glob("src/**/*.rs"), *CRATE.glob("*/src/*.rs")])

MOST_LINES: Final = 400
"""As of a module in Python: without imports, and without tests."""

_COMMENT: Final = re.compile(r"//.*")
_PATH: Final = re.compile(r"\b(crate|super)::(?:\{([^}]*)\}|([\w:]+))")
_IMPORT: Final = re.compile(r"^(?:pub )?use [^;]*;\n", re.MULTILINE)
_CHILD: Final = re.compile(r"^(?:pub )?mod (\w+);", re.MULTILINE)


def name_of(path: Path, source: Path) -> str:
    """Return what a module is called in Rust, without ``crate::``; that is ""."""
    names = path.relative_to(source).with_suffix("").parts
    return "::".join(names[:-1] if names[-1] in {"mod", "lib"} else names)


def paths_in(name: str, text: str) -> list[str]:
    """Return the paths that a module writes, from the crate on."""
    above = name.rpartition("::")[0]
    paths = []
    for begin, group, path in _PATH.findall(text):
        base = "" if begin == "crate" else above
        ends = [end.split()[0] for end in group.split(",") if end.strip()] or [path]
        paths += [f"{base}::{end}" if base else end for end in ends]
    for child in _CHILD.findall(text):
        # A module names those inside it as they are.
        prefix = f"{name}::" if name else ""
        paths += [
            f"{prefix}{path}" for path in re.findall(rf"(?<!:)\b{child}::\w+", text)
        ]
    return paths


def uses(source: Path) -> dict[str, set[str]]:
    """Return which modules of a crate each of them uses, its tests included."""
    paths = sorted(source.rglob("*.rs"))
    names = {name_of(path, source) for path in paths}
    used: dict[str, set[str]] = {}
    for path in paths:
        name = name_of(path, source)
        used[name] = set()
        for written in paths_in(name, _COMMENT.sub("", path.read_text("utf-8"))):
            whole = written
            while whole not in names:
                whole = whole.rpartition("::")[0]
            used[name].add(whole)
        used[name].discard(name)
    return used


def folders_of(used: dict[str, set[str]]) -> dict[str, set[str]]:
    """Return the same of the folders of a crate, and of modules in none."""
    folders: dict[str, set[str]] = {}
    for name, others in used.items():
        folder = name.partition("::")[0]
        used_here = {other.partition("::")[0] for other in others}
        folders.setdefault(folder, set()).update(used_here - {folder})
    return folders


def circle(used: dict[str, set[str]]) -> list[str]:
    """Return what uses each other in a circle; empty where nothing does."""
    try:
        TopologicalSorter(used).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_use_each_other_in_a_circle() -> None:
    """So each can be read and understood after those that it uses."""
    used = uses(CRATE / "src")
    assert circle(used) == []
    assert circle(folders_of(used)) == []


@pytest.mark.parametrize(
    ("user", "line"),
    [
        ("varint.rs", "use crate::scan::Scanner;"),
        ("varint.rs", "use crate::{limits, scan as scanning};"),
        ("cid.rs", "fn planted() { crate::scan::check::Checker::default(); }"),
        ("seam/values.rs", "use super::block_index::BlockIndex;"),
        ("seam/mod.rs", "use values::packed;\npub fn planted() {}"),
    ],
)
def test_a_circle_is_found(user: str, line: str, tmp_path: Path) -> None:
    """However the use is written."""
    source = tmp_path / "src"
    shutil.copytree(CRATE / "src", source)
    with (source / user).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    if user == "seam/mod.rs":
        with (source / "seam" / "values.rs").open("a", encoding="utf-8") as file:
            file.write("use super::planted;\n")
    assert len(circle(uses(source))) > 1


def test_a_circle_of_folders_is_found(tmp_path: Path) -> None:
    """Also where no two modules use each other."""
    source = tmp_path / "src"
    shutil.copytree(CRATE / "src", source)
    with (source / "storage" / "positional_file.rs").open("a") as file:
        file.write("use crate::blocks::block::NO_ROW;\n")
    used = uses(source)
    assert circle(used) == []
    assert len(circle(folders_of(used))) > 1


def lines_of(text: str) -> int:
    """Return how many lines a module has without its imports and its tests."""
    return _IMPORT.sub("", text.partition("#[cfg(test)]")[0]).count("\n")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(CRATE)))
def test_a_module_has_one_idea(path: Path) -> None:
    """So it opens with it, and is short."""
    text = path.read_text("utf-8")
    assert text.startswith("//! ")
    assert lines_of(text) <= MOST_LINES


# The page about it


def page_of_the_crate() -> str:
    """Return what the page of the design says of the parts of the crate."""
    page = (CRATE.parent / "docs" / "design.md").read_text("utf-8")
    return page[page.index("\n| in `kernel/src` | in `repoview` |") :]


def test_parts_are_called_as_the_page_says() -> None:
    """On either side, and by one name where the page says so."""
    rows = re.findall(r"^\| (`[^|]*) \| ([^|]*) \|$", page_of_the_crate(), re.MULTILINE)
    assert rows
    for here, there in rows:
        (twin,) = re.findall(r"`([\w/]+)`", there)
        place = CRATE.parent / "repoview" / twin
        for part in re.findall(r"`([\w/]+)`", here):
            assert (CRATE / "src" / f"{part}.rs").is_file() or (
                CRATE / "src" / part / "mod.rs"
            ).is_file(), part
            if there.startswith("of the same name"):
                own = place / Path(part).name
                assert own.with_suffix(".py").is_file() or own.is_dir(), part
            else:
                assert place.with_suffix(".py").is_file(), twin


def test_the_page_names_every_part_of_the_crate() -> None:
    """But the folders that only the crate has, as a whole."""
    named = set(re.findall(r"`([\w/]+)`", page_of_the_crate()))
    names = {name.replace("::", "/") for name in uses(CRATE / "src") if name}
    unnamed = {name for name in names - named if not name.startswith(("seam", "read_"))}
    assert unnamed <= {"blocks", "formats", "storage"}
