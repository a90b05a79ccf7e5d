"""Facts about screens that ask their widgets for no more than is drawn of them."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from textual._compositor import Compositor
from textual.app import App
from textual.containers import Container
from textual.geometry import Region
from textual.widgets import Static

from repoview.tui import textual_internals as internals
from repoview.tui.textual_internals import Sparing

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.strip import Strip
    from textual.widget import Widget

TEXT = "\n".join(
    "漢字 and words that go on and on, from edge to edge"[n % 7 :] for n in range(30)
)


class Asked(Static):
    """A widget that keeps which of its lines were asked for."""

    asked: ClassVar[list[tuple[str | None, int]]] = []

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return lines, and keep which."""
        self.asked.extend((self.id, y) for y in crop.line_range)
        return super().render_lines(crop)


class Panes(Sparing[None]):
    """Two widgets side by side, one that overlaps both, and one that is covered."""

    CSS = """
    Panes { layers: low high; layout: horizontal; }
    #left, #right { width: 50%; height: 100%; border: round red; }
    #over { layer: high; width: 21; height: 5; offset: 29 4; background: blue; }
    #under { layer: low; width: 100%; height: 100%; position: absolute; }
    """

    def compose(self) -> ComposeResult:
        """Lay them out."""
        yield Asked("out of sight", id="under")
        yield Asked(TEXT, id="left")
        yield Container(Asked(TEXT, id="right"), id="half")
        yield Asked(TEXT, id="over")


class Draws(App[None]):
    """An app with such a screen."""

    def on_mount(self) -> None:
        """Show it."""
        self.push_screen(Panes())


def compositor_of(screen: object) -> Any:
    """Return what composes the lines of a screen."""
    return vars(screen)["_compositor"]


def both(screen: Panes, draw: Callable[[Any], Any]) -> tuple[Any, Any]:
    """Return what a screen and what Textual makes of the same state."""
    ours, theirs = compositor_of(screen), Compositor()
    state = vars(ours)
    vars(theirs).update(state, _dirty_regions=set(state["_dirty_regions"]))
    return draw(ours), draw(theirs)


def without_bare_moves(written: str) -> str:
    """Return what is written without moves of the cursor to where nothing is."""
    return re.sub(r"\x1b\[\d+;\d+H(?=\x1b\[\d+;\d+H|\n|$)", "", written)


async def test_a_whole_screen_looks_as_textual_draws_it() -> None:
    """With wide characters across the edges of what is over them."""
    async with Draws().run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, Panes)
        ours, theirs = both(screen, lambda each: each.render_strips())
        assert len(ours) == 24
        assert ours == theirs


@pytest.mark.parametrize("seed", range(20))
async def test_a_part_looks_as_textual_draws_it(seed: int) -> None:
    """Whatever parts of whichever widgets are drawn again."""
    random = Random(seed)  # noqa: S311 (no secret)
    async with Draws().run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        screen = pilot.app.screen
        assert isinstance(screen, Panes)
        for _ in range(10):
            widgets: set[Widget] = set()
            for widget in random.sample(list(screen.query(Asked)), 2):
                x, y = random.randrange(40), random.randrange(24)
                widget.refresh(
                    Region(x, y, random.randint(1, 40), random.randint(1, 9))
                )
                widgets.add(widget)
            compositor_of(screen).update_widgets(widgets)
            if not vars(compositor_of(screen))["_dirty_regions"]:
                continue

            def written(each: Any) -> str:
                update = each.render_partial_update()
                return without_bare_moves(update.render_segments(pilot.app.console))

            ours, theirs = both(screen, written)
            assert ours == theirs
            assert compositor_of(screen).render_partial_update() is None


async def test_what_is_covered_is_not_asked_for_lines() -> None:
    """Nor is what stands beside that which is drawn again."""
    async with Draws().run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        Asked.asked.clear()
        pilot.app.screen.query_one("#left", Asked).refresh(Region(0, 3, 9, 2))
        await pilot.pause()
        assert Asked.asked == [("left", 4), ("left", 5)]


async def test_without_a_compositor_to_build_on_textual_s_own_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It draws the same, but asks for more."""
    monkeypatch.setattr(internals, "has_compositor", False)
    async with Draws().run_test() as pilot:
        assert type(compositor_of(pilot.app.screen)) is Compositor
