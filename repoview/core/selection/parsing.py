"""Make a tree of terms of the text of a selection.

::

    selection = all *( "or" all )
    all       = 1*( part / "and" part )
    part      = [ "-" / "not" ] part / "(" selection ")" / term
    term      = word / field ":" value

What is wrong is said at its character, with what would fit there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.errors import SelectionError
from repoview.core.selection.fields import FIELDS, near
from repoview.core.selection.scanning import Said, Token, tokens
from repoview.core.selection.terms import EVERYTHING, PATH, And, Not, Or, Term, Value
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from repoview.core.selection.terms import Selection

_BEFORE_PART: Final = frozenset({"-", "not"})


def parse(text: str) -> Selection:
    """Return what a text selects; an empty one everything.

    Raises:
        SelectionError: It is no selection.
    """
    if len(text) > limits.MAX_SELECTION:
        most = count_text(limits.MAX_SELECTION, "character")
        raise SelectionError(text, limits.MAX_SELECTION, f"there are at most {most}")
    reading = _Reading(text)
    if reading.token is None:
        return EVERYTHING
    selection = reading.any_of(0)
    if reading.token is not None:
        raise reading.error("this parenthesis closes none: take it away")
    return selection


class _Reading:
    """The tokens of a text, one of which is next."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokens(text)
        self.token = next(self._tokens, None)

    def _take(self) -> Token:
        token = self.token
        assert token is not None  # noqa: S101 (callers look first)
        self.token = next(self._tokens, None)
        return token

    @property
    def _kind(self) -> str:
        return "" if self.token is None else self.token.kind

    def error(self, fact: str) -> SelectionError:
        """Return an error about the next token, or about the end."""
        at = len(self._text) if self.token is None else self.token.start
        return SelectionError(self._text, at, fact)

    def any_of(self, depth: int) -> Selection:
        """Read what stands between two parentheses."""
        parts = [self._all_of(depth)]
        while self._kind == "or":
            self._take()
            parts.append(self._all_of(depth))
        return parts[0] if len(parts) == 1 else Or(_flat(parts, Or))

    def _all_of(self, depth: int) -> Selection:
        parts = [self._part(depth)]
        while self._kind not in {"", "or", ")"}:
            if self._kind == "and":
                self._take()
            parts.append(self._part(depth))
        return parts[0] if len(parts) == 1 else And(_flat(parts, And))

    def _part(self, depth: int) -> Selection:
        denials = 0
        while self._kind in _BEFORE_PART:
            self._take()
            denials += 1
        if depth + denials > limits.MAX_SELECTION_NESTING:
            most = limits.MAX_SELECTION_NESTING
            raise self.error(f"this is nested more than {most} deep")
        part = self._bare_part(depth + denials + 1, is_denied=denials > 0)
        for _ in range(denials):
            part = Not(part)
        return part

    def _bare_part(self, depth: int, *, is_denied: bool) -> Selection:
        if self._kind == "word":
            return _term(self._text, self._take())
        if self._kind != "(":
            raise self.error(self._why_no_part(is_denied=is_denied))
        opened = self._take()
        inside = self.any_of(depth)
        if self._kind != ")":
            fact = "this parenthesis is not closed: end with )"
            raise SelectionError(self._text, opened.start, fact)
        self._take()
        return inside

    def _why_no_part(self, *, is_denied: bool) -> str:
        if self._kind in {"or", "and"}:
            word = self._kind
            return f'"{word}" stands between two terms; quote it to look for the word'
        if is_denied:
            return "say here what is to be left out, such as collection:app.bsky.*"
        if self._kind == ")":
            return "say here what is selected, such as collection:app.bsky.*"
        return "say here what else is selected, such as collection:app.bsky.*"


def _flat(parts: list[Selection], kind: type[And | Or]) -> tuple[Selection, ...]:
    """Return parts, with those of parts that join in the same way in their place."""
    flat: list[Selection] = []
    for part in parts:
        if isinstance(part, And | Or) and isinstance(part, kind):
            flat.extend(part.of)
        else:
            flat.append(part)
    return tuple(flat)


def _term(text: str, token: Token) -> Term:
    said = token.said
    if token.field is None:
        if not said.text:
            raise SelectionError(text, token.start, "say what the path contains")
        return Term(PATH, Value(said.text))
    field = FIELDS.get(token.field.lower())
    if field is None:
        meant = near(token.field)
        hint = f"did you mean {meant}:?" if meant else f"use {', '.join(FIELDS)}."
        fact = f"there is no field {token.field!a}: {hint}"
        raise SelectionError(text, token.start, f"{fact} Or quote it")
    if not said.text and field.name != "collection":
        example = field.example.partition(":")[2]
        fact = f"{field.name}: wants {field.wants}, such as {example}"
        raise SelectionError(text, token.value_start, fact)
    try:
        value = _value(said) if field.is_interval else Value(said.text)
        field.check(value)
    except ValueError as error:
        # In quotes some characters stand for others: then it is the beginning.
        within = 0 if said.quoted else getattr(error, "at", 0)
        raise SelectionError(text, token.value_start + within, str(error)) from None
    return Term(field.name, value)


def _value(said: Said) -> Value:
    """Return a value that may be a comparison or a range."""
    sign, dots = said.sign(), said.dots()
    if sign:
        text = said.cut(len(sign))
        if not text:
            raise ValueError(f"say what stands behind {sign}")
        return Value(text, sign)  # type: ignore[arg-type]
    if dots is None:
        return Value(said.text)
    first, last = said.cut(0, dots), said.cut(dots + 2)
    if not first and not last:
        raise ValueError("say where the range begins, or where it ends")
    return Value(first, "..", last)
