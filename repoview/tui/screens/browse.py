"""Browse: collections, their records, and one record."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from repoview.present import safe
from repoview.tui.screens.marking import Marking
from repoview.tui.values.place import Place
from repoview.tui.visits.latest import Latest
from repoview.tui.visits.listing import MANY, Listing, Order
from repoview.tui.visits.messages import (
    CollectionChosen,
    OrderChosen,
    PlaceChosen,
    RecordMoved,
)
from repoview.tui.visits.row_cache import RowCache
from repoview.tui.widgets.base.line import Line
from repoview.tui.widgets.collections import Collections
from repoview.tui.widgets.found import FindPanel
from repoview.tui.widgets.frame.key_bar import KeyBar
from repoview.tui.widgets.record.record_view import TABS, RecordView
from repoview.tui.widgets.records import Records

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from repoview.tui.session import Session
    from repoview.tui.session.detail import Detail
    from repoview.tui.session.export import ExportChoice
    from repoview.tui.values.rows import CollectionRow
    from repoview.tui.visits.visit import Visit

_GROWTH: Final = 0.4
"""Seconds between two looks at what is new, where that is out of sight: to tell
how many there are, a list is drawn as a whole."""

_ZOOMS: Final = ("-zoom-lists", "-zoom-record")
"""What has the whole room: the lists, or the record; by whether the keys go
to the record."""


class Browse(Marking):
    """Three panes, and a line for the filter."""

    VIEW = "browse"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="browse.filter"),
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
        self._needle = ""
        self._orders: dict[int | None, Order] = {}
        """How each collection was ordered."""
        self._latest = Latest(self)
        self._record: int | None = None
        self._sought: tuple[int, str] = (-1, "")
        """A record that is to be shown, and what it was found by."""
        self._rows = RowCache(visit, self._redraw)
        self._collections: list[CollectionRow] = []
        self._asked = False
        """Whether an answer about what is known by now is on its way."""
        self._grown = 0.0
        """When that was asked for last."""
        self._is_filled = False
        """Whether the lists show all of a repository that was read."""

    def body(self) -> Iterable[Widget]:
        """Lay out panes and filter."""
        collections, records = Collections(id="collections"), Records(id="records")
        records.ask = self._rows.row
        yield Horizontal(
            Horizontal(collections, records, id="lists"),
            RecordView(id="record"),
            id="panes",
        )
        line = Line(placeholder="part of a path; Enter keeps, Esc clears", id="filter")
        line.display = False
        yield line
        yield FindPanel(id="find")

    def on_mount(self) -> None:
        """Give the keys to the records."""
        config, records = self.visit.config, self.query_one(Records)
        records.dates = config.dates
        tab = {"findings": "found"}.get(config.tab, config.tab)
        if tab in dict(TABS):
            self.query_one(RecordView).show_tab(tab)
        records.focus()

    # What is shown, and how it grows

    @property
    def is_there(self) -> bool:
        """Whether there are records, and the one under the cursor."""
        if not super().is_there:
            return False
        if not self.query_one(Records).count:
            return self._is_filled
        return self.pane.is_laid_out and not self._rows.is_waiting

    def grown(self) -> None:
        """Let the lists grow in place, without moving what the reader looks at."""
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
        """What the reader wants to see."""
        order = self._orders.get(self._collection, Order())
        return Listing(self._collection, self._needle, order)

    def _fill_records(self, record: int | None = None) -> None:
        """Show what collection, filter and order select, at a record."""
        wanted, session = self._listing, self.visit.session

        def answer(numbers: Sequence[int]) -> None:
            if wanted == self._listing:
                cursor = None if record is None else place_in(numbers, record)
                self._show_numbers(numbers, cursor or 0)
                if cursor is not None:
                    self.query_one(Records).center(cursor)

        is_long = session is not None and len(session.records) >= MANY
        if session is not None and is_long and not wanted.is_plain:
            self._latest.ask(partial(wanted.numbers, session), answer)
        else:
            self._latest.forget()
            self.visit.ask(wanted.numbers, answer)

    @property
    def _title(self) -> str:
        """What the records are that are shown."""
        title = "All records"
        if self._collection is not None and self._collection < len(self._collections):
            title = self._collections[self._collection].name
        return f"{title} / {safe(self._needle, 40)}" if self._needle else title

    def _show_numbers(self, numbers: Sequence[int], cursor: int) -> None:
        self.query_one(Records).fill(
            numbers,
            self._title,
            needle=self._needle,
            mixed=self._collection is None,
            order=self._orders.get(self._collection, Order()),
            cursor=cursor,
        )

    def _redraw(self) -> None:
        self.query_one(Records).refresh()

    # What the panes ask

    def on_collection_chosen(self, message: CollectionChosen) -> None:
        """Show the records of a collection."""
        if message.number != self._collection:
            self._collection = message.number
            self._fill_records()

    def on_record_moved(self, message: RecordMoved) -> None:
        """Show a record, and in it what it was found by."""
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
        """Stand where in the record stands what it was found by, if it was."""
        (number, text), self._sought = self._sought, (-1, "")
        if number == detail.number:
            byte = self.visit.whole.search.byte_in(detail.data, text)
            if byte is not None:
                self.pane.stand_at(byte)

    def on_place_chosen(self, message: PlaceChosen) -> None:
        """Stay: a finding of a record leads to the record that is shown."""
        message.stop()

    def choices(self, session: Session) -> list[ExportChoice]:
        """Return what may be exported of what is here, the likeliest first.

        Args:
            session: That of the visit, of which all is read.
        """
        answers, marks = session.export, self.visit.marks
        choices = [answers.marked(marks.numbers())] if marks else []
        if self._needle:
            numbers = session.records.filtered(self._collection, self._needle)
            choices.append(answers.filtered(numbers, self._needle))
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
        """Show a record among those of its collection, and go there.

        Who follows a link stays in the record, which may have all the room.
        """
        records = self.query_one(Records)
        if not self.pane.has_focus_within:
            records.focus()
        at = place_in(records.numbers, number)
        if at is not None:
            records.center(at)
            return

        def answer(collection: int | None) -> None:
            self._needle, self._collection = "", collection
            with self.prevent(CollectionChosen):
                place = 0 if collection is None else collection + 1
                self.query_one(Collections).cursor = place
            self._fill_records(number)

        self.visit.ask(lambda session: session.records.collection_of(number), answer)

    # Keys

    def action_filter(self) -> None:
        """Ask for a part of the path."""
        line = self.query_one("#filter", Input)
        self._show_line(is_shown=True)
        line.value = self._needle
        # At once: what is typed right behind the slash belongs to the filter.
        self.set_focus(line)

    def _show_line(self, *, is_shown: bool) -> None:
        """Show the line of the filter in place of the keys, or these again.

        So nothing else on the screen changes its size, and has to be drawn.
        """
        self.query_one("#filter").display = is_shown
        self.query_one(KeyBar).display = not is_shown

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as the reader types."""
        if event.value != self._needle:
            self._needle = event.value
            self._fill_records(self._record)

    def on_input_submitted(self) -> None:
        """Keep the filter, and go to the records."""
        # At once, and first: what is typed behind Enter is for the records.
        self.set_focus(self.query_one(Records))
        self._show_line(is_shown=False)

    def action_escape(self) -> None:
        """Leave the zoom, clear the filter, or end the reading."""
        line = self.query_one("#filter", Input)
        if any(self.has_class(name) for name in _ZOOMS):
            self.remove_class(*_ZOOMS)
        elif self._needle or line.display:
            self._show_line(is_shown=False)
            self._needle = line.value = ""
            self._fill_records(self._record)
            if self.visit.session is not None:
                self.visit.session.search.drop_paths()
            self.query_one(Records).focus()
        else:
            super().action_escape()

    def action_find(self) -> None:
        """Ask what to look for in the records that are shown."""
        session = self.visit.session
        if session is None:
            self.notify("Contents can be searched when all is read.", markup=False)
            return
        numbers = self.query_one(Records).numbers
        self.query_one(FindPanel).open(session, numbers, self._title)

    def on_find_left(self) -> None:
        """Go back to the records."""
        self.query_one(Records).focus()

    def action_order(self) -> None:
        """Order the records by something else."""
        self._reorder(self._listing.order.following())

    def action_reverse(self) -> None:
        """Turn the order around."""
        self._reorder(self._listing.order.reversed())

    def on_order_chosen(self, message: OrderChosen) -> None:
        """Order by the column that was clicked on."""
        self._reorder(self._listing.order.chosen(message.by))

    def _reorder(self, order: Order) -> None:
        if not self.visit.is_whole:
            self.notify("Records can be ordered when all is read.", markup=False)
            return
        self._orders[self._collection] = order
        self._fill_records()

    def action_next_match(self, by: int) -> None:
        """Move among what was found, or among the records that are shown."""
        panel = self.query_one(FindPanel)
        found = panel.step(by)
        if found is not None and panel.search is not None:
            self._sought = (found, panel.search.text)
            self._go_to_record(found)
            return
        records = self.query_one(Records)
        if records.count:
            records.cursor = (records.cursor + by) % records.count

    def action_zoom(self) -> None:
        """Give the record, or the lists, the whole room; or share it again."""
        here = self.query_one(RecordView).has_focus_within
        wanted = _ZOOMS[here]
        if any(self.has_class(name) for name in _ZOOMS):
            self.remove_class(*_ZOOMS)
        else:
            self.add_class(wanted)


def place_in(numbers: Sequence[int], number: int) -> int | None:
    """Return where a record stands among others, None where it does not."""
    try:
        return numbers.index(number)
    except ValueError:
        return None
