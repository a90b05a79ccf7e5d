"""Facts about the line of keys, help, and the palette: one set of words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.tui.actions.actions import DIALOGS, FOOTER, PURPOSES
from repoview.tui.actions.key_names import key_text
from repoview.tui.actions.keys import named_bindings
from repoview.tui.screens.blocks import BlocksView
from repoview.tui.screens.browse import Browse
from repoview.tui.screens.dialogs.help import Actions, Help, Palette
from repoview.tui.screens.tree import TreeView
from repoview.tui.widgets.frame.action_list import ActionList
from repoview.tui.widgets.frame.key_bar import KeyBar
from repoview.tui.widgets.record.json_view import JsonView
from repoview.tui.widgets.records import Records
from tests.tui.conftest import exploring, screen_text

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.tui.app.explorer import Explorer

VIEWS = ("c Records", "t Tree", "b Blocks", "v Verdict", "i Overview")


def footer(app: Explorer) -> str:
    """Return the line of keys."""
    return screen_text(app).split("\n")[-1]


def listed(app: Explorer) -> list[tuple[str, str]]:
    """Return word and keys of what a dialog lists."""
    assert isinstance(app.screen, Actions)
    rows = app.screen.query_one(ActionList)._lines  # noqa: SLF001 (a window shows a part)
    return [(row.word, " ".join(row.keys)) for row in rows if not isinstance(row, str)]


def test_every_action_has_one_purpose() -> None:
    """Help and palette know it by its purpose; dialogs tell their own keys."""
    told = [name for _, names in PURPOSES for name in names]
    assert len(told) == len(set(told))
    here = {n for n in named_bindings() if n.partition(".")[0] not in DIALOGS}
    tabs = {f"visit.tab_{n}" for n in range(2, 10)}
    assert here - tabs - {"opening.end"} == set(told)
    assert set(FOOTER) <= set(told)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("ctrl+p", "Ctrl+P"),
        ("shift+right", "Shift+→"),
        ("left_square_bracket", "["),
        ("question_mark", "?"),
        ("pagedown", "PageDown"),
        ("ctrl+pageup", "Ctrl+PageUp"),
        ("alt+1", "Alt+1"),
        ("f1", "F1"),
        ("f", "f"),
        ("G", "G"),
        ("escape", "Esc"),
    ],
)
def test_keys_are_called_what_people_call_them(key: str, text: str) -> None:
    """As in the docs."""
    assert key_text(key) == text


@pytest.mark.parametrize("width", [80, 120, 200])
async def test_the_line_of_keys_has_all_views_and_marks_the_one_shown(
    sample: Path, width: int
) -> None:
    """At any usual width, and in each of them."""
    async with exploring(sample, (width, 24)) as (app, pilot):
        for view in VIEWS:
            await pilot.press(view[0])
            await pilot.pause()
            line = footer(app)
            assert [each for each in VIEWS if each in line] == list(VIEWS)
            assert f"[{view}]" in line
            assert line.count("[") == 1
            assert line.rstrip().endswith("? Help  q Quit")


async def test_more_room_has_more_keys_of_what_is_shown(sample: Path) -> None:
    """The most wanted first; those of other views are not among them."""
    async with exploring(sample, (80, 24)) as (app, pilot):
        assert "/ Filter" in footer(app)
        assert "Copy" not in footer(app)
        await pilot.resize_terminal(120, 24)
        await pilot.pause()
        for word in ("/ Filter", ": Go to", "f Find", "y Copy", "x What?"):
            assert word in footer(app)
        await pilot.resize_terminal(200, 24)
        await pilot.pause()
        for word in ("s Order", "e Export", "m Bookmark", "Ctrl+P Commands"):
            assert word in footer(app)
        await pilot.press("b")
        await pilot.pause()
        assert "s Sort" in footer(app)
        assert "Space Mark" not in footer(app)


async def test_the_narrowest_screen_keeps_help_and_quit(sample: Path) -> None:
    """And as many views as it has room for."""
    async with exploring(sample, (40, 12)) as (app, _):
        assert footer(app).startswith("[c Records]")
        assert "? Help  q Quit" in footer(app)


async def test_a_click_on_a_key_presses_it(sample: Path) -> None:
    """Wherever it stands on the line."""
    async with exploring(sample) as (app, pilot):
        for word, kind in (("t Tree", TreeView), ("b Blocks", BlocksView)):
            await pilot.click(KeyBar, offset=(footer(app).index(word) + 2, 0))
            await pilot.pause()
            assert isinstance(app.screen, kind)
        await pilot.click(KeyBar, offset=(footer(app).index("? Help") + 2, 0))
        await pilot.pause()
        assert isinstance(app.screen, Help)


async def test_help_is_ordered_by_what_people_want(sample: Path) -> None:
    """With neither names of widgets nor those for settings, until asked for."""
    async with exploring(sample, (120, 50)) as (app, pilot):
        await pilot.press("question_mark")
        text = screen_text(app)
        assert text.index("See it another way") < text.index("Find something")
        assert "narrow the list by a part of the path" in text
        for word in ("jsonview", "virtuallist", "browse.filter", "Source 2"):
            assert word not in text
        await pilot.press("f2")
        assert "browse.filter" in screen_text(app)
        await pilot.press("f2")
        assert "browse.filter" not in screen_text(app)
        await pilot.press("question_mark")
        assert isinstance(app.screen, Browse)


async def test_help_searches_as_one_types(sample: Path) -> None:
    """In words, in what they do, in keys, and in what is done elsewhere."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("question_mark", *"bookm")
        assert [word for word, _ in listed(app)] == ["Bookmark", "Bookmarks"]
        await pilot.press("ctrl+u", *"ctrl+o")
        assert ("Open another", "Ctrl+O") in listed(app)
        await pilot.press("ctrl+u", *"sort")
        assert listed(app) == [("Sort", "s")]
        assert "in Blocks" in screen_text(app)
        await pilot.press("enter")
        assert isinstance(app.screen, Help)


async def test_a_narrow_screen_says_below_what_is_cut(sample: Path) -> None:
    """Of the row under the cursor."""
    async with exploring(sample, (60, 20)) as (app, pilot):
        await pilot.press("question_mark", *"pager")
        assert "its JSON in your pager" in screen_text(app)


async def test_sources_by_number_are_one_line(sample: Path) -> None:
    """And not nine."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("question_mark", *"source")
        assert listed(app).count(("Source", "Alt+1 … 9")) == 1


async def test_the_palette_has_every_action_with_its_key(sample: Path) -> None:
    """In the words of the line of keys."""
    async with exploring(sample, (200, 50)) as (app, pilot):
        line = footer(app)
        await pilot.press("ctrl+p")
        assert isinstance(app.screen, Palette)
        rows = dict(listed(app))
        for name, binding in named_bindings().items():
            first = name.partition(".")[0]
            if first in {"view", "place", "visit", "browse", "record", "mark"}:
                assert "tab_" in name or binding.description in rows, name
        assert all(keys for word, keys in rows.items() if "Theme" not in word)
        for word in ("Filter", "Go to", "Find", "Copy", "Order", "Export", "Bookmark"):
            assert f"{rows[word].split()[0]} {word}" in line


async def test_the_palette_does_what_is_chosen(sample: Path) -> None:
    """By Enter and by the mouse; a pane whose action it is has the keys then."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("ctrl+p", *"tree", "enter")
        await pilot.pause()
        assert isinstance(app.screen, TreeView)
        await pilot.press("escape", "ctrl+p", *"fold all")
        rows = app.screen.query_one(ActionList)
        await pilot.click(ActionList, offset=(20, rows.cursor_line))
        await pilot.pause()
        assert isinstance(app.screen, Browse)
        assert app.screen.query_one(JsonView).has_focus
        await pilot.press("ctrl+p", *"theme light", "enter")
        await pilot.pause()
        assert app.theme == "repoview-light"


async def test_the_palette_says_when_nothing_matches(sample: Path) -> None:
    """And stays; Enter does nothing then."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("ctrl+p", *"zzz")
        assert "Nothing is called zzz" in screen_text(app)
        await pilot.press("enter", "down", "pagedown", "up")
        assert isinstance(app.screen, Palette)
        await pilot.press("escape")
        assert isinstance(app.screen, Browse)


async def test_moving_in_help_goes_past_titles(sample: Path) -> None:
    """From the last to the first, by rows and by pages."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("question_mark")
        rows = app.screen.query_one(ActionList)
        seen = []
        for key in ("down",) * 12 + ("pagedown",) * 12 + ("down", "up", "pageup"):
            await pilot.press(key)
            assert rows.chosen_row is not None
            seen.append(rows.chosen_row.name)
        assert seen[:3] == ["view.tree", "view.blocks", "view.findings"]
        assert seen[-3] == "view.browse"
        assert seen[-2] != "view.browse"


async def test_keys_that_were_set_are_told(sample: Path, tmp_path: Path) -> None:
    """On the line, in help, and for actions of other views."""
    from repoview.settings import Settings  # noqa: PLC0415 (used here only)
    from tests.tui.conftest import browsing, explorer  # noqa: PLC0415 (the same)

    config = tmp_path / "config.toml"
    config.write_text('[keys]\n"browse.filter" = "f3"\n"blocks.sort" = "ctrl+s"\n')
    app = explorer(sample, settings=Settings(config=config))
    async with app.run_test(size=(120, 40)) as pilot:
        await browsing(pilot)
        assert "F3 Filter" in footer(app)
        await pilot.press("question_mark", *"sort")
        assert listed(app) == [("Sort", "Ctrl+S")]


async def test_enter_twice_does_it_once(sample: Path) -> None:
    """The second one is for what is there by then."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("ctrl+p", *"mark to", "enter", "enter")
        await pilot.pause()
        assert isinstance(app.screen, Browse)
        assert app.screen.query_one(Records).count


async def test_the_chosen_row_and_the_titles_stand_out(sample: Path) -> None:
    """The line has the keys, and Enter means the row all the same."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("question_mark")
        rows = app.screen.query_one(ActionList)
        title, first, second = (list(rows.render_line(y)) for y in range(3))
        assert title[0].text == "See it another way"
        assert title[0].style is not None
        assert title[0].style.bold
        backgrounds = [
            segments[0].style.bgcolor
            for segments in (first, second)
            if segments[0].style
        ]
        cursor = rows.get_component_rich_style("virtual-list--cursor")
        assert backgrounds[0] == cursor.bgcolor != backgrounds[1]
