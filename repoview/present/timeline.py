"""Records over time: a histogram of the days of record keys.

The bins are days, weeks, months, quarters or years, whatever fits. Impossible
dates are counted apart: those before the network began, and those after the
time of the commit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

FIRST: Final = date(2022, 1, 1)
"""No record was written before: record keys that say so were set by hand."""

_EPOCH: Final = date(1970, 1, 1)
_FIRST_DAY: Final = (FIRST - _EPOCH).days


@dataclass(frozen=True, slots=True)
class Bin:
    """The records of one stretch of time."""

    start: date
    count: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Records over time."""

    unit: str
    """day, week, month, quarter or year: what a bin is."""

    bins: list[Bin]
    """All from the first to the last, empty ones too."""

    before: int
    """Records that say to be from before `FIRST`."""

    after: int
    """Records that say to be from after the last day there can be."""

    dateless: int
    """Records whose key tells no date."""

    @property
    def greatest(self) -> Bin | None:
        """The bin with the most records; None without any."""
        return max(self.bins, key=lambda each: each.count, default=None)


def timeline(days: Mapping[int, int], most: int, last: date | None) -> Timeline:
    """Return records over time in as many bins as fit.

    Args:
        days: Records by the day since 1970 that their key tells; -1 for none.
        most: Most bins that fit.
        last: The last day that can be right; None where none is known.
    """
    end = None if last is None else (last - _EPOCH).days
    known = {
        day: count
        for day, count in days.items()
        if day >= _FIRST_DAY and (end is None or day <= end)
    }
    before = sum(count for day, count in days.items() if 0 <= day < _FIRST_DAY)
    dateless = days.get(-1, 0)
    after = sum(days.values()) - sum(known.values()) - before - dateless
    unit, bins = "day", list[Bin]()
    if known:
        unit, bins = _binned(known, most)
    return Timeline(unit, bins, before, after, dateless)


def day_of(when: float) -> date:
    """Return the day of a time in seconds since 1970."""
    return datetime.fromtimestamp(when, UTC).date()


def _binned(days: dict[int, int], most: int) -> tuple[str, list[Bin]]:
    first, last = _date(min(days)), _date(max(days))
    for unit, (start_of, following) in _UNITS.items():
        starts = list(_starts(start_of(first), last, following, most))
        if len(starts) <= most or unit == "year":
            break
    counts = dict.fromkeys(starts, 0)
    for day, count in days.items():
        start = start_of(_date(day))
        counts[start] = counts.get(start, 0) + count
    return unit, [Bin(start, count) for start, count in counts.items()]


def _starts(
    first: date, last: date, following: Callable[[date], date], most: int
) -> Iterator[date]:
    """Yield the starts of all bins, but of no more than one over *most*."""
    number = 0
    while first <= last and (number <= most or following is _next_year):
        yield first
        first = following(first)
        number += 1


def _date(day: int) -> date:
    return _EPOCH + timedelta(days=day)


def _months_on(start: date, months: int) -> date:
    month = start.month - 1 + months
    return date(start.year + month // 12, month % 12 + 1, 1)


def _next_year(start: date) -> date:
    return date(start.year + 1, 1, 1)


_UNITS: Final[dict[str, tuple[Callable[[date], date], Callable[[date], date]]]] = {
    "day": (lambda day: day, lambda day: day + timedelta(days=1)),
    "week": (
        lambda day: day - timedelta(days=day.weekday()),
        lambda day: day + timedelta(days=7),
    ),
    "month": (lambda day: day.replace(day=1), lambda day: _months_on(day, 1)),
    "quarter": (
        lambda day: date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
        lambda day: _months_on(day, 3),
    ),
    "year": (lambda day: date(day.year, 1, 1), _next_year),
}
"""Unit → the start of the one that a day is in, and the start of the next."""
