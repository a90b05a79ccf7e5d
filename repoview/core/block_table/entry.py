"""The values of a `BlockTable`: one block of a file, and the columns of all."""

from __future__ import annotations

from array import array
from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.frozen import frozen
from repoview.core.marks import COMMIT, NODE, RECORD

if TYPE_CHECKING:
    from repoview.core.storage.columns import Numbers


class Kind(IntEnum):
    """What a block is listed as: its role, or why it has none."""

    COMMIT = 0
    NODE = 1
    RECORD = 2
    UNLINKED = 3
    """Nothing links to it."""

    DUPLICATE = 4
    """Another copy of a block: the index has the one that counts."""

    NO_BLOCK = 5
    """Bytes that are no block: padding, sections without a CID, what could
    not be read."""

    MISSING = 6
    """The tree links to it, and the file does not have it."""

    @property
    def label(self) -> str:
        """The kind in words: "commit", "no block"."""
        return self.name.lower().replace("_", " ")


WASTE: Final = (Kind.UNLINKED, Kind.DUPLICATE, Kind.NO_BLOCK)
"""What a newly written repository would not have."""


KIND_OF_MARK: Final = bytes(
    Kind.COMMIT
    if mark & COMMIT
    else Kind.NODE
    if mark & NODE
    else Kind.RECORD
    if mark & RECORD
    else Kind.UNLINKED
    for mark in range(256)
)
"""Mark of a row → its kind."""


class Amount(NamedTuple):
    """How much there is of one kind."""

    blocks: int = 0
    data: int = 0
    """Bytes of their data."""

    whole: int = 0
    """The same with the length and the CID that stand before each."""


class FileBlock(NamedTuple):
    """One block, by its number in the file."""

    number: int
    kind: Kind
    row: int
    """In the block index; that of the copy that counts, for a duplicate;
    `NO_ROW` for none."""

    offset: int | None
    """Of its section; None when it is missing."""

    data_offset: int | None
    length: int | None
    """Of its data."""


class User(NamedTuple):
    """What links to a block; of a duplicate, the copy that counts."""

    what: str
    """ "header": a root of the file; "commit"; "node"; "record"; "copy": the
    one that counts; "" for nothing."""

    number: int = -1
    """Of the node or record, or the offset of the copy."""

    more: bool = False
    """Whether it is not the only one: other keys have the same record."""


class Extras:
    """Blocks without a row, or with one out of order, as columns."""

    def __init__(self) -> None:
        self.numbers = array("I")
        """Ascending, of all blocks."""
        self.offsets = array("Q")
        self.data_offsets = array("Q")
        self.lengths = array("Q")
        self.rows = array("I")

    def add(
        self, number: int, offset: int, data_offset: int, length: int, row: int
    ) -> None:
        """Append one; its number is greater than those before."""
        self.numbers.append(number)
        self.offsets.append(offset)
        self.data_offsets.append(data_offset)
        self.lengths.append(length)
        self.rows.append(row)


@frozen
class Layout:
    """The blocks of a file in the order of the file, in packed columns."""

    kinds: bytearray
    """Of all, in the order of the file, a `Kind` each."""

    extras: Extras
    """Those without a row, or with one out of order."""

    astray: array[int]
    """Rows that are out of order, ascending."""

    links: array[int]
    """Row → number of its node or record."""

    missing_nodes: array[int]
    missing_records: Numbers
    """Numbers of those whose blocks are not there."""

    amounts: dict[Kind, Amount]
    unlisted: int
    """Bytes of blocks over `MOST_EXTRAS`, which are not listed."""
