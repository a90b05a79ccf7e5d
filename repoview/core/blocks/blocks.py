"""The blocks of one source: index, odd blocks, and their bytes.

Bytes are read from the source on demand. Blocks whose CID is not of the
36-byte form have no row in the index, but a table of their own.
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


_CHECK_EVERY: Final = 256
"""Odd blocks between two measurements of the memory that they take."""


class Blocks:
    """The blocks of one source: index, odd ones, and their bytes.

    Args:
        index: Of all but odd blocks; or a function that makes it on first use.
        source: Where their bytes are.
        packed: Where single rows are read from until the index is made.
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
        """Bytes of odd blocks that the index counts among its own."""
        self.cid_left_out: Callable[[int], bytes | None] = lambda _: None
        """Returns the CID of a row whose bytes were not kept, None of others."""

    @cached_property
    def index(self) -> BlockIndex:
        """Offset, length and state of each block, by CID or row."""
        made = self._make_index()
        self._packed = None
        return made

    @property
    def is_indexed(self) -> bool:
        """Whether the index is made, or should be: to read many rows is fast then."""
        return self._packed is None or self._packed.is_worn

    @property
    def _rows(self) -> BlockIndex | PackedRows:
        """Where single rows are read from."""
        packed = self._packed
        return self.index if packed is None or packed.is_worn else packed

    def add_odd(self, block: OddBlock) -> None:
        """Add a block whose CID is not of the 36-byte form; the first copy wins."""
        if not self.odd.add(block, type(self.index)):
            self.index.count_odd(block.length)
            return
        self.index.count_odd()
        if len(self.odd) % _CHECK_EVERY == 0 and self.odd.bytes_used > self._spent:
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
        """Return whether a block is sound, unsound, or does not hash to its CID."""
        return State(self.mark(row) & STATE)

    def read(self, row: int) -> bytes:
        """Return the data of the block in *row*, as the source has it now.

        Raises:
            SourceError: The source has become shorter.
        """
        return self.read_at(self.data_offset(row), self.length(row))

    def outline(self, row: int) -> bytes:
        """Return the data of a block, or a stub with the same `$type`.

        A sparse spool leaves out only sound blocks that have a `$type` and no
        field of a node: of these the tree's rules need nothing but the `$type`.
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
        # With a damaged cache, the CID read from the source proves nothing.
        is_it = isinstance(rows, PackedRows) and rows.is_of(row, raw)
        if not is_it and self.index.find(raw) != row:
            raise changed(self.source.name)
        return Cid(raw)
