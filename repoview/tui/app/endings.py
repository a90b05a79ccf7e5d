"""How the program ends: by a key, by Ctrl-C, by a signal; each with its exit code."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final

from textual.app import App
from textual.binding import Binding, BindingType

from repoview.signals import code_of

_INTERRUPTED: Final = 130


class Ending(App[None]):
    """An app that ends in one place, `end`, whatever ends it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "interrupt", "End", show=False, priority=True, id="app.end"),
        Binding("ctrl+q", "leave", "Leave", show=False, priority=True, id="app.leave"),
    ]

    def end(self, code: int) -> None:
        """End with an exit code."""
        self.exit(return_code=code)

    def end_for(self, number: int) -> bool:
        """End because of a signal; tell whether there are screens to end.

        Args:
            number: Of the signal, which came to the thread of the screens.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return False
        # Between two steps of the loop: a signal may come in the middle of one.
        loop.call_soon_threadsafe(self.end, code_of(number))
        return True

    def action_leave(self) -> None:
        """End as the reader wants."""
        self.end(0)

    def action_interrupt(self) -> None:
        """End as Ctrl-C ends every program."""
        self.end(_INTERRUPTED)
