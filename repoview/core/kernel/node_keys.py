"""The keys that nodes say, and keys in order; in Python.

A node has its keys in full, whatever is lost around it. The compiled kernel has
the same functions. Both accept canonical nodes and leave all else to the engine.
"""

from __future__ import annotations

from array import array
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple

from repoview.core.cid import CID_BYTES
from repoview.core.formats.mst import read_node
from repoview.core.kernel.block_bytes import blocks_of
from repoview.core.marks import NO_ROW, STATE, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.cid import Cid


class NodeKeys(NamedTuple):
    """What canonical nodes say, in packed columns."""

    taken: int
    """How many of the rows were looked at: the first ones."""

    nodes: array[int]
    """Rows of the nodes."""

    counts: array[int]
    """How many keys each has."""

    keys: bytes
    """The keys, end to end."""

    sizes: array[int]
    """Bytes of each key."""

    rows: array[int]
    """Of the record of each key; `NO_ROW` where its block is not there or does
    not hash to its CID."""

    trees: array[int]
    """Rows of the sub-trees that the nodes link to, as far as they are there."""

    others: array[int]
    """Rows of what is no canonical node, or could not be read."""


class KeyColumns(NamedTuple):
    """Keys in order, and the row of each, in packed columns."""

    keys: bytes
    """The keys, end to end."""

    sizes: array[int]
    """Bytes of each key."""

    rows: array[int]
    firsts: bytes
    """1 where a key is another than the one before, else 0."""


def node_keys(blocks: Blocks, rows: Sequence[int], most: int) -> NodeKeys:
    """Return what the nodes among some blocks say, each read and hashed again.

    Args:
        blocks: Where they are.
        rows: Of blocks of DAG-CBOR.
        most: Bytes of blocks to read at most, but one block at least. The node
            whose keys make more than so many bytes is the last one, too.
    """
    read = blocks_of(blocks, rows, most)
    columns = [array("I") for _ in range(6)]
    nodes, counts, sizes, records, trees, others = columns
    keys, taken = bytearray(), 0
    for row, block in zip(rows, read, strict=False):
        if len(keys) > most:
            break
        taken += 1
        node = None if block is None else read_node(block[CID_BYTES:])
        if node is None:
            others.append(row)
            continue
        nodes.append(row)
        counts.append(len(node.entries))
        trees.append(_row_of(blocks, node.left))
        for key, value, tree in node.entries:
            keys += key
            sizes.append(len(key))
            records.append(_row_of(blocks, value))
            trees.append(_row_of(blocks, tree))
    there = array("I", [row for row in trees if row != NO_ROW])
    return NodeKeys(taken, nodes, counts, bytes(keys), sizes, records, there, others)


def _row_of(blocks: Blocks, cid: Cid | None) -> int:
    """Return the row of a block that is there and hashes; else `NO_ROW`."""
    row = -1 if cid is None else blocks.find(cid.raw)
    if row < 0 or blocks.index.mark(row) & STATE == State.WRONG_HASH:
        return NO_ROW
    return row


def sort_keys(keys: bytes, sizes: array[int], rows: array[int]) -> KeyColumns:
    """Return keys and their rows in order, what comes twice once.

    They ascend by key, and of one key the rows descend, but `NO_ROW` comes last.

    Args:
        keys: End to end.
        sizes: Bytes of each key.
        rows: One a key.

    Raises:
        IndexError: The columns do not fit each other.
    """
    ends = [0, *accumulate(sizes)]
    if ends[-1] != len(keys) or len(rows) != len(sizes):
        raise IndexError("columns of keys do not fit each other")
    split = (keys[start:end] for start, end in pairwise(ends))
    pairs = sorted(set(zip(split, rows, strict=True)), key=_place)
    found = [key for key, _ in pairs]
    firsts = bytes([1] if found else []) + bytes(a != b for a, b in pairwise(found))
    return KeyColumns(
        b"".join(found),
        array("I", map(len, found)),
        array("I", [row for _, row in pairs]),
        firsts,
    )


def _place(pair: tuple[bytes, int]) -> tuple[bytes, int]:
    key, row = pair
    return key, -(row + 1 & NO_ROW)
