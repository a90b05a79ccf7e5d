"""Nodes by number, as a walk entered them, in packed columns of 23 bytes."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final

from repoview.core.index.holes import Holes
from repoview.core.kernel.seam import NO_PARENT
from repoview.core.storage.column_set import PackedIndex

if TYPE_CHECKING:
    from repoview.core.kernel.seam import Batch
    from repoview.core.storage.columns import Bytes, Numbers

_NODE_BYTES: Final = 23


class NodeTable(PackedIndex):
    """Node number → parent, depth and records; numbered as entered, in preorder.

    A link that led to no node has a number too, and a `kind` that says why.
    """

    COLUMNS = (
        "rows",
        "depths",
        "distances",
        "kinds",
        "parents",
        "ends",
        "first_records",
        "record_ends",
    )
    PARTS = ("holes",)

    def __init__(self) -> None:
        super().__init__()
        self.rows: Numbers = array("I")
        self.depths: Bytes = bytearray()
        self.distances: Bytes = bytearray()
        self.kinds: Bytes = bytearray()
        self.parents: Numbers = array("I")
        self.ends: Numbers = array("I")
        """Number behind the last node below."""
        self.first_records: Numbers = array("I")
        """Number of the first record at or behind the node."""
        self.record_ends: Numbers = array("I")
        """Number behind the last record in or below the node."""
        self.holes = Holes()

    def __len__(self) -> int:
        return len(self.rows)

    def extend(self, batch: Batch) -> None:
        """Append the nodes of *batch*.

        Raises:
            SourceError: Writing to disk failed. The table cannot be used any more.
        """
        nodes = batch.nodes
        self.parents.extend(nodes.parents)
        self.depths.extend(nodes.depths)
        self.distances.extend(nodes.distances)
        self.kinds.extend(nodes.kinds)
        self.first_records.extend(nodes.first_records)
        self.ends.extend(nodes.ends)
        self.record_ends.extend(nodes.record_ends)
        # At most as many as the way down has nodes: all others are in the batch.
        for number, end, record_end in batch.closed:
            self.ends[number] = end
            self.record_ends[number] = record_end
        if batch.holes:
            self.holes.extend(batch.holes)
        self.rows.extend(nodes.rows)

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that the table takes, to within a tenth."""
        if self._pieces is None:
            holes = self.holes.bytes_used if self.holes.numbers else 0
            return _NODE_BYTES * len(self.rows) + holes
        return super().bytes_used

    def finish(self, records: int) -> None:
        """Close the nodes that a walk cut short by a limit left open.

        Args:
            records: How many it met.
        """
        number = len(self.rows) - 1 if self.rows else NO_PARENT
        # The open nodes are the last node and those above it.
        while number != NO_PARENT:
            if not self.ends[number]:
                self.ends[number] = len(self.rows)
                self.record_ends[number] = records
            number = self.parents[number]
