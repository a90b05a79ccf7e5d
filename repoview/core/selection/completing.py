"""What fits while a selection is typed: fields, collections, codes of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.errors import SelectionError
from repoview.core.frozen import frozen
from repoview.core.selection.fields import (
    ANY,
    FIELDS,
    OTHER_NAMES,
    SEVERITIES,
    begins_field,
)
from repoview.core.selection.scanning import Token, is_bare, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MOST: Final = 50
"""Completions that are offered at once."""

_HALF: Final = frozenset({"collection", "finding"})
"""Fields whose values are names, of which a part means nothing yet."""


@frozen
class Completion:
    """One way to go on."""

    text: str
    """What would stand in place of what is being typed."""

    facts: str
    """What that means."""

    start: int
    """The character of the selection where it begins."""


def completions(
    text: str, collections: Iterable[str], codes: Sequence[str]
) -> list[Completion]:
    """Return how a selection may go on at its end, the likeliest first.

    Args:
        text: What was typed.
        collections: Of the repository.
        codes: Of findings that were made of it.
    """
    token = _last(text)
    if token is None:
        is_between = not text or text[-1].isspace() or text[-1] in "(-"
        return _fields("", len(text)) if is_between else []
    typed = token.said.text
    if token.field is None:
        return [*_fields(typed, token.start), *_named(typed, token.start, collections)]
    field, start = token.field.lower(), token.value_start
    if field == "collection":
        return _values(typed, start, collections, "")
    if field == "finding":
        known = (*codes, *SEVERITIES, ANY)
        return _values(typed, start, dict.fromkeys(known), "of this repository")
    if field in FIELDS and not typed:
        example = FIELDS[field].example.partition(":")[2]
        return [Completion(example, FIELDS[field].about, start)]
    return []


def half_typed(text: str) -> str | None:
    """Return a selection without its last term, if that is the beginning of a name.

    None if it is not: then what it finds, or does not, is what was meant.
    """
    token = _last(text)
    if token is None:
        return None
    if token.field is None:
        is_half = begins_field(token.said.text)
    else:
        is_half = token.field.lower() in _HALF
    return text[: token.start].rstrip("- \t") if is_half else None


def _last(text: str) -> Token | None:
    """Return the word that is being typed at the end, None for none."""
    try:
        *_, last = [None, *tokens(text)]
    except SelectionError:
        return None
    if last is None or last.kind != "word" or last.stop != len(text):
        return None
    return last


def _fields(typed: str, start: int) -> list[Completion]:
    given = typed.lower()
    meant = [name for name in FIELDS if name.startswith(given)]
    if given:
        others = (to for name, to in OTHER_NAMES.items() if name.startswith(given))
        meant = list(dict.fromkeys([*meant, *others]))
    return [Completion(f"{name}:", FIELDS[name].about, start) for name in meant]


def _named(typed: str, start: int, collections: Iterable[str]) -> list[Completion]:
    """Return collections whose name contains a word."""
    if len(typed) < 2:
        return []
    found = _values(typed, start, collections, "a collection")
    return [Completion(f"collection:{each.text}", each.facts, start) for each in found]


def _values(
    typed: str, start: int, names: Iterable[str], facts: str
) -> list[Completion]:
    """Return names that contain what was typed; those that begin with it first."""
    given = typed.lower()
    found = [name for name in names if given in name.lower() and is_bare(name)]
    found.sort(key=lambda name: not name.lower().startswith(given))
    return [
        Completion(name, facts, start)
        for name in found[:MOST]
        if name and name != typed
    ]
