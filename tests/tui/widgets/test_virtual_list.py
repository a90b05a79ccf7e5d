"""Facts about the list that draws only what is on the screen."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from rich.text import Text
from textual import events
from textual.app import App

from repoview.tui.widgets.base.virtual_list import VirtualList
from tests.tui.conftest import screen_text

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


class Bordered(App[None]):
    """A list inside a border, of 20 lines."""

    CSS = "Numbers { border: round white; scrollbar-size-vertical: 1; }"

    def compose(self) -> ComposeResult:
        """Show the list."""
        yield Numbers()


async def test_half_a_page_is_half_of_the_window() -> None:
    """As in a pager."""
    app = Listing()
    async with app.run_test(size=(40, 21)) as pilot:
        rows = app.query_one(Numbers)
        rows.show(1_000)
        rows.focus()
        await pilot.press("ctrl+d", "ctrl+d", "ctrl+d")
        assert rows.cursor == 30
        await pilot.press("ctrl+u")
        assert rows.cursor == 20
        await pilot.press("pagedown", "pageup", "ctrl+f", "ctrl+b")
        assert rows.cursor == 20


async def test_a_click_counts_from_inside_the_border() -> None:
    """The border itself is no row."""
    app = Bordered()
    async with app.run_test(size=(40, 22)) as pilot:
        rows = app.query_one(Numbers)
        rows.show(100)
        await pilot.click(Numbers, offset=(5, 5))
        assert rows.cursor == 4
        await pilot.click(Numbers, offset=(5, 0))
        assert rows.cursor == 4


async def test_the_wheel_moves_the_window_and_a_key_comes_back() -> None:
    """The cursor stays with its row."""
    app = Bordered()
    async with app.run_test(size=(40, 22)) as pilot:
        rows = app.query_one(Numbers)
        rows.show(2_000_000)
        rows.focus()
        for _ in range(20):
            await pilot._post_mouse_events(  # noqa: SLF001 (there is no other way to turn a wheel)
                [events.MouseScrollDown], Numbers, (5, 5), button=0
            )
        await pilot.pause()
        assert rows.cursor == 0
        assert rows.scroll_offset.y >= 20
        await pilot.press("down")
        assert (rows.cursor, rows.scroll_offset.y) == (1, 1)


async def test_the_bar_can_be_dragged_to_the_end() -> None:
    """Over any number of rows, without frames on the way."""
    app = Bordered()
    async with app.run_test(size=(40, 22)) as pilot:
        rows = app.query_one(Numbers)
        rows.show(2_000_000)
        await pilot.pause()
        await pilot.mouse_down(Numbers, offset=(38, 1))
        await pilot.hover(Numbers, offset=(38, 20))
        await pilot.mouse_up(Numbers, offset=(38, 20))
        await pilot.pause()
        assert rows.scroll_offset.y > 1_800_000
        assert len(rows.asked) < 100


async def test_what_moves_in_the_window_is_drawn_and_nothing_else() -> None:
    """The row that the cursor left, and the one it came to."""
    app = Listing()
    async with app.run_test(size=(40, 20)) as pilot:
        rows = app.query_one(Numbers)
        rows.show(1_000)
        rows.focus()
        await pilot.press("down", "down")
        await pilot.pause()
        rows.asked.clear()
        await pilot.press("down")
        await pilot.pause()
        assert rows.asked == {2, 3}


async def test_more_rows_behind_move_nothing() -> None:
    """What the reader looks at stays where it is; what is new can be gone to."""
    app = Listing()
    async with app.run_test(size=(40, 20)) as pilot:
        rows = app.query_one(Numbers)
        rows.show(0)
        rows.focus()
        rows.grow(10)
        await pilot.pause()
        assert rows.asked == set(range(10))
        await pilot.press("G")
        rows.grow(1_000)
        await pilot.pause()
        assert (rows.cursor, rows.scroll_offset.y) == (9, 0)
        assert rows.asked == set(range(20))
        await pilot.press("G")
        assert rows.cursor == 999
        await pilot.pause()
        rows.asked.clear()
        top = rows.scroll_offset.y
        rows.grow(5_000)
        await pilot.pause()
        assert rows.scroll_offset.y == top


async def test_other_rows_can_keep_the_cursor_in_its_line() -> None:
    """Or as near to it as there are rows for."""
    app = Listing()
    async with app.run_test(size=(40, 20)) as pilot:
        rows = app.query_one(Numbers)
        rows.show(1_000)
        for count, cursor, line, at in [
            (500, 250, 7, 7),
            (2_000_000, 1_000_000, 0, 0),
            (2_000_000, 1_999_999, 3, 19),
            (30, 2, 9, 2),
            (5, 4, 12, 4),
        ]:
            rows.show(count, cursor, line)
            await pilot.pause()
            assert rows.cursor == cursor
            assert rows.cursor_line == at


async def test_a_title_is_drawn_and_no_row_with_it() -> None:
    """Above and below; nothing is drawn for one that it has."""
    app = Listing()
    async with app.run_test(size=(40, 20)) as pilot:
        rows = app.query_one(Numbers)
        rows.styles.border = ("round", "white")
        rows.show(100)
        await pilot.pause()
        rows.asked.clear()
        rows.tell_title("numbers")
        rows.tell_subtitle("a hundred")
        await pilot.pause()
        lines = screen_text(app).splitlines()
        assert "numbers" in lines[0]
        assert "a hundred" in lines[-1]
        rows.tell_subtitle(None)
        await pilot.pause()
        assert "a hundred" not in screen_text(app)
        assert not rows.asked


def drawn(app: App[None]) -> list[str]:
    """Return what is on the screen, with all colors, a line each."""
    update = vars(app.screen)["_compositor"]
    return [strip.render(app.console) for strip in update.render_strips()]


class Headed(Numbers):
    """Rows below a line that does not scroll."""

    has_head = True

    def head(self, width: int) -> Text:  # noqa: ARG002 (any width will do)
        """Return a line."""
        return Text("the head")


class Two(App[None]):
    """A list inside a border, and one below a line of its own."""

    CSS = "Numbers { border: round white; height: 50%; }"

    def compose(self) -> ComposeResult:
        """Show both."""
        yield Numbers()
        yield Headed()


async def test_a_list_that_scrolls_by_a_row_asks_for_no_more_than_that() -> None:
    """The others only move; the two under the cursor are drawn again."""
    app = Two()
    async with app.run_test(size=(40, 40)) as pilot:
        for rows in (app.query_one(Numbers), app.query_one(Headed)):
            rows.show(1_000)
            rows.focus()
            await pilot.pause()
            await pilot.press(*["down"] * (rows.window_rows - 1))
            await pilot.pause()
            rows.asked.clear()
            await pilot.press("down")
            await pilot.pause()
            assert rows.asked == {rows.cursor - 1, rows.cursor}


@pytest.mark.parametrize("seed", range(8))
async def test_what_has_scrolled_looks_as_if_drawn_at_once(seed: int) -> None:
    """Whatever was done to it: no row is stale, nor a border or the cursor."""
    random = Random(seed)  # noqa: S311 (no secret)
    app = Two()
    async with app.run_test(size=(40, 40)) as pilot:
        for rows in app.query(Numbers):
            rows.show(200)
        keys = ["up", "down", "down", "pageup", "pagedown", "ctrl+d", "g", "G", "tab"]
        for _ in range(15):
            await pilot.press(*random.choices(keys, k=random.randint(1, 4)))
            rows = random.choice(list(app.query(Numbers)))
            match random.randrange(6):
                case 0:
                    rows.center(random.randrange(rows.count))
                case 1:
                    rows.show(random.randint(1, 200), random.randrange(100))
                case 2:
                    rows.grow(rows.count + random.randrange(30))
                case 3:
                    await pilot.resize_terminal(40, random.randint(16, 50))
                case _:
                    pass
            await pilot.pause()
            before = drawn(app)
            for each in app.query(Numbers):
                each.refresh()
            await pilot.pause()
            assert drawn(app) == before
