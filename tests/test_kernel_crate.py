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


def circle(source: Path) -> list[str]:
    """Return modules that use each other in a circle; empty where none do."""
    try:
        TopologicalSorter(uses(source)).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_modules_use_each_other_in_a_circle() -> None:
    """So each can be read and understood after those that it uses."""
    assert circle(CRATE / "src") == []


@pytest.mark.parametrize(
    ("user", "line"),
    [
        ("varint.rs", "use crate::scan::Scanner;"),
        ("varint.rs", "use crate::{limits, scan as scanning};"),
        ("cid.rs", "fn planted() { crate::check::Checker::default(); }"),
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
    assert len(circle(source)) > 1


def lines_of(text: str) -> int:
    """Return how many lines a module has without its imports and its tests."""
    return _IMPORT.sub("", text.partition("#[cfg(test)]")[0]).count("\n")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(CRATE)))
def test_a_module_has_one_idea(path: Path) -> None:
    """So it opens with it, and is short."""
    text = path.read_text("utf-8")
    assert text.startswith("//! ")
    assert lines_of(text) <= MOST_LINES
