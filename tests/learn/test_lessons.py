"""Facts about our lessons: they are right, solvable, and well written."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

import pytest

from repoview.learn.check import faults
from repoview.learn.page import lesson_blocks
from repoview.learn.play import Play
from repoview.learn.shelf import lesson_named, lessons
from repoview.learn.steps import NotDone, Step
from repoview.learn.telling import filled

if TYPE_CHECKING:
    from repoview.learn.lesson import Lesson

LESSONS = pytest.mark.parametrize(
    "lesson", [each.lesson for each in lessons()], ids=[each.name for each in lessons()]
)


def texts(lesson: Lesson) -> list[str]:
    """Return all paragraphs of a lesson, its facts filled in."""
    scene, task = lesson.scene(), lesson.task
    play = Play(lesson)
    said = [b.text for b in lesson_blocks(lesson, scene) if b.kind not in SILENT]
    asked = [filled(scene, each.ask) for each in task.questions]
    for step in task.solution:
        play.do(step)
    done = filled(play.scene, task.done)
    says, hint = (filled(scene, text) for text in (task.says, task.hint))
    return [*said, *asked, *says.split("\n\n"), *hint.split("\n\n"), done]


SILENT = {"figure", "source"}


@LESSONS
def test_a_lesson_is_right(lesson: Lesson) -> None:
    """By the check that others use for theirs."""
    assert faults(lesson) == []


@LESSONS
def test_a_lesson_is_solved_by_the_fewest_steps_that_it_names(lesson: Lesson) -> None:
    """And by no fewer of them: each is needed."""
    play = Play(lesson)
    for step in lesson.task.solution:
        assert not play.is_solved
        play.do(step)
    assert play.is_solved
    assert play.taken == play.fewest

    for left_out in range(len(lesson.task.solution)):
        again = Play(lesson)
        for number, step in enumerate(lesson.task.solution):
            if number != left_out:
                again.do(step)
        assert not again.is_solved


@LESSONS
def test_a_lesson_is_solved_by_the_result_and_not_by_the_way(lesson: Lesson) -> None:
    """A detour that ends at the same place solves it too, in more steps."""
    play = Play(lesson)
    for step in lesson.task.solution:
        if step.verb in {"answer", "move"}:
            play.do(step)
            continue
        for _ in range(3):
            # There, back, and there again: by undoing.
            play.do(step)
            play.undo()
        play.do(step)
    assert play.is_solved
    play.reset()
    assert not play.is_solved
    assert play.taken == 0


@LESSONS
def test_a_lesson_is_well_written(lesson: Lesson) -> None:
    """In sentences, each thing with its source, and no place left to fill in."""
    for text in texts(lesson):
        flat = " ".join(text.split())
        assert flat[0].isupper() or flat[0].isdigit(), flat
        assert flat[-1] in ".?:", flat
        assert not re.search(r"[{}*@]|\.\.|\s,|,,|\b([A-Za-z]+) \1\b", flat), flat
    assert lesson.about.endswith(".")
    assert all(each.source for each in (*lesson.parts, *lesson.beliefs))
    assert lesson.beliefs


@LESSONS
def test_the_answer_is_not_shown_before_it_is_given(lesson: Lesson) -> None:
    """Neither in the task nor in its hint stands a step of the solution."""
    play = Play(lesson)
    said = f"{play.says} {play.hint}"
    steps = [step.text for step in lesson.task.solution if step.verb != "answer"]
    assert not [text for text in steps if text in said]


def test_the_order_cannot_be_put_right_in_one_step() -> None:
    """So two are the fewest: tried with every move that there is."""
    lesson = lesson_named("order-and-streaming").lesson
    blocks = len(lesson.scene().world.filed)
    for place, to in product(range(1, blocks + 1), repeat=2):
        play = Play(lesson)
        play.do(Step("move", (str(place), str(to))))
        assert not play.is_solved


def test_lessons_are_found_by_number_and_by_name() -> None:
    """And nothing else is one."""
    for number, kept in enumerate(lessons(), 1):
        assert lesson_named(str(number)) is kept
        assert lesson_named(kept.name) is kept


@LESSONS
def test_a_step_that_cannot_be_taken_costs_nothing(lesson: Lesson) -> None:
    """It is refused in a sentence."""
    play = Play(lesson)
    for line in (
        "",
        "fly",
        "add",
        "add no/key",
        "remove com.example.pet/none",
        "cut 0",
    ):
        if play.question is None or line.partition(" ")[0] in {"add", "remove", "cut"}:
            with pytest.raises(NotDone, match=r"[a-z]"):
                play.say(line)
    assert play.taken == 0
