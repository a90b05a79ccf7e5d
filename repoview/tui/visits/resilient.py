"""What cannot be answered is told, and ends nothing.

A file can be cut, written over or taken away while somebody looks at it, and
be closed while it is read. The engine then raises errors of its tree, wherever
somebody asks: out of handlers of messages, timers, drawing. Textual ends the
program for each. Here they become a sentence, with the offer to read again.

An exception that is none of these is a fault of our own: it ends the screens,
so that none stays half drawn, and `run` raises it again when the terminal is
given back.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from textual.css.query import NoMatches
from textual.worker import WorkerFailed

from repoview.core.errors import Cancelled, KernelFault, RepoviewError
from repoview.present import safe
from repoview.tui.textual_internals import Dispatching, Failing, is_going

if TYPE_CHECKING:
    import threading

    from textual.message_pump import MessagePump

    from repoview.tui.visits.visit import Visit

AGAIN: Final = "ctrl+r reads it again."

_TOLD_AGAIN: Final = 5.0
"""Seconds after which the same sentence is worth another notification."""


class _Tells(Protocol):
    def survive(self, error: Exception, at: MessagePump) -> None: ...


class Gone(NoMatches):
    """A screen or widget has nothing in it yet, or not any more."""


class Resilient(Dispatching):
    """Goes on when a question of a message could not be answered.

    Whatever else a handler would have done is left undone.
    """

    def survives(self, error: Exception) -> bool:
        """Have the app tell what the engine could not answer."""
        if not isinstance(error, RepoviewError | Gone):
            return False
        cast("_Tells", self.app).survive(error, self)
        return True

    if not TYPE_CHECKING:

        def query_one(self, *asked, **how):  # noqa: ANN002, ANN003, ANN201 (as Textual has it)
            """Return what is in it; who asks too early, or late, is told apart."""
            try:
                return super().query_one(*asked, **how)
            except NoMatches as error:
                if _is_empty(self):
                    raise Gone(*error.args) from None
                raise

        def get_widget_and_offset_at(self, x, y):  # noqa: ANN001, ANN201 (as Textual has it)
            """Return what a screen has there; nothing, if that is being taken out.

            Who begins to select text there asks what it stands in.
            """
            widget, offset = super().get_widget_and_offset_at(x, y)
            is_gone = widget is not None and widget is not self and not widget.parent
            return (None, None) if is_gone else (widget, offset)


class ResilientApp(Resilient, Failing):
    """Tells what failed; ends, for whatever is a fault of its own."""

    fault: BaseException | None = None
    """A fault of the program itself, which ended the screens."""

    _last_told: tuple[str, float] = "", 0.0

    def survive(self, error: Exception, at: MessagePump) -> None:
        """Say why something is not answered, unless nobody waits for it.

        Args:
            error: What was raised.
            at: What asked.

        Raises:
            Exception: The same, if it is a fault of the program.
        """
        visit = _visit_of(at)
        is_left = visit is not None and visit.is_closed
        if isinstance(error, Gone) or (is_left and isinstance(error, RepoviewError)):
            return
        if isinstance(error, KernelFault) or not isinstance(error, RepoviewError):
            raise error
        if not isinstance(error, Cancelled):
            self._tell(error, visit)

    def _tell(self, error: RepoviewError, visit: Visit | None) -> None:
        offer = visit is None or visit.can_be_read_again
        says = f"{safe(str(error), 300)}{f': {AGAIN}' if offer else ''}"
        told, when = self._last_told
        if says != told or monotonic() > when + _TOLD_AGAIN:
            self._last_told = says, monotonic()
            self.notify(says, severity="warning", markup=False)

    def failed(self, error: Exception, at: MessagePump) -> None:
        """Tell what a timer, a worker or a drawing could not be answered; or end."""
        found = error.error if isinstance(error, WorkerFailed) else error
        try:
            self.survive(cast("Exception", found), at)
        except Exception as fault:  # noqa: BLE001 (this is where all end)
            self.end_for_fault(fault)

    def panic(self, *renderables: object) -> None:
        """End, for what the thread that reads keys raised."""
        del renderables
        self.end_for_fault(RuntimeError("the keyboard cannot be read any more"))

    def end_for_fault(self, fault: BaseException) -> None:
        """End the screens for a fault of the program; the first one is told."""
        if self.fault is None:
            self.fault = fault
        if isinstance(fault, Exception):
            self.tell_test_run(fault)
        self.exit(return_code=1)

    def thread_failed(self, told: threading.ExceptHookArgs) -> None:
        """End for what a thread beside the screens raised, as `threading` tells it."""
        if told.exc_value is not None:
            self.call_later(self.end_for_fault, told.exc_value)


def _is_empty(node: Any) -> bool:  # noqa: ANN401 (a screen or a widget)
    """Whether nothing was put in yet, or what was in is being taken out."""
    return is_going(node) or not node.children


def _visit_of(asks: Any) -> Visit | None:  # noqa: ANN401 (an app has no ancestors)
    """Return the visit that a screen or a widget shows."""
    for node in getattr(asks, "ancestors_with_self", [asks]):
        visit = getattr(node, "visit", None)
        if visit is not None:
            return cast("Visit", visit)
    return None
