"""The list of records: record key, date, size and summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.content import Content

from repoview.tui.visits.listing import Order
from repoview.tui.visits.messages import OrderChosen, RecordMoved
from repoview.tui.widgets.base.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.tui.values.rows import RecordRow
    from repoview.tui.visits.listing import By

_SHORT: Final = 13
"""Cells of a record key that is a TID."""

_MIXED: Final = 20
_MIXED_WIDE: Final = 24
"""Cells of a key with its collection before it; the second if all columns fit."""

_ROOM_FOR_DATE: Final = 26
_ROOM_FOR_SIZE: Final = 42
_ROOM_FOR_TIME: Final = 52
"""Cells beside the key from which on a column is shown."""

_ROOM_FOR_MORE: Final = 70

_SIZE: Final = 9

_MARK: Final = "●"
_SIGNS: Final = {"unsound": "!", "damaged": "✗", "missing": "◌"}

_HEADS: Final[dict[By, str]] = {
    "key": "record",
    "date": "date",
    "size": "size",
    "offset": "offset",
}
"""The names of the columns; the last is not one."""


class Columns(NamedTuple):
    """The widths of the columns in cells; 0 for one that is not shown."""

    key: int
    date: int
    size: int

    @classmethod
    def of(cls, width: int, by: By, *, mixed: bool) -> Columns:
        """Return the widths for a row; the summary has the rest.

        Args:
            width: Cells of the row.
            by: What records are sorted by; this column is shown first.
            mixed: Whether the key has its collection before it.
        """
        named = _MIXED if width - _MIXED < _ROOM_FOR_MORE else _MIXED_WIDE
        key = min(named if mixed else _SHORT, max(width // 2, _SHORT))
        rest = width - key
        date = 10 if rest >= _ROOM_FOR_DATE or by == "date" else 0
        if rest >= _ROOM_FOR_TIME:
            date = 16
        size = _SIZE if rest >= _ROOM_FOR_SIZE or by == "size" else 0
        if by == "size" and rest < _ROOM_FOR_SIZE:
            date = 0
        return cls(key, date, size)

    def shown(self) -> dict[By, int]:
        """Return the widths of the columns that are shown, in order."""
        cells: dict[By, int] = {"key": self.key, "date": self.date, "size": self.size}
        return {by: count for by, count in cells.items() if count}

    def named(self, x: int) -> By | None:
        """Return the column at a cell of the row; None for the summary."""
        for by, cells in self.shown().items():
            if x < cells:
                return by
            x -= cells + 2
        return None


class Records(VirtualList):
    """A virtual list of records; a row is read when it is drawn."""

    BINDINGS: ClassVar[list[BindingType]] = [
        # Bound here, for this key is page down in other lists.
        Binding("space", "screen.mark", "Mark", show=False, id="mark.toggle"),
    ]

    has_head: ClassVar[bool] = True

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 (Textual's word)
    ) -> None:
        super().__init__(id=id)
        self.ask: Callable[[int], RecordRow]
        """Returns a row by the number of its record; set by the owner."""
        self.numbers: Sequence[int] = ()
        self.dates = "time"
        """How dates are shown: time, day or none."""
        self._is_marked: Callable[[int], bool] = bool
        self._marks = 0
        self._words: list[str] = []
        self._is_narrowed = False
        self._mixed = False
        self._order = Order()
        self._is_filled = False

    def fill(
        self,
        numbers: Sequence[int],
        title: str,
        *,
        words: Sequence[str] = (),
        is_narrowed: bool = False,
        mixed: bool = False,
        order: Order = Order(),  # noqa: B008 (it is frozen)
        cursor: int = 0,
    ) -> None:
        """Show these records.

        Args:
            numbers: Of the records, in the order of the rows.
            title: The title of the list.
            words: What the filter looks for in paths, which is highlighted.
            is_narrowed: Whether there is a filter.
            mixed: Whether they are of several collections.
            order: How they are sorted.
            cursor: The row of the cursor.
        """
        self.numbers, self._words, self._mixed = numbers, list(words), mixed
        self._is_narrowed = is_narrowed
        self._order, self._is_filled = order, True
        self.tell_title(Content(title))
        self._tell_count()
        self.show(len(numbers), cursor)
        if numbers:
            self.moved(self.cursor)

    def extend(self, numbers: Sequence[int]) -> None:
        """Append records; the cursor does not move."""
        self.numbers = numbers
        self._tell_count()
        self.grow(len(numbers))

    def tell_marks(self, is_marked: Callable[[int], bool], count: int) -> None:
        """Show which records are marked.

        Args:
            is_marked: Returns whether one is, by its number.
            count: How many are.
        """
        self._is_marked, self._marks = is_marked, count
        self._tell_count()
        self.refresh()

    def _tell_count(self) -> None:
        marked = f"{_MARK} {self._marks:,} marked · " if self._marks else ""
        self.tell_subtitle(f"{marked}{len(self.numbers):,}")

    @property
    def _margin(self) -> int:
        """Cells before the columns, for the marks."""
        return 2 if self._marks else 0

    def _columns(self, width: int) -> Columns:
        by = self._order.by
        columns = Columns.of(width - self._margin, by, mixed=self._mixed)
        if by == "date" or self.dates == "time":
            return columns
        most = 10 if self.dates == "day" else 0
        return columns._replace(date=min(columns.date, most))

    def head(self, width: int) -> Text:
        """Return the names of the columns, with an arrow for the order."""
        shown = self._columns(width).shown()
        line = Text(" " * self._margin, style=self.style("dim"))
        for by, cells in shown.items():
            side = ">" if by == "size" else "<"
            line.append(f"{self._named(by):{side}{cells}}", self._marked(by))
            line.append("  ")
        by = self._order.by
        if by not in shown:
            line.append(f"by {self._named(by)}", self._marked(by))
        return line

    def _named(self, by: By) -> str:
        arrow = "▼" if self._order.reverse else "▲"
        return f"{_HEADS[by]} {arrow}" if by == self._order.by else _HEADS[by]

    def _marked(self, by: By) -> str:
        return "bold" if by == self._order.by else ""

    def head_clicked(self, x: int) -> None:
        """Sort by the column under the mouse."""
        width = self.scrollable_content_region.width
        by = self._columns(width).named(x - self._margin)
        if by is not None:
            self.post_message(OrderChosen(by))

    def row(self, number: int, width: int) -> Text:
        """Return key, date, size and the beginning of the summary."""
        row = self.ask(self.numbers[number])
        columns = self._columns(width)
        key = Text()
        if sign := _SIGNS.get(row.state):
            key.append(f"{sign} ", self.style("bad"))
        if self._mixed:
            last = row.collection.rpartition(".")[2]
            key.append(f"{last} ", self.style("accent"))
        key.append(row.rkey)
        if self._words:
            key.highlight_words(self._words, self.style("match"), case_sensitive=True)
        key.truncate(columns.key, overflow="ellipsis", pad=True)
        line = Text()
        if self._marks:
            is_marked = self._is_marked(self.numbers[number])
            line.append(f"{_MARK} " if is_marked else "  ", self.style("accent"))
        line.append_text(key)
        if columns.date:
            date = row.date[: columns.date]
            line.append(f"  {date:<{columns.date}}", self.style("dim"))
        if columns.size:
            line.append(f"  {row.size:>{columns.size}}", self.style("dim"))
        # Free text comes last, for its width differs between terminals.
        style = self.style("bad") if row.state == "missing" else ""
        return line.append("  ").append(row.summary, style)

    def empty_text(self) -> str:
        """Return why there are none, once that is known."""
        if not self._is_filled:
            return ""
        if self._words and self._is_narrowed:
            return "No path contains this. Esc clears the filter."
        if self._is_narrowed:
            return "No record is selected by this. Esc clears the filter."
        return "This repository has no records."

    def moved(self, number: int) -> None:
        """Post the record under the cursor."""
        self.post_message(RecordMoved(self.numbers[number]))

    def chosen(self, number: int) -> None:  # noqa: ARG002 (the record is shown already)
        """Focus the record pane."""
        self.screen.focus_next()
