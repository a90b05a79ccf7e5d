"""The view that steps through a walk, a look-up, a proof, a stream or a diff."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Vertical

from repoview.tui.screens.view import View
from repoview.tui.values.place import Place
from repoview.tui.widgets.steps.step_pane import KEYS, StepPane

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from textual.widget import Widget

    from repoview.tui.visits.visit import Visit
    from repoview.tui.widgets.steps.step_work import Pair


class StepsView(View):
    """The pane of steps, over the repository of a visit."""

    VIEW = "steps"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "app.view('diagram')", "Diagram", id="view.diagram"),
    ]

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._is_filled = False

    def body(self) -> Iterable[Widget]:
        """Lay out the pane."""
        yield Vertical(StepPane(id="steps"), id="steps-pane")

    def on_mount(self) -> None:
        """Give the pane the keys."""
        pane = self.query_one("#steps-pane")
        pane.border_title, pane.border_subtitle = "Step through", KEYS
        self.query_one(StepPane).focus()

    def grown(self) -> None:
        """Begin, once all is read."""
        if self.visit.is_whole and not self._is_filled:
            self._is_filled = True
            self.query_one(StepPane).fill(self.visit.whole.steps, self._pairs)

    def _pairs(self) -> Sequence[Pair]:
        """Return this tree with that of each other tab, the earlier one first."""
        mine, found = self.visit.whole.steps, []
        visits: Sequence[Visit] = self.app.visits  # type: ignore[attr-defined]
        for other in visits:
            if other is not self.visit and other.is_whole:
                theirs = other.whole.steps
                if theirs.has_tree:
                    is_mine_first = mine.is_before(theirs)
                    found.append((mine, theirs) if is_mine_first else (theirs, mine))
        return found

    def place(self) -> Place:
        """Return the node or record of the step."""
        place = self.query_one(StepPane).place if self._is_filled else None
        return Place(self.VIEW) if place is None else Place(self.VIEW, *place)

    def go(self, place: Place) -> None:
        """Look up a record, or walk from a node on; else stay."""
        pane = self.query_one(StepPane)
        pane.focus()
        if not self._is_filled or place == self.place():
            return
        answers = self.visit.whole.steps
        if place.what == "record":
            pane.look_up(answers.path_of("record", place.number))
        elif place.what == "node":
            pane.walk_to("node", place.number)

    def on_screen_suspend(self) -> None:
        """Stop playing while another screen is shown."""
        self.query_one(StepPane).pause()
