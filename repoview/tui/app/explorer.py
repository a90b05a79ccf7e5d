"""The explorer: repositories on a terminal, one a tab."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.tui.app.bookmarking import Bookmarking
from repoview.tui.app.exporting import Exporting
from repoview.tui.app.first_frame import DRAWN
from repoview.tui.app.following import Following
from repoview.tui.app.garbage import drop_what_was
from repoview.tui.app.helping import Helping
from repoview.tui.app.last_places import spot_of
from repoview.tui.visits.visit import Visit
from repoview.tui.widgets.frame.visit_tabs import VisitTabs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.source.opener import Target
    from repoview.settings import Settings
    from repoview.tui.visits.messages import VisitChosen


class Explorer(Following, Bookmarking, Exporting, Helping):
    """Opens visits, turns from one to another, and closes them.

    Args:
        visits: The sources; those that are not being read yet soon are.
        settings: What to check, and how much memory to take.
    """

    def __init__(self, visits: Sequence[Visit], settings: Settings) -> None:
        super().__init__(settings)
        self.visits = list(visits)
        for visit in visits:
            visit.config = self.config
        self._current = self.visits[0]

    @property
    def visit(self) -> Visit:
        """The visit that is shown."""
        return self._current

    def on_mount(self) -> None:
        """Have all read, and show the first."""
        for visit in self.visits:
            self.follow(visit)
        self.switch_mode(self._current.id)
        self.use_settings()
        self.tell_tabs()

    def tell_tabs(self) -> None:
        """Have the screen that is shown say which visits there are."""
        for tabs in self.screen.query(VisitTabs):
            tabs.tell(self.visits, self._current)

    def _turn_to(self, visit: Visit) -> None:
        self._current = visit
        self.switch_mode(visit.id)
        self.settle()
        self.call_after_refresh(self.tell_tabs)
        self.call_after_refresh(self.look)

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

        recent = self.last_places.recent(self.visits)
        self.push_screen(OpenAnother(recent), self._open)

    def _open(self, name: str | None) -> None:
        if not name:
            return
        visit = self._new_visit(name, name)
        self.visits.append(visit)
        self._add(visit)

    def _new_visit(self, target: Target, name: str | None) -> Visit:
        visit = Visit(target, self.settings, name)
        visit.config = self.config
        return visit

    def _add(self, visit: Visit) -> None:
        self.follow(visit)
        self._turn_to(visit)

    def action_reload(self) -> None:
        """Read the source again, and come back to where the reader was."""
        old = self._current
        if not old.can_be_read_again:
            self.notify("A pipe cannot be read again.", markup=False)
            return
        visit = self._new_visit(old.target, old.called)
        visit.is_again = True
        visit.comes_from = spot_of(old, self.view) or old.comes_from
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
        self.last_places.leave(visit, self.last_view_of(visit))
        visit.loading.tell = lambda: None
        visit.close()
        self.remove_mode(visit.id)
        self.forget_views_of(visit)
        self.set_timer(DRAWN, drop_what_was)

    def action_leave(self) -> None:
        """End the visit."""
        code = self.visits[0].loading.exit_code if len(self.visits) == 1 else 0
        self.end(code)

    def end(self, code: int) -> None:
        """Remember where the reader is, and end with an exit code."""
        for visit in self.visits:
            self.last_places.leave(visit, self.last_view_of(visit))
            visit.loading.cancel()
        super().end(code)

    def on_unmount(self) -> None:
        """Let the threads and the sources go."""
        for visit in self.visits:
            visit.close()
