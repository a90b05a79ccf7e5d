"""Facts about the record pane: links, folds, bytes in step, the way, copying."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from repoview import Repo
from repoview.present import json_text
from repoview.tui.screens.dialogs.copy import Copy
from repoview.tui.session.detail import record_detail, whole_json
from repoview.tui.widgets.findings_list import FindingsList
from repoview.tui.widgets.record.bytes_view import BytesView
from repoview.tui.widgets.record.json_view import JsonView
from repoview.tui.widgets.record.path_view import PathView
from tests.core.repos import make_repo, many
from tests.tui.app.test_hostile import FORBIDDEN, HOSTILE
from tests.tui.conftest import screen_text
from tests.tui.record_app import PARENT, POST, RecordApp, showing

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from repoview.core.formats.dagcbor.strict import Value


@pytest.fixture(scope="module")
def hostile() -> Repo:
    """A repository of everything that terminals and libraries obey."""
    return Repo.load(make_repo(HOSTILE))


MILLION: Value = {"$type": "a.b.c", "numbers": [7] * 1_000_000}


def json_view(app: RecordApp) -> JsonView:
    """Return the JSON of the record."""
    return app.view.query_one(JsonView)


def path_here(app: RecordApp) -> str:
    """Return the path of the value under the cursor."""
    view = json_view(app)
    assert view.structure is not None
    at = view.structure.line_of(view.byte)
    return view.structure.path_of(view.structure.lines[at])


async def stand_on(app: RecordApp, pilot: Pilot[None], path: str) -> None:
    """Move down to a value."""
    await pilot.press("g")
    for _ in range(200):
        if path_here(app) == path:
            return
        await pilot.press("down")
    raise AssertionError(path)


async def shown_note(app: RecordApp, pilot: Pilot[None]) -> str:
    """Return what the app tells the reader."""
    await pilot.pause()
    return "\n".join(str(note.message) for note in app._notifications)  # noqa: SLF001 (there is no other way to see them)


class TestFolds:
    """Left and right, Enter, the mouse, and all at once."""

    async def test_left_folds_and_right_unfolds(self) -> None:
        """From a leaf, left leads to what it stands in first."""
        async with showing() as (app, pilot):
            await stand_on(app, pilot, "embed.images[0].alt")
            await pilot.press("left")
            assert path_here(app) == "embed.images[0]"
            await pilot.press("left")
            assert "Three red tomatoes" not in screen_text(app)
            assert "{…}  2 keys" in screen_text(app)
            await pilot.press("right")
            assert "Three red tomatoes" in screen_text(app)

    async def test_minus_folds_all_and_asterisk_unfolds_all(self) -> None:
        """But for the outermost."""
        async with showing() as (app, pilot):
            await pilot.press("minus")
            text = screen_text(app)
            assert "Three red tomatoes" not in text
            assert '"embed": {…},  2 keys' in text
            await pilot.press("asterisk")
            assert "Three red tomatoes" in screen_text(app)

    async def test_a_click_on_the_sign_folds(self) -> None:
        """In front of the line."""
        async with showing() as (app, pilot):
            lines = screen_text(app).split("\n")
            y = next(n for n, line in enumerate(lines) if '"embed": {' in line)
            await pilot.click(offset=(1, y))
            await pilot.pause()
            assert '"embed": {…}' in screen_text(app)

    async def test_the_border_tells_where_one_is(self) -> None:
        """As a path."""
        async with showing() as (app, pilot):
            await stand_on(app, pilot, "embed.images[0].alt")
            assert "embed.images[0].alt" in screen_text(app)

    async def test_what_is_open_stays_when_more_is_known(self) -> None:
        """The same record shown again is not folded, and the cursor stays."""
        async with showing() as (app, pilot):
            await stand_on(app, pilot, "embed")
            await pilot.press("left")
            app.show(POST)
            await pilot.pause()
            assert path_here(app) == "embed"
            assert "Three red tomatoes" not in screen_text(app)


class TestBytes:
    """In step with the structure."""

    async def test_bytes_begin_at_the_value_under_the_cursor(self) -> None:
        """And the other way round."""
        async with showing() as (app, pilot):
            await stand_on(app, pilot, "createdAt")
            await pilot.press("x")
            app.view.show_tab("bytes")
            await pilot.pause()
            view = app.view.query_one(BytesView)
            assert view.byte == json_view(app).byte
            await pilot.press("down", "down", "down")
            byte = view.byte
            app.view.show_tab("json")
            await pilot.pause()
            assert json_view(app).byte <= byte
            assert path_here(app) != "createdAt" or byte > 0

    async def test_they_stand_beside_each_other_where_there_is_room(self) -> None:
        """And move together."""
        async with showing(size=(120, 40)) as (app, pilot):
            app.view.show_tab("bytes")
            await pilot.pause()
            text = screen_text(app)
            assert '"embed": {' in text
            assert 'key "embed"' in text
            view = app.view.query_one(BytesView)
            await pilot.press(*["down"] * 12)
            await pilot.pause()
            structure = json_view(app).structure
            assert structure is not None
            assert (
                json_view(app).byte
                == structure.lines[structure.line_of(view.byte)].start
            )

    async def test_what_is_under_the_cursor_is_taken_apart(self) -> None:
        """The head of an item in bits, and a CID in its parts."""
        async with showing(size=(120, 40)) as (app, pilot):
            app.view.show_tab("bytes")
            await pilot.pause()
            app.view.query_one(BytesView).focus()
            await pilot.press("g")
            await pilot.pause()
            assert "a5 = 101 00101  5, map; 5 pairs" in screen_text(app)
            view = app.view.query_one(BytesView)
            while view.span is not None and view.span.kind != "link":
                await pilot.press("down")
            await pilot.pause()
            assert "in front of every CID in a link" in screen_text(app)
            await pilot.press("down")
            await pilot.pause()
            assert "55      codec: raw" in screen_text(app)

    async def test_of_a_large_block_what_is_open_is_told_apart(self) -> None:
        """Enter on what is folded opens it."""
        records: dict[str, Value] = {
            "a.b.c/1": {"$type": "a.b.c", "n": [300 + n for n in range(3_000)]}
        }
        async with showing("a.b.c/1", records) as (app, pilot):
            app.view.show_tab("bytes")
            await pilot.pause()
            assert "what is in it, folded" in screen_text(app)
            await pilot.press("down", "down", "down", "enter")
            await pilot.pause()
            assert "items from 0 on, folded" in screen_text(app)
            await pilot.press("down", "enter")
            await pilot.pause()
            assert "integer 301" in screen_text(app)


class TestWay:
    """From the commit to the record."""

    async def test_every_step_is_shown_with_its_hash(self) -> None:
        """Commit, nodes, record; and the last sentence."""
        async with showing() as (app, pilot):
            app.view.show_tab("path")
            await pilot.pause()
            text = screen_text(app)
            assert text.count("✓ computed again") >= 4
            assert "commit " in text
            assert "All hashes were computed again, and agree" in text

    async def test_the_way_is_that_of_the_record_that_is_shown(self) -> None:
        """After another one was shown."""
        async with showing() as (app, pilot):
            app.view.show_tab("path")
            app.show(PARENT)
            await pilot.pause()
            assert PARENT in screen_text(app)
            assert app.view.query_one(PathView).count


class TestCopy:
    """What goes to the clipboard, or into a file."""

    @pytest.mark.parametrize(
        ("key", "name"), [("u", "AT URI"), ("c", "CID"), ("j", "JSON")]
    )
    async def test_a_letter_copies(self, key: str, name: str) -> None:
        """And says that it was sent to the terminal."""
        async with showing() as (app, pilot):
            detail = app.view.detail
            assert detail is not None
            expected = {
                "u": detail.at_uri,
                "c": detail.cid,
                "j": json_text(app.session.repo.record(detail.number).value),
            }
            app.push_screen(Copy(detail))
            await pilot.pause()
            await pilot.press(key)
            await app.workers.wait_for_complete()
            assert f"{name} sent to the terminal" in await shown_note(app, pilot)
            assert app.clipboard == expected[key]

    async def test_the_mouse_copies_too(self) -> None:
        """A click on a choice."""
        async with showing() as (app, pilot):
            assert app.view.detail is not None
            app.push_screen(Copy(app.view.detail))
            await pilot.pause()
            lines = screen_text(app).split("\n")
            y = next(n for n, line in enumerate(lines) if " c  CID" in line)
            await pilot.click(offset=(30, y))
            await pilot.pause()
            assert app.clipboard == app.view.detail.cid

    async def test_a_file_is_written_and_never_over_another(
        self, tmp_path: Path
    ) -> None:
        """The dialog stays, with the reason."""
        async with showing() as (app, pilot):
            detail = app.view.detail
            assert detail is not None
            app.push_screen(Copy(detail))
            await pilot.pause()
            await pilot.press("w", "ctrl+u", *str(tmp_path / "a.json"), "enter")
            while isinstance(app.screen, Copy):
                await pilot.pause(0.01)
            written = json.loads((tmp_path / "a.json").read_text())
            assert written == json.loads(whole_json(detail))
            app.push_screen(Copy(detail))
            await pilot.pause()
            await pilot.press("w", "ctrl+u", *str(tmp_path / "a.json"), "enter")
            while "there is already" not in screen_text(app):
                await pilot.pause(0.01)
            assert isinstance(app.screen, Copy)

    async def test_what_is_too_much_for_a_clipboard_says_so(self) -> None:
        """Terminals would drop it without a word."""
        records: dict[str, Value] = {"a.b.c/1": {"$type": "a.b.c", "t": "x" * 200_000}}
        async with showing("a.b.c/1", records) as (app, pilot):
            assert app.view.detail is not None
            app.push_screen(Copy(app.view.detail))
            await pilot.pause()
            await pilot.press("j")
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert "more than terminals take" in screen_text(app)
            assert app.clipboard == ""


async def test_findings_are_explained_and_lead_to_their_byte(hostile: Repo) -> None:
    """The rule stands under the list."""
    async with showing("app.bsky.feed.post/wide", hostile) as (app, pilot):
        app.view.show_tab("found")
        await pilot.pause()
        assert app.view.query_one(FindingsList).count == 1
        assert "131,072 items" in screen_text(app)
        await pilot.press("enter")
        await pilot.pause()
        assert app.view.tab == "bytes"
        assert "array of 200,000 items" in screen_text(app)


async def test_a_missing_record_says_so_in_every_way() -> None:
    """No JSON, no bytes, and the last step of the way fails."""
    with Repo.load(make_repo(many(60), leave_out=3)) as repo:
        app = RecordApp(repo, repo.record(len(repo) - 1).path)
        async with app.run_test(size=(80, 30)) as pilot:
            await pilot.pause()
            assert "the file holds no block" in screen_text(app)
            app.view.show_tab("bytes")
            await pilot.pause()
            assert "No bytes" in screen_text(app)
            app.view.show_tab("path")
            await pilot.pause()
            assert "1 block on the way cannot be proven" in screen_text(app)


@pytest.mark.parametrize("path", [path for path in HOSTILE if "\x1b" not in path])
async def test_hostile_records_are_shown_and_not_obeyed(
    hostile: Repo, path: str
) -> None:
    """In all four ways, whole, folded and unfolded, and in the dialog."""
    async with showing(path, hostile, (120, 30)) as (app, pilot):
        shown = [screen_text(app)]
        for tab in ("json", "bytes", "path", "found"):
            app.view.show_tab(tab)
            await pilot.press("down", "w")
            shown.append(screen_text(app))
            await pilot.press("asterisk", "G")
            shown.append(screen_text(app))
        assert app.view.detail is not None
        app.push_screen(Copy(app.view.detail))
        await pilot.pause()
        shown.append(screen_text(app))
        text = "".join(shown).replace("\n", "")
        assert [c for c in FORBIDDEN if c in text] == []
        assert "\u0301" * 20 not in text


async def test_a_million_numbers_can_be_looked_at_to_the_last() -> None:
    """By ranges; nothing waits, and little is held."""
    async with showing("a.b.c/1", {"a.b.c/1": MILLION}) as (app, pilot):
        view = json_view(app)
        assert view.structure is not None
        while view.structure.is_reading:
            await pilot.pause()
        await pilot.press("G", "up", "left", "right", "left", "up")
        await stand_on(app, pilot, "numbers")
        await pilot.press("right", "G", "up", "up", "right")
        while view.structure.is_reading:
            await pilot.pause()
        await pilot.press("G", "up", "up")
        await pilot.pause()
        assert path_here(app) == "numbers[999999]"
        assert len(view.structure.lines) < 3_000


def test_the_json_that_goes_out_holds_nothing_that_a_terminal_obeys(
    hostile: Repo,
) -> None:
    """It is escaped, as JSON allows; and means the same."""
    for number in range(len(hostile)):
        text = whole_json(record_detail(hostile, number))
        assert [c for c in FORBIDDEN if c in text and c != "\n"] == []


def test_names_for_files_are_plain(hostile: Repo) -> None:
    """Whatever the record key is."""
    for number in range(len(hostile)):
        name = record_detail(hostile, number).file_name
        assert name.isascii()
        assert "/" not in name
        assert name[0] != "."
