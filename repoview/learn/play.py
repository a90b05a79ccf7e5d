"""A task as it is worked on: steps taken, undone, counted, and checked.

What counts is how the repository is, not what was done to it: a task is solved when
every question is answered and every goal holds.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from repoview.core.formats.key import collection_of
from repoview.learn.facts import UnknownFact, fact
from repoview.learn.steps import VERBS, NotDone, Step, done, read_step
from repoview.learn.telling import filled_as_far, told
from repoview.present import count_text

if TYPE_CHECKING:
    from repoview.learn.facts import Scene
    from repoview.learn.lesson import Goal, Lesson, Question

_NAMES_A_KEY: Final = ("add", "write", "remove")
_SHORT_CID: Final = 6
"""Characters of a CID from which on its beginning or end is taken for it."""


class Play:
    """One attempt after another at a lesson's task.

    Args:
        lesson: The lesson.
    """

    def __init__(self, lesson: Lesson) -> None:
        self.lesson = lesson
        self._start = lesson.scene()
        self._kept = [g for g in lesson.task.goals if holds(self._start, g)]
        """Goals that hold at first, and must not be broken."""
        self.reset()

    @property
    def says(self) -> str:
        """What is to be done; what was done, once it is solved."""
        task = self.lesson.task
        if self.is_solved:
            return filled_as_far(self.scene, task.done)
        return filled_as_far(self._start, task.says)

    @property
    def hint(self) -> str:
        """How to go about it."""
        return filled_as_far(self._start, self.lesson.task.hint)

    @property
    def asks(self) -> str:
        """The question that is asked now; "" when all are answered."""
        asked = self.question
        return "" if asked is None else filled_as_far(self._start, asked.ask)

    def reset(self) -> None:
        """Begin again, with no steps taken."""
        self.scene: Scene = self._start
        self.answered = 0
        """Questions that were answered rightly."""
        self.taken = 0
        """Steps, wrong and undone ones too."""
        self._past: list[tuple[Scene, int]] = []

    @property
    def fewest(self) -> int:
        """The steps that suffice."""
        return len(self.lesson.task.solution)

    @property
    def question(self) -> Question | None:
        """The question that is asked now; None when all are answered."""
        questions = self.lesson.task.questions
        return questions[self.answered] if self.answered < len(questions) else None

    @property
    def open_goals(self) -> list[Goal]:
        """The goals that do not hold."""
        return [goal for goal in self.lesson.task.goals if not holds(self.scene, goal)]

    @property
    def goals_met(self) -> tuple[int, int]:
        """How many goals are met, and of how many.

        One that held at first is none to be met, unless it holds no longer.
        """
        counted = [
            (goal, holds(self.scene, goal))
            for goal in self.lesson.task.goals
            if goal not in self._kept or not holds(self.scene, goal)
        ]
        return sum(is_met for _, is_met in counted), len(counted)

    @property
    def is_solved(self) -> bool:
        """Whether all is as it should be."""
        return self.question is None and not self.open_goals

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._past)

    def read(self, line: str) -> Step:
        """Return the step that a typed line means.

        A line that begins with no verb is an answer while there is a question.
        A key without a collection is one of the repository's only collection.

        Raises:
            NotDone: It means none.
        """
        # The key that leads to the line, typed once more in it.
        line = line.strip().removeprefix(":").strip()
        verb, _, rest = line.partition(" ")
        if verb not in VERBS and self.question is not None and line:
            return Step("answer", (line,))
        if verb in _NAMES_A_KEY and rest.strip() and "/" not in rest.split()[0]:
            known = {collection_of(p.encode()) for p in self.scene.first.records}
            if len(known) == 1:
                return read_step(f"{verb} {known.pop().decode()}/{rest.strip()}")
        return read_step(line)

    def say(self, line: str) -> str:
        """Take the step that a line says, and return what is to be said of it.

        Raises:
            NotDone: It says none, or it cannot be taken.
        """
        return self.do(self.read(line))

    def do(self, step: Step) -> str:
        """Take a step, and return what is to be said of it.

        Raises:
            NotDone: It cannot be taken; nothing was changed or counted.
        """
        if step.verb == "answer":
            return self._answer(step.words[0])
        after = done(self.scene, step)
        self._past.append((self.scene, self.answered))
        self.scene = after
        self.taken += 1
        return self._said_of_marks() if step.verb == "mark" else ""

    def _said_of_marks(self) -> str:
        """Return how many are right, once there are as many as are asked for."""
        for goal in self.open_goals:
            if (goal.fact, goal.test) != ("marked", "same-as"):
                continue
            with suppress(UnknownFact):
                wanted, marks = fact(self.scene, goal.wanted), self.scene.marks
                if isinstance(wanted, frozenset) and 0 < len(wanted) <= len(marks):
                    right = len(wanted & marks)
                    of = count_text(len(marks), "mark")
                    return f"{right} of {of} right: look again"
        return ""

    def _answer(self, given: str) -> str:
        question = self.question
        if question is None:
            raise NotDone("there is no question to answer")
        try:
            right = fact(self.scene, question.answer)
        except UnknownFact as error:
            raise NotDone(f"{error}: undo brings it back") from None
        self.taken += 1
        if not same_answer(given, right):
            return f"{given} is not so: look again"
        self._past.append((self.scene, self.answered))
        self.answered += 1
        return f"yes: {told(right)}"

    def undo(self) -> None:
        """Take the last step back; it stays counted."""
        if self._past:
            self.scene, self.answered = self._past.pop()

    def goal_scene(self) -> Scene:
        """Return how all is when the task is solved, from its beginning."""
        scene = self._start
        for step in self.lesson.task.solution:
            scene = done(scene, step)
        return scene


def same_answer(given: str, right: object) -> bool:
    """Return whether an answer is the right one, as a person may write it."""
    text = " ".join(given.replace(",", "").split())
    if isinstance(right, int):
        return text == str(right)
    wanted = str(right)
    if wanted.startswith("bafy"):
        begin, _, end = text.rpartition("…")
        is_enough = len(begin + end) >= _SHORT_CID or bool(begin and end)
        return is_enough and wanted.startswith(begin) and wanted.endswith(end)
    return text.casefold() == wanted.casefold()


def holds(scene: Scene, goal: Goal) -> bool:
    """Return whether a goal holds; one about what is not there does not."""
    try:
        found = fact(scene, goal.fact)
        if goal.test in {"same-as", "differs-from"}:
            return (found == fact(scene, goal.wanted)) == (goal.test == "same-as")
    except UnknownFact:
        return False
    if goal.test in {"is", "not"}:
        return (str(found) == goal.wanted) == (goal.test == "is")
    if not isinstance(found, int):
        return False
    least, most = goal.test == "at-least", goal.test == "at-most"
    wanted = int(goal.wanted)
    return (least and found >= wanted) or (most and found <= wanted)
