"""An outline of any size: a virtual list of the visible items of a forest.

A `Folding` holds which items of a `Forest` are visible, the list draws those on
the screen, and a subclass provides their text. So opening two million items
stores one range, and an item costs nothing before it is drawn.

To make one, subclass `Outline` and implement `line`; also `sign`, `reached` and
`entered` where needed. Its owner calls `fill` with a forest, and `go_to` to move
to an item.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType

from repoview.tui.widgets.base.folding import Folding
from repoview.tui.widgets.base.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.tui.widgets.base.folding import Forest

_RAILS: Final = 16
_RAILS_LEAST: Final = 4
_WIDTH_A_RAIL: Final = 6
"""Levels whose rails are drawn at most, fewer in a narrow window: a hostile
outline has more levels than a window has columns."""

_CACHED: Final = 8_192
"""Items whose parent is cached, so that drawing a window asks for each once."""


class Outline(VirtualList):
    """A forest of which at first the roots are shown.

    When items are opened or closed, the item under the cursor keeps its line of
    the window; if it is hidden, its visible ancestor does.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l", "open", "Open", show=False, id="outline.open"),
        Binding("left,h", "shut", "Close", show=False, id="outline.close"),
        Binding(
            "shift+right,L",
            "open_below",
            "Open all below",
            show=False,
            id="outline.open_below",
        ),
        Binding(
            "asterisk", "open_all", "Open all", key_display="*", id="outline.open_all"
        ),
        Binding(
            "minus",
            "shut_all",
            "Close all",
            show=False,
            key_display="-",
            id="outline.close_all",
        ),
        Binding(
            "plus",
            "open_level",
            "Open one level more",
            show=False,
            key_display="+",
            id="outline.open_level",
        ),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self._folding: Folding | None = None
        self._reached = -1
        self._above = lru_cache(_CACHED)(self._find_above)

    # For subclasses

    def line(self, item: int, width: int) -> Text:
        """Return the text of an item; it is cut at *width* cells."""
        raise NotImplementedError

    def sign(self, item: int) -> tuple[str, str]:
        """Return the sign before an item, one cell, and the name of its style."""
        if self.folding.is_open(item):
            return "▾", "accent"
        return ("▸", "accent") if self.folding.can_open(item) else (" ", "dim")

    def reached(self, item: int) -> None:
        """Called when the cursor has moved to another item."""

    def entered(self, item: int) -> None:
        """Called when the user chose an item without children."""

    def too_many(self) -> None:
        """Called when there is too much to open another level."""

    # For owners

    def fill(self, forest: Forest, *, levels: int = 1) -> None:
        """Show another forest, with the cursor on its first item.

        Args:
            forest: It must not change.
            levels: How many levels of it are shown.
        """
        self._folding = Folding(forest)
        self._above.cache_clear()
        self._reached = -1
        for _ in range(levels - 1):
            self._folding.open_level()
        self.show(self._folding.count)
        self._tell()

    @property
    def is_filled(self) -> bool:
        """Whether there is a forest to show."""
        return self._folding is not None

    @property
    def folding(self) -> Folding:
        """The visible items; there are none before `fill`."""
        if self._folding is None:
            raise ValueError("there is nothing to show yet")
        return self._folding

    @property
    def item(self) -> int:
        """The item under the cursor; -1 for none."""
        return self.folding.item_at(self.cursor) if self.count else -1

    def go_to(self, item: int) -> None:
        """Move to an item in the middle of the window, and open what hides it."""
        row = self.folding.reveal(item)
        self.show(self.folding.count, row)
        self.center(row)
        self._tell()

    # Drawing

    def row(self, number: int, width: int) -> Text:
        """Return the rails, sign and text of an item."""
        item = self.folding.item_at(number)
        rails = self._rails(item, width)
        sign, style = self.sign(item)
        # Appended with its style; the style of a `Text` would apply to all of it.
        text = Text().append(rails, self.style("dim"))
        text.append(f"{sign} ", self.style(style))
        return text.append_text(self.line(item, max(1, width - text.cell_len)))

    def _rails(self, item: int, width: int) -> str:
        """Return the lines that connect an item to its ancestors."""
        level = self.folding.forest.level(item)
        drawn = min(level, max(_RAILS_LEAST, min(_RAILS, width // _WIDTH_A_RAIL)))
        parts = []
        for step in range(drawn):
            above, is_last = self._above(item)
            if step:
                parts.append("  " if is_last else "│ ")
            else:
                parts.append("└ " if is_last else "├ ")
            item = above
        more = f"{level - drawn} more … " if level > drawn else ""
        return more + "".join(reversed(parts))

    def _find_above(self, item: int) -> tuple[int, bool]:
        """Return the parent of an item, and whether it is the last child."""
        forest = self.folding.forest
        above = forest.parent(item)
        return above, above < 0 or forest.end(item) == forest.end(above)

    def moved(self, number: int) -> None:  # noqa: ARG002 (the item says more)
        """Report the item under the cursor."""
        self._tell()

    def _tell(self) -> None:
        item = self.item
        if item >= 0 and item != self._reached:
            self._reached = item
            self.reached(item)

    # Keys and mouse

    def chosen(self, number: int) -> None:
        """Open or close an item; enter one without children."""
        item = self.folding.item_at(number)
        if self.folding.can_open(item):
            self._toggle(item)
        else:
            self.entered(item)

    def clicked(self, number: int, column: int) -> bool:
        """Open or close an item whose sign is clicked."""
        item = self.folding.item_at(number)
        start = len(self._rails(item, self.scrollable_content_region.width))
        if not start <= column < start + 2 or not self.folding.can_open(item):
            return False
        self._toggle(item)
        return True

    def action_open(self) -> None:
        """Open the item under the cursor; of an open one, go to its first child."""
        if not self.count:
            return
        if self.folding.is_open(self.item):
            self.action_move(1)
        else:
            self._change(lambda folding: folding.open(self.item))

    def action_shut(self) -> None:
        """Close the item under the cursor; of a closed one, go to its parent."""
        if not self.count:
            return
        if self.folding.is_open(self.item):
            self._change(lambda folding: folding.close(self.item))
            return
        above = self.folding.forest.parent(self.item)
        if above >= 0:
            self.cursor = self.folding.reveal(above)

    def action_open_below(self) -> None:
        """Open all descendants of the item under the cursor."""
        if self.count:
            self._change(lambda folding: folding.open_below(self.item))

    def action_open_all(self) -> None:
        """Open everything."""
        self._change(Folding.open_all)

    def action_shut_all(self) -> None:
        """Close everything."""
        self._change(Folding.close_all)

    def action_open_level(self) -> None:
        """Open all visible closed items."""

        def opened(folding: Folding) -> None:
            if not folding.open_level():
                self.too_many()

        self._change(opened)

    def _toggle(self, item: int) -> None:
        if self.folding.is_open(item):
            self._change(lambda folding: folding.close(item))
        else:
            self._change(lambda folding: folding.open(item))

    def _change(self, change: Callable[[Folding], None]) -> None:
        """Open or close items, and keep the cursor in its line of the window."""
        if not self.count:
            return
        item, line = self.item, self.cursor_line
        change(self.folding)
        row = self.folding.reveal(self.folding.shown(item))
        is_seen = 0 <= line < self.size.height
        self.show(self.folding.count, row, line if is_seen else None)
        self._tell()
