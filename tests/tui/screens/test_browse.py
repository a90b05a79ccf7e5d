"""Facts about browsing: panes, filter, places, and what the keys do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual import events
from textual.widgets import Input

from repoview.tui.screens.browse import Browse
from repoview.tui.screens.dialogs.goto import GoTo
from repoview.tui.screens.dialogs.help import Help
from repoview.tui.screens.findings import FindingsView
from repoview.tui.screens.tree import TreeView
from repoview.tui.widgets.base.outline import Outline
from repoview.tui.widgets.base.suggestions import Suggestions
from repoview.tui.widgets.collections import Collections
from repoview.tui.widgets.record.record_view import RecordView
from repoview.tui.widgets.records import Records
from tests.tui.conftest import exploring, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.tui.app.explorer import Explorer


def records(app: Explorer) -> Records:
    """Return the list of records."""
    assert app.browse is not None
    return app.browse.query_one(Records)


def title(app: Explorer) -> str:
    """Return the path of the record that is shown."""
    assert app.browse is not None
    return str(app.browse.query_one(RecordView).border_title)


async def test_opening_leads_to_all_records_with_the_first_one_shown(
    sample: Path,
) -> None:
    """Three panes, and the verdict above them."""
    async with exploring(sample) as (app, _):
        text = screen_text(app)
        assert "SOUND" in text
        assert "Complete" in text
        assert "Collections" in text
        assert "app.bsky.actor.profile/self" in text
        assert records(app).count == 300


async def test_moving_down_shows_the_next_record(sample: Path) -> None:
    """Arrows and vim keys alike."""
    async with exploring(sample) as (app, pilot):
        assert app.session is not None
        await pilot.press("down", "j")
        assert records(app).cursor == 2
        assert title(app) == app.session.repo.record(2).path
        await pilot.press("G")
        assert title(app) == app.session.repo.record(299).path
        await pilot.press("g")
        assert title(app) == app.session.repo.record(0).path


async def test_a_collection_shows_its_records_only(sample: Path) -> None:
    """As soon as the cursor stands on it."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("shift+tab", "down", "down", "down")
        assert app.session is not None
        chosen = app.session.repo.collections[2]
        assert records(app).count == chosen.count
        assert title(app).startswith(chosen.name)


async def test_the_filter_narrows_as_one_types_and_escape_clears_it(
    sample: Path,
) -> None:
    """The record that was shown stays in view."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("slash", *"profile")
        assert app.session is not None
        paths = [record.path for record in app.session.repo.records()]
        assert records(app).count == sum("profile" in path for path in paths)
        await pilot.press("enter")
        assert records(app).has_focus
        shown = title(app)
        await pilot.press("escape")
        assert records(app).count == 300
        assert title(app) == shown


async def test_alt_and_backspace_delete_a_word_of_the_filter(sample: Path) -> None:
    """And nothing where nobody types."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("alt+backspace", "slash", *"app", "space", *"bsky")
        await pilot.press("alt+backspace")
        assert app.browse is not None
        assert app.browse.query_one("#filter", Input).value == "app "
        assert records(app).has_focus is False


async def test_keys_behind_the_enter_of_a_filter_are_not_typed_into_it(
    sample: Path,
) -> None:
    """They are for the pane that has the focus next."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("slash", *"like")
        for key in ("enter", "j", "j"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await until(pilot, lambda: records(app).cursor == 2)
        assert app.browse is not None
        assert app.browse.query_one("#filter", Input).value == "like"


async def test_a_filter_that_matches_nothing_says_so(sample: Path) -> None:
    """And says how to get out."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("slash", *"zzzz")
        await pilot.pause()
        assert records(app).count == 0
        assert "Esc clears" in screen_text(app)


@pytest.mark.parametrize("kind", ["number", "path", "uri", "cid"])
async def test_one_can_go_to_a_place_by_any_of_its_names(
    sample: Path, kind: str
) -> None:
    """A number, a path, an AT URI, a CID."""
    async with exploring(sample) as (app, pilot):
        assert app.session is not None
        record = app.session.repo.record(123)
        names = {
            "number": "123",
            "path": record.path,
            "uri": record.at_uri,
            "cid": str(record.cid),
        }
        await pilot.press("colon")
        goto = app.screen
        assert isinstance(goto, GoTo)
        goto.query_one("Input").value = names[kind]  # type: ignore[attr-defined]
        await pilot.press("enter")
        await pilot.pause()
        assert title(app) == record.path


async def test_a_place_that_is_not_there_is_said_where_it_was_asked_for(
    sample: Path,
) -> None:
    """The line stays open for another try."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("colon", *"nonsense", "enter")
        assert isinstance(app.screen, GoTo)
        assert "nothing here is called nonsense" in screen_text(app)
        await pilot.press("escape")
        assert not isinstance(app.screen, GoTo)


async def test_a_click_on_what_is_offered_no_more_leads_nowhere(sample: Path) -> None:
    """It was heard behind the letters that took the offer away."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("colon", *"nonsense")
        app.screen.query_one(Suggestions).post_message(Suggestions.Clicked())
        await pilot.pause()
        assert app.fault is None
        assert isinstance(app.screen, GoTo)


async def test_bytes_stand_beside_their_meaning(sample: Path) -> None:
    """One key away from the JSON."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("2")
        await pilot.pause()
        text = screen_text(app)
        assert 'key "$type"' in text
        assert "65 24 74 79" in text


async def test_the_tree_opens_at_the_record(sample: Path) -> None:
    """With the way to it unfolded; Enter on an entry comes back to it."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("G", "t")
        assert isinstance(app.screen, TreeView)
        assert app.session is not None
        last = app.session.repo.record(299).path
        assert str(app.screen.query_one(RecordView).border_title) == last
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Browse))
        assert str(app.screen.query_one(RecordView).border_title) == last


async def test_nodes_open_and_close(sample: Path) -> None:
    """Right opens, left closes, and left again goes up."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("t", "g")
        outline = app.screen.query_one(Outline)
        whole = outline.count
        await pilot.press("left")
        assert outline.count == 1
        await pilot.press("right")
        assert 1 < outline.count <= whole
        await pilot.press("down", "left", "left")
        assert outline.cursor == 0


async def test_holes_are_drawn_as_holes(broken: Path) -> None:
    """With the keys that they hide."""
    async with exploring(broken) as (app, pilot):
        assert "INCOMPLETE" in screen_text(app)
        await pilot.press("v")
        assert isinstance(app.screen, FindingsView)
        assert "BLK008" in screen_text(app)
        # The first opens the group, whose head is about the whole file; the second goes
        # to the place of the finding below it.
        await pilot.press("enter", "down", "down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, TreeView)
        text = screen_text(app)
        assert "◌ missing node" in text
        assert "hides" in text


async def test_help_lists_the_keys_of_the_screen(sample: Path) -> None:
    """It is made of the bindings themselves."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("question_mark")
        assert isinstance(app.screen, Help)
        assert "Filter" in screen_text(app)
        await pilot.press("escape")
        assert not isinstance(app.screen, Help)


async def test_copying_says_that_it_was_sent(sample: Path) -> None:
    """Terminals may ignore it, so it does not claim more."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("y", "u")
        await pilot.pause()
        await pilot.pause()
        assert app.clipboard.startswith("at://did:plc:")
        assert "sent to the terminal" in screen_text(app)


async def test_zoom_leaves_the_verdict_in_view(sample: Path) -> None:
    """The pane under the keys has the room of the others."""
    async with exploring(sample, (80, 24)) as (app, pilot):
        await pilot.press("tab", "z")
        await pilot.pause()
        assert not app.screen.query_one(Collections).region.height
        assert "SOUND" in screen_text(app)
        await pilot.press("z")
        await pilot.pause()
        assert app.screen.query_one(Collections).region.height


async def test_quitting_ends_with_0_and_ctrl_c_with_130(sample: Path) -> None:
    """As scripts expect."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("q")
    assert app.return_code == 0
    async with exploring(sample) as (app, pilot):
        await pilot.press("ctrl+c")
    assert app.return_code == 130


async def test_an_empty_repository_says_so(tmp_path: Path) -> None:
    """Nothing is in it, and nothing is wrong."""
    from tests.core.repos import make_repo  # noqa: PLC0415 (used here only)

    path = tmp_path / "empty.car"
    path.write_bytes(make_repo({}))
    async with exploring(path) as (app, pilot):
        assert "has no records" in screen_text(app)
        for key in ("down", "enter", "t", "right", "escape", "2", "3", "y", "n"):
            await pilot.press(key)
        assert app.is_running


async def test_an_unreadable_file_shows_its_findings_first(tmp_path: Path) -> None:
    """And the visit ends with the exit code of the verdict."""
    path = tmp_path / "page.car"
    path.write_bytes(b"<!DOCTYPE html><html></html>")
    async with exploring(path) as (app, pilot):
        await pilot.pause()
        assert isinstance(app.screen, FindingsView)
        assert "CAR030" in screen_text(app)
        await pilot.press("q")
    assert app.return_code == 12
