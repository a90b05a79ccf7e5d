"""Dialogs of the explorer end once, whatever was typed ahead."""

from __future__ import annotations

from importlib import import_module
from pkgutil import walk_packages
from typing import TYPE_CHECKING

import pytest
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList

import repoview.tui
from repoview.settings import Settings
from repoview.tui.screens.browse import Browse
from repoview.tui.screens.dialogs.bookmarks import Bookmarks
from repoview.tui.screens.dialogs.copy import Copy
from repoview.tui.screens.dialogs.dialog import Dialog
from repoview.tui.screens.dialogs.goto import GoTo
from repoview.tui.screens.dialogs.help import Help
from repoview.tui.screens.dialogs.open_another import OpenAnother
from repoview.tui.values.place import Place
from repoview.tui.widgets.tree_outline import TreeOutline
from tests.tui.conftest import browsing, explorer, exploring, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from repoview.tui.app.explorer import Explorer

OPENED = ["y", "e", "question_mark", "ctrl+o", "colon", "apostrophe", "ctrl+p", "K"]
"""The keys of browsing that open a dialog."""


async def dialog(app: Explorer, pilot: Pilot[None], key: str) -> Dialog[object]:
    """Open a dialog by its key."""
    await pilot.press(key)
    await until(pilot, lambda: isinstance(app.screen, Dialog))
    await pilot.pause()
    assert isinstance(app.screen, Dialog)
    return app.screen


def test_whatever_stands_above_a_view_is_such_a_dialog() -> None:
    """So that what is known of dialogs here holds for each."""
    for module in walk_packages(repoview.tui.__path__, "repoview.tui."):
        import_module(module.name)
    left: list[type] = [ModalScreen]
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        if kind.__module__.startswith("repoview."):
            assert issubclass(kind, Dialog)


@pytest.mark.parametrize("key", OPENED)
async def test_a_dialog_that_is_ended_twice_ends_once(sample: Path, key: str) -> None:
    """The view below stays, and answers keys."""
    async with exploring(sample) as (app, pilot):
        opened = await dialog(app, pilot, key)
        opened.dismiss(None)
        opened.dismiss(None)
        await pilot.pause()
        assert isinstance(app.screen, Browse)
        await pilot.press("t")
        await until(pilot, lambda: app.screen.query(TreeOutline))


@pytest.mark.parametrize("key", OPENED)
async def test_escape_typed_ahead_ends_a_dialog_once(sample: Path, key: str) -> None:
    """As keys that waited together are heard."""
    async with exploring(sample) as (app, pilot):
        await dialog(app, pilot, key)
        await pilot.press("escape", "escape", "escape")
        await pilot.pause()
        assert isinstance(app.screen, Browse)


async def test_a_line_that_was_entered_twice_is_taken_once(
    sample: Path, broken: Path
) -> None:
    """One source more is open, and can be seen."""
    async with exploring(sample) as (app, pilot):
        opened = await dialog(app, pilot, "ctrl+o")
        assert isinstance(opened, OpenAnother)
        line = opened.query_one(Input)
        line.value = str(broken)
        await line.action_submit()
        await line.action_submit()
        await until(pilot, lambda: isinstance(app.screen, Browse) and app.session)
        await pilot.pause()
        assert len(app.visits) == 2
        assert isinstance(app.screen, Browse)


async def test_a_place_that_was_entered_twice_is_gone_to_once(sample: Path) -> None:
    """And one comes back from it at once."""
    async with exploring(sample) as (app, pilot):
        assert app.view is not None
        here = app.view.place()
        opened = await dialog(app, pilot, "colon")
        assert isinstance(opened, GoTo)
        line = opened.query_one(Input)
        line.value = "#7"
        await line.action_submit()
        await line.action_submit()
        await until(pilot, lambda: app.view and app.view.place().number == 7)
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: app.view and app.view.place() == here)


async def test_a_bookmark_that_is_chosen_often_is_gone_to_once(
    sample: Path, tmp_path: Path
) -> None:
    """As three quick clicks do."""
    app = explorer(sample, settings=Settings(state=tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await browsing(pilot)
        await pilot.press("down", "m", "down")
        opened = await dialog(app, pilot, "apostrophe")
        assert isinstance(opened, Bookmarks)
        spots = opened.query_one(OptionList)
        for _ in range(3):
            spots.action_select()
        await until(pilot, lambda: isinstance(app.screen, Browse))
        await until(pilot, lambda: app.view and app.view.place().number == 1)
        assert isinstance(app.screen, Browse)


async def test_what_is_chosen_twice_is_copied_and_told_once(sample: Path) -> None:
    """By Enter, typed ahead."""
    async with exploring(sample) as (app, pilot):
        opened = await dialog(app, pilot, "y")
        assert isinstance(opened, Copy)
        choices = opened.query_one(OptionList)
        choices.action_select()
        choices.action_select()
        await until(pilot, lambda: isinstance(app.screen, Browse))
        await pilot.pause()
        assert len(app._notifications) == 1  # noqa: SLF001 (there is no other way to see them)


async def test_a_command_that_was_entered_twice_is_done_once(sample: Path) -> None:
    """The view below the palette stays."""
    async with exploring(sample) as (app, pilot):
        opened = await dialog(app, pilot, "ctrl+p")
        line = opened.query_one(Input)
        line.value = "copy"
        await pilot.pause()
        await line.action_submit()
        await line.action_submit()
        await until(pilot, lambda: isinstance(app.screen, Copy))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Browse))
        assert len(app.screen_stack) == 2


async def test_a_dialog_that_ends_below_another_goes_with_it(sample: Path) -> None:
    """It takes nothing away but itself."""
    async with exploring(sample) as (app, pilot):
        below = await dialog(app, pilot, "apostrophe")
        app.action_show_help()
        await until(pilot, lambda: isinstance(app.screen, Help))
        below.dismiss(None)
        await pilot.pause()
        assert isinstance(app.screen, Help)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Browse))


async def test_who_leaves_for_another_view_leaves_no_dialog_behind(
    sample: Path,
) -> None:
    """It was about where one was."""
    async with exploring(sample) as (app, pilot):
        await dialog(app, pilot, "colon")
        app.go(Place("tree"))
        await until(pilot, lambda: app.screen.query(TreeOutline))
        assert not any(isinstance(each, Dialog) for each in app.screen_stack)
        assert not any(isinstance(each, Browse) for each in app.screen_stack)
