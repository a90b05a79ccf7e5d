"""The expected shape of a tree whose keys were not chosen for their hashes.

The depth of a key is the number of leading zero bit pairs of its SHA-256: a
geometric distribution, with three quarters of the keys at depth 0 and a quarter
as many at each depth above. From it follow the expected entries and nodes of
each depth, and how many nodes have how many entries.

Source: atproto repository v3, "MST Structure" (fanout 4).
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

_RISE: Final = 0.25
"""Of the keys of a depth or above, so many are above it."""

_RARE: Final = 0.005
"""Nodes of a fan-out, of which no more are expected."""


def expected_records(keys: int, depth: int) -> float:
    """Return how many of *keys* have this depth, on average."""
    return keys * (1 - _RISE) * _RISE**depth


def expected_nodes(keys: int, depth: int) -> float:
    """Return how many nodes of this depth a tree of *keys* has, on average.

    The keys of greater depth divide the others into ranges; each range with a
    key in it has a node.
    """
    return _parts(keys, depth) * (1 - _RISE ** (depth + 1))


def expected_fanout(keys: int, top: int) -> dict[int, float]:
    """Return how many nodes have how many entries, on average.

    Args:
        keys: Of the tree.
        top: Depth of its top node, whose own entries are left out: nothing
            stands around them.
    """
    found: defaultdict[int, float] = defaultdict(float)
    for depth in range(top):
        parts = _parts(keys, depth)
        # Without an entry of its own, there must be one below.
        found[0] += parts * _RISE * (1 - _RISE**depth)
        entries, nodes = 1, parts * _RISE * (1 - _RISE)
        while nodes > _RARE:
            found[entries] += nodes
            entries, nodes = entries + 1, nodes * (1 - _RISE)
    return dict(found)


def _parts(keys: int, depth: int) -> float:
    """Return into how many parts the keys above a depth part all others."""
    return keys * _RISE ** (depth + 1) + 1
