"""A horizontal chooser: one of a few labels on one line.

It posts the index of the label that is clicked; the keys are its owner's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.widgets import Static

from repoview.tui.visits.messages import Upward

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events


class Chooser(Static):
    """Labels on one line, the chosen one in brackets and reversed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"chooser--key"}
    DEFAULT_CSS = """
    Chooser > .chooser--key {
        color: $footer-key-foreground;
        text-style: bold;
    }
    """

    @dataclass
    class Chosen(Upward):
        """The user clicked a label."""

        number: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self._stops: list[int] = []

    def tell(
        self,
        labels: Sequence[str],
        chosen: int,
        after: str = "",
        keys: Sequence[str] = (),
    ) -> None:
        """Set the labels.

        Args:
            labels: In order; safe to show.
            chosen: The index of the chosen one.
            after: A text behind them.
            keys: The key of each, shown before its label; empty for none.
        """
        line = Text(no_wrap=True)
        key = self.get_component_rich_style("chooser--key", partial=True)
        self._stops = []
        for number, label in enumerate(labels):
            is_chosen = number == chosen
            shown = f"[{label}]" if is_chosen else f" {label} "
            if keys:
                line.append(f" {keys[number]} ", key)
                shown = shown if is_chosen else f"{label} "
            line.append(shown, "reverse" if is_chosen else "")
            self._stops.append(line.cell_len)
        line.append(f"  {after}", "dim")
        # On a narrow screen, scroll to the chosen one.
        over = self._stops[chosen] - max(self.size.width, 1) if self._stops else 0
        if self.size.width and over > 0:
            start = min(s for s in (0, *self._stops) if s >= over)
            line = line[start:]
            self._stops = [stop - start for stop in self._stops]
        self.update(line, layout=False)

    def on_click(self, event: events.Click) -> None:
        """Choose the label under the mouse."""
        for number, stop in enumerate(self._stops):
            if event.x < stop:
                self.post_message(self.Chosen(number))
                return
