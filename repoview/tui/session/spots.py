"""Conversion of places to their persistent form, and back.

A record's number changes when the repository grows. So a record is stored by
its path, a node by its CID, a collection by its name; if that is gone, there is
no place. A block is stored by its offset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.cid import Cid
from repoview.core.errors import RepoviewError
from repoview.core.repo.inside import inside
from repoview.present import count_text
from repoview.tui.remembered.state import Spot
from repoview.tui.values.place import Place

if TYPE_CHECKING:
    from repoview.core.repo.repo import Repo

_VIEWS: Final = ("browse", "tree", "diagram", "steps", "blocks", "findings", "overview")


class SpotAnswers:
    """Answers about places of one repository in their persistent form.

    Args:
        repo: A whole one.
    """

    def __init__(self, repo: Repo) -> None:
        self._repo = repo

    @property
    def key(self) -> str:
        """The key of its state: its DID, or the name of its source."""
        commit = self._repo.commit
        return (None if commit is None else commit.did) or self._repo.name

    def spot(self, place: Place) -> Spot:
        """Return a place in its persistent form."""
        try:
            name, label = self._words(place)
        except RepoviewError:
            # The file has changed since it was opened.
            name, label = "", f"{place.what} {place.number:,}"
        return Spot(place.view, place.what, max(-1, place.number), name, label)

    def _words(self, place: Place) -> tuple[str, str]:
        """Return the name that identifies a place, and its label."""
        name, label = "", place.view
        number, repo = place.number, self._repo
        if place.what == "record" and 0 <= number < len(repo):
            name = label = repo.record(number).path
        elif place.what == "node" and 0 <= number < len(repo.tree):
            node = repo.tree.node(number)
            name = str(node.cid)
            below = count_text(node.record_count, "record")
            depth = "unknown" if node.depth is None else node.depth
            label = f"node of depth {depth}, {below} below"
        elif place.what == "collection" and 0 <= number < len(repo.collections):
            name = repo.collections[number].name
            label = f"collection {name or 'without a name'}"
        elif place.what == "finding":
            label = f"finding {number + 1:,}"
        elif place.what == "block":
            label = f"block at byte {number:,}"
        return name, label

    def place(self, spot: Spot) -> Place | None:
        """Return the place of a spot in this revision, None if it is gone."""
        if spot.view not in _VIEWS:
            return None
        if not spot.what:
            return Place(spot.view)
        number = self._number(spot)
        return None if number is None else Place(spot.view, spot.what, number)

    def _number(self, spot: Spot) -> int | None:
        repo = self._repo
        match spot.what:
            case "record":
                return self._record(spot)
            case "node":
                return self._node(spot.name)
            case "collection":
                names = (found.name for found in repo.collections)
                return next(
                    (n for n, name in enumerate(names) if name == spot.name), None
                )
            case "finding":
                there = 0 <= spot.number < len(repo.report.findings)
            case "block":
                there = 0 <= spot.number < inside(repo).source.size
            case _:
                there = False
        return spot.number if there else None

    def _record(self, spot: Spot) -> int | None:
        """Return the number of a record; looked up only where that has changed."""
        repo, number = self._repo, spot.number
        if not spot.name:
            return None
        if 0 <= number < len(repo) and repo.record(number).path == spot.name:
            return number
        return repo.find(spot.name)

    def _node(self, name: str) -> int | None:
        try:
            found = self._repo.locate_cid(Cid.parse(name))
        except RepoviewError:
            return None
        return found.number if found is not None and found.what == "node" else None
