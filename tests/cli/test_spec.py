"""Facts about the document for programs: it says what there is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from repoview.cli.root import COMMANDS
from repoview.cli.spec.document import EXIT_CODES
from repoview.export.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Program

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def spec(run: Program) -> dict[str, Any]:
    """The document."""
    told: dict[str, Any] = run("--spec").json
    return told


def with_those_below(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a command, and those that it has."""
    yield told
    for below in told.get("commands", ()):
        yield from with_those_below(below)


def test_every_command_and_format_is_told(spec: dict[str, Any]) -> None:
    """With its help, and what it takes."""
    commands = {told["name"]: told for told in spec["commands"]}
    assert commands.keys() == {f"repoview {name}" for name in COMMANDS}
    assert all(told["help"] and told["usage"] for told in commands.values())
    assert [form["name"] for form in spec["formats"]] == [*FORMATS]
    below = [told["name"] for told in commands["repoview cache"]["commands"]]
    assert "repoview cache prune" in below
    export = {
        name: option
        for option in commands["repoview export"]["options"]
        for name in option["names"]
    }
    assert export["--output"]["required"]
    assert export["--format"]["choices"] == [*FORMATS]
    assert export["--collection"]["repeated"]
    assert export["--force"]["value"] is None
    assert "--mem-limit" not in export
    assert "--mem-limit" in [n for o in spec["common_options"] for n in o["names"]]


def test_exit_codes_are_those_of_the_page(spec: dict[str, Any]) -> None:
    """All that are numbers."""
    page = (ROOT / "docs" / "cli.md").read_text()
    section = page.split("## Exit codes")[1].split("\n## ")[0]
    codes = [int(code) for code in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)]
    assert sorted(codes) == [code for code, _ in EXIT_CODES]
    assert [told["code"] for told in spec["exit_codes"]] == sorted(codes)


def test_every_schema_that_is_named_is_there(spec: dict[str, Any]) -> None:
    """Of every command."""
    told = [below for each in spec["commands"] for below in with_those_below(each)]
    named = [out["schema"] for each in told for out in each["json"] or ()]
    assert {*named} <= spec["schemas"].keys()
    refs = re.findall(r'"#/schemas/(\w+)"', json.dumps(spec))
    assert {*named, *refs} == spec["schemas"].keys()
