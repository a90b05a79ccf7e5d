"""The terminal: shared with the shell on Ctrl-Z, and drawn again afterwards."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import App
from textual.binding import Binding, BindingType
from textual.widgets import Input

from repoview.tui.textual_internals import write_to_terminal

if TYPE_CHECKING:
    from textual.driver import Driver

_EMPTY: Final = "\x1b[2J"
"""Clears a terminal."""


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
        Binding(
            "alt+backspace",
            "delete_word",
            "Delete a word",
            show=False,
            # An `Input` would delete the word behind the cursor.
            priority=True,
            id="app.delete_word",
        ),
    ]

    def get_driver_class(self) -> type[Driver]:
        """Use a driver that reads keys and stops sooner than Textual's own."""
        found = super().get_driver_class()
        if found.__name__ == "WebDriver":
            from repoview.tui.terminal.page_driver import PageDriver

            return PageDriver
        if found.__name__ != "LinuxDriver":
            return found
        from repoview.tui.terminal.driver import QuickDriver

        return QuickDriver

    def on_mount(self) -> None:
        """Subscribe to resuming, after which everything is drawn again."""
        self.app_resume_signal.subscribe(self, lambda _: self.action_repaint())

    def action_suspend_process(self) -> None:
        """Stop, as any program does on Ctrl-Z, until the shell continues it."""
        if not hasattr(os, "getpgrp") or os.getpgrp() == os.getsid(0):
            says = "There is no shell to go back to: nobody would wake it."
            self.notify(says, markup=False)
            return
        # The driver stops the whole process group, so that the shell takes over.
        signal.raise_signal(signal.SIGTSTP)

    def action_delete_word(self) -> None:
        """Delete the word before the cursor, where there is an input."""
        if isinstance(self.focused, Input):
            self.focused.action_delete_left_word()

    def action_repaint(self) -> None:
        """Clear the terminal, and draw everything again."""
        write_to_terminal(self, _EMPTY)
        self.refresh(layout=True)
