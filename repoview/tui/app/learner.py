"""The app of `repoview learn`: lessons, the sandbox, and the broken files."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from repoview.learn.shelf import Kept, lessons
from repoview.tui.app.breaking import Breaking
from repoview.tui.app.helping import Helping
from repoview.tui.screens.learn.lesson import LessonScreen
from repoview.tui.screens.learn.lessons import Lessons
from repoview.tui.visits.resilient import Resilient

if TYPE_CHECKING:
    from repoview.breaking.cases import Case
    from repoview.settings import Settings
    from repoview.tui.widgets.learn.lesson_list import LessonList


class BreakAt(NamedTuple):
    """Where to begin among the broken files."""

    typed: str = ""
    """What they are narrowed by."""

    case: Case | None = None


class Learner(Breaking, Helping):
    """The list of lessons, and above it the one that is open.

    Args:
        settings: Has the paths of the configuration and the state.
        first: The lesson to open at once; None for the list.
        is_sandbox: Whether to open the sandbox at once.
        breaking: Which of the broken files to open at once; None for none.
    """

    opened: tuple[Case, bool] | None = None
    """A broken file to be opened in the explorer, and whether it is its twin."""

    def __init__(
        self,
        settings: Settings,
        first: Kept | None = None,
        *,
        is_sandbox: bool = False,
        breaking: BreakAt | None = None,
    ) -> None:
        super().__init__(settings)
        self._kept = lessons()
        self._first = first
        self._is_sandbox = is_sandbox
        self._breaking = breaking

    def on_mount(self) -> None:
        """Show the list, and what was asked for above it."""
        self.use_settings()
        self.push_screen(Lessons(self._kept, self.state.solved()))
        if self._first is not None:
            self._open(self._first)
        elif self._is_sandbox:
            self._open_sandbox()
        elif self._breaking is not None:
            self.break_it(*self._breaking)

    @property
    def has_frame(self) -> bool:
        """Whether the screen is laid out."""
        return isinstance(self.screen, Resilient) and bool(self.screen.size)

    def on_lesson_list_chosen(self, message: LessonList.Chosen) -> None:
        """Open a lesson, or what is behind them: the sandbox, the broken files."""
        if message.number < len(self._kept):
            self._open(self._kept[message.number])
        elif message.number == len(self._kept):
            self._open_sandbox()
        else:
            self.action_break_it()

    def open_broken(self, case: Case, *, is_twin: bool) -> None:
        """Leave, to come back when the explorer was left."""
        self.opened = case, is_twin
        self.end(0)

    def on_lesson_screen_solved(self, message: LessonScreen.Solved) -> None:
        """Keep the score."""
        self.state.keep_solved(message.name, message.steps)

    def on_lesson_screen_turn(self, message: LessonScreen.Turn) -> None:
        """Open the next lesson, or the one before; back to the list at the ends."""
        here = self.screen
        if not isinstance(here, LessonScreen):
            return
        number = self._number_of(here.kept) + message.by
        here.dismiss()
        if 0 <= number < len(self._kept):
            self._open(self._kept[number])

    def _number_of(self, kept: Kept) -> int:
        """Return which lesson it is; that of another's leads to the list."""
        names = [each.name for each in self._kept]
        return names.index(kept.name) if kept.name in names else len(names)

    def _open(self, kept: Kept) -> None:
        number = self._number_of(kept)
        is_ours = number < len(self._kept)
        place = f"{number + 1} of {len(self._kept)}" if is_ours else ""
        self.push_screen(LessonScreen(kept, place), self._came_back)

    def _open_sandbox(self) -> None:
        from repoview.tui.screens.learn.sandbox import SandboxScreen

        world = self._kept[0].lesson.scene().world
        self.push_screen(SandboxScreen(world, "a small repository"), self._came_back)

    def _came_back(self, _: None) -> None:
        """Show in the list what was solved meanwhile."""
        for screen in self.screen_stack:
            if isinstance(screen, Lessons):
                screen.fill(self.state.solved())
