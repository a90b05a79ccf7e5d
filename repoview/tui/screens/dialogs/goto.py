"""The "go to" dialog: path or its beginning, record key, AT URI, CID, number, byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from repoview.present import safe
from repoview.tui.screens.dialogs.dialog import Dialog
from repoview.tui.values.place import Place
from repoview.tui.widgets.base.suggestions import Suggestions, completing

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.tui.session import Session
    from repoview.tui.session.places import Suggestion

_KEYS: Final = "Enter goes · ↓ ↑ choose · Tab completes · Esc stays"


class GoTo(Dialog[Place | None]):
    """Asks for a place, with completions; its result is the place, or None.

    Args:
        session: Of the repository.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="goto.cancel"),
        *completing("goto"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._offered: list[Suggestion] = []

    def compose(self) -> ComposeResult:
        """Lay out an input, completions, and a line for answers."""
        box = Vertical(id="goto", classes="dialog")
        box.border_title = "Go to"
        with box:
            yield Input(placeholder="path, record key, at:// URI, CID, #number, @byte")
            yield Suggestions(id="suggestions")
            yield Static(_KEYS, id="answer", markup=False)

    def on_mount(self) -> None:
        """Offer the collections."""
        self._offer("")

    def _offer(self, text: str) -> None:
        self._offered = self._session.places.suggestions(text)
        self.query_one(Suggestions).offer(self._offered)
        self._say(_KEYS, is_none=False)

    def _say(self, text: str, *, is_none: bool) -> None:
        answer = self.query_one("#answer", Static)
        answer.update(Text(safe(text, 300)))
        answer.set_class(is_none, "-none")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer completions."""
        self._offer(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to what was chosen or typed, or say why there is no such place."""
        suggestions = self.query_one(Suggestions)
        if suggestions.is_chosen and suggestions.shown:
            self._go_to_chosen()
            return
        lead = self._session.places.lead(event.value)
        if lead.place is None:
            self._say(lead.says, is_none=True)
        else:
            self.dismiss(lead.place)

    def on_suggestions_clicked(self, message: Suggestions.Clicked) -> None:
        """Go to the place that was clicked."""
        message.stop()
        self._go_to_chosen()

    def _go_to_chosen(self) -> None:
        chosen = self.query_one(Suggestions).cursor
        # The list may have changed between the click and this message.
        if chosen < len(self._offered):
            self.dismiss(self._offered[chosen].place)

    def action_move(self, by: int) -> None:
        """Choose another completion."""
        self.query_one(Suggestions).move(by)

    def action_complete(self) -> None:
        """Put the chosen completion, or the first one, into the input."""
        suggestions = self.query_one(Suggestions)
        if suggestions.shown:
            line = self.query_one(Input)
            line.value = suggestions.shown[suggestions.cursor].text
            line.cursor_position = len(line.value)
