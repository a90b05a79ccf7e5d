"""Facts about finding and ordering records, by what is on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest
from textual.widgets import Input, Static

from repoview.core.formats import syntax
from repoview.tui.screens import browse
from repoview.tui.screens.dialogs.copy import Copy
from repoview.tui.screens.dialogs.goto import GoTo
from repoview.tui.visits.latest import Latest
from repoview.tui.visits.listing import ORDERS, Order
from repoview.tui.widgets.found import FindPanel, Hits
from repoview.tui.widgets.record.record_view import RecordView
from repoview.tui.widgets.records import Records
from tests.core.repos import make_repo
from tests.tui.conftest import exploring, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from repoview.core.formats.dagcbor.strict import Value
    from repoview.tui.app.explorer import Explorer

POST: Final = "app.bsky.feed.post"
WORDS: Final = ("the sea", "a garden", "Sea and sand", "nothing", "by the SEA")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose records say something."""
    records: dict[str, Value] = {
        f"{POST}/{syntax.make_tid((9 - n) * 10**15)}": {"$type": POST, "text": text * n}
        for n, text in enumerate(WORDS, 1)
    }
    records["com.example.garden/1"] = {"$type": "com.example.garden", "name": "beds"}
    path = tmp_path_factory.mktemp("spoken") / "spoken.car"
    path.write_bytes(make_repo(records))
    return path


async def typed(pilot: Pilot[None], text: str) -> None:
    """Type text into the line that has the keys."""
    line = pilot.app.focused
    assert isinstance(line, Input)
    line.insert_text_at_cursor(text)
    await pilot.pause()


async def settled(pilot: Pilot[None]) -> None:
    """Wait for the threads, and for what comes of them."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def found(app: Explorer, pilot: Pilot[None], text: str) -> FindPanel:
    """Look for a text, and wait until all is found."""
    await pilot.press("f")
    await typed(pilot, text)
    await pilot.press("enter")
    panel = app.screen.query_one(FindPanel)
    await settled(pilot)
    panel._tell()  # noqa: SLF001 (as the clock would)
    await pilot.pause()
    return panel


def numbers(app: Explorer) -> list[int]:
    """Return the records that are listed."""
    return list(app.screen.query_one(Records).numbers)


# Orders


def test_orders_follow_one_another() -> None:
    """Dates and sizes begin with the greatest; a column clicked twice turns."""
    order, seen = Order(), []
    for _ in ORDERS:
        order = order.following()
        seen.append(order)
    assert seen == [
        Order("date", reverse=True),
        Order("size", reverse=True),
        Order("offset", reverse=False),
        Order("key", reverse=False),
    ]
    assert order.chosen("size") == Order("size", reverse=True)
    assert order.chosen("key") == Order("key", reverse=True)


@pytest.mark.parametrize("many", [1, 1_000_000])
async def test_records_are_ordered_and_it_is_said(
    spoken: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    """At once where there are few, beside the screen where there are many."""
    monkeypatch.setattr(browse, "MANY", many)
    async with exploring(spoken) as (app, pilot):
        by_key = numbers(app)
        await pilot.press("s")
        await settled(pilot)
        assert "date ▼" in screen_text(app)
        assert numbers(app) == [*reversed(by_key[:-1]), by_key[-1]]
        await pilot.press("s")
        await settled(pilot)
        assert "size ▼" in screen_text(app)
        sizes = [app.session.repo.record(n).size for n in numbers(app)]  # type: ignore[union-attr]
        assert sizes == sorted(sizes, key=lambda size: -(size or 0))
        await pilot.press("S")
        await settled(pilot)
        assert "size ▲" in screen_text(app)
        assert numbers(app)[0] == by_key[-1]


async def test_each_collection_keeps_its_order(spoken: Path) -> None:
    """While the reader looks at another."""
    async with exploring(spoken) as (app, pilot):
        await pilot.press("s")
        await settled(pilot)
        assert "date ▼" in screen_text(app)
        await pilot.press("shift+tab", "down")
        await settled(pilot)
        assert "record ▲" in screen_text(app)
        await pilot.press("up")
        await settled(pilot)
        assert "date ▼" in screen_text(app)


async def test_a_click_on_a_column_orders_by_it(spoken: Path) -> None:
    """And a second one the other way."""
    async with exploring(spoken, (160, 40)) as (app, pilot):
        for arrow in ("▼", "▲"):
            await pilot.click(Records, offset=(24, 1))
            await settled(pilot)
            assert f"date {arrow}" in screen_text(app)


async def test_a_filter_keeps_the_order(
    spoken: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made beside the screen, as of a million records."""
    monkeypatch.setattr(browse, "MANY", 1)
    async with exploring(spoken) as (app, pilot):
        by_key = numbers(app)
        await pilot.press("s", "slash")
        await typed(pilot, "post")
        await settled(pilot)
        assert numbers(app) == by_key[-2::-1]


# Find in contents


async def test_what_records_say_is_found(spoken: Path) -> None:
    """With the text around it; small letters find capital ones."""
    async with exploring(spoken) as (app, pilot):
        panel = await found(app, pilot, "sea")
        assert panel.search is not None
        assert len(panel.search.found) == 3
        shown = screen_text(app)
        assert "1 of 3 in 6 records" in shown
        assert "by the SEA" in shown
        assert app.screen.query_one(Hits).has_focus


def shown(app: Explorer) -> tuple[int, str, str]:
    """Return the record in the pane, its value under the cursor, and the count."""
    pane = app.screen.query_one(RecordView)
    assert pane.detail is not None
    said = str(app.screen.query_one("#find-says", Static).content)
    return pane.detail.number, str(pane.border_subtitle), said.partition(" in ")[0]


async def test_the_hit_that_is_shown_copied_and_counted_is_one(spoken: Path) -> None:
    """From the first on, and however one moves; the value it stands in is marked."""
    async with exploring(spoken) as (app, pilot):
        await pilot.press("end")
        await settled(pilot)
        panel = await found(app, pilot, "sea")
        assert panel.search is not None
        hits = list(panel.search.found)
        assert shown(app) == (hits[0], "text", "1 of 3")
        await pilot.press("y", "u")
        await until(pilot, lambda: not isinstance(app.screen, Copy))
        path = app.session.repo.record(hits[0]).path  # type: ignore[union-attr]
        assert app.clipboard.endswith(path)
        for key, place in (("down", 1), ("end", 2), ("up", 1), ("enter", 1)):
            await pilot.press(key)
            await settled(pilot)
            assert shown(app) == (hits[place], "text", f"{place + 1} of 3")
        for key, place in (("n", 2), ("n", 0), ("N", 2)):
            await pilot.press(key)
            await settled(pilot)
            assert shown(app) == (hits[place], "text", f"{place + 1} of 3")


async def test_what_was_found_is_gone_to_and_stepped_through(spoken: Path) -> None:
    """Enter goes there; n and N lead on from wherever one is, around the end."""
    async with exploring(spoken) as (app, pilot):
        panel = await found(app, pilot, "sea")
        assert panel.search is not None
        hits = list(panel.search.found)
        await pilot.press("down", "enter")
        await settled(pilot)
        records = app.screen.query_one(Records)
        assert records.has_focus
        assert records.numbers[records.cursor] == hits[1]
        for key, hit in (("n", hits[2]), ("n", hits[0]), ("N", hits[2])):
            await pilot.press(key)
            await settled(pilot)
            assert records.numbers[records.cursor] == hit


async def test_only_what_is_listed_is_searched(spoken: Path) -> None:
    """So a filter narrows a search."""
    async with exploring(spoken) as (app, pilot):
        await pilot.press("slash")
        await typed(pilot, "garden")
        await pilot.press("enter")
        panel = await found(app, pilot, "e")
        assert panel.search is not None
        assert panel.search.total == 1
        assert "in 1 record" in screen_text(app)


async def test_what_nobody_says_is_not_found(spoken: Path) -> None:
    """And Escape closes the panel."""
    async with exploring(spoken) as (app, pilot):
        panel = await found(app, pilot, "zebra")
        assert "No record says this." in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert not panel.display
        assert app.screen.query_one(Records).has_focus


async def test_a_search_is_stopped(spoken: Path) -> None:
    """It keeps what it found, and says how far it came."""
    async with exploring(spoken) as (app, pilot):
        assert app.session is not None
        search = app.session.search.begin("sea", range(6))
        search.stop()
        search.run()
        assert search.is_over
        await found(app, pilot, "sea")


# One thing at a time


async def test_only_the_latest_is_answered(spoken: Path) -> None:
    """What waits for it is never begun."""
    async with exploring(spoken) as (app, pilot):
        latest, begun, answers = Latest(app.screen), list[int](), list[int]()

        def job(number: int) -> int:
            begun.append(number)
            return number

        for number in range(5):
            latest.ask(lambda number=number: job(number), answers.append)  # type: ignore[misc]
        await settled(pilot)
        assert begun == [0, 4]
        assert answers == [4]


# Go to


async def test_a_place_is_offered_and_gone_to(spoken: Path) -> None:
    """By the keys, and by the mouse."""
    async with exploring(spoken) as (app, pilot):
        await pilot.press("colon")
        await pilot.pause()
        await typed(pilot, "garden/")
        assert "com.example.garden/1" in screen_text(app)
        await pilot.press("down", "enter")
        await settled(pilot)
        assert not isinstance(app.screen, GoTo)
        records = app.screen.query_one(Records)
        assert records.numbers[records.cursor] == 5
        await pilot.press("colon")
        await pilot.pause()
        await typed(pilot, "post")
        await pilot.click("#suggestions", offset=(5, 0))
        await settled(pilot)
        assert not isinstance(app.screen, GoTo)
        assert len(numbers(app)) == 5


async def test_what_is_nowhere_is_said(spoken: Path) -> None:
    """And the line stays, to be mended."""
    async with exploring(spoken) as (app, pilot):
        await pilot.press("colon")
        await pilot.pause()
        await typed(pilot, "#77")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, GoTo)
        assert "there is no record #77" in screen_text(app)
        await pilot.press("escape")
