"""The values that cross the seam between the engine and its kernel.

The kernel accepts; it never diagnoses. `kernel.scan` and `kernel.walk` go on
for as long as everything is sound and stop at the first thing that is not:
the engine judges that one thing, says what is wrong, and calls again. What
they found on the way stands in packed columns, so that Python is called by
the batch and not by the block.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.blocks import AGAIN, LINKED, NODE, RECORD

if TYPE_CHECKING:
    from repoview.core.blocks import BlockIndex
    from repoview.core.cid import Cid
    from repoview.core.mst import Node

UNKNOWN_DEPTH: Final = 0xFF
"""Stands in packed columns for a depth that could not be known."""


class Stop(Enum):
    """Why the kernel came back."""

    END = "end"
    """Nothing is left to do."""

    FULL = "full"
    """The batch holds what was asked for; call again with a new one."""

    CUT = "cut"
    """The section begins in these bytes, but does not end in them."""

    HANDED_OVER = "handed over"
    """The next thing is not plainly sound: the engine must judge it."""


class Scanned(NamedTuple):
    """What `scan` did with a buffer."""

    consumed: int
    """Where in the buffer the whole sections end; the stop is about what
    follows."""

    stop: Stop


class NodeKind(IntEnum):
    """What a link to a sub-tree led to."""

    NODE = 0
    MISSING = 1
    """Its block is not in the file."""

    DAMAGED = 2
    """Its block does not hash to the link."""

    SHARED = 3
    """It was entered before; a tree has each node once."""

    NOT_A_NODE = 4
    """Its block is something else."""

    TOO_DEEP = 5
    """It lies below the deepest tree there can be."""

    @property
    def label(self) -> str:
        """The kind as people read it: "node", "not-a-node"."""
        return self.name.lower().replace("_", "-")


class Child(NamedTuple):
    """A step of a walk: a link to a sub-tree, and the keys it may hold."""

    cid: Cid
    lo: bytes
    """Every key below is greater; empty where nothing bounds them."""

    hi: bytes | None
    """Every key below is smaller; None where nothing bounds them."""


class Value(NamedTuple):
    """A step of a walk: a key and the record it links to."""

    key: bytes
    cid: Cid
    in_order: bool = True
    """False for a key that was found misplaced: it bounds no other."""


@dataclass(slots=True)
class Frame:
    """A node being walked: its steps, and how many are done."""

    row: int
    """Of its block; `NO_ROW` for a block of odd CID."""

    offset: int
    """Of its section."""

    depth: int | None
    steps: list[Child | Value]
    done: int = 0


def steps_of(node: Node, lo: bytes, hi: bytes | None) -> list[Child | Value]:
    """Return the steps through a sound *node* whose keys lie in (*lo*, *hi*)."""
    steps: list[Child | Value] = []
    child = node.left
    for entry in node.entries:
        if child is not None:
            steps.append(Child(child, lo, entry.key))
        steps.append(Value(entry.key, entry.value))
        lo, child = entry.key, entry.tree
    if child is not None:
        steps.append(Child(child, lo, hi))
    return steps


@dataclass(slots=True)
class WalkState:
    """Where a walk stands; either twin can go on from it."""

    stack: list[Frame] = field(default_factory=list)
    last_key: bytes = b""
    """The greatest key so far that was in order."""

    last_offset: int = -1
    """Section of the last block met for the first time."""

    first_astray: int = -1
    """Row of the first block that stands before the one walked before it."""

    last_node: int = -1
    """Greatest offset of a node met."""

    first_record: int = 1 << 63
    """Smallest offset of a record met."""

    collection: bytes = b""
    collection_type: int = -1
    """The collection of the last record, and its number among the types."""

    def meet(self, index: BlockIndex, row: int, role: int) -> None:
        """Mark the block in *row* as used, and keep account of the order.

        Args:
            index: The index that has the row.
            row: The block that was met.
            role: `RECORD`, `NODE` or `COMMIT`.
        """
        mark = index.marks[row]
        if not mark & LINKED:
            offset = index.offsets[row]
            if offset > self.last_offset:
                self.last_offset = offset
            elif self.first_astray < 0:
                self.first_astray = row
            if role == NODE:
                self.last_node = max(self.last_node, offset)
            elif role == RECORD:
                self.first_record = min(self.first_record, offset)
        again = AGAIN if role == RECORD and mark & RECORD else 0
        index.marks[row] = mark | role | again


class Hole(NamedTuple):
    """A link whose block cannot be shown, and where the link stands."""

    cid: Cid
    parent_offset: int
    """Section of the node that holds the link."""

    depth: int | None
    lo: bytes
    hi: bytes | None


class Run(NamedTuple):
    """Records in a row that are of one collection."""

    start: int
    """Number of the first, counted from the batch's first."""

    collection: bytes


@dataclass(slots=True)
class Batch:
    """Records and nodes as a walk met them, in packed columns."""

    keys: bytearray = field(default_factory=bytearray)
    """The keys of the records, end to end."""

    ends: array[int] = field(default_factory=lambda: array("I"))
    """Where each key ends in `keys`."""

    rows: array[int] = field(default_factory=lambda: array("I"))
    """The block of each record; `NO_ROW` for one that the index lacks."""

    missing: dict[int, Hole] = field(default_factory=dict)
    """By record, counted from the batch's first: those without a row."""

    runs: list[Run] = field(default_factory=list)
    run_bytes: list[int] = field(default_factory=list)
    """Bytes of the records of each run."""

    node_rows: array[int] = field(default_factory=lambda: array("I"))
    node_records: array[int] = field(default_factory=lambda: array("I"))
    """Records of this batch that came before the node was entered."""

    node_depths: bytearray = field(default_factory=bytearray)
    node_distances: bytearray = field(default_factory=bytearray)
    node_kinds: bytearray = field(default_factory=bytearray)
    closes: array[int] = field(default_factory=lambda: array("I"))
    """Records of this batch that came before a node was left, in the order in
    which nodes were left: the innermost first."""

    in_order: bool = True
    """False when a key of the batch is misplaced."""

    holes: dict[int, Hole] = field(default_factory=dict)
    """By node, counted from the batch's first: those not entered."""

    def holds(self, most: int) -> bool:
        """Tell whether there are *most* records or nodes in it."""
        return len(self.rows) >= most or len(self.node_rows) >= most

    def add_record(
        self, key: bytes, collection: bytes, row: int, length: int, hole: Hole | None
    ) -> None:
        """Append one record; *length* counts its bytes, 0 for a missing one."""
        number = len(self.rows)
        self.keys += key
        self.ends.append(len(self.keys))
        self.rows.append(row)
        if hole is not None:
            self.missing[number] = hole
        if self.runs and self.runs[-1].collection == collection:
            self.run_bytes[-1] += length
        else:
            self.runs.append(Run(number, collection))
            self.run_bytes.append(length)

    def add_node(
        self,
        row: int,
        depth: int | None,
        distance: int,
        kind: NodeKind = NodeKind.NODE,
        hole: Hole | None = None,
    ) -> None:
        """Append one node, or one link that leads to none."""
        if hole is not None:
            self.holes[len(self.node_rows)] = hole
        self.node_rows.append(row)
        self.node_records.append(len(self.rows))
        known = depth is not None and 0 <= depth < UNKNOWN_DEPTH
        self.node_depths.append(depth if known and depth is not None else UNKNOWN_DEPTH)
        self.node_distances.append(distance)
        self.node_kinds.append(kind)


class Tally(NamedTuple):
    """What the marks on the index say after a walk."""

    unlinked: int
    unlinked_bytes: int
    unlinked_unsound: array[int]
    """Rows, at most as many as are ever looked at."""

    unlinked_untyped: array[int]
    """Rows of sound blocks without `$type`: nodes and commits are such; at
    most as many as are ever looked at."""

    unlinked_damaged: array[int]
    """Rows whose only bytes do not hash."""

    shared: array[int]
    """Rows of records that more than one key links to."""

    two_roles: array[int]
    """Rows used both as node and as record."""
