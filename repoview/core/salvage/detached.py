"""What blocks outside the tree say: nodes without parents, and the keys in them.

A node has its keys in full, so each of them tells the keys of its records,
whatever is lost around it. The keys are sorted (an external sort), to be
compared with the tree: where the tree has a hole, such a key is one that the
hole lost. Elsewhere the tree proves that it is not there, or that another
record is: then the node is of an earlier state of the repository.
"""

from __future__ import annotations

from array import array
from contextlib import closing
from itertools import compress
from operator import and_, gt
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from repoview.core import limits
from repoview.core.cid import CID_BYTES, Cid
from repoview.core.closing import Closing
from repoview.core.formats.mst import read_node
from repoview.core.formats.node_faults import recover_node
from repoview.core.inventory.unlinked import UnlinkedKind, look_of
from repoview.core.load.result import Progress
from repoview.core.marks import LINKED, NO_ROW, RAW_CODEC, STATE, State
from repoview.core.salvage.report import LooseKind
from repoview.core.salvage.rows import AT_ONCE, LOOSE, blocks_in
from repoview.core.storage.sorted_bytes import SortedBytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.opening.room import Room
    from repoview.core.salvage.report import LostKeys

    _Slot: TypeAlias = tuple[bytes | None, Cid | None, Cid | None]
    """Key, record and sub-tree of an entry, as far as they can be read."""

_SHARE: Final = 8
_MOST_MEMORY: Final = 64 * limits.MiB
"""Memory for a sort: one n-th of the limit, and at most so much."""

_TAIL: Final = 5
"""Bytes of an item behind its key: a zero, and the row."""


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
        self.bytes = 0
        """Of their data."""
        size = len(self._index) // 8 + 1
        self._keyed, self._below = bytearray(size), bytearray(size)
        """A bit a row: whether a node outside the tree has it as a record, and
        whether it has it as a sub-tree."""
        self._untyped = array("I")
        """Rows of records whose `$type` the index does not have."""
        self._nodes = array("I")
        """Rows of nodes."""
        self._room = room
        self._sorted = new_sort(room)
        try:
            for first in range(0, len(self._index), AT_ONCE):
                report(Progress("unlinked", first, len(self._index), first))
                self._take_rows(first)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Free memory and disk; closing twice is fine."""
        self._sorted.close()

    def _take_rows(self, first: int) -> None:
        index = self._index
        rows = index.rows(first, AT_ONCE)
        numbers = array("I", range(first, first + len(rows.offsets)))
        loose = index.marks_of(numbers).translate(LOOSE)
        if 1 not in loose:
            return
        self.bytes += sum(compress(rows.lengths, loose))
        typed = sum(compress(rows.typed, loose))
        self.counts[UnlinkedKind.RECORD] += typed
        rest = array("I", compress(numbers, map(gt, loose, rows.typed)))
        for row, block in blocks_in(self._blocks, rest):
            self._take(row, block[:CID_BYTES], block[CID_BYTES:])

    def _take(self, row: int, raw: bytes, data: bytes) -> None:
        """Take in a block that has no `$type` that the index knows."""
        kind = UnlinkedKind.OTHER
        if not self._index.mark(row) & RAW_CODEC:
            node = _slots_in(data, raw)
            kind = look_of(data)[0] if node is None else UnlinkedKind.NODE
            if node is not None:
                self._take_node(row, *node)
        self.counts[kind] += 1
        if kind is UnlinkedKind.RECORD:
            self._untyped.append(row)

    def _take_node(self, row: int, left: Cid | None, slots: Sequence[_Slot]) -> None:
        self._nodes.append(row)
        below, add = [left], self._sorted.add
        for key, value, tree in slots:
            below.append(tree)
            if key and value is not None and 0 not in key:
                record = self._find(value)
                _set(self._keyed, record)
                add(_item(key, record))
        for link in below:
            _set(self._below, self._find(link))

    def _find(self, cid: Cid | None) -> int:
        """Return the row of a block that is there and hashes; else `NO_ROW`."""
        if cid is None or len(cid.raw) != CID_BYTES:
            return NO_ROW
        row = self._blocks.find(cid.raw)
        if row < 0 or self._index.mark(row) & STATE == State.WRONG_HASH:
            return NO_ROW
        return row

    # What came of it

    def known_keys(self) -> Iterator[DetachedKey]:
        """Yield the keys, ascending, each with the records that nodes say it has.

        Not those of earlier states whose record the tree has too, or that is not
        there.
        """
        mark, before, is_there = self._index.mark, b"", False
        for key, row, is_lost in _in_holes(self._sorted, self._holes()):
            if key != before:
                before, is_there = key, False
            if row == NO_ROW:
                if is_lost and not is_there:
                    yield DetachedKey(key, NO_ROW, is_lost=True)
            elif is_lost and not is_there:
                yield DetachedKey(key, row, is_lost=True)
            elif not mark(row) & LINKED:
                yield DetachedKey(key, row, is_lost=False)
            is_there = is_there or row != NO_ROW

    def count_subtrees(self) -> int:
        """Return how many nodes without a parent hold keys that the tree lost.

        Raises:
            LimitExceeded: There are more than may be kept.
            SourceError: The source cannot be read, or was changed.
        """
        free = [row for row in self._nodes if not _has(self._below, row)]
        with closing(new_sort(self._room)) as tops:
            for row, block in blocks_in(self._blocks, array("I", free)):
                _, slots = _slots_in(block[CID_BYTES:], block[:CID_BYTES]) or (None, ())
                keys = (slot[0] for slot in slots if slot[0] and 0 not in slot[0])
                tops.add(_item(next(keys, b""), row))
            return sum(is_lost for _, _, is_lost in _in_holes(tops, self._holes()))

    def keyless(self) -> Iterator[int]:
        """Yield the rows of records whose key no node says."""
        index = self._index
        for first in range(0, len(index), AT_ONCE):
            rows = index.rows(first, AT_ONCE)
            numbers = array("I", range(first, first + len(rows.offsets)))
            loose = index.marks_of(numbers).translate(LOOSE)
            for row in compress(numbers, map(and_, loose, rows.typed)):
                if not _has(self._keyed, row):
                    yield row
        for row in self._untyped:
            if not _has(self._keyed, row):
                yield row


def _set(bits: bytearray, row: int) -> None:
    if row != NO_ROW:
        bits[row >> 3] |= 1 << (row & 7)


def _has(bits: bytearray, row: int) -> bool:
    return bool(bits[row >> 3] & 1 << (row & 7))


def new_sort(room: Room) -> SortedBytes:
    """Return an empty sort that keeps to its share of *room*.

    That is half of the memory where nothing may be put on disk.
    """
    memory = min(room.memory // _SHARE, _MOST_MEMORY)
    if room.folder is None:
        memory = room.memory // 2
    return SortedBytes(memory, room.folder, room.disk)


def _slots_in(data: bytes, raw: bytes) -> tuple[Cid | None, Sequence[_Slot]] | None:
    """Return left link and entries of a node, canonical or not; None for no node."""
    if (node := read_node(data)) is not None:
        return node.left, node.entries
    if b"\x61e" not in data or b"\x61l" not in data:
        return None
    recovered, _ = recover_node(data, 0, Cid(raw))
    if recovered is None:
        return None
    return recovered.left, [
        (slot.key, slot.value, slot.tree) for slot in recovered.slots
    ]


def _item(key: bytes, row: int) -> bytes:
    """Return what is sorted: by key, then the last row first, and `NO_ROW` last."""
    return b"%b\0%b" % (key, (NO_ROW - 1 - row & NO_ROW).to_bytes(4, "big"))


def _in_holes(
    items: Iterable[bytes], holes: Iterator[LostKeys]
) -> Iterator[tuple[bytes, int, bool]]:
    """Yield key and row of items, each once, and whether the key is in a hole.

    Args:
        items: Ascending.
        holes: Ascending.
    """
    before, hole = b"", next(holes, None)
    for item in items:
        # Copies of a node, and older ones, say the same again.
        if item == before:
            continue
        before, key = item, item[:-_TAIL]
        while hole is not None and hole.hi is not None and hole.hi <= key:
            hole = next(holes, None)
        row = NO_ROW - 1 - int.from_bytes(item[-4:], "big") & NO_ROW
        yield key, row, hole is not None and (hole.lo < key or not key)
