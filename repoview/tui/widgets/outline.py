"""The tree as an outline that opens where the reader looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType

from repoview.tui.messages import PlaceChosen
from repoview.tui.widgets.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.tui.rows import TreeLine


class Outline(VirtualList):
    """Nodes, holes and entries; only what is open is held.

    Args:
        ask: Gives the lines under a node, by its number and their indent.
        id: For the style sheet.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l", "open", "Open", key_display="→"),
        Binding("left,h", "shut", "Close", key_display="←"),
    ]

    def __init__(
        self,
        ask: Callable[[int, int], list[TreeLine]],
        *,
        id: str | None = None,  # noqa: A002 (Textual's word)
    ) -> None:
        super().__init__(id=id)
        self._ask = ask
        self._lines: list[TreeLine] = []
        self._open: set[int] = set()

    def fill(self, top: TreeLine | None) -> None:
        """Show the top node, opened."""
        self._lines = [] if top is None else [top]
        self._open = set()
        self.show(len(self._lines))
        if top is not None:
            self._expand(0)

    def reveal(self, way: list[int], record: int | None) -> None:
        """Open the nodes of *way*, and move to its end or to a record in it."""
        for number in way:
            place = self._find(number, is_node=True)
            if place is None:
                return
            if number not in self._open and self._lines[place].can_open:
                self._expand(place)
        if record is None:
            place = self._find(way[-1], is_node=True) if way else None
        else:
            place = self._find(record, is_node=False)
        if place is not None:
            self.cursor = place

    def _find(self, number: int, *, is_node: bool) -> int | None:
        for place, line in enumerate(self._lines):
            if line.number == number and line.is_node is is_node:
                return place
        return None

    def row(self, number: int, width: int) -> Text:  # noqa: ARG002 (cut by the list)
        """Return one line, indented by its place in the tree."""
        line = self._lines[number]
        text = Text().append("│ " * line.depth, self.style("dim"))
        if not line.is_node:
            return text.append("• ", self.style("accent")).append(line.text)
        if line.broken:
            text.append(f"◌ {line.text}  ", self.style("bad"))
        else:
            sign = "▾" if line.number in self._open else "▸"
            text.append(f"{sign} {line.text}  ", self.style("accent"))
        return text.append(line.facts, self.style("dim"))

    def empty_text(self) -> str:
        """Say why there is nothing."""
        return "No tree could be reached."

    def _expand(self, place: int) -> None:
        line = self._lines[place]
        self._lines[place + 1 : place + 1] = self._ask(line.number, line.depth + 1)
        self._open.add(line.number)
        self.show(len(self._lines), self.cursor)

    def _collapse(self, place: int) -> None:
        line = self._lines[place]
        stop = place + 1
        while stop < len(self._lines) and self._lines[stop].depth > line.depth:
            if self._lines[stop].is_node:
                self._open.discard(self._lines[stop].number)
            stop += 1
        del self._lines[place + 1 : stop]
        self._open.discard(line.number)
        self.show(len(self._lines), self.cursor)

    def action_open(self) -> None:
        """Open the node under the cursor, or go on into an open one."""
        if not self._lines:
            return
        line = self._lines[self.cursor]
        if line.is_node and line.can_open and line.number not in self._open:
            self._expand(self.cursor)
        else:
            self.action_move(1)

    def action_shut(self) -> None:
        """Close the node under the cursor, or go to the one above."""
        if not self._lines:
            return
        line = self._lines[self.cursor]
        if line.is_node and line.number in self._open:
            self._collapse(self.cursor)
            return
        for place in range(self.cursor - 1, -1, -1):
            if self._lines[place].depth < line.depth:
                self.cursor = place
                return

    def chosen(self, number: int) -> None:
        """Open or close a node; go to the record of an entry."""
        line = self._lines[number]
        if not line.is_node:
            self.post_message(PlaceChosen("record", line.number))
        elif line.number in self._open:
            self._collapse(number)
        elif line.can_open:
            self._expand(number)

    def moved(self, number: int) -> None:
        """Show the node or record under the cursor."""
        line = self._lines[number]
        what = "show-node" if line.is_node else "show-record"
        self.post_message(PlaceChosen(what, line.number))
