"""Foldable JSON: colored, wrapped, with links to follow.

Holds the height of each open line, and caches the text of recent ones; the text
of a line is made when it is drawn.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, ClassVar, Final

from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType

from repoview.present import safe
from repoview.tui.values.structure_text import LineText, Link, line_text, most_columns
from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.virtual_list import FOLLOWED, VirtualList
from repoview.tui.widgets.base.wrap import cuts, rows

if TYPE_CHECKING:
    from textual import events
    from textual.timer import Timer

    from repoview.tui.values.structure import Line, Structure

_STYLES: Final = {
    "key": "accent",
    "text": "good",
    "number": "warn",
    "word": "warn",
    "link": "link",
    "dim": "dim",
    "bad": "bad",
}
_UNDERLINED: Final = Style(underline=True)

_KEPT: Final = 300
"""Lines whose text is cached: more than a screen has."""

_PAUSE: Final = 0.02
"""Seconds between two slices of decoding."""


class JsonView(VirtualList):
    """Lines of a structure, wrapped to the window."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *FOLLOWED,
        Binding("right,l", "unfold", "Unfold", key_display="→", id="json.unfold"),
        Binding("left,h", "fold", "Fold", key_display="←", id="json.fold"),
        Binding(
            "asterisk",
            "unfold_all",
            "Unfold all",
            key_display="*",
            show=False,
            id="json.unfold_all",
        ),
        Binding(
            "minus",
            "fold_all",
            "Fold all",
            key_display="-",
            show=False,
            id="json.fold_all",
        ),
    ]

    COMPONENT_CLASSES = {"virtual-list--link"}  # noqa: RUF012 (Textual reads it so)

    @dataclass
    class Followed(Upward):
        """The user wants to follow a link."""

        link: Link

    @dataclass
    class Moved(Upward):
        """The user moved to another value."""

        path: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self.structure: Structure | None = None
        self._notes: list[str] = []
        self._lines: list[Line] = []
        self._heights: dict[Line, int] = {}
        self._texts: dict[Line, tuple[LineText, list[int]]] = {}
        self._ends: list[int] = []
        self._note_rows: list[str] = []
        self._is_whole = False
        self._is_filled = False
        self._width = 0
        self._timer: Timer | None = None
        self._has_link = False
        """Whether there is a link in the line under the cursor."""

    # For owners

    def fill(self, structure: Structure | None, notes: list[str] | None = None) -> None:
        """Show a structure, below any notes about it."""
        self.structure, self._notes = structure, notes or []
        self._is_filled = True
        self._is_whole = False
        self._forget()
        self._lay_out(0)
        self._keep_reading()

    @property
    def is_laid_out(self) -> bool:
        """Whether lines are wrapped to the width, or there is no width."""
        width = self.scrollable_content_region.width
        return not self.size.width or self._width == max(20, width)

    @property
    def byte(self) -> int:
        """The byte where the line under the cursor begins."""
        line = self._line_at(self.cursor)
        if line is None:
            return 0
        return line.start if line.start >= 0 else line.part.start

    def stand_at(self, byte: int) -> None:
        """Move to the value that contains a byte, and open what contains it."""
        if self.structure is None:
            return
        at = self.structure.reveal(byte)
        self._lay_out(at)
        self._keep_reading()

    def open_at(self, byte: int) -> None:
        """Open the folded value that contains a byte, and move to its beginning."""
        if self.structure is None:
            return
        at = self.structure.line_of(byte)
        self.structure.unfold(at)
        self._lay_out(at)
        self._keep_reading()

    # Drawing

    def row(self, number: int, width: int) -> Text:  # noqa: ARG002 (wrapped already)
        """Return one row with its styles."""
        if number < len(self._note_rows):
            return Text(self._note_rows[number], self.style("warn"))
        line, place = self._place(number)
        said, starts = self._text(line)
        start = starts[place]
        stop = starts[place + 1] if place + 1 < len(starts) else len(said.text)
        piece = said.text[start:stop]
        text = Text(safe(piece, None) if said.is_raw else piece)
        for span in said.spans:
            if span.start < stop and span.end > start:
                style = self.style(_STYLES[span.style])
                if span.style == "link":
                    style += _UNDERLINED
                text.stylize(style, max(span.start - start, 0), span.end - start)
        if place:
            return Text(" " * self._hang(said)).append_text(text)
        return text

    def empty_text(self) -> str:
        """Return what to show if there is nothing, once that is known."""
        return "Nothing to show." if self._is_filled else ""

    def moved(self, number: int) -> None:
        """Post the value under the cursor."""
        line = self._line_at(number)
        if line is not None and self.structure is not None:
            self.post_message(self.Moved(self.structure.path_of(line)))
        self._tell_link(line)

    def _tell_link(self, line: Line | None) -> None:
        """Enable the action to follow if there is a link."""
        has_link = line is not None and bool(self._text(line)[0].links)
        if has_link != self._has_link:
            self._has_link = has_link
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enable the action to follow if there is a link."""
        if action == "follow":
            return self._has_link
        return super().check_action(action, parameters)

    def action_follow(self) -> None:
        """Follow the link of the line under the cursor."""
        self.action_choose()

    def chosen(self, number: int) -> None:
        """Follow the link of a line, or else fold or unfold it."""
        line = self._line_at(number)
        if line is None:
            return
        links = self._text(line)[0].links
        if links:
            self.post_message(self.Followed(links[0]))
        elif line.is_open:
            self.action_fold()
        else:
            self.action_unfold()

    def on_resize(self) -> None:
        """Wrap to the new width."""
        if self.scrollable_content_region.width != self._width:
            at = self._at(self.cursor)
            self._forget()
            self._lay_out(at)

    def on_click(self, event: events.Click) -> None:
        """Follow the link under the mouse, or fold or unfold by a line's sign."""
        number = self.scroll_offset.y + event.y
        line = self._line_at(number)
        if line is None or number >= self.count:
            return
        said, starts = self._text(line)
        place = self._place(number)[1]
        at = starts[place] + event.x - (self._hang(said) if place else 0)
        for link in said.links:
            if link.start <= at < link.end:
                event.prevent_default()
                self.cursor = number
                self.post_message(self.Followed(link))
                return
        if line.can_open and event.x < self._hang(said) and not place:
            event.prevent_default()
            self.cursor = number
            self.chosen(number)

    # Keys

    def action_unfold(self) -> None:
        """Open the value under the cursor; in an open one, go to its first item."""
        line = self._line_at(self.cursor)
        if self.structure is None or line is None:
            return
        if not line.can_open or line.is_open:
            self.action_move(1)
            return
        at = self._at(self.cursor)
        self.structure.unfold(at)
        self._lay_out(at)
        self._keep_reading()

    def action_fold(self) -> None:
        """Close the value under the cursor; of a closed one, go to its container."""
        line = self._line_at(self.cursor)
        if self.structure is None or line is None:
            return
        at = self._at(self.cursor)
        if line.is_open:
            self.structure.fold(at)
        else:
            at = self.structure.holder_of(at)
        self._lay_out(at)

    def action_unfold_all(self) -> None:
        """Open everything, up to a limit."""
        if self.structure is None:
            return
        line = self._line_at(self.cursor)
        if not self.structure.unfold_all():
            says = "Not everything is open: that would be too many lines."
            self.notify(says, markup=False)
        self._lay_out(0 if line is None else self.structure.lines.index(line))
        self._keep_reading()

    def action_fold_all(self) -> None:
        """Close everything but the outermost."""
        if self.structure is not None:
            self.structure.fold_all()
            self._lay_out(0)
            self._keep_reading()

    def action_whole(self) -> None:
        """Show long lines whole, or cut again."""
        at = self._at(self.cursor)
        self._is_whole = not self._is_whole
        self._forget()
        self._lay_out(at)

    # Decoding in slices

    def _keep_reading(self) -> None:
        if self.structure is None or not self.structure.is_reading:
            return
        if self._timer is None:
            self._timer = self.set_interval(_PAUSE, self._read_on)

    def _read_on(self) -> None:
        """Decode one more slice; the cursor stays on its line."""
        structure = self.structure
        if structure is not None and structure.is_reading:
            line = self._line_at(self.cursor)
            if structure.work():
                at = self._at(self.cursor)
                if line is not None and line in structure.lines:
                    at = structure.lines.index(line)
                self._lay_out(at)
        elif self._timer is not None:
            self._timer.stop()
            self._timer = None

    # Rows

    def _forget(self) -> None:
        """Clear what depends on the width, and on whether long lines are cut."""
        self._texts.clear()
        self._heights.clear()

    def _lay_out(self, at: int) -> None:
        """Compute the rows of each line, and put the cursor on a line."""
        self._width = max(20, self.scrollable_content_region.width)
        self._texts.clear()
        self._note_rows = [
            row for note in self._notes for row in rows(note, self._width)
        ]
        self._lines = [] if self.structure is None else self.structure.lines
        heights = map(self._height, self._lines)
        self._ends = list(accumulate(heights, initial=len(self._note_rows)))[1:]
        count = self._ends[-1] if self._ends else len(self._note_rows)
        self.show(count, self._first_row(at) if at else 0)
        if count:
            self.moved(self.cursor)
        else:
            self._tell_link(None)

    def _first_row(self, at: int) -> int:
        return self._ends[at - 1] if at else len(self._note_rows)

    def _height(self, line: Line) -> int:
        """Return how many rows a line takes, mostly without making its text."""
        assert self.structure is not None  # noqa: S101 (it has the line)
        remark = self.structure.remark(line)
        if line.what != "part" or (line.part.is_box and not remark):
            return 1
        most = most_columns(self.structure.data, line) + 2 * len(remark)
        if not line.part.is_box and most <= self._width:
            return 1
        known = self._heights.get(line)
        if known is None:
            known = self._heights[line] = len(self._text(line)[1])
        return known

    def _text(self, line: Line) -> tuple[LineText, list[int]]:
        """Return the text of a line, and where its rows begin."""
        known = self._texts.get(line)
        if known is None:
            assert self.structure is not None  # noqa: S101 (it has the line)
            data, remark = self.structure.data, self.structure.remark(line)
            said = line_text(data, line, whole=self._is_whole, remark=remark)
            starts = [0]
            if line.what == "part" and (remark or not line.part.is_box):
                starts = cuts(said.text, self._width, self._hang(said))
            known = said, starts
            if len(self._texts) >= _KEPT:
                del self._texts[next(iter(self._texts))]
            self._texts[line] = known
        return known

    def _hang(self, said: LineText) -> int:
        return min(said.hang, self._width // 2)

    def _at(self, number: int) -> int:
        """Return the index of the line of a row."""
        return min(bisect_right(self._ends, number), max(0, len(self._lines) - 1))

    def _place(self, number: int) -> tuple[Line, int]:
        at = self._at(number)
        # Between two frames a slice may have replaced lines by fewer rows.
        last = self._ends[at] - self._first_row(at) - 1
        return self._lines[at], min(number - self._first_row(at), last)

    def _line_at(self, number: int) -> Line | None:
        if number < len(self._note_rows) or not self._lines:
            return None
        return self._lines[self._at(number)]
