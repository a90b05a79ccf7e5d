"""What is known of a block as it stands in a file, and of all of them.

The values of `block_table`, which `block_order` makes.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from repoview.core.storage.columns import Numbers


class Kind(IntEnum):
    """What a block is to the repository."""

    COMMIT = 0
    NODE = 1
    RECORD = 2
    UNLINKED = 3
    """Nothing links to it."""

    DUPLICATE = 4
    """Another copy of a block; which one counts, the index says."""

    NO_BLOCK = 5
    """Bytes that are no block: padding, sections without a CID, what could
    not be read."""

    MISSING = 6
    """The tree links to it, and the file does not have it."""

    @property
    def label(self) -> str:
        """The kind as people read it: "commit", "no block"."""
        return self.name.lower().replace("_", " ")


WASTE: Final = (Kind.UNLINKED, Kind.DUPLICATE, Kind.NO_BLOCK)
"""What a repository written anew would not have."""


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
    `NO_ROW` for what it does not have."""

    offset: int | None
    """Of its section; None when it is missing."""

    data_offset: int | None
    length: int | None
    """Of its data."""


class User(NamedTuple):
    """What links to a block, or counts in its place."""

    what: str
    """ "header": a root of the file; "commit"; "node"; "record"; "copy": the
    one that counts; "" for nothing."""

    number: int = -1
    """Of the node or record, or the offset of the copy."""

    more: bool = False
    """Whether it is not the only one: other keys have the same record."""


class Extras:
    """What the index has no row for, or not in its order, as columns."""

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


@dataclass(frozen=True, slots=True)
class Order:
    """How the blocks of a file stand in it, in packed columns."""

    kinds: bytearray
    """Of all, in the order of the file, a `Kind` each."""

    extras: Extras
    """Those that are no rows in order."""

    astray: array[int]
    """Rows that stand elsewhere than their number says, ascending."""

    links: array[int]
    """Row → number of its node or record."""

    missing_nodes: array[int]
    missing_records: Numbers
    """Numbers of those whose blocks are not there."""

    amounts: dict[Kind, Amount]
    unlisted: int
    """Bytes of blocks that found no room here."""
