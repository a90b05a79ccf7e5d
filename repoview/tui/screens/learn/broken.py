"""Break it: one file with a fault, beside what it is without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static

from repoview.breaking.page import page_of, title_of
from repoview.present import fit
from repoview.tui.visits.messages import Upward
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.base.page import ScrolledPage
from repoview.tui.widgets.frame.key_bar import KeyBar
from repoview.tui.widgets.pictures.sections import SectionText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from repoview.breaking.cases import Case

_BESIDE = 4
"""Columns of the border, the margin and the scroll bar."""


class BrokenScreen(Resilient, Screen["Case"]):
    """The page of a case; its result is the case that it showed last.

    Args:
        case: The one to begin with.
        cases: Those that one can turn to.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "app.show_help", "Help", id="app.help"),
        Binding("enter,o", "open(False)", "Open it", key_display="⏎", id="learn.open"),
        Binding("t", "open(True)", "Open the twin", id="learn.open_twin"),
        Binding("n,right,l", "turn(1)", "Next", key_display="n", id="learn.next_case"),
        Binding(
            "p,left,h", "turn(-1)", "Before", key_display="p", id="learn.case_before"
        ),
        Binding("escape,q", "back", "Back", key_display="Esc", id="learn.case_back"),
    ]

    @dataclass
    class Opened(Upward):
        """The user wants to see a file in the explorer."""

        case: Case
        is_twin: bool

    def __init__(self, case: Case, cases: Sequence[Case]) -> None:
        super().__init__()
        self.case = case
        self._cases = list(cases) if case in cases else [case]
        self._told: tuple[int, Case] | None = None
        """The width and the case that the page was computed for."""

    def compose(self) -> ComposeResult:
        """Lay out a first line, and the page."""
        yield Static(id="lesson-head")
        box = Vertical(id="broken-box")
        with box, ScrolledPage(id="broken-page"):
            yield SectionText(id="broken-text")
        yield KeyBar()

    def on_mount(self) -> None:
        """Give the page the keys."""
        self.query_one(ScrolledPage).focus()
        self._tell()

    def on_resize(self) -> None:
        """Lay the bytes out for the width."""
        self.call_after_refresh(self._tell)

    def _tell(self) -> None:
        """Compute the page anew, if its width or case is another."""
        width = self.size.width - _BESIDE
        if width <= 0 or (width, self.case) == self._told:
            return
        self._told = (width, self.case)
        number = self._cases.index(self.case) + 1
        place = f"{number:,} of {len(self._cases):,} "
        line = fit(f" {title_of(self.case)}", max(self.size.width - len(place), 20))
        self.query_one("#lesson-head", Static).update(Text(line + place))
        self.query_one(SectionText).fill(page_of([self.case], width))

    def action_turn(self, by: int) -> None:
        """Turn to the next case, or to the one before."""
        number = self._cases.index(self.case) + by
        if 0 <= number < len(self._cases):
            self.case = self._cases[number]
            self._tell()
            self.query_one(ScrolledPage).scroll_home(animate=False)

    def action_open(self, is_twin: bool) -> None:  # noqa: FBT001 (of a binding)
        """Open the file in the explorer, or what it is without the fault."""
        self.post_message(self.Opened(self.case, is_twin))

    def action_back(self) -> None:
        """Go back to the list."""
        self.dismiss(self.case)
