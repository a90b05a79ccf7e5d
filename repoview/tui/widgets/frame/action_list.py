"""A list of actions: keys, label and description.

The purposes may be titles between them, which the cursor skips.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text

from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.tui.actions.actions import Row

_KEYS: Final = 16
_WORD: Final = 17
"""Cells of the first two columns."""


class ActionList(VirtualList, can_focus=False):
    """A list of actions; the keys are its dialog's."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"virtual-list--title"}

    class Clicked(Upward):
        """The user chose the row under the mouse."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self._lines: list[Row | str] = []
        self._says = ""
        self.has_names = False
        """Whether to show names for settings in place of descriptions."""

    def fill(self, rows: Sequence[Row], says: str, *, has_titles: bool) -> None:
        """Set the actions, and choose the first.

        Args:
            rows: In their order.
            says: What to show if there are none.
            has_titles: Whether to show a title above each purpose.
        """
        self._lines, self._says = [], says
        purpose = ""
        for row in rows:
            if has_titles and row.purpose != purpose:
                purpose = row.purpose
                self._lines += [*([""] if self._lines else []), purpose]
            self._lines.append(row)
        first = next((n for n, row in enumerate(self._lines) if _is_row(row)), 0)
        self.show(len(self._lines), first)
        self.scroll_to(y=0)

    @property
    def has_keys(self) -> bool:
        """Always True: Enter means the row under the cursor."""
        return True

    @property
    def chosen_row(self) -> Row | None:
        """The action under the cursor, None for none."""
        line = self._lines[self.cursor] if self._lines else None
        return None if line is None or isinstance(line, str) else line

    def move(self, by: int) -> None:
        """Move the cursor to another action; by one, it wraps around."""
        rows = [n for n, line in enumerate(self._lines) if _is_row(line)]
        if not rows:
            return
        at = next((k for k, n in enumerate(rows) if n >= self.cursor), 0) + by
        if abs(by) == 1:
            at %= len(rows)
        self.cursor = rows[max(0, min(at, len(rows) - 1))]
        if self.cursor == rows[0]:
            # Show the title above the first action, too.
            self.scroll_to(y=0)

    def row(self, number: int, width: int) -> Text:
        """Return a title, or an action."""
        line = self._lines[number]
        if isinstance(line, str):
            return Text(line, self.style("title"))
        text = _keys_text(line.keys)
        text.stylize(self.style("accent"))
        text.truncate(_KEYS, overflow="ellipsis", pad=True)
        word = Text(f" {line.word}", "" if line.elsewhere else "bold")
        word.truncate(_WORD, overflow="ellipsis", pad=True)
        text.append_text(word).append(" ")
        if self.has_names:
            return text.append(line.name, self.style("dim"))
        where = f"  {line.elsewhere}" if line.elsewhere else ""
        says = Text(line.says)
        room = width - _KEYS - _WORD - 1 - len(where)
        says.truncate(max(room, 8), overflow="ellipsis", pad=bool(where))
        return text.append_text(says).append(where, self.style("dim"))

    def empty_text(self) -> str:
        """Return why there are none."""
        return self._says

    def clicked(self, number: int, column: int) -> bool:  # noqa: ARG002 (anywhere in the row)
        """Choose an action; ignore a title."""
        if _is_row(self._lines[number]):
            self.post_message(self.Clicked())
        return True


def _is_row(line: Row | str) -> bool:
    return not isinstance(line, str)


def _keys_text(keys: Sequence[str]) -> Text:
    """Return as many keys as fit, at least the first."""
    shown = ""
    for key in keys:
        more = f"{shown}  {key}" if shown else key
        if shown and len(more) > _KEYS:
            break
        shown = more
    return Text(shown)
