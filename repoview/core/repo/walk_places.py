"""The steps of a walk by number, so that any of them is reached at once.

A walk takes two steps at each node (it is asked for, and opened or refused), and one
at each key. So the number of a step follows from those of nodes and records, which
the node table has, and a walk can begin at any key. No step is kept.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from repoview.core.repo.inside import inside
from repoview.core.trees.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.repo.repo import Repo
    from repoview.core.trees.steps import WalkStep

_HARMLESS: Final = (
    *("BLB", "BLK", "CAR", "COM", "FRM", "ORD", "REC", "SIG"),
    *("KEY012", "KEY015"),
)
"""Families of findings, and codes, for which no node is refused that is there."""


class WalkPlaces:
    """Where each step of the walk of a repository is.

    Args:
        repo: A whole one, with a tree.
    """

    def __init__(self, repo: Repo) -> None:
        parts = inside(repo)
        self._tree, self._outline, self._index = repo.tree, parts.outline, parts.index
        report = repo.report
        self.are_known = (
            report.order is not None
            and not any(report.changes)
            and all(each.code.startswith(_HARMLESS) for each in report.findings)
        )
        """Whether the walk that verified it took the same steps. Where a node breaks
        a rule it may not have: then nothing else here holds."""

    def __len__(self) -> int:
        """Return the number of all steps."""
        return 2 * len(self._tree) + len(self._index)

    def of_node(self, number: int) -> int:
        """Return the step that asks for a node."""
        return self._outline.of_node(number) + number

    def of_record(self, number: int) -> int:
        """Return the step that comes to the key of a record."""
        item = self._outline.of_record(number)
        return 2 * item - number

    def begin(self, step: int) -> tuple[int, Iterator[WalkStep]]:
        """Return a walk that begins at a step or a little before, and at which.

        Args:
            step: From 0.
        """
        records = range(len(self._index))
        number = bisect_right(records, step, key=self.of_record) - 1
        if number < 0:
            return 0, walk(self._tree)
        return self.of_record(number), walk(self._tree, self._index.key(number))
