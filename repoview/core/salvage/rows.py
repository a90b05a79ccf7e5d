"""Rows of the block index: which blocks are whole, and their bytes."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.errors import changed
from repoview.core.kernel.batches import blocks_by_batch
from repoview.core.marks import LINKED, NO_MARK, RAW_CODEC, STATE, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.core.blocks.blocks import Blocks

AT_ONCE: Final = 1 << 13
"""Rows looked at between two reports."""

READ: Final = 4 * limits.MiB
"""Bytes of blocks read at a time."""

RIGHT: Final = bytes(
    mark != NO_MARK and mark & STATE != State.WRONG_HASH for mark in range(256)
)
"""Of each mark, 1 if the block is there and hashes to its CID."""

WRONG: Final = bytes(
    mark != NO_MARK and mark & STATE == State.WRONG_HASH for mark in range(256)
)
"""Of each mark, 1 if the block is there and does not hash."""

LOOSE: Final = bytes(RIGHT[mark] and not mark & LINKED for mark in range(256))
"""Of each mark, 1 if the block hashes and the tree does not use it."""

LOOSE_CBOR: Final = bytes(LOOSE[mark] and not mark & RAW_CODEC for mark in range(256))
"""The same of blocks of DAG-CBOR."""


def blocks_in(blocks: Blocks, rows: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Yield each of *rows* with CID and data, end to end, hashed again.

    Args:
        blocks: Of the source.
        rows: Of blocks that hash.

    Raises:
        SourceError: The source cannot be read, or was changed.
    """
    found = chain.from_iterable(blocks_by_batch(blocks, rows, READ, AT_ONCE))
    for row, block in zip(rows, found, strict=True):
        if block is None:
            raise changed(blocks.source.name)
        yield row, block
