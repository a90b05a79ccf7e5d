"""Facts about records over time: every record is in one bin, or counted apart."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.present.timeline import FIRST, day_of, timeline

EPOCH = date(1970, 1, 1)

DAYS = st.dictionaries(st.integers(-1, 208_000), st.integers(1, 5), max_size=40)


def day(year: int, month: int, number: int) -> int:
    """Return a date as days since 1970."""
    return (date(year, month, number) - EPOCH).days


@given(DAYS, st.integers(10, 200), st.none() | st.dates(FIRST, date(2100, 1, 1)))
def test_every_record_is_counted_once(
    days: dict[int, int], most: int, last: date | None
) -> None:
    """In a bin, before, after, or without a date; and the bins have no gaps."""
    line = timeline(days, most, last)
    told = sum(each.count for each in line.bins)
    assert told + line.before + line.after + line.dateless == sum(days.values())
    assert len(line.bins) <= most or line.unit == "year"
    assert all(a.start < b.start for a, b in pairwise(line.bins))
    if line.bins:
        assert line.bins[0].count
        assert line.bins[-1].count
        assert last is None or line.bins[-1].start <= last


@pytest.mark.parametrize(
    ("most", "unit", "count"),
    [(800, "day", 731), (110, "week", 106), (30, "month", 24), (12, "quarter", 8)],
)
def test_bins_are_as_small_as_there_is_room_for(
    most: int, unit: str, count: int
) -> None:
    """Two years, in more or less room."""
    line = timeline({day(2023, 1, 1): 1, day(2024, 12, 31): 2}, most, None)
    assert (line.unit, len(line.bins)) == (unit, count)


def test_absurd_dates_stand_apart() -> None:
    """Those before the network, and those after the last day there can be."""
    days = {-1: 3, 0: 2, day(2021, 12, 31): 1, day(2023, 5, 4): 7, 200_000: 5}
    line = timeline(days, 50, date(2023, 5, 4))
    assert (line.before, line.after, line.dateless) == (3, 5, 3)
    assert [(each.start, each.count) for each in line.bins] == [(date(2023, 5, 4), 7)]
    assert line.greatest == line.bins[0]


def test_no_records_make_no_bins() -> None:
    """And there is no greatest."""
    line = timeline({}, 50, None)
    assert line.bins == []
    assert line.greatest is None


def test_a_day_is_that_of_utc() -> None:
    """Wherever the reader is."""
    assert day_of(86_399) == EPOCH
    assert day_of(86_400) == date(1970, 1, 2)
