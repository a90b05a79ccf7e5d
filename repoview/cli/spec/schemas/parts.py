"""What schemas are made of: texts, numbers, CIDs, objects and lists."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

Schema: TypeAlias = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
INTEGER: Final[Schema] = {"type": "integer"}
FLAG: Final[Schema] = {"type": "boolean"}
NULL: Final[Schema] = {"type": "null"}
CID: Final[Schema] = {"type": "string", "pattern": "^[a-zA-Z0-9+/=]+$"}
HEX: Final[Schema] = {"type": "string", "pattern": "^([0-9a-f]{2})*$"}
CODE: Final[Schema] = {"type": "string", "pattern": "^[A-Z]{2}[A-Z0-9][0-9]{3}$"}
ANY: Final[Schema] = {}
"""Any value of the data model, in the JSON of atproto."""


def an_object(optional: dict[str, Schema] | None = None, **fields: Schema) -> Schema:
    """Return the schema of an object.

    Args:
        optional: Keys that may be missing.
        **fields: Those that are always there.
    """
    properties = {**fields, **(optional or {})}
    return {"type": "object", "properties": properties, "required": [*fields]}


def with_more(
    base: Schema,
    less: tuple[str, ...] = (),
    optional: dict[str, Schema] | None = None,
    **fields: Schema,
) -> Schema:
    """Return the schema of an object that has the keys of another, and some more.

    Args:
        base: The schema of the other object.
        less: Keys of it that are not there.
        optional: Keys that may be missing.
        **fields: Those that are always there; also others of the same keys.
    """
    of_base, required = base["properties"], base["required"]
    kept = {name: each for name, each in of_base.items() if name not in less}
    always = {name: kept[name] for name in required if name in kept}
    perhaps = {name: each for name, each in kept.items() if name not in always}
    return an_object({**perhaps, **(optional or {})}, **(always | fields))


def a_list(items: Schema) -> Schema:
    """Return the schema of an array of one kind of values."""
    return {"type": "array", "items": items}


def a_map(values: Schema) -> Schema:
    """Return the schema of an object whose keys are data, and not known before."""
    return {"type": "object", "additionalProperties": values}


def or_null(schema: Schema) -> Schema:
    """Return the schema of a value that may not be there."""
    if "$ref" in schema:
        return {"anyOf": [schema, NULL]}
    if "enum" in schema:
        return {"type": ["string", "null"], "enum": [*schema["enum"], None]}
    return {**schema, "type": [schema["type"], "null"]}


def one_of(*values: str) -> Schema:
    """Return the schema of one of these words."""
    return {"type": "string", "enum": [str(value) for value in values]}


def ref(name: str) -> Schema:
    """Return a reference to a schema."""
    return {"$ref": f"#/schemas/{name}"}
