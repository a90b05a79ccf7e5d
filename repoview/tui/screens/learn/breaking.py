"""Break it: all files that are broken on purpose, searched as one types."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Input, Static

from repoview.breaking.cases import found, grouped
from repoview.present import count_text
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.frame.key_bar import KeyBar
from repoview.tui.widgets.learn.case_list import CaseList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.breaking.cases import Case

_SAYS = (
    "Each of these files breaks one rule on purpose. Open one to see which byte does "
    "it, what repoview says of it, and why there is such a rule."
)


class BreakScreen(Resilient, Screen[None]):
    """The list of cases, and a line that narrows it.

    Args:
        typed: What the line says at first.
        case: The case to stand on.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "app.show_help", "Help", id="app.help"),
        Binding("slash", "search", "Search", key_display="/", id="learn.break_search"),
        Binding("escape,q", "back", "Back", key_display="Esc", id="learn.break_back"),
        Binding("down", "to_list", "List", show=False, id="learn.break_list"),
    ]

    def __init__(self, typed: str = "", case: Case | None = None) -> None:
        super().__init__()
        self._typed = typed
        self._case = case

    def compose(self) -> ComposeResult:
        """Lay out what they are, the line, and the list."""
        box = Vertical(id="break-box")
        box.border_title = "Break it"
        with box:
            yield Static(Text(_SAYS), id="break-say")
            yield Input(
                self._typed,
                placeholder="/ searches: a code, or words of a rule or fault",
                id="break-line",
                select_on_focus=False,
            )
            yield CaseList(id="cases")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show what was asked for."""
        self._show(self._typed, self._case)
        self.query_one(CaseList).focus()

    @property
    def cases(self) -> list[Case]:
        """The cases that the list shows, in its order."""
        return [case for group in grouped(found(self._typed)) for case in group.cases]

    def _show(self, typed: str, case: Case | None = None) -> None:
        self._typed = typed
        cases = found(typed)
        self.query_one(CaseList).fill(grouped(cases), case)
        box = self.query_one("#break-box")
        box.border_subtitle = f"{count_text(len(cases), 'file')} · Enter opens one"

    def stand_on(self, case: Case) -> None:
        """Put the cursor on a case, as its page was left there."""
        self._show(self._typed, case)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as the user types."""
        event.stop()
        if event.value != self._typed:
            self._show(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the keys to what was found."""
        event.stop()
        self.query_one(CaseList).focus()

    def action_search(self) -> None:
        """Type what to search for."""
        self.query_one(Input).focus()

    def action_to_list(self) -> None:
        """From the line to what was found."""
        self.query_one(CaseList).focus()

    def action_back(self) -> None:
        """From the line to the list, from what was found to all, and out of it."""
        line = self.query_one(Input)
        if self.focused is line:
            self.query_one(CaseList).focus()
        elif line.value:
            here = self.query_one(CaseList).here
            line.value = ""
            self._show("", here)
        else:
            self.dismiss()
