"""The list of blocks: kind, offset, length, CID, and what links to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType

from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.tui.values.rows import BlockRow

SIGNS: Final = {
    "commit": ("◆", "accent"),
    "node": ("▪", "accent"),
    "record": ("•", ""),
    "unlinked": ("○", "warn"),
    "duplicate": ("=", "warn"),
    "no block": ("?", "warn"),
    "missing": ("╳", "bad"),
}
"""Kind → its sign and style; the word is shown, too."""

_OFFSET: Final = 13
_LENGTH: Final = 10
_CID: Final = 12
_ALL: Final = 90
"""Cells from which on the CID is shown."""


class BlockList(VirtualList):
    """Blocks by number."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Go to it", id="block.go"),
    ]
    has_head = True

    @dataclass
    class Moved(Upward):
        """The user moved to a block."""

        number: int

    @dataclass
    class Chosen(Upward):
        """The user wants to go to the record or node that a block is."""

        number: int

    def __init__(
        self,
        ask: Callable[[int], BlockRow],
        *,
        id: str | None = None,  # noqa: A002 (Textual's word)
    ) -> None:
        super().__init__(id=id)
        self._ask = ask
        self._numbers: Sequence[int] = []
        self._says = ""

    def fill(self, numbers: Sequence[int], cursor: int, says: str = "") -> None:
        """Show these blocks.

        Args:
            numbers: Of the blocks, in the order of the rows.
            cursor: The row of the cursor.
            says: What to show if there are none.
        """
        self._numbers, self._says = numbers, says
        self.show(len(numbers), cursor)
        if len(numbers):
            self.moved(self.cursor)

    @property
    def number(self) -> int:
        """The block under the cursor; -1 for none."""
        return self._numbers[self.cursor] if self.count else -1

    def head(self, width: int) -> Text:
        """Return the names of the columns."""
        line = f"  {'kind':<10}{'offset':>{_OFFSET}} {'bytes':>{_LENGTH}}  "
        if width >= _ALL:
            line += f"{'CID':<{_CID}}  "
        return Text(f"{line}what links to it", self.style("dim"))

    def row(self, number: int, width: int) -> Text:
        """Return the columns of a block."""
        row = self._ask(self._numbers[number])
        sign, style = SIGNS[row.kind]
        line = Text().append(
            f"{sign} {row.kind:<10}", self.style(style) if style else ""
        )
        line.append(f"{row.offset:>{_OFFSET}} ", self.style("dim"))
        line.append(f"{row.length:>{_LENGTH}}  ")
        if width >= _ALL:
            line.append(f"{row.cid:<{_CID}}  ", self.style("dim"))
        if row.state:
            line.append(f"{row.state} ", self.style("bad"))
        return line.append(row.used)

    def empty_text(self) -> str:
        """Return why there are none."""
        return self._says

    def moved(self, number: int) -> None:
        """Post the block under the cursor."""
        self.post_message(self.Moved(self._numbers[number]))

    def chosen(self, number: int) -> None:
        """Ask to go to it."""
        self.post_message(self.Chosen(self._numbers[number]))
