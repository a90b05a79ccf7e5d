"""A virtual list: it draws only the rows on the screen.

It holds a count and a cursor, and nothing per row: the text of a row is asked
for when it is drawn. Two million rows cost as much as twenty.

To make one, subclass `VirtualList` and implement `row`; also `moved`, `chosen`
and `empty_text` where needed. Its owner calls `show` to set the rows, and `grow`
to append rows, which moves neither cursor nor window.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.strip import Strip

from repoview.core.errors import RepoviewError
from repoview.present import safe
from repoview.tui.textual_internals import Scrolling
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.base.titled import Titled

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events

_CHOOSE: Final = Binding("enter", "choose", "Open", show=False, id="list.choose")

FOLLOWED: Final = (
    Binding("enter", "follow", "Follow", key_display="⏎", id="list.follow"),
    _CHOOSE,
)
"""Keys of a list with links in some rows; `follow` is enabled for these only."""


class VirtualList(Resilient, Scrolling, Titled, can_focus=True):
    """Rows by number, with a cursor; subclasses draw a row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "move(-1)", "Up", show=False, id="list.up"),
        Binding("down,j", "move(1)", "Down", show=False, id="list.down"),
        Binding("pageup,ctrl+b", "page(-1)", "Page up", show=False, id="list.page_up"),
        Binding(
            "pagedown,ctrl+f,space",
            "page(1)",
            "Page down",
            show=False,
            id="list.page_down",
        ),
        Binding(
            "ctrl+u", "page(-0.5)", "Half a page up", show=False, id="list.half_up"
        ),
        Binding(
            "ctrl+d", "page(0.5)", "Half a page down", show=False, id="list.half_down"
        ),
        Binding("home,g", "go(0)", "First", show=False, id="list.first"),
        Binding("end,G", "go(-1)", "Last", show=False, id="list.last"),
        _CHOOSE,
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "virtual-list--cursor",
        "virtual-list--cursor-blurred",
        "virtual-list--dim",
        "virtual-list--accent",
        "virtual-list--good",
        "virtual-list--warn",
        "virtual-list--bad",
        "virtual-list--match",
    }

    has_head: ClassVar[bool] = False
    """Whether there is a fixed line above the rows; see `head`."""

    cursor: reactive[int] = reactive(0, repaint=False)

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self.count = 0
        self._centered = -1
        """The row that was centered, while the cursor is on it."""

    # For subclasses

    def row(self, number: int, width: int) -> Text:
        """Return the text of a row; it is cut at *width* cells."""
        raise NotImplementedError

    def head(self, width: int) -> Text:
        """Return the line above the rows, if `has_head`."""
        raise NotImplementedError

    def head_clicked(self, column: int) -> None:
        """Called when a cell of the line above the rows is clicked."""

    def moved(self, number: int) -> None:
        """Called when the cursor has moved to another row."""

    def chosen(self, number: int) -> None:
        """Called on Enter on a row, and on its second click."""

    def clicked(self, number: int, column: int) -> bool:  # noqa: ARG002 (for others)
        """Called on a click on a row; return whether it has been handled.

        The cursor is on the row by then.
        """
        return False

    def empty_text(self) -> str:
        """Return what to show if there are no rows."""
        return ""

    # For owners

    def show(self, count: int, cursor: int = 0, line: int | None = None) -> None:
        """Show *count* rows, with the cursor on one of them.

        Args:
            count: The number of rows.
            cursor: The row of the cursor.
            line: The line of the window to scroll that row to, if there are
                rows enough; None to scroll as little as needed.
        """
        self._hold(count)
        self.set_reactive(VirtualList.cursor, max(0, min(cursor, count - 1)))
        if line is not None and self.size.height:
            self._scroll(self.cursor - line)
        self._keep_visible()
        self.refresh()

    def center(self, number: int) -> None:
        """Move to a row, and scroll it to the middle of the window."""
        self._centered = max(0, min(number, self.count - 1))
        self.cursor = self._centered
        self._scroll(self.cursor - self.window_rows // 2)

    def grow(self, count: int) -> None:
        """Append rows; cursor and window do not move."""
        before = self.count
        self._hold(count)
        bottom = self.scroll_offset.y + self.window_rows
        if before < bottom:
            self.refresh()
        if not before and count:
            self.moved(self.cursor)

    @property
    def is_full(self) -> bool:
        """Whether appended rows would be out of sight."""
        return self.count >= self.scroll_offset.y + self.window_rows

    @property
    def cursor_line(self) -> int:
        """The line of the window where the cursor is; it may be outside."""
        return self.cursor - self.scroll_offset.y

    @property
    def has_keys(self) -> bool:
        """Whether keys act on the row under the cursor."""
        return self.has_focus

    def style(self, name: str) -> Style:
        """Return a style by its short name: dim, accent, good, warn, bad."""
        return self.get_component_rich_style(f"virtual-list--{name}", partial=True)

    # Drawing

    @property
    def fixed_lines(self) -> int:
        """The line above the rows does not scroll."""
        return int(self.has_head)

    def render_line(self, y: int) -> Strip:
        """Draw one line of the window."""
        width = self.scrollable_content_region.width
        number = self.scroll_offset.y + y - self.has_head
        base = self.visual_style.rich_style
        if number >= max(self.count, 1):
            return _blank(width, base)
        if self.has_head and not y:
            line, number = self.head(width), -1
        elif number >= self.count:
            line = Text(self.empty_text(), style=self.style("dim"), no_wrap=True)
        else:
            line = self._row_or_why(number, width)
        line.truncate(width, overflow="ellipsis")
        if not line.spans:
            # Rich drops the style of an empty text.
            line.stylize(line.style)
        segments = list(line.render(self.app.console))
        strip = Strip(segments).extend_cell_length(width).crop(0, width)
        if number == self.cursor and number < self.count:
            kind = "cursor" if self.has_keys else "cursor-blurred"
            strip = strip.apply_style(
                self.get_component_rich_style(f"virtual-list--{kind}")
            )
        return strip.apply_style(base)

    def _row_or_why(self, number: int, width: int) -> Text:
        """Return the text of a row, or the error if it cannot be read."""
        try:
            return self.row(number, width)
        except RepoviewError as error:
            return Text(safe(str(error), width), self.style("bad"), no_wrap=True)

    def scroll_to(self, *args: Any, **how: Any) -> None:  # noqa: ANN401 (as Textual has them)
        """Scroll without animation."""
        super().scroll_to(*args, **{**how, "animate": False})

    def watch_cursor(self, old: int, new: int) -> None:
        """Draw the two rows again, and report the new one."""
        if new != self._centered:
            self._centered = -1
        self._keep_visible()
        self.refresh(self._region(old), self._region(new))
        if self.count:
            self.moved(new)

    def on_resize(self) -> None:
        """Keep the cursor in the window; in its middle if it was centered."""
        if self.cursor == self._centered:
            self._scroll(self.cursor - self.window_rows // 2)
        self._keep_visible()

    def on_focus(self) -> None:
        """Draw the cursor as focused."""
        self.refresh(self._region(self.cursor))

    def on_blur(self) -> None:
        """Draw the cursor as blurred."""
        self.refresh(self._region(self.cursor))

    def on_click(self, event: events.Click) -> None:
        """Move to the row under the mouse; a second click opens it."""
        place = event.get_content_offset(self)
        if place is None:
            return
        number = self.scroll_offset.y + place.y - self.has_head
        if self.has_head and not place.y:
            self.head_clicked(place.x)
        elif number < self.count:
            was, self.cursor = self.cursor, number
            if self.clicked(number, place.x):
                return
            if event.chain == 2 and was == number:
                self.chosen(number)

    def action_move(self, by: int) -> None:
        """Move the cursor by rows."""
        self._go(self.cursor + by)

    def action_page(self, by: float) -> None:
        """Move the cursor by a multiple of the window's height."""
        rows = max(1, int(abs(by) * (self.window_rows - 1)))
        self._go(self.cursor + (rows if by > 0 else -rows))

    def action_go(self, number: int) -> None:
        """Move to a row; -1 is the last."""
        self._go(self.count - 1 if number < 0 else number)

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        if self.count:
            self.chosen(self.cursor)

    def _go(self, number: int) -> None:
        self.cursor = max(0, min(number, self.count - 1))

    def _hold(self, count: int) -> None:
        """Set the virtual height to *count* rows.

        Textual would lay out the whole screen again, which is only needed if
        the scroll bar appears or disappears.
        """
        self.count = count
        length = count + self.has_head
        size = Size(0, length)
        is_barred = self.show_vertical_scrollbar
        height = self.container_size.height
        if not height or is_barred != (
            length > height or self.styles.overflow_y == "scroll"
        ):
            self.virtual_size = size
            return
        self.set_reactive(VirtualList.virtual_size, size)
        if is_barred:
            self.vertical_scrollbar.window_virtual_size = length
        self.scroll_y = self.validate_scroll_y(self.scroll_y)

    def _region(self, number: int) -> Region:
        """Return the region of a row, relative to the window."""
        line = number - self.scroll_offset.y + self.has_head
        return Region(0, line, self.size.width, 1)

    @property
    def window_rows(self) -> int:
        """The height of the window in rows."""
        return max(0, self.size.height - self.has_head)

    def _scroll(self, row: int) -> None:
        """Scroll so that the window begins at a row, or as near as possible."""
        self.scroll_to(y=max(0, row), force=True)

    def _keep_visible(self) -> None:
        height = self.window_rows
        top = self.scroll_offset.y
        if height and not top <= self.cursor < top + height:
            below = self.cursor >= top + height
            self._scroll(self.cursor - height + 1 if below else self.cursor)


@lru_cache(64)
def _blank(width: int, style: Style) -> Strip:
    """Return a line without text; the same one, which keeps how it was cut."""
    return Strip.blank(width, style)
