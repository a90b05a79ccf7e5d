"""A horizontal bar chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from repoview.present import cells, fit
from repoview.tui.values.drawing import Bar, bar_with_mark
from repoview.tui.widgets.pictures.drawn import Drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAST: Final = 8
"""Cells below which bars are not drawn."""


class BarList(Drawn):
    """A bar chart, with labels before the bars and values behind them."""

    def __init__(self, title: str = "", *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(title, id=id)
        self._bars: Sequence[Bar] = []
        self._says = ""

    def fill(self, bars: Sequence[Bar], says: str = "") -> None:
        """Show these bars.

        Args:
            bars: From the top.
            says: The caption below them; shown alone if there are none.
        """
        self._bars, self._says = bars, says
        self.changed()

    def lines(self, width: int) -> list[Text]:
        """Return one line per bar, and the caption."""
        left = max((cells(each.label) for each in self._bars), default=0)
        right = max((len(each.says) for each in self._bars), default=0)
        left = min(left, max(8, width - right - _LEAST - 4))
        room = width - left - right - 4
        greatest = max(
            (max(each.value, each.expected or 0) for each in self._bars), default=0
        )
        made = [
            self._line(each, left, room, right, greatest or 1) for each in self._bars
        ]
        if self._says:
            text = Text(self._says, self.style("dim"))
            made += list(text.wrap(self.app.console, max(width, 8)))
        return made

    def _line(
        self, each: Bar, left: int, room: int, right: int, greatest: float
    ) -> Text:
        line = Text(fit(each.label, left), self.style("label")).append("  ")
        if room >= _LEAST:
            mark = None if each.expected is None else each.expected / greatest
            for part in bar_with_mark(each.value / greatest, mark, room):
                is_bar = part.style == "bar" and each.is_odd
                line.append(part.text, self.style("odd" if is_bar else part.style))
            line.append("  ")
        return line.append(each.says.rjust(right), self.style("dim"))
