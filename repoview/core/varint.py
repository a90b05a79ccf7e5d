"""Varints: unsigned LEB128, the lengths of a CAR and the numbers of a CID.

Seven bits a byte, the lowest first; the high bit says that more follow. Only
the shortest form is canonical. A longer one is still read: callers compare its
size with `size_of`.

Source: multiformats unsigned-varint (at most 9 bytes, 63 bits).
"""

from __future__ import annotations

from typing import Final

from repoview.core.errors import FormatError

MAX_BYTES: Final = 9


class VarintCut(FormatError):
    """The bytes end inside the varint."""


class VarintTooLong(FormatError):
    """The varint has more than 9 bytes."""


def read_varint(data: bytes, position: int, end: int) -> tuple[int, int]:
    """Return the varint at *position*, and the position behind it.

    Args:
        data: Where it stands.
        position: Its first byte.
        end: Where the bytes end, for this purpose.

    Raises:
        VarintCut: *end* comes before its last byte.
        VarintTooLong: It has more than 9 bytes, and so more than 63 bits.
    """
    value = shift = 0
    start = position
    while position < end:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, position
        shift += 7
        if position - start == MAX_BYTES:
            raise VarintTooLong("a varint has more than 9 bytes", offset=start)
    raise VarintCut("the bytes end inside a varint", offset=start)


def size_of(value: int) -> int:
    """Return how many bytes the shortest form of *value* has."""
    return max(1, (value.bit_length() + 6) // 7)


def encode_varint(value: int) -> bytes:
    """Return the shortest form of *value*, which must not be negative."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
