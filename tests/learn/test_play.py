"""Facts about working on a task: steps, answers, and what is taken for solved."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.edit.path_finder import DEEPEST
from repoview.core.formats.mst import key_depth
from repoview.learn.play import Play, same_answer
from repoview.learn.rows import rows
from repoview.learn.sandbox import Sandbox
from repoview.learn.shelf import lesson_named, lessons
from repoview.learn.steps import VERBS, NotDone, Step, read_step
from repoview.learn.way import way_to
from repoview.learn.world import MOST_KEYS, World

PETS = "com.example.pet"
WORDS = st.sampled_from(
    ["ant", "cod", "fox", f"{PETS}/doe", f"{PETS}/new", "1", "9", "600", "x", "commit"]
) | st.text(max_size=6)
LINES = st.builds(
    lambda verb, words: " ".join((verb, *words)),
    st.sampled_from((*VERBS, "predict", "find", "commit", "4", "")),
    st.lists(WORDS, max_size=3),
)


@given(st.sampled_from(lessons()), st.lists(LINES, max_size=8), st.booleans())
def test_whatever_is_typed_is_done_or_refused(
    kept: object, lines: list[str], undoes: bool
) -> None:
    """And what is shown afterwards can be shown."""
    play = Play(kept.lesson)  # type: ignore[attr-defined]
    for line in lines:
        before = play.scene, play.taken
        try:
            play.say(line)
        except NotDone:
            assert (play.scene, play.taken) == before
    if undoes:
        play.undo()
    assert rows(play.scene) is not None
    assert play.says
    assert play.hint
    assert isinstance(play.is_solved, bool)


@given(st.lists(LINES, max_size=8))
def test_whatever_is_typed_in_the_sandbox_is_done_or_refused(lines: list[str]) -> None:
    """Undoing all of it leads back to the beginning."""
    first = lessons()[0].lesson.scene().world
    sandbox = Sandbox(first)
    for line in lines:
        with suppress(NotDone):
            assert isinstance(sandbox.say(line), str)
    assert list(sandbox.changes.lines())
    for _ in lines:
        sandbox.undo()
    assert sandbox.scene.world == first
    sandbox.reset()
    assert sandbox.taken == 0


@given(st.integers(0, 4))
def test_a_key_of_any_depth_is_found(depth: int) -> None:
    """Another one each time, also when the last was taken out again."""
    sandbox = Sandbox(World({}))
    for _ in range(2):
        assert "found at try" in sandbox.say(f"find {depth}")
    assert sandbox.scene.world.depth == depth
    paths = set(sandbox.scene.world.records)
    assert {key_depth(path.encode()) for path in paths} == {depth}
    assert len(paths) == 2
    sandbox.undo()
    sandbox.say(f"find {depth} com.example.other")
    assert any(p.startswith("com.example.other/") for p in sandbox.scene.world.records)
    with pytest.raises(NotDone, match="from 0 to"):
        sandbox.say(f"find {DEEPEST + 1}")


def test_a_depth_is_asked_for_before_it_is_shown() -> None:
    """And then the bits are shown, whatever was answered."""
    sandbox = Sandbox(World({}))
    asked = sandbox.say("predict fox")
    assert "which depth" in asked
    assert "depth 2" not in asked
    assert sandbox.say("2").startswith("yes: [00][00]")
    sandbox.say("predict fox")
    assert sandbox.say("7").startswith("no: [00][00]")
    assert sandbox.scene.world.records == {}


def test_what_was_published_is_what_the_next_change_is_compared_with() -> None:
    """And undoing goes back behind it."""
    sandbox = Sandbox(World({}))
    sandbox.say("add fox")
    assert sandbox.changes.sent
    sandbox.say("commit")
    assert not sandbox.changes.sent
    sandbox.undo()
    assert sandbox.changes.sent


def test_a_tree_has_a_greatest_size() -> None:
    """So that every change is quick."""
    full = {f"{PETS}/{number}": b"\xa0" for number in range(MOST_KEYS)}
    with pytest.raises(NotDone, match="at most"):
        Sandbox(World(full)).say("add one-more")


@pytest.mark.parametrize(
    ("given", "right", "is_same"),
    [
        ("3", 3, True),
        (" 3 ", 3, True),
        ("1,200", 1200, True),
        ("03", 3, False),
        ("failed", "failed", True),
        ("FAILED", "failed", True),
        ("…2345", "bafyabc12345", False),
        ("bafya…2345", "bafyabc12345", True),
        ("c12345", "bafyabc12345", True),
        ("bafyabc12345", "bafyabc12345", True),
        ("2345", "bafyabc12345", False),
    ],
)
def test_an_answer_may_be_written_as_people_do(
    given: str, right: object, *, is_same: bool
) -> None:
    """A CID by enough of it."""
    assert same_answer(given, right) == is_same


@pytest.mark.parametrize("line", ["add a/b c d", "mark node x", "move 1 2", "answer 4"])
def test_a_step_says_the_line_that_it_was_read_from(line: str) -> None:
    """So solutions can be shown."""
    assert read_step(line).text == line


def test_the_key_that_leads_to_the_line_may_be_typed_in_it() -> None:
    """It is no wrong answer."""
    play = Play(lesson_named("signatures-and-trust").lesson)
    play.say(":write dog gentle")
    assert play.say(": failed").startswith("yes")
    assert play.is_solved


def test_what_is_taken_back_by_hand_is_no_change() -> None:
    """The commit is the first one again."""
    play = Play(lessons()[0].lesson)
    first = play.scene.world.commit_cid
    play.do(Step("add", (f"{PETS}/cod",)))
    assert play.scene.world.commit_cid != first
    play.do(Step("remove", (f"{PETS}/cod",)))
    assert play.scene.world.commit_cid == first


def test_marks_that_are_not_right_are_counted() -> None:
    """Once there are as many as are asked for; before, nothing is given away."""
    play = Play(lesson_named("7").lesson)
    bug = f"{PETS}/bug"
    assert play.say(f"mark byte {bug} v") == ""
    assert play.say(f"mark byte {bug} p") == ""
    said = play.say(f"mark byte {bug} t")
    assert said == "2 of 3 marks right: look again"
    said = play.say(f"mark byte {bug} l")
    assert said == "3 of 4 marks right: look again"
    assert play.say(f"mark byte {bug} v") == ""
    assert play.is_solved


def test_marks_are_not_judged_when_no_goal_asks_for_any() -> None:
    """A mark is then a help for the eye."""
    play = Play(lesson_named("2").lesson)
    assert play.say("mark commit") == ""


def test_a_look_up_is_told_from_the_top_down() -> None:
    """The last node that is named is the one without the key."""
    play = Play(lesson_named("8").lesson)
    ends = way_to(play.scene.world, f"{PETS}/ewe")
    for line in play.lesson.task.solution:
        play.do(line)
    places = [play.says.index(str(cid)[-4:]) for cid in ends]
    assert play.is_solved
    assert places == sorted(places)
