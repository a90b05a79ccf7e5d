"""Tree: the MST as an outline, beside the node or record under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal

from repoview.tui.messages import Go
from repoview.tui.place import Place
from repoview.tui.screens.view import View
from repoview.tui.widgets.outline import Outline
from repoview.tui.widgets.record_view import RecordView

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widget import Widget

    from repoview.tui.messages import PlaceChosen
    from repoview.tui.rows import TreeLine
    from repoview.tui.visit import Visit


class TreeView(View):
    """The outline, and what the cursor stands on."""

    VIEW = "tree"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "tab('json')", "JSON", show=False, id="record.json"),
        Binding("2", "tab('bytes')", "Bytes", show=False, id="record.bytes"),
        Binding("4", "tab('found')", "Its findings", show=False, id="record.findings"),
    ]

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._is_filled = False
        self._here = Place(self.VIEW)

    def body(self) -> Iterable[Widget]:
        """Lay out outline and detail."""
        outline = Outline(self._children, id="outline")
        outline.border_title = "Merkle Search Tree"
        yield Horizontal(outline, RecordView(id="record"), id="panes")

    def _children(self, number: int, depth: int) -> list[TreeLine]:
        return self.visit.whole.tree.children(number, depth)

    def on_mount(self) -> None:
        """Give the keys to the outline."""
        self.query_one(Outline).focus()

    def grown(self) -> None:
        """Open the tree at its top, once all of it is there."""
        if self.visit.is_whole and not self._is_filled:
            self._is_filled = True
            tree = self.visit.whole.tree
            outline = self.query_one(Outline)
            outline.fill(tree.top())
            outline.border_subtitle = f"{len(tree):,} nodes"

    def place(self) -> Place:
        """Return the node or record under the cursor."""
        return self._here

    def go(self, place: Place) -> None:
        """Open the way to a node or record."""
        if not self.visit.is_whole:
            return
        tree = self.visit.whole.tree
        outline = self.query_one(Outline)
        if place.what == "record":
            outline.reveal(tree.way_to_record(place.number), place.number)
        elif place.what == "node":
            outline.reveal(tree.way_to_node(place.number), None)
        outline.focus()

    def on_place_chosen(self, message: PlaceChosen) -> None:
        """Show what the cursor stands on; leave for a record on Enter."""
        message.stop()
        view = self.query_one(RecordView)
        session, number = self.visit.whole, message.number
        if message.what == "show-node":
            self._here = Place(self.VIEW, "node", number)
            view.fill(session.tree.detail(number))
        elif message.what == "show-record":
            self._here = Place(self.VIEW, "record", number)
            view.fill(session.records.detail(number))
        elif message.what == "record":
            self.post_message(Go(Place("browse", "record", number)))

    def action_tab(self, name: str) -> None:
        """See the node another way."""
        self.query_one(RecordView).show_tab(name)
