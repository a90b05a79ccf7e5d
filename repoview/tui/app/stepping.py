"""Step through: what is done with the tree, from the current place."""

from __future__ import annotations

from repoview.tui.app.navigating import Navigating
from repoview.tui.values.place import Place


class Stepping(Navigating):
    """Opens the view of steps."""

    def action_steps(self) -> None:
        """Look up the current record, or walk from the current node on."""
        here = self.view
        if here is None or here.VIEW == "steps":
            return
        if self.session is None:
            self.notify("That can be stepped through when all is read.", markup=False)
            return
        place = here.place()
        if place.what in {"record", "node"}:
            self.go(Place("steps", place.what, place.number))
        else:
            self.go(Place("steps"))
