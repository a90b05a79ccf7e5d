"""Blocks, and what nodes say, by rows: as many at a time as the kernel reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.kernel import kernel

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Sequence

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.kernel.node_keys import NodeKeys

_AT_ONCE: Final = 1 << 14
"""Blocks of a batch: rows are copied for each, so that all that are left would cost
time that grows with their square."""


def blocks_by_batch(
    blocks: Blocks, rows: Sequence[int], most: int, at_once: int = _AT_ONCE
) -> Iterator[list[bytes | None]]:
    """Yield the blocks of *rows*, in that order, a batch at a time.

    Each is CID and data, end to end, hashed again; None for one that cannot be read
    or does not hash to its CID.

    Args:
        blocks: Of the source.
        rows: Of blocks.
        most: Bytes of a batch at most; but one block at least.
        at_once: Blocks of a batch at most.
    """
    done = 0
    while done < len(rows):
        found = kernel.blocks_of(blocks, rows[done : done + at_once], most)
        yield found
        done += len(found)


def nodes_by_batch(
    blocks: Blocks, rows: array[int], most: int, at_once: int
) -> Iterator[NodeKeys]:
    """Yield what the nodes among *rows* say, a batch at a time.

    Args:
        blocks: Of the source.
        rows: Of blocks; what is no canonical node is among the `others` of its batch.
        most: Bytes of a batch at most; but one block at least.
        at_once: Blocks of a batch at most.
    """
    done = 0
    while done < len(rows):
        said = kernel.node_keys(blocks, rows[done : done + at_once], most)
        yield said
        done += said.taken
