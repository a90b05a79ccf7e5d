"""Answers to take along: what differs between two sources, and proofs of records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.tui.app.navigating import Navigating

if TYPE_CHECKING:
    from repoview.tui.screens.dialogs.differences import Gone, Side


class Answering(Navigating):
    """Compares open sources, and writes the proof of a record."""

    def action_differences(self) -> None:
        """Compare the current source with another that is open."""
        from repoview.tui.screens.dialogs.differences import Side

        sides = [
            Side(number, visit.name, visit.session)
            for number, visit in enumerate(self.visits, 1)
            if visit.session is not None
        ]
        if self.session is None or len(sides) < 2:
            waits = len(self.visits) > 1
            self.notify(
                "Two sources can be compared when both are read."
                if waits
                else "Two sources can be compared: Ctrl+O opens another.",
                markup=False,
            )
            return
        self._show_differences(sides)

    def _show_differences(self, sides: list[Side]) -> None:
        """Compare the current source with the next, the older one first."""
        from repoview.tui.screens.dialogs.differences import Differences
        from repoview.tui.session.writing.differences import in_order

        here = next(n for n, side in enumerate(sides) if side.session is self.session)
        pair = here, (here + 1) % len(sides)
        if not in_order(sides[pair[0]].session, sides[pair[1]].session):
            pair = pair[1], pair[0]
        self.push_screen(Differences(sides, pair), self._gone)

    def _gone(self, to: Gone | None) -> None:
        if to is not None:
            self.action_tab(to.tab)
            self.go(to.place)

    def action_prove(self) -> None:
        """Ask where to write a proof of the record under the cursor."""
        session, view = self.session, self.view
        place = None if view is None else view.place()
        if session is None or place is None or place.what != "record":
            self.notify(
                "A proof is of a record: move to one, when all is read.", markup=False
            )
            return
        from repoview.tui.screens.dialogs.writing import WriteFile
        from repoview.tui.session.writing.proving import ProofFile

        answers = ProofFile(session.repo, place.number)
        self.push_screen(WriteFile(answers, answers.title), self._proved)

    def _proved(self, said: str | None) -> None:
        if said is not None:
            self.notify(said, markup=False)
