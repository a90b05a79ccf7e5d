"""Facts about the whole shape of a tree: columns of keys, bands of depths."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.diagram.density import CURSOR, HOLE, Shape
from repoview.diagram.layout import MARGIN
from tests.diagram.trees import tree_of

if TYPE_CHECKING:
    from repoview.diagram.text import Span


def drawn(rows: list[list[Span]]) -> list[str]:
    """Return rows as text."""
    return ["".join(span.text for span in row) for row in rows]


@given(st.integers(1, 2_000_000), st.integers(40, 200), st.data())
def test_every_record_is_in_one_column(
    records: int, width: int, data: st.DataObject
) -> None:
    """Columns follow each other, and the middle of one is in it."""
    shape = Shape.of(tree_of(700), range(records), width)
    record = data.draw(st.integers(0, records - 1))

    column = shape.column_of(record)

    assert shape.edges[column] <= record < shape.edges[column + 1]
    assert shape.columns == min(records, width - MARGIN)
    assert all(a < b for a, b in pairwise(shape.edges))
    assert shape.column_of(shape.record_of(column)) == column


@pytest.mark.parametrize("height", [3, 16, 60])
def test_each_depth_has_its_bars(height: int) -> None:
    """As many rows as there is room for, and what they stand for below them."""
    tree = tree_of(700)

    rows = drawn(Shape.of(tree, range(700), 80).rows(height, 0))

    depths = [row[:7] for row in rows if row.startswith("depth")]
    assert depths == [f"depth {depth}" for depth in range(tree.levels - 1, -1, -1)]
    assert len(rows) <= max(height, tree.levels + 2)
    assert max(map(len, rows)) <= 80
    assert "700 keys, a column is 10 keys" in rows[-1]
    assert "kind0 000000" in rows[-2]
    assert "kind2 000698" in rows[-2]


def test_the_cursor_is_a_line_through_all_depths() -> None:
    """In the column of its key."""
    shape = Shape.of(tree_of(700), range(100, 300), 80)

    rows = drawn(shape.rows(16, 250))

    columns = {row.index(CURSOR) for row in rows[:-2]}
    assert columns == {MARGIN + shape.column_of(250)}


def test_holes_are_marked_where_they_are() -> None:
    """In the band of their depth."""
    tree = tree_of(700, 720)
    rows = drawn(Shape.of(tree, range(tree.records), 80).rows(30, 600))

    assert any(HOLE in row for row in rows)
    whole = drawn(Shape.of(tree_of(700), range(700), 80).rows(30, 699))
    assert not any(HOLE in row for row in whole)


def test_a_tree_without_records_has_bands_only() -> None:
    """And one that is not there has none."""
    assert len(drawn(Shape.of(tree_of(0), range(0), 80).rows(9, 0))) >= 1
