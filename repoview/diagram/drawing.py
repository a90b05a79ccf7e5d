"""The values of a layout: boxes, links and labels, in cells from the top left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Piece(NamedTuple):
    """A text in one style, somewhere in the drawing."""

    x: int
    y: int
    text: str
    style: str
    """key, group-0 to group-5, chosen, link, no-link, more, hole or lost."""

    record: int | None = None
    """The record whose key it is."""


@dataclass(frozen=True, slots=True)
class Box:
    """A node, or a hole."""

    node: int
    x: int
    y: int
    width: int
    height: int
    """With its border of one cell."""

    pieces: tuple[Piece, ...]
    is_way: bool
    """Whether it is on the way from the top to the focus."""

    is_focus: bool
    is_hole: bool

    @property
    def middle(self) -> int:
        """The column where a link from above ends."""
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Link:
    """A line from a node to one below."""

    parent: int
    child: int
    points: tuple[tuple[int, int], ...]
    """Corners from the border of the parent to the arrow above the child."""

    is_way: bool


@dataclass(frozen=True, slots=True)
class Fold:
    """The nodes of a band that are beyond one side."""

    x: int
    y: int
    count: int
    node: int
    """The nearest of them."""

    @property
    def text(self) -> str:
        """Their count: "+12"."""
        return f"+{self.count:,}"


@dataclass(frozen=True, slots=True)
class Band:
    """All nodes of one distance from the top."""

    distance: int
    y: int
    height: int
    labels: tuple[str, ...]
    """Depth and number of nodes, in words."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A window of a tree."""

    width: int
    height: int
    margin: int
    """Cells at the left, which the labels of bands have."""

    bands: tuple[Band, ...] = ()
    boxes: tuple[Box, ...] = ()
    links: tuple[Link, ...] = ()
    folds: tuple[Fold, ...] = ()
    above: int = 0
    below: int = 0
    """Bands beyond the top and the bottom."""

    def box_at(self, x: int, y: int) -> Box | None:
        """Return the box that has a cell, None for none."""
        for box in self.boxes:
            if box.x <= x < box.x + box.width and box.y <= y < box.y + box.height:
                return box
        return None

    def fold_at(self, x: int, y: int) -> Fold | None:
        """Return the fold that has a cell, None for none."""
        for fold in self.folds:
            if fold.x <= x < fold.x + len(fold.text) and y == fold.y:
                return fold
        return None
