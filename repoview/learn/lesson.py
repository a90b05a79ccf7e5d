"""A lesson: its text, its repository, and its task, read from a TOML file.

The form is documented in docs/learn.md. What a file gets wrong is said in
sentences, all of them at once.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from repoview.core.errors import RepoviewError
from repoview.learn.facts import Scene
from repoview.learn.steps import NotDone, Step, read_step
from repoview.learn.world import World, record_of

if TYPE_CHECKING:
    from collections.abc import Mapping

TESTS: Final = ("is", "not", "at-least", "at-most", "same-as", "differs-from")
"""How a goal says what its fact must be."""

VIEWS: Final = ("tree", "file", "bytes")
STEPPED: Final = ("walk", "look-up", "proof", "stream", "diff")
MOST_RECORDS: Final = 200


class LessonError(RepoviewError):
    """A file that is no lesson, or a lesson that does not hold."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is said, and who says so."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class NotSo:
    """What some believe, and what is so."""

    belief: str
    fact: str
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the fact that answers it."""

    ask: str
    answer: str


@dataclass(frozen=True, slots=True)
class Goal:
    """How a fact must be."""

    fact: str
    test: str
    """One of `TESTS`."""

    wanted: str
    """A number or word; for `same-as` and `differs-from`, another fact."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be done, and how one knows that it is done."""

    says: str
    hint: str
    done: str
    """What is said when it is solved."""

    questions: tuple[Question, ...]
    goals: tuple[Goal, ...]
    solution: tuple[Step, ...]
    """The fewest steps that solve it."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson."""

    title: str
    about: str
    """A sentence for lists."""

    parts: tuple[Part, ...]
    beliefs: tuple[NotSo, ...]
    task: Task
    records: Mapping[str, str]
    """Path → text."""

    sources: Mapping[str, str]
    """Name → address."""

    view: str = "tree"
    keeps_signature: bool = False
    """Whether a changed repository keeps the signature that it had."""

    moves: tuple[Step, ...] = field(default=())
    """Done before it begins: they put the file's blocks in another order."""

    steps: str = ""
    """Which steps it is about, one of `STEPPED`; "" for none."""

    def scene(self) -> Scene:
        """Return what it begins with."""
        from repoview.learn.steps import done  # noqa: PLC0415 (kept beside its use)

        world = World({path: record_of(path, t) for path, t in self.records.items()})
        if self.keeps_signature:
            world = world.with_old_signature()
        scene = Scene(world, world, frozenset(), self.view)
        for move in self.moves:
            scene = done(scene, move)
        return Scene(scene.world, scene.world, frozenset(), self.view)


def read_lesson(text: str) -> Lesson:
    """Return the lesson that a TOML text is.

    Raises:
        LessonError: It is none; the message has a line for each fault.
    """
    try:
        told = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LessonError(f"it is no TOML: {error}") from None
    reading = _Reading()
    lesson = reading.lesson(told)
    if reading.faults:
        raise LessonError("\n".join(reading.faults))
    return lesson


class _Reading:
    """Takes a parsed file apart, and collects what is wrong with it."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def lesson(self, told: dict[str, Any]) -> Lesson:
        task = self._table(told, "task", "")
        records = self._table(told, "records", "")
        texts = {path: str(text) for path, text in records.items()}
        if len(texts) > MOST_RECORDS:
            self.faults.append(f"[records] has more than {MOST_RECORDS}")
        lesson = Lesson(
            self._text(told, "title"),
            self._text(told, "about"),
            tuple(self._part(each) for each in self._tables(told, "part")),
            tuple(
                NotSo(*self._texts(each, "not-so", "belief", "fact", "source"))
                for each in self._tables(told, "not-so", least=0)
            ),
            self._task(task),
            texts,
            {k: str(v) for k, v in self._table(told, "sources", "").items()},
            self._view(told.pop("view", "tree")),
            self._flag(told, "keeps-signature"),
            self._steps(told, "moves"),
            self._stepped(told.pop("steps", "")),
        )
        self._rest(told, "")
        return lesson

    def _part(self, told: dict[str, Any]) -> Part:
        return Part(*self._texts(told, "part", "text", "source"))

    def _task(self, told: dict[str, Any]) -> Task:
        questions = tuple(
            Question(*self._texts(each, "task.question", "ask", "answer"))
            for each in self._tables(told, "question", least=0, where="task")
        )
        goals = tuple(
            self._goal(each)
            for each in self._tables(told, "goal", least=0, where="task")
        )
        says, hint, done = (
            self._text(told, name, "task") for name in ("says", "hint", "done")
        )
        solution = self._steps(told, "solution")
        self._rest(told, "task.")
        if not questions and not goals:
            self.faults.append("[task] has neither a question nor a goal")
        return Task(says, hint, done, questions, goals, solution)

    def _goal(self, told: dict[str, Any]) -> Goal:
        about = self._text(told, "fact", "task.goal")
        tests = [name for name in TESTS if name in told]
        if len(tests) != 1:
            self.faults.append(f"[[task.goal]] {about} has one of {', '.join(TESTS)}")
            return Goal(about, "is", "")
        goal = Goal(about, tests[0], str(told.pop(tests[0])))
        self._rest(told, "task.goal.")
        return goal

    def _steps(self, told: dict[str, Any], name: str) -> tuple[Step, ...]:
        lines = told.pop(name, [])
        if not isinstance(lines, list):
            self.faults.append(f"{name} is no list of steps")
            return ()
        steps = []
        for line in lines:
            try:
                steps.append(read_step(str(line)))
            except NotDone as error:
                self.faults.append(f"{name}: {error}")
        return tuple(steps)

    def _view(self, value: object) -> str:
        text = str(value)
        name, _, path = text.partition(" ")
        if name not in VIEWS or (name == "bytes") != bool(path):
            self.faults.append('view is "tree", "file", or "bytes" and a path')
            return "tree"
        return text

    def _stepped(self, value: object) -> str:
        if value not in ("", *STEPPED):
            self.faults.append(f"steps is one of {', '.join(STEPPED)}")
            return ""
        return str(value)

    def _flag(self, told: dict[str, Any], name: str) -> bool:
        value = told.pop(name, False)
        if not isinstance(value, bool):
            self.faults.append(f"{name} is true or false")
        return value is True

    def _texts(self, told: dict[str, Any], where: str, *names: str) -> list[str]:
        found = [self._text(told, name, where) for name in names]
        self._rest(told, f"{where}.")
        return found

    def _text(self, told: dict[str, Any], name: str, where: str = "") -> str:
        value = told.pop(name, None)
        if not isinstance(value, str) or not value.strip():
            there = f"[{where}] has" if where else "it has"
            self.faults.append(f"{there} no text named {name}")
            return ""
        return value.strip()

    def _table(self, told: dict[str, Any], name: str, where: str) -> dict[str, Any]:
        value = told.pop(name, None)
        if not isinstance(value, dict):
            self.faults.append(f"it has no table [{where}{name}]")
            return {}
        return value

    def _tables(
        self, told: dict[str, Any], name: str, *, least: int = 1, where: str = ""
    ) -> list[dict[str, Any]]:
        value = told.pop(name, [])
        whole = f"{where}.{name}" if where else name
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self.faults.append(f"{whole} is written [[{whole}]]")
            return []
        if len(value) < least:
            self.faults.append(f"it has no [[{whole}]]")
        return value

    def _rest(self, told: dict[str, Any], where: str) -> None:
        self.faults += [f"there is no {where}{name} in a lesson" for name in told]
