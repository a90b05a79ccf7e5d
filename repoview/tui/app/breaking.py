"""Break it: the list of broken files, and the page of one, above what is shown."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING

from repoview.tui.app.base.program import Program

if TYPE_CHECKING:
    from repoview.breaking.cases import Case
    from repoview.settings import Settings
    from repoview.tui.screens.learn.broken import BrokenScreen
    from repoview.tui.widgets.learn.case_list import CaseList


def broken_settings(settings: Settings, case: Case) -> Settings:
    """Return settings by which the files of a case are opened: checked as it is."""
    from repoview.breaking.judged import checks_of

    options = replace(settings.options, checks=checks_of(case), cache=None, frame=None)
    return replace(settings, options=options, is_passing=True)


class Breaking(Program):
    """Shows broken files; how one is opened in the explorer is the app's."""

    @abstractmethod
    def open_broken(self, case: Case, *, is_twin: bool) -> None:
        """Open the file of a case, or its twin, in the explorer."""

    def break_it(self, typed: str = "", case: Case | None = None) -> None:
        """Show the list, and above it the page of a case."""
        # Late: building the files takes modules that nothing else needs.
        from repoview.tui.screens.learn.breaking import BreakScreen

        self.push_screen(BreakScreen(typed, case))
        if case is not None:
            self._show_case(case, [case])

    def action_break_it(self) -> None:
        """Show the list."""
        self.break_it()

    def on_case_list_chosen(self, message: CaseList.Chosen) -> None:
        """Show the page of a case."""
        from repoview.tui.screens.learn.breaking import BreakScreen

        here = self.screen
        if isinstance(here, BreakScreen):
            self._show_case(message.case, here.cases)

    def _show_case(self, case: Case, cases: list[Case]) -> None:
        from repoview.tui.screens.learn.broken import BrokenScreen

        self.push_screen(BrokenScreen(case, cases), self._left_case)

    def _left_case(self, case: Case | None) -> None:
        """Stand in the list where the page was left."""
        from repoview.tui.screens.learn.breaking import BreakScreen

        for screen in self.screen_stack:
            if isinstance(screen, BreakScreen) and case is not None:
                screen.stand_on(case)

    def on_broken_screen_opened(self, message: BrokenScreen.Opened) -> None:
        """Open a file in the explorer."""
        self.open_broken(message.case, is_twin=message.is_twin)
