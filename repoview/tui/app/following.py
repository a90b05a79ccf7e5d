"""What is being read, shown as it comes, and what is read, watched for change."""

from __future__ import annotations

from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual import events
from textual.screen import Screen

from repoview.tui.app.first_frame import DRAWN
from repoview.tui.app.last_places import LastPlaces
from repoview.tui.app.navigating import Navigating
from repoview.tui.app.views import import_rest
from repoview.tui.screens.opening import Opening
from repoview.tui.screens.view import View
from repoview.tui.values.place import Place
from repoview.tui.visits.messages import Told

if TYPE_CHECKING:
    from repoview.settings import Settings
    from repoview.tui.visits.visit import Visit

_LOOK: Final = 0.1
"""Seconds between two looks at what a thread that loads has come to."""

_SHORT: Final = 0.25
"""Seconds of reading for which nobody has to see how far it is."""

_LOOK_AT_FILE: Final = 2.0
"""Seconds between two looks at whether a file is still the same."""


class Following(Navigating):
    """Shows of each visit what is known by now, from its first record on.

    The threads that read keep counters and say when they are through; here
    the counters are looked at.

    Args:
        settings: Where it finds what is set and remembered.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.last_places = LastPlaces(self.state)

    def on_mount(self) -> None:
        """Begin to look."""
        self.set_interval(_LOOK, self.look)
        self.set_interval(_LOOK_AT_FILE, self._look_at_files)

    def follow(self, visit: Visit) -> None:
        """Have a visit read, if it is not yet, and hear what comes of it."""
        self.add_mode(visit.id, partial(_first_screen, visit))

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
        self.tell_tabs()
        self.set_timer(DRAWN, partial(self._drawn, visit))
        if visit is self.visit:
            self.settle()
        for view in self.views_of(visit):
            view.tell()
        if visit is self.visit and visit.loading.exit_code:
            # Nothing can be browsed: say what is wrong before anything else.
            self.go(Place("findings"))
        elif visit is self.visit:
            self._restore(visit)

    def _drawn(self, visit: Visit) -> None:
        """Let what can wait begin: the first screen is there."""
        visit.loading.shown()
        if visit in self.visits:
            self.last_places.opened(visit)
        Thread(target=import_rest, daemon=True).start()

    def _restore(self, visit: Visit) -> None:
        """Take the reader to where the last visit, or reading, ended."""
        place = self.last_places.place_of(visit)
        if place is not None and (self.view is None or self.view.place() != place):
            self.go(place)

    async def on_event(self, event: events.Event) -> None:
        """Note that the reader did something: nobody is taken elsewhere then."""
        if isinstance(event, events.Key | events.MouseDown):
            self.visit.is_touched = True
        await super().on_event(event)

    def _failed(self, visit: Visit) -> None:
        """Say why there is nothing to see; who never saw anything is sent away."""
        if visit.loading.error is not None and (
            len(self.visits) > 1 or visit.is_again or self.views_of(visit)
        ):
            self.look()
            return
        # As `str` it would be read as markup, and a name may hold some.
        error = visit.loading.error
        says = None if error is None else Text(error)
        self.exit(return_code=visit.loading.exit_code, message=says)

    def look(self) -> None:
        """Show what is known by now of the visit that is shown."""
        visit = self.visit
        if visit.is_whole:
            return
        while visit.loading.error is not None and self.view is not None:
            # Nobody answers views any more: below them stands why. A dialog over
            # that alone stays.
            self.pop_screen()
        self.settle()
        # The opening below a view is not told: all would be drawn again for it.
        if isinstance(self.screen, Opening):
            self.screen.tell()
        elif self.view is not None:
            self.view.tell()

    def _look_at_files(self) -> None:
        """See whether the file that is shown is still the same."""
        visit = self.visit
        if visit.session is None or visit.is_changed:
            return
        if visit.can_be_read_again and visit.session.is_changed():
            visit.is_changed = True
            for view in self.views_of(visit):
                view.tell_status()
            self.notify(
                "The file was changed. ctrl+r reads it again.",
                severity="warning",
                markup=False,
            )

    def settle(self) -> None:
        """Go on from the opening screen once there is something to look at."""
        if len(self.screen_stack) == 1 and self.visit.is_known:
            self.go(Place("browse"), is_noted=False)

    @property
    def has_frame(self) -> bool:
        """Whether what is shown first is there as a whole.

        How far the reading is, is told only where that takes a while.
        """
        screen = self.screen
        if isinstance(screen, Opening):
            return self.waited > _SHORT
        return isinstance(screen, View) and screen.is_there

    def action_end_reading(self) -> None:
        """Leave the rest of the source unread, and show what came."""
        if not self.visit.is_whole:
            self.visit.loading.leave()
            self.look()


def _first_screen(visit: Visit) -> Screen[None]:
    """Return what stays below the views, and until then tells of the opening."""
    return Screen() if visit.loading.is_at_hand else Opening(visit)
