"""Facts about the search for a repository where the root leads nowhere."""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.blocks.blocks import Blocks
from repoview.core.cid import Cid
from repoview.core.errors import Cancelled
from repoview.core.findings.findings import Findings, Profile
from repoview.core.formats.car import encode_header, encode_section, sections
from repoview.core.formats.car_header import read_header
from repoview.core.kernel import kernel
from repoview.core.marks import State
from repoview.core.repo.inside import inside
from repoview.core.repo.repo import Repo
from repoview.core.source.cancel import Cancel
from repoview.core.source.source import MemorySource
from repoview.core.verify.recover import find_commit, find_top
from repoview.core.verify.verify import Verifier
from tests.core.loading import load_all
from tests.core.repos import make_repo, many

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


@pytest.mark.unmeasured
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
        top = find_top(inside(repo).blocks)
        assert top is not None
        assert top.cid == repo.commit.data
        found = find_commit(inside(repo).blocks)
        assert found is not None
        assert found.cid == repo.commit.cid


@pytest.mark.unmeasured
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


@pytest.mark.parametrize("search", [find_commit, find_top])
def test_a_search_can_be_ended_early(
    search: Callable[[Blocks, Callable[[], None]], object],
) -> None:
    """However many blocks there are: it asks once in a thousand of them."""
    index, asked = kernel.BlockIndex(), 0
    for number in range(5_000):
        name = Cid.for_block(b"%d" % number).raw
        index.add(name, 0, 1, State.SOUND)

    def ask() -> None:
        nonlocal asked
        asked += 1
        if asked == 5:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        search(Blocks(index, MemorySource("memory", bytes(100))), ask)


def test_a_verification_can_be_ended_in_its_search() -> None:
    """Also where it has no step."""
    data = make_repo(many(50))
    absent = Cid.for_block(b"absent")
    header, _ = read_header(data, offset=0, available=len(data))
    assert header is not None
    data = encode_header([absent]) + data[header.end :]
    findings = Findings(Profile.DEFAULT)
    loaded = load_all(MemorySource("memory", data), findings)
    cancel = Cancel()
    verifier = Verifier(loaded, findings, pause=cancel.check)
    cancel.ask()
    with pytest.raises(Cancelled):
        next(verifier.steps())
