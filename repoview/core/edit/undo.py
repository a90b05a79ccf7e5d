"""Undo the changes of a commit, one by one, as far as the nodes are there.

Undone are first those that took a key out or gave it another record, then those
that put one in, the lowest keys of the tree first. In this order the fewest
nodes are opened: a key that is put back parts what would have to be merged. What
leads into a hole is tried again when others are undone.

Source: atproto sync, "Inductive Firehose".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from repoview.core.formats.mst import key_depth
from repoview.core.trees.node import NodeUnusable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.cid import Cid
    from repoview.core.edit.partial_tree import PartialTree
    from repoview.core.trees.record_change import RecordChange


@dataclass(frozen=True, slots=True)
class Step:
    """One change that was undone, or could not be."""

    number: int
    """Of the change, from 0."""

    top: Cid | None = None
    """The top node of the tree then; None where it was not undone."""

    hole: NodeUnusable | None = None
    """The node that would have to be opened, where that is why."""

    @property
    def contradicts(self) -> bool:
        """Whether the tree has something else at the key than the change left."""
        return self.top is None and self.hole is None


def undo(
    tree: PartialTree,
    changes: Sequence[RecordChange],
    pause: Callable[[], None] = lambda: None,
) -> tuple[PartialTree, list[Step]]:
    """Return the tree before *changes*, and the steps that led there.

    Where a step could not be taken, the tree is that of the others.

    Args:
        tree: That after them.
        changes: Each of another key.
        pause: Called before each step; what it raises ends it.
    """
    left = sorted(range(len(changes)), key=lambda number: _order(changes[number]))
    steps: list[Step] = []
    holes: dict[int, NodeUnusable] = {}
    while left:
        holes = {}
        for number in left:
            pause()
            try:
                tree, step = _undone(tree, changes[number], number)
            except NodeUnusable as error:
                holes[number] = error
            else:
                steps.append(step)
        if len(holes) == len(left):
            break
        left = [*holes]
    steps += [Step(number, hole=hole) for number, hole in holes.items()]
    return tree, steps


def _order(change: RecordChange) -> tuple[bool, int, bytes]:
    return change.before is None, key_depth(change.key), change.key


def _undone(
    tree: PartialTree, change: RecordChange, number: int
) -> tuple[PartialTree, Step]:
    if tree.get(change.key) != change.after:
        return tree, Step(number)
    if change.before is not None:
        tree = tree.put(change.key, change.before)
    elif change.after is not None:
        tree = tree.delete(change.key)
    return tree, Step(number, tree.top)
