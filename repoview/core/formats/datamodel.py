"""The atproto data model: values as JSON, and JSON as values.

JSON has neither links nor bytes: these become maps of one field, `$link` with
the CID's text and `$bytes` with base64. Everything else is itself. A map that
has such a key of its own looks like one of them afterwards (REC008).

Source: atproto data model, "Data Types" and "JSON Representation".
"""

from __future__ import annotations

import math
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any, Final, TypeAlias, Union

from repoview.core import limits
from repoview.core.cid import Cid
from repoview.core.errors import CidError
from repoview.core.formats.dagcbor.spans import step_into

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.formats.dagcbor.strict import Value

Json: TypeAlias = Union[  # noqa: UP007 (`|` cannot join names that come later)
    bool, int, float, str, list["Json"], dict[str, "Json"], None
]
"""What `json.loads` gives and `json.dumps` takes."""

_MIN_INT: Final = -(2**63)
_MAX_INT: Final = 2**63 - 1


def to_json(value: Value) -> Json:
    """Return *value* as JSON has it.

    Integers stay numbers, however great. Floats that JSON lacks, as atproto data
    does, become text: "NaN", "Infinity", "-Infinity".
    """
    top: list[Any] = [value]
    todo: list[tuple[Any, Any]] = [(top, 0)]
    while todo:
        holder, place = todo.pop()
        item = holder[place]
        if isinstance(item, dict):
            holder[place] = item = item.copy()
            todo.extend((item, key) for key in item)
        elif isinstance(item, list):
            holder[place] = item = item.copy()
            todo.extend((item, number) for number in range(len(item)))
        else:
            holder[place] = _scalar_to_json(item)
    done: Json = top[0]
    return done


def _scalar_to_json(item: Any) -> Json:  # noqa: ANN401 (any scalar of `Value`)
    if isinstance(item, Cid):
        return {"$link": str(item)}
    if isinstance(item, bytes):
        return {"$bytes": b64encode(item).decode().rstrip("=")}
    if isinstance(item, float) and not math.isfinite(item):
        if math.isnan(item):
            return "NaN"
        return "Infinity" if item > 0 else "-Infinity"
    scalar: Json = item
    return scalar


def from_json(json: Json) -> Value:
    """Return the value that *json* says.

    A float without a fraction is an integer: JSON does not tell them apart.
    Whether a map is a record or a blob, and a right one, is not judged.

    Raises:
        ValueError: It stands for no value; the message says where.
    """
    top: list[Any] = [json]
    todo: list[tuple[Any, Any, str, int]] = [(top, 0, "", 1)]
    while todo:
        holder, place, path, nesting = todo.pop()
        item = holder[place] = _item_from_json(holder[place], path)
        if not isinstance(item, dict | list):
            continue
        if nesting > limits.MAX_NESTING:
            raise ValueError(f"{path}: nested over {limits.MAX_NESTING} deep")
        places = item.keys() if isinstance(item, dict) else range(len(item))
        steps = ((at, step_into(path, at)) for at in places)
        todo.extend((item, at, step, nesting + 1) for at, step in steps)
    value: Value = top[0]
    return value


def _item_from_json(item: Any, path: str) -> Any:  # noqa: ANN401 (JSON of any kind)
    """Return a scalar as its value, and a map or list as a copy."""
    where = path or "the top"
    if isinstance(item, dict):
        return _map_from_json(item, where)
    if isinstance(item, list):
        return item.copy()
    if isinstance(item, float):
        if not item.is_integer():
            raise ValueError(f"{where}: the number {item!r} is no integer")
        item = int(item)
    if isinstance(item, int) and not _MIN_INT <= item <= _MAX_INT:
        raise ValueError(f"{where}: an integer does not fit 64 bits")
    if item is not None and not isinstance(item, bool | int | str):
        raise ValueError(f"{where}: a {type(item).__name__} is not of JSON")
    return item


def _map_from_json(fields: dict[str, Json], where: str) -> Any:  # noqa: ANN401 (map, link or bytes)
    """Return the link or bytes that a map stands for, or its copy."""
    for name, read in _READERS.items():
        if name in fields:
            text = fields[name]
            if len(fields) > 1 or not isinstance(text, str):
                raise ValueError(f"{where}: {name} is not text in a map of its own")
            return read(text, where)
    return fields.copy()


def _link_from_json(text: str, where: str) -> Cid:
    try:
        return Cid.parse(text)
    except CidError as error:
        raise ValueError(f"{where}: $link holds no CID: {error.fact}") from None


def _bytes_from_json(text: str, where: str) -> bytes:
    """Read base64, with or without the padding at its end."""
    bare = text.rstrip("=")
    try:
        return b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except ValueError:
        raise ValueError(f"{where}: $bytes is not base64") from None


_READERS: Final[dict[str, Callable[[str, str], Value]]] = {
    "$link": _link_from_json,
    "$bytes": _bytes_from_json,
}
