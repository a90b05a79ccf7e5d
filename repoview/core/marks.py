"""What is marked of a block: its state, its codec, and how the tree used it.

A mark is one byte. Both twins of the kernel know these bits.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final


class State(IntEnum):
    """What is known of a block from its bytes alone."""

    SOUND = 0
    """Hashes to its CID, and breaks no rule of encoding or size."""

    UNSOUND = 1
    """Hashes, but something about it is, or may be, a finding."""

    WRONG_HASH = 2
    """The bytes are not those that the CID names."""


STATE: Final = 0b11
RAW_CODEC: Final = 1 << 2
RECORD: Final = 1 << 3
"""Linked to as a record."""
AGAIN: Final = 1 << 4
"""Linked to as a record by a second key."""
NODE: Final = 1 << 5
"""Entered as a node."""
DUPLICATE: Final = 1 << 6
"""A second copy was met."""
COMMIT: Final = 1 << 7
"""Taken as the commit."""
LINKED: Final = RECORD | NODE | COMMIT
"""The bits of `BlockIndex.marks`: state, codec, and how the tree used it."""

NO_ROW: Final = 0xFFFF_FFFF
"""Sentinel in packed arrays for "no block"."""

NO_MARK: Final = 0xFF
"""Sentinel among marks for "no block"; no block has all of these bits."""
