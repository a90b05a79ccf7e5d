"""A folder: its repositories, a line each, and what was found in all of them."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from repoview.tui.screens.dialogs.found_in_all import FoundInAll
from repoview.tui.session.folder import By
from repoview.tui.textual_internals import Sparing
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.base.line import Line
from repoview.tui.widgets.frame.key_bar import KeyBar
from repoview.tui.widgets.repositories import Repositories

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.tui.session.folder import Folder, Look

_POLL: Final = 0.1
"""Seconds between two looks at what was read meanwhile, at least."""

_SHARE: Final = 10
"""At most one part in so many of the time goes into drawing what is new."""


class FolderScreen(Resilient, Sparing[None]):
    """The repositories of a folder.

    Args:
        folder: What is read, and what was.
        source: The file to stand on; empty for the first.
    """

    AUTO_FOCUS = "#repositories"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="folder.filter"),
        Binding("s", "sort", "Sort", id="folder.sort"),
        Binding("S", "reverse", "Reverse", id="folder.reverse"),
        Binding("v", "findings", "Findings", id="folder.findings"),
        Binding("ctrl+r", "again", "Read again", id="folder.again"),
        Binding("down", "to_list", "List", show=False, id="folder.list"),
        Binding("question_mark,f1", "app.show_help", "Help", id="app.help"),
        Binding("escape", "list_all", "All", show=False, id="folder.all"),
        Binding("q", "app.leave", "Quit", id="folder.leave"),
    ]

    def __init__(self, folder: Folder, source: str = "") -> None:
        super().__init__()
        self._folder = folder
        self._source = source
        self._drawn = (-1, -1, False)
        """What was reached when it was drawn."""
        self._not_before = 0.0

    def compose(self) -> ComposeResult:
        """Lay out the list, and what is told of the file under the cursor."""
        box = Vertical(id="folder")
        box.border_title = Text(self._folder.name)
        line = Line(placeholder="part of a name, a verdict, a code …", id="filter")
        line.value = self._folder.look.words
        line.display = bool(line.value)
        with box:
            yield line
            yield Repositories(id="repositories")
            yield Static(id="folder-about", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Show what is known, and look for more."""
        # At once, for keys may have been typed ahead.
        self.set_focus(self.query_one(Repositories))
        self._fill()
        self.set_interval(_POLL, self._poll)

    @property
    def _line(self) -> Input:
        return self.query_one("#filter", Input)

    def _poll(self) -> None:
        if self._drawn != self._reached and monotonic() >= self._not_before:
            self._fill()

    @property
    def _reached(self) -> tuple[int, int, bool]:
        """How much is listed and read, and whether all is."""
        files = self._folder.files
        return len(files), files.read, files.is_done

    def _fill(self, *, to_first: bool = False) -> None:
        """Show the files, with the cursor where it was, or on the first."""
        begun = monotonic()
        folder, found = self._folder, self.query_one(Repositories)
        self._drawn = self._reached
        rows, is_narrowed = folder.lines(), bool(folder.look.words)
        here = self._source if found.here is None else found.here.source
        self._source = ""
        sources = [] if to_first else [row.source for row in rows]
        cursor = sources.index(here) if here in sources else 0
        says = "nothing is called so" if is_narrowed else self._why_none()
        found.fill(rows, folder.look, says, cursor)
        shown = f"{len(rows):,} shown · " if is_narrowed else ""
        self.query_one("#folder").border_subtitle = Text(
            f"{shown}{folder.files.says()} · {folder.files.error or 'Enter opens'}"
        )
        if not rows:
            self.query_one("#folder-about", Static).update("")
        ended = monotonic()
        self._not_before = ended + _SHARE * (ended - begun)

    def _why_none(self) -> str:
        files = self._folder.files
        return files.error or ("" if files.is_done else "listing …")

    def on_repositories_moved(self, message: Repositories.Moved) -> None:
        """Tell more of the file under the cursor."""
        message.stop()
        self.query_one("#folder-about", Static).update(message.listed.about)

    def on_repositories_sorted(self, message: Repositories.Sorted) -> None:
        """Sort by the column that was clicked; the other way round if it is that."""
        message.stop()
        if message.by is self._folder.look.by:
            self.action_reverse()
        else:
            self._sort(message.by)

    def action_sort(self) -> None:
        """Sort by the next column."""
        columns = list(By)
        at = columns.index(self._folder.look.by)
        self._sort(columns[(at + 1) % len(columns)])

    def _sort(self, by: By) -> None:
        # Of counts and verdicts, people look for the greatest.
        is_down = by in (By.RECORDS, By.SIZE, By.VERDICT)
        self._show(self._folder.look._replace(by=by, is_down=is_down))

    def action_reverse(self) -> None:
        """Sort the other way round."""
        look = self._folder.look
        self._show(look._replace(is_down=not look.is_down))

    def _show(self, look: Look) -> None:
        """Show the folder in another way."""
        self._folder.look = look
        self._fill(to_first=True)

    def action_again(self) -> None:
        """List the folder anew, and read all of it."""
        self._folder.again()
        self._fill()

    def action_findings(self) -> None:
        """Show the codes that were found, to narrow the list to one."""
        files = self._folder.files
        self.app.push_screen(
            FoundInAll(files.findings(), files.verdicts()), self._narrow
        )

    def _narrow(self, code: str | None) -> None:
        if code is not None:
            self._line.display = True
            self._line.value = code

    # The filter

    def action_filter(self) -> None:
        """Type what the list is narrowed to."""
        self._line.display = True
        self.set_focus(self._line)

    def action_to_list(self) -> None:
        """From the line to the list."""
        self.set_focus(self.query_one(Repositories))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrow the list as the user types."""
        event.stop()
        look = self._folder.look
        if event.value != look.words:
            self._show(look._replace(words=event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the keys to the list."""
        event.stop()
        self.set_focus(self.query_one(Repositories))
        self._line.display = bool(event.value)

    def action_list_all(self) -> None:
        """Out of the filter."""
        if self._line.display:
            self._line.value = ""
            self._line.display = False
            self.set_focus(self.query_one(Repositories))
