"""Facts about what the explorer keeps: marks, bookmarks, places, settings."""

from __future__ import annotations

from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from repoview.settings import Settings
from repoview.tui.remembered.state import State
from repoview.tui.screens.dialogs.bookmarks import Bookmarks
from repoview.tui.screens.dialogs.export import Export
from repoview.tui.styles.theme import NO_COLOR
from repoview.tui.widgets.records import Records
from tests.tui.conftest import browsing, explorer, screen_text, until

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from textual.pilot import Pilot

    from repoview.tui.app.explorer import Explorer
    from repoview.tui.values.place import Place


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written goes there."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Those of a reader with folders."""
    return Settings(config=tmp_path / "config.toml", state=tmp_path / "state")


def configure(settings: Settings, text: str) -> None:
    """Set what the text sets."""
    assert settings.config is not None
    settings.config.write_text(text, encoding="utf-8")


@asynccontextmanager
async def visiting(
    path: Path, settings: Settings | None = None, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Explorer, Pilot[None]]]:
    """Open *path*, and wait until it can be browsed."""
    app = explorer(path, settings=settings)
    async with app.run_test(size=size, notifications=True) as pilot:
        await browsing(pilot)
        yield app, pilot


def shown(app: Explorer) -> Place:
    """Return where the reader is."""
    assert app.view is not None
    return app.view.place()


def marked(app: Explorer) -> list[int]:
    """Return what is marked."""
    return list(app.visit.marks.numbers())


def lines() -> dict[str, int]:
    """Return the files that were written, with their lines."""
    return {
        path.name: path.read_bytes().count(b"\n")
        for path in Path().iterdir()
        if path.suffix == ".jsonl"
    }


class TestMarks:
    """What is marked, and how it looks."""

    async def test_space_marks_and_goes_on(self, sample: Path) -> None:
        """And on a marked record it unmarks."""
        async with visiting(sample) as (app, pilot):
            await pilot.press("space", "down", "space")
            assert marked(app) == [0, 2]
            text = screen_text(app)
            assert "● 2 marked · 300" in text
            assert text.count("●") == 3
            await pilot.press("up", "space")
            assert marked(app) == [0]

    async def test_a_range_is_marked_from_the_last_mark(self, sample: Path) -> None:
        """Up as well as down; without one, nothing is."""
        async with visiting(sample) as (app, pilot):
            await pilot.press("r")
            assert marked(app) == []
            await pilot.press("down", "down", "down", "down", "space", "g", "down", "r")
            assert marked(app) == [1, 2, 3, 4]

    async def test_what_a_filter_shows_is_marked_at_once(self, sample: Path) -> None:
        """Marks stay when it is gone, until all are unmarked."""
        async with visiting(sample) as (app, pilot):
            await pilot.press("slash", *"like", "enter", "a", "escape")
            assert app.session is not None
            likes = app.session.records.filtered(None, "like")
            assert marked(app) == list(likes)
            await pilot.press("A")
            assert marked(app) == []
            assert "marked" not in screen_text(app)


class TestExport:
    """Out of the lists and into a file."""

    async def test_what_is_marked_is_exported(self, sample: Path) -> None:
        """In key order; the reader is told of the file."""
        async with visiting(sample) as (app, pilot):
            await pilot.press("G", "space", "g", "space", "e")
            assert isinstance(app.screen, Export)
            await pilot.press("enter")
            while isinstance(app.screen, Export):
                await pilot.pause()
            await pilot.pause()
            assert ": 2 records of 300, " in " ".join(screen_text(app).split())
        assert lines() == {"sample-marked.jsonl": 2}

    async def test_a_collection_is_likelier_than_everything(self, sample: Path) -> None:
        """A filter likelier than both; all can be chosen."""
        async with visiting(sample) as (app, pilot):
            await pilot.press("shift+tab", "down", "down", "down", "tab", "e")
            text = screen_text(app)
            assert "(•) app.bsky.feed.like" in text
            assert "( ) everything" in text
            await pilot.press("escape", "slash", *"3", "enter", "e")
            text = screen_text(app)
            assert "(•) shown: 3" in text
            assert "( ) app.bsky.feed.like" in text


class TestPlaces:
    """Bookmarks, and where the last visit ended."""

    async def test_the_last_place_comes_back(
        self, sample: Path, settings: Settings
    ) -> None:
        """When the reader has not moved yet."""
        async with visiting(sample, settings) as (app, pilot):
            await pilot.press("down", "down", "down")
            left = shown(app)
            await pilot.press("q")
        async with visiting(sample, settings) as (app, _):
            assert shown(app) == left

    async def test_a_bookmark_is_kept_and_leads_back(
        self, sample: Path, settings: Settings
    ) -> None:
        """In the next visit, too; deleted, it is gone."""
        async with visiting(sample, settings) as (app, pilot):
            await pilot.press("down", "down", "m")
            here = shown(app)
            await pilot.press("g", "q")
        async with visiting(sample, settings) as (app, pilot):
            await pilot.press("apostrophe", "enter")
            await pilot.pause()
            assert shown(app) == here
            await pilot.press("apostrophe", "delete", "escape", "apostrophe")
            assert isinstance(app.screen, Bookmarks)
            assert "Nothing is bookmarked here yet" in screen_text(app)

    async def test_m_on_a_bookmark_removes_it(
        self, sample: Path, settings: Settings
    ) -> None:
        """As it came."""
        async with visiting(sample, settings) as (app, pilot):
            await pilot.press("m", "m")
            assert app.session is not None
            key = app.session.spots.key
        assert State(settings.state, pytest.fail).of(key).bookmarks == ()

    async def test_without_a_folder_nothing_is_remembered(self, sample: Path) -> None:
        """And the reader is told so."""
        async with visiting(sample) as (app, pilot):
            await pilot.press("m")
            await pilot.pause()
            assert "Nothing is remembered in this visit." in screen_text(app)


class TestSettings:
    """What the reader set."""

    async def test_a_theme_that_was_chosen_comes_back(
        self, sample: Path, settings: Settings
    ) -> None:
        """Unless the settings name one."""
        async with visiting(sample, settings) as (app, pilot):
            app.theme = "nord"
            await pilot.pause()
        async with visiting(sample, settings) as (app, _):
            assert app.theme == "nord"
        configure(settings, 'theme = "light"')
        async with visiting(sample, settings) as (app, _):
            assert app.theme == "repoview-light"

    async def test_keys_are_those_that_were_set(
        self, sample: Path, settings: Settings
    ) -> None:
        """In place of the ordinary ones."""
        configure(settings, '[keys]\n"browse.filter" = ["f3"]')
        async with visiting(sample, settings) as (app, pilot):
            await pilot.press("slash")
            assert not isinstance(app.focused, Input)
            app.screen.query_one(Records).focus()
            await pilot.press("f3")
            assert isinstance(app.focused, Input)

    async def test_what_is_not_known_is_told(
        self, sample: Path, settings: Settings
    ) -> None:
        """The rest holds."""
        text = 'theme = "no such"\ntab = "bytes"\n[keys]\n"no.such" = "x"'
        configure(settings, text)
        async with visiting(sample, settings) as (app, pilot):
            for remark in ("no key named no.such", "no theme no such"):
                await until(
                    pilot,
                    lambda says=remark: says in " ".join(screen_text(app).split()),
                )

    async def test_without_colors_nothing_has_one(self, sample: Path) -> None:
        """What is chosen is reversed."""
        async with visiting(sample, Settings(color=False)) as (app, _):
            assert app.theme == NO_COLOR
            styles = [
                segment.style
                for strip in app.screen._compositor.render_strips(app.size)  # noqa: SLF001 (there is no other way to see the screen)
                for segment in strip
                if segment.style is not None
            ]
            colors = {c for s in styles for c in (s.color, s.bgcolor) if c is not None}
            assert all(color.is_default for color in colors)
            assert any(style.reverse for style in styles)
