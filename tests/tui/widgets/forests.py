"""Forests for tests of outlines, and strategies that generate them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from repoview.tui.widgets.base.folding import hop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypothesis.strategies import SearchStrategy


class Levels:
    """A forest made of the level of each item."""

    def __init__(self, levels: Sequence[int]) -> None:
        self.levels = levels
        self.asked = 0
        """The number of calls."""

    def __repr__(self) -> str:
        return f"Levels({list(self.levels)})"

    def __len__(self) -> int:
        return len(self.levels)

    def end(self, item: int) -> int:
        """Return the next item that is not deeper."""
        self.asked += 1
        behind = range(item + 1, len(self.levels))
        level = self.levels[item]
        return next((n for n in behind if self.levels[n] <= level), len(self.levels))

    def parent(self, item: int) -> int:
        """Return the last item before that is less deep."""
        self.asked += 1
        before = range(item - 1, -1, -1)
        level = self.levels[item]
        return next((n for n in before if self.levels[n] < level), -1)

    def level(self, item: int) -> int:
        """Return the level that it was made with."""
        self.asked += 1
        return self.levels[item]

    def children(self, item: int) -> Iterator[range]:
        """Use `hop`."""
        return hop(self, item + 1, self.end(item))


def forests(most: int = 40) -> SearchStrategy[Levels]:
    """Forests of any shape."""

    def grown(steps: list[int]) -> Levels:
        levels: list[int] = []
        for step in steps:
            levels.append(
                max(0, min(levels[-1] + 1, levels[-1] + step)) if levels else 0
            )
        return Levels(levels)

    return st.lists(st.integers(-3, 2), max_size=most).map(grown)


class Complete:
    """A forest of one tree whose every item has as many below, to a depth.

    Any number of items, none of them held.
    """

    def __init__(self, fanout: int, depth: int) -> None:
        self.fanout = fanout
        self.sizes = [1]
        """Items of a tree by its depth."""
        for _ in range(depth):
            self.sizes.append(1 + fanout * self.sizes[-1])
        self.asked = 0

    def __len__(self) -> int:
        return self.sizes[-1]

    def _way(self, item: int) -> list[int]:
        """Return the items from the top to one."""
        self.asked += 1
        way, here = [0], 0
        for size in reversed(self.sizes[:-1]):
            if here == item:
                break
            here = here + 1 + (item - here - 1) // size * size
            way.append(here)
        return way

    def end(self, item: int) -> int:
        """Return the item behind a tree of its depth."""
        return item + self.sizes[len(self.sizes) - len(self._way(item))]

    def parent(self, item: int) -> int:
        """Return the item above."""
        return self._way(item)[-2] if item else -1

    def level(self, item: int) -> int:
        """Return how far down it is."""
        return len(self._way(item)) - 1

    def children(self, item: int) -> Iterator[range]:
        """Use `hop`."""
        return hop(self, item + 1, self.end(item))
