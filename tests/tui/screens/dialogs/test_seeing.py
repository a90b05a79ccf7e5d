"""Facts about the page that answers "what am I seeing?"."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.tui.screens.browse import Browse
from repoview.tui.screens.dialogs.seeing import Seeing
from repoview.tui.widgets.base.page import ScrolledPage
from tests.tui.conftest import browsing, explorer, exploring, screen_text, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.tui.pictures import Looks


async def test_one_key_explains_every_view(sample: Path) -> None:
    """With what is under the cursor; the same key closes it."""
    async with exploring(sample) as (app, pilot):
        for view, title in {
            "c": "A record",
            "t": "An entry of the tree",
            "b": "A block",
            "v": "A verdict",
            "i": "A repository",
        }.items():
            await pilot.press(view, "x")
            await until(pilot, lambda: isinstance(app.screen, Seeing))
            await pilot.pause()
            assert f"What am I seeing? {title}" in screen_text(app)
            await pilot.press("x")
            assert not isinstance(app.screen, Seeing)


async def test_the_page_is_scrolled_by_the_keys_of_lists(sample: Path) -> None:
    """And closed by Escape, back to where one was."""
    async with exploring(sample, (80, 24)) as (app, pilot):
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, Seeing))
        await pilot.press("G")
        await pilot.pause()
        page = app.screen.query_one(ScrolledPage)
        assert page.scroll_offset.y > 0
        assert "What is a repository?" in screen_text(app)
        await pilot.press("escape")
        assert isinstance(app.screen, Browse)


@pytest.mark.parametrize("keys", [("x",), ("t", "up", "x")], ids=["record", "node"])
def test_a_page_looks_as_it_did(
    looks: Looks, sample: Path, keys: tuple[str, ...]
) -> None:
    """Headings, paragraphs, the bits of a hash, and keys as a node writes them."""

    async def arrive(pilot: Pilot[None]) -> None:
        await browsing(pilot)
        for key in keys:
            await pilot.press(key)
            await pilot.pause()

    looks(explorer(sample), arrive)
