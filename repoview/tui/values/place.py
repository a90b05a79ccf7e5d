"""Places that a reader can be at, or go to."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A view, and what it shows."""

    view: str
    """browse, tree, blocks, findings or overview."""

    what: str = ""
    """record, node, block, finding or collection; empty for no such thing."""

    number: int = -1
    """Of a record, node, finding or collection; of a block, where its section
    begins in the file."""


class History:
    """The places where a reader was, and how to go back and forward.

    The place where the reader is now stands in it when it is left.
    """

    MOST = 1_000

    def __init__(self) -> None:
        self._behind: list[Place] = []
        self._ahead: list[Place] = []

    def leave(self, place: Place) -> None:
        """Note where the reader was before going elsewhere."""
        if not self._behind or self._behind[-1] != place:
            self._behind.append(place)
            del self._behind[: -self.MOST]
        self._ahead.clear()

    def back(self, here: Place) -> Place | None:
        """Return where the reader was before *here*, None for nowhere."""
        return self._turn(here, self._behind, self._ahead)

    def forward(self, here: Place) -> Place | None:
        """Return where the reader came back from, None for nowhere."""
        return self._turn(here, self._ahead, self._behind)

    @staticmethod
    def _turn(here: Place, take: list[Place], give: list[Place]) -> Place | None:
        while take:
            place = take.pop()
            if place != here:
                give.append(here)
                return place
        return None
