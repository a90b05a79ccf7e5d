"""Findings: the verdict in words, and everything that was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widgets import Static

from repoview.tui.messages import Go
from repoview.tui.place import Place
from repoview.tui.screens.view import View
from repoview.tui.widgets.findings_list import FindingsList

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from repoview.tui.messages import FindingMoved, PlaceChosen
    from repoview.tui.rows import FindingRow
    from repoview.tui.visit import Visit


class FindingsView(View):
    """A list, the gravest first, and what is known of one; Enter goes there."""

    VIEW = "findings"

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._rows: list[FindingRow] = []
        self._is_filled = False

    def body(self) -> Iterable[Widget]:
        """Lay out verdict, list and explanation."""
        yield Static(id="verdict")
        yield FindingsList(id="findings")
        panel = VerticalScroll(Static(id="explanation"), id="explained")
        panel.border_title = "What it means"
        yield panel

    def on_mount(self) -> None:
        """Give the keys to the list."""
        self.query_one(FindingsList).focus()

    def grown(self) -> None:
        """Fill the list, once all is read."""
        verdict = self.query_one("#verdict", Static)
        if not self.visit.is_whole:
            verdict.update("The findings come when all is read.")
            self.query_one(FindingsList).fill([])
        elif not self._is_filled:
            self._is_filled = True
            session = self.visit.whole
            word, meaning, complete = session.verdict()
            text = f"{word}: {meaning}. {complete}. {session.remark()}".rstrip()
            verdict.update(Text(text))
            self._rows = session.findings.rows()
            self.query_one(FindingsList).fill(self._rows)
        self.query_one("#explained").display = bool(self._rows)

    def place(self) -> Place:
        """Return the finding under the cursor."""
        number = self.query_one(FindingsList).cursor
        return Place(self.VIEW, "finding", number)

    def go(self, place: Place) -> None:
        """Move to a finding."""
        if place.what == "finding":
            self.query_one(FindingsList).cursor = place.number

    def on_finding_moved(self, message: FindingMoved) -> None:
        """Explain the finding under the cursor."""
        row = self._rows[message.number]
        text = Text()
        text.append(f"{row.code} {row.severity}\n", "bold")
        text.append(f"{row.message}\n\n")
        for label, says in row.details:
            text.append(f"{label:<9}", "bold").append(f"{says}\n")
        self.query_one("#explanation", Static).update(text)

    def on_place_chosen(self, message: PlaceChosen) -> None:
        """Leave for the place of a finding."""
        message.stop()
        place = self.visit.whole.findings.place(message.number)
        if place is None:
            self.notify("This one is about the whole file.", markup=False)
        else:
            self.post_message(Go(place))
