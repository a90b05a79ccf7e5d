"""Titles in a border that change often: only their line is drawn again.

Textual draws all of a widget when its title is set, also one that is as high as the
screen, and in which nothing else has changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from textual.geometry import Region
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.content import Content


class Titled(Widget):
    """A widget with a title in its upper border, and another one in the lower.

    The last of the bases: Textual takes the style sheet of the first.
    """

    _told: tuple[Content | str | None, Content | str | None] = None, None
    _drawn_line: int | None = None
    """The line that is drawn, while a title is set; None for all."""

    def tell_title(self, text: Content | str | None) -> None:
        """Set the title in the upper border; None for none."""
        if text != self._told[0]:
            self._told = text, self._told[1]
            self._drawn_line = 0
            self.border_title = text
            self._drawn_line = None

    def tell_subtitle(self, text: Content | str | None) -> None:
        """Set the title in the lower border; None for none."""
        if text != self._told[1]:
            self._told = self._told[0], text
            self._drawn_line = self.outer_size.height - 1
            self.border_subtitle = text
            self._drawn_line = None

    def refresh(self, *regions: Region, **how: Any) -> Self:  # noqa: ANN401 (as Textual has them)
        """Draw it again; of a title that is set, only its line."""
        if self._drawn_line is not None and not regions:
            x, y = self.content_offset
            regions = (Region(-x, self._drawn_line - y, self.outer_size.width, 1),)
        return super().refresh(*regions, **how)
