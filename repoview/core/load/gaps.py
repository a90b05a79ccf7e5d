"""The bytes of a source that no whole section covers: where blocks may be lost.

A section is whole if its block hashes to its CID. What lies between such
sections is damage, padding, or blocks whose length can no longer be believed.
"""

from __future__ import annotations

from array import array
from operator import add
from typing import TYPE_CHECKING, Final

from repoview.core.blocks.block_index import PACKED
from repoview.core.marks import STATE, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.blocks.block_index import BlockIndex

_AT_ONCE: Final = 1 << 13
"""Rows fetched together."""

_RUN: Final = 64
"""Rows looked at one by one where something is between them."""

_WRONG: Final = bytes(mark & STATE == State.WRONG_HASH for mark in range(256))
"""Of each mark, 1 if the block does not hash to its CID."""


def gaps(
    index: BlockIndex,
    start: int,
    end: int,
    first: int = 0,
    moved: bytes | bytearray = b"",
) -> Iterator[tuple[int, int]]:
    """Yield the bytes between two offsets that no whole section covers, in order.

    Blocks may be added meanwhile, where the gap is that was yielded last, or in
    front of it.

    Args:
        index: All of it is settled.
        start: Where the first gap may begin.
        end: Where the last one may end.
        first: The first row that counts.
        moved: A bit for each row, set where it may be out of the order of the
            file. Its bytes count as a gap.
    """
    reached, rows = start, len(index)
    for row in range(first, rows, _AT_ONCE):
        some = index.rows(row, min(_AT_ONCE, rows - row))
        offsets, ends = some.offsets, array("Q", map(add, some.starts, some.lengths))
        wrong = _wrong(index, row)
        runs = [(0, len(ends))]
        while runs:
            begin, stop = runs.pop()
            if (
                offsets[begin] == reached
                and ends[begin : stop - 1] == offsets[begin + 1 : stop]
                and wrong.find(1, begin, stop) < 0
            ):
                reached = ends[stop - 1]
                continue
            if stop - begin > _RUN:
                middle = (begin + stop) // 2
                runs += (middle, stop), (begin, middle)
                continue
            for place in range(begin, stop):
                number, offset = row + place, offsets[place]
                is_apart = moved and moved[number >> 3] & 1 << (number & 7)
                if wrong[place] or is_apart or offset < reached:
                    continue
                if reached < offset:
                    yield reached, offset
                reached = ends[place]
    if reached < end:
        yield reached, end


def count_whole(index: BlockIndex, first: int) -> int:
    """Return how many of the rows from *first* on have a block that hashes."""
    rows = len(index)
    starts = range(first, rows, _AT_ONCE)
    return rows - first - sum(_wrong(index, row).count(1) for row in starts)


def _wrong(index: BlockIndex, row: int) -> bytes:
    """Return 1 for each of some rows whose block does not hash to its CID, else 0."""
    return index.pack(row, _AT_ONCE)[PACKED - 1 :: PACKED].translate(_WRONG)


def with_copies(index: BlockIndex) -> bytearray:
    """Return a bit for each row, set where a copy of its block is damaged.

    Only such a row can be out of order: of a later copy that does. Nothing where
    there is none, as in nearly every file.
    """
    bits = bytearray()
    for copy in index.copies():
        if not bits:
            bits = bytearray(len(index) // 8 + 1)
        bits[copy.row >> 3] |= 1 << (copy.row & 7)
    return bits
