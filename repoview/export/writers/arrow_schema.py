"""The type of each field in some records, found by looking at all of them.

Fields are those that any record has, in the order in which they were met. What is
of several types, what is an object in which there are no fields, or very many, and
what is nested too deep, is text: its JSON.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEEPEST: Final = 12
"""Lists and objects in each other that have types; those below are JSON."""

_MOST_FIELDS: Final = 500
_MOST_TOGETHER: Final = 5_000
"""Fields of an object, and of all: each is a column, for which pyarrow takes some
6 kB. Honest records have some hundred."""

_MOST_SHAPES: Final = 50_000
"""How many shapes of records are remembered."""

_STRING: Final = re.compile(r'("(?:[^"\\]|\\.)*+":)|"(?:[^"\\]|\\.)*+"')


class Kind(Enum):
    """What a field may hold."""

    NONE = "none"
    """Nothing but null, as far as is known."""

    FLAG = "flag"
    INTEGER = "integer"
    NUMBER = "number"
    TEXT = "text"
    LIST = "list"
    OBJECT = "object"
    JSON = "json"


_SCALARS: Final = {
    bool: Kind.FLAG,
    int: Kind.INTEGER,
    float: Kind.NUMBER,
    str: Kind.TEXT,
    type(None): Kind.NONE,
}


@dataclass(slots=True)
class Type:
    """The type of a field, which widens as values are met."""

    kind: Kind = Kind.NONE
    fields: dict[str, Type] = field(default_factory=dict)
    """Of an object."""

    items: Type | None = None
    """Of a list."""

    is_mixed: bool | None = None
    """Whether something in it is JSON; None as long as nothing was fitted."""

    def meet(self, value: Any, depth: int = 0) -> None:  # noqa: ANN401 (JSON)
        """Widen the type, so that it holds a value."""
        kind = _kind_of(value, depth)
        if self.kind is Kind.JSON or kind is Kind.NONE:
            return
        if self.kind not in (Kind.NONE, kind):
            kind = Kind.JSON
        self.kind = kind
        if kind is Kind.LIST:
            self.items = self.items or Type()
            for item in value:
                self.items.meet(item, depth + 1)
        elif kind is Kind.OBJECT:
            for name, item in value.items():
                self.fields.setdefault(name, Type()).meet(item, depth + 1)
            if len(self.fields) > _MOST_FIELDS:
                self.kind = Kind.JSON
        if self.kind is Kind.JSON:
            self.fields, self.items = {}, None

    def join(self, other: Type) -> None:
        """Widen the type, so that it holds all that another does."""
        if self.kind is Kind.JSON or other.kind is Kind.NONE:
            return
        differs = self.kind not in (Kind.NONE, other.kind)
        self.kind = Kind.JSON if differs else other.kind
        if other.items is not None:
            self.items = self.items or Type()
            self.items.join(other.items)
        for name, each in other.fields.items():
            self.fields.setdefault(name, Type()).join(each)
        if len(self.fields) > _MOST_FIELDS:
            self.kind = Kind.JSON
        if self.kind is Kind.JSON:
            self.fields, self.items = {}, None

    def narrow(self) -> None:
        """Make JSON of what is nested deepest, until there are not too many fields."""
        for depth in range(DEEPEST, 0, -1):
            if self.count() <= _MOST_TOGETHER:
                return
            self.cut(depth)

    def _below(self) -> list[Type]:
        return [*self.fields.values(), *([self.items] if self.items else [])]

    def count(self) -> int:
        """Return how many types it is made of, itself included."""
        return 1 + sum(each.count() for each in self._below())

    def cut(self, depth: int) -> None:
        """Make JSON of the lists and objects that are nested so deep."""
        for each in self._below():
            each.cut(depth - 1)
        if depth == 0 and self.kind in (Kind.LIST, Kind.OBJECT):
            self.kind, self.fields, self.items = Kind.JSON, {}, None

    @property
    def is_json(self) -> bool:
        """Whether all of it is JSON; so is an object of which no field is known."""
        return self.kind is Kind.JSON or (self.kind is Kind.OBJECT and not self.fields)

    @property
    def has_json(self) -> bool:
        """Whether something in it is JSON."""
        return self.is_json or any(each.has_json for each in self._below())

    def fit(self, value: Any) -> Any:  # noqa: ANN401 (JSON)
        """Return a value with what is JSON by this type as text."""
        if self.is_mixed is None:
            self.is_mixed = self.has_json
        if value is None or not self.is_mixed:
            return value
        if self.is_json:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        if self.items is not None:
            return [self.items.fit(item) for item in value]
        return {name: self.fields[name].fit(item) for name, item in value.items()}

    def arrow(self, arrow: Any) -> Any:  # noqa: ANN401 (pyarrow has no types)
        """Return it as pyarrow has it."""
        if self.kind is Kind.LIST:
            assert self.items is not None  # noqa: S101 (every list has)
            return arrow.list_(self.items.arrow(arrow))
        if self.kind is Kind.OBJECT and self.fields:
            return arrow.struct(
                [(name, each.arrow(arrow)) for name, each in self.fields.items()]
            )
        plain = {
            Kind.FLAG: arrow.bool_,
            Kind.INTEGER: arrow.int64,
            Kind.NUMBER: arrow.float64,
        }
        return plain.get(self.kind, arrow.string)()

    def lines(self, name: str, indent: str = "") -> Iterator[str]:
        """Yield what it is, a field a line."""
        items = self.items
        listed = "" if items is None else f" of {items.kind.value}"
        yield f"{indent}{name}: {self.kind.value}{listed}"
        below = self.fields if items is None else items.fields
        for each, kind in below.items():
            yield from kind.lines(each, indent + "  ")


def _kind_of(value: Any, depth: int) -> Kind:  # noqa: ANN401 (JSON)
    kind = _SCALARS.get(type(value))
    if kind is Kind.INTEGER and not -(2**63) <= value < 2**63:
        return Kind.JSON
    if kind is not None:
        return kind
    if depth >= DEEPEST:
        return Kind.JSON
    return Kind.LIST if isinstance(value, list) else Kind.OBJECT


def type_of(texts: Iterable[str]) -> Type:
    """Return the type of records.

    Args:
        texts: Their JSON, each on one line, without spaces.
    """
    found = Type()
    seen: set[int] = set()
    """Hashes, which nobody can foresee; the shapes themselves would take too much."""
    for text in texts:
        # What strings say does not matter: many records have the same shape.
        shape = hash(tuple(_STRING.split(text)))
        if shape in seen:
            continue
        if len(seen) >= _MOST_SHAPES:
            seen.clear()
        seen.add(shape)
        found.meet(json.loads(text))
    return found
