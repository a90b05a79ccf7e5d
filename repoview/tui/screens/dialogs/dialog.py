"""The base of dialogs: a modal screen that is dismissed at most once.

Keys and clicks may be queued for a dialog that is dismissed before they are
handled, and Textual's `dismiss` pops whatever screen is on top. So a second
Enter, typed ahead, would pop the view, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from textual import events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

from repoview.tui.textual_internals import Sparing
from repoview.tui.visits.resilient import Resilient

if TYPE_CHECKING:
    from textual.message import Message

T = TypeVar("T")


class Dialog(Resilient, ModalScreen[T], Sparing[T]):
    """A modal screen that pops only itself, and only once."""

    _is_over = False
    _late: tuple[T | None] | None = None
    """The result it was dismissed with while another dialog was above it."""

    def dismiss(self, result: T | None = None) -> AwaitComplete:
        """Return a result; if a dialog is above it, once that one is popped."""
        if self.is_active and not self._is_over:
            self._is_over = True
            return super().dismiss(result)
        if not self._is_over:
            self._late = (result,)
        return AwaitComplete()

    def on_screen_resume(self) -> None:
        """Return a result that was deferred."""
        if self._late is not None:
            self.dismiss(*self._late)

    def accepts(self, message: Message) -> bool:
        """Reject input and messages of widgets once it is dismissed.

        Textual's own messages are still accepted.
        """
        if not self._is_over:
            return True
        is_own = type(message).__module__ == "textual.messages"
        is_event = isinstance(message, events.Event)
        return is_own or (is_event and not isinstance(message, events.InputEvent))


class EachOnce(App[None]):
    """An app that opens no second dialog of a class that is open.

    Its key may be typed ahead many times, and laying out a stack of dialogs
    takes long.
    """

    if not TYPE_CHECKING:

        def push_screen(self, screen, *asked, **how):  # noqa: ANN001, ANN002, ANN003, ANN201 (as Textual has it)
            """Push a screen, unless it is a dialog of a class that is open."""
            is_open = any(type(each) is type(screen) for each in self.screen_stack)
            if isinstance(screen, Dialog) and is_open:
                return AwaitComplete()
            return super().push_screen(screen, *asked, **how)


def close_dialogs(app: App[Any]) -> None:
    """Pop all dialogs above a view, before going to another place."""
    while isinstance(app.screen, Dialog):
        app.pop_screen()
