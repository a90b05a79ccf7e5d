"""The panel of the full-text search: an input above the list of results.

The list grows while a thread searches; its counters are polled ten times a
second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Static

from repoview.present import count_text, safe
from repoview.tui.values.place import Place
from repoview.tui.visits.messages import FindLeft, Go, RecordMoved
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.base.line import Line
from repoview.tui.widgets.base.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from repoview.tui.session import Session
    from repoview.tui.session.search import Search

_POLL: Final = 0.1
"""Seconds between two polls of a search."""

_KEY: Final = 20
_PATH: Final = 16
_ROOM_FOR_PATH: Final = 80
"""Cells from which on a row has the path of the match in the record."""


class Hits(VirtualList):
    """The results of a search, with the text around the match."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self.search: Search | None = None

    def row(self, number: int, width: int) -> Text:
        """Return the record, and the text around the match."""
        assert self.search is not None  # noqa: S101 (there are no rows without)
        hit = self.search.hit(number)
        key = Text().append(
            f"{hit.collection.rpartition('.')[2]} ", self.style("accent")
        )
        key.append(hit.rkey)
        key.truncate(min(_KEY, width // 2), overflow="ellipsis", pad=True)
        line = key.append("  ")
        if width >= _ROOM_FOR_PATH:
            path = Text(hit.path, self.style("dim"))
            path.truncate(_PATH, overflow="ellipsis", pad=True)
            line.append_text(path).append("  ")
        line.append(hit.before).append(hit.match, self.style("match"))
        return line.append(hit.after)

    def empty_text(self) -> str:
        """Return why there are none."""
        if self.search is None:
            return "Small letters find capital ones, too; Enter begins."
        return "No record says this." if self.search.is_whole else ""

    def moved(self, number: int) -> None:
        """Post the record under the cursor."""
        if self.search is not None:
            number = self.search.found[number]
            self.post_message(RecordMoved(number, self.search.text))

    def chosen(self, number: int) -> None:
        """Go to the record in the list of its collection."""
        if self.search is not None:
            place = Place("browse", "record", self.search.found[number])
            self.post_message(Go(place))


class FindPanel(Resilient, Vertical):
    """An input, the progress of the search, and its results."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "End search", show=False, id="find.leave"),
        Binding("down", "to_hits", "Results", show=False, id="find.hits"),
    ]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self.search: Search | None = None
        """The last search; None before the first."""
        self._session: Session | None = None
        self._numbers: Sequence[int] = ()
        self._scope = ""
        self._polling: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out input, progress and results."""
        with Horizontal(id="find-head"):
            yield Static("Find in contents:", id="find-label", markup=False)
            yield Line(placeholder="words of a record", id="find-line")
            yield Static("", id="find-says", markup=False)
        yield Hits(id="hits")

    def open(self, session: Session, numbers: Sequence[int], scope: str) -> None:
        """Show the panel.

        Args:
            session: Of a whole repository.
            numbers: Of the records to search.
            scope: What these records are, in words.
        """
        self._session, self._numbers, self._scope = session, numbers, scope
        self.display = True
        if self.search is None:
            self._say(f"in {count_text(len(numbers), 'record')} · {scope}")
        self.screen.set_focus(self.query_one("#find-line"))

    @property
    def has_hits(self) -> bool:
        """Whether there are results to step through."""
        return self.search is not None and len(self.search.found) > 0

    def step(self, by: int) -> int | None:
        """Move to the next result, and return its record; None for none."""
        if self.search is None or not self.search.found:
            return None
        hits = self.query_one(Hits)
        hits.show(len(self.search.found), hits.cursor)
        with hits.prevent(RecordMoved):
            hits.cursor = (hits.cursor + by) % hits.count
        self._tell()
        return self.search.found[hits.cursor]

    def stop(self) -> None:
        """Cancel the search, if it is running."""
        if self.search is not None:
            self.search.stop()

    def on_record_moved(self) -> None:
        """Update the position; the message bubbles on to the view."""
        self._tell()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Stop the message, which the view would take for the filter's."""
        event.stop()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Start to search."""
        event.stop()
        if not event.value or self._session is None:
            self.query_one(Line).resume()
            return
        self.stop()
        search = self._session.search.begin(event.value, self._numbers)
        self.search = hits_of = search
        hits = self.query_one(Hits)
        hits.search = hits_of
        hits.show(0)
        self.run_worker(search.run, thread=True)
        if self._polling is None:
            self._polling = self.set_interval(_POLL, self._tell)
        self._tell()
        self.screen.set_focus(hits)

    def _tell(self) -> None:
        """Update the results and the progress."""
        search = self.search
        if search is None:
            return
        hits, count = self.query_one(Hits), len(search.found)
        is_first = not hits.count and count
        hits.show(count, hits.cursor)
        if is_first:
            hits.moved(hits.cursor)
        found = f"{hits.cursor + 1:,} of {count:,}" if count else "0 found"
        if search.error is not None:
            self._say(search.error)
        elif search.is_whole:
            self._say(
                f"{found} in {count_text(search.total, 'record')} · {self._scope}"
            )
        elif search.is_over:
            self._say(f"{found} · stopped after {search.done:,} of {search.total:,}")
        else:
            share = 100 * search.done // max(search.total, 1)
            self._say(f"{found} · {share} % · Esc stops")
        if search.is_over and self._polling is not None:
            self._polling.stop()
            self._polling = None

    def _say(self, text: str) -> None:
        self.query_one("#find-says", Static).update(Text(safe(text, 200)), layout=False)

    def on_unmount(self) -> None:
        """Cancel the search."""
        self.stop()

    def action_to_hits(self) -> None:
        """Focus the results."""
        self.screen.set_focus(self.query_one(Hits))

    def action_leave(self) -> None:
        """Cancel the search if it is running, else close the panel."""
        if self.search is not None and not self.search.is_over:
            self.stop()
        else:
            self.display = False
            self.post_message(FindLeft())
