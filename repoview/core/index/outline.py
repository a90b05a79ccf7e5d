"""The tree as one sequence of items: nodes and records, in preorder.

A walk numbers nodes and records separately. Their common order needs no column
of its own: before a node come all nodes of smaller number, and as many records
as the node table says; before a record come all records of smaller number, and
the nodes entered by then. So a view can hold any part of the tree as a range
of items, and all of it as a single one.

Every answer is a few bisections of the node table; no block is read and nothing
is stored. A link that led to no node (missing, damaged, linked to before, not a
node, too deep) is an item with nothing below it. An entry that the walk could
not read is no item; a node that a limit cut short has what was walked by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.kernel.seam import NO_PARENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.index.records import NodeTable, RecordIndex

_LINKS_PASSED: Final = 64
"""Most adjacent sub-trees skipped in search of the entry before one: an honest
node has an entry between any two."""


class Member(NamedTuple):
    """An item of the outline: a node or a record, by number."""

    is_node: bool
    """Whether it is a node, or a link that led to none."""

    number: int


class TreeOutline:
    """Items from 0, in preorder; the top node is the first.

    Args:
        nodes: The node table.
        records: Only their count is used.
    """

    def __init__(self, nodes: NodeTable, records: RecordIndex) -> None:
        self._nodes = nodes
        self._records = records

    def __len__(self) -> int:
        return len(self._nodes) + len(self._records)

    def at(self, item: int) -> Member:
        """Return what an item is; *item* is below ``len(outline)``."""
        node = self._entered(item)
        if node + self._nodes.first_records[node] == item:
            return Member(True, node)  # noqa: FBT003 (a field of a value)
        return Member(False, item - node - 1)  # noqa: FBT003 (the same)

    def of_node(self, number: int) -> int:
        """Return the item that is a node."""
        return number + self._nodes.first_records[number]

    def of_record(self, number: int) -> int:
        """Return the item that is a record."""
        return number + self._last_before(number) + 1

    def end(self, item: int) -> int:
        """Return the item behind the last one below an item."""
        is_node, number = self.at(item)
        return self._node_end(number) if is_node else item + 1

    def parent(self, item: int) -> int:
        """Return the item of the node that an item is in; -1 for the top."""
        is_node, number = self.at(item)
        node = self._parent(number) if is_node else self.holder(number)
        return -1 if node is None else self.of_node(node)

    def level(self, item: int) -> int:
        """Return how many nodes are above an item."""
        is_node, number = self.at(item)
        distances = self._nodes.distances
        return distances[number] if is_node else distances[self.holder(number)] + 1

    def children(self, item: int) -> Iterator[range]:
        """Yield the items directly in an item, in order, as ranges."""
        is_node, number = self.at(item)
        if not is_node:
            return
        start, end = item + 1, self._node_end(number)
        last, child = self._end(number), number + 1
        while child < last:
            place = self.of_node(child)
            below = self._node_end(child)
            if below > place + 1:
                yield range(start, place + 1)
                start = below
            child = self._end(child)
        if start < end:
            yield range(start, end)

    def holder(self, record: int) -> int:
        """Return the node that has the entry of a record."""
        node = self._last_before(record)
        # The last node entered before it, or the nearest one above with it.
        while self._record_end(node) <= record:
            node = self._nodes.parents[node]
        return node

    def entries(self, node: int) -> int:
        """Return how many records have their entry in a node itself."""
        nodes = self._nodes
        count = self._record_end(node) - nodes.first_records[node]
        child, last = node + 1, self._end(node)
        while child < last:
            count -= self._record_end(child) - nodes.first_records[child]
            child = self._end(child)
        return count

    def entry_before(self, record: int) -> int | None:
        """Return the record whose entry comes before in the same node.

        None for the first entry, and if `_LINKS_PASSED` sub-trees are between.
        """
        nodes, node = self._nodes, self.holder(record)
        for _ in range(_LINKS_PASSED):
            if record == nodes.first_records[node]:
                return None
            record -= 1
            below = self.holder(record)
            if below == node:
                return record
            while nodes.parents[below] != node:
                below = nodes.parents[below]
            record = nodes.first_records[below]
        return None

    def _entered(self, item: int) -> int:
        """Return the last node at an item or before it."""
        first_records = self._nodes.first_records
        low, high = 0, min(len(self._nodes) - 1, item)
        while low < high:
            middle = (low + high + 1) // 2
            if middle + first_records[middle] <= item:
                low = middle
            else:
                high = middle - 1
        return low

    def _last_before(self, record: int) -> int:
        """Return the last node that was entered before a record was met."""
        first_records = self._nodes.first_records
        low, high = 0, len(self._nodes) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if first_records[middle] <= record:
                low = middle
            else:
                high = middle - 1
        return low

    def _parent(self, node: int) -> int | None:
        parent = self._nodes.parents[node]
        return None if parent == NO_PARENT else parent

    def _end(self, node: int) -> int:
        """Return the node behind the last below; of an open node, behind all."""
        return self._nodes.ends[node] or len(self._nodes)

    def _record_end(self, node: int) -> int:
        """Return the record behind the last in or below a node."""
        if not self._nodes.ends[node]:
            return len(self._records)
        return self._nodes.record_ends[node]

    def _node_end(self, node: int) -> int:
        return self._end(node) + self._record_end(node)
