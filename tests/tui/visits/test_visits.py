"""Facts about visits: tabs, reading again, and files that change."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from repoview.core.errors import SourceError
from repoview.core.repo.inside import inside
from repoview.sample import write_sample
from repoview.tui.screens.dialogs.open_another import OpenAnother
from repoview.tui.screens.opening import Opening
from repoview.tui.values.place import Place
from repoview.tui.visits.messages import VisitChosen
from repoview.tui.widgets.frame.status import RELOAD
from repoview.tui.widgets.frame.visit_tabs import VisitTabs
from tests.core.repos import make_repo, many
from tests.tui.conftest import browsing, explorer, exploring, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from repoview.tui.app.explorer import Explorer


def count(app: Explorer) -> int:
    """Return how many records the repository that is shown has."""
    assert app.session is not None
    return len(app.session.records)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A sample of 20 records."""
    path = tmp_path / "small.car"
    with path.open("wb") as file:
        write_sample(file.write, 20)
    return path


async def test_each_source_has_a_tab(sample: Path, small: Path) -> None:
    """By number, by turns, and under the mouse; each is where it was left."""
    app = explorer(sample, small)
    async with app.run_test(size=(120, 40)) as pilot:
        await browsing(pilot)
        await pilot.press("down", "down")
        place = app.view and app.view.place()
        tabs = app.screen.query_one(VisitTabs)
        assert tabs.display

        await pilot.press("alt+2")
        await browsing(pilot)
        assert (app.visit, count(app)) == (app.visits[1], 20)

        await pilot.press("ctrl+pagedown")
        assert (app.visit, count(app)) == (app.visits[0], 300)
        assert app.view is not None
        assert app.view.place() == place

        await pilot.press("ctrl+pageup")
        assert app.visit is app.visits[1]

        app.post_message(VisitChosen(0))
        await until(pilot, lambda: app.visit is app.visits[0])


async def test_one_source_has_no_tab(sample: Path) -> None:
    """There is nothing to choose."""
    async with exploring(sample) as (app, _):
        assert not app.screen.query_one(VisitTabs).display


async def test_another_source_is_opened_beside_the_first(
    sample: Path, small: Path
) -> None:
    """And closing one shows the other; closing the last ends the visit."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("ctrl+o")
        assert isinstance(app.screen, OpenAnother)
        app.screen.query_one(Input).value = str(small)
        await pilot.press("enter")
        await until(pilot, lambda: len(app.visits) == 2)
        await browsing(pilot)
        assert count(app) == 20
        closed = app.visit

        await pilot.press("ctrl+w")
        await until(pilot, lambda: app.visits[0] is app.visit)
        assert count(app) == 300
        assert closed not in app.visits
        assert closed.session is not None
        with pytest.raises(SourceError):
            inside(closed.session.repo).source.read_at(0, 1)

        await pilot.press("ctrl+w")
        await until(pilot, lambda: app.return_code is not None)


async def test_what_cannot_be_opened_leaves_the_others(
    sample: Path, tmp_path: Path
) -> None:
    """Its tab says why."""
    app = explorer(sample, tmp_path / "none.car")
    async with app.run_test(size=(120, 40)) as pilot:
        await browsing(pilot)
        await pilot.press("alt+2")
        await until(pilot, lambda: "there is no file" in screen_text(app))
        assert isinstance(app.screen, Opening)
        await pilot.press("ctrl+w")
        await until(pilot, lambda: app.session is not None)
        assert count(app) == 300


async def _read_again(app: Explorer, pilot: Pilot[None]) -> None:
    before = app.visit
    await pilot.press("ctrl+r")
    await until(pilot, lambda: app.visit is not before)
    await browsing(pilot)


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path]:
    """A repository, and one that has a record more before all others."""
    records = many(40)
    paths = tmp_path / "one.car", tmp_path / "two.car"
    paths[0].write_bytes(make_repo(records))
    paths[1].write_bytes(make_repo({"app.example.first/1": {}, **records}))
    return paths


async def test_a_file_that_changes_is_told_of_and_read_again(
    versions: tuple[Path, Path],
) -> None:
    """The reader stays at the record, though its number is another now."""
    path, changed = versions
    async with exploring(path) as (app, pilot):
        await pilot.press("down", "down", "down")
        assert app.view is not None
        assert app.view.place().number == 3
        assert RELOAD not in screen_text(app)

        shutil.copyfile(changed, path)
        await until(pilot, lambda: app.visit.is_changed)
        await until(pilot, lambda: RELOAD[:20] in screen_text(app))

        await _read_again(app, pilot)
        assert count(app) == 41
        assert not app.visit.is_changed
        await until(pilot, lambda: app.view and app.view.place().number == 4)


async def test_reading_again_comes_back_to_the_view(sample: Path) -> None:
    """Though nothing is remembered on disk."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("t", "down", "down")
        assert app.view is not None
        place = app.view.place()
        assert place.view == "tree"
        await _read_again(app, pilot)
        await until(pilot, lambda: app.view and app.view.place() == place)
        assert place != Place("tree")


async def test_a_stream_cannot_be_read_again() -> None:
    """And that is said."""
    app = explorer(iter([make_repo(many(10))]))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await browsing(pilot)
        visit = app.visit
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "cannot be read again" in screen_text(app))
        assert app.visit is visit
