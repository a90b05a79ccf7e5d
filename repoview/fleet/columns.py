"""Columns of records, made of lines by Arrow: no value of a record is one of Python.

A batch is of one collection. The fields that have columns of their own are read from
the JSON by pyarrow; where a record does not fit (a field of another type, a record
that is no object), Python looks at each, and what is of another type is null.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_CREATED: Final = "createdAt"
_BEGIN: Final = '{"value":'
_END: Final = "}\n"
_MOST: Final = 1 << 30
"""Bytes that pyarrow takes at once: it counts in 31 bits."""

_FIRST_TIME: Final = datetime.min.replace(tzinfo=UTC)
"""Arrow has the year 0; most that read it have not."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TIME: Final = (
    "([0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2})"
    "([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})"
)
"""What is taken for a time: that of the atproto `datetime` format."""

_TEXTS: Final = ("did", "rev", "sha256", "rkey", "cid")
_NAMES: Final = frozenset({*_TEXTS, "collection", "created_at", "size", "value"})


class Kind(StrEnum):
    """What a column of the user's choice holds."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    TIME = "time"
    """A time as records have it, with its zone; in UTC, in microseconds."""


_PYTHON: Final[dict[Kind, tuple[type, ...]]] = {
    Kind.TEXT: (str,),
    Kind.INTEGER: (int,),
    Kind.NUMBER: (int, float),
    Kind.FLAG: (bool,),
    Kind.TIME: (str,),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A field of records that has a column of its own.

    Raises:
        ValueError: It has no name, or that of another column.
    """

    name: str
    path: tuple[str, ...]
    """The names of the fields on the way to it, from the record down."""

    kind: Kind = Kind.TEXT

    def __post_init__(self) -> None:
        if self.name in _NAMES:
            raise ValueError(f"there is a column {self.name} already: choose a name")
        if not self.name or not all(self.path) or not self.path:
            raise ValueError("a column is the name of a field, as text or reply.root")

    @classmethod
    def of(cls, text: str) -> Column:
        """Return the column that a text says: ``[NAME=]FIELD[.FIELD…][:KIND]``.

        The name is that of the fields with ``_`` between them; the kind is text.

        Raises:
            ValueError: It says none.
        """
        name, named, rest = text.rpartition("=")
        fields, _, kind = rest.partition(":")
        if kind and kind not in {each.value for each in Kind}:
            raise ValueError(f"{kind!a} is no type: say one of {', '.join(Kind)}")
        path = tuple(fields.split("."))
        return cls(name if named else "_".join(path), path, Kind(kind or "text"))

    def __str__(self) -> str:
        return f"{self.name}={'.'.join(self.path)}:{self.kind.value}"


_CREATED_AT: Final = Column("createdAt", (_CREATED,), Kind.TIME)


class Columns:
    """The columns of records.

    Args:
        chosen: Those of the user.

    Raises:
        ValueError: Two of them cannot be together.
    """

    def __init__(self, chosen: Sequence[Column] = ()) -> None:
        self.chosen = tuple(chosen)
        names = [column.name for column in chosen]
        if len(set(names)) < len(names):
            raise ValueError(f"two columns have one name: {', '.join(names)}")
        self._tree: dict[str, Any] = {}
        for column in (_CREATED_AT, *chosen):
            self._plant(column)

    def _plant(self, column: Column) -> None:
        """Add a field to those that are read."""
        place = self._tree
        for name in column.path[:-1]:
            place = place.setdefault(name, {})
            if not isinstance(place, dict):
                raise _odd_pair(column)
        # A time is read as text.
        stored = Kind.TEXT if column.kind is Kind.TIME else column.kind
        if place.setdefault(column.path[-1], stored) != stored:
            raise _odd_pair(column)

    @cached_property
    def schema(self) -> Any:  # noqa: ANN401 (pyarrow has no types)
        """The schema of a batch."""
        arrow = import_module("pyarrow")
        time = arrow.timestamp("us", "UTC")
        kinds = {**_arrow_kinds(arrow), Kind.TIME: time}
        return arrow.schema(
            [
                *((name, arrow.string()) for name in _TEXTS),
                ("created_at", time),
                ("size", arrow.int64()),
                ("value", arrow.string()),
                *((column.name, kinds[column.kind]) for column in self.chosen),
            ]
        )

    def fields_of(self, values: Any) -> list[Any]:  # noqa: ANN401 (arrays)
        """Return `created_at` and the chosen columns of some records.

        Args:
            values: Their JSON, an array of strings.
        """
        wanted = (_CREATED_AT, *self.chosen)
        found = self._read(values)
        if found is None:
            return _one_by_one(values, wanted)
        compute = import_module("pyarrow.compute")
        columns = []
        for column in wanted:
            array = compute.struct_field(found, list(column.path))
            columns.append(_times(array) if column.kind is Kind.TIME else array)
        return columns

    def _read(self, values: Any) -> Any | None:  # noqa: ANN401 (arrays)
        """Return the fields of records as structs; None where one does not fit."""
        arrow, reader = import_module("pyarrow"), import_module("pyarrow.json")
        compute = import_module("pyarrow.compute")
        if values.nbytes >= _MOST:
            return None
        lines = compute.binary_join_element_wise(_BEGIN, values, _END, "")
        data = lines.buffers()[2]
        whole = reader.ReadOptions(use_threads=False, block_size=data.size + 1)
        schema = arrow.schema([("value", _struct(arrow, self._tree))])
        fields = reader.ParseOptions(schema, unexpected_field_behavior="ignore")
        try:
            table = reader.read_json(arrow.BufferReader(data), whole, fields)
        except arrow.ArrowInvalid:
            return None
        return table["value"].combine_chunks()


def chosen_columns(columns: Sequence[Column | str]) -> tuple[Column, ...]:
    """Return columns that were said as text, or are ones.

    Raises:
        ValueError: One cannot be, or two cannot be together.
    """
    chosen = tuple(c if isinstance(c, Column) else Column.of(c) for c in columns)
    Columns(chosen)
    return chosen


def _odd_pair(column: Column) -> ValueError:
    return ValueError(
        f"{'.'.join(column.path)} is also asked for with another type: choose one"
    )


def _arrow_kinds(arrow: Any) -> dict[Kind, Any]:  # noqa: ANN401 (pyarrow has no types)
    return {
        Kind.TEXT: arrow.string(),
        Kind.INTEGER: arrow.int64(),
        Kind.NUMBER: arrow.float64(),
        Kind.FLAG: arrow.bool_(),
    }


def _struct(arrow: Any, tree: dict[str, Any]) -> Any:  # noqa: ANN401 (pyarrow has no types)
    kinds = _arrow_kinds(arrow)
    return arrow.struct(
        [
            (name, _struct(arrow, each) if isinstance(each, dict) else kinds[each])
            for name, each in tree.items()
        ]
    )


def _times(texts: Any) -> Any:  # noqa: ANN401 (arrays)
    """Return times as timestamps; null where a text says none."""
    arrow, compute = import_module("pyarrow"), import_module("pyarrow.compute")
    kind = arrow.timestamp("us", "UTC")
    said = compute.match_substring_regex(texts, f"^{_TIME}$")
    texts = compute.if_else(said, texts, arrow.scalar(None, arrow.string()))
    short = compute.replace_substring_regex(texts, "([.][0-9]{6})[0-9]+", r"\1")
    try:
        times = compute.cast(short, kind)
    except arrow.ArrowInvalid:
        return arrow.array(map(_time, texts.to_pylist()), kind)
    first = compute.min(times)
    if first.is_valid and first.value < arrow.scalar(_FIRST_TIME, kind).value:
        return arrow.array(map(_time, texts.to_pylist()), kind)
    return times


def _time(text: str | None) -> int | None:
    """Return the microseconds since 1970 that a text says; None for no time."""
    match = None if text is None else re.fullmatch(_TIME, text)
    if match is None:
        return None
    day, fraction, zone = match.groups()
    try:
        time = datetime.fromisoformat(f"{day}{(fraction or '.0')[:7]}{zone.upper()}")
        return (time - _EPOCH) // _EPOCH.resolution
    except (ValueError, OverflowError):
        return None


def _one_by_one(values: Any, wanted: Sequence[Column]) -> list[Any]:  # noqa: ANN401 (arrays)
    """Return columns of records that do not all fit."""
    arrow = import_module("pyarrow")
    records = [json.loads(value) for value in values.to_pylist()]
    columns = []
    for column in wanted:
        found = [_at(record, column) for record in records]
        if column.kind is Kind.TIME:
            columns.append(_times(arrow.array(found, arrow.string())))
        else:
            columns.append(arrow.array(found, _arrow_kinds(arrow)[column.kind]))
    return columns


def _at(record: Any, column: Column) -> Any:  # noqa: ANN401 (JSON)
    """Return a field of a record; None where it is not there, or of another type."""
    for name in column.path:
        if not isinstance(record, dict):
            return None
        record = record.get(name)
    if type(record) not in _PYTHON[column.kind]:
        return None
    if type(record) is int and not -(2**63) <= record < 2**63:
        return None
    return float(record) if column.kind is Kind.NUMBER else record
