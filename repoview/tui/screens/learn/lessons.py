"""The list of all lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import Screen
from textual.widgets import Static

from repoview.present import count_text, safe
from repoview.tui.visits.resilient import Resilient
from repoview.tui.widgets.frame.key_bar import KeyBar
from repoview.tui.widgets.learn.lesson_list import LessonList, LessonRow

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual.app import ComposeResult

    from repoview.learn.shelf import Kept

_SAYS = (
    "What an AT Protocol repository is, down to its bytes: each lesson has something "
    "to read, and a small repository with a task. All that it shows is computed from "
    "that repository."
)
SANDBOX = LessonRow(
    "", "Sandbox", "change a tree as you like, and see what it costs", ""
)
BREAK_IT = LessonRow(
    "", "Break it", "some 500 files that break a rule each, and why it is one", ""
)


class Lessons(Resilient, Screen[None]):
    """All lessons, and behind them the sandbox and the broken files.

    Args:
        kept: The lessons.
        solved: The fewest steps in which each was solved, by its name.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("B", "app.break_it", "Break it", id="learn.break_it"),
        Binding("question_mark,f1", "app.show_help", "Help", id="app.help"),
        Binding("q", "app.leave", "Quit", id="learn.leave"),
    ]

    def __init__(self, kept: Sequence[Kept], solved: Mapping[str, int]) -> None:
        super().__init__()
        self._kept = kept
        self._solved = solved

    def compose(self) -> ComposeResult:
        """Lay out what they are, and the list."""
        box = Vertical(id="lessons-box")
        box.border_title = "Lessons"
        with box:
            yield Static(Text(_SAYS), id="lessons-say")
            yield LessonList(id="lessons")
            yield Static(id="lesson-about", markup=False)
        yield KeyBar()

    def on_mount(self) -> None:
        """Put the cursor on the first that was not solved."""
        names = [each.name for each in self._kept]
        first = next((n for n, name in enumerate(names) if name not in self._solved), 0)
        self.fill(self._solved, first)
        self.query_one(LessonList).focus()

    def on_lesson_list_moved(self, message: LessonList.Moved) -> None:
        """Tell what the lesson under the cursor is about."""
        message.stop()
        self.query_one("#lesson-about", Static).update(message.about)

    def fill(self, solved: Mapping[str, int], cursor: int | None = None) -> None:
        """Show what was solved by now."""
        found = self.query_one(LessonList)
        rows = [_row(n, each, solved) for n, each in enumerate(self._kept, 1)]
        found.fill(
            [*rows, SANDBOX, BREAK_IT], found.cursor if cursor is None else cursor
        )
        done = sum(each.name in solved for each in self._kept)
        box = self.query_one("#lessons-box")
        box.border_subtitle = f"{done} of {len(self._kept)} solved · Enter opens"


def _row(number: int, kept: Kept, solved: Mapping[str, int]) -> LessonRow:
    steps = solved.get(kept.name)
    fewest = len(kept.lesson.task.solution)
    told = "" if steps is None else f"in {count_text(steps, 'step')}"
    if steps is not None and steps > fewest:
        told += f" (fewest {fewest})"
    lesson = kept.lesson
    return LessonRow(str(number), safe(lesson.title, 80), safe(lesson.about, 200), told)
