"""The Merkle Search Tree as an outline: nodes, the entries in them, and holes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual.widgets import Static

from repoview.tui.values.rows import TreeEntry, TreeNode
from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.outline import Outline
from repoview.tui.widgets.findings_list import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.tui.widgets.base.folding import Forest

_RECORDS: Final = 11
_BYTES: Final = 10
_BLOCK: Final = 9
"""Cells of the columns at the right."""

_ROOM: Final = 24
"""Cells that the text of a line has at least; columns that leave fewer are not
drawn."""

_SIGNS: Final = {
    "sound": ("•", "accent"),
    "unsound": ("!", "warn"),
    "damaged": ("✗", "bad"),
    "missing": ("◌", "bad"),
}
"""State of a record → sign and style; the word is shown for all but the first."""


class TreeOutline(Outline):
    """Nodes, whose children are their entries and the nodes below; and holes.

    Args:
        ask: Returns a line by its item.
        id: For the style sheet.
    """

    @dataclass
    class Reached(Upward):
        """The user moved to a node, a hole or an entry."""

        item: int
        row: TreeNode | TreeEntry

    @dataclass
    class Entered(Upward):
        """The user chose an entry, a hole or an empty node."""

        row: TreeNode | TreeEntry

    def __init__(
        self,
        ask: Callable[[int], TreeNode | TreeEntry],
        *,
        id: str | None = None,  # noqa: A002 (Textual's word)
    ) -> None:
        super().__init__(id=id)
        self._ask = ask

    def fill(self, forest: Forest, *, levels: int = 2) -> None:
        """Show a tree, its top node opened."""
        super().fill(forest, levels=levels)

    def row(self, number: int, width: int) -> Text:
        """Return a line of the outline, and its columns at the right."""
        text = super().row(number, width)
        columns = self._columns(number, width)
        if columns:
            text.truncate(width - len(columns), overflow="ellipsis", pad=True)
            text.append(columns, self.style("dim"))
        return text

    def _columns(self, number: int, width: int) -> str:
        """Return the columns of a line; none for a hole, whose text is long."""
        row = self._ask(self.folding.item_at(number))
        if isinstance(row, TreeEntry):
            return f" {row.size:>{_BLOCK - 1}}"
        if row.hole:
            return ""
        return _at_right((f"{row.records:,}", row.bytes, row.size), width)

    def line(self, item: int, width: int) -> Text:
        """Return the text of a node or an entry."""
        row = self._ask(item)
        if isinstance(row, TreeEntry):
            return self._entry(row, width)
        return self._hole(row, width) if row.hole else self._node(row, width)

    def sign(self, item: int) -> tuple[str, str]:
        """Return the sign of a hole or an entry, or whether a node is open."""
        row = self._ask(item)
        if isinstance(row, TreeEntry):
            return _SIGNS.get(row.state, _SIGNS["unsound"])
        if row.hole:
            return "◌", "bad"
        return super().sign(item) if self.folding.can_open(item) else ("▹", "dim")

    def _node(self, row: TreeNode, width: int) -> Text:
        text = Text(row.depth)
        entries = "entry" if row.entries == 1 else "entries"
        text.append(f" · {row.entries:,} {entries}", self.style("dim"))
        if row.findings:
            finding = "finding" if row.findings == 1 else "findings"
            sign, style = SEVERITIES[row.severity]
            text.append(f"  {sign} {row.findings:,} {finding}", self.style(style))
        if text.cell_len + 2 + len(row.cid) + _RECORDS + _BYTES + _BLOCK <= width:
            text.append(f"  {row.cid}", self.style("dim"))
        return text

    def _hole(self, row: TreeNode, width: int) -> Text:
        text = Text(f"{row.hole}, {row.depth}", self.style("bad"))
        text.append(f" · hides {row.hides}")
        if text.cell_len + 2 + len(row.cid) <= width:
            text.append(f"  {row.cid}", self.style("dim"))
        return text

    def _entry(self, row: TreeEntry, width: int) -> Text:
        """Return a path: the prefix shared with the previous entry is dim."""
        text = Text(row.path)
        text.stylize("bold", max(row.rkey, row.shared))
        text.stylize(self.style("dim"), 0, row.shared)
        room = width - _BLOCK
        if text.cell_len > room and row.rkey:
            # The record key is more specific than the collection.
            last = row.path.rfind(".", 0, row.rkey) + 1
            text = Text("…", self.style("dim")).append_text(text[last:])
        if row.state != "sound":
            text = Text(f"{row.state} record  ", self.style("bad")).append_text(text)
        return text

    def empty_text(self) -> str:
        """Return why there are none."""
        if not self.is_filled:
            return "The tree comes when all is read."
        return "No tree could be reached: the verdict (v) says why."

    def reached(self, item: int) -> None:
        """Post the item."""
        self.post_message(self.Reached(item, self._ask(item)))

    def entered(self, item: int) -> None:
        """Post the choice."""
        self.post_message(self.Entered(self._ask(item)))

    def too_many(self) -> None:
        """Notify the user of the alternatives."""
        self.notify("Too many to open level by level: * opens all", markup=False)


class ColumnHeads(Static):
    """The names of the outline's columns, above them."""

    def on_resize(self) -> None:
        """Show the names of the columns that fit."""
        # The outline has a scroll bar at its right.
        names = _at_right(("records", "bytes", "block"), self.size.width - 1)
        self.update(Text(f"{names} ", no_wrap=True), layout=False)


def _at_right(cells: tuple[str, str, str], width: int) -> str:
    """Return as many columns as leave enough room for the text of a line."""
    records, size, block = cells
    text = f"{block:>{_BLOCK}}"
    if width >= _ROOM + _RECORDS + _BYTES + _BLOCK:
        text = f"{size:>{_BYTES}}{text}"
    if width >= _ROOM + _RECORDS + _BLOCK:
        text = f"{records:>{_RECORDS}}{text}"
    return text
