"""The blocks of one source: index, odd ones, and their bytes.

Bytes stay where they are, in the source, and are read when asked for. Blocks
whose CID is not of the 36-byte form have no row in the index; they stand in a
table of their own.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from repoview.core.blocks.odd_blocks import OddBlocks
from repoview.core.blocks.packed_rows import PackedRows
from repoview.core.cid import Cid
from repoview.core.errors import changed
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.marks import STATE, State

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.blocks.block_index import BlockIndex
    from repoview.core.blocks.odd_blocks import OddBlock
    from repoview.core.source.source import Source


_LOOK: Final = 256
"""Odd blocks between two looks at the memory that they take."""


class Blocks:
    """The blocks of one source: index, odd ones, and their bytes.

    Args:
        index: Of the others; or what makes it when it is first asked for.
        source: Where their bytes are.
        packed: What single rows are asked of until the index is made.
    """

    def __init__(
        self,
        index: BlockIndex | Callable[[], BlockIndex],
        source: Source,
        packed: PackedRows | None = None,
    ) -> None:
        self._packed = packed
        if callable(index):
            self._make_index = index
        else:
            self.index = index
        self.source = source
        self.odd = OddBlocks()
        self._spent = 0
        """Bytes of them that the index counts among its own."""
        self.cid_left_out: Callable[[int], bytes | None] = lambda _: None
        """Returns the CID of a row whose bytes were not kept, None of others."""

    @cached_property
    def index(self) -> BlockIndex:
        """Offset, length and state of each block, by CID or row."""
        made = self._make_index()
        self._packed = None
        return made

    @property
    def _rows(self) -> BlockIndex | PackedRows:
        """What single rows are asked of."""
        packed = self._packed
        return self.index if packed is None or packed.is_worn else packed

    def add_odd(self, block: OddBlock) -> None:
        """Take in a block whose CID is not of the 36-byte form; first wins."""
        if not self.odd.add(block, type(self.index)):
            self.index.count_odd(block.length)
            return
        self.index.count_odd()
        if len(self.odd) % _LOOK == 0 and self.odd.bytes_used > self._spent:
            grown = self.odd.bytes_used - self._spent
            self._spent += grown
            self.index.spend(grown)

    def find(self, cid: bytes) -> int:
        """Return the row of the CID with these 36 bytes, or -1."""
        return self.index.find(cid)

    def offset(self, row: int) -> int:
        """Return where the section of a block begins in the file."""
        return self._rows.offset(row)

    def data_offset(self, row: int) -> int:
        """Return where the data of a block begins in the file."""
        return self._rows.data_offset(row)

    def length(self, row: int) -> int:
        """Return how many bytes the data of a block has."""
        return self._rows.length(row)

    def mark(self, row: int) -> int:
        """Return state, codec, and how the tree used a block, as bits."""
        return self._rows.mark(row)

    def state(self, row: int) -> State:
        """Return what the bytes of a block said."""
        return State(self.mark(row) & STATE)

    def read(self, row: int) -> bytes:
        """Return the data of the block in *row*, as the source has it now.

        Raises:
            SourceError: The source has become shorter.
        """
        return self.read_at(self.data_offset(row), self.length(row))

    def outline(self, row: int) -> bytes:
        """Return the data of a block as far as the rules of a tree look at it.

        A block is kept whole unless it is sound and has a `$type`, but none of
        the fields of a node; so its `$type` says all of it.
        """
        if self.cid_left_out(row) is None:
            return self.read(row)
        return dagcbor.encode({"$type": self.index.type_of(row)})

    def read_at(self, offset: int, length: int) -> bytes:
        """Return *length* bytes of the source, or raise `SourceError`."""
        data = self.source.read_at(offset, length)
        if len(data) != length:
            raise changed(self.source.name, end=offset + len(data))
        return data

    def cid(self, row: int) -> Cid:
        """Return the CID of *row*, from the source where it was kept.

        Raises:
            SourceError: Other bytes stand there now.
        """
        raw = self.cid_left_out(row)
        if raw is None:
            raw = self.read_at(self.data_offset(row) - 36, 36)
        rows = self._rows
        # Of a damaged cache the first has no say.
        is_it = isinstance(rows, PackedRows) and rows.is_of(row, raw)
        if not is_it and self.index.find(raw) != row:
            raise changed(self.source.name)
        return Cid(raw)
