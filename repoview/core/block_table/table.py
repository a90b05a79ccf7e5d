"""Every block of a file, in the order of the file, with what links to it.

Blocks are numbered by offset; those that the tree links to and the file lacks
come last. A block costs five bytes of columns, one without a row 25; a
`FileBlock` is made on access.

Made by `build_table`; see `inside.Inside`.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, Final

from repoview.core.block_table.entry import WASTE, FileBlock, Kind, User
from repoview.core.cid import Cid
from repoview.core.kernel.seam import NO_PARENT
from repoview.core.marks import AGAIN, NO_ROW
from repoview.core.varint import read_varint

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.core.block_table.entry import Layout
    from repoview.core.blocks.blocks import Blocks
    from repoview.core.index.nodes import NodeTable
    from repoview.core.index.records import RecordIndex

AT_ONCE: Final = 1 << 13
"""Rows of one step, which takes a millisecond or two."""


class BlockTable:
    """Number in the file → block.

    Args:
        blocks: Of the file.
        records: What the tree links to.
        nodes: The tree.
        layout: Their columns.
    """

    def __init__(
        self, blocks: Blocks, records: RecordIndex, nodes: NodeTable, layout: Layout
    ) -> None:
        self._blocks = blocks
        self._records = records
        self._nodes = nodes
        self.kinds = layout.kinds
        """Of each block, by number, a `Kind`."""
        self.amounts = layout.amounts
        """Kind → how much of it there is."""
        self.unlisted = layout.unlisted
        """Bytes of blocks that are not listed, as there are too many."""
        self.size = blocks.source.size
        """Bytes of the file."""
        self._extras = layout.extras
        self._astray = layout.astray
        self._links = layout.links
        self._missing_nodes = layout.missing_nodes
        self._missing_records = layout.missing_records
        gone = len(self._missing_nodes) + len(self._missing_records)
        self._present = len(self.kinds) - gone
        # How many rows in order come before each extra, and each astray row.
        numbers = layout.extras.numbers
        self._before = array("I", [n - i for i, n in enumerate(numbers)])
        self._shifts = array("I", [row - i for i, row in enumerate(layout.astray)])

    def __len__(self) -> int:
        return len(self.kinds)

    @property
    def wasted(self) -> int:
        """Bytes that a newly written repository would not have."""
        return self.unlisted + sum(self.amounts[kind].whole for kind in WASTE)

    def block(self, number: int) -> FileBlock:
        """Return one block; *number* is below ``len(table)``."""
        kind = Kind(self.kinds[number])
        if number >= self._present:
            return FileBlock(number, kind, NO_ROW, None, None, None)
        extra = bisect_left(self._extras.numbers, number)
        extras, index = self._extras, self._blocks.index
        if extra < len(extras.numbers) and extras.numbers[extra] == number:
            return FileBlock(
                number,
                kind,
                extras.rows[extra],
                extras.offsets[extra],
                extras.data_offsets[extra],
                extras.lengths[extra],
            )
        row = self._row(number - extra)
        return FileBlock(
            number,
            kind,
            row,
            index.offset(row),
            index.data_offset(row),
            index.length(row),
        )

    def _row(self, index: int) -> int:
        """Return the row at an index among those that are in order."""
        return index + bisect_right(self._shifts, index)

    def number_at(self, offset: int) -> int:
        """Return the number of the block at an offset; -1 for none."""
        low, high = 0, self._present
        while low < high:
            middle = (low + high) // 2
            if (self.block(middle).offset or 0) <= offset:
                low = middle + 1
            else:
                high = middle
        return low - 1

    def cid(self, block: FileBlock) -> Cid | None:
        """Return the CID of a block, None for what is none.

        Raises:
            SourceError: The source was changed.
        """
        if block.kind is Kind.MISSING:
            return self._missing_cid(block.number)
        if block.kind is Kind.NO_BLOCK or block.offset is None:
            return None
        if block.row != NO_ROW:
            return self._blocks.cid(block.row)
        before = (block.data_offset or 0) - block.offset
        head = self._blocks.read_at(block.offset, before)
        return Cid(head[read_varint(head, 0, before)[1] :])

    def users(self, block: FileBlock) -> User:
        """Return what links to a block."""
        kind, row = block.kind, block.row
        if kind is Kind.COMMIT:
            return User("header")
        if kind is Kind.MISSING:
            return self._missing_user(block.number)
        if kind is Kind.DUPLICATE:
            return User("copy", self._counting(block))
        if kind is Kind.RECORD and row == NO_ROW:
            cid = self.cid(block)
            return User("") if cid is None else self._odd_users.get(cid.raw, User(""))
        if kind is Kind.NODE:
            return self._above(self._links[row])
        if kind is Kind.RECORD:
            again = bool(self._blocks.index.mark(row) & AGAIN)
            return User("record", self._links[row], again)
        return User("")

    def node(self, block: FileBlock) -> int:
        """Return the number of the node that a block is; -1 for none."""
        if block.kind is Kind.NODE:
            return self._links[block.row]
        if block.kind is Kind.MISSING:
            place = block.number - self._present
            if place < len(self._missing_nodes):
                return self._missing_nodes[place]
        return -1

    def number_of(self, row: int) -> int:
        """Return the number of the block in a row of the index."""
        astray = bisect_left(self._astray, row)
        if astray < len(self._astray) and self._astray[astray] == row:
            return self.number_at(self._blocks.index.offset(row))
        place = row - astray
        return place + bisect_right(self._before, place)

    # Those of one kind, and by size

    def of_kind(self, kind: Kind) -> array[int]:
        """Return the numbers of the blocks of one kind, in the order of the file."""
        wanted = self.kinds.translate(_flags(kind))
        return array("I", compress(range(len(wanted)), wanted))

    def by_size(self) -> Iterator[array[int] | None]:
        """Yield None after each step, and last all numbers, the largest first.

        Equal sizes are in the order of the file; missing blocks come last. A
        bucket sort, one bucket a size: a file of *n* bytes has at most
        sqrt(2 *n*) different sizes.
        """
        buckets: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
        for start in range(0, self._present, AT_ONCE):
            stop = min(start + AT_ONCE, self._present)
            for number, length in enumerate(self._lengths(start, stop), start):
                buckets[length].append(number)
            yield None
        numbers = array("I")
        for length in sorted(buckets, reverse=True):
            numbers.extend(buckets.pop(length))
        numbers.extend(range(self._present, len(self)))
        yield numbers

    def _lengths(self, start: int, stop: int) -> Sequence[int]:
        """Return the bytes of blocks *start* to *stop*."""
        first = bisect_left(self._extras.numbers, start)
        last = bisect_left(self._extras.numbers, stop)
        if first < last or self._astray:
            return [self.block(number).length or 0 for number in range(start, stop)]
        return self._blocks.index.rows(start - first, stop - start).lengths

    # What links

    def _above(self, node: int) -> User:
        parent = self._nodes.parents[node]
        return User("commit") if parent == NO_PARENT else User("node", parent)

    def _counting(self, block: FileBlock) -> int:
        """Return the offset of the copy of a block that counts."""
        if block.row != NO_ROW:
            return self._blocks.index.offset(block.row)
        cid = self.cid(block)
        odd = None if cid is None else self._blocks.odd.get(cid.raw)
        return -1 if odd is None else odd.offset

    def _missing_user(self, number: int) -> User:
        place = number - self._present
        if place < len(self._missing_nodes):
            return self._above(self._missing_nodes[place])
        return User("record", self._missing_records[place - len(self._missing_nodes)])

    def _missing_cid(self, number: int) -> Cid | None:
        place = number - self._present
        if place < len(self._missing_nodes):
            return self._nodes.holes[self._missing_nodes[place]].cid
        record = self._missing_records[place - len(self._missing_nodes)]
        return self._records.missing.get(record)

    @cached_property
    def _odd_users(self) -> dict[bytes, User]:
        """What links first to each odd block."""
        found: dict[bytes, User] = {}
        odd = self._blocks.odd
        if len(odd) == odd.unlinked:
            return found
        for number, cid in self._records.missing.items():
            if odd.is_linked(cid.raw):
                found.setdefault(cid.raw, User("record", number))
        for number, hole in self._nodes.holes.items():
            if odd.is_linked(hole.cid.raw):
                found.setdefault(hole.cid.raw, self._above(number))
        return found


def _flags(kind: Kind) -> bytes:
    return bytes(each == kind for each in range(256))
