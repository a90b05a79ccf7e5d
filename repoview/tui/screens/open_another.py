"""Open another: asks for a file or an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from repoview.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from textual.app import ComposeResult


class OpenAnother(Dialog[str | None]):
    """A line for what to open in a tab of its own."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="open.cancel"),
    ]

    def compose(self) -> ComposeResult:
        """Lay out one line, and what it takes."""
        box = Vertical(classes="dialog")
        box.border_title = "Open another"
        with box:
            yield Input(placeholder="a file, or an http(s):// address")
            yield Static("Enter opens it in a tab, Esc stays", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Open it."""
        self.dismiss(event.value.strip() or None)
