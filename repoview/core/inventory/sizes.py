"""What the bytes of a file are: records, nodes, framing, and what is wasted.

Every byte is counted once, so that the parts add up to the file. A block that
several keys link to is counted for the first of them, and one that is node and
record as a node.

Where the blocks follow each other without a gap, a pass over the columns of the
index is enough. Else the table of all blocks says what stands between them.
"""

from __future__ import annotations

from array import array
from dataclasses import asdict, dataclass
from itertools import compress
from typing import TYPE_CHECKING, Final

from repoview.core.block_table.entry import KIND_OF_MARK, Amount, Kind
from repoview.core.blocks.block_index import PACKED
from repoview.core.cid import IDENTITY
from repoview.core.load.result import Progress
from repoview.core.marks import AGAIN, COMMIT, NO_MARK, NODE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.block_table.table import BlockTable
    from repoview.core.blocks.block_index import BlockIndex
    from repoview.core.cid import Cid
    from repoview.core.index.records import Collection, RecordIndex
    from repoview.core.load.result import Loaded

AT_ONCE: Final = 1 << 13
"""Rows or records of one step."""

_USED_AGAIN: Final = bytes(
    mark != NO_MARK and mark & (AGAIN | NODE | COMMIT) != 0 for mark in range(256)
)
"""Of the mark of a record's row, 1 if it may have been counted already."""


@dataclass(frozen=True, slots=True)
class FileSizes:
    """The bytes of a file by what they are. All but `total` add up to it."""

    total: int
    header: int
    """The header of the CAR, with its length."""

    commit: int
    """Data of the commit block, as of the following: without length and CID."""

    nodes: int
    records: int
    unlinked: int
    """Blocks that nothing links to."""

    duplicates: int
    """Further copies of blocks."""

    framing: int
    """Lengths and CIDs of all blocks, those of copies among them."""

    no_block: int
    """Padding, and what could not be read as a block."""

    outside: int
    """What is around the CAR: the wrapper of a CARv2, and what follows the end."""

    def to_json(self) -> dict[str, int]:
        """Return the object that `info --json` prints."""
        return asdict(self)


def file_sizes(
    loaded: Loaded,
    table: Callable[[], BlockTable],
    report: Callable[[Progress], None] | None = None,
) -> FileSizes:
    """Return what the bytes of a file are.

    Args:
        loaded: A file that was read, with the marks of the walk.
        table: Returns the table of all blocks, which takes longer.
        report: Called after each step; what it raises ends it.

    Raises:
        SourceError: The source cannot be read.
    """
    total = loaded.blocks.source.size
    end = min(loaded.end, total)
    start = loaded.start if loaded.header is None else loaded.header.end
    amounts = _of_rows(loaded.blocks.index, report)
    unlisted = 0
    if sum(amount.whole for amount in amounts.values()) != end - start:
        made = table()
        amounts, unlisted = dict(made.amounts), made.unlisted
    data = {kind: amount.data for kind, amount in amounts.items()}
    blocks = [amounts[kind] for kind in Kind if kind is not Kind.NO_BLOCK]
    as_nodes = _odd_nodes(loaded)
    return FileSizes(
        total,
        start - loaded.start,
        data[Kind.COMMIT],
        data[Kind.NODE] + as_nodes,
        data[Kind.RECORD] - as_nodes,
        data[Kind.UNLINKED],
        data[Kind.DUPLICATE],
        sum(amount.whole - amount.data for amount in blocks),
        amounts[Kind.NO_BLOCK].whole + unlisted,
        total - (end - loaded.start),
    )


def _of_rows(
    index: BlockIndex, report: Callable[[Progress], None] | None
) -> dict[Kind, Amount]:
    """Return how much there is of each kind among the rows of an index."""
    amounts = dict.fromkeys(Kind, Amount())
    total = len(index)
    for start in range(0, total, AT_ONCE):
        if report is not None:
            report(Progress("sizes", start, total, start))
        rows = index.rows(start, AT_ONCE)
        kinds = index.pack(start, AT_ONCE)[PACKED - 1 :: PACKED].translate(KIND_OF_MARK)
        for kind in set(kinds):
            flags = kinds.translate(_IS_KIND[kind])
            had = amounts[Kind(kind)]
            size = sum(compress(rows.lengths, flags))
            heads = sum(compress(rows.starts, flags))
            heads -= sum(compress(rows.offsets, flags))
            amounts[Kind(kind)] = Amount(
                had.blocks + sum(flags), had.data + size, had.whole + size + heads
            )
    return amounts


_IS_KIND: Final = [bytes(each == kind for each in range(256)) for kind in Kind]


def _odd_nodes(loaded: Loaded) -> int:
    """Return the bytes of nodes whose CID is not of the 36-byte form.

    The table of blocks has them among the records.
    """
    odd = loaded.blocks.odd
    if len(odd) == odd.unlinked:
        return 0
    entered = (each for each in odd.values() if odd.is_entered(each.cid.raw))
    return sum(each.length for each in entered if _has_data(each.cid))


def _has_data(cid: Cid) -> bool:
    """Tell whether a block has data of its own: that of an identity CID is in it."""
    return cid.hash_code != IDENTITY


def bytes_by_collection(
    collections: Sequence[Collection], records: RecordIndex, loaded: Loaded
) -> array[int]:
    """Return the bytes of the file that the records of each collection take.

    A block that several keys link to is counted for the first of them, so they
    add up to `FileSizes.records`.

    Args:
        collections: All of them.
        records: Of the same repository.
        loaded: The file.

    Raises:
        SourceError: Something of the index is on disk, and cannot be read.
    """
    counted = _Counted(records, loaded)
    if all(len(each.ranges) == 1 for each in collections):
        return array("Q", [counted.within(each.ranges[0]) for each in collections])
    # The first key of a block may be of any collection: in the order of keys.
    ranges = [(r, n) for n, each in enumerate(collections) for r in each.ranges]
    sizes = array("Q", bytes(8 * len(collections)))
    for each, number in sorted(ranges, key=lambda pair: pair[0].start):
        sizes[number] += counted.within(each)
    return sizes


class _Counted:
    """Sums the bytes of records, each block once; asked in the order of keys."""

    def __init__(self, records: RecordIndex, loaded: Loaded) -> None:
        self._records = records
        self._index = loaded.blocks.index
        self._odd = loaded.blocks.odd
        self._has_odd = len(self._odd) != self._odd.unlinked
        self._rows: bytearray | None = None
        """Of each row, whether it was counted; made when one is met again."""
        self._odd_seen: set[bytes] = set()

    def within(self, numbers: range) -> int:
        """Return the bytes of records that were not counted before."""
        size = 0
        for start in range(numbers.start, numbers.stop, AT_ONCE):
            stop = min(start + AT_ONCE, numbers.stop)
            rows = self._records.rows[start:stop]
            lengths = self._index.lengths(rows)
            size += sum(lengths)
            flags = self._index.marks_of(rows).translate(_USED_AGAIN)
            if 1 in flags:
                pairs = zip(rows, lengths, strict=True)
                size -= sum(self._repeated(compress(pairs, flags)))
            if self._has_odd:
                size += sum(self._odd_sizes(start, stop))
        return size

    def _repeated(self, pairs: Iterator[tuple[int, int]]) -> Iterator[int]:
        """Yield the bytes of those that are counted elsewhere."""
        if self._rows is None:
            self._rows = bytearray(len(self._index))
        for row, length in pairs:
            if self._rows[row] or self._index.mark(row) & (NODE | COMMIT):
                yield length
            self._rows[row] = 1

    def _odd_sizes(self, start: int, stop: int) -> Iterator[int]:
        """Yield the bytes of records whose CID is not of the 36-byte form."""
        for cid in self._records.missing.within(start, stop):
            odd = None if cid.is_blessed else self._odd.get(cid.raw)
            if odd is None or cid.raw in self._odd_seen:
                continue
            self._odd_seen.add(cid.raw)
            if not self._odd.is_entered(cid.raw) and _has_data(cid):
                yield odd.length
