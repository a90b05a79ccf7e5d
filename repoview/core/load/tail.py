"""Count what is missing behind the last block of the walk: a cut-off file.

If a file whose blocks are in walk order was cut off, all blocks lost with its
end come behind the last one that is there. One missing before has another cause.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from repoview.core.kernel.seam import NodeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.kernel.seam import Batch


class Tail:
    """Counts what is missing since the walk last met a new block.

    Right only for blocks in walk order: then the rows of new blocks ascend, and
    a smaller row is a block that is used once more.
    """

    def __init__(self) -> None:
        self.nodes = 0
        self.records = 0
        self.row = -1
        """The greatest row met so far."""

    def take(self, batch: Batch, first: int) -> None:
        """Go on with what a batch met.

        Args:
            batch: The next of the walk.
            first: Number of its first record.
        """
        nodes = batch.nodes
        last_record, last_node = batch.greatest
        record = _row_at(batch.rows, last_record)
        node = _row_at(nodes.rows, last_node)
        greatest = max(record, node)
        behind_nodes = behind_records = 0
        if greatest > self.row:
            self.row = greatest
            self.nodes = self.records = 0
            if record > node:
                behind_records = last_record + 1
                # Nodes that were entered behind that record.
                met = first + behind_records
                behind_nodes = bisect_left(nodes.first_records, met)
            else:
                behind_nodes = last_node + 1
                behind_records = nodes.first_records[behind_nodes - 1] - first
        missing = batch.missing.numbers
        self.records += len(missing) - bisect_left(missing, first + behind_records)
        self.nodes += nodes.kinds.count(NodeKind.MISSING, behind_nodes)


def _row_at(rows: Sequence[int], place: int) -> int:
    """Return the row at a place, and -1 for none."""
    return -1 if place < 0 else rows[place]
