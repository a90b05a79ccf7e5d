"""The state of a walk, in Python: a stack of nodes, and the current batch.

The compiled twin has a class of the same name. The kernel's walk appends the
records and nodes that it meets, and so does the engine for what was handed
over to it; `take` returns them as a batch.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from repoview.core.cid import CID_BYTES
from repoview.core.formats.key import collection_of
from repoview.core.kernel.seam import (
    NO_PARENT,
    UNKNOWN_DEPTH,
    Batch,
    Child,
    CollectionRange,
    CountedFault,
    MissingColumns,
    NodeColumns,
    NodeKind,
    Value,
)
from repoview.core.marks import AGAIN, LINKED, NO_ROW, NODE, RECORD

if TYPE_CHECKING:
    from repoview.core.blocks.block_index import BlockIndex
    from repoview.core.cid import Cid
    from repoview.core.kernel.seam import Hole


@dataclass(slots=True)
class Frame:
    """A node being walked: its steps, and how many are done."""

    number: int
    """Of the node, in the order of entering; `NO_PARENT` above the top."""

    offset: int
    """Of its section."""

    depth: int | None
    steps: list[Child | Value]
    done: int = 0


@dataclass(slots=True)
class _Columns:
    """The columns of a batch while it is being filled."""

    keys: bytearray = field(default_factory=bytearray)
    ends: array[int] = field(default_factory=lambda: array("Q"))
    rows: array[int] = field(default_factory=lambda: array("I"))
    missing: array[int] = field(default_factory=lambda: array("Q"))
    missing_cids: bytearray = field(default_factory=bytearray)
    missing_parents: array[int] = field(default_factory=lambda: array("Q"))
    odd: dict[int, Cid] = field(default_factory=dict)
    collections: list[CollectionRange] = field(default_factory=list)
    node_rows: array[int] = field(default_factory=lambda: array("I"))
    parents: array[int] = field(default_factory=lambda: array("I"))
    depths: bytearray = field(default_factory=bytearray)
    distances: bytearray = field(default_factory=bytearray)
    kinds: bytearray = field(default_factory=bytearray)
    first_records: array[int] = field(default_factory=lambda: array("I"))
    node_ends: array[int] = field(default_factory=lambda: array("I"))
    record_ends: array[int] = field(default_factory=lambda: array("I"))
    closed: list[tuple[int, int, int]] = field(default_factory=list)
    holes: dict[int, Hole] = field(default_factory=dict)
    in_order: bool = True

    def finish(self) -> Batch:
        nodes = NodeColumns(
            self.node_rows,
            self.parents,
            bytes(self.depths),
            bytes(self.distances),
            bytes(self.kinds),
            self.first_records,
            self.node_ends,
            self.record_ends,
        )
        return Batch(
            bytes(self.keys),
            self.ends,
            self.rows,
            MissingColumns(
                self.missing, bytes(self.missing_cids), self.missing_parents, self.odd
            ),
            self.collections,
            nodes,
            self.closed,
            self.holes,
            self.in_order,
            array("Q", bytes(8 * len(CountedFault))),
            (_greatest(self.rows), _greatest(self.node_rows)),
            self.keys.lower() != self.keys,
        )


def _greatest(rows: array[int]) -> int:
    """Return the place of the greatest row, the first of equal ones; or -1."""
    greatest = max(filter(NO_ROW.__ne__, rows), default=NO_ROW)
    return -1 if greatest == NO_ROW else rows.index(greatest)


class WalkState:
    """The nodes being walked, and what was met since `take` was called last."""

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        """A stack; the first frame is of no node: it has the step to the top."""
        self.last_key = b""
        """The greatest key so far that was in order."""
        self.counted = 0
        """Bits of `CountedFault`: faults that need only be counted. Unused here,
        where all are handed over."""
        self.first_astray = -1
        """Row of the first block that is out of walk order in the file."""
        self.last_node = -1
        """Greatest offset of a node met."""
        self.first_record = 1 << 63
        """Smallest offset of a record met."""
        self.collection = b""
        self.collection_type = -1
        """The collection of the last record, and its number among the types."""
        self._last_offset = -1
        self._columns = _Columns()
        self._records = self._nodes = self._key_bytes = 0
        """How many were met, from the first of the walk on."""
        self._first_node = 0
        """Number of the batch's first node."""

    def __len__(self) -> int:
        """Return how many nodes are on the way down."""
        return max(0, len(self.frames) - 1)

    def begin(self, top: Cid, holder: int) -> None:
        """Begin at the link to the top, in the section at *holder*."""
        self.frames = [Frame(NO_PARENT, holder, None, [Child(top, b"", None)])]

    def meet(self, index: BlockIndex, row: int, role: int) -> None:
        """Mark the block in *row* as used, and compare its offset with the order.

        Args:
            index: The index that has the row.
            row: The block that was met.
            role: `RECORD`, `NODE` or `COMMIT`.
        """
        mark = index.mark(row)
        if not mark & LINKED:
            offset = index.offset(row)
            if offset > self._last_offset:
                self._last_offset = offset
            elif self.first_astray < 0:
                self.first_astray = row
            if role == NODE:
                self.last_node = max(self.last_node, offset)
            elif role == RECORD:
                self.first_record = min(self.first_record, offset)
        again = AGAIN if role == RECORD and mark & RECORD else 0
        index.add_mark(row, role | again)

    def holds(self, most: int) -> bool:
        """Tell whether the batch has *most* records or nodes."""
        columns = self._columns
        return len(columns.rows) >= most or len(columns.node_rows) >= most

    def take(self) -> Batch:
        """Return what was met since this was called last."""
        columns, self._columns = self._columns, _Columns()
        self._first_node = self._nodes
        return columns.finish()

    def add_missing(self, key: bytes, cid: Cid, parent: int, length: int) -> None:
        """Append one record that has no row.

        Args:
            key: Its key.
            cid: What the key links to.
            parent: Section of the node that has the link.
            length: Bytes of its block, which an odd one may have all the same.
        """
        columns = self._columns
        columns.missing.append(self._records)
        if len(cid.raw) == CID_BYTES:
            columns.missing_cids += cid.raw
        else:
            columns.missing_cids += bytes(CID_BYTES)
            columns.odd[self._records] = cid
        columns.missing_parents.append(parent)
        self.add_record(key, NO_ROW, length)

    def add_record(self, key: bytes, row: int, length: int) -> None:
        """Append one record, whose block has *length* bytes."""
        columns, number = self._columns, self._records
        columns.keys += key
        self._key_bytes += len(key)
        columns.ends.append(self._key_bytes)
        columns.rows.append(row)
        collection = collection_of(key)
        if columns.collections and columns.collections[-1].collection == collection:
            last = columns.collections[-1]
            columns.collections[-1] = last._replace(bytes=last.bytes + length)
        else:
            columns.collections.append(CollectionRange(number, collection, length))
        self._records += 1

    def misplace(self) -> None:
        """Note that the last record's key is misplaced."""
        self._columns.in_order = False

    def add_node(
        self, row: int, depth: int | None, kind: int, hole: Hole | None = None
    ) -> None:
        """Append one node, or one link that leads to none."""
        columns, number = self._columns, self._nodes
        if hole is not None:
            columns.holes[number] = hole
        columns.node_rows.append(row)
        columns.parents.append(self.frames[-1].number)
        columns.depths.append(UNKNOWN_DEPTH if depth is None else depth)
        columns.distances.append(len(self))
        columns.kinds.append(kind)
        columns.first_records.append(self._records)
        columns.node_ends.append(0 if kind == NodeKind.NODE else number + 1)
        columns.record_ends.append(self._records)
        self._nodes += 1

    def enter(
        self,
        row: int,
        offset: int,
        depth: int | None,
        steps: list[Child | Value],
        hole: Hole | None = None,
    ) -> None:
        """Append one node, and step into it.

        Args:
            row: Its block; `NO_ROW` for a block of odd CID.
            offset: Of its section.
            depth: Where it is known.
            steps: What is to do in it.
            hole: The link to it, where it has no row.
        """
        number = self._nodes
        self.add_node(row, depth, NodeKind.NODE, hole)
        self.frames.append(Frame(number, offset, depth, steps))

    def leave(self) -> None:
        """Step out of the node being walked."""
        number = self.frames.pop().number
        if number == NO_PARENT:
            return
        place = number - self._first_node
        if place < 0:
            self._columns.closed.append((number, self._nodes, self._records))
        else:
            self._columns.node_ends[place] = self._nodes
            self._columns.record_ends[place] = self._records

    def next_step(self) -> tuple[int, int | None, Child | Value]:
        """Pop the step that the walk stopped in front of.

        Returns:
            Offset and depth of the node that has it, and the step.
        """
        frame = self.frames[-1]
        step = frame.steps[frame.done]
        frame.done += 1
        return frame.offset, frame.depth, step
