"""Lines of JSON, read by pyarrow: thousands together, and none of them in Python.

It finds the types of lines that agree with each other, and reads lines for which it
has the types. Of all others it says nothing, and Python looks at each: what
`arrow_schema` finds and fits is the specification, and both come to the same.
"""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any, Final

from repoview.export.writers.arrow_schema import DEEPEST, Kind, Type, type_of

BEGIN: Final = b'{"value":'
END: Final = b"}\n"
"""What stands before and behind a record, on a line that has nothing else."""

_IN_SOME: Final = "key_hex"
"""A text that stands in few of the lines, and in no column."""

_MOST: Final = 1 << 30
"""Bytes that pyarrow takes at once: it counts in 31 bits."""


def type_in(lines: bytes) -> Type:
    """Return the type of records.

    Args:
        lines: Each the JSON of a record, between `BEGIN` and `END`.
    """
    found = _inferred(lines)
    if found is None:
        texts = lines.decode().split("\n")[:-1]
        found = type_of(text[len(BEGIN) : 1 - len(END)] for text in texts)
    return found


def columns_in(lines: bytes, names: tuple[str, ...], kind: Type) -> list[Any]:
    """Return columns of records, as arrays of pyarrow.

    Args:
        lines: Those of JSON lines.
        names: Of texts that stand in each of them.
        kind: The type of all records, whose column is the last.
    """
    arrow = import_module("pyarrow")
    types = [*((name, arrow.string()) for name in names), ("value", kind.arrow(arrow))]
    # Mixed types are text that stands nowhere in the lines.
    extra = (_IN_SOME, arrow.string())
    table = None if kind.has_json else _read(lines, [*types, extra])
    if table is not None:
        return [table[name].combine_chunks() for name, _ in types]
    rows = [json.loads(line) for line in lines.split(b"\n")[:-1]]
    for row in rows:
        row["value"] = kind.fit(row["value"])
    return [arrow.array([row[name] for row in rows], each) for name, each in types]


def _read(lines: bytes, types: list[tuple[str, Any]]) -> Any | None:  # noqa: ANN401 (a table)
    """Return lines as a table, None if they do not fit; of no types, any are found."""
    arrow, reader = import_module("pyarrow"), import_module("pyarrow.json")
    if len(lines) >= _MOST:
        return None
    # One block, for of several the fields might come in another order.
    whole = reader.ReadOptions(use_threads=False, block_size=len(lines) + 1)
    schema = arrow.schema(types) if types else None
    others = "error" if types else "infer"
    fields = reader.ParseOptions(schema, unexpected_field_behavior=others)
    try:
        return reader.read_json(arrow.BufferReader(lines), whole, fields)
    except arrow.ArrowInvalid:
        return None


def _inferred(lines: bytes) -> Type | None:
    """Return the type of records; None if only a look at each can tell."""
    table = _read(lines, [])
    return None if table is None else _type(table.schema.field("value").type, 0)


def _type(found: Any, depth: int) -> Type | None:  # noqa: ANN401 (pyarrow has no types)
    """Return a type of pyarrow's as ours; None if a number may be of either kind."""
    types = import_module("pyarrow").types
    if types.is_floating(found):
        return None
    if not types.is_nested(found):
        return Type(_scalar(found, types))
    if depth >= DEEPEST:
        return Type(Kind.JSON)
    below = [found.field(at) for at in range(found.num_fields)]
    kinds = [_type(each.type, depth + 1) for each in below]
    fields = dict(zip((each.name for each in below), kinds, strict=True))
    known = {name: kind for name, kind in fields.items() if kind is not None}
    if len(known) < len(kinds):
        return None
    if types.is_list(found):
        return Type(Kind.LIST, items=kinds[0])
    result = Type()
    result.join(Type(Kind.OBJECT, known))
    return result


def _scalar(found: Any, types: Any) -> Kind:  # noqa: ANN401 (pyarrow has no types)
    if types.is_null(found):
        return Kind.NONE
    if types.is_boolean(found):
        return Kind.FLAG
    # It takes texts for times where all of them look so.
    return Kind.INTEGER if types.is_integer(found) else Kind.TEXT
