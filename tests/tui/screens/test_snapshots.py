"""What each screen looks like, at the smallest size and at usual ones.

Made again with ``uv run pytest tests/tui/screens/test_snapshots.py
--snapshot-update``, and then looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from repoview.settings import Settings
from repoview.tui.app.explorer import Explorer
from repoview.tui.screens.opening import Opening
from repoview.tui.visits.visit import Visit
from tests.tui.conftest import browsing, explorer

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import App
    from textual.pilot import Pilot

    from tests.tui.pictures import Looks

SCREENS: dict[str, list[str]] = {
    "browse": ["down", "down", "down", "down"],
    "collection": ["shift+tab", "down", "down", "down", "down", "tab", "down"],
    "bytes": ["down", "2", "tab", "down", "down"],
    "filter": ["slash", *"like"],
    "go to": ["colon", *"no such place", "enter"],
    "tree": ["down", "down", "down", "t"],
    "whole tree": ["t", "g", "asterisk", "down", "down"],
    "diagram": ["down", "down", "down", "d"],
    "shape of the tree": ["d", "z", *["right"] * 9],
    "help": ["question_mark"],
    "verdict": ["v"],
}
"""What to press on the sample to come to each screen."""

BROKEN: dict[str, list[str]] = {
    "broken verdict": ["v"],
    "broken tree": ["t", "g", "down"],
    "whole broken tree": ["t", "g", "asterisk", "down", "down", "down", "down"],
    "broken diagram": ["d", "g"],
    "missing record": ["G"],
}
"""The same on a repository with holes."""


class Compare(Protocol):
    """The fixture that compares a screen with its picture at one size."""

    def __call__(
        self,
        app: App[None],
        *,
        terminal_size: tuple[int, int],
        run_before: object = None,
    ) -> bool:
        """Return whether they are the same."""


async def opened(pilot: Pilot[None], keys: list[str]) -> None:
    """Wait for the repository, and press *keys*."""
    await browsing(pilot)
    for key in keys:
        await pilot.press(key)
    await pilot.pause()


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_looks_as_it_did(looks: Looks, sample: Path, name: str) -> None:
    """Over the sample repository."""

    async def arrive(pilot: Pilot[None]) -> None:
        await opened(pilot, SCREENS[name])

    app = explorer(sample)
    looks(app, arrive)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_repository_looks_as_it_did(
    looks: Looks, broken: Path, name: str
) -> None:
    """Holes are drawn, and the verdict cannot be missed."""

    async def arrive(pilot: Pilot[None]) -> None:
        await opened(pilot, BROKEN[name])

    app = explorer(broken)
    looks(app, arrive)


class HalfOpen(Explorer):
    """An explorer that stands still in the middle of opening."""

    def __init__(self) -> None:
        settings = Settings()
        super().__init__([Visit("repo.car", settings, "repo.car")], settings)
        counters = self.visit.loading.counters
        counters.done = 180_000_000
        counters.total = 472_000_000
        counters.blocks = 640_000
        # Far ahead: a bar whose clock has not begun shows no speed.
        counters.started = float("inf")

    def follow(self, visit: Visit) -> None:
        """Show how far it is, and do not go on."""
        self.add_mode(visit.id, lambda: Opening(visit))


def test_opening_looks_as_it_did(looks: Looks) -> None:
    """A bar, bytes, blocks."""

    async def settle(pilot: Pilot[None]) -> None:
        await pilot.pause()

    app = HalfOpen()
    looks(app, settle)
