"""Polls the sources: progress and records while reading, changes afterwards."""

from __future__ import annotations

from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual import events
from textual.screen import Screen

from repoview.tui.app.base.first_frame import DRAWN
from repoview.tui.app.last_places import LastPlaces
from repoview.tui.app.navigating import Navigating
from repoview.tui.app.views import import_rest
from repoview.tui.screens.opening import Opening
from repoview.tui.screens.view import View
from repoview.tui.values.place import Place
from repoview.tui.visits.messages import LoadingChanged

if TYPE_CHECKING:
    from repoview.settings import Settings
    from repoview.tui.visits.visit import Visit

_POLL: Final = 0.1
"""Seconds between two polls of a loading thread."""

_SHORT: Final = 0.25
"""Seconds of reading before progress is shown."""

_POLL_FILE: Final = 2.0
"""Seconds between two polls for a changed file."""


class Following(Navigating):
    """Shows each visit as far as it is read, from its first record on.

    The loading threads keep counters, which are polled here, and send a message
    when they are done.

    Args:
        settings: Has the paths of the configuration and the state.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.last_places = LastPlaces(self.state)

    def on_mount(self) -> None:
        """Begin to poll."""
        self.set_interval(_POLL, self.poll)
        self.set_interval(_POLL_FILE, self._poll_file)

    def follow(self, visit: Visit) -> None:
        """Start to read a visit, if that has not begun, and subscribe to it."""
        self.add_mode(visit.id, partial(_first_screen, visit))

        def notify() -> None:
            self.post_message(LoadingChanged(visit))

        visit.loading.notify = notify
        visit.loading.begin()
        # It may have ended before it was subscribed to.
        notify()

    def on_loading_changed(self, message: LoadingChanged) -> None:
        """Deliver answers, and the repository once all of it is read."""
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
        elif visit is self.visit:
            # Not with the next poll, where there are records at the start.
            self.settle()

    def _taken_over(self, visit: Visit) -> None:
        self.tell_tabs()
        self.set_timer(DRAWN, partial(self._drawn, visit))
        if visit is self.visit:
            self.settle()
        for view in self.views_of(visit):
            view.tell()
        if visit is self.visit and visit.loading.exit_code:
            # Nothing can be browsed: the findings are shown first, or the blocks.
            self.go(visit.whole.opens_at() or Place("findings"))
        elif visit is self.visit:
            self._restore(visit)

    def _drawn(self, visit: Visit) -> None:
        """Start what was deferred until the first screen is drawn."""
        visit.loading.shown()
        if visit in self.visits:
            self.last_places.opened(visit)
        Thread(target=import_rest, daemon=True).start()

    def _restore(self, visit: Visit) -> None:
        """Go to the place where the last visit, or reading, ended.

        A file that is about one place, as a proof is, opens there: the last
        place was in another file of the account.
        """
        place = self.last_places.place_of(visit)
        if not visit.is_touched and not visit.is_again:
            place = visit.whole.opens_at() or place
        if place is not None and (self.view is None or self.view.place() != place):
            self.go(place)

    async def on_event(self, event: events.Event) -> None:
        """Note input: after it, the last place is not restored any more."""
        if isinstance(event, events.Key | events.MouseDown):
            self.visit.is_touched = True
        await super().on_event(event)

    def _failed(self, visit: Visit) -> None:
        """Show why there is nothing to see; exit, if nothing ever was shown."""
        if visit.loading.error is not None and (
            len(self.visits) > 1 or visit.is_again or self.views_of(visit)
        ):
            self.poll()
            return
        # A `str` would be parsed as markup, and a name may contain some.
        error = visit.loading.error
        says = None if error is None else Text(error)
        self.exit(return_code=visit.loading.exit_code, message=says)

    def poll(self) -> None:
        """Show the progress of the current visit."""
        visit = self.visit
        if visit.is_whole:
            return
        while visit.loading.error is not None and self.view is not None:
            # Views would get no answers any more; the screen below them says
            # why. A dialog over that screen stays.
            self.pop_screen()
        if visit.loading.error is not None and type(self.screen) is Screen:
            # It was not needed, as there were records at once.
            self.switch_screen(Opening(visit))
        self.settle()
        # The opening screen is not updated below a view, which would be drawn
        # again for it.
        if isinstance(self.screen, Opening):
            self.screen.tell()
        elif self.view is not None:
            self.view.tell()

    def _poll_file(self) -> None:
        """Check whether the file of the current visit has changed."""
        visit = self.visit
        if visit.session is None or visit.is_changed:
            return
        if visit.can_be_read_again and visit.session.is_changed():
            visit.is_changed = True
            for view in self.views_of(visit):
                view.tell_status()
            self.notify(
                "The file was changed. Ctrl+R reads it again.",
                severity="warning",
                markup=False,
            )

    def settle(self) -> None:
        """Leave the opening screen once there are records."""
        if len(self.screen_stack) == 1 and self.visit.is_known:
            self.go(Place("browse"), is_noted=False)

    @property
    def has_frame(self) -> bool:
        """Whether the first screen is complete.

        Progress is shown only where reading takes a while.
        """
        screen = self.screen
        if isinstance(screen, Opening):
            return self.waited > _SHORT
        return isinstance(screen, View) and screen.is_there

    def action_end_reading(self) -> None:
        """Leave the rest of the source unread, and show what was read."""
        if not self.visit.is_whole:
            self.visit.loading.leave()
            self.poll()


def _first_screen(visit: Visit) -> Screen[None]:
    """Return the bottom screen of a visit; it shows progress until there are records.

    What nobody is going to see is not made.
    """
    return Screen() if visit.is_known else Opening(visit)
