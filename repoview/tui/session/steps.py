"""Answers about steps: what can be gone through, and where in the tree a step is."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property, partial
from typing import TYPE_CHECKING, Final

from repoview.core.diff.diff import diff_steps
from repoview.core.errors import NotFound
from repoview.core.repo.inside import inside
from repoview.core.repo.tree import drawn
from repoview.core.repo.walk_places import WalkPlaces
from repoview.core.trees.lookup import look_up
from repoview.core.trees.walk import walk
from repoview.present import safe
from repoview.tui.session.step_track import Begun, Track

if TYPE_CHECKING:
    from repoview.core.inventory.streaming import StreamOrder
    from repoview.core.repo.repo import Repo
    from repoview.core.trees.node import TreeSource
    from repoview.diagram.tree import DiagramTree
    from repoview.present.steps.said import Spot

_LINKS: Final = 256
"""Nodes that begin at one key, at most: no honest tree is so deep."""

ORDERS: Final[tuple[StreamOrder, ...]] = ("file", "walk", "cid")
_ORDER_NAMES: Final = {
    "file": "file order",
    "walk": "walk order",
    "cid": "CID order",
}


class StepAnswers:
    """Answers about the steps of one repository.

    Args:
        repo: A whole one.
        name: What it is called, safe to show.
    """

    def __init__(self, repo: Repo, name: str = "") -> None:
        self.repo = repo
        self.name = name or safe(repo.name, 60)

    @property
    def has_tree(self) -> bool:
        """Whether there is a tree to go through."""
        return len(self.repo.tree) > 0

    @property
    def drawn(self) -> DiagramTree:
        """The tree as diagrams ask for it."""
        return drawn(self.repo.tree)

    @cached_property
    def _places(self) -> WalkPlaces:
        return WalkPlaces(self.repo)

    # What can be gone through

    def walk(self) -> Track:
        """Return the steps of a walk through the whole tree."""
        repo, places = self.repo, self._places
        title = "through the tree"
        if not places.are_known:
            return Track(title, lambda _: Begun(0, walk(repo.tree)), repo, waits=True)
        total = len(places)
        return Track(title, self._begin, repo, total, is_random=True, waits=True)

    def _begin(self, step: int) -> Begun:
        return Begun(*self._places.begin(step))

    def walk_step(self, what: str, number: int) -> int:
        """Return the step of a walk that comes to a node or a record; 0 if unknown."""
        if not self._places.are_known:
            return 0
        if what == "record":
            return self._places.of_record(number)
        return self._places.of_node(number)

    def look_up(self, path: str) -> Track:
        """Return the steps of a look-up of a path, there or not."""
        repo, key = self.repo, path.encode(errors="surrogatepass")
        return Track.short(safe(path, 120), lambda: look_up(repo.tree, key), repo)

    def proof(self, path: str) -> Track:
        """Return the steps of the proof of a path, there or not."""
        repo, key = self.repo, path.encode(errors="surrogatepass")
        return Track.short(safe(path, 120), lambda: repo.proof_steps(key), repo)

    def stream(self, order: StreamOrder) -> Track:
        """Return the steps of a streaming reader.

        Raises:
            LimitExceeded: There are too many blocks to sort them.
            NotFound: There is no tree, or not all of it was walked.
        """
        steps = self.repo.inventory.stream_steps
        steps(order)
        return Track(_ORDER_NAMES[order], lambda _: Begun(0, steps(order)), self.repo)

    def diff(self, new: StepAnswers) -> Track:
        """Return the steps of a diff from this tree to another."""
        old_tree, new_tree = self.repo.tree, new.repo.tree
        title = f"from {self.name} to {new.name}"
        begin = partial(_begin_diff, old_tree, new_tree)
        return Track(title, begin, self.repo, waits=True)

    def is_before(self, other: StepAnswers) -> bool:
        """Tell whether this is an earlier state of the account that another is of."""
        mine, theirs = self.repo.commit, other.repo.commit
        if mine is None or theirs is None or mine.did != theirs.did:
            return False
        return (mine.rev or "") < (theirs.rev or "")

    # Where a step is

    def path_of(self, what: str, number: int) -> str:
        """Return the path of a record, or of the first one below a node; "" for none.

        Raises:
            SourceError: The source was changed.
        """
        repo = self.repo
        if what == "node" and 0 <= number < len(repo.tree):
            number = inside(repo).nodes.first_records[number]
        return repo.record(number).path if 0 <= number < len(repo) else ""

    def record(self, path: str) -> int | None:
        """Return the number of a record; None where none has the path."""
        return self.repo.find(path) if path else None

    def place(self, spot: Spot) -> tuple[str, int] | None:
        """Return the node or record where a step is: what, and its number.

        None where the tree does not have it. A key that is not there is at the node
        where it would be.
        """
        repo = self.repo
        if spot.number is not None:
            return ("record" if spot.what == "record" else "node"), spot.number
        if spot.what == "node":
            number = self._node(spot)
            return None if number is None else ("node", number)
        record = repo.find(spot.key)
        if record is not None:
            return "record", record
        try:
            way = repo.tree.way_to(spot.key)
        except NotFound:
            return None
        return ("node", way[-1]) if way else None

    def _node(self, spot: Spot) -> int | None:
        """Return the number of a node by its CID and the key before it."""
        parts = inside(self.repo)
        index, firsts = parts.index, parts.nodes.first_records
        first = index.bisect(spot.key) if spot.key else 0
        if spot.key and first < len(index) and index.key(first) == spot.key:
            first += 1
        start = bisect_left(firsts, first)
        for number in range(start, min(start + _LINKS, len(firsts))):
            if firsts[number] != first:
                break
            if self.repo.tree.node(number).cid == spot.cid:
                return number
        return None


def _begin_diff(old: TreeSource, new: TreeSource, _: int) -> Begun:
    return Begun(0, diff_steps(old, new))
