"""Navigation: the current view and place, and the history of places."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from repoview.tui.app.base.first_frame import DRAWN
from repoview.tui.app.base.garbage import freeze
from repoview.tui.app.views import view_named
from repoview.tui.app.visiting import Visiting
from repoview.tui.screens.dialogs.dialog import close_dialogs
from repoview.tui.screens.view import View
from repoview.tui.values.place import Place

if TYPE_CHECKING:
    from repoview.settings import Settings
    from repoview.tui.screens.browse import Browse
    from repoview.tui.visits.messages import Go
    from repoview.tui.visits.visit import Visit


class Navigating(Visiting):
    """Goes to places of the current visit; a view is made once per visit.

    Args:
        settings: Has the paths of the configuration and the state.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._views: dict[tuple[Visit, str], View] = {}

    @property
    def browse(self) -> Browse | None:
        """The browse view of the current visit, once there is one."""
        return cast("Browse | None", self._views.get((self.visit, "browse")))

    @property
    def view(self) -> View | None:
        """The current view, below any dialogs; None before there is one."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, View):
                return screen
        return None

    def views_of(self, visit: Visit) -> list[View]:
        """Return the views of a visit that were opened."""
        return [view for (of, _), view in self._views.items() if of is visit]

    def last_view_of(self, visit: Visit) -> View | None:
        """Return the view that a visit showed last, if any."""
        return self._views.get((visit, visit.shown))

    def forget_views_of(self, visit: Visit) -> None:
        """Drop the views of a visit that is not a mode of the app any more."""
        for view in self.views_of(visit):
            del self._views[visit, view.VIEW]
            self.uninstall_screen(_name_of(view))

    def go(self, place: Place, *, is_noted: bool = True) -> None:
        """Go to a place of the current visit.

        Args:
            place: Where to.
            is_noted: Whether the place that is left goes into the history.
        """
        close_dialogs(self)
        here, visit = self.view, self.visit
        if here is not None and is_noted:
            visit.history.leave(here.place())
        visit.shown = place.view
        view = self._views.get((visit, place.view))
        if view is None:
            view = self._views[visit, place.view] = view_named(place.view)(visit)
            self.install_screen(view, _name_of(view))
            self.set_timer(DRAWN, freeze)
        if view is not here:
            if here is None:
                self.push_screen(view)
            else:
                self.switch_screen(view)
            self.call_after_refresh(self.tell_tabs)
        view.show(place)

    def on_go(self, message: Go) -> None:
        """Go to a place."""
        self.go(message.place)

    def action_view(self, name: str) -> None:
        """Switch to a view, as it was left."""
        here = self.view
        if here is not None and name == here.VIEW:
            return
        if here is not None and name in {"tree", "diagram"}:
            # The tree opens at the current record.
            self.go(here.place()._replace(view=name))
        else:
            self.go(Place(name))

    def action_go_back(self) -> None:
        """Go back in the history; from its beginning, to the records."""
        if self.view is None:
            return
        place = self.visit.history.back(self.view.place())
        if place is None and self.view.VIEW != "browse":
            place = Place("browse")
        if place is not None:
            self.go(place, is_noted=False)

    def action_forward(self) -> None:
        """Go forward in the history."""
        if self.view is not None:
            place = self.visit.history.forward(self.view.place())
            if place is not None:
                self.go(place, is_noted=False)

    def action_go_to(self) -> None:
        """Ask where to go."""
        if self.session is None:
            self.notify("One can go to places when all is read.", markup=False)
            return
        from repoview.tui.screens.dialogs.goto import GoTo

        self.push_screen(GoTo(self.session), self._gone_to)

    def _gone_to(self, place: Place | None) -> None:
        if place is not None:
            self.go(place)


def _name_of(view: View) -> str:
    """Return the name under which the app has a view."""
    return f"{view.visit.id}-{view.VIEW}"
