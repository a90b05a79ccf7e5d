"""How the app exits: by a key, Ctrl-C or a signal; each with its exit code."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final

from textual.app import App
from textual.binding import Binding, BindingType

from repoview.signals import code_of

_INTERRUPTED: Final = 130


class Ending(App[None]):
    """An app that always exits through one method, `end`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", "End", show=False, priority=True, id="app.end"),
        Binding("ctrl+q", "leave", "Leave", show=False, priority=True, id="app.leave"),
    ]

    def end(self, code: int) -> None:
        """Exit with a code."""
        self.exit(return_code=code)

    def end_for(self, number: int) -> bool:
        """Exit because of a signal; return False if the app does not run.

        Args:
            number: Of the signal, which is handled in the app's own thread.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return False
        # Scheduled, for a signal may interrupt a callback of the event loop.
        loop.call_soon_threadsafe(self.end, code_of(number))
        return True

    def action_leave(self) -> None:
        """Exit at the user's request."""
        self.end(0)

    def action_interrupt(self) -> None:
        """Exit as any program does on Ctrl-C."""
        self.end(_INTERRUPTED)
