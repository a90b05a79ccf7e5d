"""Facts about the view of all blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from repoview.corpus.cbor import encode
from repoview.corpus.repo import make_repo as make_repo_of
from repoview.corpus.repo import sample as small
from repoview.sample import write_sample
from repoview.tui.screens.blocks import BlocksView
from repoview.tui.screens.browse import Browse
from repoview.tui.screens.tree import TreeView
from repoview.tui.values.place import Place
from repoview.tui.visits.messages import Go
from repoview.tui.widgets.block_list import BlockList
from tests.core.repos import make_repo, many
from tests.tui.conftest import exploring, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from repoview.tui.app.explorer import Explorer


async def opened(app: Explorer, pilot: Pilot[None]) -> BlockList:
    """Open the view, and return its list once it is there."""
    await pilot.press("b")
    await until(pilot, lambda: isinstance(app.screen, BlocksView))
    blocks = app.screen.query_one(BlockList)
    await until(pilot, lambda: blocks.count)
    return blocks


@pytest.fixture
def wasteful(tmp_path: Path) -> Path:
    """A repository with a copy, an unlinked block, and padding."""
    car = small().car()
    record = car.cids[-1]
    car = car.plus_block(car.data_of(record), record).plus_block(b"\xa1\x61a\x01")
    path = tmp_path / "wasteful.car"
    path.write_bytes(car.plus(bytes(50)).data)
    return path


async def test_blocks_stand_in_the_order_of_the_file(sample: Path) -> None:
    """All of them, the commit first."""
    async with exploring(sample) as (app, pilot):
        blocks = await opened(app, pilot)
        assert app.session is not None
        assert blocks.count == app.session.repo.report.counts.blocks
        text = screen_text(app)
        assert "◆ commit" in text
        assert "a root of the file" in text
        assert "Nothing is wasted." in text


async def test_columns_are_named(sample: Path) -> None:
    """On a line of their own, that stays where it is."""
    async with exploring(sample, (200, 40)) as (app, pilot):
        blocks = await opened(app, pilot)
        heads = ["kind", "offset", "bytes", "CID", "what", "links", "to", "it"]
        assert blocks.head(120).plain.split() == heads
        await pilot.press("end")
        await until(pilot, lambda: blocks.scroll_offset.y > 0)
        assert "kind             offset" in screen_text(app)


async def test_more_records_than_blocks_are_accounted_for(tmp_path: Path) -> None:
    """Keys whose records are the same bytes have one block."""
    value = {"$type": "com.example.kind", "n": 1}
    records = {f"com.example.kind/{n}": value for n in range(4)}
    path = tmp_path / "same.car"
    path.write_bytes(make_repo({**records, "com.example.kind/other": {}}))
    async with exploring(path) as (app, pilot):
        await opened(app, pilot)
        text = screen_text(app)
        assert (
            "2 record blocks for 5 records: 3 keys share the block of another" in text
        )


async def test_what_a_hole_hides_is_no_waste(tmp_path: Path) -> None:
    """Nothing links to it because what would is damaged."""
    out = bytearray()
    write_sample(out.extend, 300)
    with Repo.load(bytes(out)) as repo:
        offset = repo.tree.node(0).offset
    assert offset is not None
    out[offset + 60] ^= 1
    path = tmp_path / "damaged.car"
    path.write_bytes(out)
    async with exploring(path) as (app, pilot):
        await opened(app, pilot)
        text = screen_text(app)
        assert "not reached from the commit: " in text
        assert "wasted" not in text


async def test_waste_is_told_at_a_glance(wasteful: Path) -> None:
    """How much, and of what."""
    async with exploring(wasteful) as (app, pilot):
        await opened(app, pilot)
        text = screen_text(app)
        assert re.search(r"wasted: [\d.,]+ \w+ unlinked \(", text)
        assert "duplicate (" in text
        assert "50 B that are no block" in text
        await pilot.press("end", "up")
        await pilot.pause()
        assert "nothing links to it" in screen_text(app)


async def test_what_nothing_links_to_is_told_by_its_look(tmp_path: Path) -> None:
    """An old commit, an old node, and a record by its type."""
    car = small().car()
    old = make_repo_of({"com.example.old/1": {}})
    nodes = [data for _, data in old.top.blocks()][:1]
    for data in (old.data, *nodes, encode({"$type": "com.example.old"})):
        car = car.plus_block(data)
    path = tmp_path / "old.car"
    path.write_bytes(car.data)
    async with exploring(path, (200, 40)) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("end")
        await pilot.pause()
        text = screen_text(app)
        for look in ("commit", "node", "record, com.example.old"):
            assert f"nothing: a {look}" in text


async def test_the_list_is_narrowed_to_a_kind_and_back(wasteful: Path) -> None:
    """By the arrows, around."""
    async with exploring(wasteful) as (app, pilot):
        blocks = await opened(app, pilot)
        count = blocks.count
        await pilot.press("right")
        await until(pilot, lambda: blocks.count == 1)
        assert "[commit 1]" in screen_text(app)
        await pilot.press("left")
        await until(pilot, lambda: blocks.count == count)
        await pilot.press("left")
        await until(pilot, lambda: blocks.count == 1)
        assert "[no block 1]" in screen_text(app)


async def test_the_largest_come_first_when_asked(sample: Path) -> None:
    """And the reader stays on the same block."""
    async with exploring(sample) as (app, pilot):
        blocks = await opened(app, pilot)
        await pilot.press("down", "down", "down")
        here = blocks.number
        await pilot.press("s")
        await until(pilot, lambda: blocks.border_title == "Blocks, the largest first")
        await until(pilot, lambda: blocks.cursor != 3)
        assert blocks.number == here
        await pilot.press("g")
        assert app.session is not None
        first = app.session.blocks.row(blocks.number)
        await pilot.press("down")
        second = app.session.blocks.row(blocks.number)
        assert int(first.length.replace(",", "")) >= int(second.length.replace(",", ""))


async def test_enter_goes_to_the_record_or_node(sample: Path) -> None:
    """And back leads here again."""
    async with exploring(sample) as (app, pilot):
        blocks = await opened(app, pilot)
        await pilot.press("down", "enter")
        await until(pilot, lambda: isinstance(app.screen, TreeView))
        await pilot.press("backspace")
        await until(pilot, lambda: isinstance(app.screen, BlocksView))
        assert blocks.cursor == 1
        while (
            app.session is None
            or app.session.blocks.row(blocks.number).kind != "record"
        ):
            await pilot.press("down")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Browse))


async def test_a_copy_leads_to_the_one_that_counts(wasteful: Path) -> None:
    """In the same list."""
    async with exploring(wasteful) as (app, pilot):
        blocks = await opened(app, pilot)
        await pilot.press("end", "up", "up")
        copy = blocks.number
        assert app.session is not None
        assert app.session.blocks.row(copy).kind == "duplicate"
        await pilot.press("enter")
        await until(pilot, lambda: blocks.number not in {-1, copy})
        assert app.session.blocks.row(blocks.number).kind == "record"


async def test_a_place_in_the_file_is_gone_to(sample: Path) -> None:
    """Though the list is not there yet."""
    async with exploring(sample) as (app, pilot):
        assert app.session is not None
        offset = inside(app.session.repo).blocks.index.offset(7)
        app.post_message(Go(Place("blocks", "block", offset)))
        await until(pilot, lambda: isinstance(app.screen, BlocksView))
        blocks = app.screen.query_one(BlockList)
        await until(pilot, lambda: blocks.number == 7)
        assert app.view is not None
        assert app.view.place() == Place("blocks", "block", offset)


async def test_what_is_missing_stands_at_the_end(broken: Path) -> None:
    """Without a place, and with the key that wants it."""
    async with exploring(broken) as (app, pilot):
        await opened(app, pilot)
        await pilot.press("G")
        await pilot.pause()
        text = screen_text(app)
        assert "╳ missing" in text
        assert "com.example.kind2/000119" in text
        assert "the file holds no block" in " ".join(text.split())


async def test_no_path_leads_to_what_is_not_there(broken: Path) -> None:
    """What is shown in its place stands for no block."""
    async with exploring(broken) as (app, pilot):
        await opened(app, pilot)
        assert app.session is not None
        detail = app.session.blocks.nothing()
        way = app.session.proofs.proof_path(detail.what, detail.number)
        assert way == ([], "There is no block here.", "", ())


async def test_an_empty_repository_has_two_blocks(tmp_path: Path) -> None:
    """A commit and a node."""
    path = tmp_path / "empty.car"
    path.write_bytes(make_repo({}))
    async with exploring(path) as (app, pilot):
        assert (await opened(app, pilot)).count == 2


async def test_one_kind_of_many_is_found(tmp_path: Path) -> None:
    """By size, too."""
    path = tmp_path / "many.car"
    path.write_bytes(make_repo(many(300)))
    async with exploring(path) as (app, pilot):
        blocks = await opened(app, pilot)
        await pilot.press("right", "right", "right", "s")
        await until(pilot, lambda: blocks.count == 300)
        assert "[record 300]" in screen_text(app)
