"""A hex dump of a block, annotated with the meaning of its bytes."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType

from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.virtual_list import VirtualList

if TYPE_CHECKING:
    from repoview.tui.values.rows import HexSpan

_WIDE: Final = 110
_MIDDLING: Final = 64
"""Cells from which on a row has 16 and 8 bytes, which leaves room for the meaning."""

_STYLES: Final = {
    "key": "accent",
    "text": "good",
    "bytes": "good",
    "int": "warn",
    "simple": "warn",
    "link": "link",
    "tag": "link",
    "fault": "bad",
    "float": "bad",
    "tail": "dim",
}


_FIELDS: Final = {
    "k": "good",
    "p": "warn",
    "v": "link",
    "t": "accent",
    "l": "accent",
    "did": "good",
    "rev": "warn",
    "data": "link",
    "sig": "accent",
}
"""The fields of nodes and commits, so that neighbors differ; others go by kind."""


class BytesView(VirtualList):
    """Rows of bytes; every span begins a row, which has its meaning."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "right,l",
            "open",
            "Tell apart",
            key_display="→",
            show=False,
            id="bytes.open",
        ),
    ]

    COMPONENT_CLASSES = {"virtual-list--link"}  # noqa: RUF012 (Textual reads it so)

    @dataclass
    class Moved(Upward):
        """The user moved to another byte."""

    @dataclass
    class Opened(Upward):
        """The user wants to open a span."""

        byte: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self._data = b""
        self._spans: list[HexSpan] = []
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._per_row, self._indent = 16, 2

    def fill(self, data: bytes, spans: list[HexSpan], byte: int = 0) -> None:
        """Show a block and its spans, which tile it; begin at a byte."""
        self._data, self._spans = data, spans
        self._starts = [span.start for span in spans]
        self._lay_out()
        count = self._ends[-1] if self._ends else 0
        self.show(count, self._row_of(byte) if byte else 0)

    @property
    def byte(self) -> int:
        """The first byte of the row under the cursor."""
        return self._byte(self.cursor) if self._ends else 0

    @property
    def span(self) -> HexSpan | None:
        """The span under the cursor."""
        if not self._ends:
            return None
        return self._spans[self._place(min(self.cursor, self._ends[-1] - 1))[0]]

    def stand_at(self, byte: int) -> None:
        """Move to the row with a byte."""
        if self._ends:
            self.show(self._ends[-1], self._row_of(byte))

    def _lay_out(self) -> None:
        """Compute the rows of each span as prefix sums, for the current width."""
        width = self.scrollable_content_region.width
        self._per_row = 16 if width >= _WIDE else 8 if width >= _MIDDLING else 4
        self._indent = 2 if width >= _MIDDLING else 1
        rows = (-(-(span.end - span.start) // self._per_row) for span in self._spans)
        self._ends = list(accumulate(rows))

    def on_resize(self) -> None:
        """Lay the rows out for the new width."""
        super().on_resize()
        if self._ends:
            byte = self.byte
            self._lay_out()
            self.show(self._ends[-1], self._row_of(byte))

    def _place(self, number: int) -> tuple[int, int]:
        """Return the index of a row's span, and the row's index in the span."""
        span = bisect_right(self._ends, number)
        return span, number - (self._ends[span - 1] if span else 0)

    def _byte(self, number: int) -> int:
        span, line = self._place(min(number, self._ends[-1] - 1))
        return self._spans[span].start + line * self._per_row

    def _row_of(self, byte: int) -> int:
        span = max(0, bisect_right(self._starts, byte) - 1)
        before = self._ends[span - 1] if span else 0
        return before + (byte - self._starts[span]) // self._per_row

    def row(self, number: int, width: int) -> Text:  # noqa: ARG002 (laid out already)
        """Return offset, bytes and, on the first row of a span, its meaning."""
        place, line = self._place(number)
        span = self._spans[place]
        start = span.start + line * self._per_row
        piece = self._data[start : min(span.end, start + self._per_row)]
        name = _FIELDS.get(span.field) if span.kind != "key" else None
        style = self.style(name or _STYLES.get(span.kind, "dim"))
        selected = place == self._place(self.cursor)[0]
        text = Text().append(f"{start:06x} ", self.style("dim"))
        text.append("▌" if selected else " ", self.style("accent"))
        text.append(f"{piece.hex(' '):<{self._per_row * 3}}", style)
        shown = "".join(chr(b) if 0x20 <= b < 0x7F else "·" for b in piece)
        text.append(f"{shown:<{self._per_row}} ", self.style("dim"))
        if line == 0:
            text.append(" " * (self._indent * min(span.depth, 8)))
            text.append(span.meaning, style)
        return text

    def empty_text(self) -> str:
        """Return why there are none."""
        return "No bytes: the block is not in the file."

    def moved(self, number: int) -> None:  # noqa: ARG002 (all rows may change)
        """Highlight all rows of the span under the cursor, and post the byte."""
        self.refresh()
        self.post_message(self.Moved())

    def chosen(self, number: int) -> None:
        """Ask to open a span."""
        self.post_message(self.Opened(self._byte(number)))

    def action_open(self) -> None:
        """Ask to open the span under the cursor."""
        if self.count:
            self.chosen(self.cursor)
