"""The bytes of a block beside what they mean."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from rich.text import Text

from repoview.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from repoview.tui.rows import HexSpan

_WIDE: Final = 110
_MIDDLING: Final = 64
"""Cells from which on a row holds 16 and 8 bytes; the meaning needs room too."""

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


class BytesView(VirtualList):
    """Rows of bytes; every range begins a row and says what it is."""

    COMPONENT_CLASSES = {"virtual-list--link"}  # noqa: RUF012 (Textual reads it so)

    def fill(self, data: bytes, spans: list[HexSpan]) -> None:
        """Show a block and its ranges, which tile it."""
        self._data, self._spans = data, spans
        self._per_row = 0
        self._lay_out()
        self.show(self._ends[-1] if self._ends else 0)

    def _lay_out(self) -> None:
        """Count the rows of each range, for the width there is."""
        width = self.scrollable_content_region.width
        self._per_row = 16 if width >= _WIDE else 8 if width >= _MIDDLING else 4
        self._indent = 2 if width >= _MIDDLING else 1
        rows = (-(-(span.end - span.start) // self._per_row) for span in self._spans)
        self._ends = list(accumulate(rows))

    def on_resize(self) -> None:
        """Lay the rows out for the new width."""
        super().on_resize()
        if getattr(self, "_spans", None):
            offset = self._offset(self.cursor)
            self._lay_out()
            self.show(self._ends[-1], self._row_of(offset))

    def _place(self, number: int) -> tuple[int, int]:
        """Return the range of a row, and which row of the range it is."""
        span = bisect_right(self._ends, number)
        return span, number - (self._ends[span - 1] if span else 0)

    def _offset(self, number: int) -> int:
        span, line = self._place(min(number, self._ends[-1] - 1))
        return self._spans[span].start + line * self._per_row

    def _row_of(self, offset: int) -> int:
        starts = [span.start for span in self._spans]
        span = max(0, bisect_right(starts, offset) - 1)
        before = self._ends[span - 1] if span else 0
        return before + (offset - starts[span]) // self._per_row

    def row(self, number: int, width: int) -> Text:  # noqa: ARG002 (laid out already)
        """Return position, bytes and, on its first row, what the range means."""
        place, line = self._place(number)
        span = self._spans[place]
        start = span.start + line * self._per_row
        piece = self._data[start : min(span.end, start + self._per_row)]
        style = self.style(_STYLES.get(span.kind, "dim"))
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
        """Say why there is nothing."""
        return "No bytes: the block is not in the file."

    def moved(self, number: int) -> None:  # noqa: ARG002 (all rows may change)
        """Mark all rows of the range under the cursor."""
        self.refresh()
