"""Trees to be drawn: of a repository, and a regular one of any size."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from repoview import Repo
from repoview.core.repo.tree import drawn
from repoview.diagram.tree import DiagramKey, DiagramNode, key_label
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.repo.drawn_tree import DrawnTree


@cache
def tree_of(records: int, leave_out: int = 0) -> DrawnTree:
    """Return the tree of a repository of so many records."""
    data = make_repo(many(records), leave_out=leave_out)
    return drawn(Repo.load(data).tree)


class RegularTree:
    """A tree whose nodes have *fan* links each, and a key between any two.

    Everything is computed, so it may have any size.
    """

    def __init__(self, levels: int, fan: int = 5) -> None:
        self.levels, self.fan = levels, fan
        self.records = fan**levels - 1
        self.asked: set[int] = set()
        """Nodes that were asked for."""

    def size(self, distance: int) -> int:
        """Return how many nodes there are in and below a node."""
        return int((self.fan ** (self.levels - distance) - 1) // (self.fan - 1))

    def depth_at(self, distance: int) -> int:
        """Return the depth, which counts from the bottom."""
        return self.levels - 1 - distance

    def steps(self, number: int) -> list[tuple[int, int]]:
        """Return the nodes from the top to one, each as (number, place)."""
        found, here = [(0, 0)], 0
        while here != number:
            size = self.size(len(found))
            place = (number - here - 1) // size
            here += 1 + place * size
            found.append((here, place))
        return found

    def node(self, number: int) -> DiagramNode:
        """Return a node; it is remembered that it was asked for."""
        self.asked.add(number)
        steps = self.steps(number)
        distance = len(steps) - 1
        first = 0
        for level, (_, place) in enumerate(steps[1:], 1):
            first += place * self.fan ** (self.levels - level)
        items: list[range | int] = []
        below = self.fan ** (self.levels - distance - 1)
        for place in range(self.fan):
            if distance < self.levels - 1:
                items.append(number + 1 + place * self.size(distance + 1))
            if place < self.fan - 1:
                key = first + (place + 1) * below - 1
                items.append(range(key, key + 1))
        parent = steps[-2][0] if distance else None
        return DiagramNode(number, distance, parent, tuple(items))

    def key(self, record: int) -> DiagramKey:
        """Return a key that tells its number."""
        return DiagramKey(key_label(f"a.b.kind/{record:05}".encode()), 0, True)

    def holder(self, record: int) -> int:
        """Return the node of a key."""
        number, first = 0, 0
        for distance in range(self.levels):
            below = self.fan ** (self.levels - distance - 1)
            place, rest = divmod(record - first, below)
            if rest == below - 1 and place < self.fan - 1:
                return number
            first += place * below
            number += 1 + place * self.size(distance + 1)
        raise AssertionError

    def before(self, number: int) -> int:
        """Return the place of a node in its band."""
        found = 0
        for _, place in self.steps(number):
            found = found * self.fan + place
        return found

    def beside(self, number: int, step: int) -> int | None:
        """Return a neighbor in the same band."""
        distance = len(self.steps(number)) - 1
        place = self.before(number) + step
        if not 0 <= place < self.amount(distance):
            return None
        found = 0
        for level in range(1, distance + 1):
            digit = place // self.fan ** (distance - level) % self.fan
            found += 1 + digit * self.size(level)
        return found

    def amount(self, distance: int) -> int:
        """Return how many nodes a band has."""
        return self.fan**distance

    def counts(self, edges: Sequence[int]) -> list[list[int]]:
        """Shapes are of repositories."""
        raise NotImplementedError

    def holes(self, edges: Sequence[int]) -> set[tuple[int, int]]:
        """It has none."""
        raise NotImplementedError
