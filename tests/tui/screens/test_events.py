"""Facts about events of the event stream in the explorer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.corpus.cases.frames import CREATED, DELETED, event, link_of, message
from repoview.corpus.repo import DID
from repoview.tui.screens.tree import TreeView
from repoview.tui.widgets.operations import Operations
from repoview.tui.widgets.tree_outline import TreeOutline
from tests.tui.conftest import exploring, overview_text, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    """A file with two events; the first is opened."""
    path = tmp_path / "event.frame"
    path.write_bytes(event().data + event(seq=8).data)
    return path


async def test_the_overview_tells_of_an_event(frame: Path) -> None:
    """What it is and says, and each operation with its answer."""
    async with exploring(frame, (120, 50)) as (app, pilot):
        text = await overview_text(app, pilot)
        for words in (
            "#commit event 7",
            "1 created, 1 updated, 1 deleted",
            "all operations undone give the tree before",
            "number 1 in the file; another follows (>)",
            f"✔ proved        create  {CREATED}",
            f"✔ proved        delete  {DELETED}",
        ):
            assert words in text, words


async def test_the_next_event_of_a_file_is_opened_in_its_place(frame: Path) -> None:
    """And the one before; at the ends nothing happens."""
    async with exploring(frame, (120, 50)) as (app, pilot):
        await overview_text(app, pilot)
        for key, name in (("<", 7), (">", 8), (">", 8), ("<", 7)):
            await pilot.press(key)
            await until(pilot, lambda name=name: f"event {name}" in screen_text(app))
            assert len(app.visits) == 1


async def test_an_operation_leads_to_its_record(frame: Path) -> None:
    """The one that was deleted leads to where it would be in the tree."""
    async with exploring(frame, (120, 50)) as (app, pilot):
        await overview_text(app, pilot)
        app.screen.query_one(Operations).focus()
        await pilot.press("enter")
        await until(pilot, lambda: CREATED in screen_text(app).splitlines()[1])
        await overview_text(app, pilot)
        app.screen.query_one(Operations).focus()
        await pilot.press("G", "enter")
        await until(pilot, lambda: "Merkle Search Tree" in screen_text(app))


async def test_operations_stand_beside_the_tree(frame: Path) -> None:
    """And lead to their keys in it, the deleted one to the node that had it."""
    async with exploring(frame, (120, 50)) as (app, pilot):
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, TreeView))
        await until(
            pilot, lambda: f"✔ proved        create  {CREATED}" in screen_text(app)
        )
        view = app.screen
        assert isinstance(view, TreeView)
        assert view.query_one(TreeOutline).has_focus
        await pilot.press("tab")
        assert view.query_one(Operations).has_focus
        await pilot.press("enter")
        await until(pilot, lambda: view.place().what == "record")
        assert app.session is not None
        record = app.session.repo.record(view.place().number)
        assert record.path == CREATED
        view.query_one(Operations).focus()
        await pilot.press("G", "enter")
        await until(pilot, lambda: view.place().what == "node")
        assert app.screen is view


async def test_the_tree_of_a_file_has_no_operations(sample: Path) -> None:
    """Nor a stop for the focus where they would be."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, TreeView))
        assert not app.screen.query_one(Operations).display
        await pilot.press("tab")
        assert not app.screen.query_one(Operations).has_focus


async def test_an_operation_that_is_contradicted_says_why(tmp_path: Path) -> None:
    """In its line."""
    made = event()
    made.ops[0]["cid"] = link_of("another")
    path = tmp_path / "wrong.frame"
    path.write_bytes(made.data)
    async with exploring(path, (160, 50)) as (app, pilot):
        text = await overview_text(app, pilot)
        assert f"✗ contradicted  create  {CREATED}  the tree has another" in text


async def test_an_event_without_a_car_is_told(tmp_path: Path) -> None:
    """There are no operations, and none are listed."""
    path = tmp_path / "account.frame"
    fields = {"seq": 8, "did": DID, "time": "", "active": True}
    path.write_bytes(message("#account", fields))
    async with exploring(path, (120, 50)) as (app, pilot):
        text = await overview_text(app, pilot)
        assert f"{DID} is active" in text
        assert "Operations of the event" not in text
