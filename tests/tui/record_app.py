"""An app with a single record view, to test it in isolation.

The targets of links are tested with the explorer.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App, ComposeResult
from textual.containers import Horizontal

import repoview.tui
from repoview import Repo
from repoview.core.cid import RAW, Cid
from repoview.tui.session import Session
from repoview.tui.session.detail import record_detail
from repoview.tui.styles.theme import FALLBACKS, THEMES
from repoview.tui.widgets.record.record_view import RecordView
from tests.core.repos import DID, make_repo, many

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from textual.pilot import Pilot

    from repoview.core.formats.dagcbor.strict import Value
    from repoview.tui.visits.messages import Ask

_STYLES = Path(repoview.tui.__file__).parent / "styles"

BLOB = Cid.for_block(b"a picture", RAW)
AWAY = Cid.for_block(b"a post of somebody else")
POST = "app.bsky.feed.post/post"
PARENT = "app.bsky.feed.post/parent"

RECORDS: dict[str, Value] = {
    **many(200),
    PARENT: {},
    POST: {
        "$type": "app.bsky.feed.post",
        "text": "Look at https://example.com/garden: the first tomatoes! 🍅",
        "createdAt": "2026-04-01T09:30:00.000Z",
        "embed": {
            "$type": "app.bsky.embed.images",
            "images": [
                {
                    "alt": "Three red tomatoes",
                    "image": {
                        "$type": "blob",
                        "ref": BLOB,
                        "mimeType": "image/jpeg",
                        "size": 812_400,
                    },
                }
            ],
        },
        "reply": {
            "parent": {"uri": f"at://{DID}/{PARENT}", "cid": str(AWAY)},
            "root": {"uri": "at://did:plc:other/a.b.c/1", "cid": str(AWAY)},
        },
    },
}


class RecordApp(App[None]):
    """One record view, whose questions are answered from a repository."""

    CSS_PATH = [_STYLES / f"{name}.tcss" for name in ("base", "record", "dialogs/copy")]  # noqa: RUF012 (Textual reads it so)

    def __init__(self, repo: Repo, path: str) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name
        self.session = Session(repo)
        self._path = path

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give other themes defaults for the variables that ours define."""
        return FALLBACKS

    def compose(self) -> ComposeResult:
        """Lay out the view."""
        with Horizontal():
            yield RecordView(id="record")

    def on_mount(self) -> None:
        """Show the record."""
        self.show(self._path)
        self.view.focus_tab()

    @property
    def view(self) -> RecordView:
        """The view."""
        return self.query_one(RecordView)

    def show(self, path: str) -> None:
        """Show another record."""
        number = self.session.repo.find(path)
        assert number is not None
        self.view.fill(record_detail(self.session.repo, number))

    def on_ask(self, message: Ask) -> None:
        """Answer at once."""
        message.answer(message.question(self.session))


@cache
def _usual() -> Repo:
    return Repo.load(make_repo(RECORDS))


@asynccontextmanager
async def showing(
    path: str = POST,
    records: Mapping[str, Value] | Repo | None = None,
    size: tuple[int, int] = (80, 30),
) -> AsyncIterator[tuple[RecordApp, Pilot[None]]]:
    """Show one record of a repository, by default of `RECORDS`."""
    if isinstance(records, Repo):
        repo = records
    else:
        repo = _usual() if records is None else Repo.load(make_repo(records))
    app = RecordApp(repo, path)
    async with app.run_test(size=size, notifications=True) as pilot:
        await pilot.pause()
        yield app, pilot
