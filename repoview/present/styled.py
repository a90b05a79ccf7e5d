"""Text in pieces with a style each, for screens and for the command line.

A style is a word for what a piece is; how it looks is for who draws it, and
nothing depends on the look alone. All text is safe to show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Style = Literal["", "head", "name", "good", "bad", "dim", "bright", "lit"]
    """Plain; a heading; the name of a field or role; right, wrong; less important
    than the rest; more so; the bits that count."""


class Piece(NamedTuple):
    """A text in one style."""

    text: str
    style: Style = ""


class Row(NamedTuple):
    """One line that is never wrapped, such as a row of bits or bytes."""

    pieces: Sequence[Piece]

    @property
    def text(self) -> str:
        """All of it, without styles."""
        return "".join(piece.text for piece in self.pieces)


class Section(NamedTuple):
    """A heading, with what is below it."""

    heading: str
    lines: Sequence[str | Row]
    """Paragraphs, to be wrapped, and rows."""


def section_text(sections: Iterable[Section]) -> str:
    """Return sections as text without styles, paragraphs on one line each."""
    lines: list[str] = []
    for section in sections:
        lines.append(section.heading)
        lines += [
            line if isinstance(line, str) else line.text for line in section.lines
        ]
    return "\n".join(lines)
