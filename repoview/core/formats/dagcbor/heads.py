"""The head of an item of DAG-CBOR, whatever it is worth.

Its first byte has the kind in the upper three bits. The lower five are a small
number, or say that 1, 2, 4 or 8 bytes with a greater one follow. The number is
the value of an integer, the length of text and bytes, the count of an array or
map, or a tag.

`strict` and `mst`, which say yes or no to every block of a repository, look at
heads in their own way, for speed.

Source: RFC 8949 §3.
"""

from __future__ import annotations

from typing import Final

UINT, NINT, BYTES, TEXT, ARRAY, MAP, TAG, OTHER = range(8)
"""The kinds of items."""

LINK_TAG: Final = 42
BREAK: Final = 0xFF
INDEFINITE: Final = 31
"""Low five bits of a head without a length, and of a break."""

WITH_ARGUMENT: Final = 27
"""The low five bits of a head with an argument are at most this; of what is more,
all but `INDEFINITE` is reserved."""


def read_head(data: bytes, start: int) -> tuple[int, int, int, int]:
    """Return kind, argument, low five bits and end of the head at a byte.

    Nothing is judged: where the low five bits are over `WITH_ARGUMENT`, or the
    end is behind that of the bytes, the argument says nothing. A plain tuple,
    for one with names takes three times as long to make.

    Raises:
        IndexError: The bytes end there.
    """
    first = data[start]
    low = first & 31
    if low < 24:
        return first >> 5, low, low, start + 1
    if low > WITH_ARGUMENT:
        return first >> 5, 0, low, start + 1
    end = start + 1 + (1 << low - 24)
    return first >> 5, int.from_bytes(data[start + 1 : end], "big"), low, end
