"""Is a lesson right? Its texts hold, and its task is solved by the steps it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.learn.facts import UnknownFact
from repoview.learn.page import lesson_blocks
from repoview.learn.play import Play
from repoview.learn.steps import NotDone
from repoview.learn.telling import filled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.learn.lesson import Goal, Lesson


def faults(lesson: Lesson) -> list[str]:
    """Return what is wrong with a lesson, a sentence each; none if it is right."""
    try:
        scene = lesson.scene()
        scene.world.blocks  # noqa: B018 (it is built to see whether it can be)
    except NotDone as error:
        return [f"moves: {error}"]
    found = [*_record_faults(lesson)]
    if found:
        return found
    return [*_text_faults(lesson), *_source_faults(lesson), *_task_faults(lesson)]


def _record_faults(lesson: Lesson) -> Iterator[str]:
    from repoview.core.formats.key import key_faults  # noqa: PLC0415 (only here)

    for path in lesson.records:
        for fault in key_faults(path.encode(errors="surrogatepass")):
            yield f"[records] {path}: {fault.message}"
    view, _, path = lesson.view.partition(" ")
    if view == "bytes" and path not in lesson.records:
        yield f"view: there is no record {path}"


def _text_faults(lesson: Lesson) -> Iterator[str]:
    scene = lesson.scene()
    try:
        for _ in lesson_blocks(lesson, scene):
            pass
    except UnknownFact as error:
        yield f"its text: {error}"
    task = lesson.task
    for name, text in (("says", task.says), ("hint", task.hint)):
        try:
            filled(scene, text)
        except UnknownFact as error:
            yield f"[task] {name}: {error}"
    for question in task.questions:
        try:
            filled(scene, question.ask)
        except UnknownFact as error:
            yield f"[[task.question]] {question.ask}: {error}"


def _source_faults(lesson: Lesson) -> Iterator[str]:
    used = {each.source for each in lesson.parts}
    used |= {each.source for each in lesson.beliefs}
    names = {source.partition(",")[0].strip() for source in used}
    for name in sorted(names - lesson.sources.keys()):
        yield f"[sources] has no {name}"
    for name in sorted(lesson.sources.keys() - names):
        yield f"[sources] {name} is of nothing that is said"
    for name, address in lesson.sources.items():
        if not address.startswith("https://"):
            yield f"[sources] {name} is no https address"


def _task_faults(lesson: Lesson) -> Iterator[str]:
    if wrong := [*_goal_faults(lesson.task.goals)]:
        yield from wrong
        return
    play = Play(lesson)
    if play.is_solved:
        yield "[task] is solved before a step is taken"
        return
    for number, step in enumerate(lesson.task.solution, 1):
        if play.is_solved:
            yield f"solution: it is solved after {number - 1} steps"
            return
        before = play.answered
        try:
            play.do(step)
        except (NotDone, UnknownFact) as error:
            yield f"solution: {step.text}: {error}"
            return
        if step.verb == "answer" and play.answered == before:
            yield f"solution: {step.text}: it is not the answer"
            return
    if not play.is_solved:
        still = [goal.fact for goal in play.open_goals]
        still += [] if play.question is None else [play.question.ask]
        yield f"solution: it does not solve {'; '.join(still)}"
        return
    try:
        filled(play.scene, lesson.task.done)
    except UnknownFact as error:
        yield f"[task] done: {error}"


def _goal_faults(goals: tuple[Goal, ...]) -> Iterator[str]:
    for goal in goals:
        if goal.test in {"at-least", "at-most"} and not goal.wanted.isdecimal():
            yield f"[[task.goal]] {goal.fact}: {goal.wanted} is no number"
