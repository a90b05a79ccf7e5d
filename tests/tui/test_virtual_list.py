"""Facts about the list that draws only what is on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.app import App

from repoview.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Numbers(VirtualList):
    """Rows that note when they are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[int] = set()
        self.opened: list[int] = []

    def row(self, number: int, width: int) -> Text:  # noqa: ARG002 (any width will do)
        """Return the number, and note that it was drawn."""
        self.asked.add(number)
        return Text(f"row {number}")

    def chosen(self, number: int) -> None:
        """Note that a row was opened."""
        self.opened.append(number)


class Listing(App[None]):
    """Nothing but a list."""

    def compose(self) -> ComposeResult:
        """Show the list."""
        yield Numbers()


async def test_two_million_rows_draw_only_those_on_the_screen() -> None:
    """Whatever the length, wherever the cursor."""
    app = Listing()
    async with app.run_test(size=(40, 20)) as pilot:
        rows = app.query_one(Numbers)
        rows.show(2_000_000)
        rows.focus()
        await pilot.press("G")
        await pilot.pause()
        assert rows.cursor == 1_999_999
        await pilot.press("pageup")
        await pilot.pause()
        assert 1_999_999 in rows.asked
        assert len(rows.asked) < 100


async def test_the_cursor_stays_among_the_rows() -> None:
    """Keys at either end do nothing, and a shorter list takes it back."""
    app = Listing()
    async with app.run_test(size=(40, 20)) as pilot:
        rows = app.query_one(Numbers)
        rows.show(3)
        rows.focus()
        await pilot.press("up", "up")
        assert rows.cursor == 0
        await pilot.press("down", "down", "down", "down", "enter")
        assert rows.cursor == 2
        assert rows.opened == [2]
        rows.show(1)
        assert rows.cursor == 0
        rows.show(0)
        await pilot.press("down", "enter", "G", "pagedown")
        assert rows.opened == [2]


async def test_the_mouse_moves_and_opens() -> None:
    """A click moves, a second one opens."""
    app = Listing()
    async with app.run_test(size=(40, 20)) as pilot:
        rows = app.query_one(Numbers)
        rows.show(10)
        await pilot.click(Numbers, offset=(2, 4))
        assert rows.cursor == 4
        await pilot.click(Numbers, offset=(2, 4), times=2)
        assert rows.opened == [4]


async def test_the_cursor_stays_in_view_when_the_window_shrinks() -> None:
    """It is what the reader looks at."""
    app = Listing()
    async with app.run_test(size=(40, 20)) as pilot:
        rows = app.query_one(Numbers)
        rows.show(1_000)
        rows.focus()
        rows.cursor = 500
        await pilot.pause()
        await pilot.resize_terminal(40, 6)
        await pilot.pause()
        assert rows.scroll_offset.y <= 500 < rows.scroll_offset.y + 6
