"""Where the blocks of a file leave walk order, and what that costs a reader.

A streaming reader walks the tree while it reads the file. In a file in walk
order it uses each block as it comes; in any other it has to buffer what it cannot
use yet. How much that is at most is computed here.

Rows of the block index are numbered in the order in which their blocks were met,
so a row is also a moment of the stream. When the walk wants a block, it has used
all blocks before it; so when that block comes, the buffer holds all that came by
then, less all that was used. One pass over both orders gives this for every
block, and no block is read.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import accumulate, compress, islice, pairwise, starmap
from operator import gt, lt
from typing import TYPE_CHECKING, Any, Final

from repoview.core.block_table.entry import KIND_OF_MARK, Kind
from repoview.core.blocks.block_index import PACKED
from repoview.core.cid import Cid
from repoview.core.inventory.walked_rows import (
    AT_ONCE,
    IN_TREE,
    first_uses,
    used_rows,
    walked_rows,
)
from repoview.core.load.result import Progress
from repoview.core.marks import NO_MARK, NO_ROW, STATE, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.block_table.table import BlockTable
    from repoview.core.blocks.block_index import BlockIndex
    from repoview.core.blocks.blocks import Blocks
    from repoview.core.index.nodes import NodeTable
    from repoview.core.index.records import RecordIndex

_IS_DAMAGED: Final = bytes(mark & STATE == State.WRONG_HASH for mark in range(256))
_IS_WANTING: Final = bytes(
    mark == NO_MARK or mark & STATE == State.WRONG_HASH for mark in range(256)
)
"""Of the mark of a block that the walk wants, 1 if the file does not have it."""


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """The first block of a file that is not the one that the walk wants next."""

    offset: int
    """Where its section begins."""

    got: Cid
    got_role: str
    """commit, node or record, as of the following."""

    wanted: Cid
    """What the walk wants in its place."""

    wanted_role: str
    wanted_offset: int
    """Where that is."""


@dataclass(frozen=True, slots=True)
class WalkOrder:
    """How far the blocks of a file are from the order of the walk."""

    first: OutOfOrder | None
    """None where all blocks that the tree uses are in that order."""

    held_blocks: int
    held_bytes: int
    """The most blocks, and bytes of their data, that a reader has to keep at a
    time which walks the tree while the file streams by. It waits for a block that
    is missing until the end, and cannot know that nothing will link to one."""

    def to_json(self) -> dict[str, Any]:
        """Return the object that `info --json` prints."""
        first = self.first
        return {
            "first": None
            if first is None
            else {
                "offset": first.offset,
                "got": str(first.got),
                "got_role": first.got_role,
                "wanted": str(first.wanted),
                "wanted_role": first.wanted_role,
                "wanted_offset": first.wanted_offset,
            },
            "held_blocks": self.held_blocks,
            "held_bytes": self.held_bytes,
        }

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> WalkOrder:
        """Return the order that `to_json` told of."""
        first = told["first"]
        if first is not None:
            cids = {name: Cid.parse(first[name]) for name in ("got", "wanted")}
            first = OutOfOrder(**{**first, **cids})
        return cls(first, told["held_blocks"], told["held_bytes"])


def walk_order(
    blocks: Blocks,
    records: RecordIndex,
    nodes: NodeTable,
    commit: Cid | None,
    table: Callable[[], BlockTable],
    report: Callable[[Progress], None] | None = None,
) -> WalkOrder:
    """Compare the order of a file with that of the walk.

    Blocks whose CID is not of the 36-byte form are passed over.

    Args:
        blocks: Of the file, with the marks of the walk.
        records: What the tree links to.
        nodes: The tree.
        commit: That of the commit, if there is one.
        table: Returns the table of all blocks; asked for where a copy that hashes
            stands behind one that does not.
        report: Called after each step; what it raises ends it.

    Raises:
        SourceError: The source cannot be read, or was changed.
    """
    index = blocks.index
    row = -1 if commit is None or not commit.is_blessed else blocks.find(commit.raw)
    in_file = used_rows(index, row)
    if not _is_ascending(index):
        in_file = _used_in(table(), index, row)
    keeper = _Keeper(index)
    first: tuple[int, int] | None = None
    done, total = 0, len(nodes) + len(records)
    for rows in first_uses(walked_rows(blocks, records, nodes, row), index):
        if report is not None:
            report(Progress("walk order", min(done, total), total, done))
        done += len(rows)
        keeper.use(rows)
        if first is None:
            first = _first_different(in_file, rows)
    out = None if first is None else _out_of_order(blocks, *first)
    return WalkOrder(out, *keeper.most())


# Both orders


def _used_in(table: BlockTable, index: BlockIndex, commit: int) -> Iterator[int]:
    """Yield the same rows in the order of the file."""
    for number, kind in enumerate(table.kinds):
        if kind <= Kind.RECORD:
            row = table.block(number).row
            if row == commit or (row != NO_ROW and IN_TREE[index.mark(row)]):
                yield row


def _is_ascending(index: BlockIndex) -> bool:
    """Tell whether rows stand in the file in the order of their numbers."""
    last = -1
    for start in range(0, len(index), AT_ONCE):
        offsets = index.rows(start, AT_ONCE).offsets
        if offsets[0] < last or not all(starmap(lt, pairwise(offsets))):
            return False
        last = offsets[-1]
    return True


def _first_different(
    in_file: Iterator[int], walked: array[int]
) -> tuple[int, int] | None:
    """Return the first two rows that differ: in the file, and in the walk.

    Missing blocks are passed over.
    """
    if NO_ROW in walked:
        walked = array("I", filter(NO_ROW.__ne__, walked))
    found = array("I", islice(in_file, len(walked)))
    if found == walked:
        return None
    pairs = zip(found, walked, strict=False)
    return next((pair for pair in pairs if pair[0] != pair[1]), None)


def _out_of_order(blocks: Blocks, got: int, wanted: int) -> OutOfOrder:
    return OutOfOrder(
        blocks.offset(got),
        blocks.cid(got),
        _role(blocks, got),
        blocks.cid(wanted),
        _role(blocks, wanted),
        blocks.offset(wanted),
    )


def _role(blocks: Blocks, row: int) -> str:
    return Kind(KIND_OF_MARK[blocks.mark(row)]).label


# What is kept


class _Keeper:
    """A streaming reader, which buffers what it cannot use yet.

    Args:
        index: Of the blocks; their rows are the moments at which they come.
    """

    def __init__(self, index: BlockIndex) -> None:
        self._index = index
        self._came = _Came(index)
        self._used_blocks = self._used_bytes = 0
        self._last = -1
        """The latest moment at which a block came that was used."""
        self._blocks = self._bytes = 0
        self._waits = False
        """Whether it waits for a block that never comes."""

    def use(self, rows: array[int]) -> None:
        """Use the blocks that the walk wants next."""
        if self._waits:
            return
        wanting = self._index.marks_of(rows).translate(_IS_WANTING).find(1)
        if wanting >= 0:
            self._waits = True
            rows = rows[:wanting]
        used = list(accumulate(self._index.lengths(rows), initial=self._used_bytes))
        moments = list(accumulate(rows, max, initial=self._last))
        # Only when it has waited for a block can more be kept than before.
        waited = map(gt, moments[1:], moments)
        for place in compress(range(len(rows)), waited):
            blocks, size = self._came.before(rows[place])
            self._keep(blocks - self._used_blocks - place, size - used[place])
        self._used_blocks += len(rows)
        self._used_bytes, self._last = used[-1], moments[-1]

    def _keep(self, blocks: int, size: int) -> None:
        self._blocks = max(self._blocks, blocks)
        self._bytes = max(self._bytes, size)

    def most(self) -> tuple[int, int]:
        """Return the most blocks and bytes that were kept at a time."""
        blocks, size = self._came.before(len(self._index))
        self._keep(blocks - self._used_blocks, size - self._used_bytes)
        return self._blocks, self._bytes


class _Came:
    """Counts the blocks and bytes before a row; rows must be asked in order.

    Blocks that do not hash to their CIDs are not buffered, so not counted.
    """

    def __init__(self, index: BlockIndex) -> None:
        self._index = index
        self._start = 0
        self._blocks = [0]
        self._bytes = [0]

    def before(self, row: int) -> tuple[int, int]:
        """Return how many blocks came before that of a row, and their bytes."""
        while row - self._start >= len(self._blocks):
            self._go_on()
        place = row - self._start
        return self._blocks[place], self._bytes[place]

    def _go_on(self) -> None:
        """Sum the rows that follow."""
        start = self._start + len(self._blocks) - 1
        lengths = self._index.rows(start, AT_ONCE).lengths
        marks = self._index.pack(start, AT_ONCE)[PACKED - 1 :: PACKED]
        kept = [1 - flag for flag in marks.translate(_IS_DAMAGED)]
        sizes = [length * flag for length, flag in zip(lengths, kept, strict=True)]
        self._blocks = list(accumulate(kept, initial=self._blocks[-1]))
        self._bytes = list(accumulate(sizes, initial=self._bytes[-1]))
        self._start = start
