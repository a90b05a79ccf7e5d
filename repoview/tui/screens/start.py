"""The start screen: asks what to open when no source was named."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static

from repoview.tui.remembered.sources import Choice
from repoview.tui.widgets.frame.key_bar import KeyBar
from repoview.tui.widgets.frame.source_picker import SourcePicker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from repoview.tui.remembered.state import Recent

DEMO: Final = "demo:"
"""The name of the sample repository; neither a path nor an address."""

_SAYS: Final = (
    "An AT Protocol repository is all that one account has published: signed "
    "records in a tree of hashes. Open one that you have as a CAR file or know "
    "the address of, or look around in a sample."
)


class Start(Screen[None]):
    """A source picker with the recent sources and the sample.

    Args:
        recent: The recent sources, the latest first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.leave", "Leave", id="start.leave"),
    ]

    def __init__(self, recent: Sequence[Recent]) -> None:
        super().__init__()
        self._recent = recent

    def compose(self) -> ComposeResult:
        """Lay out a box in the middle."""
        demo = Choice("demo", "a sample repository, made here", DEMO)
        box = Vertical(id="start")
        box.border_title = "repoview"
        with box:
            yield Static(Text(_SAYS), id="start-says")
            yield SourcePicker(self._recent, [demo])
        yield KeyBar()
