"""Open another: asks for a file or an address."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical

from repoview.tui.screens.dialog import Dialog
from repoview.tui.widgets.frame.source_picker import SourcePicker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from repoview.tui.remembered.state import Recent


class OpenAnother(Dialog[str | None]):
    """A line for what to open in a tab of its own.

    Args:
        recent: The sources that were opened, the latest first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="open.cancel"),
    ]

    def __init__(self, recent: Sequence[Recent] = ()) -> None:
        super().__init__()
        self._recent = recent

    def compose(self) -> ComposeResult:
        """Lay out the line, and what could be meant."""
        box = Vertical(id="open", classes="dialog")
        box.border_title = "Open another, in a tab"
        with box:
            yield SourcePicker(self._recent)

    def on_source_picker_picked(self, message: SourcePicker.Picked) -> None:
        """Open it."""
        message.stop()
        self.dismiss(message.target)
