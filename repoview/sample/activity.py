"""The distribution of the sample's records over time.

An activity is a weight for every day; the time of a record is found by bisection
in the prefix sums of the weights. All arithmetic is on integers, so that every
system gives the same times.
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
"""Milliseconds of a day, and of the part of it in which the account writes."""

_WEEK: Final = (80, 90, 90, 100, 100, 130, 140)
"""Percent of the usual level, from Monday on."""

_STEPS: Final = 65536


class Burst(NamedTuple):
    """A peak, which decays exponentially from day to day."""

    day: str
    height: int
    fades: int
    """Percent that remain a day later."""


class Activity:
    """The weights of all days.

    Args:
        levels: The usual level by day, interpolated linearly.
        bursts: Peaks that are added.
        silences: First and last days of periods without records.
    """

    def __init__(
        self,
        levels: Sequence[tuple[str, int]],
        bursts: Sequence[Burst] = (),
        silences: Sequence[tuple[str, str]] = (),
    ) -> None:
        usual = [*_interpolated([(_day(day), level) for day, level in levels])]
        for burst in bursts:
            height = burst.height * 100
            for day in range(_day(burst.day), DAYS):
                usual[day] += height
                height = height * burst.fades // 100
        for first, last in silences:
            for day in range(_day(first), _day(last) + 1):
                usual[day] = 0
        weights = [level * _factor(day) for day, level in enumerate(usual)]
        self._sums = [0, *accumulate(weights)]

    def moment(self, number: int, count: int, seed: int) -> int:
        """Return when the *number*-th of *count* records was made.

        In milliseconds after the start; ascending with *number*, and the same
        for the same arguments.
        """
        # Jitter within three quarters of its share, so that times are ascending.
        jitter = (number * 40503 + seed * 977) % _STEPS * 3 // 4
        sums, shares = self._sums, count * _STEPS
        target = sums[-1] * (number * _STEPS + jitter)
        day = bisect_right(sums, target // shares) - 1
        rest = target - sums[day] * shares
        return day * DAY + _AWAKE * rest // ((sums[day + 1] - sums[day]) * shares)


def _day(text: str) -> int:
    """Return the number of a day, the first of all being 0."""
    return (date.fromisoformat(text) - START.date()).days


def _interpolated(levels: list[tuple[int, int]]) -> Iterator[int]:
    """Yield the interpolated level of each day, times a hundred."""
    ends = [(0, levels[0][1]), *levels, (DAYS, levels[-1][1])]
    for (first, low), (last, high) in pairwise(ends):
        for day in range(first, last):
            yield 100 * low + 100 * (high - low) * (day - first) // (last - first)


def _factor(day: int) -> int:
    """Return a random factor for a day, in ten-thousandths."""
    noise = 40 + sha256(b"day %d" % day).digest()[0] * 120 // 255
    return _WEEK[(START.weekday() + day) % 7] * noise


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
"""Of posts and related records, with a quiet summer."""

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
"""Of follows and blocks."""

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
"""Of plants: in spring, fewer in the second year."""

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
"""Of the garden's sensor, also in periods without posts."""

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
"""Of journal entries: in winter."""


def percent_about_the_sky(moment: int) -> int:
    """Return the percentage of posts about the night sky at a time.

    It starts low, rises with the northern lights of May 2024, and exceeds the
    other topics from that August on.
    """
    day = moment // DAY
    return next(share for first, share in _SKY if day >= first)


_SKY: Final = (
    (_day("2024-08-20"), 62),
    (_day("2024-05-14"), 25),
    (_day("2024-05-10"), 90),
    (0, 4),
)
"""First day and percentage, the latest first."""
