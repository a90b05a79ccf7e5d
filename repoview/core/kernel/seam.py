"""The values that cross the seam between the engine and its kernel.

The kernel accepts; it never diagnoses. `kernel.scan` and `kernel.walk` go on
for as long as everything is sound and stop at the first thing that is not:
the engine judges that one thing, says what is wrong, and calls again. Results
are packed columns, so that Python is called by the batch, not by the block.
"""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from repoview.core.frozen import frozen

if TYPE_CHECKING:
    from array import array

    from repoview.core.blocks.row_columns import Copy
    from repoview.core.cid import Cid

UNKNOWN_DEPTH: Final = 0xFF
"""Sentinel in packed columns for a depth that could not be known."""

NO_PARENT: Final = 0xFFFF_FFFF
"""Sentinel in packed columns for the parent of the top."""


class PackedNumbers(Protocol):
    """A column of numbers, in memory or on disk."""

    def __getitem__(self, place: slice, /) -> array[int]:
        """Return a copy of some of them, in a row."""


class PackedBytes(Protocol):
    """A column of bytes, in memory or on disk."""

    def __getitem__(self, place: slice, /) -> bytes | bytearray:
        """Return a copy of some of them, in a row."""


class Stop(Enum):
    """Why the kernel came back."""

    END = "end"
    """Nothing is left to do."""

    FULL = "full"
    """The batch is full; call again with a new one."""

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


class JsonField(IntEnum):
    """What stands in the lines of `json_lines`, besides bytes that are given."""

    PATH = 0
    CID = 1
    VALUE = 2
    """The record, in the JSON of the atproto data model."""


class JsonLines(NamedTuple):
    """The lines of some records."""

    text: bytes
    """All of them, in UTF-8, end to end."""

    ends: array[int]
    """Where each ends; the line of a record that is handed over is empty."""


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
        """The kind in words: "node", "not-a-node"."""
        return self.name.lower().replace("_", "-")


class CountedFault(IntEnum):
    """The faults of a record or key that a kernel may count.

    Their codes are in `counted_faults`. A kernel counts the faults of a record,
    or of the keys of a node, if it can count all of them; it may hand them over
    all the same.
    """

    LONG_HEAD = 0
    TAG = 1
    LINK = 2
    ODD_LINK = 3
    FLOAT = 4
    ODD_FLOAT = 5
    SIMPLE = 6
    LARGE_INT = 7
    HUGE_INT = 8
    NOT_UTF8 = 9
    CONTROL = 10
    EMPTY_KEY = 11
    RESERVED_KEY = 12
    KEY_ORDER = 13
    SAME_KEY = 14
    TAIL = 15
    NO_TYPE = 16
    OTHER_TYPE = 17
    KEY_CHARACTER = 18
    LONG_KEY = 19
    NO_LENGTH = 20
    DAMAGED = 21
    BLOB_SHAPE = 22
    BLOB_CID = 23
    BLOB_SIZE = 24
    BLOB_LEGACY = 25
    BLOB_MEDIA_TYPE = 26


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


class Hole(NamedTuple):
    """A link to a node that was not entered, and where the link stands."""

    cid: Cid
    parent_offset: int
    """Section of the node that holds the link."""

    depth: int | None
    lo: bytes
    hi: bytes | None


class CollectionRange(NamedTuple):
    """Adjacent records of one collection."""

    start: int
    """Number of the first."""

    collection: bytes
    bytes: int
    """Of their blocks."""


class MissingColumns(NamedTuple):
    """Records of a batch whose block the index lacks, in packed columns."""

    numbers: array[int]
    """Of the records, ascending."""

    cids: bytes
    """36 bytes each; zeros for a CID that is not of this form."""

    parents: array[int]
    """Sections of the nodes that link to them."""

    odd: dict[int, Cid]
    """By record: the CIDs that are not of the 36-byte form."""


class NodeColumns(NamedTuple):
    """The nodes of a batch, and the links that led to none: packed columns."""

    rows: array[int]
    """The block of each; `NO_ROW` for a link that led to none."""

    parents: array[int]
    """The node that links to it; `NO_PARENT` for the top."""

    depths: bytes
    """`UNKNOWN_DEPTH` where it could not be known."""

    distances: bytes
    """Steps from the top."""

    kinds: bytes
    """`NodeKind`: what the link led to."""

    first_records: array[int]
    """Number of the first record at or behind it."""

    ends: array[int]
    """Number behind the last node below it; 0 while this is not known."""

    record_ends: array[int]
    """Number behind the last record in or below it, where `ends` is known."""


@frozen
class Batch:
    """Records and nodes as a walk met them, in packed columns.

    Records, nodes and bytes of keys are counted from the first of the walk,
    not of the batch.
    """

    keys: bytes
    """The keys of the records, end to end."""

    ends: array[int]
    """Where each key ends."""

    rows: array[int]
    """The block of each record; `NO_ROW` for one that the index lacks."""

    missing: MissingColumns
    """Those without a row."""

    collections: list[CollectionRange]
    """The collections of the records, in order."""

    nodes: NodeColumns

    closed: list[tuple[int, int, int]]
    """Nodes of earlier batches that were left in this one: number, number
    behind the last node below, number behind the last record in or below."""

    holes: dict[int, Hole]
    """By node: those that were not entered, or have no row."""

    in_order: bool
    """False when a key of the batch is misplaced."""

    faults: array[int]
    """By `CountedFault`, how many there are that were only counted."""

    greatest: tuple[int, int]
    """Which record, and which node of the batch, has the greatest row: the first
    of equal ones; -1 where none has a row."""

    has_capitals: bool
    """Whether a key has a capital letter of ASCII."""


class Copies(NamedTuple):
    """Copies that do not hash to their CIDs, of one sort."""

    total: int
    first: list[Copy]
    """In the order in which they were met; at most as many as are shown."""


class Rows(NamedTuple):
    """Rows of one sort: hostile files may have tens of millions."""

    total: int
    first: array[int]
    """Ascending; at most as many as are shown."""


class Tally(NamedTuple):
    """What the marks on the index say after a walk."""

    unlinked: int
    unlinked_bytes: int
    unlinked_unsound: array[int]
    """Rows, at most as many as are ever judged."""

    unlinked_untyped: array[int]
    """Rows of sound blocks without `$type`: nodes and commits are such; at
    most as many as are ever judged."""

    unlinked_damaged: Rows
    """Those whose only bytes do not hash to its CID."""

    shared: Rows
    """Records that more than one key links to."""

    two_roles: Rows
    """Blocks used both as node and as record."""

    bad_copies: Copies
    """Of blocks that have a copy that hashes."""

    bad_copies_linked: Copies
    """Of blocks that have none, and that the tree uses."""

    bad_copies_unlinked: Copies
    """Of blocks that have none, and that the tree does not use."""

    unlinked_first: array[int]
    """Rows of the first blocks that the tree did not use, whatever they are."""

    duplicated_first: array[int]
    """Rows of the first blocks that have a copy that hashes, too."""
