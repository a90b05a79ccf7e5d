"""Records in key order: record key, date, size, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual.content import Content

from repoview.tui.messages import RecordMoved
from repoview.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.tui.rows import RecordRow

_SHORT: Final = 13
"""Cells of a record key that is a TID, as most are."""

_ROOM_FOR_DATE: Final = 26
_ROOM_FOR_SIZE: Final = 42
_ROOM_FOR_TIME: Final = 52
"""Cells beside the key from which on a column is shown."""

_SIGNS: Final = {"unsound": "!", "damaged": "✗", "missing": "◌"}


class Records(VirtualList):
    """Any number of records; each row is read when it is drawn."""

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 (Textual's word)
    ) -> None:
        super().__init__(id=id)
        self.ask: Callable[[int], RecordRow]
        """Gives a row by the number of its record; set by the owner."""
        self.numbers: Sequence[int] = ()
        self._needle = ""
        self._mixed = False

    def fill(
        self,
        numbers: Sequence[int],
        title: str,
        *,
        needle: str = "",
        mixed: bool = False,
        cursor: int = 0,
    ) -> None:
        """Show these records.

        Args:
            numbers: Of the records, in the order to show them.
            title: What they are.
            needle: What their paths were searched for; it is marked.
            mixed: Whether they are of several collections.
            cursor: The row to begin at.
        """
        self.numbers, self._needle, self._mixed = numbers, needle, mixed
        self.border_title = Content(title)
        self.border_subtitle = f"{len(numbers):,}"
        self.show(len(numbers), cursor)
        if numbers:
            self.moved(self.cursor)

    def extend(self, numbers: Sequence[int]) -> None:
        """Show more of the same; the cursor stays where it is."""
        self.numbers = numbers
        self.border_subtitle = f"{len(numbers):,}"
        self.grow(len(numbers))

    def row(self, number: int, width: int) -> Text:
        """Return key, date, size, and the beginning of what the record says."""
        row = self.ask(self.numbers[number])
        sign = _SIGNS.get(row.state)
        line = Text().append(f"{sign} " if sign else "", self.style("bad"))
        key = Text()
        if self._mixed:
            last = row.collection.rpartition(".")[2]
            key.append(f"{last} ", self.style("accent"))
        key.append(row.rkey)
        if self._needle:
            key.highlight_words([self._needle], self.style("warn"), case_sensitive=True)
        room = max(_SHORT, min(key.cell_len, width // 2))
        if self._mixed:
            room = max(room, min(_SHORT + 5, width // 2))
        key.truncate(room, overflow="ellipsis", pad=True)
        line.append_text(key)
        if width - room >= _ROOM_FOR_DATE:
            shown = 16 if width - room >= _ROOM_FOR_TIME else 10
            line.append(f"  {row.date[:shown]:<{shown}}", self.style("dim"))
        if width - room >= _ROOM_FOR_SIZE:
            line.append(f" {row.size:>9}", self.style("dim"))
        # Free text last: terminals do not agree on how wide some of it is.
        style = self.style("bad") if row.state == "missing" else ""
        return line.append("  ").append(row.summary, style)

    def empty_text(self) -> str:
        """Say why there is nothing."""
        if self._needle:
            return "No path contains this. Esc clears the filter."
        return "This repository has no records."

    def moved(self, number: int) -> None:
        """Ask for the record under the cursor."""
        self.post_message(RecordMoved(self.numbers[number]))

    def chosen(self, number: int) -> None:  # noqa: ARG002 (the record is shown already)
        """Go on to the record."""
        self.screen.focus_next()
