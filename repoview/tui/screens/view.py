"""The base of all views: screens with tabs, a status line, a body and a footer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.reactive import Reactive
from textual.widgets import Static

from repoview.tui.textual_internals import Rendered
from repoview.tui.values.place import Place
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.frame.key_bar import KeyBar
from repoview.tui.widgets.frame.status import Status
from repoview.tui.widgets.frame.visit_tabs import VisitTabs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual import events
    from textual.app import ComposeResult
    from textual.widget import Widget

    from repoview.tui.visits.visit import Visit

NARROW: Final = 100
"""Columns below which panes are stacked vertically."""

WIDE: Final = 160
"""Columns from which on lists are wider than the panes beside them."""

SMALLEST: Final = (40, 10)
"""Columns and rows below which only a sentence is shown."""


TO_DIAGRAM: Final = Binding("d", "app.view('diagram')", "Diagram", id="view.diagram")
"""Shown in the footer of views of the tree only."""


class View(Resilient, Rendered):
    """A view of one visit; subclasses define its body.

    Args:
        visit: The one that it shows.
    """

    # Textual draws the whole screen again when the focus moves; here only the
    # widgets that show it are drawn.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    VIEW: ClassVar[str] = ""
    """Its name, as in places."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Next pane", show=False, id="pane.next"),
        Binding(
            "shift+tab",
            "app.focus_previous",
            "Pane before",
            show=False,
            id="pane.previous",
        ),
        Binding("c", "app.view('browse')", "Records", show=False, id="view.browse"),
        Binding("t", "app.view('tree')", "Tree", id="view.tree"),
        Binding("d", "app.view('diagram')", "Diagram", show=False, id="view.diagram"),
        Binding("P", "app.steps", "Step through", show=False, id="view.steps"),
        Binding("b", "app.view('blocks')", "Blocks", show=False, id="view.blocks"),
        Binding("v", "app.view('findings')", "Verdict", id="view.findings"),
        Binding("i", "app.view('overview')", "Overview", id="view.overview"),
        Binding("K", "app.signature", "Signature", show=False, id="visit.signature"),
        Binding("x", "app.explain", "What?", show=False, id="view.explain"),
        Binding("R", "app.salvage", "Salvage", show=False, id="visit.salvage"),
        Binding("W", "app.what_if", "What if", show=False, id="visit.what_if"),
        Binding("D", "app.differences", "Compare", show=False, id="visit.compare"),
        Binding("E", "app.prove", "Prove", show=False, id="visit.prove"),
        Binding("B", "app.break_it", "Break it", show=False, id="visit.break_it"),
        Binding(
            "colon,ctrl+g", "app.go_to", "Go to", key_display=":", id="place.go_to"
        ),
        Binding(
            "left_square_bracket,alt+left,backspace",
            "app.go_back",
            "Back",
            show=False,
            id="place.back",
        ),
        Binding(
            "right_square_bracket,alt+right",
            "app.forward",
            "Forward",
            show=False,
            id="place.forward",
        ),
        Binding("m", "app.bookmark", "Bookmark", show=False, id="place.bookmark"),
        Binding(
            "apostrophe", "app.bookmarks", "Bookmarks", show=False, id="place.bookmarks"
        ),
        Binding("e", "app.export", "Export", show=False, id="visit.export"),
        Binding("ctrl+r", "app.reload", "Read again", show=False, id="visit.reload"),
        Binding("ctrl+o", "app.open", "Open another", show=False, id="visit.open"),
        Binding("ctrl+w", "app.close_visit", "Close", show=False, id="visit.close"),
        Binding(
            "ctrl+pagedown", "app.turn(1)", "Next tab", show=False, id="visit.next"
        ),
        Binding(
            "ctrl+pageup",
            "app.turn(-1)",
            "Tab before",
            show=False,
            id="visit.previous",
        ),
        *(
            Binding(
                f"alt+{n}",
                f"app.tab({n})",
                f"Source {n}",
                show=False,
                id=f"visit.tab_{n}",
            )
            for n in range(1, 10)
        ),
        Binding("escape", "escape", "Back", show=False, id="view.escape"),
        Binding(
            "question_mark,f1", "app.show_help", "Help", key_display="?", id="app.help"
        ),
        Binding("ctrl+p", "app.commands", "Commands", show=False, id="app.commands"),
        Binding("q", "app.leave", "Quit", id="app.quit"),
    ]

    def __init__(self, visit: Visit) -> None:
        super().__init__()
        self.visit = visit
        self._wanted: Place | None = None
        self._theme = ""
        """The theme by which it was styled last."""
        self._is_ready = False

    # For subclasses

    def body(self) -> Iterable[Widget]:
        """Return the widgets between status line and footer."""
        raise NotImplementedError

    def go(self, place: Place) -> None:
        """Move to a place of this view."""

    def place(self) -> Place:
        """Return the current place."""
        return Place(self.VIEW)

    def grown(self) -> None:
        """Update after more has been read, or all."""

    def judged(self) -> None:
        """Update after the signature was checked with another key."""
        if self._is_ready:
            self.tell_status()

    @property
    def is_there(self) -> bool:
        """Whether it is filled and laid out."""
        is_narrow = self.size.width < NARROW
        return self._is_ready and self.has_class("-narrow") == is_narrow

    # Common to all

    @property
    def is_wanted(self) -> bool:
        """Whether it is drawn by now: it is not until it is whole."""
        return bool(self.app.wants_frame)  # type: ignore[attr-defined]

    def compose(self) -> ComposeResult:
        """Lay out tabs, status line, body and footer."""
        yield VisitTabs(id="visits")
        yield Status(id="status")
        yield Vertical(*self.body(), id="body")
        yield Static(id="too-small")
        yield KeyBar()

    def on_mount(self) -> None:
        """Fill it, and go to the place that was asked for meanwhile."""
        self._is_ready = True
        self.tell_status()
        self.grown()
        if self._wanted is not None:
            self.go(self._wanted)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Apply the styles again only if the theme has changed."""
        event.refresh_styles = self._theme != self.app.theme
        self._theme = self.app.theme

    def show(self, place: Place) -> None:
        """Move to a place, now or once it is mounted."""
        if self._is_ready:
            self.go(place)
        else:
            self._wanted = place

    def tell(self) -> None:
        """Update the progress and the body."""
        if self._is_ready:
            self.tell_status()
            self.grown()

    def tell_status(self) -> None:
        """Update the status line."""
        self.query_one(Status).tell(self.visit)

    def on_resize(self) -> None:
        """Lay out panes for the width; say so if the screen is too small."""
        width, height = self.size
        self.set_class(width < NARROW, "-narrow")
        self.set_class(width >= WIDE, "-wide")
        is_small = width < SMALLEST[0] or height < SMALLEST[1]
        self.set_class(is_small, "-too-small")
        if is_small:
            text = (
                f"{width}×{height} is too small: at least {SMALLEST[0]}×{SMALLEST[1]}"
            )
            self.query_one("#too-small", Static).update(Text(text))

    def on_status_clicked(self, message: Status.Clicked) -> None:
        """Show the findings view; on the signature, ask for a key."""
        message.stop()
        if message.is_on_signature:
            self.app.action_signature()  # type: ignore[attr-defined]
        else:
            self.app.action_view("findings")  # type: ignore[attr-defined]

    def action_escape(self) -> None:
        """End the reading while it goes on; else go back."""
        if not self.visit.is_whole:
            self.app.action_end_reading()  # type: ignore[attr-defined]
        else:
            self.app.action_go_back()  # type: ignore[attr-defined]
