"""Facts about the document for programs: it says what there is."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from repoview.cli.root import COMMANDS
from repoview.cli.spec.document import EXIT_CODES
from repoview.corpus.cases import keys
from repoview.export.formats import FORMATS
from tests.core.repos import REV

if TYPE_CHECKING:
    from tests.cli.conftest import Program

ROOT = Path(__file__).resolve().parents[2]
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "object": dict,
    "array": list,
    "null": type(None),
}


@pytest.fixture
def spec(run: Program) -> dict[str, Any]:
    """The document."""
    told: dict[str, Any] = run("--spec").json
    return told


def check(value: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Assert that a value is of a schema, as far as ours say."""
    if "$ref" in schema:
        check(value, schemas[schema["$ref"].removeprefix("#/schemas/")], schemas)
        return
    kinds = schema.get("type", list(TYPES))
    kinds = [kinds] if isinstance(kinds, str) else kinds
    assert any(
        isinstance(value, TYPES[kind]) and (kind == "boolean") == (type(value) is bool)
        for kind in kinds
    ), (value, schema)
    if value is None:
        return
    assert value in schema.get("enum", [value])
    if "pattern" in schema:
        assert re.search(schema["pattern"], value)
    if isinstance(value, dict):
        assert set(schema.get("required", ())) <= value.keys()
        more = schema.get("additionalProperties", {})
        for name, below in value.items():
            check(below, schema.get("properties", {}).get(name, more), schemas)
    if isinstance(value, list):
        for below in value:
            check(below, schema.get("items", {}), schemas)


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
    named = [out["schema"] for told in spec["commands"] for out in told["json"] or ()]
    assert {*named} <= spec["schemas"].keys()
    refs = re.findall(r'"#/schemas/(\w+)"', json.dumps(spec))
    assert {*named, *refs} == spec["schemas"].keys()


def test_what_is_printed_is_of_its_schema(
    run: Program, sample: Path, spec: dict[str, Any], tmp_path: Path
) -> None:
    """Records, reports and what was built."""
    schemas = spec["schemas"]
    lines = tmp_path / "x.jsonl"
    run("export", sample, "-o", lines)
    for line in lines.read_text().splitlines():
        check(json.loads(line), schemas["record"], schemas)
    for each in run("ls", sample, "--json").json:
        check(each, schemas["listed_record"], schemas)
    check(run("verify", sample, "--json").json, schemas["report"], schemas)
    built = run("build", lines, "-o", tmp_path / "x.car", "--rev", REV, "--json")
    check(built.json, schemas["built"], schemas)


@pytest.mark.parametrize("case", [*keys.CASES], ids=lambda case: case.name)
def test_the_report_of_a_broken_file_is_of_its_schema(
    run: Program, spec: dict[str, Any], tmp_path: Path, case: Any
) -> None:
    """With its findings."""
    path = tmp_path / "x.car"
    path.write_bytes(case.build().data)
    check(
        run("verify", path, "--json").json,
        spec["schemas"]["report"],
        spec["schemas"],
    )
