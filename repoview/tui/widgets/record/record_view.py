"""The record pane: tabs with JSON, bytes, proof path and findings.

Shows a `Detail`, and asks by message for what is not in it: the proof path, and
the targets of links. JSON and bytes scroll together; in a wide pane they are
side by side.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from repoview.core.errors import RepoviewError
from repoview.present import safe
from repoview.present.styled import Section
from repoview.tui.session.detail import Detail, whole_json
from repoview.tui.session.links import Lead
from repoview.tui.session.proof_paths import ProofPath
from repoview.tui.terminal.outward import read_outside
from repoview.tui.values.hex_spans import SMALL, hex_spans
from repoview.tui.visits.messages import Ask, FindingMoved, Go, PlaceChosen, TabChosen
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.base.titled import Titled
from repoview.tui.widgets.findings_list import FindingsList
from repoview.tui.widgets.pictures.sections import SectionText
from repoview.tui.widgets.record.bytes_view import BytesView
from repoview.tui.widgets.record.json_view import JsonView
from repoview.tui.widgets.record.path_view import PathView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events
    from textual.app import ComposeResult

    from repoview.tui.session import Session
    from repoview.tui.session.proof_paths import StepRow

TABS: Final = (
    ("json", "JSON"),
    ("bytes", "Bytes"),
    ("path", "Path"),
    ("found", "Findings"),
)
BESIDE: Final = 100
"""Columns from which on bytes and JSON are side by side."""


_PANES: Final = {"bytes": "#bytes-pane"}
"""What holds the pane of a tab, where that is not the pane itself."""

_TALL: Final = 28
"""Rows from which on a CID can be taken apart below the bytes."""


class TabLine(Static):
    """The tabs of the pane; one is chosen."""

    _stops: Sequence[tuple[int, str]] = ()
    """The column behind each tab, and its name."""

    def tell(self, current: str, findings: int) -> None:
        """Show which tab is chosen, and how many findings there are."""
        line = Text(no_wrap=True)
        stops = []
        for number, (name, label) in enumerate(TABS, 1):
            if name == "found" and findings:
                label = f"{label} {findings}"  # noqa: PLW2901 (the same label, with its count)
            line.append(f" {number} {label} ", "reverse" if name == current else "")
            line.append(" ")
            stops.append((line.cell_len, name))
        self._stops = stops
        self.update(line, layout=False)

    def on_click(self, event: events.Click) -> None:
        """Switch to the tab under the mouse."""
        for stop, name in self._stops:
            if event.x < stop:
                self.post_message(TabChosen(name))
                return


class RecordView(Resilient, Vertical, Titled):
    """One record, node or block: a line of facts, tabs, and four panes."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self.detail: Detail | None = None
        """What is shown; None at first."""
        self.tab = "json"
        """The chosen tab: json, bytes, path or found."""
        self._filled: tuple[Detail | None, int] = (None, 0)
        """The detail whose bytes are shown, and how many lines were open then."""
        self._steps: list[StepRow] = []
        self._value = ""
        """The path of the value under the cursor."""

    def compose(self) -> ComposeResult:
        """Lay out facts, tabs and panes."""
        yield Static(id="facts")
        yield TabLine(id="tabs")
        with Container(id="tab-panes"):
            yield JsonView(id="json")
            with Vertical(id="bytes-pane"):
                yield BytesView(id="bytes")
                yield SectionText(id="anatomy")
            yield PathView(id="path")
            with Vertical(id="found"):
                yield FindingsList(id="found-list")
                yield VerticalScroll(Static(id="rule-text"), id="rule")

    def on_mount(self) -> None:
        """Begin empty."""
        self.tell_title("Record")
        self.show_tab("json")

    def on_resize(self) -> None:
        """Put bytes and JSON side by side if there is room."""
        self._display(self.tab)

    # For owners

    @property
    def is_laid_out(self) -> bool:
        """Whether something is shown and laid out."""
        return self.detail is not None and self.query_one(JsonView).is_laid_out

    def fill(self, detail: Detail) -> None:
        """Show one record, node or block; if it is shown, keep the position."""
        was, self.detail = self.detail, detail
        self.tell_title(Content(detail.title))
        facts = Text(detail.facts, no_wrap=True, overflow="ellipsis")
        self.query_one("#facts", Static).update(facts, layout=False)
        findings = self.query_one(FindingsList)
        findings.fill(detail.findings)
        self.query_one("#rule").set_class(not detail.findings, "-none")
        if was is not None and is_same(was, detail):
            # Filled again while reading; what is open stays open.
            self.detail = replace(detail, structure=was.structure)
            self._filled = (self.detail, self._filled[1])
        else:
            self.query_one(JsonView).fill(detail.structure, detail.notes)
            self._filled = (None, 0)
        self._show(self.tab)

    def stand_at(self, byte: int) -> None:
        """Move to the value that contains a byte."""
        self.query_one(JsonView).stand_at(byte)
        if self.tab == "bytes":
            self._fill_bytes(byte)

    def show_tab(self, name: str) -> None:
        """Switch to a tab, at the same value."""
        was, had_focus = self.tab, self.has_focus_within
        if {was, name} == {"json", "bytes"}:
            if name == "bytes":
                self._fill_bytes(self.query_one(JsonView).byte)
            else:
                self.query_one(JsonView).stand_at(self.query_one(BytesView).byte)
        self.tab = name
        self._show(name)
        if had_focus:
            self.call_after_refresh(self.focus_tab)
            self.focus_tab()

    def focus_tab(self) -> None:
        """Focus the pane of the chosen tab."""
        name = "found-list" if self.tab == "found" else self.tab
        self.query_one(f"#{name}").focus()

    def judged(self) -> None:
        """Update after the signature was checked with another key."""
        if self.tab == "path":
            self._ask_path()

    def show_whole(self) -> None:
        """Show long lines whole, or cut again."""
        self.query_one(JsonView).action_whole()

    def open_outside(self, command: str) -> None:
        """Open its JSON in another program."""
        detail = self.detail
        if detail is not None:
            text, name = whole_json(detail), detail.file_name
            if says := read_outside(self.app, command, text, name):
                self.notify(says, severity="warning", markup=False)

    # The panes

    def _display(self, name: str) -> None:
        """Show the pane of a tab; bytes with JSON beside, if there is room."""
        beside = name == "bytes" and self.size.width >= BESIDE
        for tab, _ in TABS:
            is_shown = tab == name or (tab == "json" and beside)
            self.query_one(_PANES.get(tab, f"#{tab}")).display = is_shown
        self.query_one("#tab-panes").set_class(beside, "-beside")
        self.query_one(SectionText).set_class(self.size.height < _TALL, "-low")

    def _show(self, name: str) -> None:
        self._display(name)
        count = 0 if self.detail is None else len(self.detail.findings)
        self.query_one(TabLine).tell(name, count)
        self._tell_path()
        if name == "bytes":
            self._fill_bytes()
        elif name == "path":
            self._ask_path()

    def _tell_path(self) -> None:
        """Show the path of the value under the cursor in the border."""
        is_there = self._value and self.tab in {"json", "bytes"}
        self.tell_subtitle(Content(self._value) if is_there else None)

    def _fill_bytes(self, byte: int | None = None) -> None:
        """Update the bytes, if the detail or its open lines have changed."""
        detail, view = self.detail, self.query_one(BytesView)
        if detail is None:
            return
        structure = detail.structure
        lines = 0
        if structure is not None and len(detail.data) > SMALL:
            lines = len(structure.lines)
        if self._filled[0] is not detail or self._filled[1] != lines:
            spans = hex_spans(detail.data, structure)
            at = view.byte if byte is None and self._filled[0] is detail else byte or 0
            view.fill(detail.data, spans, at)
            self._filled = (detail, lines)
        elif byte is not None:
            view.stand_at(byte)
        self._take_apart()

    def _take_apart(self) -> None:
        """Show what the bytes under the cursor are made of."""
        span = self.query_one(BytesView).span
        sections: list[Section] = []
        if self.detail is not None and span is not None:
            # Late: few look at bytes, and the first screen would wait for it.
            from repoview.present.anatomy.spans import parts_of_span

            data = self.detail.data
            rows = parts_of_span(data, span.start, span.end, span.kind, span.meaning)
            sections = [Section("", [span.meaning, *rows])]
        self.query_one(SectionText).fill(sections, lay_out=False)

    def _ask_path(self) -> None:
        detail = self.detail
        if detail is None:
            return
        self.query_one(PathView).tell("Computing the hashes again …")

        def question(session: Session) -> ProofPath:
            if not session.is_whole:
                says = "The way is known when the source is read to its end."
                return ProofPath([], says)
            try:
                return session.proofs.proof_path(detail.what, detail.number)
            except RepoviewError as error:
                return ProofPath([], safe(str(error), 300))

        def answer(path: ProofPath) -> None:
            if self.detail is detail:
                self._steps = path.steps
                self.query_one(PathView).fill(*path)

        self.post_message(Ask(question, answer))

    # Messages of the panes

    def on_tab_chosen(self, message: TabChosen) -> None:
        """Switch to a tab."""
        message.stop()
        self.show_tab(message.name)

    def on_json_view_moved(self, message: JsonView.Moved) -> None:
        """Show the path of the value, and scroll the bytes beside it."""
        message.stop()
        self._value = safe(message.path, 120)
        self._tell_path()
        view = self.query_one(JsonView)
        if self.tab == "bytes" and view.has_focus:
            self._fill_bytes(view.byte)

    def on_bytes_view_moved(self, message: BytesView.Moved) -> None:
        """Scroll the JSON beside the bytes."""
        message.stop()
        self._take_apart()
        view = self.query_one(BytesView)
        if view.has_focus and self.query_one("#tab-panes").has_class("-beside"):
            self.query_one(JsonView).stand_at(view.byte)

    def on_bytes_view_opened(self, message: BytesView.Opened) -> None:
        """Open the value of a span, which splits the span."""
        message.stop()
        self.query_one(JsonView).open_at(message.byte)
        self._fill_bytes()

    def on_json_view_followed(self, message: JsonView.Followed) -> None:
        """Follow a link, or say where it leads."""
        message.stop()
        link = message.link

        def question(session: Session) -> Lead:
            if not session.is_whole:
                return Lead(None, "can be followed when the source is read to its end")
            return session.links.lead(link)

        def answer(lead: Lead) -> None:
            if lead.place is not None:
                self.post_message(Go(lead.place))
            else:
                self.notify(f"This {lead.says}.", markup=False)

        self.post_message(Ask(question, answer))

    def on_path_view_followed(self, message: PathView.Followed) -> None:
        """Go to a block of the proof path."""
        message.stop()
        # The steps may be those of another record by now.
        steps = self._steps[message.number : message.number + 1]
        place = steps[0].place if steps else None
        if place is not None:
            self.post_message(Go(place))

    def on_finding_moved(self, message: FindingMoved) -> None:
        """Explain a finding below the list."""
        message.stop()
        if self.detail is None or message.number >= len(self.detail.findings):
            return
        row = self.detail.findings[message.number]
        text = Text(f"{row.code} {row.severity}\n", "bold")
        for label, says in row.details:
            text.append(f"{label:<9}", "bold").append(f"{says}\n", "not bold")
        text.rstrip()
        self.query_one("#rule-text", Static).update(text)

    def on_place_chosen(self, message: PlaceChosen) -> None:
        """Show the byte that a finding is about."""
        if message.what != "finding" or self.detail is None:
            return
        if message.number >= len(self.detail.finding_bytes):
            return
        message.stop()
        byte = self.detail.finding_bytes[message.number]
        if 0 <= byte < len(self.detail.data):
            self.query_one(JsonView).stand_at(byte)
            self.tab = "bytes"
            self._fill_bytes(byte)
            self._show("bytes")
            self.focus_tab()
        else:
            self.notify("This one is about no single byte.", markup=False)


def is_same(one: Detail, other: Detail) -> bool:
    """Return whether two details are of the same block with the same bytes."""
    return (one.what, one.number, one.cid, one.data) == (
        other.what,
        other.number,
        other.cid,
        other.data,
    )
