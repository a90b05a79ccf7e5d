"""What the parts of the explorer may ask of the whole."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from repoview.tui.app.program import Program

if TYPE_CHECKING:
    from repoview.tui.screens.view import View
    from repoview.tui.session import Session
    from repoview.tui.values.place import Place
    from repoview.tui.visits.visit import Visit


class Visiting(Program):
    """An app that shows one visit, in one view, at a place."""

    visits: list[Visit]
    """What is open, in the order of the tabs."""

    @property
    @abstractmethod
    def visit(self) -> Visit:
        """The visit that is shown."""

    @property
    @abstractmethod
    def view(self) -> View | None:
        """The view that is shown, if any, below dialogs."""

    @abstractmethod
    def go(self, place: Place, *, is_noted: bool = True) -> None:
        """Show a place of the visit that is shown.

        Args:
            place: Where to.
            is_noted: Whether one can come back to where the reader is now.
        """

    @abstractmethod
    def tell_tabs(self) -> None:
        """Have the screen that is shown say which visits there are."""

    @property
    def session(self) -> Session | None:
        """The repository that is shown, once all of it is read."""
        return self.visit.session
