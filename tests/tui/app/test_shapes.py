"""Facts about parts of repositories in the explorer: what they are, where they open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.settings import Settings
from repoview.tui.screens.blocks import BlocksView
from repoview.tui.screens.browse import Browse
from repoview.tui.screens.overview import OverviewView
from repoview.tui.screens.tree import TreeView
from repoview.tui.widgets.block_list import BlockList
from repoview.tui.widgets.frame.status import Status
from tests.tui.conftest import explorer, screen_text, until
from tests.vectors import needs_vectors, vector

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.tui.app.explorer import Explorer
    from repoview.tui.screens.view import View

PROVED = "app.bsky.feed.post/3n3gheqv5v22b"


def shown_status(app: Explorer) -> str:
    """Return the line at the top; nothing before it is drawn."""
    lines = app.view.query(Status) if app.view else ()
    return "".join(str(line.render()) for line in lines)


@needs_vectors
@pytest.mark.parametrize(
    ("name", "view", "status"),
    [
        ("record", Browse, f" INCOMPLETE   a proof of {PROVED} · signature"),
        ("absent", TreeView, "   a proof that a record is not there · signature"),
        ("blocks", BlocksView, " UNREADABLE   blocks without a root, as getBlocks"),
        ("since", Browse, "   what was written since an earlier revision · sig"),
        ("full", Browse, " SOUND   Complete · signature not checked ·"),
    ],
)
async def test_a_part_opens_at_what_it_is_about(
    name: str, view: type[View], status: str
) -> None:
    """And says in the line at the top, and in the overview, what it is."""
    app = explorer(vector(f"pds/{name}.car"))
    async with app.run_test(size=(200, 50)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, view))
        await until(pilot, lambda: app.session is not None)
        await until(pilot, lambda: status in shown_status(app))
        if name == "record":
            await until(pilot, lambda: f"─ {PROVED} ─" in screen_text(app))
            assert "1 error, 2 warnings" in screen_text(app)
        if name == "blocks":
            blocks = app.screen.query_one(BlockList)
            await until(pilot, lambda: blocks.count > 0)
        await pilot.press("i")
        await until(pilot, lambda: isinstance(app.screen, OverviewView))
        await until(pilot, lambda: "At a glance" in screen_text(app))
        says = "shape It looks like" in " ".join(screen_text(app).split())
        assert says == (name != "full")


@needs_vectors
async def test_the_last_place_is_for_files_that_are_about_none(
    tmp_path: Path,
) -> None:
    """A proof opens at its record; read again, where the reader was."""
    settings = Settings(state=tmp_path)
    app = explorer(vector("pds/full.car"), settings=settings)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.session is not None)
        await until(pilot, lambda: app.view and app.view.place().number == 0)
        await pilot.press("down", "q")
    app = explorer(vector("pds/record.car"), settings=settings)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: f"─ {PROVED} ─" in screen_text(app))
        await pilot.press("home", "ctrl+r")
        await until(pilot, lambda: app.session is not None and app.visit.is_again)
        await until(pilot, lambda: app.view and app.view.place().number == 0)
