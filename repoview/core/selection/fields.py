"""The fields of a selection: what each wants, and what it means.

The one list of them: the parser judges values by it, completion offers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.findings.catalogue import Severity
from repoview.core.frozen import frozen
from repoview.core.selection.intervals import interval, key_of, period, size_of
from repoview.core.selection.terms import WHERE

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.selection.terms import Value

ANY: Final = "any"
"""Of findings: one of any code."""

SEVERITIES: Final = tuple(each.value for each in Severity)


@frozen
class Field:
    """One field of the language."""

    name: str
    wants: str
    """What stands behind the colon, in words."""

    example: str
    """One that can be typed as it is."""

    about: str
    """The records that it means."""

    check: Callable[[Value], object]
    """Raises `ValueError` for a value that cannot be read."""

    is_interval: bool = False
    """Whether it takes ranges and comparisons."""


def _check_nothing(_: Value) -> None:
    """Any text will do."""


def _check_finding(value: Value) -> None:
    # Late: the catalogue is large, and few ask for findings.
    from repoview.core.findings.names import codes_named  # noqa: PLC0415

    if value.first.lower() not in (ANY, *SEVERITIES):
        codes_named(value.first)


def _check_condition(value: Value) -> None:
    from repoview.core.selection.conditions import condition  # noqa: PLC0415

    condition(value.first)


FIELDS: Final = {
    field.name: field
    for field in (
        Field(
            "collection",
            "a collection",
            "collection:app.bsky.feed.*",
            "of this collection; * stands for anything, ? for one character",
            _check_nothing,
        ),
        Field(
            "prefix",
            "the beginning of a path",
            "prefix:app.bsky.feed.post/3l",
            "whose path begins so",
            _check_nothing,
        ),
        Field(
            "key",
            "a path, or a range of paths",
            "key:app.bsky.feed.like..app.bsky.graph",
            "whose path is this, or in this range",
            lambda value: interval(value, key_of),
            is_interval=True,
        ),
        Field(
            "path",
            "a part of a path",
            "path:3l7",
            "whose path contains this, as of a word without a field",
            _check_nothing,
        ),
        Field(
            "time",
            "a time",
            "time:2024-01..2024-03",
            "whose record key is a TID of this time, in UTC",
            lambda value: interval(value, period),
            is_interval=True,
        ),
        Field(
            "created",
            "a time",
            "created:>=2024-03-15",
            "whose createdAt is in this time, in UTC",
            lambda value: interval(value, period),
            is_interval=True,
        ),
        Field(
            "size",
            "a size",
            "size:>1KB",
            "whose block has so many bytes",
            lambda value: interval(value, size_of),
            is_interval=True,
        ),
        Field(
            "finding",
            f"a code, a family, {', '.join(SEVERITIES)} or {ANY}",
            "finding:error",
            "that a finding is about",
            _check_finding,
        ),
        Field(
            "text",
            "a text",
            'text:"good morning"',
            "one of whose texts contains this; small letters find capital ones too",
            _check_nothing,
        ),
        Field(
            WHERE,
            "a JMESPath expression",
            "where:(langs[0] == 'en')",
            "for whose JSON this JMESPath expression is true",
            _check_condition,
        ),
    )
}
"""By name, in the order in which they are offered."""

OTHER_NAMES: Final = {
    "after": "time",
    "before": "time",
    "bytes": "size",
    "code": "finding",
    "contains": "text",
    "createdat": "created",
    "date": "time",
    "json": WHERE,
    "nsid": "collection",
    "rkey": "path",
    "since": "time",
    "tid": "time",
    "type": "collection",
}
"""What people may call a field, which is no field."""


def near(name: str) -> str | None:
    """Return the field that was likely meant by *name*, None for none."""
    # Late: it takes a while, and few need it.
    from difflib import get_close_matches  # noqa: PLC0415

    given = name.lower()[:20]
    begun = [each for each in (*FIELDS, *OTHER_NAMES) if each.startswith(given)]
    close = begun or get_close_matches(given, (*FIELDS, *OTHER_NAMES), 1, 0.6)
    return OTHER_NAMES.get(close[0], close[0]) if close else None


def begins_field(text: str) -> bool:
    """Tell whether *text* is the beginning of a field's name, or of another for it."""
    given = text.lower()
    return any(each.startswith(given) for each in (*FIELDS, *OTHER_NAMES))
