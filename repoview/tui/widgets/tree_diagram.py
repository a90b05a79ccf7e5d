"""The tree as a diagram: boxes and links around one node, or its whole shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widget import Widget

from repoview.diagram.bands import Focus
from repoview.diagram.density import Shape
from repoview.diagram.layout import MARGIN, layout
from repoview.diagram.text import rows_of_text
from repoview.tui.visits.messages import Upward
from repoview.tui.visits.resilient import Resilient

if TYPE_CHECKING:
    from rich.style import Style
    from textual import events

    from repoview.diagram.drawing import Drawing
    from repoview.diagram.text import Span
    from repoview.diagram.tree import DiagramTree

_ZOOM: Final = 8
"""How much narrower each step of zooming in is."""

_STYLES: Final = (
    *("band", "box", "line", "way", "focus", "link", "no-link", "more", "chosen"),
    *("hole", "lost", "key", "bar"),
    *(f"group-{number}" for number in range(6)),
)


class TreeDiagram(Resilient, Widget, can_focus=True):
    """A window of a tree; the arrows move its focus from node to node.

    Zoomed out, columns are ranges of keys, and the arrows move from one to the
    next.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "aside(-1)", "Left", show=False, id="diagram.left"),
        Binding("right,l", "aside(1)", "Right", show=False, id="diagram.right"),
        Binding("up,k", "up", "Up", show=False, id="diagram.up"),
        Binding("down,j", "down", "Down", show=False, id="diagram.down"),
        Binding("comma", "key(-1)", "Key before", show=False, id="diagram.key_before"),
        Binding("full_stop", "key(1)", "Next key", show=False, id="diagram.key_next"),
        Binding("home,g", "top", "Top node", show=False, id="diagram.top"),
        Binding("z", "zoom", "Zoom", show=False, id="diagram.zoom"),
        Binding("plus,equals_sign", "zoom_in", "Zoom in", show=False, id="diagram.in"),
        Binding("minus", "zoom_out", "Zoom out", show=False, id="diagram.out"),
        Binding("enter", "choose", "Open", show=False, id="diagram.choose"),
    ]

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"tree-diagram--{name}" for name in _STYLES
    }

    @dataclass
    class Reached(Upward):
        """The user moved to a node or a key."""

        what: str
        number: int
        is_shape: bool

    @dataclass
    class Entered(Upward):
        """The user chose a node or a key."""

        what: str
        number: int

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 (Textual's word)
        super().__init__(id=id)
        self._tree: DiagramTree | None = None
        self.focus_at = Focus(0)
        """The node that the window is about, and the chosen key."""
        self._range: range | None = None
        """The records of the shape; None for boxes."""
        self._cursor = 0
        """The record of the shape's cursor."""
        self._below: dict[int, int] = {}
        """Node → the one below from which one last came up."""
        self._drawing: Drawing | None = None
        self._shape: Shape | None = None
        self._rows: list[list[Span]] | None = None

    @property
    def is_shape(self) -> bool:
        """Whether it is zoomed out."""
        return self._range is not None

    def fill(self, tree: DiagramTree) -> None:
        """Show a tree, at its top node."""
        self._tree = tree
        self.refresh()
        self.show(Focus(0))

    def show(self, focus: Focus) -> None:
        """Move to a node, and maybe choose a key in it."""
        tree = self._tree
        if tree is None or not tree.levels:
            return
        self.focus_at, self._range = focus, None
        self._changed()

    def place(self) -> tuple[str, int]:
        """Return what is chosen: "record" or "node", and its number."""
        record = self._cursor if self.is_shape else self.focus_at.record
        if record is not None and self._tree is not None and self._tree.records:
            return "record", record
        return "node", self.focus_at.node

    def _changed(self) -> None:
        self._rows = None
        self.refresh()
        self.refresh_bindings()
        self.post_message(self.Reached(*self.place(), self.is_shape))

    # Drawing

    def _drawn(self) -> list[list[Span]]:
        """Return the rows of the window; made once for each."""
        if self._rows is None:
            self._rows = self._made()
        return self._rows

    def _made(self) -> list[list[Span]]:
        tree, (width, height) = self._tree, self.size
        self._drawing = self._shape = None
        if tree is None or not tree.levels or not width:
            return []
        if self._range is not None:
            self._shape = Shape.of(tree, self._range, width)
            return self._shape.rows(height, self._cursor)
        self._drawing = layout(tree, self.focus_at, width=width, height=height)
        return rows_of_text(self._drawing)

    def on_resize(self) -> None:
        """Lay it out for the size."""
        self._rows = None
        self.refresh()

    def notify_style_update(self) -> None:
        """Draw it in the colors of another theme."""
        self._rows = None
        super().notify_style_update()

    def style_of(self, name: str) -> Style:
        """Return a style by the name that drawings use."""
        return self.get_component_rich_style(f"tree-diagram--{name}", partial=True)

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        rows = self._drawn()
        width = self.size.width
        segments = [
            Segment(text, self.style_of(style) if style in _STYLES else None)
            for text, style in (rows[y] if y < len(rows) else ())
        ]
        if not rows and not y:
            segments = [Segment(self._empty())]
        strip = Strip(segments).extend_cell_length(width).crop(0, width)
        return strip.apply_style(self.rich_style)

    def _empty(self) -> str:
        if self._tree is None:
            return "The tree comes when all is read."
        return "No tree could be reached: the verdict (v) says why."

    # Moving

    def action_aside(self, step: int) -> None:
        """Move to the next node of the same depth, or to the next column."""
        tree = self._tree
        if tree is None or not tree.levels:
            return
        if self._range is not None:
            self._drawn()
            if self._shape is not None:
                column = self._shape.column_of(self._cursor) + step
                if 0 <= column < self._shape.columns:
                    self._cursor = self._shape.record_of(column)
                    self._changed()
            return
        there = tree.beside(self.focus_at.node, step)
        if there is not None:
            self.show(Focus(there))

    def action_up(self) -> None:
        """Move to the node above."""
        if self._tree is None or self.is_shape:
            return
        here = self.focus_at.node
        above = self._tree.node(here).parent if self._tree.levels else None
        if above is not None:
            self._below[above] = here
            self.show(Focus(above))

    def action_down(self) -> None:
        """Move to a node below: where one came from, or else the middle one."""
        if self._tree is None or self.is_shape or not self._tree.levels:
            return
        below = self._tree.node(self.focus_at.node).children
        if below:
            middle = below[len(below) // 2]
            self.show(Focus(self._below.get(self.focus_at.node, middle)))

    def action_key(self, step: int) -> None:
        """Choose the next key, in the order of keys, in whichever node it is."""
        tree = self._tree
        if tree is None or not tree.records or self.is_shape:
            return
        record = self.focus_at.record
        if record is None:
            keys = [i for i in tree.node(self.focus_at.node).items if type(i) is range]
            if not keys:
                return
            record = keys[0][0] if step > 0 else keys[-1][-1]
        else:
            record += step
        if 0 <= record < tree.records:
            self.show(Focus(tree.holder(record), record))

    def action_top(self) -> None:
        """Move to the top node, or to the first column."""
        if self._tree is None or not self._tree.levels:
            return
        if self._range is None:
            self.show(Focus(0))
        else:
            self._cursor = self._range.start
            self._changed()

    # Zooming

    def action_zoom(self) -> None:
        """Switch between boxes and the whole shape."""
        if self.is_shape:
            self._enter_shape()
        else:
            self._zoom_to_all()

    def action_zoom_out(self) -> None:
        """Show the whole shape, or more of it."""
        tree, shown = self._tree, self._range
        if shown is None or tree is None:
            self._zoom_to_all()
        elif len(shown) < tree.records:
            self._narrow(len(shown) * _ZOOM)

    def action_zoom_in(self) -> None:
        """Show less of the shape, and at last the boxes."""
        shown = self._range
        if shown is None:
            return
        if len(shown) <= max(self.size.width - MARGIN, 1):
            self._enter_shape()
        else:
            self._narrow(len(shown) // _ZOOM)

    def _zoom_to_all(self) -> None:
        tree = self._tree
        if tree is None or not tree.records:
            return
        record = self.focus_at.record
        if record is None:
            record = self._record_near(tree, self.focus_at.node)
        self._cursor, self._range = record, range(tree.records)
        self._changed()

    def _narrow(self, count: int) -> None:
        """Show so many records around the cursor."""
        assert self._tree is not None  # noqa: S101 (there is a shape)
        count = max(1, min(count, self._tree.records))
        start = max(0, min(self._cursor - count // 2, self._tree.records - count))
        self._range = range(start, start + count)
        self._changed()

    def _enter_shape(self) -> None:
        if self._tree is not None:
            self.show(Focus(self._tree.holder(self._cursor), self._cursor))

    @staticmethod
    def _record_near(tree: DiagramTree, number: int) -> int:
        """Return a record in a node or below it, or the first of all."""
        while True:
            node = tree.node(number)
            for item in node.items:
                if isinstance(item, range):
                    return item[0]
            if not node.children:
                return 0
            number = node.children[0]

    # Choosing

    def action_choose(self) -> None:
        """Open the node or the record; of the shape, the boxes there."""
        if self.is_shape:
            self._enter_shape()
        elif self._tree is not None and self._tree.levels:
            self.post_message(self.Entered(*self.place()))

    def on_click(self, event: events.Click) -> None:
        """Move to what is under the mouse; a second click opens it."""
        event.stop()
        self.focus()
        offset = event.get_content_offset(self)
        if offset is None:
            return
        self._drawn()
        if self._shape is not None:
            if 0 <= offset.x - MARGIN < self._shape.columns:
                self._cursor = self._shape.record_of(offset.x - MARGIN)
                self._changed()
        elif self._drawing is not None:
            self._click(self._drawing, offset.x, offset.y)

    def _click(self, drawing: Drawing, x: int, y: int) -> None:
        fold = drawing.fold_at(x, y)
        if fold is not None:
            self.show(Focus(fold.node))
            return
        box = drawing.box_at(x, y)
        if box is None:
            return
        pieces = (p for p in box.pieces if p.y == y and p.x <= x < p.x + len(p.text))
        record = next((p.record for p in pieces), None)
        focus = Focus(box.node, record)
        if focus == self.focus_at:
            self.action_choose()
        else:
            self.show(focus)
