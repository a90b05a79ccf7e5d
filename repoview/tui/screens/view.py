"""A view: one way to look at a repository, between a status line and the keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widgets import Static

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
"""Columns under which what stands side by side stands one below the other."""

WIDE: Final = 160
"""Columns from which on lists have more room than what is beside them."""

SMALLEST: Final = (40, 10)
"""Columns and rows under which nothing can be shown."""


class View(Resilient, Screen[None]):
    """The base of all views; subclasses say what is in them.

    Args:
        visit: The one that it shows.
    """

    # Textual draws the whole screen again when the focus moves; here those who
    # show it draw themselves.
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)

    VIEW: ClassVar[str] = ""
    """Its name, as places have it."""

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
        Binding("b", "app.view('blocks')", "Blocks", show=False, id="view.blocks"),
        Binding("v", "app.view('findings')", "Verdict", id="view.findings"),
        Binding("i", "app.view('overview')", "Overview", id="view.overview"),
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
        """The one by which it was styled when it was last shown."""
        self._is_ready = False

    # What subclasses give

    def body(self) -> Iterable[Widget]:
        """Give what stands between status line and keys."""
        raise NotImplementedError

    def go(self, place: Place) -> None:
        """Move to a place of this view."""

    def place(self) -> Place:
        """Return where the reader is."""
        return Place(self.VIEW)

    def grown(self) -> None:
        """Show what is known by now: more, or all of it."""

    @property
    def is_there(self) -> bool:
        """Whether it shows what it is to show, in the room that there is."""
        is_narrow = self.size.width < NARROW
        return self._is_ready and self.has_class("-narrow") == is_narrow

    # What all have

    def compose(self) -> ComposeResult:
        """Lay out tabs, status, body, and keys."""
        yield VisitTabs(id="visits")
        yield Status(id="status")
        yield Vertical(*self.body(), id="body")
        yield Static(id="too-small")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show what is known, at the place that was wanted meanwhile."""
        self._is_ready = True
        self.tell_status()
        self.grown()
        if self._wanted is not None:
            self.go(self._wanted)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Style everything anew only where the theme is another by now."""
        event.refresh_styles = self._theme != self.app.theme
        self._theme = self.app.theme

    def show(self, place: Place) -> None:
        """Move to a place, now or once there is something to move in."""
        if self._is_ready:
            self.go(place)
        else:
            self._wanted = place

    def tell(self) -> None:
        """Show what changed: how far the reading is, and what is known."""
        if self._is_ready:
            self.tell_status()
            self.grown()

    def tell_status(self) -> None:
        """Show the line with the verdict, or with how far the reading is."""
        self.query_one(Status).tell(self.visit)

    def on_resize(self) -> None:
        """Put panes side by side or below each other; or say that it is too small."""
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
        """Show the verdict, and what it rests on."""
        message.stop()
        self.app.action_view("findings")  # type: ignore[attr-defined]

    def action_escape(self) -> None:
        """Leave what is in front: the reading that goes on, or this place."""
        if not self.visit.is_whole:
            self.app.action_end_reading()  # type: ignore[attr-defined]
        else:
            self.app.action_go_back()  # type: ignore[attr-defined]
