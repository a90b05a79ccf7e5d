"""The diagram view: the tree as boxes and links, with a line about the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.containers import Vertical
from textual.widgets import Static

from repoview.diagram.bands import Focus
from repoview.diagram.text import LEGEND
from repoview.tui.screens.view import TO_DIAGRAM, View
from repoview.tui.values.place import Place
from repoview.tui.visits.messages import Go
from repoview.tui.widgets.breadcrumbs import Breadcrumbs
from repoview.tui.widgets.tree_diagram import TreeDiagram

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.widget import Widget

    from repoview.tui.visits.visit import Visit


class DiagramView(View):
    """The diagram below the breadcrumbs, above what is known of its focus."""

    VIEW = "diagram"
    BINDINGS: ClassVar[list[BindingType]] = [TO_DIAGRAM]

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit)
        self._is_filled = False

    def body(self) -> Iterable[Widget]:
        """Lay out the diagram."""
        yield Vertical(
            Breadcrumbs(id="breadcrumbs"),
            TreeDiagram(id="diagram"),
            Static(id="focus-facts"),
            Static(id="legend"),
            id="diagram-pane",
        )

    def on_mount(self) -> None:
        """Focus the diagram."""
        self.query_one("#diagram-pane").border_title = "Merkle Search Tree"
        self.query_one(TreeDiagram).focus()

    def grown(self) -> None:
        """Show the tree, once all is read."""
        if not self.visit.is_whole or self._is_filled:
            return
        self._is_filled = True
        tree = self.visit.whole.tree
        self.query_one("#diagram-pane").border_subtitle = tree.counted()
        self.query_one(TreeDiagram).fill(tree.drawn)

    def place(self) -> Place:
        """Return the node or key that is chosen."""
        if not self._is_filled or not len(self.visit.whole.tree):
            return Place(self.VIEW)
        return Place(self.VIEW, *self.query_one(TreeDiagram).place())

    def go(self, place: Place) -> None:
        """Move to a node, or to the node of a record, whose key is chosen."""
        diagram = self.query_one(TreeDiagram)
        if self.visit.is_whole:
            tree = self.visit.whole.tree
            if tree.item_of(place.what, place.number) is not None:
                focus = Focus(place.number)
                if place.what == "record":
                    focus = Focus(tree.drawn.holder(place.number), place.number)
                diagram.show(focus)
        diagram.focus()

    def on_tree_diagram_reached(self, message: TreeDiagram.Reached) -> None:
        """Tell what is known of the node or key."""
        message.stop()
        tree = self.visit.whole.tree
        item = tree.item_of(message.what, message.number)
        if item is None:
            return
        self.query_one(Breadcrumbs).tell(tree.way(item))
        facts = Text(tree.facts(item), no_wrap=True, overflow="ellipsis")
        self.query_one("#focus-facts", Static).update(facts, layout=False)
        self._draw_legend(is_shape=message.is_shape)

    def _draw_legend(self, *, is_shape: bool) -> None:
        """Tell what signs mean, or how to come back from the whole shape."""
        text = Text(no_wrap=True, overflow="ellipsis")
        if is_shape:
            text.append("┃ the way to the key   ╳ not in the file   ")
            text.append("+ - zoom, ⏎ boxes here")
        else:
            diagram = self.query_one(TreeDiagram)
            for sign, style, says in LEGEND:
                # The chosen key stands out by its background, which a sign is not.
                text.append(sign, "" if style == "chosen" else diagram.style_of(style))
                text.append(f" {says}   ")
        self.query_one("#legend", Static).update(text, layout=False)

    def on_tree_diagram_entered(self, message: TreeDiagram.Entered) -> None:
        """Open the node or the key in the tree."""
        message.stop()
        self.post_message(Go(Place("tree", message.what, message.number)))

    def on_breadcrumbs_chosen(self, message: Breadcrumbs.Chosen) -> None:
        """Go up to a node."""
        message.stop()
        is_node, number = self.visit.whole.tree.forest.at(message.item)
        self.go(Place(self.VIEW, "node" if is_node else "record", number))
