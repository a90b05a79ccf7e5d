"""Facts about the metadata of the package, as it was built for this install."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import metadata, packages_distributions
from pathlib import Path

import pytest

import repoview
from tests.installed import lost_links

PACKAGE = metadata("atproto-repoview")
SOURCE = Path(repoview.__file__).parent


def imported_packages() -> set[str]:
    """Return the names of all packages that repoview imports anywhere."""
    names = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names.add(str(node.module))
    return {name.partition(".")[0] for name in names}


def test_the_description_leads_to_nothing_that_only_the_source_has() -> None:
    """The package index shows it without the files beside it."""
    text = PACKAGE["Description"]
    assert text.startswith("# repoview\n")
    assert "repoview verify repo.car" in text
    assert lost_links(text) == []
    assert "<!--" not in text
    assert "uv run" not in text


@pytest.mark.parametrize(
    "text",
    [
        "[more](docs/cli.md)",
        "![a picture](screenshots/a.png)",
        '<img alt="a picture" src="a.png">',
        "<a href=docs/cli.md>more</a>",
        "[more]: docs/cli.md",
        "[below](#below)",
    ],
)
def test_links_that_lead_nowhere_are_seen(text: str) -> None:
    """In Markdown and in HTML, to files and within the page."""
    assert len(lost_links(f"[well](https://example.com)\n{text}\n")) == 1


BY_NAME = {
    *("dask", "distributed", "fsspec", "pyarrow", "textual_serve", "zstandard"),
}
"""Packages that no import statement names."""


def test_what_is_imported_is_required() -> None:
    """All of it, and no more."""
    required = {
        re.split(r"[^\w-]", needed)[0].lower()
        for needed in PACKAGE.get_all("Requires-Dist", [])
    }
    homes = packages_distributions()
    # Not names for type checkers alone, nor our own.
    others = imported_packages() - sys.stdlib_module_names - {"_typeshed", "repoview"}
    assert {homes[name][0].lower() for name in others | BY_NAME} == required
