"""What blocks outside the tree say: nodes without parents, and the keys in them.

A node has its keys in full, so each of them tells the keys of its records,
whatever is lost around it. The keys are sorted, to be compared with the tree:
where the tree has a hole, such a key is one that the hole lost. Elsewhere the
tree proves that it is not there, or that another record is: then the node is of
an earlier state of the repository.

Canonical nodes are read by the kernel, and keys are counted by the batch: there
may be millions.
"""

from __future__ import annotations

from array import array
from collections import deque
from contextlib import closing
from itertools import accumulate, compress, repeat
from operator import and_, gt, or_
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core import limits
from repoview.core.cid import CID_BYTES, Cid
from repoview.core.closing import Closing
from repoview.core.formats.key import collection_of
from repoview.core.formats.node_faults import recover_node
from repoview.core.inventory.unlinked import UnlinkedKind, look_of
from repoview.core.kernel.batches import nodes_by_batch
from repoview.core.load.result import Progress
from repoview.core.marks import LINKED, NO_MARK, NO_ROW, STATE, State
from repoview.core.salvage.key_sort import KeySort
from repoview.core.salvage.report import LooseKind
from repoview.core.salvage.rows import AT_ONCE, LOOSE, LOOSE_CBOR, blocks_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.formats.node_faults import Recovered
    from repoview.core.kernel.node_keys import NodeKeys
    from repoview.core.opening.room import Room
    from repoview.core.salvage.key_sort import KeyBatch
    from repoview.core.salvage.report import LostKeys

_READ: Final = limits.MiB
"""Bytes of nodes read at a time, and of their keys."""

_FIRST, _LINKED, _LOOSE = 1, 2, 4
"""Bits of a key with a row: whether it is the first of that key, and whether its
record is there and in the tree, or not in the tree."""

_USES: Final = bytes(
    0 if mark == NO_MARK else _LINKED if mark & LINKED else _LOOSE
    for mark in range(256)
)
"""Of each mark of a whole block, and of none, one of these bits."""


class DetachedKey(NamedTuple):
    """A key that a node outside the tree says."""

    key: bytes
    row: int
    """Of its record's block; `NO_ROW` where that is not there."""

    is_lost: bool
    """Whether it is one that the tree lost, and not of an earlier state. True of
    one record a key: where nodes differ, of the last one in the file."""

    @property
    def is_found(self) -> bool:
        """Whether the tree lost the key, and its record is there."""
        return self.is_lost and self.row != NO_ROW

    @property
    def kind(self) -> LooseKind:
        """How its record is known."""
        return LooseKind.DETACHED if self.is_lost else LooseKind.OLDER


class KeyCounts(NamedTuple):
    """How many keys of one collection nodes outside the tree say."""

    collection: bytes
    """Empty also for those that the tree did not lose."""

    found: int
    """Lost by the tree, with their records there."""

    lost: int
    """Lost by the tree, without their records."""

    older: int
    """Records of an earlier state."""


class DetachedNodes(Closing):
    """The nodes, and other blocks, that the tree does not reach.

    Args:
        blocks: Of the source, with the marks of the walk.
        holes: Returns the ranges of keys that the tree lost, ascending.
        room: What may be taken of memory and disk.
        report: Told of the blocks looked at; what it raises ends it.

    Raises:
        LimitExceeded: There is more to sort than may be kept.
        SourceError: The source cannot be read, or was changed.
    """

    def __init__(
        self,
        blocks: Blocks,
        holes: Callable[[], Iterator[LostKeys]],
        room: Room,
        report: Callable[[Progress], None],
    ) -> None:
        self._blocks, self._index, self._holes = blocks, blocks.index, holes
        self.counts = dict.fromkeys(UnlinkedKind, 0)
        """Whole blocks that the tree does not reach, by what they look like."""
        size = len(self._index)
        self._keyed, self._below = bytearray(size), bytearray(size)
        """A byte a row: whether a node outside the tree has it as a record, and
        whether it has it as a sub-tree."""
        self._untyped = array("I")
        """Rows of records whose `$type` the index does not have."""
        self._nodes = array("I")
        """Rows of nodes."""
        self._room = room
        self._sorted = KeySort(room)
        try:
            for first in range(0, size, AT_ONCE):
                report(Progress("unlinked", first, size, first))
                self._take_rows(first)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Free memory and disk; closing twice is fine."""
        self._sorted.close()

    def _take_rows(self, first: int) -> None:
        numbers, marks, typed = self._some(first)
        loose = marks.translate(LOOSE)
        if 1 not in loose:
            return
        cbor = marks.translate(LOOSE_CBOR)
        self.counts[UnlinkedKind.RECORD] += sum(compress(typed, loose))
        self.counts[UnlinkedKind.OTHER] += loose.count(1) - cbor.count(1)
        rest = array("I", compress(numbers, map(gt, cbor, typed)))
        for said in nodes_by_batch(self._blocks, rest, _READ, AT_ONCE):
            self._take_nodes(said)
            for row, block in blocks_in(self._blocks, said.others):
                self._take(row, block[:CID_BYTES], block[CID_BYTES:])

    def _some(self, first: int) -> tuple[range, bytes, bytes]:
        """Return some rows, their marks, and which are of a known `$type`."""
        typed = self._index.rows(first, AT_ONCE).typed
        numbers = range(first, first + len(typed))
        return numbers, self._index.marks_of(array("I", numbers)), typed

    def _take_nodes(self, said: NodeKeys) -> None:
        """Take in canonical nodes."""
        self.counts[UnlinkedKind.NODE] += len(said.nodes)
        self._nodes.extend(said.nodes)
        self._sorted.add(said.keys, said.sizes, said.rows)
        _set(self._keyed, said.rows)
        _set(self._below, said.trees)

    def _take(self, row: int, raw: bytes, data: bytes) -> None:
        """Take in a block that has no `$type` that the index knows."""
        node = _recovered(data, raw)
        kind = look_of(data)[0] if node is None else UnlinkedKind.NODE
        self.counts[kind] += 1
        if node is not None:
            self._take_node(row, node)
        elif kind is UnlinkedKind.RECORD:
            self._untyped.append(row)

    def _take_node(self, row: int, node: Recovered) -> None:
        """Take in a node that is not canonical, as far as it can be read."""
        self._nodes.append(row)
        slots = [each for each in node.slots if each.key and each.value is not None]
        keys = [each.key or b"" for each in slots]
        records = array("I", [self._find(each.value) for each in slots])
        self._sorted.add(b"".join(keys), array("I", map(len, keys)), records)
        _set(self._keyed, records)
        below = (node.left, *(each.tree for each in node.slots))
        _set(self._below, map(self._find, below))

    def _find(self, cid: Cid | None) -> int:
        """Return the row of a block that is there and hashes; else `NO_ROW`."""
        if cid is None or len(cid.raw) != CID_BYTES:
            return NO_ROW
        row = self._blocks.find(cid.raw)
        if row < 0 or self._index.mark(row) & STATE == State.WRONG_HASH:
            return NO_ROW
        return row

    # What came of it

    def key_counts(self) -> Iterator[KeyCounts]:
        """Yield how many keys there are, by collection; one may come again."""
        for batch, start, stop, is_lost in _in_holes(self._sorted, self._holes()):
            uses = self._uses(batch, start, stop)
            if not is_lost:
                older = uses.count(_LOOSE) + uses.count(_FIRST | _LOOSE)
                yield KeyCounts(b"", 0, 0, older)
                continue
            for name, first, last in _collections(batch, start, stop):
                some = uses[first - start : last - start]
                there = some.count(_FIRST | _LINKED) + some.count(_FIRST | _LOOSE)
                yield KeyCounts(name, there, some.count(_FIRST), some.count(_LOOSE))

    def known_keys(self) -> Iterator[DetachedKey]:
        """Yield the keys, ascending, each with the records that nodes say it has.

        Not those of earlier states whose record the tree has too, or that is not
        there.
        """
        for batch, start, stop, is_lost in _in_holes(self._sorted, self._holes()):
            uses = self._uses(batch, start, stop)
            for number, use in zip(range(start, stop), uses, strict=True):
                key, row = batch.key(number), batch.rows[number]
                if is_lost and use & _FIRST:
                    yield DetachedKey(key, row, is_lost=True)
                elif use & _LOOSE:
                    yield DetachedKey(key, row, is_lost=False)

    def _uses(self, batch: KeyBatch, start: int, stop: int) -> bytes:
        """Return the bits of some keys with their rows."""
        marks = self._index.marks_of(batch.rows[start:stop])
        return bytes(map(or_, batch.firsts[start:stop], marks.translate(_USES)))

    def count_subtrees(self) -> int:
        """Return how many nodes without a parent hold keys that the tree lost.

        Raises:
            LimitExceeded: There are more than may be kept.
            SourceError: The source cannot be read, or was changed.
        """
        free = array("I", [row for row in self._nodes if not self._below[row]])
        with closing(KeySort(self._room)) as tops:
            for said in nodes_by_batch(self._blocks, free, _READ, AT_ONCE):
                keys = [*_first_keys(said), *self._first_keys_of(said.others)]
                rows = said.nodes + said.others
                tops.add(b"".join(keys), array("I", map(len, keys)), rows)
            found = _in_holes(tops, self._holes())
            return sum(stop - start for _, start, stop, is_lost in found if is_lost)

    def _first_keys_of(self, rows: array[int]) -> Iterator[bytes]:
        """Yield the first key of nodes that are not canonical; empty for none."""
        for _, block in blocks_in(self._blocks, rows):
            node = _recovered(block[CID_BYTES:], block[:CID_BYTES])
            slots = () if node is None else node.slots
            yield next((each.key for each in slots if each.key), b"")

    def keyless(self) -> Iterator[int]:
        """Yield the rows of records whose key no node says."""
        for first in range(0, len(self._index), AT_ONCE):
            numbers, marks, typed = self._some(first)
            loose = map(and_, marks.translate(LOOSE), typed)
            keyed = self._keyed[first : first + len(typed)]
            yield from compress(numbers, map(gt, loose, keyed))
        yield from (row for row in self._untyped if not self._keyed[row])


def _set(flags: bytearray, rows: Iterable[int]) -> None:
    """Set the flag of each row that is there."""
    there = filter(NO_ROW.__gt__, rows)
    deque(map(flags.__setitem__, there, repeat(1)), maxlen=0)


def _first_keys(said: NodeKeys) -> Iterator[bytes]:
    """Yield the first key of each canonical node; empty for one without keys."""
    ends = [0, *accumulate(said.sizes)]
    first = 0
    for count in said.counts:
        yield said.keys[ends[first] : ends[first + 1]] if count else b""
        first += count


def _recovered(data: bytes, raw: bytes) -> Recovered | None:
    """Return what can be read of a node; None for what is none."""
    if b"\x61e" not in data or b"\x61l" not in data:
        return None
    return recover_node(data, 0, Cid(raw))[0]


def _in_holes(
    batches: Iterable[KeyBatch], holes: Iterator[LostKeys]
) -> Iterator[tuple[KeyBatch, int, int, bool]]:
    """Yield ranges of keys, and whether the tree lost the keys of each.

    Args:
        batches: Of keys, ascending.
        holes: Ascending.
    """
    hole = next(holes, None)
    for batch in batches:
        at, total = 0, len(batch)
        while at < total:
            key = batch.key(at)
            while hole is not None and hole.hi is not None and hole.hi <= key:
                hole = next(holes, None)
            begin = stop = total
            if hole is not None:
                # A node without keys may be part of whatever is lost.
                begin = batch.first_behind(hole.lo, at) if key else at
                stop = total if hole.hi is None else batch.first_from(hole.hi, begin)
            if at < begin:
                yield batch, at, begin, False
            if begin < stop:
                yield batch, begin, stop, True
            at = stop


def _collections(
    batch: KeyBatch, start: int, stop: int
) -> Iterator[tuple[bytes, int, int]]:
    """Yield the collections of some keys, each with the range of its keys."""
    while start < stop:
        name, last = collection_of(batch.key(start)), start + 1
        if name:
            # What follows a slash.
            last = min(batch.first_from(name + b"0", last), stop)
        yield name, start, last
        start = last
