"""Where boxes of one band go: near to where their links want them, in order.

Least squares under an order: the pool-adjacent-violators algorithm, on places
from which widths and gaps have been taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def placed(
    wanted: Sequence[float],
    weights: Sequence[float],
    widths: Sequence[int],
    gap: int,
    bounds: tuple[int, int],
) -> list[int]:
    """Return the first cell of each box, ascending, without overlap.

    Args:
        wanted: The middle that each had best.
        weights: How much that counts.
        widths: In cells.
        gap: Cells between two.
        bounds: First cell, and the cell behind the last. Boxes that are too wide
            for them begin at the first.
    """
    offsets: list[int] = []
    taken = 0
    for width in widths:
        offsets.append(taken)
        taken += width + gap
    low = bounds[0]
    high = max(low, bounds[1] - (taken - gap))
    # Of pools: mean, weight, how many boxes.
    pools: list[tuple[float, float, int]] = []
    for middle, weight, width, offset in zip(
        wanted, weights, widths, offsets, strict=True
    ):
        pool = (middle - width / 2 - offset, weight, 1)
        while pools and pools[-1][0] >= pool[0]:
            mean, mass, count = pools.pop()
            whole = mass + pool[1]
            mean = (mean * mass + pool[0] * pool[1]) / whole
            pool = (mean, whole, count + pool[2])
        pools.append(pool)
    at = [mean for mean, _, count in pools for _ in range(count)]
    return [
        round(min(max(place, low), high)) + offset
        for place, offset in zip(at, offsets, strict=True)
    ]


def rows_of(spans: Sequence[tuple[int, int]]) -> list[int]:
    """Return for each line between two bands the row on which it goes sideways.

    No line crosses another: lines to the left turn the lower the further right
    they are, lines to the right the higher.

    Args:
        spans: Columns where each begins and ends, both ascending.
    """
    rows = [0] * len(spans)
    for order, sign in ((range(len(spans)), 1), (range(len(spans) - 1, -1, -1), -1)):
        latest: list[int] = []
        for each in order:
            start, end = spans[each]
            if sign * (start - end) <= 0:
                continue
            crossed = [
                rows[other] for other in latest if sign * (end - spans[other][0]) <= 0
            ]
            rows[each] = max(crossed, default=-1) + 1
            latest.append(each)
    return rows
