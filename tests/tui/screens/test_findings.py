"""Facts about the view of findings: verdict, checks, groups, advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.sample import write_sample
from repoview.tui.screens.findings import FindingsView
from repoview.tui.values.place import Place
from repoview.tui.visits.messages import Go
from repoview.tui.widgets.finding_groups import FindingGroups
from tests.core.repos import make_repo
from tests.tui.conftest import exploring, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from repoview.tui.app.explorer import Explorer


def written(records: int) -> bytes:
    """Return a sample repository, its blocks in the order of the walk."""
    out = bytearray()
    write_sample(out.extend, records)
    return bytes(out)


async def opened(app: Explorer, pilot: Pilot[None]) -> FindingGroups:
    """Open the view, and return its list."""
    await pilot.press("v")
    await until(pilot, lambda: isinstance(app.screen, FindingsView))
    await pilot.pause()
    return app.screen.query_one(FindingGroups)


async def test_verdict_and_checks_stand_above_all(broken: Path) -> None:
    """With how much was checked, and what failed."""
    async with exploring(broken) as (app, pilot):
        await opened(app, pilot)
        text = screen_text(app)
        assert "INCOMPLETE  blocks that the tree needs are missing." in text
        assert "2 nodes and 115 records are missing" in text
        assert "✗ FAIL  complete" in text
        assert "117 errors: BLK008, BLK009" in text


async def test_a_code_tells_how_many_there_are_beyond_those_kept(broken: Path) -> None:
    """At most a hundred are."""
    async with exploring(broken) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("2")
        await until(pilot, lambda: "BLK009 ×115, 100 kept" in screen_text(app))


async def test_groups_fold(broken: Path) -> None:
    """One by one, or all."""
    async with exploring(broken) as (app, pilot):
        groups = await opened(app, pilot)
        folded = groups.count
        await pilot.press("right")
        unfolded = groups.count
        assert unfolded > folded
        await pilot.press("down", "left")
        assert (groups.count, groups.cursor) == (folded, 0)
        await pilot.press("asterisk")
        assert groups.count > folded + 100
        await pilot.press("minus")
        assert groups.count == folded
        await pilot.press("enter")
        assert groups.count == unfolded


async def test_a_code_that_was_found_once_says_what_was_met(sample: Path) -> None:
    """On its one line: there is nothing to open."""
    async with exploring(sample) as (app, pilot):
        groups = await opened(app, pilot)
        assert groups.count == 1
        assert "ORD003 the blocks are in this order: preorder" in screen_text(app)
        await pilot.press("right", "enter")
        assert groups.count == 1


async def test_one_severity_is_shown_alone(broken: Path) -> None:
    """By its key, which stands apart from how many there are; 0 shows all again."""
    async with exploring(broken) as (app, pilot):
        groups = await opened(app, pilot)
        every = groups.count
        assert " 0 [all ×121] 2 error ×117  3 warning ×1  4 info ×3 " in screen_text(
            app
        )
        await pilot.press("3")
        await pilot.pause()
        assert " 3 [warning ×1] " in screen_text(app)
        assert "CAR029" in screen_text(app)
        await pilot.press("1")
        await pilot.pause()
        assert "There is no finding of severity fatal." in screen_text(app)
        assert " 1 [fatal ×0] " in screen_text(app)
        await pilot.press("0")
        assert groups.count == every


async def test_a_cause_stands_above_what_comes_of_it(tmp_path: Path) -> None:
    """Of a file that was cut off there is one thing to see, and the rest in it."""
    data = written(300)
    path = tmp_path / "cut.car"
    path.write_bytes(data[: len(data) * 2 // 3])
    async with exploring(path, (160, 50)) as (app, pilot):
        groups = await opened(app, pilot)
        await until(pilot, lambda: "follows" in screen_text(app))
        text = screen_text(app)
        assert "INCOMPLETE  the file is cut off at byte" in text
        assert "CAR023 the last section is cut off: " in text
        assert "are missing because of it" in text
        assert not any(f" {code} ×" in text for code in ("BLK008", "BLK009"))
        await pilot.press("minus", "home")
        folded = groups.count
        await pilot.press("right", "down", "down")
        await until(pilot, lambda: "└ BLK0" in screen_text(app))
        await until(pilot, lambda: "because" in screen_text(app))
        assert groups.count > folded
        await pilot.press("2")
        await until(pilot, lambda: "BLK009 ×" in screen_text(app))


async def test_a_finding_is_explained(broken: Path) -> None:
    """The rule, what was done, and what the reader can do."""
    async with exploring(broken, (120, 50)) as (app, pilot):
        await opened(app, pilot)
        await pilot.pause()
        text = screen_text(app)
        assert "A file may hold a part of a" in text
        assert "repoview explain BLK010" in text
        assert "advice" in text
        assert "Ask the server for all of it" in text


async def test_enter_goes_to_the_place(broken: Path) -> None:
    """And back leads here again."""
    async with exploring(broken) as (app, pilot):
        groups = await opened(app, pilot)
        await pilot.press("right", "down", "down", "enter")
        await until(pilot, lambda: not isinstance(app.screen, FindingsView))
        assert app.view is not None
        assert app.view.place().view == "tree"
        await pilot.press("backspace")
        await until(pilot, lambda: isinstance(app.screen, FindingsView))
        assert groups.cursor == 2


async def test_a_finding_is_gone_to_by_number(broken: Path) -> None:
    """Its group opens."""
    async with exploring(broken) as (app, pilot):
        app.post_message(Go(Place("findings", "finding", 50)))
        await until(pilot, lambda: isinstance(app.screen, FindingsView))
        groups = app.screen.query_one(FindingGroups)
        await until(pilot, lambda: groups.number == 50)
        assert app.view is not None
        assert app.view.place() == Place("findings", "finding", 50)


async def test_a_sound_repository_says_so(tmp_path: Path) -> None:
    """In words that cannot be missed."""
    path = tmp_path / "sound.car"
    path.write_bytes(make_repo({"com.example.note/1": {}}))
    async with exploring(path) as (app, pilot):
        await opened(app, pilot)
        text = screen_text(app)
        assert "SOUND  commit, tree and records keep every rule" in text
        assert "Complete: every block that the tree needs is there." in text
