"""Facts about the list of bookmarks."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest
from textual.app import App
from textual.widgets import OptionList

from repoview.tui import styles
from repoview.tui.remembered.state import Spot
from repoview.tui.screens.dialogs.bookmarks import Bookmarks
from repoview.tui.styles.theme import FALLBACKS
from tests.tui.conftest import exploring, screen_text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

STYLES = Path(styles.__path__[0])
POST = Spot("browse", "record", 7, "a.b.c/7", "a.b.c/7")
NODE = Spot("tree", "node", 3, "", "node of depth 2")
HOSTILE = Spot(
    "browse", "record", 8, "a.b.c/x", "\x1b[2J[/]\u202e[@click=app.quit]x[/]"
)


class Dialog(App[None]):
    """The list, and nothing else."""

    CSS_PATH: ClassVar[list[str]] = [str(STYLES / "dialogs" / "bookmarks.tcss")]

    def __init__(self, spots: list[Spot]) -> None:
        super().__init__()
        self.spots = spots
        self.ended: list[Spot | None] = []
        self.forgotten: list[Spot] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give every theme the colors that only ours name."""
        return FALLBACKS

    def on_mount(self) -> None:
        """Show it."""
        self.push_screen(Bookmarks(self.spots), self.ended.append)

    def on_bookmarks_forgotten(self, message: Bookmarks.Forgotten) -> None:
        """Note what was removed."""
        self.forgotten.append(message.spot)


@asynccontextmanager
async def listed(*spots: Spot) -> AsyncIterator[tuple[Dialog, Pilot[None]]]:
    """Show a list of these."""
    app = Dialog(list(spots))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield app, pilot


async def test_enter_goes_to_a_bookmark() -> None:
    """To the one under the cursor."""
    async with listed(POST, NODE) as (app, pilot):
        assert "browse    a.b.c/7" in screen_text(app)
        assert "tree      node of depth 2" in screen_text(app)
        await pilot.press("j", "enter")
        assert app.ended == [NODE]


async def test_a_click_goes_too() -> None:
    """Like everywhere."""
    async with listed(POST, NODE) as (app, pilot):
        await pilot.click("#spots", offset=(5, 1))
        assert app.ended == [NODE]


@pytest.mark.parametrize("key", ["delete", "d"])
async def test_delete_removes_a_bookmark(key: str) -> None:
    """And the list goes on with the next; without any it says how to make one."""
    async with listed(POST, NODE) as (app, pilot):
        await pilot.press(key)
        assert app.forgotten == [POST]
        assert "a.b.c/7" not in screen_text(app)
        await pilot.press(key, key)
        assert app.forgotten == [POST, NODE]
        assert "Nothing is bookmarked here yet" in screen_text(app)
        await pilot.press("escape")
        assert app.ended == [None]


async def test_one_that_was_removed_just_after_is_not_gone_to() -> None:
    """Its choice is heard of when the list has one less."""
    async with listed(POST, NODE) as (app, pilot):
        options = app.screen.query_one(OptionList)
        options.highlighted = 1
        options.action_select()
        bookmarks = app.screen
        assert isinstance(bookmarks, Bookmarks)
        bookmarks.action_forget()
        await pilot.pause()
        assert app.forgotten == [NODE]
        assert app.ended == []
        await pilot.press("enter")
        assert app.ended == [POST]


async def test_a_label_is_only_text() -> None:
    """It was read from a file, and came from a repository before."""
    async with listed(HOSTILE) as (app, pilot):
        text = screen_text(app)
        assert "\x1b" not in text
        assert "[/]" in text
        await pilot.press("G", "g", "k", "enter")
        assert app.ended == [HOSTILE]


async def test_bookmarks_open_once_however_often_they_are_asked_for(
    sample: Path,
) -> None:
    """Typed ahead, the key is heard before the first dialog is there."""
    async with exploring(sample) as (app, pilot):
        for _ in range(3):
            app.action_bookmarks()
        await pilot.pause()
        assert [type(each) for each in app.screen_stack].count(Bookmarks) == 1
