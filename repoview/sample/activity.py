"""When the account of the sample was busy, and when it was not.

An activity gives every day a weight, and records are dealt out by weight. All
is whole numbers, so that every system gives the same times.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

START: Final = datetime(2023, 3, 1, 6, 30, tzinfo=UTC)
DAYS: Final = 731
DAY: Final = 24 * 3600 * 1000
_AWAKE: Final = 16 * 3600 * 1000
"""Milliseconds of a day; and those of it in which the account writes."""

_WEEK: Final = (80, 90, 90, 100, 100, 130, 140)
"""Percent of the usual, from Monday on."""

_STEPS: Final = 65536


class Burst(NamedTuple):
    """A day of much, after which it goes back to the usual."""

    day: str
    height: int
    fades: int
    """Percent of it that are left a day later."""


class Activity:
    """How much there was on each day.

    Args:
        levels: What is usual, by day; straight lines lead from one to the next.
        bursts: What comes on top.
        silences: First and last days of times without anything.
    """

    def __init__(
        self,
        levels: Sequence[tuple[str, int]],
        bursts: Sequence[Burst] = (),
        silences: Sequence[tuple[str, str]] = (),
    ) -> None:
        usual = [*_lines([(_day(day), level) for day, level in levels])]
        for burst in bursts:
            height = burst.height * 100
            for day in range(_day(burst.day), DAYS):
                usual[day] += height
                height = height * burst.fades // 100
        for first, last in silences:
            for day in range(_day(first), _day(last) + 1):
                usual[day] = 0
        weights = [level * _whim(day) for day, level in enumerate(usual)]
        self._sums = [0, *accumulate(weights)]

    def moment(self, number: int, count: int, seed: int) -> int:
        """Return when the *number*-th of *count* records was made.

        In milliseconds after the start; ascending with *number*, and the same
        for the same arguments.
        """
        # A stir within its share, of which a quarter is left between any two.
        stir = (number * 40503 + seed * 977) % _STEPS * 3 // 4
        sums, shares = self._sums, count * _STEPS
        place = sums[-1] * (number * _STEPS + stir)
        day = bisect_right(sums, place // shares) - 1
        rest = place - sums[day] * shares
        return day * DAY + _AWAKE * rest // ((sums[day + 1] - sums[day]) * shares)


def _day(text: str) -> int:
    """Return the number of a day, the first of all being 0."""
    return (date.fromisoformat(text) - START.date()).days


def _lines(levels: list[tuple[int, int]]) -> Iterator[int]:
    """Yield the level of each day, a hundredfold."""
    ends = [(0, levels[0][1]), *levels, (DAYS, levels[-1][1])]
    for (first, low), (last, high) in pairwise(ends):
        for day in range(first, last):
            yield 100 * low + 100 * (high - low) * (day - first) // (last - first)


def _whim(day: int) -> int:
    """Return how much of the usual a day has, as parts of ten thousand."""
    mood = 40 + sha256(b"day %d" % day).digest()[0] * 120 // 255
    return _WEEK[(START.weekday() + day) % 7] * mood


WRITING: Final = Activity(
    [
        ("2023-03-01", 12),
        ("2023-04-15", 36),
        ("2023-06-25", 52),
        ("2023-09-15", 40),
        ("2023-11-20", 20),
        ("2024-01-15", 14),
        ("2024-02-25", 44),
        ("2024-04-20", 60),
        ("2024-05-31", 44),
        ("2024-06-08", 5),
        ("2024-08-24", 3),
        ("2024-09-10", 34),
        ("2024-10-31", 58),
        ("2024-12-24", 46),
        ("2025-02-28", 36),
    ],
    [
        Burst("2023-07-01", 300, 82),  # Friends arrive.
        Burst("2024-02-06", 160, 85),  # The doors open.
        Burst("2024-05-10", 500, 60),  # A night of northern lights.
        Burst("2024-10-14", 260, 75),  # A comet.
        Burst("2024-11-12", 380, 90),  # Everybody arrives.
    ],
    [("2024-07-01", "2024-07-24")],
)
"""Of posts and of what is done beside them: a summer away is quiet."""

MEETING: Final = Activity(
    [("2023-03-01", 8), ("2024-06-01", 6), ("2024-09-15", 8)],
    [
        Burst("2023-03-01", 60, 80),
        Burst("2023-07-01", 160, 80),
        Burst("2024-02-06", 160, 85),
        Burst("2024-11-12", 320, 91),
    ],
    [("2024-06-20", "2024-08-12")],
)
"""Of getting to know people."""

PLANTING: Final = Activity(
    [
        ("2023-03-10", 0),
        ("2023-04-20", 60),
        ("2023-06-10", 0),
        ("2024-03-10", 0),
        ("2024-04-10", 20),
        ("2024-05-20", 0),
    ]
)
"""Of the garden's plants: in spring, and less in the second year."""

GROWING: Final = Activity(
    [
        ("2023-04-10", 0),
        ("2023-06-20", 60),
        ("2023-08-10", 100),
        ("2023-10-20", 0),
        ("2024-04-20", 0),
        ("2024-06-20", 60),
        ("2024-08-10", 70),
        ("2024-09-20", 0),
    ]
)
"""Of the sensor in the beds: it goes on while nobody writes."""

ESSAYS: Final = Activity(
    [
        ("2023-10-20", 0),
        ("2023-12-20", 40),
        ("2024-02-10", 0),
        ("2024-11-10", 0),
        ("2025-01-20", 60),
        ("2025-02-28", 20),
    ]
)
"""Of long texts: in winter."""


def percent_about_the_sky(moment: int) -> int:
    """Return how many posts of a hundred are about the night sky.

    The account begins with its garden. The northern lights make it look up, and
    after the summer the garden comes second.
    """
    day = moment // DAY
    return next(share for first, share in _SKY if day >= first)


_SKY: Final = (
    (_day("2024-08-20"), 62),
    (_day("2024-05-14"), 25),
    (_day("2024-05-10"), 90),
    (0, 4),
)
"""From which day on, the last first."""
