"""Count what is missing behind the last block of the walk: a cut-off file.

If a file whose blocks are in walk order was cut off, all blocks lost with its
end come behind the last one that is there. One missing before has another cause.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from repoview.core.kernel.seam import NodeKind
from repoview.core.marks import NO_ROW

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
        record, node = _greatest(batch.rows), _greatest(nodes.rows)
        greatest = max(record, node)
        behind_nodes = behind_records = 0
        if greatest > self.row:
            self.row = greatest
            self.nodes = self.records = 0
            if record > node:
                behind_records = batch.rows.index(record) + 1
                # Nodes that were entered behind that record.
                met = first + behind_records
                behind_nodes = bisect_left(nodes.first_records, met)
            else:
                behind_nodes = nodes.rows.index(node) + 1
                behind_records = nodes.first_records[behind_nodes - 1] - first
        missing = batch.missing.numbers
        self.records += len(missing) - bisect_left(missing, first + behind_records)
        self.nodes += nodes.kinds.count(NodeKind.MISSING, behind_nodes)


def _greatest(rows: Sequence[int]) -> int:
    """Return the greatest row, and -1 for none."""
    greatest = max(rows, default=NO_ROW)
    if greatest != NO_ROW:
        return greatest
    return max(filter(NO_ROW.__ne__, rows), default=-1)
