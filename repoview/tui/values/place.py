"""Places: what a view shows, as a value; and the history of places."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A view, and the thing in it that the cursor is on."""

    view: str
    """browse, tree, diagram, steps, blocks, findings or overview."""

    what: str = ""
    """record, node, block, finding or collection; empty for none."""

    number: int = -1
    """Of a record, node, finding or collection; of a block, where its section
    begins in the file."""


class History:
    """Two stacks of places: those to go back to, and those to go forward to.

    The current place is in neither; it is pushed when it is left.
    """

    MOST = 1_000

    def __init__(self) -> None:
        self._behind: list[Place] = []
        self._ahead: list[Place] = []

    def leave(self, place: Place) -> None:
        """Push the place that is left, and drop those to go forward to."""
        if not self._behind or self._behind[-1] != place:
            self._behind.append(place)
            del self._behind[: -self.MOST]
        self._ahead.clear()

    def back(self, here: Place) -> Place | None:
        """Go back from *here*: return the previous place, None for none."""
        return self._turn(here, self._behind, self._ahead)

    def forward(self, here: Place) -> Place | None:
        """Go forward from *here*: return the next place, None for none."""
        return self._turn(here, self._ahead, self._behind)

    @staticmethod
    def _turn(here: Place, take: list[Place], give: list[Place]) -> Place | None:
        while take:
            place = take.pop()
            if place != here:
                give.append(here)
                return place
        return None
