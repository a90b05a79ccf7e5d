"""Tree: the MST as an outline, beside the node or record under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.screen import Screen
from textual.widgets import Footer

from repoview.tui.widgets.outline import Outline
from repoview.tui.widgets.record_view import RecordView
from repoview.tui.widgets.status import Status

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.tui.messages import PlaceChosen
    from repoview.tui.session import Session

_NARROW = 100


class TreeScreen(Screen[tuple[str, int] | None]):
    """The outline, and what the cursor stands on.

    Args:
        session: An open one.
        record: The record to begin at.
        node: The node to begin at.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "app.focus_next", "Next pane", show=False),
        Binding("shift+tab", "app.focus_previous", "Pane before", show=False),
        Binding("1", "tab('json')", "JSON", show=False),
        Binding("2,b", "tab('bytes')", "Bytes", show=False),
        Binding("3", "tab('found')", "Findings of the node", show=False),
        Binding("escape,t", "dismiss(None)", "Back"),
        Binding("question_mark", "app.show_help", "Help", key_display="?"),
        Binding("q", "app.leave", "Quit"),
    ]

    def __init__(
        self, session: Session, *, record: int | None = None, node: int | None = None
    ) -> None:
        super().__init__()
        self._session = session
        self._start_record, self._start_node = record, node

    def compose(self) -> ComposeResult:
        """Lay out status, outline and detail."""
        yield Status(id="status")
        with Horizontal(id="panes"):
            outline = Outline(self._session.tree_children, id="outline")
            outline.border_title = "Merkle Search Tree"
            yield outline
            yield RecordView(id="record")
        yield Footer()

    def on_mount(self) -> None:
        """Open the tree at its beginning, or where it was asked for."""
        self.query_one(Status).tell(self._session)
        outline = self.query_one(Outline)
        top = self._session.tree_top()
        outline.fill(top)
        outline.border_subtitle = f"{len(self._session.repo.tree):,} nodes"
        outline.focus()
        if top is None:
            return
        if self._start_record is not None:
            way = self._session.way_to_record(self._start_record)
            outline.reveal(way, self._start_record)
        elif self._start_node is not None:
            outline.reveal(self._session.way_to_node(self._start_node), None)
        outline.moved(outline.cursor)

    def on_resize(self) -> None:
        """Put the detail beside the outline, or below it."""
        self.set_class(self.size.width < _NARROW, "-narrow")

    def on_place_chosen(self, message: PlaceChosen) -> None:
        """Show what the cursor stands on; leave for a record on Enter."""
        message.stop()
        view = self.query_one(RecordView)
        if message.what == "show-node":
            view.fill(self._session.node(message.number))
        elif message.what == "show-record":
            view.fill(self._session.record(message.number))
        elif message.what == "record":
            self.dismiss(("record", message.number))

    def action_tab(self, name: str) -> None:
        """See the node another way."""
        self.query_one(RecordView).show_tab(name)
