"""Bookmarks: places of a repository that are remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.present import safe
from repoview.tui.app.visiting import Visiting

if TYPE_CHECKING:
    from repoview.tui.remembered.state import Spot
    from repoview.tui.screens.dialogs.bookmarks import Bookmarks

_LABEL: Final = 300
"""Characters of a bookmark's label in a notification."""


class Bookmarking(Visiting):
    """Sets and lists bookmarks, and goes to them."""

    def action_bookmark(self) -> None:
        """Bookmark the current place, or remove its bookmark."""
        session, view = self.session, self.view
        if session is None or view is None:
            self.notify("Places can be bookmarked when all is read.", markup=False)
            return
        spot = session.spots.spot(view.place())
        added = self.state.toggle(session.spots.key, spot)
        if added is None:
            self.notify("Nothing is remembered in this visit.", markup=False)
            return
        says = "Bookmarked" if added else "No longer bookmarked"
        self.notify(f"{says}: {safe(spot.label, _LABEL)}", markup=False)

    def action_bookmarks(self) -> None:
        """Show the bookmarks of this repository."""
        session = self.session
        if session is None:
            self.notify("Bookmarks are there when all is read.", markup=False)
            return
        from repoview.tui.screens.dialogs.bookmarks import Bookmarks

        memory = self.state.of(session.spots.key)
        self.push_screen(Bookmarks(memory.bookmarks), self._bookmark_chosen)

    def _bookmark_chosen(self, spot: Spot | None) -> None:
        if spot is None:
            return
        place = self.visit.whole.spots.place(spot)
        if place is None:
            text = f"{safe(spot.label, _LABEL)} is not in this repository any more."
            self.notify(text, severity="warning", markup=False)
        else:
            self.go(place)

    def on_bookmarks_forgotten(self, message: Bookmarks.Forgotten) -> None:
        """Remove a bookmark."""
        self.state.toggle(self.visit.whole.spots.key, message.spot)
