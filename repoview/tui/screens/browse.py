"""The browse view: collections, their records, and one record."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from repoview.present import safe
from repoview.tui.screens.filtering import Filtering
from repoview.tui.session.selecting import noting
from repoview.tui.values.place import Place
from repoview.tui.visits.latest import Answer, Latest
from repoview.tui.visits.listing import MANY, Listing, Order
from repoview.tui.visits.messages import (
    CollectionChosen,
    OrderChosen,
    PlaceChosen,
    RecordMoved,
)
from repoview.tui.visits.row_cache import RowCache
from repoview.tui.widgets.collections import Collections
from repoview.tui.widgets.found import FindPanel
from repoview.tui.widgets.record.record_view import TABS, RecordView
from repoview.tui.widgets.records import Records

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.timer import Timer
    from textual.widget import Widget

    from repoview.tui.session import Session
    from repoview.tui.session.detail import Detail
    from repoview.tui.session.writing.export import ExportChoice
    from repoview.tui.values.rows import CollectionRow
    from repoview.tui.visits.visit import Visit

_GROWTH: Final = 0.4
"""Seconds between two updates of the lists while new records are out of sight;
an update of the counts draws a whole list."""

_POLL: Final = 0.2
"""Seconds between two looks at how far a search is."""

_ZOOMS: Final = ("-zoom-lists", "-zoom-record")
"""The class for the zoomed pane, by whether the record has the focus."""


class Browse(Filtering):
    """Three panes, and an input line for the filter."""

    VIEW = "browse"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "find", "Find", id="browse.find"),
        Binding("s", "order", "Order", show=False, id="browse.order"),
        Binding("S", "reverse", "Reverse", show=False, id="browse.reverse"),
        Binding("n", "next_match(1)", "Next", show=False, id="browse.next"),
        Binding("N", "next_match(-1)", "Previous", show=False, id="browse.previous"),
        Binding("z", "zoom", "Zoom", show=False, id="browse.zoom"),
    ]

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._collection: int | None = None
        self._orders: dict[int | None, Order] = {}
        """The order of each collection; None is all records."""
        self._latest = Latest(self)
        self._record: int | None = None
        self._sought: tuple[int, str] = (-1, "")
        """A record to be shown, and the text it was found by."""
        self._rows = RowCache(visit, self._redraw)
        self._collections: list[CollectionRow] = []
        self._share = 0.0
        """How much of a search is done; its thread sets it."""
        self._watching: Timer | None = None
        self._asked = False
        """Whether the answer to an update of the lists is pending."""
        self._grown = 0.0
        """When the last update was asked for."""
        self._is_filled = False
        """Whether the lists are complete."""

    def body(self) -> Iterable[Widget]:
        """Lay out panes and filter."""
        collections, records = Collections(id="collections"), Records(id="records")
        records.ask = self._rows.row
        yield Horizontal(
            Horizontal(collections, records, id="lists"),
            RecordView(id="record"),
            id="panes",
        )
        yield from self.filter_widgets()

    def on_mount(self) -> None:
        """Apply the settings, and focus the records."""
        config, records = self.visit.config, self.query_one(Records)
        records.dates = config.dates
        tab = {"findings": "found"}.get(config.tab, config.tab)
        if tab in dict(TABS):
            self.query_one(RecordView).show_tab(tab)
        records.focus()

    # Filling and growing

    @property
    def is_there(self) -> bool:
        """Whether records are shown, and the one under the cursor."""
        if not super().is_there:
            return False
        if not self.query_one(Records).count:
            return self._is_filled
        return self.pane.is_laid_out and not self._rows.is_waiting

    def grown(self) -> None:
        """Update the lists while reading, without moving the cursor or the window."""
        if self._asked or self._is_filled:
            return
        is_full = self.query_one(Records).is_full
        if is_full and not self.visit.is_whole and monotonic() < self._grown + _GROWTH:
            return
        self._asked, self._grown = True, monotonic()
        wanted = self._listing._replace(order=Order())
        is_whole = self.visit.is_whole

        def question(session: Session) -> tuple[list[CollectionRow], Sequence[int]]:
            records = session.records
            return records.collections(), wanted.numbers(session)

        def answer(found: tuple[list[CollectionRow], Sequence[int]]) -> None:
            self._asked = False
            self._is_filled = is_whole
            self._grow(found[0], found[1], wanted)

        self.visit.ask(question, answer)

    def _grow(
        self,
        collections: list[CollectionRow],
        numbers: Sequence[int],
        of: Listing,
    ) -> None:
        is_first = not self._collections
        self._collections = collections
        with self.prevent(CollectionChosen):
            self.query_one(Collections).extend(collections)
        if of != self._listing:
            return
        if self._is_filled:
            self._rows.forget()
        records = self.query_one(Records)
        if is_first or not records.count:
            self._show_numbers(numbers, 0)
        else:
            records.extend(numbers)

    @property
    def _listing(self) -> Listing:
        """The query for the list of records."""
        order = self._orders.get(self._collection, Order())
        return Listing(self._collection, self._selection, order, self._is_typing)

    def _fill_records(self, record: int | None = None) -> None:
        """Run the query, and put the cursor on a record."""
        wanted, session = self._listing, self.visit.session

        def answer(numbers: Sequence[int]) -> None:
            if wanted == self._listing:
                cursor = None if record is None else index_of(numbers, record)
                self._show_numbers(numbers, cursor or 0)
                if cursor is not None:
                    self.query_one(Records).center(cursor)

        reads = bool(wanted.selection) and self._judged.reads
        is_long = session is not None and (reads or len(session.records) >= MANY)
        if session is not None and is_long and not wanted.is_plain:
            self._search(session, wanted, answer)
        else:
            self._latest.forget()
            self.visit.ask(wanted.numbers, answer)

    def _search(self, session: Session, wanted: Listing, answer: Answer) -> None:
        """Run a query in a thread, with its progress where that takes long."""
        self._share = 0.0
        if self._judged.reads and self._watching is None:
            self._watching = self.set_interval(_POLL, self._tell_share)
        note = noting(lambda: wanted == self._listing, self._set_share)
        self._latest.ask(partial(wanted.numbers, session, note), answer)

    def _set_share(self, share: float) -> None:
        self._share = share

    def _tell_share(self) -> None:
        self.tell_hits(self._share)

    @property
    def _title(self) -> str:
        """The title of the list: the collection, and the filter."""
        title = "All records"
        if self._collection is not None and self._collection < len(self._collections):
            title = self._collections[self._collection].name
        return f"{title} / {safe(self._selection, 40)}" if self._selection else title

    def _show_numbers(self, numbers: Sequence[int], cursor: int) -> None:
        self.query_one(Records).fill(
            numbers,
            self._title,
            words=self._judged.words,
            is_narrowed=bool(self._selection),
            mixed=self._collection is None,
            order=self._orders.get(self._collection, Order()),
            cursor=cursor,
        )
        if self._watching is not None:
            self._watching.stop()
            self._watching = None
        self.tell_hits()

    def _redraw(self) -> None:
        self.query_one(Records).refresh()

    # Messages of the panes

    def on_collection_chosen(self, message: CollectionChosen) -> None:
        """Show the records of a collection."""
        if message.number != self._collection:
            self._collection = message.number
            self._fill_records()

    def on_record_moved(self, message: RecordMoved) -> None:
        """Show a record, at the text it was found by."""
        if message.sought:
            self._sought = (message.number, message.sought)
        self._record = message.number
        self._show_record()

    def _show_record(self) -> None:
        number = self._record
        if number is None:
            return

        def answer(detail: Detail) -> None:
            if number == self._record:
                self.pane.fill(detail)
                self._show_sought(detail)

        self.visit.ask(lambda s: s.records.detail(number), answer)

    def _show_sought(self, detail: Detail) -> None:
        """Move to the text that the record was found by, if it was."""
        (number, text), self._sought = self._sought, (-1, "")
        if number == detail.number:
            byte = self.visit.whole.search.byte_in(detail.data, text)
            if byte is not None:
                self.pane.stand_at(byte)

    def on_place_chosen(self, message: PlaceChosen) -> None:
        """Stop the message: a finding of a record leads to this record."""
        message.stop()

    def choices(self, session: Session) -> list[ExportChoice]:
        """Return the selections to offer for an export, the likeliest first.

        Args:
            session: Of the visit, completely read.
        """
        answers, marks = session.export, self.visit.marks
        choices = [answers.marked(marks.numbers())] if marks else []
        if self._selection:
            shown = self.query_one(Records).numbers
            choices.append(answers.filtered(shown, self._selection))
        if self._collection is not None:
            choices.append(answers.collection(self._collection))
        return choices

    # Places

    def place(self) -> Place:
        """Return the record under the cursor."""
        number = -1 if self._record is None else self._record
        return Place(self.VIEW, "record" if number >= 0 else "", number)

    def go(self, place: Place) -> None:
        """Move to a record, or to the first of a collection."""
        if place.what == "record":
            self._go_to_record(place.number)
        elif place.what == "collection":
            self.query_one(Collections).cursor = place.number + 1

    def _go_to_record(self, number: int) -> None:
        """Go to a record in the list of its collection.

        The record pane keeps the focus, as when a link in it is followed.
        """
        records = self.query_one(Records)
        if not self.pane.has_focus_within:
            records.focus()
        at = index_of(records.numbers, number)
        if at is not None:
            records.center(at)
            return

        def answer(collection: int | None) -> None:
            self.clear_filter()
            self._collection = collection
            with self.prevent(CollectionChosen):
                row = 0 if collection is None else collection + 1
                self.query_one(Collections).cursor = row
            self._fill_records(number)

        self.visit.ask(lambda session: session.records.collection_of(number), answer)

    def refill(self) -> None:
        """Fill the list anew, with the cursor on the record that is shown."""
        self._fill_records(self._record)

    # Keys

    def action_escape(self) -> None:
        """Leave the zoom, clear the filter, or end the reading."""
        line = self.query_one("#filter", Input)
        if any(self.has_class(name) for name in _ZOOMS):
            self.remove_class(*_ZOOMS)
        elif self._selection or line.display:
            self.clear_filter()
            self._fill_records(self._record)
            if self.visit.session is not None:
                self.visit.session.search.drop_paths()
            self.query_one(Records).focus()
        else:
            super().action_escape()

    @property
    def _panel(self) -> FindPanel | None:
        """The panel of the full-text search; None until it is wanted."""
        return next(iter(self.query(FindPanel)), None)

    async def action_find(self) -> None:
        """Open the full-text search of the records that are shown."""
        session = self.visit.session
        if session is None:
            self.notify("Contents can be searched when all is read.", markup=False)
            return
        if (panel := self._panel) is None:
            # Late: a first screen of fewer widgets is drawn sooner.
            await self.query_one("#body").mount(panel := FindPanel(id="find"))
        panel.open(session, self.query_one(Records).numbers, self._title)

    def on_find_left(self) -> None:
        """Focus the records."""
        self.query_one(Records).focus()

    def action_order(self) -> None:
        """Sort the records by the next property."""
        self._reorder(self._listing.order.following())

    def action_reverse(self) -> None:
        """Reverse the order."""
        self._reorder(self._listing.order.reversed())

    def on_order_chosen(self, message: OrderChosen) -> None:
        """Sort by the column that was clicked."""
        self._reorder(self._listing.order.chosen(message.by))

    def _reorder(self, order: Order) -> None:
        if not self.visit.is_whole:
            self.notify("Records can be ordered when all is read.", markup=False)
            return
        self._orders[self._collection] = order
        self._fill_records()

    def action_next_match(self, by: int) -> None:
        """Move to the next search result, or the next record if there are none."""
        panel = self._panel
        found = None if panel is None else panel.step(by)
        if panel is not None and panel.search is not None and found is not None:
            self._sought = (found, panel.search.text)
            self._go_to_record(found)
            return
        records = self.query_one(Records)
        if records.count:
            records.cursor = (records.cursor + by) % records.count

    def action_zoom(self) -> None:
        """Zoom the record or the lists, whichever has the focus; or zoom out."""
        here = self.query_one(RecordView).has_focus_within
        wanted = _ZOOMS[here]
        if any(self.has_class(name) for name in _ZOOMS):
            self.remove_class(*_ZOOMS)
        else:
            self.add_class(wanted)


def index_of(numbers: Sequence[int], number: int) -> int | None:
    """Return the index of a number, None for none."""
    try:
        return numbers.index(number)
    except ValueError:
        return None
