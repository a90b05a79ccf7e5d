"""Facts about numbers that are drawn: what is more looks like more."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.tui.values.drawing import (
    EXPECTED,
    axis,
    bar,
    bar_with_mark,
    columns,
    stacked,
)

EIGHTHS = " ▏▎▍▌▋▊▉█"
UP = " ▁▂▃▄▅▆▇█"


def length(text: str) -> int:
    """Return the eighths of a cell that a bar takes."""
    return sum(EIGHTHS.index(each) for each in text)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 200))
def test_a_longer_bar_is_of_more(one: float, other: float, width: int) -> None:
    """To an eighth of a cell, and never longer than there is room."""
    low, high = sorted((one, other))
    assert length(bar(low, width)) <= length(bar(high, width)) <= 8 * width
    assert abs(length(bar(high, width)) - high * width * 8) <= 1


@pytest.mark.parametrize("share", [1e-9, 0.001])
def test_what_is_more_than_nothing_is_drawn(share: float) -> None:
    """However little it is."""
    assert length(bar(share, 10)) == 1
    assert bar(0, 10) == ""


@given(st.floats(0, 1), st.none() | st.floats(0, 1.5), st.integers(1, 80))
def test_a_marked_bar_fills_its_width(
    share: float, mark: float | None, width: int
) -> None:
    """With one mark, if there is any."""
    text = "".join(part.text for part in bar_with_mark(share, mark, width))
    assert len(text) == width
    assert text.count(EXPECTED) == (mark is not None)


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=50), st.integers(1, 20))
def test_columns_are_as_high_as_their_values(values: list[int], height: int) -> None:
    """The greatest fills the height, and what is more than nothing is seen."""
    lines = columns(values, height)
    assert [len(line) for line in lines] == [len(values)] * height
    heights = [
        sum(UP.index(cell) for cell in column) for column in zip(*lines, strict=True)
    ]
    if max(values):
        assert max(heights) == 8 * height
    for value, high in zip(values, heights, strict=True):
        assert (high > 0) == (value > 0)
        assert abs(high - value / (max(values) or 1) * 8 * height) <= 1


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=5), st.integers(5, 200))
def test_parts_of_a_bar_fill_it(sizes: list[int], width: int) -> None:
    """And each that is more than nothing has a cell."""
    found = stacked(sizes, width)
    assert sum(found) == (width if sum(sizes) else 0)
    assert all(
        (part > 0) == (size > 0) for part, size in zip(found, sizes, strict=True)
    )


def test_labels_without_room_go() -> None:
    """Those that are there stand where they belong, and inside the width."""
    labels = [(0, "2023"), (3, "2024"), (10, "2025"), (18, "2026")]
    assert axis(labels, 20) == "2023      2025  2026"
    assert axis([], 20) == ""
