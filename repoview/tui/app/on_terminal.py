"""The terminal: taken from a shell, lent to it again, and drawn anew."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import App
from textual.binding import Binding, BindingType

from repoview.tui.textual_internals import write_to_terminal

if TYPE_CHECKING:
    from textual.driver import Driver

_EMPTY: Final = "\x1b[2J"
"""Empties a terminal."""


class OnTerminal(App[None]):
    """An app that shares its terminal with a shell."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+z",
            "suspend_process",
            "To the shell",
            show=False,
            priority=True,
            id="app.suspend",
        ),
        Binding(
            "ctrl+l",
            "repaint",
            "Draw anew",
            show=False,
            priority=True,
            id="app.repaint",
        ),
    ]

    def get_driver_class(self) -> type[Driver]:
        """Hear keys and leave the terminal sooner than Textual's own driver does."""
        found = super().get_driver_class()
        if found.__name__ != "LinuxDriver":
            return found
        from repoview.tui.terminal.driver import QuickDriver

        return QuickDriver

    def on_mount(self) -> None:
        """Draw all anew when the terminal is ours again."""
        self.app_resume_signal.subscribe(self, lambda _: self.action_repaint())

    def action_suspend_process(self) -> None:
        """Sleep, as Ctrl-Z has every program do, until the shell wakes it."""
        if not hasattr(os, "getpgrp") or os.getpgrp() == os.getsid(0):
            says = "There is no shell to go back to: nobody would wake it."
            self.notify(says, markup=False)
            return
        # The driver stops whatever started us, too, so that the shell hears of it.
        signal.raise_signal(signal.SIGTSTP)

    def action_repaint(self) -> None:
        """Draw all anew, whatever became of the terminal meanwhile."""
        write_to_terminal(self, _EMPTY)
        self.refresh(layout=True)
