"""A list of any length that draws only the rows on the screen.

Holds a count, a cursor and nothing per row: what a row says is asked for when
it is drawn. Two million rows cost what twenty do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events


class VirtualList(ScrollView, can_focus=True):
    """Rows by number, with a cursor; subclasses say what a row looks like."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False),
        Binding("down,j", "move(1)", "Down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False),
        Binding("pagedown,ctrl+f,space", "page(1)", "Page down", show=False),
        Binding("home,g", "go(0)", "First", show=False),
        Binding("end,G", "go(-1)", "Last", show=False),
        Binding("enter", "choose", "Open", show=False),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "virtual-list--cursor",
        "virtual-list--cursor-blurred",
        "virtual-list--dim",
        "virtual-list--accent",
        "virtual-list--good",
        "virtual-list--warn",
        "virtual-list--bad",
    }

    cursor: reactive[int] = reactive(0, repaint=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self.count = 0

    # What subclasses give

    def row(self, number: int, width: int) -> Text:
        """Return what the row says; it is cut at *width* cells."""
        raise NotImplementedError

    def moved(self, number: int) -> None:
        """Note that the cursor stands on another row."""

    def chosen(self, number: int) -> None:
        """Note that the reader pressed Enter on a row, or clicked it twice."""

    def empty_text(self) -> str:
        """Return what to say when there are no rows."""
        return ""

    # What owners do

    def show(self, count: int, cursor: int = 0) -> None:
        """Show *count* rows, with the cursor on one of them."""
        self.count = count
        self.virtual_size = Size(0, count)
        place = max(0, min(cursor, count - 1))
        if place == self.cursor:
            self._keep_visible()
        else:
            self.set_reactive(VirtualList.cursor, place)
            self._keep_visible()
        self.refresh()

    def style(self, name: str) -> Style:
        """Return a style by its short name: dim, accent, good, warn, bad."""
        return self.get_component_rich_style(f"virtual-list--{name}", partial=True)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one line of the window."""
        width = self.scrollable_content_region.width
        number = self.scroll_offset.y + y
        base = self.rich_style
        if number >= self.count:
            says = self.empty_text() if not self.count and not y else ""
            line = Text(says, style=self.style("dim"), no_wrap=True)
        else:
            line = self.row(number, width)
        line.truncate(width, overflow="ellipsis")
        segments = list(line.render(self.app.console))
        strip = Strip(segments).extend_cell_length(width).crop(0, width)
        if number == self.cursor and number < self.count:
            kind = "cursor" if self.has_focus else "cursor-blurred"
            strip = strip.apply_style(
                self.get_component_rich_style(f"virtual-list--{kind}")
            )
        return strip.apply_style(base)

    def watch_cursor(self, _old: int, new: int) -> None:
        """Draw the cursor where it is, and tell the owner."""
        self._keep_visible()
        self.refresh()
        if self.count:
            self.moved(new)

    def on_resize(self) -> None:
        """Keep the cursor in the window."""
        self._keep_visible()

    def on_focus(self) -> None:
        """Show where the keys go."""
        self.refresh()

    def on_blur(self) -> None:
        """Show that the keys go elsewhere."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Move to the row under the mouse; a second click opens it."""
        number = self.scroll_offset.y + event.y
        if number < self.count:
            was, self.cursor = self.cursor, number
            if event.chain > 1 and was == number:
                self.chosen(number)

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self._go(self.cursor + by)

    def action_page(self, by: int) -> None:
        """Move the cursor by windows."""
        self._go(self.cursor + by * max(1, self.size.height - 1))

    def action_go(self, number: int) -> None:
        """Move to a row; -1 is the last."""
        self._go(self.count - 1 if number < 0 else number)

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        if self.count:
            self.chosen(self.cursor)

    def _go(self, number: int) -> None:
        self.cursor = max(0, min(number, self.count - 1))

    def _keep_visible(self) -> None:
        if self.size.height:
            self.scroll_to_region(
                Region(0, self.cursor, 1, 1), animate=False, force=True
            )
