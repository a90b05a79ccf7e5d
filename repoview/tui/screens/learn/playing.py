"""The base of a lesson and the sandbox: rows that change, and a line to type in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widgets import Input, Static

from repoview.learn.rows import rows
from repoview.learn.steps import NotDone, Step
from repoview.present import safe
from repoview.tui.textual_internals import Sparing
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.learn.scene_list import SceneList

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.learn.facts import Scene

NARROW = 100
"""Columns below which there is room for one column only."""


class Played(Protocol):
    """What a screen plays on: a lesson's task, or the sandbox."""

    @property
    def scene(self) -> Scene:
        """How the repository is now."""

    def say(self, line: str) -> str:
        """Do what a line says."""

    def do(self, step: Step) -> str:
        """Take a step."""

    def undo(self) -> None:
        """Take the last step back."""

    def reset(self) -> None:
        """Begin again."""


class Playing(Resilient, Sparing[None]):
    """A screen with a `SceneList`, an `Input` and a line for what is said of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "type('add ')", "Add", id="learn.add"),
        Binding("w", "write", "Write", id="learn.write"),
        Binding("D,delete", "remove", "Del", id="learn.remove"),
        Binding("u", "undo", "Undo", id="learn.undo"),
        Binding("r", "reset", "Reset", id="learn.reset"),
        Binding("d", "draw", "Diagram", id="learn.draw"),
        Binding("P", "steps", "Steps", id="learn.steps"),
        Binding("colon,i", "line", "Type a step", show=False, id="learn.line"),
        Binding("B", "app.break_it", "Break it", show=False, id="learn.break"),
        Binding("escape", "back", "Back", show=False, id="learn.back"),
        Binding("question_mark,f1", "app.show_help", "Help", id="app.help"),
        Binding("q", "quit_learning", "Quit", show=False, id="learn.quit"),
    ]

    played: Played

    _begun = ""
    """What a key put into the line last."""

    # For subclasses

    def tell(self) -> None:
        """Update all that shows how the repository is."""
        scene = self.shown
        self.query_one(SceneList).fill(rows(scene), scene.marks)

    @property
    def shown(self) -> Scene:
        """The repository that the rows show."""
        return self.played.scene

    def preview(self, line: str) -> str:  # noqa: ARG002 (for others)
        """Return what is said of a line while it is typed; "" for nothing."""
        return ""

    @property
    def steps_kind(self) -> str:
        """What is stepped through at first."""
        return "walk"

    def show_own(self) -> bool:
        """Show the rows that steps change; return whether others were shown."""
        return False

    # Common to both

    def say(self, text: str, *, is_bad: bool = False) -> None:
        """Show a sentence under the line."""
        remark = self.query_one("#remark", Static)
        remark.update(Text(safe(text, 400)))
        remark.set_class(is_bad, "-bad")

    def take(self, step: Step) -> None:
        """Take a step on a row, and show what became of it.

        A row of other rows than those that steps change is no row to take one on.
        """
        if self.show_own():
            self.say("that was the goal; these rows are yours: choose again")
            return
        self._try(lambda: self.played.do(step))

    def _try(self, does: Callable[[], str]) -> None:
        try:
            said = does()
        except NotDone as error:
            self.say(str(error), is_bad=True)
            return
        self.say(said)
        self.tell()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Do what the line says; it stays if that cannot be done."""
        event.stop()
        if not event.value.strip():
            self.query_one(SceneList).focus()
            return
        self.show_own()
        try:
            said = self.played.say(event.value)
        except NotDone as error:
            self.say(str(error), is_bad=True)
            return
        with event.input.prevent(Input.Changed):
            event.input.value = ""
        self.say(said)
        self.tell()
        self.took_line()

    def took_line(self) -> None:
        """Give the keys back to the rows after a line was taken."""
        self.query_one(SceneList).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what is known of the line while it is typed."""
        event.stop()
        if event.value:
            self.say(self.preview(event.value))

    def on_resize(self) -> None:
        """Lay out one column or two, and the first line for the width."""
        self.set_class(self.size.width < NARROW, "-narrow")
        self.call_after_refresh(self.tell)

    def action_mark(self) -> None:
        """Mark the row under the cursor, or no longer."""
        here = self.query_one(SceneList).here
        if here is not None and here.name:
            self.take(Step("mark", (here.name,)))

    def action_line(self) -> None:
        """Type a step or an answer."""
        self.query_one(Input).focus()

    def action_type(self, text: str) -> None:
        """Begin to type a step."""
        line = self.query_one(Input)
        line.value = self._begun = text
        line.cursor_position = len(text)
        line.focus()

    def action_write(self) -> None:
        """Begin to type another text for the record under the cursor."""
        here = self.query_one(SceneList).here
        if here is None or not here.path:
            self.say("put the cursor on a record first", is_bad=True)
            return
        self.action_type(f"write {here.path} ")

    def action_remove(self) -> None:
        """Take out the record under the cursor."""
        here = self.query_one(SceneList).here
        if here is None or not here.path:
            self.say("put the cursor on a record first", is_bad=True)
            return
        self.take(Step("remove", (here.path,)))

    def action_undo(self) -> None:
        """Take the last step back."""
        self.show_own()
        self.played.undo()
        self.say("")
        self.tell()

    def action_reset(self) -> None:
        """Begin again."""
        self.show_own()
        self.played.reset()
        self.query_one(Input).value = ""
        self.say("as it was at first")
        self.tell()

    def action_draw(self) -> None:
        """Draw the tree as boxes and links."""
        from repoview.tui.screens.learn.live import LiveDiagram

        self.app.push_screen(LiveDiagram(self.shown, self._path_here))

    def action_steps(self) -> None:
        """Step through a walk, a look-up, a proof, a stream or a diff of the tree."""
        from repoview.tui.screens.learn.live import LiveSteps

        self.app.push_screen(LiveSteps(self.shown, self._path_here, self.steps_kind))

    @property
    def _path_here(self) -> str:
        """The path of the record under the cursor; else of the first there is."""
        here = self.query_one(SceneList).here
        if here is not None and here.path:
            return here.path
        return min(self.shown.world.records, default="")

    def action_back(self) -> None:
        """Leave the line; from the rows, leave the screen.

        What a key began in the line, and nobody went on with, goes: it would stand
        before what is typed next.
        """
        if isinstance(self.focused, Input):
            if self.focused.value == self._begun:
                self.focused.value = ""
            self.query_one(SceneList).focus()
        else:
            self.dismiss()

    def action_quit_learning(self) -> None:
        """Leave the program, or only this screen where it stands above others."""
        self.app.action_leave()  # type: ignore[attr-defined]
