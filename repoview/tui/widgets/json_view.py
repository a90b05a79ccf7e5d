"""A record as JSON: highlighted, wrapped, any number of lines."""

from __future__ import annotations

import re
from typing import Final

from rich.text import Text

from repoview.tui.widgets.virtual_list import VirtualList

_TOKENS: Final = re.compile(
    r'(?P<key>"(?:[^"\\]|\\.)*")(?=\s*:)|(?P<text>"(?:[^"\\]|\\.)*"?)'
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>true|false|null)"
)
_STYLES: Final = {"key": "accent", "text": "good", "number": "warn", "word": "warn"}


class JsonView(VirtualList):
    """Lines of JSON, wrapped to the window."""

    def fill(self, lines: list[str], *, is_json: bool = True) -> None:
        """Show these lines, which are safe to show; colored when they are JSON."""
        self._lines, self._is_json = lines, is_json
        self._width = 0
        self._rows: list[tuple[int, int, int]] = []
        self._wrap()
        self.show(len(self._rows))

    def _wrap(self) -> None:
        """Cut lines into rows of the window: line, first and last character."""
        self._width = max(20, self.scrollable_content_region.width)
        self._rows = []
        for number, line in enumerate(self._lines):
            indent = len(line) - len(line.lstrip())
            start, room = 0, self._width
            while True:
                stop = start + len(_first_cells(line[start : start + room], room))
                self._rows.append((number, start, stop))
                if stop >= len(line):
                    break
                start = stop
                room = max(10, self._width - indent - 2)

    def on_resize(self) -> None:
        """Wrap to the new width."""
        lines = getattr(self, "_lines", None)
        if lines is not None and self.scrollable_content_region.width != self._width:
            line = self._rows[self.cursor][0] if self._rows else 0
            self._wrap()
            starts = [n for n, row in enumerate(self._rows) if row[0] == line]
            self.show(len(self._rows), starts[0] if starts else 0)

    def row(self, number: int, width: int) -> Text:  # noqa: ARG002 (wrapped already)
        """Return one row, colored by what each part is."""
        place, start, stop = self._rows[number]
        line = self._lines[place]
        text = Text(line)
        for found in _TOKENS.finditer(line) if self._is_json else ():
            kind = found.lastgroup or "text"
            text.stylize(self.style(_STYLES[kind]), found.start(), found.end())
        part = text[start:stop]
        if start:
            indent = len(line) - len(line.lstrip())
            return Text(" " * (indent + 2)).append_text(part)
        return part


def _first_cells(text: str, room: int) -> str:
    """Return as much of *text* as fits into *room* cells; at least a character."""
    if text.isascii():
        return text[:room]
    piece = Text(text)
    piece.truncate(room, overflow="crop")
    return piece.plain or text[:1]
