"""What overview, blocks and findings look like: right, broken, and empty.

Made again with ``uv run pytest tests/tui/screens/test_view_snapshots.py
--snapshot-update``, and then looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.tui.screens.blocks import BlocksView
from repoview.tui.screens.overview import OverviewView
from repoview.tui.widgets.block_list import BlockList
from tests.core.repos import make_repo
from tests.tui.conftest import browsing, explorer, until

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.tui.pictures import Looks


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A repository without a record."""
    path = tmp_path / "empty.car"
    path.write_bytes(make_repo({}))
    return path


def is_there(pilot: Pilot[None]) -> bool:
    """Tell whether what threads work out is shown."""
    screen = pilot.app.screen
    if isinstance(screen, OverviewView):
        return screen.is_counted
    if isinstance(screen, BlocksView):
        return screen.query_one(BlockList).count > 0
    return True


@pytest.mark.parametrize("which", ["sample", "broken", "empty"])
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("overview", ["i"]),
        ("overview below", ["i", "G"]),
        ("blocks", ["b", "down"]),
        ("blocks by size", ["b", "s", "right", "right"]),
        ("findings", ["v", "right", "down"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_view_looks_as_it_did(
    looks: Looks,
    request: pytest.FixtureRequest,
    which: str,
    name: str,
    keys: list[str],
) -> None:
    """Over a right repository, one with holes, and one without records."""
    path: Path = request.getfixturevalue(which)
    assert name

    async def arrive(pilot: Pilot[None]) -> None:
        await browsing(pilot)
        for key in keys:
            await pilot.press(key)
            await until(pilot, lambda: is_there(pilot))
        # What was asked of a thread is shown at the next look at it.
        await pilot.pause(0.3)

    looks(explorer(path), arrive)
