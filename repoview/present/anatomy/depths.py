"""Why a key is at its depth: the pairs of bits that its hash begins with.

Source: atproto repository v3, "MST Structure".
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from repoview.core.formats.mst import key_depth
from repoview.core.wording import count_text
from repoview.present.styled import Piece, Row, Section

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEHIND: Final = 4
"""Pairs shown behind those that are zero."""

_LEAST: Final = 8
"""Pairs shown at least."""


def bit_pairs(key: bytes, count: int | None = None) -> tuple[list[str], int]:
    """Return the first bits of a key's hash in pairs, and how many count.

    Args:
        key: The key.
        count: How many pairs; None for those that are zero, and some behind them.

    Returns:
        Pairs such as "01", from the beginning of SHA-256 of *key*, and the number
        of zero ones in front, which is the key's depth.
    """
    depth = key_depth(key)
    bits = f"{int.from_bytes(sha256(key).digest(), 'big'):0256b}"
    if count is None:
        count = min(max(depth + _BEHIND, _LEAST), len(bits) // 2)
    return [bits[2 * i : 2 * i + 2] for i in range(count)], depth


def odds_text(depth: int) -> str:
    """Return how rare a depth is among keys that nobody chose for their hashes.

    A pair of bits is zero once in four, so depth *d* or above is 1 in 4 to the
    *d*.
    """
    if not depth:
        return "3 keys in 4 are at depth 0"
    return f"1 key in {4**depth:,} is at depth {depth} or above (4^{depth})"


def hash_row(key: bytes) -> Row:
    """Return the row with the hash of a key, the pairs that count lit."""
    pairs, depth = bit_pairs(key)
    pieces = [Piece("SHA-256 of the key begins ", "dim")]
    for number, pair in enumerate(pairs):
        pieces.append(Piece(pair, "lit" if number < depth else "dim"))
        pieces.append(Piece(" "))
    return Row([*pieces, Piece("…", "dim")])


def why_this_depth(key: bytes) -> Section:
    """Return why a key is at its depth: hash, count and odds."""
    return Section(f"Why depth {key_depth(key)}?", list(_why(key)))


def _why(key: bytes) -> Iterator[str | Row]:
    pairs, depth = bit_pairs(key)
    yield hash_row(key)
    zero = count_text(depth, "zero pair")
    place = "next" if depth else "first"
    yield (
        f"{zero}, so depth {depth}, counted from the bottom of the tree "
        f"(the {place} pair is {pairs[depth]}). {odds_text(depth)}."
    )
    yield (
        "The key alone decides, not the record and not the time, so everybody "
        "who has the same keys builds the same tree."
    )
