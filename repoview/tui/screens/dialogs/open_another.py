"""The dialog that asks for another file or address to open."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical

from repoview.tui.screens.dialogs.dialog import Dialog
from repoview.tui.widgets.frame.source_picker import SourcePicker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from repoview.tui.remembered.state import Recent


class OpenAnother(Dialog[str | None]):
    """Asks what to open in a new tab; its result is a path or an address.

    Args:
        recent: The recent sources, the latest first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="open.cancel"),
    ]

    def __init__(self, recent: Sequence[Recent] = ()) -> None:
        super().__init__()
        self._recent = recent

    def compose(self) -> ComposeResult:
        """Lay out the source picker."""
        box = Vertical(id="open", classes="dialog")
        box.border_title = "Open another, in a tab"
        with box:
            yield SourcePicker(self._recent)

    def on_source_picker_picked(self, message: SourcePicker.Picked) -> None:
        """Return what was picked."""
        message.stop()
        self.dismiss(message.target)
