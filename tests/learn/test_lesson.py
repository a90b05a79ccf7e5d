"""Facts about the form of a lesson, and the check of those that others write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.learn.check import faults
from repoview.learn.facts import FACTS
from repoview.learn.figures import FIGURES
from repoview.learn.lesson import TESTS, LessonError, read_lesson
from repoview.learn.shelf import lesson_named
from repoview.learn.steps import VERBS

GOOD = """
title = "One"
about = "A lesson."

[records]
"com.example.pet/ant" = "busy"

[sources]
spec = "https://example.com/spec"

[[part]]
text = "It has {records} record."
source = "spec, Here"

[task]
says = "Add one."
hint = "Any."
done = "Now {records}."
solution = ["add com.example.pet/bee"]

[[task.goal]]
fact = "records"
is = 2
"""


def test_a_lesson_that_is_right_has_no_fault() -> None:
    """The smallest one."""
    assert faults(read_lesson(GOOD)) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('title = "One"', "", "no text named title"),
        ("[[part]]", "[[parts]]", "there is no parts"),
        ("is = 2", "", "has one of is, not"),
        ("is = 2", "is = 2\nnot = 3", "has one of is, not"),
        ("solution = [", 'solution = ["hop", ', "hop is no step"),
        ('about = "A lesson."', 'about = "A."\nview = "sideways"', "view is"),
        ('about = "A lesson."', 'about = "A."\nkeeps-signature = 1', "true or false"),
        ('about = "A lesson."', 'about = "A."\nsteps = "swim"', "steps is one of walk"),
        ("[records]", "[[records]]", "no table [records]"),
        ("[task]", "[[task]]", "no table [task]"),
        ("[[part]]", "[part]", "part is written [[part]]"),
        ("title", "title = [", "it is no TOML"),
    ],
)
def test_what_is_no_lesson_is_said(old: str, new: str, says: str) -> None:
    """In a sentence for each fault."""
    with pytest.raises(LessonError) as caught:
        read_lesson(GOOD.replace(old, new))
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("{records}", "{recordings}", "there is no fact recordings"),
        ("{records} record.", "{node com.example.pet/x}", "in this repository"),
        ("It has", "@sculpture", "there is no figure"),
        ('hint = "Any."', 'hint = "{x}"', "[task] hint"),
        ("spec, Here", "other, Here", "[sources] has no other"),
        ("https://", "http://", "no https address"),
        ("is = 2", "is = 1", "is solved before a step is taken"),
        ("is = 2", "is = 3", "does not solve records"),
        ("is = 2", 'at-least = "two"', "two is no number"),
        ("is = 2", "is = 2\n[[task.question]]\nask = 'How?'\nanswer = 'x'", "How?"),
        ("pet/bee", "pet/ant", "there is a record"),
        ("pet/ant", "pet/a nt", "[records]"),
        ('pet/bee"]', 'pet/bee", "remove com.example.pet/bee"]', "after 1 step"),
        ('about = "A lesson."', 'about = "A."\nview = "bytes a.b.c/d"', "no record"),
        ('about = "A lesson."', 'about = "A."\nmoves = ["move 9 9"]', "no number"),
    ],
)
def test_a_lesson_that_does_not_hold_is_found(old: str, new: str, says: str) -> None:
    """By its check, and not by who learns from it."""
    assert says in "\n".join(faults(read_lesson(GOOD.replace(old, new))))


@given(st.text(max_size=80) | st.text("[]={}\"'\n.task goal=1", max_size=60))
def test_any_text_is_a_lesson_or_refused(text: str) -> None:
    """With an error of its own."""
    with pytest.raises(LessonError):
        read_lesson(text)


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    """With its name."""
    path = tmp_path / "mine.toml"
    for says in ("no such file", "it has no", "not UTF-8"):
        with pytest.raises(LessonError, match=says):
            lesson_named(str(path))
        path.write_bytes(b"" if says == "no such file" else b"\xff")
    path.write_text(GOOD)
    assert lesson_named(str(path)).lesson.title == "One"
    with pytest.raises(LessonError, match="is a directory"):
        lesson_named(str(tmp_path))


PAGE = Path(__file__).resolve().parents[2] / "docs" / "learn.md"


def test_the_lesson_of_the_page_is_right() -> None:
    """As a reader would copy it."""
    (shown,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert faults(read_lesson(shown)) == []


def test_the_page_names_all_facts_figures_steps_and_tests() -> None:
    """And no others."""
    page = PAGE.read_text()
    facts, figures = (
        part.partition("\n### ")[0]
        for part in (page.partition("### Facts")[2], page.partition("### Figures")[2])
    )
    named = {
        words.split()[0].strip("@")
        for text in (facts, figures)
        for line in text.splitlines()
        if line.startswith("| `")
        for words in re.findall(r"`([^`]+)`", line.split("|")[1])
    }
    assert named == {*FACTS, *FIGURES, "set"}
    assert all(f"| `{verb} " in page for verb in VERBS)
    assert all(f"`{test}`" in page for test in TESTS)
