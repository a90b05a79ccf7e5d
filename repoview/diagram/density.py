"""The whole shape of a tree of any size: how many nodes begin where, as bars.

Columns are ranges of records, in key order; bands are depths. A column costs two
binary searches and a count for each band, however many nodes it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from repoview.diagram.layout import MARGIN, short_count
from repoview.diagram.text import Span

if TYPE_CHECKING:
    from repoview.diagram.tree import DiagramTree

_UP: Final = " ▁▂▃▄▅▆▇█"
"""Eighths of a cell, filled from below."""

_TALLEST: Final = 6
"""Rows that a band has at most."""

_GAP: Final = 3
"""Eighths of a row between two bands, so that their bars do not touch."""

_FOOT: Final = 2
"""Rows below the bands: the first and the last key, and what a column is."""

CURSOR: Final = "┃"
HOLE: Final = "╳"


@dataclass(frozen=True, slots=True)
class Shape:
    """A range of records as columns, ready to be drawn."""

    tree: DiagramTree
    edges: tuple[int, ...]
    """The record where each column begins, and that behind the last."""

    @classmethod
    def of(cls, tree: DiagramTree, records: range, width: int) -> Shape:
        """Return the shape of some records, in at most *width* cells."""
        columns = max(1, min(width - MARGIN, len(records)))
        edges = [
            records.start + column * len(records) // columns
            for column in range(columns + 1)
        ]
        return cls(tree, tuple(edges))

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return len(self.edges) - 1

    def column_of(self, record: int) -> int:
        """Return the column of a record; the nearest if it is in none."""
        span = self.edges[-1] - self.edges[0]
        column = (record - self.edges[0]) * self.columns // max(span, 1)
        column = max(0, min(column, self.columns - 1))
        # Edges are rounded down.
        while column + 1 < self.columns and self.edges[column + 1] <= record:
            column += 1
        return column

    def record_of(self, column: int) -> int:
        """Return the record in the middle of a column."""
        column = max(0, min(column, self.columns - 1))
        return (self.edges[column] + self.edges[column + 1]) // 2

    def rows(self, height: int, cursor: int) -> list[list[Span]]:
        """Return the shape as rows of text.

        Args:
            height: Rows, if the tree is not deeper than that.
            cursor: The record that is marked: a heavy line through the nodes
                of all depths on the way to it.
        """
        tree = self.tree
        if not tree.levels:
            return []
        tall = max(1, min((height - _FOOT) // tree.levels, _TALLEST))
        marked = self.column_of(cursor)
        counts, holes = tree.counts(self.edges), tree.holes(self.edges)
        out: list[list[Span]] = []
        for distance in range(tree.levels):
            missing = {place for of, place in holes if of == distance}
            drawn = _bars(counts[distance], tall)
            for row, cells in enumerate(drawn):
                label = self._label(distance, row, tall)
                spans = _marked(cells, marked, missing if row == tall - 1 else set())
                out.append([*label, *spans])
        return [*out, *self._foot()]

    def _label(self, distance: int, row: int, tall: int) -> list[Span]:
        depth = self.tree.depth_at(distance)
        name = f"depth {'?' if depth is None else depth}"
        amount = short_count(self.tree.amount(distance))
        if tall == 1:
            return [Span(name.ljust(MARGIN), "band")]
        texts = (name, f"{amount} node{'' if amount == '1' else 's'}")
        text = texts[row] if row < len(texts) else ""
        return [Span(text.ljust(MARGIN), "more" if row else "band")]

    def _foot(self) -> list[list[Span]]:
        if not self.tree.records:
            return []
        first, last = self.edges[0], max(self.edges[-1] - 1, self.edges[0])
        begin, end = (self.tree.key(n).label.text for n in (first, last))
        gap = " " * max(1, self.columns - len(begin) - len(end))
        span = self.edges[-1] - self.edges[0]
        each = span / self.columns
        about = f"{each:,.0f} keys" if each >= 1.5 else "1 key"
        says = f"{span:,} keys, a column is {about}; bars: nodes that begin there"
        edge = " " * MARGIN
        return [
            [Span(f"{edge}{begin}{gap}{end}", "key")],
            [Span(f"{edge}{says}", "more")],
        ]


def _bars(counts: list[int], tall: int) -> list[str]:
    """Return bars from the top row down; the greatest fills all but a gap."""
    greatest = max(counts, default=0) or 1
    full = 8 * tall - (_GAP if tall > 1 else 0)
    eighths = [
        max(round(count / greatest * full), 1 if count else 0) for count in counts
    ]
    return [
        "".join(_UP[max(0, min(each - 8 * row, 8))] for each in eighths)
        for row in range(tall - 1, -1, -1)
    ]


def _marked(cells: str, cursor: int, holes: set[int]) -> list[Span]:
    """Return a row of bars, with the cursor and holes in it."""
    styled = dict.fromkeys(holes, (HOLE, "hole")) | {cursor: (CURSOR, "way")}
    spans, start = [], 0
    for place in sorted(styled):
        spans.append(Span(cells[start:place], "bar"))
        spans.append(Span(*styled[place]))
        start = place + 1
    spans.append(Span(cells[start:], "bar"))
    return [span for span in spans if span.text]
