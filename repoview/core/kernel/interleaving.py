"""Nodes, and between them records, in the order of a walk."""

from __future__ import annotations

from array import array
from typing import NamedTuple


class NodeColumns(NamedTuple):
    """Adjacent nodes in preorder, a column each."""

    firsts: array[int]
    """Number of the first record at or behind the node."""

    ends: array[int]
    """Number behind the last record in or below it."""

    wanted: bytes
    """1 for a node that is taken, else 0."""

    rows: array[int]


def interleaved(
    number: int,
    nodes: NodeColumns,
    numbers: array[int],
    rows: array[int],
    empty: bool,  # noqa: FBT001 (by position, as the compiled twin)
) -> tuple[array[int], array[int]]:
    """Return rows (``"I"``) and numbers (``"q"``) of some nodes and records.

    A record stands behind the nodes that begin at or before it. The number of a
    node is ``~number``, which is negative.

    Args:
        number: Of the first node.
        nodes: Some adjacent nodes.
        numbers: Of records, ascending (``"q"``).
        rows: Those of the records (``"I"``).
        empty: Whether nodes without a record are taken, but for the top.

    Raises:
        IndexError: The columns do not fit each other.
    """
    if len({*map(len, nodes)}) != 1 or len(numbers) != len(rows):
        raise IndexError("columns of nodes and records do not fit each other")
    found, named, done = array("I"), array("q"), 0
    for node, (first, end, is_wanted, row) in enumerate(
        zip(*nodes, strict=True), start=number
    ):
        start = done
        while done < len(numbers) and numbers[done] < first:
            done += 1
        found.extend(rows[start:done])
        named.extend(numbers[start:done])
        if is_wanted == 1 and (empty or end > first or node == 0):
            found.append(row)
            named.append(~node)
    found.extend(rows[done:])
    named.extend(numbers[done:])
    return found, named
