"""The tree view: the MST as an outline, beside the node or record under the cursor.

Below the outline of an event's tree stand its operations, each with its answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import Horizontal, Vertical

from repoview.tui.screens.detail_view import DetailView
from repoview.tui.screens.view import TO_DIAGRAM
from repoview.tui.values.place import Place
from repoview.tui.values.rows import TreeEntry
from repoview.tui.visits.messages import Go
from repoview.tui.widgets.breadcrumbs import Breadcrumbs
from repoview.tui.widgets.operations import Operations
from repoview.tui.widgets.record.record_view import RecordView
from repoview.tui.widgets.tree_outline import ColumnHeads, TreeOutline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.timer import Timer
    from textual.widget import Widget

    from repoview.tui.values.rows import TreeNode
    from repoview.tui.visits.messages import PlaceChosen
    from repoview.tui.visits.visit import Visit

_COUNTING: Final = 1 / 30
"""Seconds between two slices of counting the bytes of sub-trees."""


class TreeView(DetailView):
    """The outline, and the node or record under its cursor."""

    VIEW = "tree"
    BINDINGS: ClassVar[list[BindingType]] = [TO_DIAGRAM]

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._is_filled = False
        self._counting: Timer | None = None
        self._here = Place(self.VIEW)
        self._is_shown = True
        """Whether the detail of the line under the cursor is shown."""

    def body(self) -> Iterable[Widget]:
        """Lay out the outline below its breadcrumbs, operations, and the detail."""
        yield Horizontal(
            Vertical(
                Vertical(
                    Breadcrumbs(id="breadcrumbs"),
                    ColumnHeads(id="heads"),
                    TreeOutline(self._line, id="outline"),
                    id="outline-pane",
                ),
                Operations(id="operations"),
                id="tree-column",
            ),
            RecordView(id="record"),
            id="panes",
        )

    def _line(self, item: int) -> TreeNode | TreeEntry:
        return self.visit.whole.tree.line(item)

    def on_mount(self) -> None:
        """Focus the outline."""
        self.query_one("#outline-pane").border_title = "Merkle Search Tree"
        self.query_one(Operations).display = False
        self.query_one(TreeOutline).focus()

    def grown(self) -> None:
        """Fill the outline, once all is read."""
        if not self.visit.is_whole or self._is_filled:
            return
        self._is_filled = True
        tree = self.visit.whole.tree
        self.query_one("#outline-pane").border_subtitle = tree.counted()
        self.query_one(TreeOutline).fill(tree.forest)
        event = self.visit.whole.event
        if event is not None and (operations := event.operations()):
            self.query_one(Operations).display = True
            self.query_one(Operations).fill(operations)
        self._counting = self.set_interval(_COUNTING, self._count)

    def _count(self) -> None:
        """Count the bytes of sub-trees for a slice; draw them once all are counted."""
        if not self.visit.whole.tree.count_more() and self._counting is not None:
            self._counting.stop()
            self.query_one(TreeOutline).refresh()

    def place(self) -> Place:
        """Return the node or record under the cursor."""
        return self._here

    def go(self, place: Place) -> None:
        """Move to a node or record, and open what hides it."""
        outline = self.query_one(TreeOutline)
        if self.visit.is_whole:
            item = self.visit.whole.tree.item_of(place.what, place.number)
            if item is not None:
                outline.go_to(item)
        # The detail keeps the focus, as when a link in it is followed.
        if not self.pane.has_focus_within:
            outline.focus()

    def on_tree_outline_reached(self, message: TreeOutline.Reached) -> None:
        """Show the breadcrumbs at once, and the detail when the cursor is drawn."""
        message.stop()
        steps = self.visit.whole.tree.way(message.item)
        self.query_one(Breadcrumbs).tell(steps)
        what = "record" if isinstance(message.row, TreeEntry) else "node"
        self._here = Place(self.VIEW, what, message.row.number)
        if self._is_shown:
            self._is_shown = False
            self.call_after_refresh(self._show_detail)

    def _show_detail(self) -> None:
        self._is_shown = True
        session, number = self.visit.whole, self._here.number
        if self._here.what == "record":
            detail = session.records.detail(number)
        else:
            detail = session.tree.detail(number)
        self.query_one(RecordView).fill(detail)

    def on_tree_outline_entered(self, message: TreeOutline.Entered) -> None:
        """Go to the record of an entry, or to the findings about a hole."""
        message.stop()
        if isinstance(message.row, TreeEntry):
            self.post_message(Go(Place("browse", "record", message.row.number)))
        elif message.row.hole:
            self.query_one(RecordView).show_tab("found")

    def on_breadcrumbs_chosen(self, message: Breadcrumbs.Chosen) -> None:
        """Go up to a node."""
        message.stop()
        outline = self.query_one(TreeOutline)
        outline.go_to(message.item)
        outline.focus()

    def on_operations_chosen(self, message: Operations.Chosen) -> None:
        """Go to the key of an operation, or to the node where it would be."""
        event = self.visit.whole.event
        place = None if event is None else event.place_in_tree(message.number)
        if place is None:
            self.notify("There is no tree to go to.", markup=False)
        else:
            self.post_message(Go(place))

    def on_place_chosen(self, message: PlaceChosen) -> None:
        """Stop the message: a finding of this block leads to this block."""
        message.stop()
