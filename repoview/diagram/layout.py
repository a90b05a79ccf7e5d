"""A window of a tree: where each box, link and label goes.

Pure: the same tree, focus and size give the same drawing. What it costs depends
on the size of the window, not on that of the tree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.diagram.bands import GAP, Chooser, Focus, Run, anchors, visible
from repoview.diagram.drawing import Band, Box, Drawing, Fold, Link
from repoview.diagram.placing import placed, rows_of
from repoview.diagram.tree import way_to

if TYPE_CHECKING:
    from repoview.diagram.tree import DiagramTree

MARGIN: Final = 11
"""Cells at the left, for the labels of bands."""

SMALLEST: Final = (40, 5)
"""Columns and rows of the smallest window."""

_BORDER: Final = 2
_LEAST_ROWS: Final = 2
"""Rows between two bands: one on which links go sideways, one for their arrows."""

_SWEEPS: Final = 3
_MOST_ROWS: Final = 6
"""More rows between two bands, where links would cross."""

_WAY: Final = 8.0
"""Weight of a node on the way: it is drawn as straight as may be."""


def layout(
    tree: DiagramTree,
    focus: Focus | None = None,
    *,
    width: int = 80,
    height: int | None = None,
) -> Drawing:
    """Return the window around a node.

    Args:
        tree: May be empty.
        focus: What it is about; None for the top node.
        width: In cells; at least `SMALLEST`.
        height: In rows; at least `SMALLEST`. None for as many as all bands take.
    """
    width = max(width, SMALLEST[0])
    if not tree.levels:
        return Drawing(width, height or 0, MARGIN)
    if height is not None:
        height = max(height, SMALLEST[1])
    focus = focus or Focus(0)
    way = way_to(tree, focus.node)
    anchor = anchors(tree, focus)
    shown, rows = visible(tree, len(way) - 1, height)
    chooser = Chooser(tree, focus, anchor, width - MARGIN, rows)
    found = [chooser.run(each) for each in shown if each < len(anchor)]
    places = _places(found, set(way), width)
    return _Window(tree, focus, set(way), found, places).drawing(width, height)


def _places(found: list[Run], way: set[int], width: int) -> list[list[int]]:
    """Return the column of each box: near the dot of its link, above its own."""
    widths = [[each.width + _BORDER for each in run.contents] for run in found]
    bounds = [
        (MARGIN + run.room(run.before), width - run.room(run.after)) for run in found
    ]
    weights = [
        [_WAY if each.node.number in way else 1.0 for each in run.contents]
        for run in found
    ]
    middle = (MARGIN + width) / 2
    at = [
        placed([middle] * len(each), [1.0] * len(each), each, GAP, bound)
        for each, bound in zip(widths, bounds, strict=True)
    ]
    for _ in range(_SWEEPS):
        for band in range(len(found) - 2, -1, -1):
            wanted = _above(found, at, widths, band)
            at[band] = placed(wanted, weights[band], widths[band], GAP, bounds[band])
        for band in range(1, len(found)):
            wanted = _below(found, at, widths, band)
            at[band] = placed(wanted, weights[band], widths[band], GAP, bounds[band])
    return at


def _middles(run: Run, at: list[int], widths: list[int]) -> dict[int, float]:
    return {
        each.node.number: x + width / 2
        for each, x, width in zip(run.contents, at, widths, strict=True)
    }


def _above(
    found: list[Run], at: list[list[int]], widths: list[list[int]], band: int
) -> list[float]:
    """Return where nodes had best be by the nodes below them."""
    here = _middles(found[band], at[band], widths[band])
    below = _middles(found[band + 1], at[band + 1], widths[band + 1])
    wanted = []
    for each in found[band].contents:
        there = [below[child] for child in each.links if child in below]
        wanted.append(sum(there) / len(there) if there else here[each.node.number])
    return wanted


def _below(
    found: list[Run], at: list[list[int]], widths: list[list[int]], band: int
) -> list[float]:
    """Return where nodes had best be by the dots of their links."""
    dots = {
        child: x + 1 + column
        for each, x in zip(found[band - 1].contents, at[band - 1], strict=True)
        for child, column in each.links.items()
    }
    here = _middles(found[band], at[band], widths[band])
    return [float(dots.get(number, here[number])) for number in here]


class _Window:
    """The parts of one drawing.

    Args:
        tree: The tree.
        focus: What the window is about.
        way: The nodes from the top to the focus.
        found: The nodes shown.
        places: The column of each.
    """

    def __init__(
        self,
        tree: DiagramTree,
        focus: Focus,
        way: set[int],
        found: list[Run],
        places: list[list[int]],
    ) -> None:
        self._tree, self._focus, self._way = tree, focus, way
        self._found, self._places = found, places

    def drawing(self, width: int, height: int | None) -> Drawing:
        """Return the drawing."""
        bands: list[Band] = []
        boxes: list[Box] = []
        links: list[Link] = []
        folds: list[Fold] = []
        spans = [self._spans(band) for band in range(len(self._found) - 1)]
        heights = self._heights(height)
        between = self._between(spans, heights, height)
        y = 0
        for band, run in enumerate(self._found):
            drawn = self._boxes(band, y, heights[band] - _BORDER)
            boxes += drawn
            folds += self._folds(run, y + 1, width)
            bands.append(Band(run.distance, y, heights[band], self._labels(run)))
            y += heights[band]
            if band < len(spans):
                links += self._links(drawn, spans[band], y, between[band])
                y += between[band]
        first, last = self._found[0].distance, self._found[-1].distance
        return Drawing(
            width,
            y if height is None else height,
            MARGIN,
            tuple(bands),
            tuple(boxes),
            tuple(links),
            tuple(folds),
            first,
            self._tree.levels - last - 1,
        )

    def _heights(self, height: int | None) -> list[int]:
        """Return the rows of each band; a hole tells what it hides if there is room."""
        rows = [
            max(1 if each.node.hole else len(each.rows) for each in run.contents)
            for run in self._found
        ]
        tall = [max(len(each.rows) for each in run.contents) for run in self._found]
        fixed = _BORDER * len(rows) + _LEAST_ROWS * (len(rows) - 1)
        for band, most in enumerate(tall):
            more = most - rows[band]
            if height is None or sum(rows) + fixed + more <= height:
                rows[band] = most
        return [_BORDER + each for each in rows]

    def _spans(self, band: int) -> list[tuple[int, int, int, int]]:
        """Return of each link below a band: column and column, parent and child."""
        places = {
            content.node.number: x + (content.width + _BORDER) // 2
            for content, x in zip(
                self._found[band + 1].contents, self._places[band + 1], strict=True
            )
        }
        return [
            (x + 1 + column, places[child], content.node.number, child)
            for content, x in zip(
                self._found[band].contents, self._places[band], strict=True
            )
            for child, column in content.links.items()
            if child in places
        ]

    def _between(
        self,
        spans: list[list[tuple[int, int, int, int]]],
        heights: list[int],
        height: int | None,
    ) -> list[int]:
        """Return the rows between bands: as many as links need, if there is room."""
        wanted = [
            min(max(rows_of([s[:2] for s in each]), default=0), _MOST_ROWS)
            for each in spans
        ]
        free = sum(wanted)
        if height is not None:
            free = height - sum(heights) - _LEAST_ROWS * len(wanted)
        out = []
        for each in wanted:
            more = max(min(each, free), 0)
            free -= more
            out.append(_LEAST_ROWS + more)
        return out

    def _boxes(self, band: int, y: int, most: int) -> list[Box]:
        """Return the boxes of a band, with at most some rows each."""
        contents, places = self._found[band].contents, self._places[band]
        return [
            Box(
                content.node.number,
                x,
                y,
                content.width + _BORDER,
                _BORDER + len(content.rows[:most]),
                tuple(
                    piece._replace(x=x + 1 + piece.x, y=y + 1 + row)
                    for row, each in enumerate(content.rows[:most])
                    for piece in each
                ),
                content.node.number in self._way,
                content.node.number == self._focus.node,
                bool(content.node.hole),
            )
            for content, x in zip(contents, places, strict=True)
        ]

    def _links(
        self,
        drawn: list[Box],
        spans: list[tuple[int, int, int, int]],
        y: int,
        rows: int,
    ) -> list[Link]:
        """Return the lines from boxes to those of the next band.

        Args:
            drawn: The boxes above.
            spans: Column and column, parent and child.
            y: The first row below the boxes.
            rows: Between the bands; the last has the arrows.
        """
        bottoms = {box.node: box.y + box.height - 1 for box in drawn}
        turns = rows_of([span[:2] for span in spans])
        links = []
        for (start, end, parent, child), turn in zip(spans, turns, strict=True):
            at = y + min(turn, rows - _LEAST_ROWS)
            turned = ((start, at), (end, at)) if start != end else ()
            points = ((start, bottoms[parent]), *turned, (end, y + rows - 1))
            is_way = child in self._way and parent in self._way
            links.append(Link(parent, child, points, is_way))
        return links

    def _folds(self, run: Run, y: int, width: int) -> list[Fold]:
        """Return the counts of what is beyond the ends of a band."""
        folds = []
        first, last = run.contents[0].node.number, run.contents[-1].node.number
        before = self._tree.beside(first, -1)
        after = self._tree.beside(last, 1)
        if run.before and before is not None:
            folds.append(Fold(MARGIN, y, run.before, before))
        if run.after and after is not None:
            x = width - len(f"+{run.after:,}")
            folds.append(Fold(x, y, run.after, after))
        return folds

    def _labels(self, run: Run) -> tuple[str, ...]:
        depth = self._tree.depth_at(run.distance)
        amount = self._tree.amount(run.distance)
        return (
            "depth ?" if depth is None else f"depth {depth}",
            f"{short_count(amount)} node{'' if amount == 1 else 's'}",
        )


def short_count(amount: int) -> str:
    """Return a number in at most four characters: "999", "87k", "1.3M"."""
    if amount < 1_000:
        return str(amount)
    if amount < 999_500:
        return f"{amount / 1_000:.0f}k"
    return f"{amount / 1_000_000:.1f}M"
