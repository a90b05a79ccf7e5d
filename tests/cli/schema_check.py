"""Holds what the program prints to the schemas of its document, closed.

The document lets keys be added. Here each object may have the keys that its schema
names, and no others, so that a key that nobody told of is found.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from repoview.cli.spec.outputs import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.cli.spec.outputs import Output


def closed(schema: Any) -> Any:
    """Return a schema whose objects have no keys but those that it names."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: closed(each) for name, each in schema.items()}
    if told.get("required") is not None and "additionalProperties" not in told:
        told["additionalProperties"] = False
    return told


_CLOSED = closed(SCHEMAS)
_VALIDATORS = {
    name: Draft202012Validator({"$ref": f"#/schemas/{name}", "schemas": _CLOSED})
    for name in SCHEMAS
}


def check(value: Any, name: str) -> None:
    """Assert that a value is of a schema, with no key that it does not name."""
    faults = [
        f"{'/'.join(map(str, each.absolute_path))}: {each.message[:400]}"
        for each in _VALIDATORS[name].iter_errors(value)
    ]
    assert not faults, (name, faults)


def check_output(text: str, output: Output) -> int:
    """Assert that what was printed is of its schema; return how much it is."""
    values = [*_values(text, output["form"])]
    for value in values:
        check(value, output["schema"])
    return len(values)


def _values(text: str, form: str) -> Iterator[Any]:
    if form == "lines":
        yield from map(json.loads, text.splitlines())
    elif form == "array":
        yield from json.loads(text)
    else:
        yield json.loads(text)
