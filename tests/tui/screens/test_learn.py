"""Facts about the screens of lessons and of the sandbox, driven by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import Input, Static

from repoview.core.repo.repo import Repo
from repoview.learn.shelf import lesson_named, lessons
from repoview.learn.world import MOST_KEYS
from repoview.sample import write_sample
from repoview.settings import Settings
from repoview.tui.app.learner import Learner
from repoview.tui.remembered.state import State
from repoview.tui.screens.browse import Browse
from repoview.tui.screens.dialogs.help import Help
from repoview.tui.screens.learn.lesson import LessonScreen
from repoview.tui.screens.learn.lessons import Lessons
from repoview.tui.screens.learn.live import LiveDiagram, LiveSteps
from repoview.tui.screens.learn.playing import NARROW
from repoview.tui.screens.learn.sandbox import SandboxScreen
from repoview.tui.session.what_if import NoCopy, copy_of
from repoview.tui.widgets.learn.scene_list import SceneList
from tests.tui.conftest import exploring, screen_text

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from repoview.learn.shelf import Kept
    from tests.tui.screens.test_snapshots import Compare

SIZES = [(80, 24), (120, 40)]


async def type_line(pilot: Pilot[None], text: str) -> None:
    """Type a line and press Enter."""
    await pilot.press("colon")
    await pilot.pause()
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")
    await pilot.pause()


async def go_to_row(pilot: Pilot[None], path: str) -> None:
    """Put the cursor on the row of a record."""
    scene = pilot.app.screen.query_one(SceneList)
    await pilot.press("home")
    while scene.here is not None and scene.here.path != path:
        await pilot.press("down")


async def test_a_lesson_is_read_solved_and_remembered(tmp_path: Path) -> None:
    """By the keys that its line of keys names."""
    app = Learner(Settings(state=tmp_path))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, Lessons)
        await pilot.press("enter")
        await pilot.pause()
        assert "A repository is all that one account" in screen_text(app)
        await pilot.press("enter")
        await go_to_row(pilot, "com.example.pet/cat")
        await pilot.press("D")
        assert "9 records" in screen_text(app)
        await pilot.press("home", "space")
        assert "Goals: 2 of 3" in screen_text(app)
        await type_line(pilot, "7")
        assert "7 is not so" in screen_text(app)
        await type_line(pilot, "9")
        shown = screen_text(app)
        assert "Solved in 4 steps, not the fewest" in shown
        assert "4 steps, fewest 3" in shown
        assert State(tmp_path, pytest.fail).solved() == {"what-a-repo-is": 4}
        # A reset, and the fewest.
        await pilot.press("escape", "enter", "r")
        assert "0 steps, fewest 3" in screen_text(app)
        await go_to_row(pilot, "com.example.pet/cat")
        await pilot.press("D", "home", "space")
        await type_line(pilot, "9")
        assert "Solved in 3 steps, the fewest" in screen_text(app)
        await pilot.press("n")
        await pilot.pause()
        assert "Lesson 2 of" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, Lessons)
        assert "1 of" in screen_text(app)
        assert "✓ What a repo is" in screen_text(app)
    again = Learner(Settings(state=tmp_path))
    async with again.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "in 3 steps" in screen_text(again)
        # One Esc too many does not end it.
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert again.return_code is None


async def test_hint_goal_and_undo_cost_no_step() -> None:
    """The goal is the repository as it is when the task is solved."""
    app = Learner(Settings(), lesson_named("nodes-and-prefixes"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("enter", "h")
        assert "gets an entry when a key of depth 1" in " ".join(
            line[60:].strip() for line in screen_text(app).split("\n")
        )
        await pilot.press("s")
        assert "The goal" in screen_text(app)
        assert "com.example.pet/emu" in screen_text(app)
        await pilot.press("s")
        assert "The goal" not in screen_text(app)
        assert "com.example.pet/emu  " not in screen_text(app)
        assert "0 steps, fewest 2" in screen_text(app)
        await type_line(pilot, "add emu")
        assert "Goals: 1 of 2" in screen_text(app)
        await pilot.press("escape", "u")
        assert "Goals: 0 of 2" in screen_text(app)
        assert "1 step, fewest 2" in screen_text(app)


async def test_no_step_is_taken_on_the_rows_of_the_goal() -> None:
    """They show what is not there yet; a step shows the own rows again."""
    app = Learner(Settings(), lesson_named("proofs-of-presence-and-absence"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("enter", "s", "home", "space")
        assert "The goal" not in screen_text(app)
        assert "these rows are yours" in screen_text(app)
        assert "0 steps, fewest 5" in screen_text(app)
        await pilot.press("space")
        assert "1 step, fewest 5" in screen_text(app)
        for leave in ("u", "r"):
            await pilot.press("s", leave)
            assert "The goal" not in screen_text(app)
        await pilot.press("s")
        await type_line(pilot, "4")
        assert "The goal" not in screen_text(app)
        assert "yes: 4" in screen_text(app)


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [("a", "", ""), ("w", "", ""), ("a", "cub", "add cub")],
)
async def test_esc_takes_what_a_key_began(key: str, typed: str, kept: str) -> None:
    """It would stand before the next answer; what was gone on with stays."""
    app = Learner(Settings(), lesson_named("signatures-and-trust"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await go_to_row(pilot, "com.example.pet/dog")
        await pilot.press(key, *typed, "escape")
        assert app.screen.query_one(Input).value == kept


async def test_the_task_of_an_order_says_what_is_held_now() -> None:
    """So a move that was not right is seen to be none."""
    app = Learner(Settings(), lesson_named("order-and-streaming"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        assert "held at once: 7" in screen_text(app)
        await type_line(pilot, "move 10 3")
        await type_line(pilot, "move 6 13")
        assert "held at once: 1" in screen_text(app)
        await pilot.press("escape", "u")
        await type_line(pilot, "move 6 12")
        assert "held at once: 0" in screen_text(app)


async def test_what_is_typed_behind_the_last_answer_is_a_step() -> None:
    """And no key: `n` would lead to another lesson."""
    app = Learner(Settings(), lesson_named("nodes-and-prefixes"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await type_line(pilot, "com.example.pet/elk")
        assert "✓ answered" in screen_text(app)
        await pilot.press("n")
        assert app.screen.query_one(Input).value == "n"
        await pilot.press("escape")
        assert "Nodes and prefix compression" in screen_text(app)


async def test_the_screen_is_laid_out_for_its_size() -> None:
    """Text and task side by side where there is room, else one after the other."""
    app = Learner(Settings(), lesson_named("1"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        for width in (80, 120, 200):
            await pilot.resize_terminal(width, 24)
            await pilot.pause()
            await pilot.pause()
            head, *rest = screen_text(app).split("\n")
            assert head.endswith("0 steps, fewest 3 ")
            both = "─ Read ─" in rest[0] and "─ Tree ─" in rest[0]
            assert both == (width >= NARROW)


@pytest.mark.parametrize("kept", lessons(), ids=[each.name for each in lessons()])
async def test_a_task_is_seen_whole_at_the_smallest_size(kept: Kept) -> None:
    """Question, goals, and the state of the repository."""
    app = Learner(Settings(), kept)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen.query_one("#task").max_scroll_y == 0
        shown = screen_text(app)
        assert kept.lesson.task.says.split()[0] in shown
        assert "sound, signature verified" in shown


async def test_the_depth_of_a_key_is_shown_while_it_is_typed() -> None:
    """But not while a question asks for one."""
    app = Learner(Settings(), lesson_named("depth-from-hashes"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("enter", "a", *"fox")
        assert "depth 2" not in screen_text(app).split("\n")[-3]
        await pilot.press("ctrl+u", *"2", "enter", "ctrl+u", *"0", "enter")
        await pilot.press("a")
        await pilot.pause()
        assert not str(app.screen.query_one("#remark", Static).render())
        await pilot.press(*"cod")
        await pilot.pause()
        assert "1 pair of zeros in front: depth 1" in screen_text(app)


async def test_a_lesson_is_drawn_and_stepped_through() -> None:
    """Beginning with what it is about, at the record under the cursor."""
    app = Learner(Settings(), lesson_named("8"))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await go_to_row(pilot, "com.example.pet/doe")
        await pilot.press("d")
        await pilot.pause()
        assert isinstance(app.screen, LiveDiagram)
        assert "▸pet doe" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)
        await pilot.press("P")
        await pilot.pause()
        assert isinstance(app.screen, LiveSteps)
        assert "[Look-up]" in screen_text(app)
        await pilot.press("end")
        assert "links com.example.pet/doe to" in screen_text(app)
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(app.screen, LessonScreen)


@pytest.mark.parametrize(
    ("lesson", "says"),
    [
        ("proofs-of-presence-and-absence", "signature verified"),
        ("signatures-and-trust", "signature wrong"),
    ],
)
async def test_a_proof_checks_the_signature_as_the_lesson_does(
    lesson: str, says: str
) -> None:
    """With the key of the account, which is known."""
    app = Learner(Settings(), lesson_named(lesson))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await type_line(pilot, "write com.example.pet/dog gentle")
        await pilot.press("escape", "P", "3", "end")
        await pilot.pause()
        assert "every hash on the way is right" in screen_text(app)
        assert says in screen_text(app)


async def test_the_sandbox_compares_before_and_after() -> None:
    """What was not changed is skipped."""
    app = Learner(Settings(), is_sandbox=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await type_line(pilot, "add com.example.pet/zebra striped")
        await pilot.press("P", "5", "end")
        await pilot.pause()
        assert "[Diff]" in screen_text(app)
        assert "from the start to now" in screen_text(app)
        seen = ""
        while "step 1 of" not in screen_text(app):
            seen += screen_text(app)
            await pilot.press("left")
        assert "create com.example.pet/zebra" in seen.lower()


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_lessons_tell_their_keys(key: str) -> None:
    """And not those of the explorer; the list, the text, the rows, the line."""
    app = Learner(Settings())
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        for keys in ((), ("enter",), ("enter",), ("colon",)):
            await pilot.press(*keys)
            await pilot.pause()
            if keys == ("colon",) and key == "question_mark":
                break
            before = app.screen
            await pilot.press(key)
            await pilot.pause()
            assert isinstance(app.screen, Help)
            assert "narrow the list by a part of the path" not in screen_text(app)
            assert "how to go about it" in screen_text(app)
            await pilot.press("escape")
            await pilot.pause()
            assert app.screen is before


async def test_wrong_marks_are_answered() -> None:
    """When there are as many as are asked for, by how many are right."""
    app = Learner(Settings(), lesson_named("3"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("enter", "down", "space", "down", "space")
        await pilot.pause()
        assert "1 of 2 marks right: look again" in screen_text(app)
        await pilot.press("space")
        await pilot.pause()
        assert "look again" not in screen_text(app)


async def test_the_line_tells_its_keys() -> None:
    """In the footer, while one types."""
    app = Learner(Settings(), lesson_named("1"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("enter", "colon")
        await pilot.pause()
        last = screen_text(app).splitlines()[-1]
        assert "Do it" in last
        assert "Rows" in last


@pytest.mark.parametrize("number", [9, 14])
async def test_what_holds_at_first_is_no_goal_to_be_met(number: int) -> None:
    """Unless it is broken."""
    app = Learner(Settings(), lesson_named(str(number)))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        assert "Goals: 0 of" in screen_text(app)
        if number == 9:
            assert "Goals: 0 of 2" in screen_text(app)
            await type_line(pilot, "remove com.example.pet/ant")
            await pilot.pause()
            assert "of 3" in screen_text(app)


async def test_the_sandbox_says_what_a_change_costs() -> None:
    """Nodes before and after side by side, and the bytes that a commit sends."""
    app = Learner(Settings(), is_sandbox=True)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, SandboxScreen)
        assert "Nothing was changed yet" in screen_text(app)
        await pilot.press("f", "4", "enter")
        await pilot.pause()
        assert "found at try" in screen_text(app)
        assert "depth 4  (none)" in screen_text(app)
        assert "1 commit" in screen_text(app)
        await pilot.press("e", *"fox", "enter")
        assert "which depth?" in screen_text(app)
        await pilot.press("2", "enter")
        assert "yes: [00][00]" in screen_text(app)
        await pilot.press("c")
        assert "Nothing was changed yet" in screen_text(app)
        await pilot.press("r")
        assert "10 keys, 7 nodes, depth 2" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, Lessons)


@pytest.mark.parametrize("kept", lessons(), ids=[each.name for each in lessons()])
async def test_every_lesson_can_be_shown_and_solved(kept: object) -> None:
    """By its own steps, typed."""
    app = Learner(Settings(), kept)  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        for step in screen.kept.lesson.task.solution:
            await type_line(pilot, step.text)
            await pilot.press("escape")
            if not isinstance(screen.focused, SceneList):
                await pilot.press("enter")
        assert screen.play.is_solved
        assert "the fewest" in screen_text(app)


async def test_the_sandbox_has_a_copy_of_what_is_explored(sample: Path) -> None:
    """With the same top node."""
    async with exploring(sample) as (app, pilot):
        assert app.session is not None
        top = app.session.repo.commit
        assert top is not None
        await pilot.press("W")
        await pilot.pause()
        assert isinstance(app.screen, SandboxScreen)
        assert app.screen.sandbox.scene.world.top == top.data
        assert "300 keys" in screen_text(app)
        await pilot.press("f", "4", "enter")
        await pilot.pause()
        assert "found at try" in screen_text(app)
        assert "300 keys" not in screen_text(app)
        await pilot.press("q")
        await pilot.pause()
        assert isinstance(app.screen, Browse)


async def test_no_copy_is_made_of_what_is_not_whole(broken: Path) -> None:
    """It is said why."""
    async with exploring(broken) as (app, pilot):
        await pilot.press("W")
        await pilot.pause()
        assert isinstance(app.screen, Browse)
        assert "takes whole repositories" in " ".join(screen_text(app).split())


@pytest.mark.parametrize("count", [MOST_KEYS, MOST_KEYS + 1])
def test_a_copy_is_made_of_small_repositories_only(count: int) -> None:
    """As it is built anew after every change."""
    data = b"".join(pieces(count))
    with Repo.load(data) as repo:
        if count > MOST_KEYS:
            with pytest.raises(NoCopy, match="takes 1,000 records"):
                copy_of(repo)
        else:
            assert len(copy_of(repo).records) == count


def pieces(count: int) -> list[bytes]:
    """Return a sample of so many records."""
    found: list[bytes] = []
    write_sample(found.append, count)
    return found


SHOWN = {
    "lessons": ("", []),
    "reading": ("5", []),
    "task": ("6", ["enter"]),
    "file": ("car-layout", ["enter", "down", "down", "space"]),
    "bytes": ("7", ["enter", "down", "space"]),
    "sandbox": ("sandbox", ["f", "3", "enter"]),
}
"""The lesson to open, and what to press."""


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
@pytest.mark.parametrize("name", SHOWN)
def test_it_looks_as_it_did(
    snap_compare: Compare, name: str, size: tuple[int, int]
) -> None:
    """At the smallest size and at usual ones."""
    which, keys = SHOWN[name]
    is_sandbox = which == "sandbox"
    first = lesson_named(which) if which and not is_sandbox else None
    app = Learner(Settings(), first, is_sandbox=is_sandbox)

    async def arrive(pilot: Pilot[None]) -> None:
        await pilot.pause()
        for key in keys:
            await pilot.press(key)
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=arrive)
