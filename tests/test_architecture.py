"""Facts about how the program is put together.

Import contracts stand in pyproject.toml; here each of them is seen to fail
when somebody breaks it. The rest is about what no import contract can say:
what is loaded when, how long things are, and which doors text must pass.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "repoview"
MODULES = sorted(PACKAGE.rglob("*.py"))

MOST_LINES = 400
MOST_FUNCTION_LINES = 50
LONG_FUNCTIONS = {
    "core/formats/dagcbor/strict.py:sound_type": "a hot loop: calls cost more",
}


def name_of(path: Path) -> str:
    """Return a module's path inside the package, as the tables here have it."""
    return path.relative_to(PACKAGE).as_posix()


@cache
def parsed(path: Path) -> ast.Module:
    """Return a module's syntax tree; each file is parsed once."""
    return ast.parse(path.read_bytes())


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Yield name and lines of every function of a module."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


# Import contracts


class Plant(NamedTuple):
    """An import that a contract forbids."""

    contract: str
    importer: str
    imported: str
    line: str
    """How it is written: at the top, deferred, or for type checking only."""


DEFERRED = "def planted():\n    {}\n"
TYPED = "import typing\nif typing.TYPE_CHECKING:\n    {}\n"
PLANTS = (
    Plant("Views import downwards", "repoview.present.text", "repoview.cli", "{}\n"),
    Plant(
        "Views import downwards", "repoview.core.varint", "repoview.export", DEFERRED
    ),
    # The oracle shares no code with what it judges, nor the other way round.
    Plant(
        "Views import downwards", "repoview.corpus.cbor", "repoview.core.cid", DEFERRED
    ),
    Plant(
        "The corpus is known to",
        "repoview.sample.write",
        "repoview.corpus.cbor",
        DEFERRED,
    ),
    Plant(
        "In the engine a row", "repoview.core.cid", "repoview.core.repo.repo", DEFERRED
    ),
    Plant(
        "In the engine a row",
        "repoview.core.formats.mst",
        "repoview.core.verify.verify",
        TYPED,
    ),
    Plant(
        "Private to source",
        "repoview.core.load.load",
        "repoview.core.source.read_ahead",
        TYPED,
    ),
    Plant(
        "No package has a cycle",
        "repoview.cli.words",
        "repoview.cli.commands.ls",
        TYPED,
    ),
    Plant(
        "Screens and widgets",
        "repoview.tui.screens",
        "repoview.core.blocks.blocks",
        DEFERRED,
    ),
    Plant(
        "Screens and widgets",
        "repoview.tui.widgets",
        "repoview.core.source.source",
        TYPED,
    ),
    Plant("Only the explorer", "repoview.cli.words", "textual", DEFERRED),
    Plant("Only the explorer", "repoview.present.text", "rich", TYPED),
    Plant("Only the command line", "repoview.export.jsonl", "click", TYPED),
    Plant(
        "Only CIDs, keys and export",
        "repoview.core.formats.car",
        "multiformats",
        DEFERRED,
    ),
    Plant(
        "Only signatures, and the sample",
        "repoview.core.verify.verify",
        "cryptography",
        DEFERRED,
    ),
    Plant(
        "In the cache a row",
        "repoview.core.cache.folder",
        "repoview.core.cache.key",
        TYPED,
    ),
    Plant(
        "Only the files of the cache",
        "repoview.core.index.records",
        "sqlite3",
        DEFERRED,
    ),
    Plant("One module knows where", "repoview.settings", "platformdirs", DEFERRED),
)


def lint_imports(folder: Path) -> str:
    """Return what the import linter says of the package in *folder*."""
    program = Path(sys.executable).with_name("lint-imports")
    if not program.exists():
        pytest.skip("import-linter is not installed")
    wide = {**os.environ, "COLUMNS": "200", "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [program, "--no-logo", "--no-cache"],
        cwd=folder,
        env=wide,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def copy_of_package(folder: Path) -> Path:
    """Copy package and contracts into *folder*."""
    no_cache = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, folder / "repoview", ignore=no_cache)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What is said of each contract once every import of `PLANTS` is planted."""
    folder = copy_of_package(tmp_path_factory.mktemp("planted"))
    for plant in PLANTS:
        path = folder.joinpath(*plant.importer.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        with path.open("a") as file:
            file.write("\n" + plant.line.format(f"import {plant.imported}"))
    said = lint_imports(folder).partition("Broken contracts")[2]
    _, *parts = re.split(r"\n([^\n]+)\n-{8,}\n", said)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_the_import_contracts_hold(tmp_path: Path) -> None:
    """In a copy of the package as it is, for the plants to be compared with."""
    said = lint_imports(copy_of_package(tmp_path))
    assert "0 broken" in said, said


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.importer)
def test_a_planted_import_breaks_its_contract(
    plant: Plant, broken: dict[str, str]
) -> None:
    """Wherever in a module it stands."""
    (said,) = (text for name, text in broken.items() if plant.contract in name)
    if plant.contract == "No package has a cycle":
        assert plant.importer.rpartition(".")[0] in said
    else:
        assert f"{plant.importer} -> {plant.imported}" in said


# What is loaded when

LIST_MODULES = "import json, sys; print(json.dumps(sorted(sys.modules)))"


def loaded_after(code: str) -> set[str]:
    """Return the modules loaded in a new interpreter once *code* has run."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LIST_MODULES}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_engine_loads_no_view() -> None:
    """Neither screens nor command line, nor what only they need."""
    loaded = loaded_after("import repoview.core.repo.repo")
    views = {"textual", "rich", "click", "anyio", "cbor2", "multiformats"}
    assert not loaded & views
    rooms = {name.split(".")[1] for name in loaded if name.startswith("repoview.")}
    assert rooms == {"core"}


def test_importing_the_package_loads_nothing() -> None:
    """Its names come when they are first used."""
    loaded = loaded_after("import repoview")
    assert not {name for name in loaded if name.startswith("repoview.")}


# How long things are


def lines_of(path: Path) -> int:
    """Return how many lines a module has without its imports."""
    imports = [
        node
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    taken = sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in imports)
    return path.read_bytes().count(b"\n") - taken


def test_a_module_has_one_idea() -> None:
    """So it opens with it, and is short."""
    silent = [each for each in MODULES if not ast.get_docstring(parsed(each))]
    assert not [name_of(each) for each in silent]
    long = {name_of(each): lines_of(each) for each in MODULES}
    assert not {name: lines for name, lines in long.items() if lines > MOST_LINES}


def test_a_function_fits_a_screen() -> None:
    """But for hot loops; one that became short is no exception any more."""
    long = {
        f"{name_of(path)}:{name}": lines
        for path in MODULES
        for name, lines in functions(path)
        if lines > MOST_FUNCTION_LINES
    }
    assert long.keys() == LONG_FUNCTIONS.keys(), long


# Doors


def dotted(node: ast.expr) -> str:
    """Return a name as it is written, ``sys.argv``, or "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


OUTSIDE = {"print", "input", "os.environ", "os.getenv", "sys.argv", "sys.stdout"}


ALLOWED = {
    "core/kernel/kernel.py": {"os.environ"},
    # What pyarrow is told before it is imported can be told in no other way.
    "export/writers/arrow_import.py": {"os.environ"},
}


def test_only_the_command_line_meets_the_world() -> None:
    """No other module prints, or reads arguments or environment."""
    met = {}
    for path in MODULES:
        names = {
            dotted(node)
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Name | ast.Attribute)
        }
        if used := names & OUTSIDE:
            met[name_of(path)] = used
    beyond = {name: used for name, used in met.items() if not name.startswith("cli/")}
    assert beyond == ALLOWED


DRAWN = {"Button", "Label", "Option", "Static", "notify"}
"""What takes text and reads it as markup, if it is a bare string."""


def made_up(node: ast.expr) -> bool:
    """Tell a string put together from parts, which may be a repository's."""
    if isinstance(node, ast.BinOp):
        return made_up(node.left) or made_up(node.right)
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    return isinstance(node, ast.Call) and dotted(node.func).endswith(".format")


def reads_markup(call: ast.Call) -> bool:
    """Tell a call that reads text of a repository as markup, or may."""
    called = dotted(call.func)
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    markup = given.get("markup")
    if isinstance(markup, ast.Constant) and markup.value is not False:
        return True
    if called.endswith(("from_markup", "Text.from_ansi")):
        return not call.args or not isinstance(call.args[0], ast.Constant)
    if called.rpartition(".")[2] not in DRAWN or isinstance(markup, ast.Constant):
        return False
    return bool(call.args) and made_up(call.args[0])


def test_no_text_is_drawn_as_markup() -> None:
    """A string put together may hold a record's text: it goes in as `Content`."""
    assert not [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        if name_of(path).startswith("tui/")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and reads_markup(node)
    ]
