"""Facts about the layout: what is shown, in which order, and what fits."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.diagram.bands import Focus
from repoview.diagram.layout import SMALLEST, layout
from repoview.diagram.placing import placed, rows_of
from repoview.diagram.tree import way_to
from tests.diagram.trees import RegularTree, tree_of

if TYPE_CHECKING:
    from repoview.diagram.drawing import Drawing
    from repoview.diagram.tree import DiagramTree

WIDTHS = st.integers(SMALLEST[0], 240)
HEIGHTS = st.none() | st.integers(SMALLEST[1], 60)
REPOSITORIES = st.sampled_from(
    [(0, 0), (1, 0), (9, 0), (60, 0), (700, 0), (700, 720), (700, 800)]
)
"""Records, and blocks that are missing at the end: records, then nodes."""


@st.composite
def windows(draw: st.DrawFn) -> tuple[DiagramTree, Focus | None, Drawing]:
    """Return a tree, a focus anywhere in it, and its drawing of any size."""
    tree = tree_of(*draw(REPOSITORIES))
    focus = None
    if tree.levels:
        nodes = sum(tree.amount(distance) for distance in range(tree.levels))
        focus = Focus(draw(st.integers(0, nodes - 1)))
        if tree.records and draw(st.booleans()):
            record = draw(st.integers(0, tree.records - 1))
            focus = Focus(tree.holder(record), record)
    return (
        tree,
        focus,
        layout(tree, focus, width=draw(WIDTHS), height=draw(HEIGHTS)),
    )


def bands_of(drawing: Drawing) -> list[list[int]]:
    """Return the nodes shown in each band, from left to right."""
    return [
        [box.node for box in drawing.boxes if box.y == band.y] for band in drawing.bands
    ]


@given(windows())
def test_a_band_is_a_run_of_neighbors_and_counts_the_rest(
    window: tuple[DiagramTree, Focus | None, Drawing],
) -> None:
    """No node is lost: each is in a box, or in a count."""
    tree, _, drawing = window

    for band, nodes in zip(drawing.bands, bands_of(drawing), strict=True):
        assert all(tree.beside(a, 1) == b for a, b in pairwise(nodes))
        folds = [fold for fold in drawing.folds if fold.y == band.y + 1]
        assert len(nodes) + sum(fold.count for fold in folds) == tree.amount(
            band.distance
        )
        for fold in folds:
            assert fold.node in {tree.beside(nodes[0], -1), tree.beside(nodes[-1], 1)}
    shown = drawing.above + len(drawing.bands) + drawing.below
    assert shown == tree.levels or not drawing.bands


@given(windows())
def test_boxes_do_not_overlap(
    window: tuple[DiagramTree, Focus | None, Drawing],
) -> None:
    """Nor do they leave the window, but where one key alone is too wide."""
    _, _, drawing = window

    for band in drawing.bands:
        boxes = [box for box in drawing.boxes if box.y == band.y]
        assert all(a.x + a.width < b.x for a, b in pairwise(boxes))
        assert all(box.height <= band.height for box in boxes)
        folds = [fold for fold in drawing.folds if fold.y == band.y + 1]
        assert not any(drawing.box_at(fold.x, fold.y) for fold in folds)
        assert boxes[0].x >= drawing.margin
        assert boxes[-1].x + boxes[-1].width <= drawing.width
    assert all(a.y + a.height < b.y for a, b in pairwise(drawing.bands))
    if drawing.bands:
        last = drawing.bands[-1]
        assert last.y + last.height <= drawing.height


@given(windows())
def test_the_way_to_the_focus_is_shown(
    window: tuple[DiagramTree, Focus | None, Drawing],
) -> None:
    """All of it that is in the bands shown, joined by links."""
    tree, focus, drawing = window
    if focus is None:
        assert drawing.boxes == ()
        return

    way = way_to(tree, focus.node)
    shown = [box.node for box in drawing.boxes if box.is_way]
    assert shown == [n for n in way[drawing.above :] if n in shown]
    assert [box.node for box in drawing.boxes if box.is_focus] == [focus.node]
    links = [(link.parent, link.child) for link in drawing.links if link.is_way]
    assert links == list(pairwise(shown))
    if focus.record is not None and drawing.width >= 60:
        (box,) = (box for box in drawing.boxes if box.is_focus)
        assert focus.record in {piece.record for piece in box.pieces}


@given(windows())
def test_keys_stand_in_their_nodes_in_order(
    window: tuple[DiagramTree, Focus | None, Drawing],
) -> None:
    """And links lead from a node to what is below it."""
    tree, _, drawing = window

    boxes = {box.node: box for box in drawing.boxes}
    for box in drawing.boxes:
        node = tree.node(box.node)
        keys = [n for item in node.items if isinstance(item, range) for n in item]
        shown = [p.record for p in box.pieces if p.record is not None]
        assert shown == sorted(shown)
        assert set(shown) <= set(keys)
        assert box.is_hole == bool(node.hole)
    for link in drawing.links:
        assert link.child in tree.node(link.parent).children
        above, below = boxes[link.parent], boxes[link.child]
        (x, y), (end_x, end_y) = link.points[0], link.points[-1]
        assert above.x < x < above.x + above.width - 1
        assert y == above.y + above.height - 1
        assert below.x < end_x < below.x + below.width
        assert end_y == below.y - 1


def test_a_small_tree_is_shown_whole() -> None:
    """Every node, every key, every link."""
    tree = tree_of(60)

    drawing = layout(tree, width=400)

    nodes = sum(tree.amount(distance) for distance in range(tree.levels))
    assert sorted(box.node for box in drawing.boxes) == list(range(nodes))
    assert len(drawing.links) == nodes - 1
    assert not drawing.folds
    assert [band.labels for band in drawing.bands][-1][0] == "depth 0"


def test_a_tree_without_nodes_draws_nothing() -> None:
    """As of a file that has none."""
    drawing = layout(RegularTree(0))

    assert (drawing.boxes, drawing.bands, drawing.links) == ((), (), ())
    assert drawing.box_at(0, 0) is None


@pytest.mark.parametrize("size", [(80, 24), (200, 50), (2_000, None)])
@pytest.mark.parametrize("record", [0, 700_000, 1_953_123])
def test_only_the_nodes_of_the_window_are_asked_for(
    size: tuple[int, int | None], record: int
) -> None:
    """Of nearly two million keys, some for each cell of the width."""
    tree = RegularTree(9)
    focus = Focus(tree.holder(record), record)

    drawing = layout(tree, focus, width=size[0], height=size[1])

    assert tree.records == 1_953_124
    assert len(drawing.boxes) <= len(tree.asked) <= 3 * len(drawing.boxes) + 30
    assert sum(box.is_way for box in drawing.boxes) >= 3


def test_what_is_at_a_cell_is_found() -> None:
    """A box from its border on, and the count of what is beyond."""
    drawing = layout(tree_of(700), width=80)

    for box in drawing.boxes:
        assert drawing.box_at(box.x, box.y) is box
        assert drawing.box_at(box.x + box.width, box.y) is not box
    for fold in drawing.folds:
        assert drawing.fold_at(fold.x, fold.y) is fold
        assert drawing.fold_at(fold.x, fold.y + 1) is None


# Placing

COLUMNS = st.lists(st.integers(0, 60), min_size=1, max_size=12)


@given(COLUMNS.map(sorted), st.data())
def test_boxes_are_placed_in_order_within_bounds(
    wanted: list[int], data: st.DataObject
) -> None:
    """And where they want to be, if all can."""
    widths = [data.draw(st.integers(1, 9)) for _ in wanted]
    room = sum(widths) + 2 * (len(widths) - 1) + data.draw(st.integers(0, 60))

    at = placed([float(x) for x in wanted], [1.0] * len(wanted), widths, 2, (5, room))

    assert at[0] >= 5
    ends = [x + width for x, width in zip(at, widths, strict=True)]
    assert all(end + 2 <= x for end, x in zip(ends, at[1:], strict=False))


def test_a_box_alone_is_where_it_wants_to_be() -> None:
    """Its middle at the column."""
    assert placed([30.0], [1.0], [10], 2, (0, 80)) == [25]
    assert placed([10.0, 40.0], [1.0, 1.0], [4, 4], 2, (0, 80)) == [8, 38]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8))
def test_lines_do_not_cross(pairs: list[tuple[int, int]]) -> None:
    """Each goes down, sideways on its own row, and down again."""
    starts = sorted({start for start, _ in pairs})
    ends = sorted({end for _, end in pairs})
    spans = list(zip(starts, ends, strict=False))

    rows = rows_of(spans)

    for place, (start, end) in enumerate(spans):
        for other, (a, b) in enumerate(spans):
            if other == place or a == b:
                continue
            across = range(min(a, b), max(a, b) + 1)
            # The upper part of a line, and then the lower one.
            assert not (start in across and rows[other] <= rows[place] and start != end)
            assert not (end in across and rows[other] >= rows[place] and start != end)
