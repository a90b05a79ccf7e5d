"""Facts about the outline that draws only what is on the screen."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
from rich.text import Text
from textual.app import App

from repoview.tui.widgets.base.outline import Outline
from tests.tui.conftest import screen_text
from tests.tui.widgets.forests import Complete, Levels

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.app import ComposeResult
    from textual.pilot import Pilot

    from repoview.tui.widgets.base.folding import Forest


class Items(Outline):
    """Items that say their number, and note where the reader was."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[int] = []
        self.chose: list[int] = []
        self.drawn: set[int] = set()
        self.refused = 0

    def line(self, item: int, width: int) -> Text:  # noqa: ARG002 (any width will do)
        """Return the number."""
        self.drawn.add(item)
        return Text(f"item {item}")

    def reached(self, item: int) -> None:
        """Note it."""
        self.seen.append(item)

    def entered(self, item: int) -> None:
        """Note it."""
        self.chose.append(item)

    def too_many(self) -> None:
        """Note it."""
        self.refused += 1


class Outlining(App[None]):
    """Nothing but an outline."""

    CSS = "Items { border: round white; }"

    def compose(self) -> ComposeResult:
        """Show the outline."""
        yield Items()


@asynccontextmanager
async def outlining(
    forest: Forest, size: tuple[int, int] = (40, 22)
) -> AsyncIterator[tuple[Items, Pilot[None]]]:
    """Show *forest* in an outline of 20 lines."""
    app = Outlining()
    async with app.run_test(size=size) as pilot:
        items = app.query_one(Items)
        items.fill(forest)
        items.focus()
        await pilot.pause()
        yield items, pilot


def lines(items: Items) -> list[str]:
    """Return what the window shows, without its border."""
    text = screen_text(items.app)
    return [line[1:-1].rstrip(" ▁▂▃▄▅▆▇█") for line in text.split("\n")[1:-1]]


SMALL = Levels([0, 1, 2, 2, 1, 0, 1])


async def test_rails_join_what_stands_below_one_item() -> None:
    """The last one below an item ends its rail."""
    async with outlining(SMALL) as (items, pilot):
        assert lines(items)[:3] == ["▸ item 0", "▸ item 5", ""]
        await pilot.press("asterisk")
        await pilot.pause()
        assert lines(items)[:8] == [
            "▾ item 0",
            "├ ▾ item 1",
            "│ ├   item 2",
            "│ └   item 3",
            "└   item 4",
            "▾ item 5",
            "└   item 6",
            "",
        ]


async def test_right_opens_and_goes_in_and_left_closes_and_goes_out() -> None:
    """Each key does one thing at a time."""
    async with outlining(SMALL) as (items, pilot):
        for key, item, count in [
            ("left", 0, 2),
            ("right", 0, 4),
            ("l", 1, 4),
            ("right", 1, 6),
            ("right", 2, 6),
            ("right", 2, 6),
            ("left", 1, 6),
            ("h", 1, 4),
            ("left", 0, 4),
            ("left", 0, 2),
        ]:
            await pilot.press(key)
            assert (items.item, items.count) == (item, count), key


async def test_enter_opens_and_closes_and_enters_what_has_nothing_below() -> None:
    """So does a second click."""
    async with outlining(SMALL) as (items, pilot):
        await pilot.press("enter", "down", "enter", "down", "enter")
        assert (items.count, items.chose) == (6, [2])
        await pilot.press("up", "enter")
        assert items.count == 4
        await pilot.click(Items, offset=(9, 3), times=2)
        assert (items.item, items.chose) == (4, [2, 4])


async def test_a_click_on_the_sign_opens_and_closes() -> None:
    """Anywhere else it moves the cursor."""
    async with outlining(SMALL) as (items, pilot):
        await pilot.click(Items, offset=(1, 1))
        assert items.count == 4
        await pilot.click(Items, offset=(3, 2))
        assert (items.count, items.item) == (6, 1)
        await pilot.click(Items, offset=(8, 1))
        assert (items.count, items.item) == (6, 0)
        await pilot.click(Items, offset=(1, 1))
        assert items.count == 2


async def test_more_than_a_million_items_open_at_once() -> None:
    """What is not on the screen is never drawn, and hardly asked about."""
    forest = Complete(4, 10)
    async with outlining(forest) as (items, pilot):
        before = forest.asked
        await pilot.press("asterisk", "end")
        await pilot.pause()
        assert items.item == len(forest) - 1
        assert f"item {len(forest) - 1:}" in lines(items)[-1]
        await pilot.press("pageup", "ctrl+u", "home", "minus")
        await pilot.pause()
        assert items.count == 1
        assert len(items.drawn) < 120
        assert forest.asked - before < 120 * 30


@pytest.mark.parametrize("key", ["asterisk", "minus", "plus", "L"])
async def test_the_item_under_the_cursor_stays_where_it_is(key: str) -> None:
    """Whatever opens and closes above it; what hides it takes its place."""
    forest = Complete(4, 6)
    async with outlining(forest) as (items, pilot):
        items.go_to(3_000)
        items.folding.open_below(items.folding.forest.parent(1_500))
        items.go_to(3_000)
        await pilot.pause()
        item, line = items.item, items.cursor_line
        await pilot.press(key)
        await pilot.pause()
        assert items.item == items.folding.shown(item)
        if items.count > 20:
            assert items.cursor_line == line
            assert f"item {items.item}" in lines(items)[line]
        else:
            assert items.item == 0


async def test_to_close_what_holds_the_cursor_brings_it_there() -> None:
    """By the mouse, anything on the screen may be closed."""
    async with outlining(SMALL) as (items, pilot):
        await pilot.press("asterisk", "down", "down", "down")
        items.folding.close(1)
        assert items.folding.shown(3) == 1
        await pilot.press("asterisk")
        await pilot.click(Items, offset=(3, 2))
        assert items.item == 1
        assert items.seen[-1] == 1


async def test_it_tells_of_an_item_once() -> None:
    """Not again when rows above it come and go."""
    async with outlining(SMALL) as (items, pilot):
        await pilot.press("down")
        await pilot.press("asterisk", "minus", "asterisk")
        assert items.seen == [0, 5]


async def test_to_go_to_an_item_opens_what_hides_it() -> None:
    """And nothing else; it is well inside the window."""
    forest = Complete(4, 8)
    async with outlining(forest) as (items, pilot):
        items.go_to(70_000)
        await pilot.pause()
        assert items.item == items.seen[-1] == 70_000
        assert items.count <= 1 + 8 * 4
        assert any("item 70000" in line for line in lines(items))


async def test_levels_open_one_by_one() -> None:
    """Until there are too many, and then it says so."""
    async with outlining(Complete(4, 9)) as (items, pilot):
        counts = []
        while not items.refused:
            await pilot.press("plus")
            counts.append(items.count)
        assert counts[:3] == [5, 21, 85]
        assert counts[-1] == counts[-2] < 100_000


async def test_levels_beyond_the_window_are_only_counted() -> None:
    """However deep it is, some of an item can be read."""
    async with outlining(Levels(range(10_000))) as (items, pilot):
        await pilot.press("asterisk", "end")
        await pilot.pause()
        assert lines(items)[-1] == "9993 more … " + "  " * 5 + "└   item 9999"


async def test_an_empty_outline_has_nothing_to_open() -> None:
    """No key does anything."""
    async with outlining(Levels([])) as (items, pilot):
        keys = ["right", "left", "enter", "asterisk", "minus", "plus", "L"]
        await pilot.press(*keys, "shift+space", "end")
        assert (items.count, items.item, items.seen) == (0, -1, [])


async def test_shift_space_opens_nothing() -> None:
    """Some terminals send it for a space that was typed fast."""
    async with outlining(SMALL) as (items, pilot):
        await pilot.press("shift+space")
        assert items.count == 2
