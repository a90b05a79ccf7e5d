"""Facts about the screens of broken files, driven by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from repoview.breaking.cases import SHOWN, cases_named, data_of
from repoview.core.repo.repo import Repo
from repoview.settings import Settings
from repoview.tui.app.learner import BreakAt, Learner
from repoview.tui.screens.browse import Browse
from repoview.tui.screens.learn.breaking import BreakScreen
from repoview.tui.screens.learn.broken import BrokenScreen
from repoview.tui.screens.learn.lessons import Lessons
from tests.tui.conftest import exploring, screen_text

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.tui.screens.test_snapshots import Compare

SIZES = [(60, 20), (80, 24), (120, 40), (200, 50)]
(CASE,) = cases_named("MST014-key-over-its-range")


async def test_files_are_searched_opened_and_left() -> None:
    """By the keys that the line of keys names; the cursor stays at the page left."""
    app = Learner(Settings())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("B")
        await pilot.pause()
        assert isinstance(app.screen, BreakScreen)
        assert f"{len(SHOWN)} files" in screen_text(app)
        await pilot.press("slash", *"MST014", "enter")
        await pilot.pause()
        assert "3 files" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, BrokenScreen)
        shown = screen_text(app)
        assert "1 of 3" in shown
        assert "the sound twin" in shown
        assert "≠" in shown
        await pilot.press("n", "n", "n")
        await pilot.pause()
        assert "3 of 3" in screen_text(app)
        last = app.screen.case
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, BreakScreen)
        assert app.screen.query_one("CaseList").here is last  # type: ignore[attr-defined]
        await pilot.press("escape")
        assert app.screen.query_one(Input).value == ""
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, Lessons)


@pytest.mark.parametrize(("key", "is_twin"), [("enter", False), ("t", True)])
async def test_a_file_leads_to_the_explorer(key: str, *, is_twin: bool) -> None:
    """The app ends with it, for the explorer to follow."""
    app = Learner(Settings(), breaking=BreakAt("", CASE))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()
    assert app.opened == (CASE, is_twin)
    assert app.return_code == 0


async def test_the_explorer_opens_it_in_a_tab(tmp_path: Path) -> None:
    """Judged as the page says; the tab before is as it was left."""
    path = tmp_path / "sound.car"
    path.write_bytes(data_of(CASE, is_twin=True))
    async with exploring(path, (80, 24)) as (app, pilot):
        await pilot.press("B")
        await pilot.pause()
        await pilot.press("slash", *"MST014", "enter", "enter")
        await pilot.pause()
        await pilot.press("enter")
        while app.session is None or not isinstance(app.screen, Browse):
            await pilot.pause(0.02)
        assert [visit.name for visit in app.visits][1] == "MST014-key-over-its-range"
        with Repo.load(data_of(CASE)) as repo:
            told = [each.code for each in repo.report.findings]
        assert [each.code for each in app.session.repo.report.findings] == told
        await pilot.press("v")
        await pilot.pause()
        await pilot.press("B")
        await pilot.pause()
        # From a finding, the files of its code.
        assert "3 files" in screen_text(app)
        await pilot.press("escape", "escape", "ctrl+w")
        await pilot.pause()
        assert len(app.visits) == 1
        assert isinstance(app.screen, BrokenScreen)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
async def test_pages_fit_every_size_and_turn_with_it(size: tuple[int, int]) -> None:
    """Nothing is cut on the right, also after a change of the size."""
    app = Learner(Settings(), breaking=BreakAt("", CASE))
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        await pilot.resize_terminal(*size)
        await pilot.pause()
        await pilot.pause()
        shown = screen_text(app)
        assert "the broken file" in shown
        rows = [line for line in shown.splitlines() if "≠" in line]
        assert rows
        assert not any("…" in line for line in rows)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
@pytest.mark.parametrize("name", ["list", "page"])
def test_it_looks_as_it_did(
    snap_compare: Compare, name: str, size: tuple[int, int]
) -> None:
    """At the smallest size and at usual ones."""
    at = BreakAt("MST", None) if name == "list" else BreakAt("", CASE)
    app = Learner(Settings(), breaking=at)

    async def arrive(pilot: Pilot[None]) -> None:
        await pilot.pause()
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=arrive)
