"""The explorer: which visit and which view is shown, and the threads that load."""

from __future__ import annotations

from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, ClassVar, Final, cast

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.screen import Screen

from repoview.tui.app.garbage import drop_what_was, keep_what_is
from repoview.tui.app.keeper import Keeper
from repoview.tui.app.views import import_rest, view_named
from repoview.tui.screens.dialog import close_dialogs
from repoview.tui.screens.opening import Opening
from repoview.tui.screens.view import View
from repoview.tui.styles.style_sheets import STYLES
from repoview.tui.values.place import Place
from repoview.tui.visits.messages import Told
from repoview.tui.widgets.frame.visit_tabs import VisitTabs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import PurePath

    from repoview.settings import Settings
    from repoview.tui.screens.browse import Browse
    from repoview.tui.session import Session
    from repoview.tui.visits.messages import Go, VisitChosen
    from repoview.tui.visits.visit import Visit

_INTERRUPTED: Final = 130

_LOOK: Final = 0.1
"""Seconds between two looks at what a thread that loads has come to."""

_SHORT: Final = 0.25
"""Seconds of reading for which nobody has to see how far it is."""

_DRAWN: Final = 0.3
"""Seconds after which a first screen is surely drawn."""

_LOOK_AT_FILE: Final = 2.0
"""Seconds between two looks at whether a file is still the same."""


class Explorer(Keeper):
    """Repositories on a terminal, one a tab.

    Args:
        visits: The sources; those that are not being read yet soon are.
        settings: What to check, and how much memory to take.
    """

    CSS_PATH: ClassVar[list[str | PurePath]] = [*STYLES]
    TITLE = "repoview"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", "End", show=False, priority=True, id="app.end"),
        Binding("ctrl+q", "leave", "Leave", show=False, priority=True, id="app.leave"),
    ]

    def __init__(self, visits: Sequence[Visit], settings: Settings) -> None:
        super().__init__(settings)
        self.visits = list(visits)
        for visit in visits:
            visit.config = self.config
        self._current = self.visits[0]
        self._views: dict[tuple[Visit, str], View] = {}

    # Visits

    @property
    def visit(self) -> Visit:
        """The visit that is shown."""
        return self._current

    @property
    def session(self) -> Session | None:
        """The repository that is shown, once all of it is read."""
        return self.visit.session

    def on_mount(self) -> None:
        """Watch what is read, and show the first."""
        for visit in self.visits:
            self._load(visit)
        self.switch_mode(self._current.id)
        self.use_settings()
        self._tell_tabs()
        self.set_interval(_LOOK, self._look)
        self.set_interval(_LOOK_AT_FILE, self._look_at_files)

    @staticmethod
    def _first_screen(visit: Visit) -> Screen[None]:
        """Return what stays below the views, and until then tells of the opening."""
        return Screen() if visit.loading.is_at_hand else Opening(visit)

    def _load(self, visit: Visit) -> None:
        self.add_mode(visit.id, partial(self._first_screen, visit))

        def told() -> None:
            self.post_message(Told(visit))

        visit.loading.tell = told
        visit.loading.begin()
        # It may have come to its end before it had somebody to tell.
        told()

    def on_told(self, message: Told) -> None:
        """Hand out answers; take a repository over that was read to its end."""
        visit, loading = message.visit, message.visit.loading
        if visit.is_closed:
            return
        if loading.fault is not None:
            raise loading.fault
        loading.give_answers()
        if loading.session is not None and not visit.is_whole:
            visit.take_over()
            self._taken_over(visit)
        elif loading.error is not None or (loading.exit_code and not visit.is_whole):
            self._failed(visit)

    def _taken_over(self, visit: Visit) -> None:
        self._tell_tabs()
        self.set_timer(_DRAWN, partial(self._drawn, visit))
        if visit is self._current:
            self._settle()
        for view in self._views_of(visit):
            view.tell()
        if visit is self._current and visit.loading.exit_code:
            # Nothing can be browsed: say what is wrong before anything else.
            self.go(Place("findings"))
        elif visit is self._current:
            self.restore(visit)

    def _drawn(self, visit: Visit) -> None:
        """Let what can wait begin: the first screen is there."""
        visit.loading.shown()
        if visit in self.visits:
            self.note_recent(visit)
        Thread(target=import_rest, daemon=True).start()

    def _failed(self, visit: Visit) -> None:
        """Say why there is nothing to see; who never saw anything is sent away."""
        if visit.loading.error is not None and (
            len(self.visits) > 1 or visit.is_again or self._views_of(visit)
        ):
            self._look()
            return
        # As `str` it would be read as markup, and a name may hold some.
        error = visit.loading.error
        says = None if error is None else Text(error)
        self.exit(return_code=visit.loading.exit_code, message=says)

    def _look(self) -> None:
        """Show what is known by now of the visit that is shown."""
        visit = self._current
        if visit.is_whole:
            return
        while visit.loading.error is not None and len(self.screen_stack) > 1:
            # Nobody answers views any more: below them stands why.
            self.pop_screen()
        self._settle()
        # The opening below a view is not told: all would be drawn again for it.
        if isinstance(self.screen, Opening):
            self.screen.tell()
        elif self.view is not None:
            self.view.tell()

    def _look_at_files(self) -> None:
        """See whether the file that is shown is still the same."""
        visit = self._current
        if visit.session is None or visit.is_changed:
            return
        if visit.can_be_read_again and visit.session.is_changed():
            visit.is_changed = True
            for view in self._views_of(visit):
                view.tell_status()
            self.notify(
                "The file was changed. ctrl+r reads it again.",
                severity="warning",
                markup=False,
            )

    def _settle(self) -> None:
        """Go on from the opening screen once there is something to look at."""
        if len(self.screen_stack) == 1 and self._current.is_known:
            self.go(Place("browse"), is_noted=False)

    def _tell_tabs(self) -> None:
        for tabs in self.screen.query(VisitTabs):
            tabs.tell(self.visits, self._current)

    def _turn_to(self, visit: Visit) -> None:
        self._current = visit
        self.switch_mode(visit.id)
        self._settle()
        self.call_after_refresh(self._tell_tabs)
        self.call_after_refresh(self._look)

    def on_visit_chosen(self, message: VisitChosen) -> None:
        """Show another of the sources that are open."""
        self.action_tab(message.number + 1)

    def action_tab(self, number: int) -> None:
        """Show a source by the number of its tab, from 1."""
        if number <= len(self.visits):
            self._turn_to(self.visits[number - 1])

    def action_turn(self, by: int) -> None:
        """Show the next source, or the one before."""
        place = self.visits.index(self._current) + by
        self._turn_to(self.visits[place % len(self.visits)])

    def action_open(self) -> None:
        """Ask for another source, and open it in a tab of its own."""
        from repoview.tui.screens.open_another import OpenAnother

        self.push_screen(OpenAnother(self.recent(self.visits)), self._open)

    def _open(self, name: str | None) -> None:
        if not name:
            return
        visit = self.new_visit(name, name)
        self.visits.append(visit)
        self._add(visit)

    def _add(self, visit: Visit) -> None:
        self._load(visit)
        self._turn_to(visit)

    def action_reload(self) -> None:
        """Read the source again, and come back to where the reader was."""
        old = self._current
        if not old.can_be_read_again:
            self.notify("A pipe cannot be read again.", markup=False)
            return
        visit = self.new_visit(old.target, old.called)
        visit.is_again = True
        visit.comes_from = self.spot_of(old, self.view) or old.comes_from
        self.visits[self.visits.index(old)] = visit
        self._add(visit)
        self._forget(old)

    def action_close_visit(self) -> None:
        """Close the tab; with the last one, the explorer."""
        old = self._current
        if len(self.visits) == 1:
            self.action_leave()
            return
        place = self.visits.index(old)
        self.visits.remove(old)
        self._turn_to(self.visits[min(place, len(self.visits) - 1)])
        self._forget(old)

    def _forget(self, visit: Visit) -> None:
        self.remember(visit, self._views.get((visit, visit.shown)))
        visit.loading.tell = lambda: None
        visit.close()
        self.remove_mode(visit.id)
        for view in self._views_of(visit):
            del self._views[visit, view.VIEW]
            self.uninstall_screen(f"{visit.id}-{view.VIEW}")
        self.set_timer(_DRAWN, drop_what_was)

    @property
    def has_frame(self) -> bool:
        """Whether what is shown first is there as a whole.

        How far the reading is, is told only where that takes a while.
        """
        screen = self.screen
        if isinstance(screen, Opening):
            return self.waited > _SHORT
        return isinstance(screen, View) and screen.is_there

    # Views and places

    @property
    def browse(self) -> Browse | None:
        """The browse view of the visit that is shown, once there is one."""
        return cast("Browse | None", self._views.get((self.visit, "browse")))

    @property
    def view(self) -> View | None:
        """The view that is shown, if any, below dialogs."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, View):
                return screen
        return None

    def _views_of(self, visit: Visit) -> list[View]:
        """Return the views of a visit that were looked at."""
        return [view for (of, _), view in self._views.items() if of is visit]

    def go(self, place: Place, *, is_noted: bool = True) -> None:
        """Show a place.

        Args:
            place: Of the visit that is shown.
            is_noted: Whether one can come back to where the reader is now.
        """
        close_dialogs(self)
        here, visit = self.view, self.visit
        if here is not None and is_noted:
            visit.history.leave(here.place())
        visit.shown = place.view
        view = self._views.get((visit, place.view))
        if view is None:
            view = self._views[visit, place.view] = view_named(place.view)(visit)
            self.install_screen(view, f"{visit.id}-{place.view}")
            self.set_timer(_DRAWN, keep_what_is)
        if view is not here:
            if here is None:
                self.push_screen(view)
            else:
                self.switch_screen(view)
            self.call_after_refresh(self._tell_tabs)
        view.show(place)

    def on_go(self, message: Go) -> None:
        """Take the reader to a place."""
        self.go(message.place)

    def action_view(self, name: str) -> None:
        """Show a view as it was left."""
        here = self.view
        if here is not None and name == here.VIEW:
            return
        if here is not None and name == "tree":
            # The tree opens where the reader is.
            self.go(here.place()._replace(view="tree"))
        else:
            self.go(Place(name))

    def action_go_back(self) -> None:
        """Go back to where the reader was; at last, to the records."""
        if self.view is None:
            return
        place = self.visit.history.back(self.view.place())
        if place is None and self.view.VIEW != "browse":
            place = Place("browse")
        if place is not None:
            self.go(place, is_noted=False)

    def action_forward(self) -> None:
        """Go forward again."""
        if self.view is not None:
            place = self.visit.history.forward(self.view.place())
            if place is not None:
                self.go(place, is_noted=False)

    def action_go_to(self) -> None:
        """Ask where to go."""
        if self.session is None:
            self.notify("One can go to places when all is read.", markup=False)
            return
        from repoview.tui.screens.goto import GoTo

        self.push_screen(GoTo(self.session), self._gone_to)

    def _gone_to(self, place: Place | None) -> None:
        if place is not None:
            self.go(place)

    # Leaving

    def action_end_reading(self) -> None:
        """Leave the rest of the source unread, and show what came."""
        if not self.visit.is_whole:
            self.visit.loading.leave()
            self._look()

    def action_leave(self) -> None:
        """End the visit."""
        code = self.visits[0].loading.exit_code if len(self.visits) == 1 else 0
        self.end(code)

    def action_interrupt(self) -> None:
        """End as Ctrl-C ends every program."""
        self.end(_INTERRUPTED)

    def end(self, code: int) -> None:
        """Remember where the reader is, and end with an exit code."""
        for visit in self.visits:
            self.remember(visit, self._views.get((visit, visit.shown)))
            visit.loading.cancel()
        self.exit(return_code=code)

    def on_unmount(self) -> None:
        """Let the threads and the sources go."""
        for visit in self.visits:
            visit.close()
