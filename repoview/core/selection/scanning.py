"""Take the text of a selection apart: parentheses, signs, words and fields.

Whether the words mean something is `parsing`'s. A word knows of each of its
characters whether it stood in quotes, for in quotes nothing is an operator.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.errors import SelectionError
from repoview.core.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

NOT: Final = "-"
WORDS: Final = frozenset({"and", "or", "not"})
"""Words that join terms, in small letters or in capital ones."""

_FIELD: Final = re.compile(r"([A-Za-z]+):")
_ENDS: Final = frozenset("()")
_QUOTE: Final = '"'
_SIGNS: Final = re.compile(r">=|<=|>|<")
_CONDITION_QUOTES: Final = frozenset("'\"`")
"""What begins and ends a text inside a JMESPath expression."""


class Said(NamedTuple):
    """A value as it was written, without its quotes."""

    text: str
    quoted: frozenset[int]
    """The characters of it that stood in quotes."""

    def cut(self, start: int, stop: int | None = None) -> str:
        """Return a part of the text."""
        return self.text[start:stop]

    def sign(self) -> str:
        """Return the comparison that it begins with, empty for none."""
        found = _SIGNS.match(self.text)
        return found[0] if found and 0 not in self.quoted else ""

    def dots(self) -> int | None:
        """Return where the two dots of a range stand, None for no range."""
        at = self.text.find("..")
        while at >= 0 and at in self.quoted:
            at = self.text.find("..", at + 1)
        return None if at < 0 else at


_NOTHING: Final = Said("", frozenset())


@frozen
class Token:
    """One piece of the text."""

    kind: str
    """``(``, ``)``, ``-``, ``and``, ``or``, ``not``, or ``word``."""

    start: int
    stop: int
    said: Said = _NOTHING
    """Of a word: what it says."""

    field: str | None = None
    """Of a word: the name before its colon, None for a word alone."""

    value_start: int = 0
    """Where the value of a field begins."""


def is_bare(text: str) -> bool:
    """Tell whether a value means the same without quotes."""
    if ".." in text or _SIGNS.match(text):
        return False
    return not any(each.isspace() or each in '()"' for each in text)


def tokens(text: str) -> Iterator[Token]:
    """Yield the pieces of a selection, in order.

    Raises:
        SelectionError: A quote or a parenthesis is not closed.
    """
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        token = _token(text, at)
        yield token
        at = token.stop


def _token(text: str, at: int) -> Token:
    if text[at] in _ENDS:
        return Token(text[at], at, at + 1)
    if text[at] == NOT:
        return Token(NOT, at, at + 1)
    named = _FIELD.match(text, at)
    if named is None:
        said, stop = _said(text, at)
        joins = said.text.lower() if not said.quoted else ""
        is_joining = joins in WORDS and said.text in {joins, joins.upper()}
        return Token(joins if is_joining else "word", at, stop, said, None, at)
    start = named.end()
    if text[start : start + 1] == "(":
        stop = end_of_condition(text, start)
        inside = text[start + 1 : stop - 1]
        said = Said(inside.strip(), frozenset())
        start += 1 + len(inside) - len(inside.lstrip())
    else:
        said, stop = _said(text, start)
    return Token("word", at, stop, said, named[1], start)


def _said(text: str, at: int) -> tuple[Said, int]:
    """Return a word or value from *at* on, and where it ends."""
    said: list[str] = []
    quoted: set[int] = set()
    while at < len(text) and not text[at].isspace() and text[at] not in _ENDS:
        if text[at] != _QUOTE:
            said.append(text[at])
            at += 1
            continue
        opened, at = at, at + 1
        while text[at : at + 1] != _QUOTE:
            if at >= len(text):
                fact = f"this quote is not closed: end with {_QUOTE}"
                raise SelectionError(text, opened, fact)
            if text[at] == "\\" and text[at + 1 : at + 2] in {_QUOTE, "\\"}:
                at += 1
            quoted.add(len(said))
            said.append(text[at : at + 1])
            at += 1
        at += 1
    return Said("".join(said), frozenset(quoted)), at


def end_of_condition(text: str, start: int) -> int:
    """Return where the parenthesis at *start* ends; quoted ones do not count.

    Raises:
        SelectionError: It does not.
    """
    depth, at = 0, start
    while at < len(text):
        character = text[at]
        if character in _CONDITION_QUOTES:
            at = _end_of_quote(text, at)
        depth += (character == "(") - (character == ")")
        at += 1
        if not depth:
            return at
    raise SelectionError(text, start, "this parenthesis is not closed: end with )")


def is_closed(condition: str) -> bool:
    """Tell whether an expression can stand in parentheses."""
    wrapped = f"({condition})"
    try:
        return end_of_condition(wrapped, 0) == len(wrapped)
    except SelectionError:
        return False


def _end_of_quote(text: str, at: int) -> int:
    quote, opened = text[at], at
    at += 1
    while at < len(text) and text[at] != quote:
        at += 1 + (text[at] == "\\")
    if at >= len(text):
        raise SelectionError(text, opened, f"this {quote} is not closed")
    return at
