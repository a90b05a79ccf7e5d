"""One lesson: what it says, its live repository, and its task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from repoview.learn.figures import hash_lines
from repoview.learn.page import lesson_blocks
from repoview.learn.play import Play
from repoview.learn.streaming import stream
from repoview.present import count_text, fit, safe
from repoview.tui.screens.learn.playing import Playing
from repoview.tui.visits.messages import Upward
from repoview.tui.widgets.frame.key_bar import KeyBar
from repoview.tui.widgets.learn.reading import Reading
from repoview.tui.widgets.learn.scene_list import SceneList
from repoview.tui.widgets.learn.step_input import StepInput

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from repoview.learn.facts import Scene
    from repoview.learn.shelf import Kept

_TITLES = {"tree": "Tree", "file": "File", "bytes": "Bytes of a node"}
_STEPS = frozenset({"type", "write", "remove", "undo", "reset", "line", "hint", "goal"})
"""Actions that belong to the task."""

_EDITS = frozenset({"type", "write", "remove"})


class LessonScreen(Playing):
    """A lesson; its task is checked after every step.

    Args:
        kept: The lesson.
        place: Which it is, for the first line: "5 of 14"; "" for one alone.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "hint", "Hint", id="learn.hint"),
        Binding("s", "goal", "Goal", id="learn.goal"),
        Binding("n", "turn(1)", "Next", id="learn.next"),
        Binding("p", "turn(-1)", "Lesson before", show=False, id="learn.previous"),
        Binding("tab", "app.focus_next", "Next pane", show=False, id="learn.pane"),
    ]

    @dataclass
    class Solved(Upward):
        """The task was solved."""

        name: str
        steps: int

    @dataclass
    class Turn(Upward):
        """The user wants the lesson that many further."""

        by: int

    def __init__(self, kept: Kept, place: str = "") -> None:
        super().__init__()
        self.kept = kept
        self._place = place
        self.play = self.played = Play(kept.lesson)
        self._is_goal = False
        """Whether the rows show how all is when the task is solved."""
        self._is_told = False

    def compose(self) -> ComposeResult:
        """Lay out the text beside the repository and the task."""
        view = self.kept.lesson.view.partition(" ")[0]
        yield Static(id="lesson-head")
        with Vertical(id="lesson"):
            reading = Reading(id="reading")
            reading.border_title = "Read"
            reading.border_subtitle = "Enter: to the task · Esc: all lessons"
            yield reading
            with Vertical(id="doing"):
                scene = SceneList(id="scene")
                scene.border_title = _TITLES[view]
                scene.border_subtitle = "Enter: type · Esc: to the text"
                yield scene
                task = Vertical(Static(id="task-says"), Static(id="task-state"))
                task.id, task.border_title = "task", "Task"
                yield task
                yield StepInput(id="line", select_on_focus=False)
                yield Static(id="remark", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Begin with reading."""
        lesson, scene = self.kept.lesson, self.play.scene
        said = list(lesson_blocks(lesson, scene))
        self.query_one(Reading).fill(said)
        self.add_class("-reading")
        self.query_one(Reading).focus()
        self.tell()

    @property
    def shown(self) -> Scene:
        """The repository as it is, or as it is when the task is solved."""
        return self.play.goal_scene() if self._is_goal else self.play.scene

    def tell(self) -> None:
        """Show rows, task and score; keep the score of a task that is solved."""
        super().tell()
        play = self.play
        width = max(self.size.width, 40)
        steps = f"{count_text(play.taken, 'step')}, fewest {play.fewest} "
        place = f"Lesson {self._place} · " if self._place else ""
        head = f" {place}{safe(self.kept.lesson.title, 80)}"
        line = fit(head, width - len(steps)) + steps
        self.query_one("#lesson-head", Static).update(Text(line))
        self.query_one("#task-says", Static).update(Text(self.play.says))
        self.query_one("#task-state", Static).update(self._state())
        self._offer_line()
        if play.is_solved and not self._is_told and not self._is_goal:
            self._is_told = True
            best = "the fewest" if play.taken <= play.fewest else "not the fewest"
            self.say(f"Solved in {count_text(play.taken, 'step')}, {best}. n: the next")
            self.post_message(self.Solved(self.kept.name, play.taken))
        self.set_class(play.is_solved, "-solved")

    def _state(self) -> Text:
        """Return the question that is open, and how many goals hold."""
        play, text = self.play, Text()
        asked = len(self.kept.lesson.task.questions)
        if play.question is not None:
            of = (
                f"Question {play.answered + 1} of {asked}: "
                if asked > 1
                else "Question: "
            )
            text.append(of, "bold").append(play.asks)
        elif asked:
            text.append("✓ answered", "bold")
        text.append("\n" if text else "")
        met, goals = play.goals_met
        if goals:
            # A question is a goal as well: nothing looks done while one is open.
            met, goals = met + play.answered, goals + asked
            text.append(f"Goals: {met} of {goals}", "bold").append(" · ", "dim")
        world = self.shown.world
        report = world.report
        facts = (
            f"{count_text(len(world.records), 'record')}, "
            f"{count_text(len(world.nodes), 'node')}, "
            f"{len(world.file):,} B · {report.verdict.value}, "
            f"signature {report.signature}"
        )
        if self.kept.lesson.steps == "stream":
            facts += f" · held at once: {stream(world).most}"
        return text.append(facts, "dim")

    def on_descendant_focus(self) -> None:
        """Say in the line how to type there, or what."""
        self._offer_line()

    def _offer_line(self) -> None:
        line = self.query_one("#line", Input)
        can_type, steps = self.play.question is not None, self._typed_steps
        words = f"your answer{f', or {steps}' if steps else ''}" if can_type else steps
        if not words:
            words = "Space marks a row"
        elif not isinstance(self.focused, Input):
            words = f"Enter, then {words}"
        line.placeholder = words

    @property
    def _typed_steps(self) -> str:
        """The steps that are typed; "" where none are."""
        view = self.kept.lesson.view.partition(" ")[0]
        return {
            "tree": "add KEY · write KEY TEXT · remove KEY",
            "file": "move NUMBER PLACE · damage BYTE · cut BYTE",
        }.get(view, "")

    @property
    def steps_kind(self) -> str:
        """What the lesson is about, if it is about steps."""
        return self.kept.lesson.steps or "walk"

    def preview(self, line: str) -> str:
        """Return the depth of a key that is typed, unless one is asked for."""
        verb, _, key = line.partition(" ")
        if self.play.question is not None or verb != "add" or not key.strip():
            return ""
        try:
            step = self.play.read(line)
        except ValueError:
            return ""
        _, bits, says = hash_lines(step.words[0], 6)
        return f"{bits} {says}"

    def took_line(self) -> None:
        """Stay in the line while there is something to type; else go to the rows."""
        can_type = self.play.question is not None or bool(self._typed_steps)
        if self.play.is_solved or not can_type:
            super().took_line()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer no steps while the text is read, and no edits but of a tree."""
        if action in _STEPS and isinstance(self.focused, Reading):
            return False
        if action in _EDITS and self.kept.lesson.view != "tree":
            return False
        return super().check_action(action, parameters)

    def action_task(self) -> None:
        """From the text to the task."""
        self.remove_class("-reading")
        self.query_one(SceneList).focus()

    def action_back(self) -> None:
        """From the line to the rows, to the text, to the list of lessons."""
        if isinstance(self.focused, SceneList):
            self.add_class("-reading")
            self.query_one(Reading).focus()
        else:
            super().action_back()

    def action_hint(self) -> None:
        """Show the hint."""
        self.say(self.play.hint)

    def show_own(self) -> bool:
        """Show the repository as it is; return whether the goal was shown."""
        was_goal = self._is_goal
        if was_goal:
            self.action_goal()
        return was_goal

    def action_goal(self) -> None:
        """Show how all is when the task is solved, and by what; or as it is now."""
        self._is_goal = not self._is_goal
        view = self.kept.lesson.view.partition(" ")[0]
        title = "The goal: s goes back" if self._is_goal else _TITLES[view]
        self.query_one(SceneList).border_title = title
        self.set_class(self._is_goal, "-goal")
        self.tell()
        steps = " · ".join(step.text for step in self.kept.lesson.task.solution)
        self.say(f"One way: {steps}" if self._is_goal else "")

    def action_reset(self) -> None:
        """Begin again, with no steps counted."""
        self._is_told = False
        super().action_reset()

    def action_turn(self, by: int) -> None:
        """Go to another lesson."""
        self.post_message(self.Turn(by))
