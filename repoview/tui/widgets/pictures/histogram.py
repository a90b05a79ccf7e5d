"""A histogram: columns with a scale and an axis."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from repoview.tui.values.drawing import Columns, axis, columns
from repoview.tui.widgets.pictures.drawn import Drawn

if TYPE_CHECKING:
    from collections.abc import Callable

_SCALE: Final = 10
"""Cells of the scale at most."""

_LEAST: Final = 10
_WIDEST: Final = 8
"""Cells of a column at most."""


class Histogram(Drawn):
    """As many columns as fit, all of the greatest possible width."""

    def __init__(
        self,
        title: str = "",
        *,
        rows: int = 8,
        id: str | None = None,  # noqa: A002 (Textual's word)
    ) -> None:
        super().__init__(title, id=id)
        self._rows = rows
        self._make: Callable[[int], Columns] = lambda _: Columns([], [])

    def fill(self, make: Callable[[int], Columns]) -> None:
        """Show columns.

        Args:
            make: Returns up to so many columns.
        """
        self._make = make
        self.changed()

    def lines(self, width: int) -> list[Text]:
        """Return the columns from the top, the axis and the caption."""
        shown = self._make(max(width - _SCALE - 2, _LEAST))
        made = self._columns(shown, width) if shown.values else []
        if shown.says:
            text = Text(shown.says, self.style("dim"))
            made += list(text.wrap(self.app.console, max(width, _LEAST)))
        return made

    def _columns(self, shown: Columns, width: int) -> list[Text]:
        greatest = f"{max(shown.values):,}"
        scale = len(greatest)
        each = min(max(1, (width - scale - 2) // len(shown.values)), _WIDEST)
        made = []
        for number, row in enumerate(columns(shown.values, self._rows)):
            head = f"{greatest} ┤" if not number else f"{'':{scale}} │"
            line = Text(head, self.style("dim"))
            for place, cell in enumerate(row):
                style = "odd" if place in shown.odd else "bar"
                line.append(cell * each, self.style(style))
            made.append(line)
        foot = each * len(shown.values)
        dim = self.style("dim")
        made.append(Text(f"{0:>{scale}} └{'─' * foot}", dim))
        labels = [(place * each, text) for place, text in shown.labels]
        below = axis(labels, max(foot, width - scale - 2))
        made.append(Text(" " * (scale + 2) + below, dim))
        return made
