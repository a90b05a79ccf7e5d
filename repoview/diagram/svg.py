"""A drawing as SVG: for slides, documents and notebooks.

Colors are in one style sheet, which is for this picture alone, light or dark as
the reader's page is.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from repoview.diagram.content import LINK, NO_LINK
from repoview.diagram.text import LEGEND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.diagram.drawing import Box, Drawing, Link, Piece

_ACROSS: Final = 8.4
_DOWN: Final = 19
"""Pixels of a cell."""

_EDGE: Final = 12
"""Pixels around the drawing."""

_ROUND: Final = 5
_DOT: Final = 4
"""Pixels of the radius of a corner, and of a dot."""

_SCOPE: Final = ".repoview-tree"
_FONT: Final = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"

_LIGHT: Final = {
    "page": "#ffffff",
    "band": "#f3f5f8",
    "inside": "#ffffff",
    "text": "#1f2328",
    "quiet": "#5f6873",
    "edge": "#8c959f",
    "way": "#8250df",
    "focus": "#1f6feb",
    "link": "#1f6feb",
    "bad": "#c4232e",
    "group-0": "#b3256b",
    "group-1": "#1a7f37",
    "group-2": "#0a7285",
    "group-3": "#8a5a00",
    "group-4": "#8250df",
    "group-5": "#1f6feb",
}
_DARK: Final = {
    "page": "#11151c",
    "band": "#171c25",
    "inside": "#1d2430",
    "text": "#d7dae0",
    "quiet": "#8b93a1",
    "edge": "#5b667a",
    "way": "#c39be0",
    "focus": "#61afef",
    "link": "#61afef",
    "bad": "#ef6b73",
    "group-0": "#f07ba5",
    "group-1": "#98c379",
    "group-2": "#6cc7d8",
    "group-3": "#e5c07b",
    "group-4": "#b48ead",
    "group-5": "#61afef",
}

_RULES: Final = {
    "text": f"font: 14px {_FONT}; fill: var(--text); white-space: pre",
    ".page": "fill: var(--page)",
    ".band": "fill: var(--band)",
    ".box": "fill: var(--inside); stroke: var(--edge); stroke-width: 1.2",
    ".box.way": "stroke: var(--way); stroke-width: 2.6",
    ".box.focus": "stroke: var(--focus); stroke-width: 3.4",
    ".box.hole": "stroke: var(--bad); stroke-dasharray: 4 3",
    ".line": "fill: none; stroke: var(--edge); stroke-width: 1.2",
    ".line.way": "stroke: var(--way); stroke-width: 3",
    ".tip": "fill: var(--edge)",
    ".tip.way": "fill: var(--way)",
    ".dot": "fill: var(--link)",
    ".no-dot": "fill: none; stroke: var(--quiet); stroke-width: 1.2",
    ".head": "font-weight: bold",
    ".chosen": "fill: var(--focus); font-weight: bold",
    ".more": "fill: var(--quiet)",
    ".hole-text": "fill: var(--bad)",
    ".lost": "fill: var(--bad)",
}
"""Selector → declarations."""


def to_svg(drawing: Drawing, title: str = "Merkle Search Tree") -> str:
    """Return a drawing as an SVG document of its own.

    Args:
        drawing: The drawing.
        title: What it is called where it is read aloud.
    """
    width = 2 * _EDGE + drawing.width * _ACROSS
    height = 2 * _EDGE + (drawing.height + 2) * _DOWN
    size = f'width="{width:.0f}" height="{height:.0f}"'
    view = f'viewBox="0 0 {width:.0f} {height:.0f}"'
    name = escape(title)
    about = f'class="repoview-tree" role="img" aria-label="{name}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {about} {size} {view}>',
        f"<title>{name}</title>",
        f"<style>{_style()}</style>",
        '<rect class="page" width="100%" height="100%" rx="8"/>',
        *_bands(drawing, width),
        *(line for link in drawing.links if not link.is_way for line in _link(link)),
        *(line for link in drawing.links if link.is_way for line in _link(link)),
        *(line for box in drawing.boxes for line in _box(box)),
        *(
            _text(fold.x, fold.y, fold.text, "more", _width(fold.text))
            for fold in drawing.folds
        ),
        *_legend(drawing),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _style() -> str:
    """Return rules that reach nothing but this picture."""
    light, dark = (
        " ".join(f"--{name}: {color};" for name, color in colors.items())
        for colors in (_LIGHT, _DARK)
    )
    groups = {
        f".{name}": f"fill: var(--{name})"
        for name in _LIGHT
        if name.startswith("group-")
    }
    rules = "\n".join(
        f"{_SCOPE} {selector} {{ {says} }}"
        for selector, says in (_RULES | groups).items()
    )
    media = "@media (prefers-color-scheme: dark)"
    return f"\n{_SCOPE} {{ {light} }}\n{media} {{ {_SCOPE} {{ {dark} }} }}\n{rules}\n"


def _at(x: float, y: float) -> str:
    """Return pixels of the middle of a cell."""
    return f"{_EDGE + (x + 0.5) * _ACROSS:.1f} {_EDGE + (y + 0.5) * _DOWN:.1f}"


def _width(text: str) -> str:
    """Return the attributes that give a text the width of its cells in any font."""
    if len(text) < 2:
        return ""
    length = len(text) * _ACROSS
    return f' textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs"'


def _text(x: float, y: float, text: str, style: str, more: str = "") -> str:
    left, base = _EDGE + x * _ACROSS, _EDGE + y * _DOWN + 14
    return (
        f'<text class="{style}" x="{left:.1f}" y="{base:.1f}"{more}>'
        f"{escape(text)}</text>"
    )


def _bands(drawing: Drawing, width: float) -> Iterator[str]:
    for place, band in enumerate(drawing.bands):
        following = drawing.bands[place + 1 :]
        stop = following[0].y - 0.5 if following else drawing.height + 0.3
        top = _EDGE + (band.y - 0.5) * _DOWN if place else 4
        bottom = _EDGE + stop * _DOWN
        if place % 2 == 0:
            yield (
                f'<rect class="band" x="4" y="{top:.1f}" width="{width - 8:.1f}" '
                f'height="{bottom - top:.1f}" rx="6"/>'
            )
        labels = list(band.labels)
        if not place and drawing.above:
            labels.append(f"{drawing.above} above")
        if not following and drawing.below:
            labels.append(f"{drawing.below} below")
        for row, label in enumerate(labels):
            style = "more" if row else "head"
            yield _text(0.5, band.y + row, label, style, _width(label))


def _link(link: Link) -> Iterator[str]:
    kind = " way" if link.is_way else ""
    (x, y), *rest = link.points
    # It begins at the border, which is drawn around the middle of the cells.
    path = [f"M {_at(x, y)}"]
    for (to_x, to_y), after in zip(rest, [*rest[1:], None], strict=True):
        if after is None or (x, y) == (to_x, to_y):
            path.append(f"L {_at(to_x, to_y - (0.2 if after is None else 0))}")
        else:
            path.append(_corner((x, y), (to_x, to_y), after))
        x, y = to_x, to_y
    yield f'<path class="line{kind}" d="{" ".join(path)}"/>'
    tip_x = _EDGE + (x + 0.5) * _ACROSS
    tip_y = _EDGE + (y + 1.25) * _DOWN
    wide = 5 if link.is_way else 4
    yield (
        f'<path class="tip{kind}" d="M {tip_x - wide:.1f} {tip_y - 11:.1f} '
        f'h {2 * wide} L {tip_x:.1f} {tip_y:.1f} z"/>'
    )


def _corner(
    before: tuple[int, int], corner: tuple[int, int], after: tuple[int, int]
) -> str:
    """Return a line to a corner, which is rounded, and a little beyond."""

    def near(other: tuple[int, int]) -> str:
        across = (other[0] > corner[0]) - (other[0] < corner[0])
        down = (other[1] > corner[1]) - (other[1] < corner[1])
        x = corner[0] + across * min(_ROUND / _ACROSS, abs(other[0] - corner[0]) / 2)
        y = corner[1] + down * min(_ROUND / _DOWN, abs(other[1] - corner[1]) / 2)
        return _at(x, y)

    return f"L {near(before)} Q {_at(*corner)} {near(after)}"


def _box(box: Box) -> Iterator[str]:
    kinds = (("hole", box.is_hole), ("way", box.is_way), ("focus", box.is_focus))
    kind = " ".join(["box", *(name for name, is_so in kinds if is_so)])
    left, top = _at(box.x, box.y).split()
    width, height = (box.width - 1) * _ACROSS, (box.height - 1) * _DOWN
    yield (
        f'<rect class="{kind}" x="{left}" y="{top}" '
        f'width="{width:.1f}" height="{height:.1f}" rx="{_ROUND}"/>'
    )
    for piece in box.pieces:
        yield _piece(piece)


def _piece(piece: Piece) -> str:
    if piece.text in {LINK, NO_LINK}:
        x, y = _at(piece.x, piece.y).split()
        kind = "dot" if piece.text == LINK else "no-dot"
        return f'<circle class="{kind}" cx="{x}" cy="{y}" r="{_DOT}"/>'
    style = "hole-text" if piece.style == "hole" else piece.style
    text = piece.text.rstrip()
    return _text(piece.x, piece.y, text, style, _width(text))


def _legend(drawing: Drawing) -> Iterator[str]:
    text = "   ".join(f"{sign} {says}" for sign, _, says in LEGEND)
    yield _text(0.5, drawing.height + 1, text, "more")
