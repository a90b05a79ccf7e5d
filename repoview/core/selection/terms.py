"""What a selection is made of, as values that print themselves again.

``parse(text_of(selection)) == selection`` holds for whatever `parsing` returns.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, Union

from repoview.core.frozen import frozen
from repoview.core.selection.scanning import (
    NOT,
    WORDS,
    is_bare,
    is_closed,
)

Kind: TypeAlias = Literal["is", "..", ">", ">=", "<", "<="]
"""One value, the values from one to another, or those on one side of one."""

PATH: Final = "path"
"""The field that a word without one asks for."""

WHERE: Final = "where"
"""The field whose value is an expression of another language."""


@frozen
class Value:
    """What stands behind the colon."""

    first: str
    """The value; of a range its beginning, empty where that is open."""

    kind: Kind = "is"
    last: str = ""
    """The end of a range, empty where that is open."""


@frozen
class Term:
    """One field, and what is asked of it."""

    field: str
    value: Value


@frozen
class Not:
    """Every record that another selection does not have."""

    of: Selection


@frozen
class And:
    """The records that all have; all records, of none."""

    of: tuple[Selection, ...] = ()


@frozen
class Or:
    """The records that at least one has."""

    of: tuple[Selection, ...]


Selection: TypeAlias = Union[Term, Not, And, Or]  # noqa: UP007 (`|` cannot join names that come later)

EVERYTHING: Final = And()


def values_of(selection: Selection, field: str) -> list[str]:
    """Return what all terms of a field ask for."""
    if isinstance(selection, Term):
        return [selection.value.first] if selection.field == field else []
    parts = (selection.of,) if isinstance(selection, Not) else selection.of
    return [value for part in parts for value in values_of(part, field)]


def text_of(selection: Selection) -> str:
    """Return a selection as it is written."""
    if isinstance(selection, Or):
        return " or ".join(_inside(each, Or) for each in selection.of)
    if isinstance(selection, And):
        return " ".join(_inside(each, And, Or) for each in selection.of)
    if isinstance(selection, Not):
        return NOT + _inside(selection.of, And, Or)
    return _term(selection)


def _inside(selection: Selection, *grouped: type) -> str:
    text = text_of(selection)
    return f"({text})" if isinstance(selection, grouped) else text


def _term(term: Term) -> str:
    value = term.value
    if term.field == PATH:
        return _word(value.first)
    if term.field == WHERE:
        return f"{WHERE}:{_condition(value.first)}"
    if value.kind == "..":
        return f"{term.field}:{_end(value.first)}..{_end(value.last)}"
    sign = "" if value.kind == "is" else value.kind
    return f"{term.field}:{sign}{_quoted(value.first, needed=not value.first)}"


def _word(text: str) -> str:
    is_word = text and text.lower() not in WORDS and ":" not in text
    return _quoted(text, needed=not is_word or text.startswith(NOT))


def _end(text: str) -> str:
    """Return an end of a range; a dot beside the two would be one of them."""
    return _quoted(text, needed=text.startswith(".") or text.endswith("."))


def _condition(text: str) -> str:
    """Return an expression in parentheses, or in quotes if it has odd ones."""
    if text and text.strip() == text and is_closed(text):
        return f"({text})"
    return _quoted(text, needed=True)


def _quoted(text: str, *, needed: bool = False) -> str:
    """Return a text as it is if that can be read again, or else in quotes."""
    if not needed and is_bare(text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
