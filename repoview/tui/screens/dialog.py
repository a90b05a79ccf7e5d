"""Dialogs: what stands above a view, asks something, and ends once.

Keys and clicks can wait in Textual's queues for a dialog that has ended by the
time they are heard, and `dismiss` of any screen takes away whatever stands on
top. So a second Enter, typed ahead, took the view away, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from textual import events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

from repoview.tui.visits.resilient import Resilient

if TYPE_CHECKING:
    from textual.message import Message

T = TypeVar("T")


class Dialog(Resilient, ModalScreen[T]):
    """The base of all dialogs: takes away only itself, and that once."""

    _is_over = False
    _late: tuple[T | None] | None = None
    """What it ended with while another stood above it."""

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """End with a result; where another stands above, once that is gone."""
        if self.is_active and not self._is_over:
            self._is_over = True
            return super().dismiss(result)
        if not self._is_over:
            self._late = (result,)
        return AwaitComplete()

    def on_screen_resume(self) -> None:
        """End, if it would have before."""
        if self._late is not None:
            self.dismiss(*self._late)

    def hears(self, message: Message) -> bool:
        """Hear no key, no click and none of its widgets once it is over.

        What Textual itself has to do with it goes on.
        """
        if not self._is_over:
            return True
        is_own = type(message).__module__ == "textual.messages"
        is_event = isinstance(message, events.Event)
        return is_own or (is_event and not isinstance(message, events.InputEvent))


class EachOnce(App[None]):
    """An app that does not open a dialog that is open already.

    Its key can be typed ahead many times, and to lay out a tower of dialogs
    takes longer than anybody waits.
    """

    if not TYPE_CHECKING:

        def push_screen(self, screen, *asked, **how):  # noqa: ANN001, ANN002, ANN003, ANN201 (as Textual has it)
            """Show a screen, unless it is a dialog of a kind that is open."""
            is_open = any(type(each) is type(screen) for each in self.screen_stack)
            if isinstance(screen, Dialog) and is_open:
                return AwaitComplete()
            return super().push_screen(screen, *asked, **how)


def close_dialogs(app: App[Any]) -> None:
    """Take away what stands above a view, for who leaves for another place."""
    while isinstance(app.screen, Dialog):
        app.pop_screen()
