"""Some records in walk order, with the nodes above them: by number, in batches.

What is taken of the tree is found from the columns alone: sub-trees that are
wanted whole, and those that are not at all, are passed over in one step. So the
cost grows with what is taken. Blocks are copied from the source some thousand at
a time, each hashed again.
"""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core import limits
from repoview.core.inventory.walked_rows import AT_ONCE
from repoview.core.kernel import kernel
from repoview.core.kernel.interleaving import NodeColumns
from repoview.core.kernel.seam import NodeKind
from repoview.core.marks import NO_ROW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.index.nodes import NodeTable
    from repoview.core.index.records import RecordIndex

_ROWS: Final = 4_096
"""Rows of a batch, about, where the file has blocks in the order of their use."""

_MOST_BYTES: Final = 64 * limits.MiB
"""Bytes of scattered blocks that are in memory at once."""

_BYTES_A_BLOCK: Final = 256
"""About; if they have less, fewer bytes are read at once."""

_FEW: Final = 16
"""Blocks that are asked for behind one that is not what it should be."""

_SPREAD: Final = 8
"""A piece of a column is read at once if one number in so many is wanted."""


_IS_ENTERED: Final = bytes(kind != NodeKind.SHARED for kind in range(256))
"""By kind of a node, 1 unless it was entered before, by another link."""


class AtOnce(NamedTuple):
    """How many blocks are asked for at once."""

    blocks: int
    """At most."""

    bytes: int
    """Of blocks, at most; one block may have more."""


IN_ORDER: Final = AtOnce(_ROWS, limits.MiB)
"""Where the file has them in the order of their use."""


def scattered(memory: int) -> AtOnce:
    """Return how many where the file has them in any other order.

    The more there are, the less there is between them in the file: a quarter of a
    million blocks are most of a large file, and to read this from its beginning to
    its end takes a fraction of the time of as many single reads.

    Args:
        memory: Limit of memory in bytes; one eighth of it is taken.
    """
    size = min(max(memory // 8, IN_ORDER.bytes), _MOST_BYTES)
    return AtOnce(max(size // _BYTES_A_BLOCK, IN_ORDER.blocks), size)


class PartRows(NamedTuple):
    """A batch of nodes and records in walk order."""

    rows: array[int]
    """The block of each; `NO_ROW` for none."""

    numbers: array[int]
    """That of a record; of a node ``~number``, which is negative."""


class Copied(NamedTuple):
    """What was copied of a batch: some blocks, or one that could not be."""

    sections: bytes
    """End to end; empty for a block that is not there, or does not hash."""

    start: int
    """Place of the first in the batch."""

    stop: int
    """Place behind the last."""


class Selection:
    """Records by number, and the nodes above them.

    Args:
        nodes: The tree.
        numbers: Of the records, ascending; a `range` is faster.
    """

    def __init__(self, nodes: NodeTable, numbers: Sequence[int]) -> None:
        self._nodes = nodes
        self.numbers = numbers

    def place(self, number: int) -> int:
        """Return how many selected records have a smaller number."""
        numbers = self.numbers
        if isinstance(numbers, range):
            return min(max(number - numbers.start, 0), len(numbers))
        return bisect_left(numbers, number)

    def runs(self) -> Iterator[range]:
        """Yield the numbers of the nodes above the records, and of the top.

        Where a sub-tree has nothing but selected records, links in it that lead to
        no record are among them.
        """
        return node_runs(self._nodes, self._has_all, self._has_some)

    def _has_all(self, first: int, end: int) -> bool:
        return end > first and self.place(end) - self.place(first) == end - first

    def _has_some(self, number: int) -> bool:
        first, end = self._nodes.first_records[number], self._nodes.record_ends[number]
        return number == 0 or self.place(first) < self.place(end)


def node_runs(
    nodes: NodeTable,
    is_whole: Callable[[int, int], bool],
    is_wanted: Callable[[int], bool],
) -> Iterator[range]:
    """Yield numbers of nodes in walk order, as far as they are wanted.

    Args:
        nodes: The tree.
        is_whole: Tells of the records *first* to *end* whether a node that has
            them is wanted with all that is below it.
        is_wanted: Tells of a node whether it is wanted; else nothing below it is.
    """
    number = 0
    while number < len(nodes):
        end = nodes.ends[number]
        if is_whole(nodes.first_records[number], nodes.record_ends[number]):
            yield range(number, end)
        elif is_wanted(number):
            yield range(number, number + 1)
            end = number + 1
        number = end


def part_rows(
    records: RecordIndex,
    nodes: NodeTable,
    selection: Selection,
    runs: Iterable[range],
    *,
    empty: bool = True,
    at_once: int = _ROWS,
) -> Iterator[PartRows]:
    """Yield nodes and selected records in walk order, some thousand at a time.

    A block that the tree uses several times comes as often. Links to a node that
    was entered before are left out.

    Args:
        records: Of the repository.
        nodes: The tree.
        selection: The records.
        runs: Of the nodes.
        empty: Whether nodes without a record are taken, but for the top.
        at_once: Rows of a batch, about.
    """
    numbers, reached = selection.numbers, 0
    out = PartRows(array("I"), array("q"))
    for start, stop in _pieces(runs):
        some = slice(start, stop)
        firsts, ends = nodes.first_records[some], nodes.record_ends[some]
        kinds, rows = bytes(nodes.kinds[some]), nodes.rows[some]
        place = selection.place(firsts[-1])
        picked, reached = numbers[reached:place], place
        columns = NodeColumns(firsts, ends, kinds.translate(_IS_ENTERED), rows)
        before = array("q", picked), _rows(records, picked)
        found = kernel.interleaved(start, columns, *before, empty)
        out.rows.extend(found[0])
        out.numbers.extend(found[1])
        if len(out.rows) >= at_once:
            yield out
            out = PartRows(array("I"), array("q"))
    yield out
    for start in range(reached, len(numbers), at_once):
        picked = numbers[start : start + at_once]
        yield PartRows(_rows(records, picked), array("q", picked))


def _pieces(runs: Iterable[range]) -> Iterator[tuple[int, int]]:
    for run in runs:
        for start in range(run.start, run.stop, AT_ONCE):
            yield start, min(start + AT_ONCE, run.stop)


def _rows(records: RecordIndex, numbers: Sequence[int]) -> array[int]:
    """Return the rows of some records, which ascend."""
    if not numbers:
        return array("I")
    first, end = numbers[0], numbers[-1] + 1
    if end - first == len(numbers):
        return records.rows[first:end]
    if end - first > _SPREAD * len(numbers):
        return array("I", map(records.rows.__getitem__, numbers))
    piece = records.rows[first:end]
    return array("I", [piece[number - first] for number in numbers])


def records_in(numbers: array[int]) -> int:
    """Return how many of some numbers of `PartRows` are those of records."""
    # A negative one has a last byte of ones; a comparison of each is slow.
    last = 7 if sys.byteorder == "little" else 0
    return numbers.tobytes()[last::8].count(0)


def copied(
    blocks: Blocks, rows: array[int], at_once: AtOnce = IN_ORDER
) -> Iterator[Copied]:
    """Yield the sections of blocks, each hashed again, some thousand together.

    Args:
        blocks: Of the source.
        rows: Of the blocks; `NO_ROW` for one that is not there.
        at_once: How many together, at most.
    """
    at, ahead = 0, at_once.blocks
    while at < len(rows):
        some = rows[at : at + ahead]
        if NO_ROW in some:
            some = some[: some.index(NO_ROW)]
        most = at_once.bytes
        sections, count = kernel.sections_of(blocks, some, most) if some else (b"", 0)
        # Where blocks are damaged, many would be asked for to get a few.
        is_cut = count < len(some) and len(sections) < most // 2
        ahead = _FEW if is_cut or not count else min(at_once.blocks, 2 * ahead)
        yield Copied(sections, at, at + (count or 1))
        at += count or 1
        # The next are read without these in memory.
        del sections
