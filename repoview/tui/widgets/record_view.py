"""One record, node or block: as JSON, as bytes, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import ContentSwitcher, Static

from repoview.tui.messages import TabChosen
from repoview.tui.widgets.bytes_view import BytesView
from repoview.tui.widgets.findings_list import FindingsList
from repoview.tui.widgets.json_view import JsonView

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult

    from repoview.tui.rows import Detail

TABS: Final = (("json", "JSON"), ("bytes", "Bytes"), ("found", "Findings"))


class TabLine(Static):
    """The ways to see a record; one is chosen."""

    def tell(self, current: str, findings: int) -> None:
        """Show which way is chosen, and how many findings there are."""
        line = Text(no_wrap=True)
        self._stops: list[tuple[int, str]] = []
        for number, (name, label) in enumerate(TABS, 1):
            if name == "found" and findings:
                label = f"{label} {findings}"  # noqa: PLW2901 (the same label, with its count)
            line.append(f" {number} {label} ", "reverse" if name == current else "")
            line.append(" ")
            self._stops.append((line.cell_len, name))
        self.update(line, layout=False)

    def on_click(self, event: events.Click) -> None:
        """Choose the way under the mouse."""
        for stop, name in getattr(self, "_stops", []):
            if event.x < stop:
                self.post_message(TabChosen(name))
                return


class RecordView(Vertical):
    """A record in three ways, under one line of facts."""

    def compose(self) -> ComposeResult:
        """Lay out facts, tabs, and the three ways."""
        yield Static(id="facts")
        yield TabLine(id="tabs")
        with ContentSwitcher(initial="json", id="ways"):
            yield JsonView(id="json")
            yield BytesView(id="bytes")
            yield FindingsList(id="found")

    def on_mount(self) -> None:
        """Begin with nothing to show."""
        self._findings = 0
        self.border_title = "Record"
        self.query_one(JsonView).fill([])
        self.query_one(BytesView).fill(b"", [])
        self.query_one(FindingsList).fill([])
        self.show_tab("json")

    def fill(self, detail: Detail) -> None:
        """Show one record, node or block."""
        self.border_title = Content(detail.title)
        self._findings = len(detail.findings)
        facts = Text(detail.facts, no_wrap=True, overflow="ellipsis")
        self.query_one("#facts", Static).update(facts, layout=False)
        self.query_one(JsonView).fill(detail.lines, is_json=detail.is_json)
        self.query_one(BytesView).fill(detail.data, detail.spans)
        self.query_one(FindingsList).fill(detail.findings)
        self.show_tab(self.tab)

    @property
    def tab(self) -> str:
        """The way that is chosen: json, bytes or found."""
        return self.query_one("#ways", ContentSwitcher).current or "json"

    def show_tab(self, name: str) -> None:
        """Show the record another way; the keys go there if they were here."""
        had_focus = self.has_focus_within
        self.query_one("#ways", ContentSwitcher).current = name
        self.query_one(TabLine).tell(name, self._findings)
        if had_focus:
            self.query_one(f"#{name}").focus()

    def on_tab_chosen(self, message: TabChosen) -> None:
        """Follow the mouse."""
        message.stop()
        self.show_tab(message.name)
