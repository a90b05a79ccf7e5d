"""Facts about `repoview learn` where there is no terminal: lists, text and checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repoview.learn.shelf import lessons
from tests.learn.test_lesson import GOOD

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Program


def test_the_list_has_a_numbered_line_each(run: Program) -> None:
    """Also without a terminal, where the app cannot run."""
    listed = run("learn", "--list", "--no-cache")
    assert listed.code == 0
    numbers = [line.split()[0] for line in listed.out.splitlines()]
    assert numbers == [str(n + 1) for n in range(len(lessons()))]
    assert run("learn", "--no-cache").out == listed.out


@pytest.mark.parametrize("number", range(1, len(lessons()) + 1))
def test_a_lesson_is_printed(run: Program, number: int) -> None:
    """With its facts, its task and its sources, and nothing to be filled in."""
    page = run("learn", "--print", str(number))
    assert (page.code, page.err) == (0, "")
    lesson = lessons()[number - 1].lesson
    assert page.out.startswith(f"{lesson.title}\n")
    assert not {"{", "@"} & set(page.out.replace("{\n", "").replace("  {", ""))
    assert all(address in page.out for address in lesson.sources.values())
    assert f"Fewest steps: {len(lesson.task.solution)}\n" in page.out
    lines = [line for line in page.out.splitlines() if "https://" not in line]
    assert max(map(len, lines)) <= 80
    assert run("learn", lessons()[number - 1].name).out == page.out


def test_the_solution_is_printed_where_it_is_asked_for(run: Program) -> None:
    """By -v."""
    step = lessons()[1].lesson.task.solution[0].text
    assert step not in run("learn", "--print", "2").out
    assert step in run("learn", "--print", "2", "-v").out


def test_our_lessons_pass_their_check(run: Program) -> None:
    """A line each."""
    checked = run("learn", "--check")
    assert checked.code == 0
    assert len(checked.out.splitlines()) == len(lessons())


def test_a_lesson_of_ones_own_is_checked_and_printed(
    run: Program, tmp_path: Path
) -> None:
    """Its faults are told, a line each, and it ends with 1."""
    path = tmp_path / "mine.toml"
    path.write_text(GOOD)
    assert (
        run("learn", "--check", path).out == f"{path}: One: right, solved in 1 step\n"
    )
    assert run("learn", path).out.startswith("One\n\nIt has 1 record.\n")

    path.write_text(GOOD.replace("is = 2", "is = 7").replace("https", "http"))
    checked = run("learn", "--check", path)
    assert checked.code == 1
    assert len(checked.out.splitlines()) == 2

    path.write_text("x = 1")
    checked = run("learn", "--check", path, "1")
    assert checked.code == 1
    assert checked.out.splitlines()[-1] == "1: What a repo is: right, solved in 3 steps"
    opened = run("learn", path)
    assert (opened.code, opened.out) == (1, "")
    assert "more: see learn --check" in opened.err

    path.write_text(GOOD.replace("{records} record.", "{nothing}"))
    assert "there is no fact nothing: see --check" in run("learn", path).err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--list", "--check"],
        ["--list", "1"],
        ["--print", "1", "2"],
        ["1", "2"],
        ["--sandbox"],
    ],
)
def test_what_makes_no_sense_is_wrong_usage(run: Program, arguments: list[str]) -> None:
    """In one sentence."""
    refused = run("learn", *arguments)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.count("\n") == 1


@pytest.mark.parametrize("name", ["99", "0", "nothing", "no.toml"])
def test_a_lesson_that_is_not_there_is_said(run: Program, name: str) -> None:
    """Whether by number, name or file."""
    refused = run("learn", name)
    assert (refused.code, refused.out) == (1, "")
    assert name in refused.err
