"""Browse: collections, their records, and one record."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Footer, Input

from repoview.core.errors import RepoviewError
from repoview.present import safe
from repoview.tui.messages import CollectionChosen, PlaceChosen, RecordMoved
from repoview.tui.screens.goto import GoTo
from repoview.tui.widgets.collections import Collections
from repoview.tui.widgets.record_view import RecordView
from repoview.tui.widgets.records import Records
from repoview.tui.widgets.status import Status

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.tui.session import Session

_ZOOMS = ("-zoom-lists", "-zoom-record")
"""What has the whole room: the lists, or the record; by whether the keys go
to the record."""

_NARROW = 100
"""Columns under which the record stands below the lists."""


class Browse(Screen[None]):
    """Three panes, and a line with the verdict.

    Args:
        session: An open one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Next pane", show=False),
        Binding("shift+tab", "app.focus_previous", "Pane before", show=False),
        Binding("slash", "filter", "Filter", key_display="/"),
        Binding("colon,ctrl+g", "go_to", "Go to", key_display=":"),
        Binding("n", "next_match(1)", "Next", show=False),
        Binding("N", "next_match(-1)", "Previous", show=False),
        Binding("1", "tab('json')", "JSON", show=False),
        Binding("2,b", "tab('bytes')", "Bytes", show=False),
        Binding("3", "tab('found')", "Findings of the record", show=False),
        Binding("f", "full", "Lines in full", show=False),
        Binding("t", "tree", "Tree"),
        Binding("v", "app.show_findings", "Verdict"),
        Binding("z", "zoom", "Zoom"),
        Binding("y", "copy('uri')", "Copy URI", show=False),
        Binding("Y", "copy('cid')", "Copy CID", show=False),
        Binding("question_mark", "app.show_help", "Help", key_display="?"),
        Binding("escape", "back", "Clear", show=False),
        Binding("q", "app.leave", "Quit"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._collection: int | None = None
        self._needle = ""
        self._record: int | None = None
        self._full = False

    def compose(self) -> ComposeResult:
        """Lay out status, panes, filter and footer."""
        yield Status(id="status")
        with Horizontal(id="panes"):
            with Horizontal(id="lists"):
                yield Collections(id="collections")
                yield Records(self._session.row, id="records")
            yield RecordView(id="record")
        yield Input(placeholder="part of a path; Enter keeps, Esc clears", id="filter")
        yield Footer()

    def on_mount(self) -> None:
        """Fill the panes."""
        self.query_one(Status).tell(self._session)
        self.query_one("#filter").display = False
        self.query_one(Collections).fill(self._session.collections())
        self._fill_records()
        self.query_one(Records).focus()

    def on_resize(self) -> None:
        """Put the record beside the lists, or below them."""
        self.set_class(self.size.width < _NARROW, "-narrow")

    def _fill_records(self, cursor: int = 0) -> None:
        numbers = self._session.filtered(self._collection, self._needle)
        title = "All records"
        if self._collection is not None:
            title = self._session.collections()[self._collection].name
        if self._needle:
            title = f"{title} / {safe(self._needle, 40)}"
        self.query_one(Records).fill(
            numbers,
            title,
            needle=self._needle,
            mixed=self._collection is None,
            cursor=cursor,
        )

    # What the panes ask

    def on_collection_chosen(self, message: CollectionChosen) -> None:
        """Show the records of a collection."""
        if message.number != self._collection:
            self._collection = message.number
            self._fill_records()

    def on_record_moved(self, message: RecordMoved) -> None:
        """Show a record."""
        self._record, self._full = message.number, False
        detail = self._session.record(message.number)
        self.query_one(RecordView).fill(detail)

    def on_place_chosen(self, message: PlaceChosen) -> None:
        """Stay: a finding of a record leads to the record that is shown."""
        message.stop()

    def go_to_record(self, number: int) -> None:
        """Show a record among those of its collection, and go there."""
        numbers = self._session.filtered(self._collection, self._needle)
        if number not in numbers:
            self._needle = ""
            self._collection = self._session.collection_of(number)
            place = 0 if self._collection is None else self._collection + 1
            with self.prevent(CollectionChosen):
                self.query_one(Collections).cursor = place
            numbers = self._session.numbers(self._collection)
        self._fill_records(numbers.index(number))
        self.query_one(Records).focus()

    def go_to_block(self, offset: int) -> None:
        """Show the block that begins at a byte of the file."""
        try:
            detail = self._session.block_at(offset)
        except RepoviewError as error:
            self.notify(safe(str(error)), severity="warning", markup=False)
            return
        view = self.query_one(RecordView)
        view.fill(detail)
        view.show_tab("bytes")

    # Keys

    def action_filter(self) -> None:
        """Ask for a part of the path."""
        line = self.query_one("#filter", Input)
        line.display = True
        line.value = self._needle
        # At once: what is typed right behind the slash belongs to the filter.
        self.set_focus(line)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as the reader types."""
        if event.value != self._needle:
            self._needle = event.value
            self._fill_records()

    def on_input_submitted(self) -> None:
        """Keep the filter, and go to the records."""
        self.query_one("#filter").display = False
        self.query_one(Records).focus()

    def action_back(self) -> None:
        """Leave the zoom, or clear the filter."""
        if any(self.has_class(name) for name in _ZOOMS):
            self.remove_class(*_ZOOMS)
            return
        line = self.query_one("#filter", Input)
        line.display = False
        if self._needle:
            record = self._record
            self._needle = line.value = ""
            self._fill_records()
            if record is not None:
                self.go_to_record(record)
        self.query_one(Records).focus()

    def action_next_match(self, by: int) -> None:
        """Move among the records that are shown; among matches, in a filter."""
        records = self.query_one(Records)
        if records.count:
            records.cursor = (records.cursor + by) % records.count

    def action_go_to(self) -> None:
        """Ask where to go."""
        self.app.push_screen(GoTo(self._session), self._gone_to)

    def _gone_to(self, place: tuple[str, int] | None) -> None:
        if place is not None:
            self.app.post_message(PlaceChosen(*place))

    def action_tab(self, name: str) -> None:
        """See the record another way."""
        self.query_one(RecordView).show_tab(name)

    def action_full(self) -> None:
        """Show long lines whole, or cut again."""
        if self._record is not None:
            self._full = not self._full
            detail = self._session.record(self._record, full=self._full)
            self.query_one(RecordView).fill(detail)

    def action_tree(self) -> None:
        """Show the tree, at the place of the record."""
        number = -1 if self._record is None else self._record
        self.app.post_message(PlaceChosen("tree", number))

    def action_zoom(self) -> None:
        """Give the record, or the lists, the whole room; or share it again."""
        here = self.query_one(RecordView).has_focus_within
        wanted = _ZOOMS[here]
        if any(self.has_class(name) for name in _ZOOMS):
            self.remove_class(*_ZOOMS)
        else:
            self.add_class(wanted)

    def action_copy(self, what: str) -> None:
        """Copy AT URI or CID of the record."""
        if self._record is None:
            return
        detail = self._session.record(self._record)
        self.app.copy_to_clipboard(detail.at_uri if what == "uri" else detail.cid)
        name = "AT URI" if what == "uri" else "CID"
        self.notify(f"{name} sent to the terminal's clipboard", markup=False)
