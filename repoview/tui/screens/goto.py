"""Go to: a path or its beginning, record key, AT URI, CID, number or byte."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from repoview.present import safe
from repoview.tui.place import Place
from repoview.tui.screens.dialog import Dialog
from repoview.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.tui.session import Session
    from repoview.tui.session.places import Suggestion

_KEYS: Final = "Enter goes · ↓ ↑ choose · Tab completes · Esc stays"


class Suggestions(VirtualList, can_focus=False):
    """Places whose names begin like what was typed."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self.shown: list[Suggestion] = []
        self.is_chosen = False
        """Whether the reader moved in the list: Enter means the row then."""
        self.is_clicked = False

    def offer(self, suggestions: list[Suggestion]) -> None:
        """Show these; none of them is chosen."""
        self.shown, self.is_chosen = suggestions, False
        self.show(len(suggestions))

    def move(self, by: int) -> None:
        """Choose the next row, or the one before."""
        if self.count:
            self.cursor = (self.cursor + by) % self.count if self.is_chosen else 0
            self.is_chosen = True
            self.refresh()

    def row(self, number: int, width: int) -> Text:
        """Return the place's name, and what to know of it."""
        each = self.shown[number]
        sign = "» " if self.is_chosen and number == self.cursor else "  "
        name = Text(sign + each.text)
        name.truncate(
            max(width - len(each.facts) - 1, 20), overflow="ellipsis", pad=True
        )
        return name.append(" ").append(each.facts, self.style("dim"))

    def clicked(self, number: int, column: int) -> bool:  # noqa: ARG002 (the cursor is there)
        """Choose a row; the dialog hears of the click, too."""
        self.is_chosen = self.is_clicked = True
        return True


class GoTo(Dialog[Place | None]):
    """Asks for a place, offers some, and says kindly when there is none such.

    Args:
        session: Knows the places.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "Cancel", id="goto.cancel"),
        Binding("down", "move(1)", "Next", show=False, id="goto.next"),
        Binding("up", "move(-1)", "Before", show=False, id="goto.previous"),
        Binding(
            "tab",
            "complete",
            "Complete",
            show=False,
            priority=True,
            id="goto.complete",
        ),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def compose(self) -> ComposeResult:
        """Lay out a line, suggestions, and room for an answer."""
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
        suggestions = self.query_one(Suggestions)
        suggestions.offer(self._session.places.suggestions(text))
        self._say(_KEYS, is_none=False)

    def _say(self, text: str, *, is_none: bool) -> None:
        answer = self.query_one("#answer", Static)
        answer.update(Text(safe(text, 300)))
        answer.set_class(is_none, "-none")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Offer what begins like it."""
        self._offer(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go to what was chosen or typed, or say why there is nothing."""
        suggestions = self.query_one(Suggestions)
        if suggestions.is_chosen and suggestions.shown:
            self.dismiss(suggestions.shown[suggestions.cursor].place)
            return
        lead = self._session.places.lead(event.value)
        if lead.place is None:
            self._say(lead.says, is_none=True)
        else:
            self.dismiss(lead.place)

    def on_click(self) -> None:
        """Go to the place that was clicked on."""
        suggestions = self.query_one(Suggestions)
        if suggestions.is_clicked:
            self.dismiss(suggestions.shown[suggestions.cursor].place)

    def action_move(self, by: int) -> None:
        """Choose among the suggestions."""
        self.query_one(Suggestions).move(by)

    def action_complete(self) -> None:
        """Put the chosen suggestion, or the first one, into the line."""
        suggestions = self.query_one(Suggestions)
        if suggestions.shown:
            line = self.query_one(Input)
            line.value = suggestions.shown[suggestions.cursor].text
            line.cursor_position = len(line.value)
