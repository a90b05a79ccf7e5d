"""Rows just added to the block index, with the bytes of candidate records.

The role of a block is known only when the walk reaches it. But a sound block
with a `$type` and without the fields of a node can only be a record or
unlinked: it is a candidate, returned while its bytes are still in memory.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.cid import CID_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.blocks.block_index import BlockIndex

ELSEWHERE: Final = 2
"""Sentinel for a block whose bytes are not in memory."""


class Fresh(NamedTuple):
    """Rows of an index that follow each other."""

    offsets: array[int]
    """Where their sections begin."""

    ends: array[int]
    """And where they end."""

    typed: bytes
    """1 for a candidate (sound, not raw, a `$type` that is kept, no field of a
    node); `ELSEWHERE` where its bytes are not in memory to tell; else 0."""

    blocks: list[bytes]
    """The data of those with a 1."""

    cids: bytes
    """Their CIDs, end to end."""


def fresh(
    index: BlockIndex, first: int, most: int, buffers: Sequence[tuple[int, bytes]]
) -> Fresh:
    """Return the rows from *first* on, at most *most* of them.

    Without those whose blocks are still being checked.

    Args:
        index: Of the blocks.
        first: Number of the first row.
        most: How many.
        buffers: Offset and bytes of each part of the source in memory.
    """
    offsets, starts, lengths, plain = index.rows(first, most)
    ends = array("Q", map(int.__add__, starts, lengths))
    typed = bytearray(plain)
    blocks, cids = [], []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if not plain[number]:
            continue
        section = _section_at(start - CID_BYTES, end, buffers)
        if section is None:
            typed[number] = ELSEWHERE
        elif _looks_like_node(section[CID_BYTES:]):
            typed[number] = 0
        else:
            cids.append(section[:CID_BYTES])
            blocks.append(section[CID_BYTES:])
    return Fresh(offsets, ends, bytes(typed), blocks, b"".join(cids))


def _section_at(
    start: int, stop: int, buffers: Sequence[tuple[int, bytes]]
) -> bytes | None:
    """Return the bytes there, if one of *buffers* has them."""
    for offset, data in buffers:
        if offset <= start and stop <= offset + len(data):
            return data[start - offset : stop - offset]
    return None


def _looks_like_node(data: bytes) -> bool:
    """Tell whether a sound map may have `e` or `l`; never False where it has.

    Keys come shortest first, so the first one tells. True for any map of 24
    pairs or more, which no record has.
    """
    return data[0] >= 0xB8 or data[1] <= 0x61
