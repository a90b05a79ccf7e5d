"""The live repository of a lesson, as a diagram and step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static

from repoview.diagram.bands import Focus
from repoview.diagram.text import LEGEND
from repoview.tui.screens.view import NARROW, WIDE
from repoview.tui.session.live import LiveTree
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.frame.key_bar import KeyBar
from repoview.tui.widgets.steps.step_pane import KEYS, StepPane
from repoview.tui.widgets.tree_diagram import TreeDiagram

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.learn.facts import Scene


class Live(Resilient, Screen[None]):
    """A screen above a lesson or the sandbox.

    Args:
        scene: The repository, as it is and as it was at first.
        path: Of the record under the cursor, if there is one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Back", id="learn.close"),
        Binding("question_mark,f1", "app.show_help", "Help", id="app.help"),
    ]

    def __init__(self, scene: Scene, path: str = "") -> None:
        super().__init__()
        self.live = LiveTree(scene)
        self._path = path

    def on_resize(self) -> None:
        """Lay it out for the width."""
        self.set_class(self.size.width < NARROW, "-narrow")
        self.set_class(self.size.width >= WIDE, "-wide")

    def on_unmount(self) -> None:
        """Close the repository."""
        self.live.close()


class LiveDiagram(Live):
    """The tree as boxes and links."""

    def compose(self) -> ComposeResult:
        """Lay out the diagram above what its signs mean."""
        box = Vertical(id="diagram-pane")
        box.border_title = "Merkle Search Tree"
        with box:
            yield TreeDiagram(id="diagram")
            yield Static(id="legend")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show the tree, at the record under the cursor."""
        diagram, answers = self.query_one(TreeDiagram), self.live.now
        diagram.fill(answers.drawn)
        record = answers.record(self._path)
        if record is not None:
            diagram.show(Focus(answers.drawn.holder(record), record))
        diagram.focus()
        legend = Text(no_wrap=True, overflow="ellipsis")
        for sign, style, says in LEGEND:
            legend.append(sign, "" if style == "chosen" else diagram.style_of(style))
            legend.append(f" {says}   ")
        self.query_one("#legend", Static).update(legend)


class LiveSteps(Live):
    """What is done with the tree, one step at a time.

    Args:
        scene: The repository, as it is and as it was at first.
        path: Of the record that is looked up, if there is one.
        kind: What is stepped through at first: walk, look-up, proof, stream or diff.
    """

    def __init__(self, scene: Scene, path: str = "", kind: str = "walk") -> None:
        super().__init__(scene, path)
        self._kind = kind

    def compose(self) -> ComposeResult:
        """Lay out the pane."""
        box = Vertical(StepPane(id="steps"), id="steps-pane")
        box.border_title, box.border_subtitle = "Step through", KEYS
        yield box
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin with what the lesson is about."""
        pane, live = self.query_one(StepPane), self.live
        pane.fill(live.now, lambda: [(live.first, live.now)], self._path)
        pane.choose_named(self._kind)
        pane.focus()

    def on_screen_suspend(self) -> None:
        """Stop playing while another screen is shown."""
        self.query_one(StepPane).pause()
