"""Sets of record numbers, as ranges that ascend and do not touch.

All that the index says at once has few of them: a collection is one, and what is
between two keys.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Runs: TypeAlias = tuple[range, ...]


def joined(ranges: Iterable[range]) -> Runs:
    """Return the numbers that are in any of *ranges*, which may overlap."""
    found: list[range] = []
    for each in sorted(filter(None, ranges), key=lambda r: (r.start, r.stop)):
        if found and each.start <= found[-1].stop:
            found[-1] = range(found[-1].start, max(found[-1].stop, each.stop))
        else:
            found.append(each)
    return tuple(found)


def of_numbers(numbers: Iterable[int]) -> Runs:
    """Return numbers, which ascend, as runs."""
    found: list[range] = []
    for number in numbers:
        if found and number <= found[-1].stop:
            found[-1] = range(found[-1].start, max(found[-1].stop, number + 1))
        else:
            found.append(range(number, number + 1))
    return tuple(found)


def common(one: Runs, other: Runs) -> Runs:
    """Return the numbers that are in both."""
    found = []
    a = b = 0
    while a < len(one) and b < len(other):
        both = range(max(one[a].start, other[b].start), min(one[a].stop, other[b].stop))
        if both:
            found.append(both)
        if one[a].stop < other[b].stop:
            a += 1
        else:
            b += 1
    return tuple(found)


def others(runs: Runs, count: int) -> Runs:
    """Return the numbers below *count* that are not in *runs*."""
    starts = [0, *(each.stop for each in runs)]
    stops = [*(each.start for each in runs), count]
    gaps = map(range, starts, stops)
    return tuple(gap for gap in gaps if gap)


def total(runs: Runs) -> int:
    """Return how many numbers there are."""
    return sum(map(len, runs))


def kept(numbers: Sequence[int], runs: Runs) -> Sequence[int]:
    """Return those of *numbers*, which ascend, that are in *runs*."""
    if isinstance(numbers, range):
        parts = common((numbers,), runs) if numbers else ()
        if len(parts) == 1:
            return parts[0]
        return array("I", (number for part in parts for number in part))
    found = array("I")
    start = 0
    for each in runs[_first_met(runs, numbers) :]:
        start = bisect_left(numbers, each.start, start)
        if start == len(numbers):
            break
        stop = bisect_left(numbers, each.stop, start)
        found.extend(numbers[start:stop])
        start = stop
    return found


def _first_met(runs: Runs, numbers: Sequence[int]) -> int:
    """Return the index of the first run that does not end before all numbers."""
    first = numbers[0] if numbers else 0
    return bisect_left(runs, first + 1, key=lambda run: run.stop)


def batches(numbers: Iterable[Sequence[int]], size: int) -> Iterator[Sequence[int]]:
    """Yield parts of sequences, of at most so many numbers each."""
    for each in numbers:
        for start in range(0, len(each), size):
            yield each[start : start + size]
