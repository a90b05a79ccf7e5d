"""Facts about the filter: a selection that is completed and judged as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input

from tests.tui.conftest import exploring, screen_text, until
from tests.tui.screens.test_browse import records

if TYPE_CHECKING:
    from pathlib import Path

    from repoview.tui.app.explorer import Explorer


def line_of(app: Explorer) -> Input:
    """Return the line in which the filter is typed."""
    assert app.browse is not None
    return app.browse.query_one("#filter", Input)


def shown(app: Explorer) -> list[int]:
    """Return the numbers of the records in the list."""
    return list(records(app).numbers)


def selected(app: Explorer, text: str) -> list[int]:
    """Return the numbers of the records that a selection has."""
    assert app.session is not None
    return list(app.session.repo.select(text).numbers)


@pytest.mark.parametrize(
    "text",
    [
        "collection:*.post",
        "-collection:*.post size:>300",
        "text:the",
        "like or profile",
        "where:text",
    ],
)
async def test_the_filter_is_a_selection(sample: Path, text: str) -> None:
    """The same that the command line takes; the count stands above it."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("slash")
        line_of(app).value = text
        wanted = selected(app, text)
        await until(pilot, lambda: shown(app) == wanted)
        assert wanted
        assert f"{len(wanted):,} record" in screen_text(app)


async def test_a_half_typed_field_empties_no_list(sample: Path) -> None:
    """Not letter by letter, nor with its colon, nor in the middle of a date."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("slash")
        for key in (*"dat", *["backspace"] * 3, *"time", "colon", *"20"):
            await pilot.press(key)
            assert records(app).count > 0
        await pilot.press(*"24")
        wanted = selected(app, "time:2024")
        await until(pilot, lambda: shown(app) == wanted)


async def test_a_half_typed_word_is_one_when_it_is_kept(sample: Path) -> None:
    """Enter says that no more is typed."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("slash", *"dat")
        assert records(app).count == 300
        await pilot.press("enter")
        await until(pilot, lambda: records(app).count == 0)
        assert "No path contains this" in screen_text(app)


async def test_what_is_wrong_is_pointed_at_and_the_list_stays(sample: Path) -> None:
    """What was misspelled does not count; Enter keeps it in its line."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("slash", *"like", "space", *"tme")
        await until(pilot, lambda: records(app).count == 0)
        await pilot.press("colon", *"2024")
        await until(pilot, lambda: "did you mean time:?" in screen_text(app))
        rows = screen_text(app).splitlines()
        (mark,) = (row for row in rows if "▼ there is no field" in row)
        (typed,) = (row for row in rows if "like tme:2024" in row)
        assert mark.index("▼") == typed.index("tme")
        likes = selected(app, "like")
        await until(pilot, lambda: shown(app) == likes)
        await pilot.press("enter")
        assert line_of(app).has_focus


async def test_tab_completes_fields_collections_and_codes(sample: Path) -> None:
    """The likeliest, or the one that an arrow chose."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("slash", *"col", "tab")
        assert line_of(app).value == "collection:"
        await pilot.press(*"post", "tab")
        assert line_of(app).value == "collection:app.bsky.feed.post"
        wanted = selected(app, "collection:app.bsky.feed.post")
        await until(pilot, lambda: shown(app) == wanted)
        await pilot.press("space", *"s", "down", "enter")
        assert line_of(app).value == "collection:app.bsky.feed.post size:"
        assert line_of(app).has_focus


async def test_what_a_filter_shows_is_exported_in_key_order(sample: Path) -> None:
    """However it is sorted."""
    async with exploring(sample) as (app, pilot):
        await pilot.press("slash")
        line_of(app).value = "collection:*.post"
        wanted = selected(app, "collection:*.post")
        await until(pilot, lambda: shown(app) == wanted)
        await pilot.press("enter", "s", "s")
        await until(pilot, lambda: sorted(shown(app)) == wanted != shown(app))
        assert app.browse is not None
        assert app.session is not None
        choice = app.browse.choices(app.session)[0]
        assert list(choice.numbers) == wanted
