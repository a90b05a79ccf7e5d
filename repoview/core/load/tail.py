"""What a walk missed behind the last block that it met: where a file may be cut.

Of a file whose blocks stand in the order of the walk, what is missing because
the file ends too early is all behind the last block that is there. What is
missing before was not lost with the end.
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
    """Counts what is missing since a block was met that was not met before.

    Right only where blocks stand in the order of the walk: there the rows of
    those met for the first time ascend, and a block that is used once more
    proves nothing of the file.
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
