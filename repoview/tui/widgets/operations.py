"""The operations of an event: the answer to each, action and path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType

from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.virtual_list import VirtualList

if TYPE_CHECKING:
    from repoview.tui.session.events import OperationRow

_ANSWERS: Final = {
    "proved": ("✔", "good"),
    "unknown": ("?", "warn"),
    "contradicted": ("✗", "bad"),
}
"""Answer → its sign and style; the word is shown, too."""

_MOST: Final = 12
"""Rows on the screen."""


class Operations(VirtualList):
    """The operations of one event."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Go to its record", id="operations.go"),
    ]

    @dataclass
    class Chosen(Upward):
        """The user wants to go to where an operation leads."""

        number: int

    def fill(self, rows: list[OperationRow]) -> None:
        """Show these operations; the list is as high as they take."""
        self._rows = rows
        self.tell_title("Operations of the event")
        self.tell_subtitle(f"{len(rows):,}")
        # With a line above and one below.
        self.styles.height = min(len(rows), _MOST) + 2
        self.show(len(rows))

    def row(self, number: int, width: int) -> Text:  # noqa: ARG002 (cut by the list)
        """Return sign, answer, action and path, and what undoing gave."""
        row = self._rows[number]
        sign, style = _ANSWERS[row.answer]
        line = Text().append(f"{sign} {row.answer:<12}  ", self.style(style))
        line.append(f"{row.action:<6}  ", self.style("accent")).append(row.path)
        return line.append(f"  {row.why}", self.style("dim"))

    def chosen(self, number: int) -> None:
        """Ask to go to its record."""
        self.post_message(self.Chosen(number))
