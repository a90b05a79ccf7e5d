"""Opening: paints at once, and tells how far loading is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Center, Middle, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, ProgressBar, Static

from repoview.present import size_text

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.tui.loading import Loading

_STAGES = {
    "load": "1 of 2 · reading and hashing every block",
    "walk": "2 of 2 · walking the tree, checking every key",
}


class Opening(Screen[None]):
    """A bar with bytes, blocks and time left; Esc cancels.

    Args:
        loading: Its counters are read ten times a second.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.cancel", "Cancel"),
    ]

    def __init__(self, loading: Loading) -> None:
        super().__init__()
        self._opening = loading

    def compose(self) -> ComposeResult:
        """Lay out a box in the middle."""
        with Middle(), Center():
            box = Vertical(id="opening")
            box.border_title = Content(f"Opening {self._opening.name}")
            with box:
                yield Static("", id="stage", markup=False)
                # With a total from the start: without one it would be animated.
                total = self._opening.counters.total or 1
                yield ProgressBar(total=total, id="bar", show_eta=False)
                yield Static("", id="numbers", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Begin to read the counters."""
        self.tell()
        self.set_interval(0.1, self.tell)

    def tell(self) -> None:
        """Show the counters as they are now."""
        counters = self._opening.counters
        self.query_one("#stage", Static).update(
            _STAGES.get(counters.stage, counters.stage), layout=False
        )
        bar = self.query_one(ProgressBar)
        # Of a pipe nobody knows how much there is: its bar stays empty.
        known = counters.total > 0
        bar.update(total=counters.total or 1, progress=counters.done if known else 0)
        spent = max(1e-6, time.monotonic() - counters.started)
        unit = f"{counters.done:,} of {counters.total:,} nodes and records"
        if counters.stage == "load":
            unit = size_text(counters.done)
            if known:
                unit += f" of {size_text(counters.total)}"
        numbers = f"{unit} · {counters.blocks:,} blocks"
        if counters.stage == "load" and counters.done and spent > 0.5:
            numbers += f" · {counters.blocks / spent:,.0f} a second"
            left = spent * (counters.total - counters.done) / counters.done
            if left > 0:
                numbers += f" · {left:.0f} s left"
        self.query_one("#numbers", Static).update(numbers, layout=False)
