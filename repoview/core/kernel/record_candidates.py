"""Rows that were just added to the block index, with those that are records.

What a block is to the tree is known only when the walk reaches it. But one that
is sound and has a `$type`, and none of the fields of a node, can be nothing but
a record, or unlinked: these come with their bytes, while they are at hand.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.cid import CID_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.blocks.block_index import BlockIndex

ELSEWHERE: Final = 2
"""Stands for a block whose bytes are not at hand."""


class Fresh(NamedTuple):
    """Rows of an index that follow each other."""

    offsets: array[int]
    """Where their sections begin."""

    ends: array[int]
    """And where they end."""

    typed: bytes
    """1 for a sound block, no raw one, with a `$type` that is kept, if none of
    its fields is one of a node; `ELSEWHERE` where its bytes are not at hand to
    tell; else 0."""

    blocks: list[bytes]
    """The data of those with a 1."""

    cids: bytes
    """Their CIDs, end to end."""


def fresh(
    index: BlockIndex, first: int, most: int, buffers: Sequence[tuple[int, bytes]]
) -> Fresh:
    """Return the rows from *first* on, at most *most* of them.

    Those whose blocks are still being looked at are not among them.

    Args:
        index: Of the blocks.
        first: Number of the first row.
        most: How many.
        buffers: Bytes of the source that are at hand, and where they stand.
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

    Keys come shortest first, so one look at the first tells; of a map of 24
    pairs and more, which no record has, it is taken to.
    """
    return data[0] >= 0xB8 or data[1] <= 0x61
