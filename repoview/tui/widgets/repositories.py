"""The list of the repositories of a folder: a line each, under a head that sorts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from rich.text import Text

from repoview.present import safe, size_text, verdict_style
from repoview.tui.session.folder import By, Look
from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.tui.session.folder_files import Listed


class _Column(NamedTuple):
    """A column of the list."""

    by: By
    width: int
    """Cells; 0 for the rest."""

    is_number: bool
    from_width: int
    """Width of the list from which on it is shown."""


_COLUMNS: Final = (
    _Column(By.FILE, 0, is_number=False, from_width=0),
    _Column(By.DID, 32, is_number=False, from_width=96),
    _Column(By.REV, 13, is_number=False, from_width=112),
    _Column(By.RECORDS, 11, is_number=True, from_width=44),
    _Column(By.SIZE, 9, is_number=True, from_width=56),
    _Column(By.VERDICT, 13, is_number=False, from_width=0),
)
_STYLES: Final = {"doubt": "warn"}
"""Those of verdicts that have another name here."""


class Repositories(VirtualList):
    """A line each; Enter opens one, and a click on the head sorts."""

    has_head: ClassVar[bool] = True

    @dataclass
    class Chosen(Upward):
        """The user wants to open one."""

        listed: Listed

    @dataclass
    class Moved(Upward):
        """The user moved to one."""

        listed: Listed

    @dataclass
    class Sorted(Upward):
        """The user clicked the head of a column."""

        by: By

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self._rows: Sequence[Listed] = ()
        self._look = Look()
        self._says = ""

    def fill(self, rows: Sequence[Listed], look: Look, says: str, cursor: int) -> None:
        """Show these rows.

        Args:
            rows: In their order.
            look: What orders them.
            says: What to show if there are none.
            cursor: The row of the cursor.
        """
        self._rows, self._look, self._says = rows, look, says
        self.show(len(rows), cursor)
        self.moved(self.cursor)

    @property
    def here(self) -> Listed | None:
        """The one under the cursor."""
        return self._rows[self.cursor] if self._rows else None

    def head(self, width: int) -> Text:
        """Return the names of the columns; an arrow at the one that orders."""
        text = Text(no_wrap=True)
        for column, start, cells in _laid(width):
            text.pad_right(max(start - text.cell_len, 0))
            arrow = "▼" if self._look.is_down else "▲"
            arrow = arrow if column.by is self._look.by else ""
            label = f"{column.by.value}{arrow}"
            label = f"{label:>{cells}}" if column.is_number else label
            text.append(label, self.style("accent" if arrow else "dim"))
        return text

    def head_clicked(self, column: int) -> None:
        """Sort by the column."""
        for each, start, cells in _laid(self.scrollable_content_region.width):
            if start <= column < start + cells:
                self.post_message(self.Sorted(each.by))

    def row(self, number: int, width: int) -> Text:
        """Return the cells of a file."""
        each = self._rows[number]
        text = Text(no_wrap=True)
        for column, start, cells in _laid(width):
            text.pad_right(max(start - text.cell_len, 0))
            value, style = _cell(each, column.by)
            part = Text(value, self.style(style) if style else "")
            part.truncate(cells, overflow="ellipsis")
            if column.is_number:
                part.pad_left(cells - part.cell_len)
            text.append_text(part)
        return text

    def empty_text(self) -> str:
        """Return what to show if there are none."""
        return self._says

    def moved(self, number: int) -> None:
        """Tell which one is under the cursor."""
        if number < len(self._rows):
            self.post_message(self.Moved(self._rows[number]))

    def chosen(self, number: int) -> None:
        """Open it."""
        self.post_message(self.Chosen(self._rows[number]))


def _laid(width: int) -> list[tuple[_Column, int, int]]:
    """Return the columns that there is room for, each with its first cell and width."""
    shown = [column for column in _COLUMNS if width >= column.from_width]
    rest = width - sum(column.width for column in shown) - 2 * (len(shown) - 1)
    laid, start = [], 0
    for column in shown:
        cells = column.width or max(rest, 8)
        laid.append((column, start, cells))
        start += cells + 2
    return laid


def _cell(each: Listed, by: By) -> tuple[str, str]:
    """Return the text of a cell and its style."""
    row = each.row
    if by is By.FILE:
        return each.name, ""
    if row is None:
        return ("…", "dim") if by is By.VERDICT else ("", "")
    if by is By.VERDICT:
        style = verdict_style(row.verdict)
        return each.verdict, _STYLES.get(style, style)
    if by is By.SIZE:
        is_known = row.file_bytes or row.sha256 is not None
        return size_text(row.file_bytes) if is_known else "", ""
    if row.verdict is None:
        return "", ""
    if by is By.RECORDS:
        return f"{row.records:,}", ""
    return safe((row.did if by is By.DID else row.rev) or "", 200), "dim"
