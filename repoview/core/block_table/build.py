"""Build a `BlockTable`: every block of a file, in the order of the file.

The rows of the block index are nearly in order already: a row is out of order
only where a copy that hashes replaced one that did not. `stretches` finds what
is between them without a row. All is done some thousand rows a step, so that it
can be canceled, and other threads run in between.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import compress
from operator import add
from typing import TYPE_CHECKING, Final

from repoview.core.block_table.entry import KIND_OF_MARK, Amount, Extras, Kind, Layout
from repoview.core.block_table.table import AT_ONCE, BlockTable
from repoview.core.blocks.block_index import PACKED
from repoview.core.kernel.seam import NodeKind
from repoview.core.load.result import Progress
from repoview.core.load.unindexed import stretches
from repoview.core.marks import NO_ROW

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from repoview.core.blocks.row_columns import RowColumns
    from repoview.core.index.nodes import NodeTable
    from repoview.core.index.records import RecordIndex
    from repoview.core.load.result import Loaded
    from repoview.core.load.unindexed import Stretch
    from repoview.core.storage.columns import Numbers

MOST_EXTRAS: Final = 1_000_000
"""Blocks without a row, or out of order, that a table lists: 25 MB of it."""


def build_table(
    loaded: Loaded,
    records: RecordIndex,
    nodes: NodeTable,
    report: Callable[[Progress], None] | None = None,
) -> BlockTable:
    """Make the table of all blocks.

    Args:
        loaded: A file that was read, with the marks of the walk.
        records: What the tree links to.
        nodes: The tree.
        report: Called after each step; what it raises ends it.

    Raises:
        SourceError: Reading the source or from disk failed.
    """
    steps = _Builder(loaded, records, nodes).steps()
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            table: BlockTable = end.value
            return table
        if report is not None:
            report(step)


class _Builder:
    """One pass over the rows of an index."""

    def __init__(self, loaded: Loaded, records: RecordIndex, nodes: NodeTable) -> None:
        self._loaded = loaded
        self._blocks = loaded.blocks
        self._index = loaded.blocks.index
        self._records = records
        self._nodes = nodes
        self._rows = len(self._index)
        self._total = 2 * self._rows + len(records) + len(nodes)
        self._kinds = bytearray()
        self._extras = Extras()
        self._astray: list[tuple[int, int]] = []
        """Offset and row of the rows that are out of order, by offset."""
        self._astray_rows = array("I")
        self._amounts = dict.fromkeys(Kind, Amount())
        self._unlisted = 0
        self._reached = loaded.start if loaded.header is None else loaded.header.end

    def steps(self) -> Generator[Progress, None, BlockTable]:
        """Yield after each step, and return the table."""
        for stop in self._find_astray():
            yield self._progress(self._rows - stop)
        for start in range(0, self._rows, AT_ONCE):
            self._add_rows(start)
            yield self._progress(self._rows + start)
        for _ in self._fill(min(self._loaded.end, self._blocks.source.size)):
            yield self._progress(2 * self._rows)
        links = array("I", bytes(4 * self._rows))
        for done in self._link(links):
            yield self._progress(2 * self._rows + done)
        nodes, records = self._missing()
        gone = len(nodes) + len(records)
        self._kinds += bytes((Kind.MISSING,)) * gone
        self._amounts[Kind.MISSING] = Amount(gone)
        layout = Layout(
            self._kinds,
            self._extras,
            self._astray_rows,
            links,
            nodes,
            records,
            self._amounts,
            self._unlisted,
        )
        return BlockTable(self._blocks, self._records, self._nodes, layout)

    def _progress(self, done: int) -> Progress:
        return Progress("order", done, self._total, len(self._kinds))

    # Rows

    def _find_astray(self) -> Iterator[int]:
        """Find the rows that are behind a later one, backwards."""
        least = 1 << 64
        found: list[tuple[int, int]] = []
        for stop in range(self._rows, 0, -AT_ONCE):
            start = max(0, stop - AT_ONCE)
            offsets = self._index.rows(start, stop - start).offsets
            if offsets[-1] < least and offsets == array("Q", sorted(offsets)):
                least = offsets[0]
            else:
                for row in range(stop - 1, start - 1, -1):
                    if offsets[row - start] > least:
                        found.append((offsets[row - start], row))
                    least = min(least, offsets[row - start])
            yield start
        self._astray_rows = array("I", sorted(row for _, row in found))
        # The next one stands at the end.
        self._astray = sorted(found, reverse=True)

    def _add_rows(self, start: int) -> None:
        """Add some rows, and what is between them."""
        rows = self._index.rows(start, AT_ONCE)
        count = len(rows.offsets)
        kinds = self._index.pack(start, count)[PACKED - 1 :: PACKED].translate(
            KIND_OF_MARK
        )
        self._count(rows, kinds)
        ends = array("Q", map(add, rows.starts, rows.lengths))
        first = bisect_left(self._astray_rows, start)
        is_whole = first == bisect_left(self._astray_rows, start + count)
        if is_whole and rows.offsets[0] == self._reached:
            is_whole = ends[:-1] == rows.offsets[1:]
        else:
            is_whole = False
        if is_whole:
            self._kinds += kinds
            self._reached = ends[-1]
            return
        astray = set(
            self._astray_rows[first : bisect_left(self._astray_rows, start + count)]
        )
        for place, offset in enumerate(rows.offsets):
            if start + place in astray:
                continue
            if self._reached < offset:
                for _ in self._fill(offset):
                    pass
            self._kinds.append(kinds[place])
            self._reached = ends[place]

    def _count(self, rows: RowColumns, kinds: bytes) -> None:
        for kind in set(kinds):
            flags = kinds.translate(bytes(each == kind for each in range(256)))
            data = sum(compress(rows.lengths, flags))
            heads = sum(compress(rows.starts, flags))
            heads -= sum(compress(rows.offsets, flags))
            self._add_amount(Kind(kind), flags.count(1), data, data + heads)

    def _add_amount(self, kind: Kind, blocks: int, data: int, whole: int) -> None:
        had = self._amounts[kind]
        self._amounts[kind] = Amount(
            had.blocks + blocks, had.data + data, had.whole + whole
        )

    # What has no row

    def _fill(self, end: int) -> Iterator[None]:
        """Add what is between the current offset and *end*."""
        while self._astray and self._astray[-1][0] < end:
            offset, row = self._astray.pop()
            yield from self._fill_plain(offset)
            data, length = self._index.data_offset(row), self._index.length(row)
            kind = KIND_OF_MARK[self._index.mark(row)]
            self._add_extra(Kind(kind), offset, data, length, row)
            self._reached = data + length
        yield from self._fill_plain(end)

    def _fill_plain(self, end: int) -> Iterator[None]:
        if self._reached >= end:
            return
        source = self._blocks.source
        if len(self._extras.numbers) >= MOST_EXTRAS:
            self._unlisted += end - self._reached
        else:
            for found in stretches(source, self._reached, end):
                if len(self._extras.numbers) >= MOST_EXTRAS:
                    self._unlisted += end - found.offset
                    break
                self._add_stretch(found)
                yield
        self._reached = end

    def _add_stretch(self, found: Stretch) -> None:
        kind, row = self._kind_of(found)
        whole = found.end - found.offset
        self._add_amount(kind, 1, found.length, whole)
        self._add_extra(kind, found.offset, found.data_offset, found.length, row)

    def _kind_of(self, found: Stretch) -> tuple[Kind, int]:
        """Return what a block without a row is, and the row of the one that counts."""
        if found.cid is None:
            return Kind.NO_BLOCK, NO_ROW
        raw = found.cid.raw
        if found.cid.is_blessed:
            row = self._index.find(raw)
            return (Kind.DUPLICATE, row) if row >= 0 else (Kind.NO_BLOCK, NO_ROW)
        odd = self._blocks.odd.get(raw)
        if odd is None:
            return Kind.NO_BLOCK, NO_ROW
        if odd.offset != found.offset:
            return Kind.DUPLICATE, NO_ROW
        is_linked = self._blocks.odd.is_linked(raw)
        return (Kind.RECORD if is_linked else Kind.UNLINKED), NO_ROW

    def _add_extra(
        self, kind: Kind, offset: int, data_offset: int, length: int, row: int
    ) -> None:
        self._extras.add(len(self._kinds), offset, data_offset, length, row)
        self._kinds.append(kind)

    # Links

    def _link(self, links: array[int]) -> Iterator[int]:
        """Store for each row which node or record it is; of several, the first.

        A block that is both counts as a node, so nodes are stored last.
        """
        done = 0
        for column in (self._records.rows, self._nodes.rows):
            for stop in range(len(column), 0, -AT_ONCE):
                start = max(0, stop - AT_ONCE)
                rows = column[start:stop]
                for number in range(stop - 1, start - 1, -1):
                    row = rows[number - start]
                    if row != NO_ROW:
                        links[row] = number
                done += len(rows)
                yield done

    def _missing(self) -> tuple[array[int], Numbers]:
        """Return nodes and records whose blocks are not in the file."""
        kinds, odd = self._nodes.kinds, self._blocks.odd
        nodes = array(
            "I", [n for n in self._nodes.holes.numbers if kinds[n] == NodeKind.MISSING]
        )
        missing = self._records.missing
        if not odd or not len(missing):
            # The column itself, not a copy: there may be a million.
            return nodes, missing.numbers
        gone = (number for number, cid in missing.items() if cid.raw not in odd)
        return nodes, array("Q", gone)
