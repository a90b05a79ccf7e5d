"""What is shown above the filter while one types: what fits, and what is wrong.

It lies over the panes, which do not change their size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual.containers import Vertical
from textual.widgets import Static

from repoview.present import cells, fit, safe
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.base.suggestions import Suggestions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from repoview.tui.session.selecting import Fit

_ROWS: Final = 6
"""Completions that are seen at once."""

_MARK: Final = "▼"


class FilterHelp(Resilient, Vertical):
    """Completions, and a line that points into the filter below it."""

    def __init__(self) -> None:
        super().__init__(id="filter-help")
        self._fits: Sequence[Fit] = ()

    def compose(self) -> ComposeResult:
        """Lay out the completions above the line."""
        yield Suggestions(id="filter-fits")
        yield Static("", id="filter-says", markup=False)

    def offer(self, fits: Sequence[Fit]) -> None:
        """Set the completions; none is chosen."""
        self._fits = fits
        suggestions = self.query_one(Suggestions)
        suggestions.display = bool(fits)
        suggestions.styles.height = min(len(fits), _ROWS)
        suggestions.offer(fits)

    def move(self, by: int) -> None:
        """Choose the next completion, or the one before."""
        self.query_one(Suggestions).move(by)

    @property
    def chosen(self) -> Fit | None:
        """The completion that the user moved to, None for none."""
        suggestions = self.query_one(Suggestions)
        is_there = suggestions.is_chosen and suggestions.cursor < len(self._fits)
        return self._fits[suggestions.cursor] if is_there else None

    @property
    def likeliest(self) -> Fit | None:
        """The completion that is chosen, or else the first; None for none."""
        return self.chosen or (self._fits[0] if self._fits else None)

    def say(
        self, text: str, column: int | None = None, *, is_bad: bool = False
    ) -> None:
        """Show a line.

        Args:
            text: What it says.
            column: The cell of the filter that it is about, None for none.
            is_bad: Whether it is why the filter cannot be used.
        """
        said = safe(text, 300)
        if column is not None:
            said = _pointing(said, column, self.size.width - 2)
        line = self.query_one("#filter-says", Static)
        rows = 1 + said.count("\n")
        if line.styles.height is None or line.styles.height.value != rows:
            line.styles.height = rows
        line.update(Text(said), layout=False)
        line.set_class(is_bad, "-bad")


def _pointing(text: str, column: int, width: int) -> str:
    """Return a mark at a column, with a text beside it, or above if it is long."""
    if cells(text) + 2 <= width - column:
        return f"{' ' * column}{_MARK} {text}"
    if cells(text) < column:
        return f"{' ' * (column - 1 - cells(text))}{text} {_MARK}"
    return f"{fit(text, width).rstrip()}\n{' ' * column}{_MARK}"
