"""Facts about the overview: what a repository is, at a glance."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from repoview.core.cid import Cid
from repoview.core.formats.car import encode_section
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.corpus import make_car
from repoview.sample import write_sample
from repoview.tui.widgets.base.page import ScrolledPage
from repoview.tui.widgets.pictures.histogram import Histogram
from tests.core.repos import make_repo, many
from tests.tui.conftest import exploring, overview_text, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path


async def test_the_overview_tells_what_a_repository_is(sample: Path) -> None:
    """Account, rev with its time, sizes, collections, time, depths, order."""
    async with exploring(sample, (120, 70)) as (app, pilot):
        text = await overview_text(app, pilot)
        for words in (
            "did:plc:repoviewsamplegarden2345",
            "UTC",
            "300 records in",
            "preorder",
            "app.bsky.feed.post",
            "depth 0",
            "1 entry",
            "A column is a",
        ):
            assert words in text, words


async def test_waste_is_told_apart_from_overhead(tmp_path: Path) -> None:
    """In the picture as in the view of blocks, and always in the status line."""
    out = bytearray()
    write_sample(out.extend, 200)
    old = dagcbor.encode({"old": "x" * 9_000})
    for number in range(40):
        block = old + bytes((number,))
        out += encode_section(Cid.for_block(block), block)
    path = tmp_path / "wasteful.car"
    path.write_bytes(out)
    async with exploring(path, (120, 70)) as (app, pilot):
        text = await overview_text(app, pilot)
        (share,) = set(re.findall(r"(\d+ %) wasted", text))
        assert f" · {share} wasted · " in text.splitlines()[0]
        (legend,) = [line for line in text.splitlines() if "wasted 3" in line]
        assert f"· {share}" in legend
        assert "header, commit, CIDs and lengths" in text


async def test_a_little_waste_is_not_on_the_status_line(tmp_path: Path) -> None:
    """It stands with the blocks."""
    out = bytearray()
    write_sample(out.extend, 200)
    out += encode_section(Cid.for_block(b"\xa0"), b"\xa0")
    path = tmp_path / "little.car"
    path.write_bytes(out)
    async with exploring(path, (120, 70)) as (app, pilot):
        assert "wasted" not in (await overview_text(app, pilot)).splitlines()[0]


async def test_the_page_is_scrolled_by_the_keys_of_lists(sample: Path) -> None:
    """Where it is longer than the screen."""
    async with exploring(sample, (80, 24)) as (app, pilot):
        await overview_text(app, pilot)
        page = app.screen.query_one(ScrolledPage)
        await pilot.press("G")
        await until(pilot, lambda: page.scroll_offset.y == page.max_scroll_y > 0)
        assert "entries" in screen_text(app)
        await pilot.press("g")
        await until(pilot, lambda: page.scroll_offset.y == 0)


async def test_dates_that_cannot_be_are_told_apart(tmp_path: Path) -> None:
    """Before the network, after the commit, and none at all."""
    path = tmp_path / "repo.car"
    keys = ("2222222222222", "3jqfcqzm3fo2j", "bzzzzzzzzzzzz", "self")
    car = make_car({f"com.example.note/{key}": {} for key in keys})
    path.write_bytes(car.data)
    async with exploring(path, (120, 70)) as (app, pilot):
        await overview_text(app, pilot)
        lines = app.screen.query_one(Histogram).lines(300)
        assert lines[-1].plain.endswith(
            "1 record key from before 2022. 1 record key from after the commit. "
            "1 record key without a date."
        )
        assert lines[-2].plain.split() == ["before", "2023-03-08", "after"]


async def test_an_empty_repository_has_an_overview(tmp_path: Path) -> None:
    """That says so."""
    path = tmp_path / "empty.car"
    path.write_bytes(make_repo({}))
    async with exploring(path) as (app, pilot):
        text = await overview_text(app, pilot)
        assert "There are no records." in text


async def test_a_broken_repository_has_an_overview(broken: Path) -> None:
    """Of what is there."""
    async with exploring(broken) as (app, pilot):
        text = await overview_text(app, pilot)
        assert "INCOMPLETE" in text


@pytest.mark.parametrize("width", [40, 80, 120, 200])
async def test_the_overview_fits_any_width(tmp_path: Path, width: int) -> None:
    """Nothing is wider than the screen."""
    path = tmp_path / "repo.car"
    path.write_bytes(make_repo(many(40)))
    async with exploring(path, (width, 50)) as (app, pilot):
        await overview_text(app, pilot)
        assert app.screen.query_one(ScrolledPage).max_scroll_x == 0
