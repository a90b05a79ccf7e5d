"""Go to: a path, AT URI, CID, number or byte position."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from repoview.tui.place import Place

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.tui.session import Session


class GoTo(ModalScreen[Place | None]):
    """Asks for a place, and says kindly when there is none such.

    Args:
        session: Knows the places.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def compose(self) -> ComposeResult:
        """Lay out one line, and room for an answer."""
        box = Vertical(id="goto", classes="dialog")
        box.border_title = "Go to"
        with box:
            yield Input(placeholder="path, at:// URI, CID, number, or @byte")
            yield Static("Enter goes, Esc stays", id="answer", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go there, or say that there is nothing."""
        place = self._session.places.find(event.value)
        if place is None:
            answer = self.query_one("#answer", Static)
            answer.update("There is no such record, node or block here.")
            answer.add_class("-none")
        else:
            self.dismiss(place)
