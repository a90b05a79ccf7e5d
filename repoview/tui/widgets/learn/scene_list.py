"""The live repository of a lesson: its tree, file or bytes, a row each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType

from repoview.tui.widgets.base.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.learn.rows import Row

_SIGNS: Final = {"new": ("+", "good"), "damaged": ("!", "bad")}
"""State → the sign in front of a row, and its style."""

_MARKED: Final = "●"


class SceneList(VirtualList):
    """Rows with marks; what is done to them is the screen's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "screen.mark", "Mark", id="learn.mark"),
        Binding("enter", "screen.line", "Type", show=False, id="learn.type"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._marks: frozenset[str] = frozenset()

    @property
    def here(self) -> Row | None:
        """The row under the cursor, None where there is none."""
        return self._rows[self.cursor] if self._rows else None

    def fill(self, rows: Sequence[Row], marks: frozenset[str]) -> None:
        """Show rows; the cursor stays on the same key or block, if it can."""
        here = self.here
        same = 0
        if here is not None:
            found = (n for n, r in enumerate(rows) if _is_same(r, here))
            same = next(found, min(self.cursor, len(rows) - 1))
        self._rows, self._marks = rows, marks
        self.show(len(rows), same)

    def row(self, number: int, width: int) -> Text:  # noqa: ARG002 (it is cut)
        """Return a row: mark, state, what it is, and facts about it."""
        row = self._rows[number]
        is_marked = bool(row.name) and row.name in self._marks
        sign, style = _SIGNS.get(row.state, (" ", ""))
        text = Text(no_wrap=True)
        text.append(_MARKED if is_marked else " ", self.style("match"))
        text.append(f"{sign} ", self.style(style) if style else "")
        text.append(row.lead, self.style("dim"))
        text.append(row.text, self.style("accent") if is_marked else "")
        return text.append(f"  {row.facts}", self.style("dim"))


def _is_same(row: Row, other: Row) -> bool:
    return row.path == other.path if other.path else row.name == other.name
