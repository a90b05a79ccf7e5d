"""The base of charts: a widget whose lines are computed for its width.

Its height is the number of lines. Charts are given values and do not depend on
where these come from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

if TYPE_CHECKING:
    from rich.style import Style
    from textual.geometry import Size


class Drawn(Widget):
    """A widget of lines, which subclasses compute for a width."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "drawn--bar",
        "drawn--good",
        "drawn--expected",
        "drawn--expected-inside",
        "drawn--odd",
        "drawn--dim",
        "drawn--label",
        "drawn--part-0",
        "drawn--part-1",
        "drawn--part-2",
        "drawn--part-3",
        "drawn--part-4",
    }

    def __init__(self, title: str = "", *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self.border_title = title
        self._made: tuple[int, list[Text]] = (-1, [])

    # For subclasses

    def lines(self, width: int) -> list[Text]:
        """Return the lines for a width in cells."""
        raise NotImplementedError

    # Drawing

    def changed(self, *, lay_out: bool = True) -> None:
        """Compute the lines again; lay the screen out unless the height is fixed."""
        self._made = (-1, [])
        self.refresh(layout=lay_out)

    def notify_style_update(self) -> None:
        """Compute the lines again in the colors of another theme."""
        self._made = (-1, [])
        super().notify_style_update()

    def style(self, name: str) -> Style:
        """Return a style by its short name."""
        return self.get_component_rich_style(f"drawn--{name}", partial=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the number of lines."""
        del container, viewport
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width = self.content_size.width
        lines = self._lines(width)
        line = lines[y].copy() if y < len(lines) else Text()
        line.truncate(width)
        if not line.spans:
            # Rich drops the style of an empty text.
            line.stylize(line.style)
        strip = Strip(list(line.render(self.app.console)))
        return (
            strip.extend_cell_length(width).crop(0, width).apply_style(self.rich_style)
        )

    def _lines(self, width: int) -> list[Text]:
        if self._made[0] != width:
            self._made = (width, self.lines(width) if width > 0 else [])
        return self._made[1]
