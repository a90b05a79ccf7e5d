"""Sections of text laid out in rows: headings, wrapped paragraphs, rows of bits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.style import Style
from rich.text import Text

from repoview.tui.widgets.base.wrap import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from repoview.present.styled import Row, Section

_STYLES: Final = {
    "head": "accent",
    "name": "accent",
    "good": "good",
    "bad": "bad",
    "dim": "dim",
    "bright": "accent",
    "lit": "good",
}
_MORE: Final = {
    "head": Style(bold=True),
    "bright": Style(bold=True),
    "lit": Style(reverse=True, bold=True),
}
"""So that nothing is told by color alone."""


def section_rows(
    sections: Iterable[Section], width: int, style: Callable[[str], Style]
) -> list[Text]:
    """Return the rows of sections, with an empty one in front of each.

    A heading that is empty takes no row. A row that is wider ends in an ellipsis.

    Args:
        sections: What is to be shown.
        width: Columns.
        style: Gives the style of a widget by its short name.
    """
    laid: list[Text] = []
    for section in sections:
        laid.append(Text())
        if section.heading:
            laid.append(Text(section.heading, _style("head", style)))
        for line in section.lines:
            if isinstance(line, str):
                laid += [Text(row) for row in rows(line, max(20, width))]
            else:
                laid.append(_row(line, max(20, width), style))
    return laid


def _row(row: Row, width: int, style: Callable[[str], Style]) -> Text:
    text = Text(no_wrap=True)
    for piece in row.pieces:
        text.append(piece.text, _style(piece.style, style))
    text.truncate(width, overflow="ellipsis")
    return text


def _style(name: str, style: Callable[[str], Style]) -> Style:
    if name not in _STYLES:
        return Style()
    return style(_STYLES[name]) + _MORE.get(name, Style())
