"""Facts about files that change while they are shown."""

from __future__ import annotations

import shutil
from itertools import cycle
from typing import TYPE_CHECKING

import pytest
from textual.events import MouseDown

from repoview.core.errors import SourceError
from repoview.tui.screens.browse import Browse
from repoview.tui.screens.opening import Opening
from repoview.tui.session.tree import TreeAnswers
from repoview.tui.visits.messages import LoadingChanged
from repoview.tui.widgets.record.record_view import RecordView
from tests.tui.conftest import browsing, explorer, exploring, screen_text, until
from tests.tui.pseudo_terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from repoview.tui.app.explorer import Explorer


@pytest.fixture
def changing(sample: Path, tmp_path: Path) -> Path:
    """A sample repository that a test may change."""
    return shutil.copy(sample, tmp_path / "changing.car")


def cut(path: Path) -> None:
    """End a file behind its header."""
    with path.open("r+b") as file:
        file.truncate(100)


def overwrite(path: Path) -> None:
    """Write over all of a file, in its place."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.write(b"\xa5" * size)


def delete(path: Path) -> None:
    """Have a file no more."""
    path.unlink()


WAYS = {
    "the tree": (
        ("n", "n", "G", "g"),
        ("3", "G", "down"),
        ("f", *"the", "enter", "down", "down"),
        ("t", "asterisk", "G", "up", "enter"),
    ),
    "blocks": (
        ("2", "G", "down"),
        ("4", "G"),
        ("slash", *"like", "enter", "G"),
        ("b", "G", "s", "right", "enter"),
    ),
    "findings": (
        ("s", "s", "G"),
        ("m", "apostrophe", "enter"),
        ("y", "down", "enter"),
        ("v", "down", "enter"),
    ),
    "the overview": (
        ("colon", *"app.bsky.feed", "down", "enter"),
        ("colon", *"@300000", "enter"),
        ("e", "enter"),
        ("i", "end"),
    ),
}
"""Keys that lead to what is read: in the records at first, then to another view."""


async def settled(app: Explorer, pilot: Pilot[None]) -> None:
    """Wait until threads have done what was asked of them."""
    await app.workers.wait_for_complete()
    await pilot.pause()


@pytest.mark.parametrize("ways", WAYS.values(), ids=WAYS)
async def test_a_file_that_changes_ends_nothing(
    sample: Path, changing: Path, ways: tuple[tuple[str, ...], ...]
) -> None:
    """Whatever is looked at then, keys are heard and it can be read again."""
    async with exploring(changing) as (app, pilot):
        for change, keys in zip(cycle([cut, overwrite]), ways, strict=False):
            change(changing)
            for key in keys:
                await pilot.press(key)
            await settled(app, pilot)
            shutil.copy(sample, changing)
            await pilot.press("escape", "escape", "escape", "ctrl+r")
            await until(pilot, lambda: app.session is not None)
            await settled(app, pilot)
            assert app.fault is None, keys
            assert "SOUND" in screen_text(app), keys


async def test_what_cannot_be_read_says_why_and_what_helps(changing: Path) -> None:
    """In the pane, and in the status line."""
    async with exploring(changing) as (app, pilot):
        cut(changing)
        await pilot.press("G")
        await until(pilot, lambda: "Ctrl+R reads it again" in screen_text(app))
        pane = app.screen.query_one(RecordView).detail
        assert pane is not None
        assert "was changed while it was open" in " ".join(pane.notes)


async def test_reading_again_just_as_a_view_comes_is_no_end(changing: Path) -> None:
    """The view's questions are dropped then."""
    async with exploring(changing) as (app, pilot):
        for view in "tbvi":
            await pilot.press(view, "ctrl+r")
            await until(pilot, lambda: app.session is not None)
        await settled(app, pilot)
        assert app.fault is None
        assert app.is_running


async def test_a_file_that_is_gone_is_told_of_when_it_is_read_again(
    sample: Path, changing: Path
) -> None:
    """It can be read when it is there again, and the reader is where they were."""
    async with exploring(changing) as (app, pilot):
        await pilot.press("G")
        place = app.view and app.view.place()
        delete(changing)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "there is no file" in screen_text(app))
        assert isinstance(app.screen, Opening)
        assert "Ctrl+R reads it again" in screen_text(app)
        shutil.copy(sample, changing)
        await pilot.press("ctrl+r")
        await browsing(pilot)
        assert isinstance(app.screen, Browse)
        assert app.screen.place() == place


async def test_what_is_asked_for_where_a_file_is_gone_stays(changing: Path) -> None:
    """Help, and the line for another file: until they are closed."""
    async with exploring(changing) as (app, pilot):
        delete(changing)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "there is no file" in screen_text(app))
        for key, name in (("question_mark", "Help"), ("ctrl+o", "OpenAnother")):
            await pilot.press(key)
            await until(pilot, lambda name=name: type(app.screen).__name__ == name)
            app.on_loading_changed(LoadingChanged(app.visit))
            assert type(app.screen).__name__ == name
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, Opening))


async def test_a_file_put_in_the_place_of_another_is_noticed(
    changing: Path, broken: Path
) -> None:
    """Its own bytes stay as they were; but there are others under its name."""
    async with exploring(changing) as (app, pilot):
        shutil.copy(broken, changing.with_suffix(".new")).replace(changing)
        await until(pilot, lambda: app.visit.is_changed)
        await until(pilot, lambda: "Ctrl+R reads it again" in screen_text(app))


async def test_a_fault_of_the_program_ends_it_and_is_raised(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not hidden from tests."""

    def fails(*_: object) -> None:
        raise ZeroDivisionError

    app = explorer(sample)

    async def look() -> None:
        async with app.run_test(size=(120, 40)) as pilot:
            await browsing(pilot)
            monkeypatch.setattr(TreeAnswers, "counted", fails)
            await pilot.press("t")
            await pilot.pause()

    with pytest.raises(ZeroDivisionError):
        await look()
    assert isinstance(app.fault, ZeroDivisionError)
    assert app.return_code == 1


async def test_a_click_on_what_is_being_taken_out_is_no_fault(sample: Path) -> None:
    """The screen still shows a widget that has no place in it any more."""
    async with exploring(sample) as (app, _):
        screen = app.screen
        places = ((x, y) for y in range(screen.size.height) for x in (2, 60, 100))
        # Where there is text, it can be selected.
        x, y = next(p for p in places if screen.get_widget_and_offset_at(*p)[1])
        widget, _ = screen.get_widget_and_offset_at(x, y)
        assert widget is not None
        holder, widget._parent = widget._parent, None  # noqa: SLF001 (as Textual leaves it)
        keys = {"shift": False, "meta": False, "ctrl": False}
        screen._forward_event(MouseDown(None, x, y, 0, 0, 1, **keys))  # noqa: SLF001 (as the app does)
        widget._parent = holder  # noqa: SLF001
    assert app.fault is None


async def test_what_only_the_engine_raises_is_no_fault(
    sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Out of a message, a timer, a callback or a thread."""

    def fails(*_: object) -> None:
        raise SourceError("the disk is on fire")

    async with exploring(sample) as (app, pilot):
        app.call_later(fails)
        app.set_timer(0.01, fails)
        app.call_after_refresh(fails)
        app.screen.call_after_refresh(fails)
        app.run_worker(fails, thread=True)
        monkeypatch.setattr(TreeAnswers, "counted", fails)
        await pilot.press("t")
        await until(pilot, lambda: "the disk is on fire" in screen_text(app))
        await settled(app, pilot)
        assert app.fault is None


def test_a_changed_file_leaves_the_real_program_running(changing: Path) -> None:
    """Until it is asked to end; the terminal is as it was then."""
    terminal = Terminal(str(changing), "--no-cache")
    terminal.wait_for("SOUND")
    terminal.wait_for("q Quit")
    cut(changing)
    terminal.press("t")
    terminal.wait_for("Ctrl+R reads it again")
    terminal.press("G")
    changing.unlink()
    terminal.press("\x12")
    terminal.wait_for("there is no file")
    terminal.press("q")
    assert terminal.end() == 1
    assert b"\x1b[?1049l" in terminal.written
    assert b"Traceback" not in terminal.written
