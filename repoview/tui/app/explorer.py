"""The explorer's app: repositories in a terminal, one per tab."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from repoview.tui.app.answering import Answering
from repoview.tui.app.base.first_frame import DRAWN
from repoview.tui.app.base.garbage import collect
from repoview.tui.app.bookmarking import Bookmarking
from repoview.tui.app.breaking import Breaking, broken_settings
from repoview.tui.app.exporting import Exporting
from repoview.tui.app.following import Following
from repoview.tui.app.helping import Helping
from repoview.tui.app.last_places import spot_of
from repoview.tui.app.salvaging import Salvaging
from repoview.tui.app.seeing import Explaining
from repoview.tui.app.signing import Signing
from repoview.tui.app.stepping import Stepping
from repoview.tui.app.trying import Trying
from repoview.tui.visits.visit import Visit
from repoview.tui.widgets.frame.visit_tabs import VisitTabs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.breaking.cases import Case
    from repoview.core.source.opener import Target
    from repoview.settings import Settings
    from repoview.tui.visits.messages import VisitChosen


class Explorer(
    Following,
    Bookmarking,
    Breaking,
    Exporting,
    Salvaging,
    Signing,
    Explaining,
    Trying,
    Answering,
    Stepping,
    Helping,
):
    """Opens visits, switches between them, and closes them.

    Args:
        visits: The sources; reading starts for those where it has not.
        settings: What to check, and how much memory to use.
    """

    def __init__(self, visits: Sequence[Visit], settings: Settings) -> None:
        super().__init__(settings)
        self.visits = list(visits)
        for visit in visits:
            visit.config = self.config
        self._current = self.visits[0]

    @property
    def visit(self) -> Visit:
        """The current visit."""
        return self._current

    def begin_drawing(self) -> None:
        """Begin to write to the terminal, and read what waited for that."""
        super().begin_drawing()
        for visit in self.visits:
            # After the frame that is drawn now.
            self.call_later(visit.loading.go_on)

    def on_mount(self) -> None:
        """Start to read all sources, and show the first."""
        for visit in self.visits:
            self.follow(visit)
        self.switch_mode(self._current.id)
        self.use_settings()
        self.tell_tabs()

    def tell_tabs(self) -> None:
        """Update the tabs on the current screen."""
        for tabs in self.screen.query(VisitTabs):
            tabs.tell(self.visits, self._current)

    def _turn_to(self, visit: Visit) -> None:
        self._current = visit
        self.switch_mode(visit.id)
        self.settle()
        self.call_after_refresh(self.tell_tabs)
        self.call_after_refresh(self.poll)

    def on_visit_chosen(self, message: VisitChosen) -> None:
        """Switch to another open source."""
        self.action_tab(message.number + 1)

    def action_tab(self, number: int) -> None:
        """Switch to a source by the number of its tab, from 1."""
        if number <= len(self.visits):
            self._turn_to(self.visits[number - 1])

    def action_turn(self, by: int) -> None:
        """Switch to the next source, or the previous one."""
        index = self.visits.index(self._current) + by
        self._turn_to(self.visits[index % len(self.visits)])

    def action_open(self) -> None:
        """Ask for another source, and open it in a new tab."""
        from repoview.tui.screens.dialogs.open_another import OpenAnother

        recent = self.last_places.recent(self.visits)
        self.push_screen(OpenAnother(recent), self._open)

    def _open(self, name: str | None) -> None:
        if not name:
            return
        visit = self._new_visit(name, name)
        self.visits.append(visit)
        self._add(visit)

    def action_break_it(self) -> None:
        """Show the broken files; on a finding, those of its code."""
        view, session = self.view, self.session
        place = None if view is None else view.place()
        found = None
        if session is not None and place is not None and place.what == "finding":
            found = session.findings.finding(place.number)
        self.break_it("" if found is None else found.code)

    def open_broken(self, case: Case, *, is_twin: bool) -> None:
        """Open the file of a case, or its twin, in a tab."""
        from repoview.breaking.cases import data_of, title_for

        visit = self._new_visit(
            data_of(case, is_twin=is_twin),
            title_for(case, is_twin=is_twin),
            broken_settings(self.settings, case),
        )
        self.visits.append(visit)
        self._add(visit)

    def _new_visit(
        self, target: Target, name: str | None, settings: Settings | None = None
    ) -> Visit:
        visit = Visit(target, settings or self.settings, name)
        visit.config = self.config
        return visit

    def _add(self, visit: Visit) -> None:
        self.follow(visit)
        self._turn_to(visit)

    def action_reload(self) -> None:
        """Read the source again, and return to the current place."""
        self._again(self._current.settings)

    def action_event(self, by: int) -> None:
        """Open the next event of the file, or the one before, in this tab."""
        event = None if self.session is None else self.session.event
        which = None if event is None else event.beside(by)
        if which is not None:
            settings = self._current.settings
            options = replace(settings.options, frame=which)
            self._again(replace(settings, options=options))

    def _again(self, settings: Settings) -> None:
        """Read the source of this tab again, and return to the current place."""
        old = self._current
        if not old.can_be_read_again:
            self.notify("A pipe cannot be read again.", markup=False)
            return
        visit = self._new_visit(old.target, old.called, settings)
        visit.is_again, visit.asked = True, old.asked
        visit.comes_from = spot_of(old, self.view) or old.comes_from
        self.visits[self.visits.index(old)] = visit
        self._add(visit)
        self._forget(old)

    def action_close_visit(self) -> None:
        """Close the tab; exit with the last one."""
        old = self._current
        if len(self.visits) == 1:
            self.action_leave()
            return
        index = self.visits.index(old)
        self.visits.remove(old)
        self._turn_to(self.visits[min(index, len(self.visits) - 1)])
        self._forget(old)

    def _forget(self, visit: Visit) -> None:
        self.last_places.leave(visit, self.last_view_of(visit))
        visit.loading.notify = lambda: None
        visit.close()
        self.remove_mode(visit.id)
        self.forget_views_of(visit)
        self.set_timer(DRAWN, collect)

    def action_leave(self) -> None:
        """Exit, by the verdict's own code where no tree could be read."""
        code = self.visits[0].loading.exit_code if len(self.visits) == 1 else 0
        self.end(code)

    def end(self, code: int) -> None:
        """Save the current place of each visit, and exit with a code."""
        for visit in self.visits:
            self.last_places.leave(visit, self.last_view_of(visit))
            visit.loading.cancel()
        super().end(code)

    def on_unmount(self) -> None:
        """Stop the threads, and close the sources."""
        for visit in self.visits:
            visit.close()
