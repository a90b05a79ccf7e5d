"""Single rows of a block index in packed form, read before the index is made.

To make an index of a million rows takes a good part of a second; to show a few
records need not wait for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.blocks.block_index import PACKED, PACKED_ROW
from repoview.core.blocks.row_columns import head_bytes

if TYPE_CHECKING:
    from collections.abc import Callable


_FEW: Final = 20_000
"""Reads of single rows that take about as long as making an index."""


class PackedRow(NamedTuple):
    """What is known of one block."""

    tag: bytes
    offset: int
    length: int
    head: int
    mark: int


class PackedRows:
    """Rows that `BlockIndex.pack` gave, read one at a time.

    Args:
        read: Returns their bytes, by offset and length.
        tag: Returns the tag of a CID.
    """

    def __init__(
        self,
        read: Callable[[int, int], bytes],
        tag: Callable[[bytes], bytes],
    ) -> None:
        self._read = read
        self._tag = tag
        self._left = _FEW

    @property
    def is_worn(self) -> bool:
        """Whether so many rows were read that an index would have been faster."""
        return self._left < 0

    def _row(self, row: int) -> PackedRow:
        self._left -= 1
        return PackedRow(*PACKED_ROW.unpack(self._read(PACKED * row, PACKED)))

    def offset(self, row: int) -> int:
        """Return where the block's section begins in the file."""
        return self._row(row).offset

    def length(self, row: int) -> int:
        """Return how many bytes its data has."""
        return self._row(row).length

    def mark(self, row: int) -> int:
        """Return its state, codec, and how the tree used it, as bits."""
        return self._row(row).mark

    def data_offset(self, row: int) -> int:
        """Return where the block's data begins in the file."""
        found = self._row(row)
        return found.offset + head_bytes(found.length, found.head)

    def is_of(self, row: int, cid: bytes) -> bool:
        """Tell whether a row is that of the CID with these 36 bytes."""
        return self._row(row).tag == self._tag(cid)
