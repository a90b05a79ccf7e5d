"""The rows of a block index, and copies that do not hash to their CIDs.

Columns in memory, or on disk once spilled, under the same names. `tag_table`
maps tags to rows.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core import limits, varint
from repoview.core.cid import CID_BYTES
from repoview.core.storage.column_set import PackedIndex

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.storage.columns import Bytes, Numbers


_MARKS: Final = 64 * limits.KiB
"""Marks searched at a time."""


def head_bytes(length: int, padded: int) -> int:
    """Return the bytes from where a section begins to where its data does.

    Args:
        length: Bytes of the data.
        padded: Bytes of the section's length, where that is not minimal; else 0.
    """
    return (padded or varint.size_of(length + CID_BYTES)) + CID_BYTES


class RowColumns(NamedTuple):
    """Rows of an index that follow each other, in packed columns."""

    offsets: array[int]
    """Of the sections."""

    starts: array[int]
    """Of their data."""

    lengths: array[int]
    """Of their data, in bytes."""

    typed: bytes
    """1 for a sound block, no raw one, with a `$type` that is kept: else 0."""


class Copy(NamedTuple):
    """A copy of a block that does not hash to its CID; another copy may."""

    row: int
    offset: int
    length: int


def marked(marks: bytearray, wanted: int, *, among: int) -> Iterator[int]:
    """Yield the rows whose marks, under the mask *among*, equal *wanted*.

    Args:
        marks: Of all rows.
        wanted: Bits of a mark.
        among: The bits that are compared.
    """
    table = bytes(1 if mark & among == wanted else 0 for mark in range(256))
    for start in range(0, len(marks), _MARKS):
        hits = marks[start : start + _MARKS].translate(table)
        at = hits.find(1)
        while at >= 0:
            yield start + at
            at = hits.find(1, at + 1)


class RowTable(PackedIndex):
    """The columns of rows and of copies."""

    COLUMNS = (
        "offsets",
        "lengths",
        "types",
        "heads",
        "tags",
        "copy_rows",
        "copy_offsets",
        "copy_lengths",
    )

    def __init__(self) -> None:
        super().__init__()
        self.offsets: Numbers = array("Q")
        self.lengths: Numbers = array("I")
        self.types: Numbers = array("H")
        """The number of its `$type`; 0 for none."""
        self.heads: Bytes = bytearray()
        """Bytes of its section's length, where that is not minimal; else 0."""
        self.tags: Bytes = bytearray()
        """Of sealed rows; `TagTable` has those of the others."""
        self.copy_rows: Numbers = array("I")
        self.copy_offsets: Numbers = array("Q")
        self.copy_lengths: Numbers = array("I")

    def append(self, offset: int, length: int, type_number: int, head: int) -> None:
        """Append a row.

        Raises:
            SourceError: Writing to disk failed; the table cannot be used any
                more.
        """
        self.offsets.append(offset)
        self.lengths.append(length)
        self.types.append(type_number)
        self.heads.append(head)

    def replace(
        self, row: int, offset: int, length: int, type_number: int
    ) -> tuple[int, int]:
        """Put another block into a row; return offset and length of the one before.

        Raises:
            SourceError: As for `append`.
        """
        old = self.offsets[row], self.lengths[row]
        self.offsets[row], self.lengths[row] = offset, length
        self.types[row] = type_number
        self.heads[row] = 0
        return old

    def add_copy(self, row: int, offset: int, length: int) -> None:
        """Append a copy of a row's block.

        Raises:
            SourceError: As for `append`.
        """
        self.copy_rows.append(row)
        self.copy_offsets.append(offset)
        self.copy_lengths.append(length)

    def copies(self) -> Iterator[Copy]:
        """Yield the copies, in the order in which they came."""
        return map(Copy, self.copy_rows, self.copy_offsets, self.copy_lengths)
