"""A list of completions below an input.

It is given texts with facts; the keys are its owner's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from rich.text import Text
from textual.binding import Binding

from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.base.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence


_FACTS: Final = 24
"""Cells that facts have at least."""


class Offered(Protocol):
    """A completion, ready to be shown."""

    @property
    def text(self) -> str:
        """The completed text."""

    @property
    def facts(self) -> str:
        """A remark about it."""


def completing(owner: str) -> tuple[Binding, ...]:
    """Return the keys of an input with completions: to choose one, and to insert it.

    Args:
        owner: With which their names begin.
    """
    return (
        Binding("down", "move(1)", "Next", show=False, id=f"{owner}.next"),
        Binding("up", "move(-1)", "Before", show=False, id=f"{owner}.previous"),
        Binding(
            "tab",
            "complete",
            "Complete",
            show=False,
            # Else it would go to the next pane.
            priority=True,
            id=f"{owner}.complete",
        ),
    )


class Suggestions(VirtualList, can_focus=False):
    """A list of completions, none of which is chosen until the user moves."""

    class Clicked(Upward):
        """The user chose the row under the mouse."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self.shown: Sequence[Offered] = ()
        self.is_chosen = False
        """Whether the user moved in the list, so that Enter means the row."""

    @property
    def has_keys(self) -> bool:
        """Whether Enter means the row under the cursor."""
        return self.is_chosen

    def offer(self, offered: Sequence[Offered], *, is_chosen: bool = False) -> None:
        """Set the completions.

        Args:
            offered: In their order.
            is_chosen: Whether Enter means the first of them.
        """
        self.shown, self.is_chosen = offered, is_chosen and bool(offered)
        self.show(len(offered))

    def move(self, by: int) -> None:
        """Choose the next row, or the previous one."""
        if self.count:
            self.cursor = (self.cursor + by) % self.count if self.is_chosen else 0
            self.is_chosen = True
            self.refresh()

    def row(self, number: int, width: int) -> Text:
        """Return the text, cut at its beginning if it is long, and the facts."""
        each = self.shown[number]
        sign = "» " if self.is_chosen and number == self.cursor else "  "
        facts, name = Text(each.facts), Text(each.text)
        left = width - len(sign) - name.cell_len - 1
        facts.truncate(max(left, _FACTS), overflow="ellipsis")
        room = max(width - facts.cell_len - 1 - len(sign), 10)
        if name.cell_len > room:
            name = Text("…").append_text(name[len(name) - room + 1 :])
        name.truncate(room, overflow="ellipsis", pad=True)
        line = Text(sign).append_text(name).append(" ")
        return line.append(facts.plain, self.style("dim"))

    def clicked(self, number: int, column: int) -> bool:  # noqa: ARG002 (the cursor is there)
        """Choose a row."""
        self.is_chosen = True
        self.post_message(self.Clicked())
        return True
