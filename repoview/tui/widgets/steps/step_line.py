"""The line in which the number of a step, or a path, is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from repoview.tui.visits.messages import Upward


class StepLine(Input):
    """A line that is shown while something is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Leave", show=False, id="steps.leave"),
    ]

    @dataclass
    class Left(Upward):
        """The user typed nothing."""

    def ask(self, words: str, value: str) -> None:
        """Ask for something.

        Args:
            words: What is asked for.
            value: What is there already.
        """
        self.placeholder = words
        self.value = value
        self.cursor_position = len(value)
        self.focus()

    def action_leave(self) -> None:
        """Ask no more."""
        self.post_message(self.Left())
