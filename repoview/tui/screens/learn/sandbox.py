"""The sandbox: a repository to change at will, beside what each change costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from repoview.learn.figures import hash_lines
from repoview.learn.sandbox import Sandbox
from repoview.present import count_text, fit, safe
from repoview.tui.screens.learn.playing import Playing
from repoview.tui.widgets.frame.key_bar import KeyBar
from repoview.tui.widgets.learn.scene_list import SceneList
from repoview.tui.widgets.learn.step_input import StepInput

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.learn.world import World

_LINE = "add KEY · write KEY TEXT · remove KEY · predict KEY · find DEPTH · commit"
_SAYS = (
    "A copy in memory: nothing that you do here changes a file. Signed with a key of "
    "this program."
)


class SandboxScreen(Playing):
    """A copy of a repository, and what is changed in it.

    Args:
        world: The copy.
        copied: The name of what it is a copy of.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "type('predict ')", "Predict", id="learn.predict"),
        Binding("f", "type('find ')", "Find", id="learn.find"),
        Binding("c", "commit", "Commit", id="learn.commit"),
        Binding("tab", "app.focus_next", "Next pane", show=False, id="learn.panes"),
    ]

    def __init__(self, world: World, copied: str) -> None:
        super().__init__()
        self.sandbox = self.played = Sandbox(world)
        self._copied = copied

    def compose(self) -> ComposeResult:
        """Lay out the tree beside what was changed."""
        yield Static(id="lesson-head")
        with Vertical(id="sandbox"):
            with Vertical(id="doing"):
                scene = SceneList(id="scene")
                scene.border_title = "Tree"
                yield scene
                yield StepInput(placeholder=_LINE, id="line", select_on_focus=False)
                yield Static(id="remark", markup=False)
            with VerticalScroll(id="changes") as changes:
                changes.border_title = "What changed"
                yield Static(id="changes-text")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show it as it is."""
        self.query_one(SceneList).focus()
        self.tell()
        self.say(_SAYS)

    def tell(self) -> None:
        """Show the tree, and what was changed since the last commit."""
        super().tell()
        world = self.sandbox.scene.world
        facts = (
            f"{count_text(len(world.records), 'key')}, "
            f"{count_text(len(world.nodes), 'node')}, depth {world.depth} "
        )
        head = f" What if · {safe(self._copied, 80)}"
        width = max(self.size.width, 40)
        line = fit(head, width - len(facts)) + facts
        self.query_one("#lesson-head", Static).update(Text(line))
        changes = "\n".join(self.sandbox.changes.lines())
        self.query_one("#changes-text", Static).update(Text(changes))

    def preview(self, line: str) -> str:
        """Return the depth of a key that is typed."""
        verb, _, key = line.partition(" ")
        if verb != "add" or not key.strip():
            return ""
        path = key.split()[0]
        if "/" not in path:
            path = f"{self.sandbox.collection}/{path}"
        _, bits, says = hash_lines(path, 6)
        return f"{bits} {says}"

    def took_line(self) -> None:
        """Stay in the line while a depth is asked for."""
        if not self.sandbox.predicted:
            super().took_line()

    def action_commit(self) -> None:
        """Take what was changed as published."""
        self._try(lambda: self.sandbox.say("commit"))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no marks: there is no task that they are for."""
        return action != "mark" and super().check_action(action, parameters)

    def action_quit_learning(self) -> None:
        """Leave this screen only."""
        self.dismiss()
