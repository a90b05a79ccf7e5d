"""The dialog for the key of an account, with the outcome of checking so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from repoview.tui.screens.dialogs.dialog import Dialog
from repoview.tui.widgets.frame.key_picker import KeyPicker

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.tui.session.signature import Given


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user entered."""

    given: Given | None
    """What to check the signature with; None to forget the key."""


class SignatureDialog(Dialog[Asked | None]):
    """An input for a key or a file with a DID document, below the outcome so far.

    Args:
        says: The outcome, in sentences.
        beside: The path of the source; empty if it has none.
        has_key: Whether there is a key that can be forgotten.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="signature.cancel"),
    ]

    def __init__(self, says: str, beside: str, *, has_key: bool) -> None:
        super().__init__()
        self._says = says
        self._beside, self._has_key = beside, has_key

    def compose(self) -> ComposeResult:
        """Lay out the outcome and the input."""
        box = Vertical(id="signature", classes="dialog")
        box.border_title = "Who signed it"
        with box:
            yield Static(Text(self._says), id="signature-says")
            yield KeyPicker(self._beside, has_key=self._has_key)

    def on_key_picker_picked(self, message: KeyPicker.Picked) -> None:
        """End with it."""
        message.stop()
        self.dismiss(Asked(message.given))
