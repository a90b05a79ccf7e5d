"""Errors of the engine become notifications; other exceptions end the app.

A file can be truncated, overwritten or removed while it is shown. The engine
then raises an error of its tree in whatever asks it: a message handler, a
timer, drawing. Textual would exit; here the error becomes a notification that
offers to read the file again.

Any other exception is a bug: the app exits, so that no screen stays half drawn,
and `run` raises it again once the terminal is restored.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from textual.css.query import NoMatches
from textual.worker import WorkerFailed

from repoview.core.errors import Cancelled, KernelFault, RepoviewError, SourceClosed
from repoview.present import safe
from repoview.tui.textual_internals import Dispatching, Failing, is_going

if TYPE_CHECKING:
    import threading

    from textual.message_pump import MessagePump

    from repoview.tui.visits.visit import Visit

AGAIN: Final = "Ctrl+R reads it again."

_TOLD_AGAIN: Final = 5.0
"""Seconds before the same sentence is shown again."""


class _Tells(Protocol):
    def survive(self, error: Exception, at: MessagePump) -> None: ...


class Gone(NoMatches):
    """A screen or widget is not composed yet, or is being removed."""


class Resilient(Dispatching):
    """A node whose message handlers may raise errors of the engine.

    The rest of such a handler is skipped.
    """

    def survives(self, error: Exception) -> bool:
        """Let the app report an error of the engine."""
        if not isinstance(error, RepoviewError | Gone):
            return False
        cast("_Tells", self.app).survive(error, self)
        return True

    if not TYPE_CHECKING:

        def query_one(self, *asked, **how):  # noqa: ANN002, ANN003, ANN201 (as Textual has it)
            """Return a child; raise `Gone` if it is too early or too late."""
            try:
                return super().query_one(*asked, **how)
            except NoMatches as error:
                if _is_empty(self):
                    raise Gone(*error.args) from None
                raise

        def get_widget_and_offset_at(self, x, y):  # noqa: ANN001, ANN201 (as Textual has it)
            """Return the widget at a position; none if it is being removed.

            Textual asks for the widget's container when a selection begins.
            """
            widget, offset = super().get_widget_and_offset_at(x, y)
            is_gone = widget is not None and widget is not self and not widget.parent
            return (None, None) if is_gone else (widget, offset)


class ResilientApp(Resilient, Failing):
    """An app that reports errors of the engine, and exits for bugs."""

    fault: BaseException | None = None
    """The unexpected exception that ended the app."""

    _last_told: tuple[str, float] = "", 0.0

    def survive(self, error: Exception, at: MessagePump) -> None:
        """Report an error, unless the node that asked is gone.

        Args:
            error: What was raised.
            at: The node in whose code.

        Raises:
            Exception: The same, if it is a bug.
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
        # A source that was closed is that of another tab, by now gone.
        is_ours = not isinstance(error, SourceClosed)
        offer = is_ours and (visit is None or visit.can_be_read_again)
        says = f"{safe(str(error), 300)}{f': {AGAIN}' if offer else ''}"
        told, when = self._last_told
        if says != told or monotonic() > when + _TOLD_AGAIN:
            self._last_told = says, monotonic()
            self.notify(says, severity="warning", markup=False)

    def failed(self, error: Exception, at: MessagePump) -> None:
        """Report an error of a timer, a worker or drawing; exit for a bug."""
        found = error.error if isinstance(error, WorkerFailed) else error
        try:
            self.survive(cast("Exception", found), at)
        except Exception as fault:  # noqa: BLE001 (this is where all end)
            self.end_for_fault(fault)

    def panic(self, *renderables: object) -> None:
        """Exit, for what the input thread raised."""
        del renderables
        self.end_for_fault(RuntimeError("the keyboard cannot be read any more"))

    def end_for_fault(self, fault: BaseException) -> None:
        """Exit because of a bug; the first exception is kept."""
        if self.fault is None:
            self.fault = fault
        if isinstance(fault, Exception):
            self.tell_test_run(fault)
        self.exit(return_code=1)

    def thread_failed(self, told: threading.ExceptHookArgs) -> None:
        """Exit for what another thread raised; a `threading.excepthook`."""
        if told.exc_value is not None:
            self.call_later(self.end_for_fault, told.exc_value)


def _is_empty(node: Any) -> bool:  # noqa: ANN401 (a screen or a widget)
    """Whether a node has no children yet, or is being removed.

    An app that exits composes no more: some children are there, others never are.
    """
    return not node.is_attached or is_going(node) or not node.children


def _visit_of(asks: Any) -> Visit | None:  # noqa: ANN401 (an app has no ancestors)
    """Return the visit of the screen that a node is on."""
    for node in getattr(asks, "ancestors_with_self", [asks]):
        visit = getattr(node, "visit", None)
        if visit is not None:
            return cast("Visit", visit)
    return None
