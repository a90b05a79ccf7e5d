"""The line of a lesson, in which a step or an answer is typed."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class StepInput(Input):
    """An input that tells its keys in the footer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Do it", id="learn.do"),
        Binding("escape", "screen.back", "Rows", id="learn.rows"),
    ]
