"""A drawing as lines of text, in pieces of one style each.

Box-drawing characters only; what colors tell is told without them too: the way
is heavy, the focus has a double border, a hole a dotted one and a ╳.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from repoview.diagram.drawing import Band, Box, Drawing, Link

_SIDES: Final = {
    "UP": (0,),
    "DOWN": (1,),
    "LEFT": (2,),
    "RIGHT": (3,),
    "VERTICAL": (0, 1),
    "HORIZONTAL": (2, 3),
}
"""Words in the names of characters → sides that their lines lead to."""

UP, DOWN, LEFT, RIGHT = range(4)
LIGHT, HEAVY = 1, 2


@cache
def line_signs() -> dict[tuple[int, ...], str]:
    """Return the line that leads to each of four sides lightly, heavily or not."""
    signs = {}
    for code in range(0x2500, 0x2580):
        words = unicodedata.name(chr(code)).removeprefix("BOX DRAWINGS ").split()
        if set(words) - {*_SIDES, "LIGHT", "HEAVY", "AND"}:
            continue
        weights, weight = [0, 0, 0, 0], LIGHT
        for part in " ".join(words).split(" AND "):
            # A part without a weight has that of the part before.
            of = part.split()
            weight = HEAVY if "HEAVY" in of else LIGHT if "LIGHT" in of else weight
            for side in (side for word in of for side in _SIDES.get(word, ())):
                weights[side] = weight
        signs[tuple(weights)] = chr(code)
    round_ = {"┌": "╭", "┐": "╮", "└": "╰", "┘": "╯"}
    return {weights: round_.get(sign, sign) for weights, sign in signs.items()}


_FRAMES: Final = {
    "box": "╭─╮│╰╯",
    "way": "┏━┓┃┗┛",
    "focus": "╔═╗║╚╝",
    "hole": "╭┄╮┆╰╯",
}
_EXITS: Final = {"box": "┬", "way": "┳", "focus": "╦", "hole": "┬"}

ARROW: Final = "▼"

LEGEND: Final = (
    ("●", "link", "node below"),
    ("○", "no-link", "none"),
    ("━", "way", "way from the top"),
    ("▸", "chosen", "chosen"),
    ("╳", "hole", "not in the file"),
)
"""Sign, its style, and what it means."""


class Span(NamedTuple):
    """A text in one style."""

    text: str
    style: str
    """One of `drawing.Piece`, or box, way, focus, line, band; "" for plain text."""


class _Page:
    """Cells with a character and a style each."""

    def __init__(self, width: int, height: int) -> None:
        self._width, self._height = width, height
        self._cells = [[" "] * width for _ in range(height)]
        self._styles = [[""] * width for _ in range(height)]
        self._lines: dict[tuple[int, int], list[int]] = {}

    def put(self, x: int, y: int, text: str, style: str) -> None:
        """Write over what is there."""
        if not 0 <= y < self._height:
            return
        for column, each in enumerate(text, x):
            if 0 <= column < self._width:
                self._cells[y][column] = each
                self._styles[y][column] = style

    def lead(self, x: int, y: int, side: int, weight: int) -> None:
        """Add a line from the middle of a cell to one of its sides."""
        sides = self._lines.setdefault((x, y), [0, 0, 0, 0])
        sides[side] = max(sides[side], weight)

    def draw_lines(self) -> None:
        """Draw the lines that were added."""
        signs = line_signs()
        for (x, y), sides in self._lines.items():
            self.put(x, y, signs[tuple(sides)], "way" if HEAVY in sides else "line")

    def rows(self) -> list[list[Span]]:
        """Return the spans of each row, without spaces at its end."""
        out = []
        for cells, styles in zip(self._cells, self._styles, strict=True):
            row: list[Span] = []
            length = len("".join(cells).rstrip())
            start = 0
            for place in range(1, length + 1):
                if place == length or styles[place] != styles[start]:
                    row.append(Span("".join(cells[start:place]), styles[start]))
                    start = place
            out.append(row)
        return out


def rows_of_text(drawing: Drawing) -> list[list[Span]]:
    """Return the rows of a drawing; "" is the style of plain text."""
    page = _Page(drawing.width, drawing.height)
    for band in drawing.bands:
        _band(page, band)
    if drawing.bands:
        _beyond(page, drawing)
    for link in drawing.links:
        _link(page, link)
    page.draw_lines()
    for box in drawing.boxes:
        _box(page, box)
    for link in drawing.links:
        _ends(page, link, {box.node: box for box in drawing.boxes})
    for fold in drawing.folds:
        page.put(fold.x, fold.y, fold.text, "more")
    return page.rows()


def _band(page: _Page, band: Band) -> None:
    for row, text in enumerate(band.labels):
        page.put(0, band.y + row, text, "more" if row else "band")


def _beyond(page: _Page, drawing: Drawing) -> None:
    """Tell how many bands are above and below."""
    first, last = drawing.bands[0], drawing.bands[-1]
    if drawing.above:
        page.put(0, first.y + 2, f"▲ {drawing.above} above", "more")
    if drawing.below:
        page.put(0, last.y + last.height - 1, f"▼ {drawing.below} below", "more")


def _link(page: _Page, link: Link) -> None:
    weight = HEAVY if link.is_way else LIGHT
    for (x, y), (to_x, to_y) in zip(link.points, link.points[1:], strict=False):
        if x == to_x:
            for row in range(y, to_y):
                page.lead(x, row, DOWN, weight)
                page.lead(x, row + 1, UP, weight)
            continue
        for column in range(min(x, to_x), max(x, to_x)):
            page.lead(column, y, RIGHT, weight)
            page.lead(column + 1, y, LEFT, weight)


def _box(page: _Page, box: Box) -> None:
    kind = _kind(box)
    left, across, right, side, low_left, low_right = tuple(_FRAMES[kind])
    inside = box.width - 2
    page.put(box.x, box.y, f"{left}{across * inside}{right}", kind)
    for row in range(box.y + 1, box.y + box.height - 1):
        page.put(box.x, row, f"{side}{' ' * inside}{side}", kind)
    bottom = box.y + box.height - 1
    page.put(box.x, bottom, f"{low_left}{across * inside}{low_right}", kind)
    for piece in box.pieces:
        page.put(piece.x, piece.y, piece.text, piece.style)


def _kind(box: Box) -> str:
    if box.is_focus:
        return "focus"
    if box.is_hole:
        return "hole"
    return "way" if box.is_way else "box"


def _ends(page: _Page, link: Link, boxes: dict[int, Box]) -> None:
    """Draw where a line leaves its box, and the arrow at its end."""
    kind = _kind(boxes[link.parent])
    x, y = link.points[0]
    page.put(x, y, _EXITS[kind], kind)
    x, y = link.points[-1]
    page.put(x, y, ARROW, "way" if link.is_way else "line")
