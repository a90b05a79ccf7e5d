"""The page that answers "what am I seeing?", above the view that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical

from repoview.tui.screens.dialogs.dialog import Dialog
from repoview.tui.widgets.base.page import ScrolledPage
from repoview.tui.widgets.pictures.sections import SectionText

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.present.seeing.page import Page


class Seeing(Dialog[None]):
    """A page of text that is scrolled.

    Args:
        page: What it says.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,x,q", "dismiss(None)", "Close", id="seeing.close"),
    ]

    def __init__(self, page: Page) -> None:
        super().__init__()
        self._page = page

    def compose(self) -> ComposeResult:
        """Lay out the page."""
        box = Vertical(id="seeing")
        box.border_title = f"What am I seeing? {self._page.title.capitalize()}"
        box.border_subtitle = "↓ ↑ move · Esc closes"
        with box, ScrolledPage(id="seeing-page"):
            yield SectionText(self._page.sections, id="seeing-text")

    def on_mount(self) -> None:
        """Give the page the keys."""
        self.query_one(ScrolledPage).focus()
