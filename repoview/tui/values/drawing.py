"""Charts made of block characters: bars, columns and axes.

First the values to draw, whose texts are safe to show; then the functions that
draw them. Colors are given as names of styles, and nothing depends on color
alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_ACROSS: Final = " ▏▎▍▌▋▊▉█"
"""Eighths of a cell, filled from the left."""

_UP: Final = " ▁▂▃▄▅▆▇█"
"""Eighths of a cell, filled from below."""

EXPECTED: Final = "┊"
"""Where a bar is expected to end."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, ready to be drawn."""

    label: str
    value: float
    says: str
    """Its value in words."""

    expected: float | None = None
    """The expected value, which is marked; None for none."""

    is_odd: bool = False
    """Whether it stands for something unusual."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a histogram, ready to be drawn."""

    values: Sequence[int]
    labels: Sequence[tuple[int, str]]
    """Column and the label below it, ascending."""

    odd: frozenset[int] = frozenset()
    """Columns that stand for something unusual."""

    says: str = ""
    """The caption."""


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a whole, ready to be drawn."""

    label: str
    value: int
    says: str


class StyledText(NamedTuple):
    """A text in one style."""

    text: str
    style: str


def bar(share: float, width: int) -> str:
    """Return a bar of *share* of *width* cells, without padding.

    A share above 0 has an eighth of a cell at least.
    """
    eighths = round(max(0.0, min(share, 1.0)) * width * 8)
    if share > 0:
        eighths = max(eighths, 1)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (_ACROSS[rest] if rest else "")


def bar_with_mark(share: float, mark: float | None, width: int) -> list[StyledText]:
    """Return a bar padded to *width*, with a mark at the expected value.

    Args:
        share: Of the width.
        mark: Share of the width, too; None for no mark.
        width: In cells.
    """
    found = bar(share, width)
    if mark is None:
        return [StyledText(found.ljust(width), "bar")]
    at = min(round(max(mark, 0.0) * width), width - 1)
    if at >= len(found):
        gap = " " * (at - len(found))
        rest = " " * (width - at - 1)
        return [
            StyledText(found + gap, "bar"),
            StyledText(EXPECTED, "expected"),
            StyledText(rest, "bar"),
        ]
    before, after = found[:at], found[at + 1 :].ljust(width - at - 1)
    return [
        StyledText(before, "bar"),
        StyledText(EXPECTED, "expected-inside"),
        StyledText(after, "bar"),
    ]


def columns(values: Sequence[float], height: int) -> list[str]:
    """Return columns as lines from the top; the greatest value fills *height*.

    A value above 0 has an eighth of a cell at least.
    """
    greatest = max(values, default=0) or 1
    eighths = [
        max(round(value / greatest * height * 8), 1 if value > 0 else 0)
        for value in values
    ]
    return [
        "".join(_UP[max(0, min(each - 8 * row, 8))] for each in eighths)
        for row in range(height - 1, -1, -1)
    ]


def stacked(shares: Sequence[float], width: int) -> list[int]:
    """Return how many cells of a stacked bar each share has.

    They add up to *width*; a share above 0 has one cell at least, if there is
    room.
    """
    total = sum(shares)
    if total <= 0:
        return [0] * len(shares)
    cells = [max(int(s / total * width), 1 if s > 0 else 0) for s in shares]
    while sum(cells) > width:
        cells[cells.index(max(cells))] -= 1
    cells[shares.index(max(shares))] += width - sum(cells)
    return cells


def axis(labels: Sequence[tuple[int, str]], width: int) -> str:
    """Return a line of labels, each from its cell on, without those that overlap.

    Args:
        labels: Cell and text, ascending.
        width: In cells.
    """
    line = ""
    for at, text in labels:
        start = min(at, width - len(text))
        if line and start < len(line) + 2:
            continue
        if start >= 0:
            line = line.ljust(start) + text
    return line
