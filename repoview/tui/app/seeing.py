"""What am I seeing: a page about the view, with what is under the cursor in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.tui.app.navigating import Navigating

if TYPE_CHECKING:
    from repoview.present.seeing.page import Page


class Explaining(Navigating):
    """Explains what is shown."""

    def action_explain(self) -> None:
        """Show the page about the current place."""
        view, session = self.view, self.session
        if view is None:
            return
        if session is None:
            self.notify("That can be told when all is read.", markup=False)
            return
        self._show_page(session.seeing.page(view.place()))

    def _show_page(self, page: Page) -> None:
        from repoview.tui.screens.dialogs.seeing import Seeing

        self.push_screen(Seeing(page))
