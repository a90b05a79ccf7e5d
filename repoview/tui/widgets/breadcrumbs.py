"""Breadcrumbs: the nodes from the top of the tree to the current item, on one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rich.text import Text
from textual.widgets import Static

from repoview.tui.visits.messages import Upward

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from repoview.tui.values.rows import TreeStep

_BETWEEN: Final = " › "
_LEFT_OUT: Final = "… › "


class Breadcrumbs(Static):
    """Steps, the last one bright; a click on one goes there.

    If not all fit, the first ones are left out.
    """

    @dataclass
    class Chosen(Upward):
        """The user clicked a step."""

        item: int

    def on_mount(self) -> None:
        """Begin empty."""
        self._steps: Sequence[TreeStep] = ()
        self._stops: list[tuple[int, int]] = []

    def tell(self, steps: Sequence[TreeStep]) -> None:
        """Show these steps."""
        self._steps = steps
        self._draw()

    def _draw(self) -> None:
        steps, room = list(self._steps), self.size.width
        first = len(steps)
        used = -len(_BETWEEN)
        while first:
            used += len(_BETWEEN) + Text(steps[first - 1].text).cell_len
            if first < len(steps) and used + len(_LEFT_OUT) > room:
                break
            first -= 1
        text = Text(_LEFT_OUT if first else "", no_wrap=True, overflow="ellipsis")
        self._stops = []
        for index, step in enumerate(steps[first:], first):
            is_last = index == len(steps) - 1
            text.append(step.text, "bold" if is_last else "")
            text.append("" if is_last else _BETWEEN)
            self._stops.append((text.cell_len, step.item))
        self.update(text, layout=False)

    def on_resize(self) -> None:
        """Show as many steps as fit."""
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """Go to the step under the mouse."""
        offset = event.get_content_offset(self)
        for stop, item in self._stops:
            if offset is not None and offset.x < stop:
                self.post_message(self.Chosen(item))
                return
