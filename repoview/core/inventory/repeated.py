"""Blocks that stand in a file more than once, or are used more than once.

Copies; records that several keys link to; blocks that are node and record. What
links to a block is found in two passes over the records, and held in packed
columns: four bytes a key.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import accumulate, compress, groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.block_table.entry import KIND_OF_MARK, Kind
from repoview.core.blocks.block_index import PACKED
from repoview.core.load.result import Progress
from repoview.core.marks import AGAIN, NO_MARK, NO_ROW, NODE, RECORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.block_table.entry import FileBlock
    from repoview.core.block_table.table import BlockTable
    from repoview.core.blocks.blocks import Blocks
    from repoview.core.cid import Cid
    from repoview.core.index.nodes import NodeTable
    from repoview.core.index.records import RecordIndex

AT_ONCE: Final = 1 << 13
"""Rows or records of one step."""

_IS_SHARED: Final = bytes(mark != NO_MARK and mark & AGAIN != 0 for mark in range(256))
_HAS_TWO_ROLES: Final = bytes(
    mark != NO_MARK and mark & (RECORD | NODE) == RECORD | NODE for mark in range(256)
)


class SharedRecord(NamedTuple):
    """A record block that more than one key links to."""

    cid: Cid
    size: int
    offset: int
    numbers: Sequence[int]
    """Of the records, in key order."""


class TwoRoles(NamedTuple):
    """A block that the tree uses both as a node and as a record."""

    cid: Cid
    size: int
    offset: int
    node: int
    """Its number among the nodes; -1 if it was not entered as one."""

    numbers: Sequence[int]
    """Of the records, in key order."""


class BlockCopy(NamedTuple):
    """A further copy of a block."""

    offset: int
    is_same: bool
    """Whether its bytes are those of the copy that counts."""


class DuplicatedBlock(NamedTuple):
    """A block that stands in the file more than once."""

    cid: Cid
    role: str
    """What the tree uses it as: commit, node, record; or unlinked."""

    size: int
    offset: int
    """Of the copy that counts: the first that hashes to the CID."""

    copies: Sequence[BlockCopy]
    """The others, in the order of the file."""


def shared_records(
    blocks: Blocks,
    records: RecordIndex,
    report: Callable[[Progress], None] | None = None,
) -> Iterator[SharedRecord]:
    """Yield the record blocks that several keys link to, in the order of the file.

    Raises:
        SourceError: The source cannot be read, or was changed.
    """
    for row, numbers in _users(blocks, records, _IS_SHARED, report):
        size, offset = blocks.length(row), blocks.offset(row)
        yield SharedRecord(blocks.cid(row), size, offset, numbers)


def two_roles(
    blocks: Blocks,
    records: RecordIndex,
    nodes: NodeTable,
    report: Callable[[Progress], None] | None = None,
) -> Iterator[TwoRoles]:
    """Yield the blocks that are node and record, in the order of the file.

    Raises:
        SourceError: The source cannot be read, or was changed.
    """
    for row, numbers in _users(blocks, records, _HAS_TWO_ROLES, report):
        size, offset = blocks.length(row), blocks.offset(row)
        node = _number_of(nodes, row)
        yield TwoRoles(blocks.cid(row), size, offset, node, numbers)


def count_repeated(
    blocks: Blocks, report: Callable[[Progress], None] | None = None
) -> tuple[int, int]:
    """Return how many records are shared, and how many blocks have two roles."""
    index, shared, both = blocks.index, 0, 0
    for start in range(0, len(index), AT_ONCE):
        if report is not None:
            report(Progress("sizes", start, len(index), start))
        marks = index.pack(start, AT_ONCE)[PACKED - 1 :: PACKED]
        shared += sum(marks.translate(_IS_SHARED))
        both += sum(marks.translate(_HAS_TWO_ROLES))
    return shared, both


def _number_of(nodes: NodeTable, row: int) -> int:
    try:
        return nodes.rows.index(row)
    except ValueError:
        return -1


def _users(
    blocks: Blocks,
    records: RecordIndex,
    wanted: bytes,
    report: Callable[[Progress], None] | None,
) -> Iterator[tuple[int, array[int]]]:
    """Yield rows, and the numbers of the records that link to each.

    A counting sort: how many link to each row, and then which.

    Args:
        blocks: Of the file.
        records: What links to them.
        wanted: Of each mark, 1 if the row is wanted.
        report: Called with progress, in records; what it raises ends it.
    """
    index = blocks.index
    rows = array("I")
    for start in range(0, len(index), AT_ONCE):
        marks = index.pack(start, AT_ONCE)[PACKED - 1 :: PACKED].translate(wanted)
        rows.extend(compress(range(start, start + len(marks)), marks))
    if not rows:
        return
    counts = array("I", bytes(4 * len(rows)))
    for _, place in _places(blocks, records, rows, wanted, report):
        counts[place] += 1
    starts = array("Q", accumulate(counts, initial=0))
    filled = starts[:-1]
    numbers = array("I", bytes(4 * starts[-1]))
    for number, place in _places(blocks, records, rows, wanted, report):
        numbers[filled[place]] = number
        filled[place] += 1
    for place, row in enumerate(rows):
        yield row, numbers[starts[place] : starts[place + 1]]


def _places(
    blocks: Blocks,
    records: RecordIndex,
    rows: array[int],
    wanted: bytes,
    report: Callable[[Progress], None] | None,
) -> Iterator[tuple[int, int]]:
    """Yield the records that link to one of *rows*, each with its place there."""
    total = len(records)
    for start in range(0, total, AT_ONCE):
        if report is not None:
            report(Progress("keys", start, total, start))
        some = records.rows[start : start + AT_ONCE]
        flags = blocks.index.marks_of(some).translate(wanted)
        if 1 in flags:
            for number, row in compress(enumerate(some, start), flags):
                yield number, bisect_left(rows, row)


def duplicated_blocks(blocks: Blocks, table: BlockTable) -> Iterator[DuplicatedBlock]:
    """Yield the blocks that stand in the file more than once, in its order.

    Copies that the table does not list are left out; see `MOST_EXTRAS`.

    Args:
        blocks: Of the file.
        table: All of them in order.

    Raises:
        SourceError: The source cannot be read, or was changed.
    """
    numbers = table.of_kind(Kind.DUPLICATE)
    counting = [table.users(table.block(number)).number for number in numbers]
    order = sorted(range(len(numbers)), key=counting.__getitem__)
    for offset, places in groupby(order, key=counting.__getitem__):
        copies = [table.block(numbers[place]) for place in places]
        yield _duplicated(blocks, table, offset, copies)


def _duplicated(
    blocks: Blocks, table: BlockTable, offset: int, copies: list[FileBlock]
) -> DuplicatedBlock:
    counts = table.block(table.number_at(offset))
    cid = table.cid(counts)
    assert cid is not None  # noqa: S101 (it is a block)
    role = counts.kind
    if counts.row != NO_ROW:
        role = Kind(KIND_OF_MARK[blocks.mark(counts.row)])
    told = tuple(
        BlockCopy(copy.offset or 0, _is_same(blocks, counts, copy)) for copy in copies
    )
    return DuplicatedBlock(cid, role.label, counts.length or 0, offset, told)


def _is_same(blocks: Blocks, one: FileBlock, other: FileBlock) -> bool:
    if one.length != other.length:
        return False
    return _data(blocks, one) == _data(blocks, other)


def _data(blocks: Blocks, block: FileBlock) -> bytes:
    return blocks.read_at(block.data_offset or 0, block.length or 0)
