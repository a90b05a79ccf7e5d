"""Read dates, sizes and keys, and the intervals between them.

All intervals are half-open, from the first that is in them to the first that is
not; None is an open end.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias, TypeVar

from repoview.core.sizes import parse_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.selection.terms import Value

T = TypeVar("T")
Interval: TypeAlias = "tuple[T | None, T | None]"

_DATE: Final = re.compile(
    r"(?a)(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d))?)?Z?)?)?)?"
)
_LONGEST: Final = 64
"""Characters of a date in a record, at most."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_LENGTHS: Final = (86_400, 3_600, 60, 1)
"""Seconds of a day, an hour, a minute, a second."""


def period(text: str) -> tuple[int, int]:
    """Return the time of a year, month, day, hour, minute or second, in UTC.

    In microseconds since 1970.

    Raises:
        ValueError: It is none; the message is a sentence.
    """
    found = _DATE.fullmatch(text)
    parts = [int(part) for part in found.groups() if part] if found else []
    try:
        start = _micros(datetime(*[*parts, 1, 1][: max(3, len(parts))], tzinfo=UTC))  # type: ignore[misc, arg-type]
    except (TypeError, ValueError):
        raise ValueError(
            f"{text[:40]!a} is no date: say it like 2024, 2024-03 or 2024-03-01T12:30"
        ) from None
    return start, start + 1_000_000 * _seconds(parts)


def _seconds(parts: list[int]) -> int:
    """Return how long a date with so many parts is."""
    if len(parts) > 2:
        return _LENGTHS[len(parts) - 3]
    year, months = parts[0], parts[1:] or range(1, 13)
    return sum(monthrange(year, month)[1] for month in months) * _LENGTHS[0]


def _micros(when: datetime) -> int:
    return (when - _EPOCH) // _MICROSECOND


def micros_of(text: str) -> int | None:
    """Return the time of an atproto datetime, None for a text that is none.

    One without a zone is taken as UTC.
    """
    if len(text) > _LONGEST:
        return None
    try:
        when = datetime.fromisoformat(text)
        if when.tzinfo is None:
            when = when.replace(tzinfo=UTC)
        return _micros(when)
    except (ValueError, OverflowError):
        return None


def size_of(text: str) -> tuple[int, int]:
    """Return a size in bytes, as an interval; raises as `parse_size` does."""
    size = parse_size(text)
    return size, size + 1


def key_of(text: str) -> tuple[bytes, bytes]:
    """Return a key, as an interval of keys."""
    key = text.encode(errors="surrogatepass")
    return key, key + b"\0"


def interval(value: Value, read: Callable[[str], tuple[T, T]]) -> Interval[T]:
    """Return what a value asks for.

    Args:
        value: Of a term.
        read: Returns what one text names: `period`, `size_of` or `key_of`.

    Raises:
        ValueError: It cannot be read, or a range ends before it begins.
    """
    if value.kind == "..":
        low = read(value.first)[0] if value.first else None
        high = read(value.last)[1] if value.last else None
        if low is not None and high is not None and high <= low:  # type: ignore[operator]
            raise ValueError(f"{value.last[:40]!a} is before {value.first[:40]!a}")
        return low, high
    start, stop = read(value.first)
    ends: dict[str, Interval[T]] = {
        "is": (start, stop),
        ">": (stop, None),
        ">=": (start, None),
        "<": (None, start),
        "<=": (None, stop),
    }
    return ends[value.kind]
