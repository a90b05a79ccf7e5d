"""The tabs: one for each open source; nothing if there is only one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.widgets import Static

from repoview.tui.visits.messages import VisitChosen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from repoview.tui.visits.visit import Visit


class VisitTabs(Static):
    """A line of names; a click switches to one."""

    _stops: Sequence[int] = ()
    """The column behind each name."""

    def tell(self, visits: list[Visit], current: Visit) -> None:
        """Show the names of the open sources, if there are several."""
        self.display = len(visits) > 1
        line = Text(no_wrap=True, overflow="ellipsis")
        stops = []
        for number, visit in enumerate(visits, 1):
            name = Text(visit.name.rpartition("/")[2] or visit.name)
            name.truncate(28, overflow="ellipsis")
            sign = "" if visit.is_whole else "… "
            style = "reverse" if visit is current else ""
            line.append(f" {number} {sign}{name.plain} ", style).append(" ")
            stops.append(line.cell_len)
        self._stops = stops
        self.update(line, layout=False)

    def on_click(self, event: events.Click) -> None:
        """Switch to the tab under the mouse."""
        for number, stop in enumerate(self._stops):
            if event.x < stop:
                self.post_message(VisitChosen(number))
                return
