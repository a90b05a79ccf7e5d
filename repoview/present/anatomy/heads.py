"""The first byte of an item of CBOR, split into its two numbers.

Three bits are the major type, five the argument, or how many bytes behind have
it. Source: RFC 8949 §3.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from repoview.core.wording import count_text
from repoview.present.styled import Piece, Row

MAJORS: Final = (
    "unsigned integer",
    "negative integer",
    "byte string",
    "text",
    "array",
    "map",
    "tag",
    "simple value or float",
)
"""The names of the major types, by number."""

_WHAT: Final = {2: "byte", 3: "byte", 4: "item", 5: "pair"}
_SIMPLE: Final = {20: "false", 21: "true", 22: "null", 23: "undefined"}
_FLOATS: Final = {25: 16, 26: 32, 27: 64}
_INDEFINITE: Final = 31


class HeadParts(NamedTuple):
    """A head, split."""

    first: int
    """Its first byte."""

    size: int
    """Bytes of the head: 1, 2, 3, 5 or 9."""

    argument: int
    """The number that the five bits are, or the bytes behind them."""

    @property
    def major(self) -> int:
        """The major type."""
        return self.first >> 5

    @property
    def low(self) -> int:
        """The five bits."""
        return self.first & 31


def head_at(data: bytes, start: int) -> HeadParts | None:
    """Return the head that begins at a byte; None where the bytes end before.

    Args:
        data: The block.
        start: The byte.
    """
    if not 0 <= start < len(data):
        return None
    first = data[start]
    low = first & 31
    size = 1 + (1 << low - 24 if 24 <= low <= 27 else 0)
    if start + size > len(data):
        return None
    argument = int.from_bytes(data[start + 1 : start + size], "big")
    return HeadParts(first, size, argument if size > 1 else low)


def head_row(head: HeadParts) -> Row:
    """Return a head in hex and bits, with what each part says."""
    bits = f"{head.first:08b}"
    return Row(
        [
            Piece(f"{head.first:02x}", "bright"),
            Piece(" = "),
            Piece(bits[:3], "lit"),
            Piece(" "),
            Piece(bits[3:], "name"),
            Piece(f"  {head.major}, {MAJORS[head.major]}", "bright"),
            Piece(f"; {_low_text(head)}"),
        ]
    )


def _low_text(head: HeadParts) -> str:
    """Return what the five bits, and the bytes behind, say."""
    if head.major == 7:
        if head.low in _FLOATS:
            return f"{head.low}: a float of {_FLOATS[head.low]} bits follows"
        if head.low == _INDEFINITE:
            return f"{head.low}: a break, the end of what has no length"
        return f"{head.low}: {_SIMPLE.get(head.low, 'not assigned')}"
    if head.low == _INDEFINITE:
        return f"{head.low}: no length, it goes on up to a break"
    if head.low > 27:
        return f"{head.low}: reserved, it means nothing"
    told = _argument_text(head)
    if head.size == 1:
        return told
    behind = "byte behind is"
    if head.size > 2:
        behind = f"{head.size - 1} bytes behind are"
    return f"{head.low}: the {behind} the number, {told}"


def _argument_text(head: HeadParts) -> str:
    number = head.argument
    if head.major in _WHAT:
        return count_text(number, _WHAT[head.major])
    if head.major == 1:
        return f"{number:,}, which stands for {-1 - number:,}"
    if head.major == 6 and number == 42:
        return "42, a link"
    return f"{number:,}"
