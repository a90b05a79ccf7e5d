"""Facts about stepping through: what keys and clicks do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from repoview.diagram.bands import Focus
from repoview.tui.screens.steps import StepsView
from repoview.tui.screens.tree import TreeView
from repoview.tui.values.place import Place
from repoview.tui.widgets.base.chooser import Chooser
from repoview.tui.widgets.steps.step_pane import StepPane
from repoview.tui.widgets.tree_diagram import TreeDiagram
from tests.core.repos import make_repo, many
from tests.tui.conftest import browsing, explorer, exploring, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from repoview.tui.app.explorer import Explorer
    from tests.tui.screens.test_snapshots import Compare


def pane_of(app: Explorer) -> StepPane:
    """Return the pane."""
    return app.screen.query_one(StepPane)


async def stepping(app: Explorer, pilot: Pilot[None], *keys: str) -> StepPane:
    """Press keys until steps are shown, and return the pane."""
    for key in keys:
        await pilot.press(key)
        await pilot.pause()
    await until(pilot, lambda: isinstance(app.screen, StepsView))
    await pilot.pause()
    return pane_of(app)


async def typed(pilot: Pilot[None], key: str, text: str) -> None:
    """Press a key that asks for something, type it, and press Enter."""
    await pilot.press(key)
    await pilot.pause()
    pilot.app.screen.query_one("#step-line", Input).value = text
    await pilot.press("enter")
    await pilot.pause()


async def test_a_record_is_looked_up_step_by_step(sample: Path) -> None:
    """Forward to the answer, and back; then its tree is a key away."""
    async with exploring(sample) as (app, pilot):
        pane = await stepping(app, pilot, *["down"] * 5, "P")
        assert "1 of" in screen_text(app)
        assert "Ask for the top node" in screen_text(app)
        await pilot.press("right")
        assert "Open it: a node of depth" in screen_text(app)
        assert screen_text(app).count("✓") >= 6
        await pilot.press("end")
        assert "Found: e[" in screen_text(app)
        assert "■ the end" in screen_text(app)
        assert pane.place == ("record", 5)
        assert app.screen.query_one(TreeDiagram).focus_at.record == 5
        await pilot.press("left", "left", "home")
        assert pane.number == 0
        await pilot.press("end", "t")
        await until(pilot, lambda: isinstance(app.screen, TreeView))
        assert app.view is not None
        assert app.view.place() == Place("tree", "record", 5)
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: isinstance(app.screen, StepsView))
        assert "Found: e[" in screen_text(app)


async def test_a_walk_begins_at_the_node(sample: Path) -> None:
    """That one comes from in the tree; the stack is shown."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, TreeView))
        await pilot.press("g", "down")
        place = app.view.place() if app.view else Place("")
        assert place.what == "node"
        pane = await stepping(app, pilot, "P")
        assert pane.place == ("node", place.number)
        assert "[Walk]" in screen_text(app)
        assert "On the stack:" in screen_text(app)
        await pilot.press("end")
        assert pane.place == ("record", 299)
        await pilot.press("right")
        assert pane.place == ("record", 299)


async def test_a_path_that_is_absent_is_looked_up_and_proved(sample: Path) -> None:
    """It is typed; Esc types nothing."""
    async with exploring(sample) as (app, pilot):
        await stepping(app, pilot, "P")
        await typed(pilot, "slash", "app.bsky.feed.post/zz")
        assert "[Look-up]" in screen_text(app)
        await pilot.press("end")
        assert "Absent: app.bsky.feed.post/zz is proved not to be" in screen_text(app)
        await pilot.press("3", "end")
        assert "app.bsky.feed.post/zz is not in the repository" in screen_text(app)
        await pilot.press("slash", "x", "escape")
        await pilot.pause()
        assert isinstance(app.screen, StepsView)
        assert pane_of(app).has_focus
        assert "app.bsky.feed.post/zz is not in the repository" in screen_text(app)


async def test_a_stream_is_read_in_any_order(sample: Path) -> None:
    """As in the file; in walk order; by CID, where blocks have to be held."""
    async with exploring(sample) as (app, pilot):
        await stepping(app, pilot, "P", "4")
        assert "handed on at once" in screen_text(app)
        await pilot.press("o")
        assert "walk order" in screen_text(app)
        await pilot.press("o")
        assert "CID order" in screen_text(app)
        assert "held for" in screen_text(app)
        assert "Held now" in screen_text(app)
        await pilot.press("end")
        assert "The end, after" in screen_text(app)
        assert "held at most" in screen_text(app)


async def test_a_stream_begins_at_the_top_of_the_tree(sample: Path) -> None:
    """Its first block is the commit; the tree is not shown where other work was."""
    async with exploring(sample) as (app, pilot):
        await stepping(app, pilot, *["down"] * 5, "P", "end")
        diagram = app.screen.query_one(TreeDiagram)
        assert diagram.focus_at.record == 5
        await pilot.press("4")
        assert "[Stream]" in screen_text(app)
        assert diagram.focus_at == Focus(0)


async def test_a_step_is_jumped_to_by_its_number(sample: Path) -> None:
    """Beyond the last it is the last; what is no number is said."""
    async with exploring(sample) as (app, pilot):
        pane = await stepping(app, pilot, "P", "1")
        await typed(pilot, "J", "123")
        assert pane.number == 122
        assert "step 123 of" in screen_text(app)
        await pilot.press("pagedown", "pageup", "pageup")
        assert pane.number == 102
        await typed(pilot, "J", "1,000,000")
        assert "■ the end" in screen_text(app)
        await typed(pilot, "J", "many")
        assert "many is no number" in screen_text(app)


async def test_it_plays_to_the_end_and_no_further(sample: Path) -> None:
    """Faster, slower; from the end it begins again."""
    async with exploring(sample) as (app, pilot):
        pane = await stepping(app, pilot, "P", "1")
        await pilot.press("J")
        await pilot.pause()
        await pilot.press("escape", "end", *["pageup"] * 3, *["plus"] * 6, "space")
        assert pane.is_playing
        assert "▶ 20 a second" in screen_text(app)
        await until(pilot, lambda: not pane.is_playing)
        assert "■ the end" in screen_text(app)
        await pilot.press("minus", "space")
        assert pane.is_playing
        assert "▶ 10 a second" in screen_text(app)
        await until(pilot, lambda: pane.number > 1)
        await pilot.press("space")
        assert not pane.is_playing
        assert "Space plays, " in screen_text(app)


@pytest.mark.parametrize("key", ["t", "question_mark", "left", "2"])
async def test_it_plays_no_longer_once_one_goes_elsewhere(
    sample: Path, key: str
) -> None:
    """To another view, a dialog, another step, another kind."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("down")
        pane = await stepping(app, pilot, "P", "1", "space")
        assert pane.is_playing
        await pilot.press(key)
        await until(pilot, lambda: not pane.is_playing)
        number = pane.number
        await pilot.pause(0.6)
        assert pane.number == number


async def test_a_diff_is_of_two_tabs(tmp_path: Path) -> None:
    """What is equal in both is skipped; with one tab it is said what is missing."""
    records = many(200)
    old, new = tmp_path / "old.car", tmp_path / "new.car"
    old.write_bytes(make_repo(records))
    new.write_bytes(make_repo({**records, "com.example.kind1/000101": {}}))
    app = explorer(old, new)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await browsing(pilot)
        await until(pilot, lambda: all(visit.is_whole for visit in app.visits))
        await stepping(app, pilot, "P", "5")
        text = screen_text(app)
        assert "[Diff]" in text
        assert "Old tree: ask for the top node" in text or "old tree: ask" in text
        seen = ""
        for _ in range(60):
            await pilot.press("right")
            seen += screen_text(app)
        assert "skip the sub-tree with keys" in seen.lower()
        assert "com.example.kind1/000101" in seen
        assert "■ the end" in screen_text(app)


async def test_a_diff_needs_two_trees(sample: Path) -> None:
    """One stays where one was."""
    async with exploring(sample) as (app, pilot):
        await stepping(app, pilot, "P", "5")
        assert "A diff takes two trees" in screen_text(app)
        assert "[Look-up]" in screen_text(app)


async def test_kinds_are_chosen_by_the_mouse(sample: Path) -> None:
    """By a click on a name."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("down")
        pane = await stepping(app, pilot, "P")
        chooser = pane.query_one(Chooser)
        line = screen_text(app).splitlines()[chooser.region.y]
        await pilot.click(Chooser, offset=(line.index("Stream") - chooser.region.x, 0))
        await pilot.pause()
        assert "[Stream]" in screen_text(app)
        assert pane.has_focus


async def test_a_hole_is_refused_and_drawn(broken: Path) -> None:
    """With the check that its block does not pass."""
    async with exploring(broken) as (app, pilot):
        pane = await stepping(app, pilot, "P", "1")
        while "✗ its block is there" not in screen_text(app):
            await pilot.press("right")
        assert "nothing is known of keys" in " ".join(screen_text(app).split())
        assert pane.number > 2


async def test_a_file_without_a_tree_has_no_steps() -> None:
    """That is said, and where to read why; a walk is none, nor is a diff."""
    app = explorer(b"hello")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until(pilot, lambda: app.session is not None)
        await stepping(app, pilot, "P")
        assert "There is no tree to step through." in screen_text(app)
        assert "No tree could be reached: the verdict (v)" in screen_text(app)
        await pilot.press("right", "end", "space", "5")
        assert not pane_of(app).is_playing
        assert pane_of(app).place is None


async def test_a_diff_ends_with_the_tab_that_it_reads(tmp_path: Path) -> None:
    """That it was closed is said at the step that needs it; other kinds go on."""
    records = many(200)
    old, new = tmp_path / "old.car", tmp_path / "new.car"
    old.write_bytes(make_repo(records))
    new.write_bytes(make_repo({**records, "com.example.kind1/000101": {}}))
    app = explorer(old, new)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await browsing(pilot)
        await until(pilot, lambda: all(visit.is_whole for visit in app.visits))
        await stepping(app, pilot, "P", "5")
        await pilot.press("ctrl+pagedown", "ctrl+w")
        await until(pilot, lambda: len(app.visits) == 1)
        await until(pilot, lambda: isinstance(app.screen, StepsView))
        await pilot.press("end")
        assert "new.car was closed" in screen_text(app)
        assert "Ctrl+R" not in screen_text(app)
        assert "step 1" in screen_text(app)
        await pilot.press("1", "end")
        assert "■ the end" in screen_text(app)


async def test_what_cannot_be_proved_is_said_whole(broken: Path) -> None:
    """On a small screen too, with another sign than what is proved absent."""
    app = explorer(broken)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await browsing(pilot)
        await until(pilot, lambda: app.session is not None)
        await stepping(app, pilot, "P", "1")
        while "✗ its block is there" not in screen_text(app):
            await pilot.press("right")
        hidden = " ".join(screen_text(app).replace("│", " ").split())
        key = hidden.partition("nothing is known of keys ")[2].split()[1]
        await typed(pilot, "slash", f"{key}0")
        await pilot.press("3", "end")
        await until(pilot, lambda: "cannot be told" in screen_text(app))
        text = " ".join(screen_text(app).replace("│", " ").split())
        assert "✗ Whether" in text
        assert "; signature not checked." in text


SIZES = [(80, 24), (120, 40), (60, 20), (200, 50)]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("look-up", ["end", "P", "right", "right", "right", "right"]),
        ("walk", ["P", "1", "end", "left", "left", "left"]),
        ("stream", ["P", "4", "o", "o", "pagedown"]),
    ],
)
def test_steps_are_shown(
    snap_compare: Compare,
    sample: Path,
    name: str,
    keys: list[str],
    size: tuple[int, int],
) -> None:
    """At the usual sizes, and on a small screen."""
    assert name

    async def arrive(pilot: Pilot[None]) -> None:
        await browsing(pilot)
        for key in keys:
            await pilot.press(key)
            await pilot.pause()

    assert snap_compare(explorer(sample), terminal_size=size, run_before=arrive)
