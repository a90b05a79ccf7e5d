"""Marking records for an export: a mixin of the browse view."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from repoview.tui.screens.detail_view import DetailView
from repoview.tui.widgets.records import Records

if TYPE_CHECKING:
    from collections.abc import Sequence


class Marking(DetailView):
    """A view with a list of records that can be marked."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "mark_range", "Mark to here", show=False, id="mark.range"),
        Binding("a", "mark_shown", "Mark all shown", show=False, id="mark.shown"),
        Binding("A", "unmark", "Unmark all", show=False, id="mark.none"),
    ]

    def tell_marks(self) -> None:
        """Update the marks in the list."""
        marks = self.visit.marks
        self.query_one(Records).tell_marks(marks.__contains__, len(marks))

    def action_mark(self) -> None:
        """Toggle the mark of the record under the cursor, and move to the next."""
        records = self.query_one(Records)
        if records.count:
            self.visit.marks.toggle(records.numbers[records.cursor])
            self.tell_marks()
            records.action_move(1)

    def action_mark_range(self) -> None:
        """Mark the records between the last mark and the cursor."""
        records, last = self.query_one(Records), self.visit.marks.last
        if not records.count:
            return
        here = records.cursor
        there = None if last is None else _index_of(records.numbers, last)
        if there is None:
            self.notify("Mark the other end first, with space.", markup=False)
            return
        first, stop = min(here, there), max(here, there) + 1
        self.visit.marks.add(records.numbers[first:stop])
        self.tell_marks()

    def action_mark_shown(self) -> None:
        """Mark all records of the list."""
        self.visit.marks.add(self.query_one(Records).numbers)
        self.tell_marks()

    def action_unmark(self) -> None:
        """Clear all marks, also of records that are not in the list."""
        self.visit.marks.clear()
        self.tell_marks()


def _index_of(numbers: Sequence[int], number: int) -> int | None:
    try:
        return numbers.index(number)
    except ValueError:
        return None
