"""Records as values: the maps that sound blocks are, in Python.

A record is a map. Of blocks that are something else, or that are not sound, the
engine makes a value: it alone reads these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from repoview.core.cid import CID_BYTES
from repoview.core.formats.dagcbor.strict import decode_sound
from repoview.core.kernel.block_bytes import block_in
from repoview.core.marks import RAW_CODEC, STATE

if TYPE_CHECKING:
    from array import array

    from repoview.core.blocks.blocks import Blocks


def sound_map(block: bytes, start: int = 0) -> dict[str, Any] | None:
    """Return the value of a block that was found sound; None if it is no map.

    Links are `Cid`, bytes are `bytes`.

    Args:
        block: Bytes that end with it.
        start: Where it begins in these.
    """
    value = decode_sound(block[start:])
    return value if type(value) is dict else None


def sound_maps(
    blocks: Blocks, rows: array[int], most: int
) -> list[dict[str, Any] | None]:
    """Return the values of the first of some blocks, hashed again.

    None for a block that is no sound map, cannot be read, or does not hash to its
    CID (now or when loaded), and for a row that does not exist.

    Args:
        blocks: Where they are.
        rows: Of the blocks; those behind the last one returned come next.
        most: Bytes of blocks at most; but one block at least.
    """
    maps: list[dict[str, Any] | None] = []
    size = 0
    for row in rows:
        block = None
        if row < len(blocks.index):
            length = CID_BYTES + blocks.index.length(row)
            if maps and size + length > most:
                break
            size += length
            if not blocks.mark(row) & (STATE | RAW_CODEC):
                block = block_in(blocks, row)
        maps.append(None if block is None else sound_map(block, CID_BYTES))
    return maps
