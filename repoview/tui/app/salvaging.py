"""What can be saved of a broken file: the dialog, and what came of it."""

from __future__ import annotations

from repoview.tui.app.navigating import Navigating


class Salvaging(Navigating):
    """Offers to look for every block that is whole, and to write these."""

    def action_salvage(self) -> None:
        """Tell what can be saved of the current source."""
        visit = self.visit
        target = visit.target
        if not isinstance(target, str):
            self.notify(
                "A pipe cannot be read again: save it as a file, and open that.",
                markup=False,
            )
            return
        from repoview.tui.screens.dialogs.salvage import SalvageDialog
        from repoview.tui.session.writing.salvage import SalvageAnswers

        answers = SalvageAnswers(target, visit.settings.options, visit.called or target)
        self.push_screen(SalvageDialog(answers), self._salvaged)

    def _salvaged(self, said: str | None) -> None:
        if said is not None:
            self.notify(said, markup=False)
