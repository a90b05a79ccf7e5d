"""Facts about the search for a repository where the root leads nowhere."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from repoview.core import kernel
from repoview.core.block_index import State
from repoview.core.blocks import Blocks
from repoview.core.car import encode_section, read_header, sections
from repoview.core.cid import Cid
from repoview.core.recover import find_commit, find_top
from repoview.core.repo import Repo
from repoview.core.source import MemorySource
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from random import Random


@given(st.integers(0, 400), st.randoms(use_true_random=False))
def test_the_top_node_is_found_wherever_it_stands(count: int, luck: Random) -> None:
    """It is the highest of those that no other links to."""
    data = make_repo(many(count))
    header, _ = read_header(data, offset=0, available=len(data))
    assert header is not None
    parts = [
        data[part.offset : part.data_offset + part.data_length]
        for part in sections(data[header.end :], offset=header.end)
    ]
    luck.shuffle(parts)
    with Repo.load(data[: header.end] + b"".join(parts)) as repo:
        assert repo.commit is not None
        top = find_top(repo.blocks)
        assert top is not None
        assert top.cid == repo.commit.data
        found = find_commit(repo.blocks)
        assert found is not None
        assert found.cid == repo.commit.cid


def test_a_search_among_many_blocks_takes_little_memory() -> None:
    """Less than a byte for each, though all might be the ones."""
    count = 100_000
    index = kernel.BlockIndex()
    name = bytearray(Cid.for_block(b"").raw)
    for number in range(count):
        name[-4:] = number.to_bytes(4, "big")
        index.add(bytes(name), number, 1, State.WRONG_HASH)
    block = b"\xa2ae\x80al\xf6"
    section = encode_section(Cid.for_block(block), block)
    index.add(Cid.for_block(block).raw, 0, len(block), State.SOUND)
    blocks = Blocks(index, MemorySource("memory", section))
    tracemalloc.start()
    try:
        top = find_top(blocks)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert top is not None
    assert peak < count
