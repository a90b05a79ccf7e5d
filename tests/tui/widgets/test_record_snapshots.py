"""What the record pane looks like in each of its ways, at three sizes.

Made again with ``uv run pytest tests/tui/widgets/test_record_snapshots.py
--snapshot-update``, and then looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview import Repo
from repoview.tui.screens.dialogs.copy import Copy
from tests.core.repos import make_repo
from tests.tui.record_app import POST, RECORDS, RecordApp

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from tests.tui.pictures import Looks

UNSOUND = "a.b.c/unsound"


@pytest.fixture(scope="module")
def repo() -> Repo:
    """The usual records, and one with findings."""
    return Repo.load(make_repo({**RECORDS, UNSOUND: {"": 1.5, "$type": "x.y.z"}}))


@pytest.mark.parametrize("name", ["json", "bytes", "path", "found", "copy"])
def test_the_record_pane_looks_as_it_did(looks: Looks, repo: Repo, name: str) -> None:
    """At a link in the JSON; findings of a record that has some."""
    app = RecordApp(repo, UNSOUND if name == "found" else POST)

    async def arrive(pilot: Pilot[None]) -> None:
        await pilot.pause()
        await pilot.press("down", "down", "left", "down", "down")
        if name == "copy":
            assert app.view.detail is not None
            app.push_screen(Copy(app.view.detail))
        else:
            app.view.show_tab(name)
        await pilot.pause()

    looks(app, arrive)
