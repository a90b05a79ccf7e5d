"""Facts about getting around: Esc, jumps, the status line, and filters left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.core.repo.inside import inside
from repoview.tui.screens.blocks import BlocksView
from repoview.tui.screens.browse import Browse
from repoview.tui.screens.findings import FindingsView
from repoview.tui.screens.overview import OverviewView
from repoview.tui.screens.tree import TreeView
from repoview.tui.widgets.base.outline import Outline
from repoview.tui.widgets.block_list import BlockList
from repoview.tui.widgets.frame.status import Status
from repoview.tui.widgets.record.record_view import RecordView
from repoview.tui.widgets.records import Records
from tests.tui.conftest import exploring, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.tui.app.explorer import Explorer
    from repoview.tui.widgets.base.virtual_list import VirtualList


def shown(app: Explorer) -> str:
    """Return the path of the record that is shown."""
    return str(app.screen.query_one(RecordView).border_title)


def is_centered(rows: VirtualList) -> bool:
    """Tell whether the cursor is as near to the middle as the ends allow."""
    wanted = rows.cursor - rows.window_rows // 2
    last = max(0, rows.count - rows.window_rows)
    return rows.cursor > 0 and rows.scroll_offset.y == max(0, min(wanted, last))


async def test_escape_goes_back_to_where_one_was(sample: Path) -> None:
    """Step by step, and not home."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("down", "down", "t", "i", "v")
        assert isinstance(app.screen, FindingsView)
        for kind in (OverviewView, TreeView, Browse):
            await pilot.press("escape")
            assert isinstance(app.screen, kind)
        assert app.screen.query_one(Records).cursor == 2


async def test_escape_at_the_beginning_stays_there(sample: Path) -> None:
    """There is nothing to go back to."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("down", "escape", "escape")
        assert isinstance(app.screen, Browse)
        assert app.screen.query_one(Records).cursor == 1


async def test_escape_leads_to_the_records_where_one_began_elsewhere(
    tmp_path: Path,
) -> None:
    """As in a file that cannot be browsed, which opens with its findings."""
    path = tmp_path / "page.car"
    path.write_bytes(b"<!DOCTYPE html><html></html>")
    async with exploring(path) as (app, pilot):
        await until(pilot, lambda: isinstance(app.screen, FindingsView))
        await pilot.press("escape")
        assert isinstance(app.screen, Browse)


async def test_a_click_on_the_status_line_opens_the_verdict(sample: Path) -> None:
    """From wherever it stands."""
    async with exploring(sample) as (app, pilot):
        for key in ("down", "t", "i"):
            await pilot.press(key)
            await pilot.click(Status, offset=(4, 0))
            await until(pilot, lambda: isinstance(app.screen, FindingsView))
            await pilot.press("escape")
            assert not isinstance(app.screen, FindingsView)


@pytest.mark.parametrize("leave", ["escape", "backspace", "ctrl+u"])
async def test_clearing_a_filter_keeps_the_record(sample: Path, leave: str) -> None:
    """Whichever way: the record that was found is the one to be seen among all."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("slash", *"like", "enter", *["down"] * 30)
        path, record = shown(app), app.screen.query_one(Records)
        found = record.numbers[record.cursor]
        if leave == "escape":
            await pilot.press("escape")
        else:
            await pilot.press("slash", *[leave] * 4)
        await pilot.pause()
        assert len(record.numbers) == 300
        assert record.numbers[record.cursor] == found
        assert shown(app) == path
        assert is_centered(record)


async def test_a_filter_keeps_the_record_while_it_is_among_those_found(
    sample: Path,
) -> None:
    """Else it shows the first of them."""
    async with exploring(sample) as (app, pilot):
        records = app.screen.query_one(Records)
        await pilot.press("slash", *"like", "enter", *["down"] * 5)
        path, found = shown(app), records.numbers[records.cursor]
        await pilot.press("escape", "slash", *"feed.like")
        assert records.numbers[records.cursor] == found
        assert shown(app) == path
        await pilot.press("ctrl+u", *"profile")
        assert records.cursor == 0
        assert shown(app) == "app.bsky.actor.profile/self"


async def test_going_to_a_record_shows_it_in_the_middle(sample: Path) -> None:
    """With what stands around it, also if it was in sight already."""
    async with exploring(sample) as (app, pilot):
        records = app.screen.query_one(Records)
        for number in (150, 153, 100):
            await pilot.press("colon", *f"#{number}", "enter")
            await pilot.pause()
            assert records.cursor == number
            assert is_centered(records)


async def test_going_to_a_node_or_a_block_shows_it_in_the_middle(
    sample: Path,
) -> None:
    """Also in a view that was not there before."""
    async with exploring(sample) as (app, pilot):
        assert app.session is not None
        repo = app.session.repo
        node = str(repo.tree.node(len(inside(repo).nodes) // 2).cid)
        await pilot.press("colon")
        app.screen.query_one("Input").value = node  # type: ignore[attr-defined]
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, TreeView)
        assert is_centered(app.screen.query_one(Outline))
        await pilot.press("colon", *f"@{repo.record(150).offset}", "enter")
        await until(
            pilot,
            lambda: (
                app.screen.query(BlockList) and app.screen.query_one(BlockList).cursor
            ),
        )
        assert isinstance(app.screen, BlocksView)
        await pilot.pause()
        assert is_centered(app.screen.query_one(BlockList))


async def test_what_an_export_says_has_the_whole_path(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the current folder is."""
    monkeypatch.chdir(tmp_path)
    async with exploring(sample) as (app, pilot):
        await pilot.press("e")
        app.screen.query_one("Input").value = "all.jsonl"  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, (tmp_path / "all.jsonl").exists)
        await until(pilot, lambda: isinstance(app.screen, Browse))
        await until(pilot, lambda: "wrote" in screen_text(app))
        told = [each.message for each in app._notifications]  # noqa: SLF001 (there is no other way to read them)
        assert f"wrote {tmp_path / 'all.jsonl'}: 300 records" in told[-1]
