"""Sections copied by the thousand: by two threads, in the order of the file."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.blocks.blocks import Blocks
from repoview.core.kernel import pure
from repoview.core.source.source import MemorySource
from repoview.corpus.car import Section
from repoview.corpus.cbor import cid_of, encode
from tests.fuzz.twins import COMPILED

pytestmark = [
    pytest.mark.skipif(not COMPILED, reason="the compiled kernel was not built"),
    pytest.mark.unmeasured,
]

KERNEL: Any = COMPILED["one thread"].module if COMPILED else pure
COUNT = 700
BLOCKS = [
    encode({"text": "x" * (number % 300), "n": number}) for number in range(COUNT)
]
SECTIONS = [Section(cid_of(block), block).written for block in BLOCKS]
STARTS = [sum(map(len, SECTIONS[:number])) for number in range(COUNT)]


@pytest.fixture(autouse=True)
def kernel_under_test() -> None:
    """Run each test once: all of them run every kernel themselves."""


@given(
    st.sampled_from([1, 3, 333, COUNT - 1]),
    st.sets(st.integers(0, COUNT - 1), max_size=2),
    st.sampled_from([(0, 1), (40, 0x80), (-1, 1)]),
    st.sampled_from([1 << 20, 1 << 17, 999]),
)
def test_they_end_in_front_of_the_first_that_changed(
    step: int, damaged: set[int], damage: tuple[int, int], most: int
) -> None:
    """Both kernels, by one thread and by two; whichever half of them it is in."""
    wanted = [number * step % COUNT for number in range(COUNT)]
    place, bit = damage
    changed = bytearray(b"".join(SECTIONS))
    for number in damaged:
        # In its CID, or in its data.
        body = (
            STARTS[number] + 2 if len(BLOCKS[number]) + 36 > 127 else STARTS[number] + 1
        )
        end = STARTS[number] + len(SECTIONS[number])
        changed[end - 1 if place < 0 else body + place] ^= bit
    whole, size = [], 0
    for number in wanted:
        size += len(SECTIONS[number])
        if number in damaged or (whole and size > most):
            break
        whole.append(SECTIONS[number])
    for twin, threads in ((pure, 1), (KERNEL, 1), (KERNEL, 2)):
        index = twin.BlockIndex(1 << 30, threads)
        twin.scan(index, b"".join(SECTIONS), 0)
        index.settle()
        blocks = Blocks(index, MemorySource("memory", bytes(changed)))
        found = twin.sections_of(blocks, wanted, most)
        assert found == (b"".join(whole), len(whole))
