"""Answers about where things are: what a reader's words lead to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.cid import Cid
from repoview.core.errors import CidError
from repoview.tui.place import Place

if TYPE_CHECKING:
    from repoview.core.repo import Location, Repo

_VIEWS: Final = {"record": "browse", "node": "tree", "block": "blocks"}


def place_of(location: Location) -> Place:
    """Return the place that shows what the engine found."""
    return Place(_VIEWS[location.what], location.what, location.number)


class PlaceAnswers:
    """Answers about the places of one repository.

    Args:
        repo: A whole one.
    """

    def __init__(self, repo: Repo) -> None:
        self._repo = repo

    def find(self, text: str) -> Place | None:
        """Return what a reader's words lead to; None when there is no such place.

        A number, a repo path, an AT URI, a CID, or ``@`` and a byte position.
        """
        text = text.strip()
        bare = text.replace(",", "")
        if bare.isdecimal() and len(bare) < 12:
            number = int(bare)
            return _record(number) if number < len(self._repo) else None
        if bare[:1] == "@" and bare[1:].isdecimal():
            return Place("blocks", "block", int(bare[1:]))
        path = text
        if text.startswith("at://"):
            path = text.removeprefix("at://").partition("/")[2]
        number_found = self._repo.find(path)
        if number_found is not None:
            return _record(number_found)
        try:
            cid = Cid.parse(text)
        except CidError:
            return None
        location = self._repo.locate_cid(cid)
        return None if location is None else place_of(location)


def _record(number: int) -> Place:
    return Place("browse", "record", number)
