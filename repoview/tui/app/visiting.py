"""The interface that the explorer's mixins share."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from repoview.tui.app.base.program import Program

if TYPE_CHECKING:
    from repoview.tui.screens.view import View
    from repoview.tui.session import Session
    from repoview.tui.values.place import Place
    from repoview.tui.visits.visit import Visit


class Visiting(Program):
    """An app that shows one visit, in one view, at a place."""

    visits: list[Visit]
    """The open visits, in the order of the tabs."""

    @property
    @abstractmethod
    def visit(self) -> Visit:
        """The current visit."""

    @property
    @abstractmethod
    def view(self) -> View | None:
        """The current view, below any dialogs; None before there is one."""

    @abstractmethod
    def go(self, place: Place, *, is_noted: bool = True) -> None:
        """Go to a place of the current visit.

        Args:
            place: Where to.
            is_noted: Whether the place that is left goes into the history.
        """

    @abstractmethod
    def tell_tabs(self) -> None:
        """Update the tabs on the current screen."""

    @abstractmethod
    def action_tab(self, number: int) -> None:
        """Switch to a source by the number of its tab, from 1."""

    @property
    def session(self) -> Session | None:
        """The session of the current visit, once all of it is read."""
        return self.visit.session
