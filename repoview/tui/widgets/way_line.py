"""The way from the top of something to where the reader is, on one line."""

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


class WayLine(Static):
    """Steps, the last one bright; a click on one leads there.

    Where there is not room for all, those in front are left out.
    """

    @dataclass
    class Chosen(Upward):
        """The reader clicked a step."""

        item: int

    def on_mount(self) -> None:
        """Begin with no way."""
        self._steps: Sequence[TreeStep] = ()
        self._stops: list[tuple[int, int]] = []

    def tell(self, steps: Sequence[TreeStep]) -> None:
        """Show a way."""
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
        for place, step in enumerate(steps[first:], first):
            is_last = place == len(steps) - 1
            text.append(step.text, "bold" if is_last else "")
            text.append("" if is_last else _BETWEEN)
            self._stops.append((text.cell_len, step.item))
        self.update(text, layout=False)

    def on_resize(self) -> None:
        """Show as much as there is room for."""
        self._draw()

    def on_click(self, event: events.Click) -> None:
        """Lead to the step under the mouse."""
        place = event.get_content_offset(self)
        for stop, item in self._stops:
            if place is not None and place.x < stop:
                self.post_message(self.Chosen(item))
                return
