"""Find a repository in a file whose header root leads to no commit.

The header's root may be absent, damaged or something else, and the blocks all
be there: then a commit is looked for among them, and failing that the top node
of a tree without a commit.
"""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core import limits
from repoview.core.cid import CID_BYTES
from repoview.core.formats.commit import Commit, decode_commit, is_commit
from repoview.core.formats.dagcbor.strict import diagnose
from repoview.core.formats.mst import NODE_HEAD, key_depth, read_node
from repoview.core.kernel.batches import blocks_by_batch, nodes_by_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.cid import Cid


_ROWS: Final = 8_192
"""Rows that are filtered at a time."""

_BLOCKS: Final = 1_024
"""Blocks that are read between two calls of `pause`."""

_READ: Final = limits.MiB
"""Bytes of them, at most, but for a larger one."""

_SUB_TREE: Final = re.compile(
    rb"\x61[lt]\xd8\x2a\x58\x25\x00(\x01\x71\x12\x20.{32})", re.DOTALL
)
"""A link to a sub-tree as a node has it: its field, and the CID."""


class Top(NamedTuple):
    """A node that no other node links to."""

    cid: Cid
    offset: int
    """Of its section."""


def find_commit(
    blocks: Blocks,
    pause: Callable[[], None] = lambda: None,
    roots: Sequence[Cid] = (),
) -> Commit | None:
    """Return the commit that most likely is the repository's.

    One whose tree is there is preferred, then one that the header has among its
    *roots*, then the greatest `rev`, then the last in the file. At most
    `limits.RECOVERY_BLOCKS` blocks are read.

    Args:
        blocks: The blocks to search.
        pause: Called every few milliseconds; what it raises ends the search.
        roots: Those of the header.
    """
    index = blocks.index
    best: tuple[bool, bool, str, int] | None = None
    chosen: Commit | None = None
    # A filter on the bytes of two field names: decoding all would be slow.
    rows = _untyped(blocks, pause)
    for row, data in _having(b"csig", blocks, rows, pause):
        if b"cdid" not in data or not is_commit(diagnose(data).value):
            continue
        commit = decode_commit(data, blocks.cid(row), index.offset(row))
        if commit is None:
            continue
        top = commit.data
        there = top is not None and top.is_plain and blocks.find(top.raw) >= 0
        rank = there, commit.cid in roots, commit.rev or "", commit.offset
        if best is None or rank > best:
            best, chosen = rank, commit
    return chosen


def find_top(blocks: Blocks, pause: Callable[[], None] = lambda: None) -> Top | None:
    """Return the highest node that no other node links to, if there is one.

    Args:
        blocks: The blocks to search.
        pause: As for `find_commit`.
    """
    # A bit a row, not an object: a hostile file has tens of millions.
    linked = bytearray(len(blocks.index) // 8 + 1)
    nodes = array("I")
    for rows in _untyped(blocks, pause):
        others = array("I")
        for said in nodes_by_batch(blocks, rows, _READ, _BLOCKS):
            nodes += said.nodes
            others += said.others
            _mark(linked, said.trees)
            pause()
        # What is nearly a node links, too, though it is no top.
        for _, data in _having(NODE_HEAD, blocks, [others], pause):
            if data.startswith(NODE_HEAD):
                _mark(linked, map(blocks.find, _SUB_TREE.findall(data)))
    free = (row for row in nodes if not linked[row >> 3] & 1 << (row & 7))
    best = max(_ranked(blocks, free, pause), default=None)
    if best is None:
        return None
    _, offset, row = best
    return Top(blocks.cid(row), offset)


def _mark(linked: bytearray, rows: Iterable[int]) -> None:
    """Set the bit of each row that is there."""
    for row in rows:
        if row >= 0:
            linked[row >> 3] |= 1 << (row & 7)


def _ranked(
    blocks: Blocks, rows: Iterable[int], pause: Callable[[], None]
) -> Iterator[tuple[int, int, int]]:
    """Yield depth, offset and row of those blocks that are nodes."""
    for number, row in enumerate(rows):
        if number % _BLOCKS == 0:
            pause()
        node = read_node(blocks.read(row))
        if node is not None:
            depth = key_depth(node.entries[0].key) if node.entries else -1
            yield depth, blocks.index.offset(row), row


def _untyped(blocks: Blocks, pause: Callable[[], None]) -> Iterator[array[int]]:
    """Yield the rows of blocks that may be nodes or commits: these have no `$type`."""
    left = limits.RECOVERY_BLOCKS
    # No call a row: a hostile file has tens of millions.
    for first in range(0, len(blocks.index), _ROWS):
        pause()
        rows = blocks.index.untyped(first, _ROWS)[:left]
        left -= len(rows)
        yield rows
        if not left:
            return


def _having(
    part: bytes,
    blocks: Blocks,
    batches: Iterable[array[int]],
    pause: Callable[[], None],
) -> Iterator[tuple[int, bytes]]:
    """Yield those blocks that have some bytes in them, with their rows."""
    for rows in batches:
        done = 0
        for some in blocks_by_batch(blocks, rows, _READ, _BLOCKS):
            # Most batches have none, which one search tells.
            if part in b"".join(filter(None, some)):
                those = rows[done : done + len(some)]
                for row, block in zip(those, some, strict=True):
                    if block is not None and part in block:
                        yield row, block[CID_BYTES:]
            done += len(some)
            pause()
