"""Find a repository in a file whose root leads nowhere.

The header's root may be absent, damaged or something else, and the blocks all
be there: then a commit is looked for among them, and failing that the top node
of a tree without a commit.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core import limits
from repoview.core.formats.commit import Commit, is_commit, read_commit
from repoview.core.formats.dagcbor.strict import diagnose
from repoview.core.formats.mst import key_depth, read_node

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.cid import Cid


_ROWS: Final = 8_192
"""Rows that are filtered at a time."""

_BLOCKS: Final = 1_024
"""Blocks that are read between two calls of `pause`."""


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
    for row, data in _untyped(blocks, pause):
        # A filter on the bytes of two field names: decoding all would be slow.
        if b"cdid" not in data or b"csig" not in data:
            continue
        if not is_commit(diagnose(data).value):
            continue
        commit, _ = read_commit(data, blocks.cid(row), index.offset(row))
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
    index = blocks.index
    # A bit a row, not an object: a hostile file has tens of millions.
    linked = bytearray(len(index) // 8 + 1)
    rows, depths = array("I"), array("h")
    for row, data in _untyped(blocks, pause):
        node = read_node(data)
        if node is None:
            continue
        keys = [entry.key for entry in node.entries]
        rows.append(row)
        depths.append(key_depth(keys[0]) if keys else -1)
        links = [node.left, *(entry.tree for entry in node.entries)]
        for cid in links:
            if cid is not None and (child := blocks.find(cid.raw)) >= 0:
                linked[child >> 3] |= 1 << (child & 7)
    free = (
        (depth, index.offset(row), row)
        for row, depth in zip(rows, depths, strict=True)
        if not linked[row >> 3] & 1 << (row & 7)
    )
    best = max(free, default=None)
    if best is None:
        return None
    _, offset, row = best
    return Top(blocks.cid(row), offset)


def _untyped(blocks: Blocks, pause: Callable[[], None]) -> Iterator[tuple[int, bytes]]:
    """Yield the blocks that may be nodes or commits, which have no `$type`."""
    read = 0
    # No call a row: a hostile file has tens of millions.
    for first in range(0, len(blocks.index), _ROWS):
        pause()
        for row in blocks.index.untyped(first, _ROWS):
            if read % _BLOCKS == 0:
                pause()
            read += 1
            if read > limits.RECOVERY_BLOCKS:
                return
            yield row, blocks.read(row)
