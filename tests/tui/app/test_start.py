"""Facts about the start of the explorer: what it does without until it draws."""

from __future__ import annotations

import gc
import json
import sys
from typing import TYPE_CHECKING, Final

import pytest
from textual.widgets import Static

from repoview.tui.app.base import garbage
from repoview.tui.app.base.first_frame import WholeFirst
from repoview.tui.textual_internals import Rendered
from tests.tui.pseudo_terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from textual.app import ComposeResult
    from textual.strip import Strip

LATE: Final = (
    "cryptography",
    "email",
    "httpx",
    "jmespath",
    "markdown_it",
    "multiformats",
    "pygments",
    "rich.markdown",
    "rich.syntax",
    "zstandard",
    "repoview.core.block_table.build",
    "repoview.core.index.text_search",
    "repoview.core.inventory",
    "repoview.core.kernel.pure",
    "repoview.learn",
    "repoview.tui.screens.blocks",
    "repoview.tui.screens.findings",
    "repoview.tui.screens.overview",
    "repoview.tui.screens.tree",
)
"""Modules that no first screen needs."""

SCRIPT: Final = """
import json, sys
from pathlib import Path
from repoview.tui.app.base import first_frame
from repoview.tui.app.base.first_frame import WholeFirst

# Also a slow machine waits until the first frame is whole.
first_frame._TIMEOUT = 60.0
begin = WholeFirst.begin_drawing

def begin_drawing(app):
    if not app.is_drawing:
        Path(sys.argv[1]).write_text(json.dumps(sorted(sys.modules)))
    begin(app)

WholeFirst.begin_drawing = begin_drawing
from repoview.cli import main
sys.exit(main(sys.argv[2:]))
"""


def test_what_a_first_screen_needs_not_is_not_imported(
    sample: Path, tmp_path: Path
) -> None:
    """By when the explorer begins to draw."""
    told = tmp_path / "modules.json"
    terminal = Terminal(
        str(told),
        str(sample),
        command=(sys.executable, "-c", SCRIPT),
        environment={"XDG_STATE_HOME": str(tmp_path)},
    )
    terminal.wait_for("q Quit")
    terminal.press("q")
    assert terminal.end() == 0
    modules = set(json.loads(told.read_text()))
    assert "repoview.tui.screens.browse" in modules
    assert not modules & set(LATE)


@pytest.fixture
def collecting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Collect garbage as in the program, and leave it as it was."""
    monkeypatch.setattr(garbage, "gc", gc)
    frozen = gc.get_freeze_count()
    yield
    gc.enable()
    gc.unfreeze()
    gc.collect()
    if frozen:
        gc.freeze()


class Slow(WholeFirst):
    """An app whose first frame is complete when it is told so."""

    is_whole = False

    @property
    def has_frame(self) -> bool:
        """Whether it was told."""
        return self.is_whole


@pytest.mark.usefixtures("collecting")
async def test_garbage_is_collected_once_there_is_a_frame() -> None:
    """And nothing that was made for it is looked at again."""
    frozen = gc.get_freeze_count()
    garbage.begin_start()
    app = Slow()
    async with app.run_test() as pilot:
        assert not gc.isenabled()
        app.is_whole = True
        while not app.is_drawing:
            await pilot.pause(0.01)
        assert gc.isenabled()
        assert gc.get_freeze_count() > frozen


class Counting(Static):
    """A widget that counts the lines that are rendered of it."""

    rendered = 0

    def render_line(self, y: int) -> Strip:
        """Return a line, and count it."""
        self.rendered += 1
        return super().render_line(y)


class Screenful(Rendered):
    """A screen that is drawn if its app says so."""

    @property
    def is_wanted(self) -> bool:
        """Whether its app draws."""
        return bool(self.app.wants_frame)  # type: ignore[attr-defined]

    def compose(self) -> ComposeResult:
        """Lay out one widget."""
        yield Counting("text")


async def test_what_is_not_drawn_is_not_rendered() -> None:
    """However often it changes; and then all of it is."""
    app = Slow()
    async with app.run_test() as pilot:
        await app.push_screen(screen := Screenful())
        widget = screen.query_one(Counting)
        for _ in range(3):
            widget.refresh(layout=True)
            await pilot.pause(0.05)
        assert widget.size.width > 0
        assert not app.is_drawing
        assert not widget.rendered
        app.is_whole = True
        while not app.is_drawing:
            await pilot.pause(0.01)
        await pilot.pause()
        assert widget.rendered
