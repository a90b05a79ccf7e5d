"""A key of a wanted depth, found as all are: by trying one after the other.

A key's depth is that of its hash, which nobody can choose; of four keys one has a
leading zero pair more.
"""

from __future__ import annotations

from typing import Final

from repoview.core.errors import LimitExceeded
from repoview.core.formats import syntax
from repoview.core.formats.mst import key_depth

DEEPEST: Final = 8
"""Depth of the deepest key that is looked for: 87,000 are tried, a quarter second."""


def find_path(collection: str, depth: int, start: int) -> str:
    """Return the first repo path of a depth whose record key is a TID from a time on.

    Args:
        collection: Of the path.
        depth: From 0 up.
        start: Microseconds since 1970.

    Raises:
        LimitExceeded: The depth is over 8.
        ValueError: It is below 0.
    """
    if depth < 0:
        raise ValueError(f"no key has a depth of {depth}")
    if depth > DEEPEST:
        raise LimitExceeded(f"to find a key of depth {depth} takes too long")
    while True:
        path = f"{collection}/{syntax.make_tid(start)}"
        if key_depth(path.encode()) == depth:
            return path
        start += 1
