"""The opening screen: shows the progress of loading."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Center, Middle, Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from repoview.present import count_text
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.frame.key_bar import KeyBar
from repoview.tui.widgets.frame.status import bar_text, progress_text
from repoview.tui.widgets.frame.visit_tabs import VisitTabs

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.tui.visits.visit import Visit

_STAGES = {
    "load": "1 of 2 · reading and hashing every block",
    "walk": "2 of 2 · walking the tree, checking every key",
}

_OFFER = "Ctrl+R reads it again, Ctrl+O opens another."


class Opening(Resilient, Screen[None]):
    """A progress bar with bytes, blocks and time left; Esc ends the reading.

    Args:
        visit: Its counters are polled ten times a second.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "app.end_reading", "Keep what came", id="opening.end"),
        Binding(
            "ctrl+pagedown", "app.turn(1)", "Next tab", show=False, id="visit.next"
        ),
        Binding(
            "ctrl+pageup", "app.turn(-1)", "Tab before", show=False, id="visit.previous"
        ),
        Binding("ctrl+r", "app.reload", "Read again", show=False, id="visit.reload"),
        Binding("ctrl+o", "app.open", "Open another", show=False, id="visit.open"),
        Binding("ctrl+w", "app.close_visit", "Close", show=False, id="visit.close"),
        Binding(
            "question_mark,f1", "app.show_help", "Help", key_display="?", id="app.help"
        ),
        Binding("q", "app.leave", "Quit", id="app.quit"),
    ]

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self.visit = visit
        self._is_laid_out = False
        self._error: str | None = None

    def compose(self) -> ComposeResult:
        """Lay out a box in the middle."""
        yield VisitTabs(id="visits")
        with Middle(), Center():
            box = Vertical(id="opening")
            box.border_title = Content(f"Opening {self.visit.name}")
            with box:
                yield Static("", id="stage", markup=False)
                yield Static("", id="bar", markup=False)
                yield Static("", id="numbers", markup=False)
                yield Static("", id="found", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the counters."""
        self._is_laid_out = True
        self.tell()

    def tell(self) -> None:
        """Show the counters, or the error."""
        if not self._is_laid_out:
            return
        loading = self.visit.loading
        counters = loading.poll()
        if loading.error is not None:
            if loading.error == self._error:
                return
            self._error = loading.error
            offer = f"\n\n{_OFFER}" if self.visit.can_be_read_again else ""
            says = Text(f"{loading.error}{offer}")
            self.query_one("#stage", Static).update(says)
            for name in ("#bar", "#numbers", "#found"):
                self.query_one(name, Static).update("")
            return
        stage = _STAGES.get(counters.stage, counters.stage)
        if loading.is_left:
            stage = "ending the reading; what came is kept"
        self.query_one("#stage", Static).update(stage, layout=False)
        # The size of a pipe is unknown, so its bar stays empty.
        part = counters.done / counters.total if counters.total else 0
        width = max(10, self.query_one("#bar").size.width - 8)
        bar = f"{bar_text(part, width)} {part:4.0%}"
        self.query_one("#bar", Static).update(Text(bar), layout=False)
        numbers = Text(progress_text(counters))
        self.query_one("#numbers", Static).update(numbers, layout=False)
        found = f"{count_text(counters.findings, 'finding')} so far"
        if not counters.findings:
            found = "nothing wrong so far"
        self.query_one("#found", Static).update(Text(found), layout=False)
