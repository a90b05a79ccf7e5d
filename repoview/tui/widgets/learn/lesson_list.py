"""The list of lessons, with what was solved, and the sandbox behind them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rich.text import Text

from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

_TITLE = 33
"""Cells of a title."""


class LessonRow(NamedTuple):
    """A lesson as it is listed; its texts are safe."""

    number: str
    title: str
    about: str
    solved: str
    """In how many steps; empty if it was not."""


class LessonList(VirtualList):
    """Lessons by number; Enter opens one."""

    @dataclass
    class Chosen(Upward):
        """The user chose a row."""

        number: int

    @dataclass
    class Moved(Upward):
        """The user moved to a row."""

        about: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self._rows: Sequence[LessonRow] = ()

    def fill(self, rows: Sequence[LessonRow], cursor: int) -> None:
        """Show lessons, with the cursor on one."""
        self._rows = rows
        self.show(len(rows), cursor)
        self.moved(self.cursor)

    def row(self, number: int, width: int) -> Text:
        """Return number, title, what it is about, and whether it was solved.

        Where there is no room for what all are about, the screen tells it of one.
        """
        row = self._rows[number]
        text = Text(f"{row.number:>3}  ", self.style("dim"), no_wrap=True)
        text.append("✓ " if row.solved else "  ", self.style("good"))
        title = Text(row.title, "bold")
        title.truncate(_TITLE, overflow="ellipsis", pad=True)
        room = max(width - text.cell_len - _TITLE - len(row.solved) - 3, 0)
        longest = max(len(each.about) for each in self._rows)
        about = Text(row.about if longest <= room else "")
        about.truncate(room, overflow="ellipsis", pad=True)
        text.append_text(title).append("  ").append_text(about)
        return text.append(f" {row.solved}", self.style("good"))

    def moved(self, number: int) -> None:
        """Tell what it is about."""
        if self._rows:
            self.post_message(self.Moved(self._rows[number].about))

    def chosen(self, number: int) -> None:
        """Open it."""
        self.post_message(self.Chosen(number))
