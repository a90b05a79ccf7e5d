"""What marks, dialogs and a screen without colors look like, at three sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.settings import Settings
from tests.tui.conftest import explorer
from tests.tui.screens.test_snapshots import opened

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.tui.pictures import Looks

KEYS: dict[str, list[str]] = {
    "marks": ["space", "space", "down", "space"],
    "export": ["space", "space", "e"],
    "export car": [
        "shift+tab",
        "down",
        "down",
        "down",
        "tab",
        "e",
        "shift+tab",
        *["down"] * 8,
    ],
    "export taken": ["e", *"taken.jsonl", "enter"],
    "no bookmarks": ["apostrophe"],
    "signature": ["K", *"did:plc:abc"],
    "bookmarks": ["m", "down", "m", "t", "m", "apostrophe", "down"],
}


@pytest.mark.parametrize("name", KEYS)
def test_it_looks_as_it_did(
    looks: Looks,
    sample: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """Over the sample repository."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken.jsonl").touch()

    async def arrive(pilot: Pilot[None]) -> None:
        await opened(pilot, KEYS[name])
        await pilot.app.workers.wait_for_complete()
        # The dialog looks every tenth of a second at what its thread came to.
        while pilot.app.screen.has_class("-writing"):
            await pilot.pause()
        await pilot.pause()

    app = explorer(sample, settings=Settings(state=tmp_path / "state"))
    looks(app, arrive)


def test_without_colors_it_looks_as_it_did(looks: Looks, sample: Path) -> None:
    """The cursor is reversed, and the pane with the keys has a heavy frame."""

    async def arrive(pilot: Pilot[None]) -> None:
        await opened(pilot, ["down", "space"])

    app = explorer(sample, settings=Settings(color=False))
    looks(app, arrive)
