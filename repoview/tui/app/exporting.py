"""Export: asks what to write and where, and reports the outcome."""

from __future__ import annotations

from repoview.tui.app.navigating import Navigating


class Exporting(Navigating):
    """Offers the marked, found or shown records, and the whole repository."""

    def action_export(self) -> None:
        """Ask what to export, and write it."""
        session = self.session
        if session is None:
            self.notify("One can export when all is read.", markup=False)
            return
        from repoview.tui.screens.dialogs.export import Export

        choices = [] if self.browse is None else self.browse.choices(session)
        choices.append(session.export.everything())
        self.push_screen(Export(session.export, choices), self._exported)

    def _exported(self, said: str | None) -> None:
        if said is not None:
            self.notify(said, markup=False)
