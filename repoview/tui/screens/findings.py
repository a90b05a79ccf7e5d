"""Findings: the verdict in words, and everything that was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Static

from repoview.tui.widgets.findings_list import FindingsList
from repoview.tui.widgets.status import Status

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.tui.messages import FindingMoved, PlaceChosen
    from repoview.tui.session import Session


class FindingsScreen(Screen[tuple[str, int] | None]):
    """A list, the gravest first, and what is known of one; Enter goes there.

    Args:
        session: An open one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,v", "dismiss(None)", "Back"),
        Binding("question_mark", "app.show_help", "Help", key_display="?"),
        Binding("q", "app.leave", "Quit"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._rows = session.findings()

    def compose(self) -> ComposeResult:
        """Lay out verdict, list and explanation."""
        yield Status(id="status")
        word, meaning, complete = self._session.verdict()
        text = f"{word}: {meaning}. {complete}. {self._session.remark()}".rstrip()
        yield Static(Text(text), id="verdict")
        yield FindingsList(id="findings")
        panel = VerticalScroll(Static(id="explanation"), id="explained")
        panel.border_title = "What it means"
        yield panel
        yield Footer()

    def on_mount(self) -> None:
        """Fill the list."""
        self.query_one(Status).tell(self._session)
        findings = self.query_one(FindingsList)
        findings.fill(self._rows)
        findings.focus()
        if not self._rows:
            self.query_one("#explained").display = False

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
        place = self._session.finding_place(message.number)
        if place is None:
            self.notify("This one is about the whole file.", markup=False)
        else:
            self.dismiss((place.what, place.number))
