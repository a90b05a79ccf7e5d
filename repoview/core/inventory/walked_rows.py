"""The blocks of a repository in walk order, by row.

Commit, nodes and records in preorder: the order in which the atproto repository
specification has the blocks of a CAR that is read as a stream. Rows come in
packed batches, and no block is read.
"""

from __future__ import annotations

from array import array
from itertools import compress
from typing import TYPE_CHECKING, Final

from repoview.core.blocks.block_index import PACKED
from repoview.core.kernel.seam import NodeKind
from repoview.core.marks import AGAIN, COMMIT, NO_MARK, NO_ROW, NODE, RECORD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from repoview.core.blocks.block_index import BlockIndex
    from repoview.core.blocks.blocks import Blocks
    from repoview.core.index.nodes import NodeTable
    from repoview.core.index.records import RecordIndex

AT_ONCE: Final = 1 << 10
"""Nodes, and rows, of one step."""

IN_TREE: Final = bytes(mark & (RECORD | NODE) != 0 for mark in range(256))
"""Of the mark of a block, 1 if the tree uses it."""

ENTERED: Final = {
    NodeKind.NODE,
    NodeKind.MISSING,
    NodeKind.DAMAGED,
    NodeKind.NOT_A_NODE,
}
"""What a link leads to whose block the walk wants."""

IS_THERE: Final = bytes(mark != NO_MARK for mark in range(256))
"""Of the mark of a block, 1 if there is one."""

IS_USED_AGAIN: Final = bytes(
    mark != NO_MARK
    and (mark & AGAIN != 0 or (mark & (RECORD | NODE | COMMIT)).bit_count() > 1)
    for mark in range(256)
)
"""Of the mark of a block, 1 if the walk comes to it several times."""


def walked_rows(
    blocks: Blocks,
    records: RecordIndex,
    nodes: NodeTable,
    commit: int,
    *,
    odd: bool = False,
) -> Iterator[array[int]]:
    """Yield the rows of all blocks in the order of the walk; `NO_ROW` if missing.

    A block that the tree uses several times comes as often: see `first_uses`.

    Args:
        blocks: Of the file.
        records: What the tree links to.
        nodes: The tree.
        commit: The row of the commit; negative for none.
        odd: Whether a record of an odd CID, which has no row, is `NO_ROW` as
            well if its block is there. Else such records are passed over.
    """

    def rows_of(start: int, stop: int) -> array[int]:
        rows = records.rows[start:stop]
        if odd or not blocks.odd or NO_ROW not in rows:
            return rows
        cids = records.missing.within(start, stop)
        return array(
            "I",
            (r for r in rows if r != NO_ROW or next(cids).raw not in blocks.odd),
        )

    if commit >= 0:
        yield array("I", (commit,))
    reached = 0
    for start in range(0, len(nodes), AT_ONCE):
        some = slice(start, min(start + AT_ONCE, len(nodes)))
        firsts, kinds, rows = (
            column[some] for column in (nodes.first_records, nodes.kinds, nodes.rows)
        )
        base, before = reached, rows_of(reached, firsts[-1])
        out = array("I")
        for row, kind, first in zip(rows, kinds, firsts, strict=True):
            if first > reached:
                out += before[reached - base : first - base]
                reached = first
            if kind in ENTERED and (row != NO_ROW or kind == NodeKind.MISSING):
                out.append(row)
        yield out
    for start in range(reached, len(records), AT_ONCE):
        yield rows_of(start, min(start + AT_ONCE, len(records)))


def first_uses(walked: Iterable[array[int]], index: BlockIndex) -> Iterator[array[int]]:
    """Yield the same rows without those that came before; `NO_ROW` each time.

    Args:
        walked: Batches of `walked_rows`.
        index: Of the blocks, with the marks of the walk. Where these say that a
            block is used several times, a byte a block is taken.
    """
    seen: bytearray | None = None
    for rows in walked:
        flags = index.marks_of(rows).translate(IS_USED_AGAIN)
        if 1 not in flags:
            yield rows
            continue
        if seen is None:
            seen = bytearray(len(index))
        kept = array("I")
        for row, again in zip(rows, flags, strict=True):
            if again:
                if seen[row]:
                    continue
                seen[row] = 1
            kept.append(row)
        yield kept


def used_rows(index: BlockIndex, commit: int) -> Iterator[int]:
    """Yield the rows that the tree uses, and the commit's, as they were met."""
    for start in range(0, len(index), AT_ONCE):
        marks = index.pack(start, AT_ONCE)[PACKED - 1 :: PACKED]
        flags = bytearray(marks.translate(IN_TREE))
        if start <= commit < start + len(flags):
            flags[commit - start] = 1
        yield from compress(range(start, start + len(flags)), flags)
