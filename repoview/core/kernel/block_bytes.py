"""What stands in the source of some rows: CIDs, blocks, sections; in Python.

The compiled kernel has the same. Whatever is read is hashed again.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from repoview.core.cid import CID_BYTES
from repoview.core.errors import BlockMissing, SourceError
from repoview.core.varint import encode_varint, size_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.blocks.blocks import Blocks


def cids_of(blocks: Blocks, rows: Sequence[int]) -> bytes | None:
    """Return the CIDs of *rows*, 36 bytes each, end to end, from the source.

    None when they cannot be read, or are others now: `Blocks.cid` says why.
    """
    return b"".join([blocks.cid(row).raw for row in rows])


def blocks_of(blocks: Blocks, rows: Sequence[int], most: int) -> list[bytes | None]:
    """Return for each block its CID followed by its data, hashed again.

    None for a block that cannot be read, does not hash to its CID (now or when
    loaded), and for a row that does not exist; the reader of one block says why.

    Args:
        blocks: Where they are.
        rows: Of the blocks; those behind the last one returned come next.
        most: Bytes to return at most; but one block at least.
    """
    found: list[bytes | None] = []
    size = 0
    for row in rows:
        block = None
        if row < len(blocks.index):
            length = CID_BYTES + blocks.index.length(row)
            if found and size + length > most:
                break
            block = block_in(blocks, row)
        found.append(block)
        size += 0 if block is None else length
    return found


def block_in(blocks: Blocks, row: int) -> bytes | None:
    """Return the CID of a block, followed by its data, hashed again.

    None where it cannot be read, or does not hash to its CID (now or when loaded).
    """
    length = CID_BYTES + blocks.length(row)
    try:
        block = blocks.read_at(blocks.data_offset(row) - CID_BYTES, length)
    except (SourceError, BlockMissing):
        return None
    cid, data = block[:CID_BYTES], block[CID_BYTES:]
    is_it = blocks.find(cid) == row and sha256(data).digest() == cid[4:]
    return block if is_it else None


def sections_of(blocks: Blocks, rows: Sequence[int], most: int) -> tuple[bytes, int]:
    """Return the sections of blocks, hashed again, end to end; and how many.

    Each has the shortest length there is in front of it, whatever it has in the
    source. They end in front of the first block that cannot be read or does not
    hash to its CID, and of a row that does not exist.

    Args:
        blocks: Where they are.
        rows: Of the blocks; those behind the last one returned come next.
        most: Bytes to return at most; but one section at least.
    """
    found = bytearray()
    for count, row in enumerate(rows):
        if row >= len(blocks.index):
            return bytes(found), count
        length = CID_BYTES + blocks.index.length(row)
        is_full = len(found) + size_of(length) + length > most
        if (count and is_full) or (block := block_in(blocks, row)) is None:
            return bytes(found), count
        found += encode_varint(length)
        found += block
    return bytes(found), len(rows)
