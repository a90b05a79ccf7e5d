"""The dialog of what differs between two open sources, and what to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from rich.table import Table
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from repoview.core.errors import RepoviewError
from repoview.present import safe
from repoview.tui.screens.dialogs.dialog import Dialog
from repoview.tui.screens.dialogs.writing import WriteFile
from repoview.tui.screens.view import NARROW
from repoview.tui.session.writing.differences import DiffAnswers
from repoview.tui.visits.job import Job
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.base.virtual_list import VirtualList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from repoview.tui.session import Session
    from repoview.tui.session.writing.differences import Found
    from repoview.tui.values.place import Place

_POLL: Final = 0.1
"""Seconds between two polls for what was found."""

_SIGNS: Final = {
    "create": ("+", "good"),
    "update": ("~", "warn"),
    "delete": ("-", "bad"),
    "unknown": ("?", "dim"),
}
"""Action → its sign and style; the word is shown, too."""


class Side(NamedTuple):
    """An open source that can be compared."""

    number: int
    """Of its tab, from 1."""

    name: str
    """Safe to show."""

    session: Session


class Gone(NamedTuple):
    """Where to go from here."""

    tab: int
    """From 1."""

    place: Place


class DiffList(VirtualList):
    """The records that differ, and the ranges of which nothing can be told."""

    answers: DiffAnswers | None = None

    def row(self, number: int, width: int) -> Text:  # noqa: ARG002 (cut by the list)
        """Return sign, word and path."""
        assert self.answers is not None  # noqa: S101 (there are no rows without)
        row = self.answers.row(number)
        sign, style = _SIGNS[row.action]
        return (
            Text()
            .append(f"{sign} {row.action:<7} ", self.style(style))
            .append(row.text)
        )

    def moved(self, number: int) -> None:
        """Show what differs in the record under the cursor."""
        dialog = self.screen
        if isinstance(dialog, Differences):
            dialog.show_fields(number)

    def chosen(self, number: int) -> None:  # noqa: ARG002 (the one under the cursor)
        """Go to the record."""
        dialog = self.screen
        if isinstance(dialog, Differences):
            dialog.action_jump(1)


class FieldPane(Resilient, VerticalScroll, can_focus=True):
    """What differs in one record, side by side; it can be scrolled."""


class Differences(Dialog["Gone | None"]):
    """What differs between two sources: a list, and the fields of one record.

    Its result is a record to go to, or None.

    Args:
        sides: The sources that can be compared, two at least.
        chosen: The indices of the one before and the one after.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,D,q", "dismiss(None)", "Close", id="differences.close"),
        Binding("n", "jump(1)", "To the new", id="differences.new"),
        Binding("o", "jump(0)", "To the old", id="differences.old"),
        Binding("s", "swap", "Swap", id="differences.swap"),
        Binding("a", "other", "Another", id="differences.other"),
        Binding("w,e", "write", "Write", id="differences.write"),
        Binding("tab", "app.focus_next", "Next pane", id="differences.pane"),
    ]

    def __init__(self, sides: Sequence[Side], chosen: tuple[int, int]) -> None:
        super().__init__()
        self._sides = sides
        self._chosen = chosen
        self._search: Job[Found] | None = None
        self._shown = -1

    def compose(self) -> ComposeResult:
        """Lay out both names, the list, and what differs in one record."""
        box = Vertical(id="differences")
        box.border_title = "Differences"
        keys = ["Enter goes", "o to the old", "s swaps"]
        keys += ["a another"] if len(self._sides) > 2 else []
        box.border_subtitle = " · ".join([*keys, "w writes", "Esc closes"])
        with box:
            yield Static(id="differences-names")
            yield Static(id="differences-says")
            fields = FieldPane(Static(id="differences-text"), id="differences-fields")
            fields.border_title = "Fields"
            rows = DiffList(id="differences-list")
            rows.border_title = "Records"
            yield Horizontal(rows, fields, id="differences-panes")

    def on_mount(self) -> None:
        """Begin to compare."""
        self.query_one(DiffList).focus()
        self.set_interval(_POLL, self._poll)
        self._compare()

    def on_resize(self) -> None:
        """Put the fields below the list on a narrow screen."""
        self.set_class(self.size.width < NARROW, "-narrow")

    def on_unmount(self) -> None:
        """Cancel what runs."""
        if self._search is not None:
            self._search.stop()

    # Comparing

    def _compare(self) -> None:
        if self._search is not None:
            self._search.stop()
        old, new = (self._sides[number] for number in self._chosen)
        names = old.name, new.name
        self._answers = answers = DiffAnswers(old.session, new.session, names)
        before, after = answers.names()
        text = Text().append("- old  ", "bold").append(f"{before}\n")
        text.append("+ new  ", "bold").append(after)
        self.query_one("#differences-names", Static).update(text)
        self.query_one("#differences-says", Static).update("Comparing …")
        self.query_one("#differences-text", Static).update("")
        rows = self.query_one(DiffList)
        rows.answers = answers
        rows.show(0)
        self._shown = -1
        self.add_class("-looking")
        self._search = Job(answers.find)
        self._poll()

    def _poll(self) -> None:
        search = self._search
        if search is None or not search.is_done or not self.has_class("-looking"):
            return
        self.remove_class("-looking")
        says = search.error or self._answers.sentence()
        self.query_one("#differences-says", Static).update(Content(says))
        count = 0 if search.answer is None else len(search.answer.items)
        rows = self.query_one(DiffList)
        rows.border_subtitle = f"{count:,}"
        rows.show(count)
        if count:
            self.show_fields(0)

    def show_fields(self, number: int) -> None:
        """Show what differs in a record, side by side."""
        if number == self._shown or self.has_class("-looking"):
            return
        self._shown = number
        try:
            told = self._answers.fields(number)
        except RepoviewError as error:
            told = safe(str(error), 400)
        text = self.query_one("#differences-text", Static)
        if isinstance(told, str):
            text.update(Content(told))
        else:
            table = Table(box=None, expand=True, padding=(0, 1, 0, 0))
            table.add_column("field", style="bold", ratio=1, overflow="fold")
            table.add_column("- old", ratio=2, overflow="fold")
            table.add_column("+ new", ratio=2, overflow="fold")
            for row in told:
                table.add_row(Text(row.name), _cell(row.old), _cell(row.new))
            text.update(table)
        self.query_one(FieldPane).scroll_home(animate=False)

    # Keys

    def action_jump(self, side: int) -> None:
        """Go to the record on one side; on the other, if it is not on this one."""
        rows = self.query_one(DiffList)
        if not rows.count:
            return
        for each in (side, 1 - side):
            place = self._answers.place(rows.cursor, each)
            if place is not None:
                self.dismiss(Gone(self._sides[self._chosen[each]].number, place))
                return
        self.notify("A range of keys is no record to go to.", markup=False)

    def action_swap(self) -> None:
        """Take the one after for the one before."""
        self._chosen = self._chosen[1], self._chosen[0]
        self._compare()

    def action_other(self) -> None:
        """Compare the first with the next of the sources that are open."""
        first, second = self._chosen
        others = [n for n in range(len(self._sides)) if n != first]
        if len(others) > 1:
            at = (others.index(second) + 1) % len(others)
            self._chosen = first, others[at]
            self._compare()

    def action_write(self) -> None:
        """Ask where to write the list."""
        if not self._answers.found.changes:
            self.notify("There is nothing to write.", markup=False)
            return
        title = "Write the differences, a JSON object a line"
        self.app.push_screen(WriteFile(self._answers, title), self._written)

    def _written(self, said: str | None) -> None:
        if said is not None:
            self.notify(said, markup=False)


def _cell(text: str | None) -> Text:
    return Text("—", "dim") if text is None else Text(text)
