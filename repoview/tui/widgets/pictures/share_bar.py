"""A stacked bar with a legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from repoview.tui.values.drawing import Share, stacked
from repoview.tui.widgets.pictures.drawn import Drawn

if TYPE_CHECKING:
    from collections.abc import Sequence


class ShareBar(Drawn):
    """A stacked bar, with its legend below.

    Shares differ by their fill characters, not by color alone.
    """

    FILLS: Final = "█▓▒░▚"

    def __init__(self, title: str = "", *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(title, id=id)
        self._shares: Sequence[Share] = []

    def fill(self, shares: Sequence[Share]) -> None:
        """Show these shares; at most five."""
        self._shares = shares
        self.changed()

    def lines(self, width: int) -> list[Text]:
        """Return the bar, and its legend."""
        if not self._shares:
            return []
        sizes = stacked([each.value for each in self._shares], width)
        line = Text()
        for number, size in enumerate(sizes):
            line.append(self.FILLS[number] * size, self.style(f"part-{number}"))
        return [line, *self._legend(width)]

    def _legend(self, width: int) -> list[Text]:
        made, line = [], Text()
        for number, each in enumerate(self._shares):
            part = Text(self.FILLS[number] + " ", self.style(f"part-{number}"))
            part.append(f"{each.label} ", self.style("label"))
            part.append(each.says, self.style("dim"))
            if line and line.cell_len + 3 + part.cell_len > width:
                made.append(line)
                line = Text()
            if line:
                line.append("   ")
            line.append_text(part)
        return [*made, line]
