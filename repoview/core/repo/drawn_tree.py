"""The tree of a repository as a drawing asks for it; see `diagram.tree`.

Nodes and keys come from the node table and the index of records: no block is
read. What is known of all nodes at once is their distance from the top, a byte
each, which is searched and counted as text is.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cache, cached_property, lru_cache
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from repoview.core.index.outline import TreeOutline
from repoview.core.kernel.seam import NO_PARENT, UNKNOWN_DEPTH, NodeKind
from repoview.core.marks import NO_ROW, State
from repoview.diagram.tree import GROUPS, DiagramKey, DiagramNode, key_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.index.nodes import NodeTable
    from repoview.core.repo.block_reader import BlockReader

_NODES: Final = 1_024
_KEYS: Final = 4_096
"""Nodes and keys that are cached: windows overlap when one moves."""

_BLOCK: Final = 4_096
"""Nodes that are counted at once."""

_HOLES: Final = 64
"""Holes that are looked at for one place of a shape."""

_KINDS: Final = {
    NodeKind.MISSING: "missing node",
    NodeKind.DAMAGED: "damaged node",
    NodeKind.SHARED: "linked before",
    NodeKind.NOT_A_NODE: "not a node",
    NodeKind.TOO_DEEP: "too deep",
}


class DrawnTree:
    """Answers what a drawing asks of a tree.

    Args:
        holdings: Blocks and records.
        nodes: Where each node stands.
        is_bare: Whether the file holds no records by design, so none are missing.
    """

    def __init__(
        self, holdings: BlockReader, nodes: NodeTable, *, is_bare: bool = False
    ) -> None:
        self._holdings, self._nodes = holdings, nodes
        self._is_bare = is_bare
        self._outline = TreeOutline(nodes, holdings.index)
        self.node = lru_cache(_NODES)(self._node)
        self.key = lru_cache(_KEYS)(self._key)
        self._counted = cache(self._count)

    @cached_property
    def _distances(self) -> bytes:
        return bytes(self._nodes.distances[:])

    @cached_property
    def levels(self) -> int:
        """How many distances from the top there are."""
        return max(self._distances) + 1 if self._distances else 0

    @property
    def records(self) -> int:
        """How many records there are."""
        return len(self._holdings.index)

    def depth_at(self, distance: int) -> int | None:
        """Return the depth of the nodes at a distance, by that of the first."""
        number = self._distances.find(distance)
        while number >= 0 and self._nodes.depths[number] == UNKNOWN_DEPTH:
            number = self._distances.find(distance, number + 1)
        return None if number < 0 else self._nodes.depths[number]

    def _node(self, number: int) -> DiagramNode:
        """Return a node."""
        nodes = self._nodes
        kind = NodeKind(nodes.kinds[number])
        parent = nodes.parents[number]
        is_hole = kind is not NodeKind.NODE
        return DiagramNode(
            number,
            nodes.distances[number],
            None if parent == NO_PARENT else parent,
            () if is_hole else self._items(number),
            _KINDS[kind] if is_hole else "",
            self._hides(number) if is_hole else "",
        )

    def _items(self, number: int) -> tuple[range | int, ...]:
        nodes = self._nodes
        items: list[range | int] = []
        record, child = nodes.first_records[number], number + 1
        while child < nodes.ends[number]:
            first = nodes.first_records[child]
            if record < first:
                items.append(range(record, first))
            items.append(child)
            record, child = nodes.record_ends[child], nodes.ends[child]
        if record < nodes.record_ends[number]:
            items.append(range(record, nodes.record_ends[number]))
        return tuple(items)

    def _hides(self, number: int) -> str:
        """Return the keys that a hole hides, by the names of those around it."""
        hole = self._nodes.holes.get(number)
        if hole is None:
            return ""
        lo = key_label(hole.lo).text if hole.lo else None
        hi = None if hole.hi is None else key_label(hole.hi).text
        if lo is None:
            return "all keys" if hi is None else f"keys before {hi}"
        return f"keys after {lo}" if hi is None else f"{lo} … {hi}"

    def _key(self, record: int) -> DiagramKey:
        """Return the key of a record."""
        key = self._holdings.index.key(record)
        return DiagramKey(key_label(key), self._group(record), self._is_there(record))

    def _is_there(self, record: int) -> bool:
        if self._is_bare:
            return True
        row = self._holdings.index.rows[record]
        if row == NO_ROW:
            return self._holdings.state_of(record, "") != "missing"
        return self._holdings.blocks.state(row) is not State.WRONG_HASH

    def _group(self, record: int) -> int:
        starts = self._holdings.index.ranges.starts
        return max(bisect_right(starts, record) - 1, 0) % GROUPS

    def holder(self, record: int) -> int:
        """Return the node that a record's key stands in."""
        return self._outline.holder(record)

    def beside(self, number: int, step: int) -> int | None:
        """Return the next node at the same distance, or with step -1 the one before."""
        distance = self._distances[number]
        if step > 0:
            there = self._distances.find(distance, number + 1)
        else:
            there = self._distances.rfind(distance, 0, number)
        return None if there < 0 else there

    def before(self, number: int) -> int:
        """Return how many nodes at the same distance come before one."""
        distance, block = self._distances[number], number // _BLOCK
        before = self._counted(distance)[block]
        return before + self._distances.count(distance, block * _BLOCK, number)

    def amount(self, distance: int) -> int:
        """Return how many nodes there are at a distance."""
        return self._counted(distance)[-1]

    def _count(self, distance: int) -> list[int]:
        """Return how many nodes of a distance are before each block of nodes.

        To count them byte by byte takes a few milliseconds of a million nodes.
        """
        counts = (
            self._distances.count(distance, start, start + _BLOCK)
            for start in range(0, len(self._distances), _BLOCK)
        )
        return list(accumulate(counts, initial=0))

    def counts(self, edges: Sequence[int]) -> list[list[int]]:
        """Return how many nodes begin between records, of each distance."""
        firsts = [self._first_at(edge) for edge in edges]
        return [
            [
                self._distances.count(distance, start, stop)
                for start, stop in pairwise(firsts)
            ]
            for distance in range(self.levels)
        ]

    def _first_at(self, record: int) -> int:
        """Return the first node that begins at a record or behind it."""
        if record >= self.records:
            return len(self._nodes)
        return bisect_left(self._nodes.first_records, record)

    def holes(self, edges: Sequence[int]) -> set[tuple[int, int]]:
        """Return (distance, place) of what `counts` returns where there is a hole.

        Of many in one place only the first are looked at.
        """
        numbers = self._nodes.holes.numbers
        found = set()
        for place, (start, stop) in enumerate(pairwise(edges)):
            first = bisect_left(numbers, self._first_at(start))
            last = bisect_left(numbers, self._first_at(stop), first)
            for number in numbers[first : min(last, first + _HOLES)]:
                found.add((self._distances[number], place))
        return found
