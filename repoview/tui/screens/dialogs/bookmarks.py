"""The dialog with the bookmarks of this repository."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from repoview.present import safe
from repoview.tui.screens.dialogs.dialog import Dialog
from repoview.tui.visits.messages import Upward

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from repoview.tui.remembered.state import Spot

_NONE: Final = "Nothing is bookmarked here yet: m bookmarks the place where you are."


class Bookmarks(Dialog["Spot | None"]):
    """A list of bookmarks; its result is the one to go to, or None.

    Args:
        spots: The bookmarks, the oldest first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,apostrophe", "dismiss(None)", "Back", id="bookmarks.back"),
        Binding("delete,d", "forget", "Remove", id="bookmarks.remove"),
        Binding("j", "move('down')", "Down", show=False, id="bookmarks.down"),
        Binding("k", "move('up')", "Up", show=False, id="bookmarks.up"),
        Binding("g", "move('first')", "First", show=False, id="bookmarks.first"),
        Binding("G", "move('last')", "Last", show=False, id="bookmarks.last"),
    ]

    @dataclass
    class Forgotten(Upward):
        """The user removed a bookmark."""

        spot: Spot

    def __init__(self, spots: Sequence[Spot]) -> None:
        super().__init__()
        self._spots = {str(number): spot for number, spot in enumerate(spots)}
        """By the id of their option; an index changes when one is removed."""

    def compose(self) -> ComposeResult:
        """Lay out the list, or a sentence if there is none."""
        box = Vertical(id="bookmarks")
        box.border_title = "Bookmarks"
        box.border_subtitle = "Enter goes · Delete removes · Esc closes"
        with box:
            options = (Option(_line(s), id=name) for name, s in self._spots.items())
            yield OptionList(*options, id="spots")
            yield Static(_NONE, id="no-spots", markup=False)

    def on_mount(self) -> None:
        """Put the cursor on the first."""
        self._show()

    def _show(self) -> None:
        spots = self.query_one("#spots", OptionList)
        spots.display = bool(self._spots)
        self.query_one("#no-spots").display = not self._spots
        if self._spots:
            spots.focus()
            if spots.highlighted is None:
                spots.highlighted = 0

    def on_option_list_option_selected(
        self, message: OptionList.OptionSelected
    ) -> None:
        """Go there, unless it was removed meanwhile."""
        message.stop()
        spot = self._spots.get(message.option_id or "")
        if spot is not None:
            self.dismiss(spot)

    def action_forget(self) -> None:
        """Remove the bookmark under the cursor."""
        spots = self.query_one("#spots", OptionList)
        at = spots.highlighted
        if at is not None and self._spots:
            name = spots.get_option_at_index(at).id or ""
            self.post_message(self.Forgotten(self._spots.pop(name)))
            spots.remove_option_at_index(at)
            spots.highlighted = min(at, len(self._spots) - 1) if self._spots else None
            self._show()

    def action_move(self, where: str) -> None:
        """Move the cursor of the list."""
        spots = self.query_one("#spots", OptionList)
        {
            "down": spots.action_cursor_down,
            "up": spots.action_cursor_up,
            "first": spots.action_first,
            "last": spots.action_last,
        }[where]()


def _line(spot: Spot) -> Content:
    return Content(f"{safe(spot.view, 12):<9} {safe(spot.label or spot.name, 200)}")
