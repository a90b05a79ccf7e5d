"""The list of findings of one record: severity, code, message."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType

from repoview.tui.visits.messages import FindingMoved, PlaceChosen
from repoview.tui.widgets.base.virtual_list import VirtualList

if TYPE_CHECKING:
    from repoview.tui.values.rows import FindingRow

SEVERITIES: Final = {
    "fatal": ("✗", "bad"),
    "error": ("✗", "bad"),
    "warning": ("!", "warn"),
    "info": ("·", "dim"),
}
"""Severity → its sign and style; the word is shown, too."""


class FindingsList(VirtualList):
    """The findings of one record, node or block."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Go to its place", id="findings.go"),
    ]

    def fill(self, rows: list[FindingRow]) -> None:
        """Show these findings."""
        self._rows = rows
        self.tell_title("Findings")
        self.tell_subtitle(f"{len(rows):,}")
        self.show(len(rows))
        if rows:
            self.moved(self.cursor)

    def row(self, number: int, width: int) -> Text:  # noqa: ARG002 (cut by the list)
        """Return sign, severity, code and message."""
        row = self._rows[number]
        sign, style = SEVERITIES[row.severity]
        line = Text().append(f"{sign} {row.severity:<8}", self.style(style))
        line.append(f"{row.code}  ", self.style("accent"))
        return line.append(row.message)

    def empty_text(self) -> str:
        """Return what to show if there are none."""
        return "Nothing was found wrong."

    def moved(self, number: int) -> None:
        """Post the finding under the cursor."""
        self.post_message(FindingMoved(number))

    def chosen(self, number: int) -> None:
        """Ask to go to its place."""
        self.post_message(PlaceChosen("finding", number))
