"""The filter of the browse view: a selection, completed and judged as it is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from repoview.present import cells, count_text, safe
from repoview.tui.screens.marking import Marking
from repoview.tui.session.selecting import Judged, judge
from repoview.tui.widgets.base.line import Line
from repoview.tui.widgets.filter_help import FilterHelp
from repoview.tui.widgets.frame.key_bar import KeyBar
from repoview.tui.widgets.records import Records

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.widget import Widget

    from repoview.tui.visits.visit import Visit
    from repoview.tui.widgets.base.suggestions import Suggestions

_KEYS = "Tab completes · ↓ ↑ choose · Enter keeps · Esc clears"


class FilterLine(Line):
    """The line in which a selection is typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "screen.fit(1)", "Next", show=False, id="filter.next"),
        Binding("up", "screen.fit(-1)", "Before", show=False, id="filter.previous"),
        Binding("tab", "screen.complete", "Complete", show=False, id="filter.complete"),
    ]


class Filtering(Marking):
    """A view whose list can be narrowed to a selection."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter", key_display="/", id="browse.filter"),
    ]

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._selection = ""
        """What narrows the list; what is typed, as long as that is a selection."""
        self._is_typing = False
        """Whether its last word may be half typed."""
        self._judged = Judged()

    def refill(self) -> None:
        """Fill the list anew."""
        raise NotImplementedError

    def filter_widgets(self) -> Iterator[Widget]:
        """Yield the line, and what is shown above it."""
        about = "part of a path, or collection: time: text: …; Tab completes"
        line = FilterLine(placeholder=about, id="filter")
        help_ = FilterHelp()
        line.display = help_.display = False
        yield help_
        yield line

    @property
    def _line(self) -> Input:
        return self.query_one("#filter", Input)

    @property
    def _help(self) -> FilterHelp:
        return self.query_one(FilterHelp)

    def action_filter(self) -> None:
        """Open the filter."""
        line = self._line
        self.show_line(is_shown=True)
        line.value = self._selection
        # At once, for what is typed right after the slash is for the filter.
        self.set_focus(line)
        self._tell(line.value)

    def show_line(self, *, is_shown: bool) -> None:
        """Show the filter in place of the footer, or the footer again.

        So nothing else changes its size and has to be drawn again.
        """
        self._line.display = self._help.display = is_shown
        self.query_one(KeyBar).display = not is_shown

    def clear_filter(self) -> None:
        """Show all records again, and the footer."""
        self.show_line(is_shown=False)
        self._selection = self._line.value = ""
        self._judged, self._is_typing = Judged(), False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as the user types; what is no selection leaves the list as it is."""
        judged = self._tell(event.value)
        if judged.says:
            self._widen(judged)
            return
        if event.value == self._selection:
            return
        if judged.reads and not self.visit.is_whole:
            self._help.say("records can be looked into when all is read")
            return
        self._selection, self._is_typing = event.value, True
        self.refill()

    def _widen(self, judged: Judged) -> None:
        """Leave the last word out, if it had emptied the list before it was wrong."""
        is_empty = not len(self.query_one(Records).numbers)
        if is_empty and self._selection and judged.head is not None:
            self._selection, self._is_typing = judged.head, False
            self.refill()

    def _tell(self, text: str) -> Judged:
        """Offer what fits, and say what is wrong; return what is known of a text."""
        self._judged = judged = judge(text)
        session = self.visit.session
        self._help.offer([] if session is None else session.selecting.fits(text))
        if judged.says:
            self._point(text, is_bad=judged.position < len(text))
        else:
            self.tell_hits()
        return judged

    def _point(self, text: str, *, is_bad: bool) -> None:
        judged, line = self._judged, self._line
        before = safe(text[: judged.position], None)
        column = cells(before) - line.scroll_offset.x
        self._help.say(judged.says, max(column, 0), is_bad=is_bad)

    def tell_hits(self, share: float | None = None) -> None:
        """Say how many records there are of the selection.

        Args:
            share: How much of the search is done, None if it is over.
        """
        if self._judged.says or not self._line.display:
            return
        records = self.query_one(Records)
        said = count_text(len(records.numbers), "record")
        if share is not None:
            said = f"{said} before; {share:.0%} looked at · Esc stops"
        self._help.say(f"{said} · {_KEYS}")

    def on_input_submitted(self) -> None:
        """Keep the filter, and focus the records; or take what was chosen."""
        line, chosen = self._line, self._help.chosen
        if chosen is not None:
            self._type(chosen.whole)
            line.resume()  # type: ignore[attr-defined]
            return
        if self._judged.says:
            self._point(line.value, is_bad=True)
            line.resume()  # type: ignore[attr-defined]
            return
        # At once and first, for what is typed after Enter is for the records.
        self.set_focus(self.query_one(Records))
        self.show_line(is_shown=False)
        was_typing, self._is_typing = self._is_typing, False
        if was_typing and self._judged.is_half:
            self.refill()

    def on_suggestions_clicked(self, message: Suggestions.Clicked) -> None:
        """Take the completion that was clicked."""
        message.stop()
        self.action_complete()
        self.set_focus(self._line)

    def action_fit(self, by: int) -> None:
        """Choose another completion."""
        self._help.move(by)

    def action_complete(self) -> None:
        """Take the chosen completion, or the first."""
        likeliest = self._help.likeliest
        if likeliest is not None:
            self._type(likeliest.whole)

    def _type(self, text: str) -> None:
        line = self._line
        line.value = text
        line.cursor_position = len(text)
