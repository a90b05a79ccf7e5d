"""Facts about blocks that are copied some at a time: how many changes nothing."""

from __future__ import annotations

from array import array
from typing import Final

import pytest

from repoview.core import limits
from repoview.core.blocks.blocks import Blocks
from repoview.core.formats.dagcbor.strict import encode
from repoview.core.inventory.part_rows import AtOnce, copied, scattered
from repoview.core.kernel import kernel
from repoview.core.marks import NO_ROW
from repoview.core.source.source import MemorySource
from repoview.corpus.car import Section
from repoview.corpus.cbor import cid_of

BLOCKS: Final = [encode({"n": number, "text": "x" * number}) for number in range(400)]
SECTIONS: Final = [Section(cid_of(block), block).written for block in BLOCKS]
DAMAGED: Final = frozenset({0, 7, 8, 9, 211, 399})


def blocks_in(data: bytes, later: bytes) -> Blocks:
    """Return the blocks of a file that was changed since it was read."""
    index = kernel.BlockIndex(1 << 30, 2)
    kernel.scan(index, data, 0)
    index.settle()
    return Blocks(index, MemorySource("memory", later))


@pytest.mark.parametrize(
    "at_once",
    [AtOnce(1, 1), AtOnce(400, 1_000), AtOnce(400, 1 << 26), AtOnce(60, 1 << 20)],
    ids=str,
)
def test_all_but_what_changed_is_copied_in_the_order_that_is_wanted(
    at_once: AtOnce,
) -> None:
    """Whatever is asked for at once, and wherever the file has it."""
    later = b"".join(
        section[:-1] + b"?" if number in DAMAGED else section
        for number, section in enumerate(SECTIONS)
    )
    blocks = blocks_in(b"".join(SECTIONS), later)
    wanted = [number * 7 % 400 for number in range(400)]
    wanted[50] = NO_ROW
    found, behind = [], 0
    for sections, start, stop in copied(blocks, array("I", wanted), at_once):
        assert start == behind
        if sections:
            assert sections == b"".join(SECTIONS[row] for row in wanted[start:stop])
        else:
            assert stop == start + 1
            found.append(start)
        behind = stop
    assert behind == 400
    lost = {*DAMAGED, NO_ROW}
    assert found == [place for place, row in enumerate(wanted) if row in lost]


def test_scattered_blocks_take_a_share_of_the_memory_limit() -> None:
    """And so much that there are many, but no more than is of use."""
    for limit in (limits.MiB, 64 * limits.MiB, limits.MEMORY):
        assert scattered(limit).bytes <= max(limit // 8, limits.MiB)
    assert scattered(1 << 50) == scattered(limits.MEMORY)
    assert scattered(0).blocks > 1_000
