"""A small encoder of canonical DAG-CBOR, and a way around it.

It shares nothing with the engine, so that the two can prove each other. What
it writes is canonical, but for what a `Raw` says word for word.

Source: RFC 8949 §3; DAG-CBOR §Strictness.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

DAG_CBOR = b"\x01\x71\x12\x20"
"""What the CIDs of commits, nodes and records begin with."""

RAW = b"\x01\x55\x12\x20"
"""What the CIDs of blobs begin with."""

DAG_PB = b"\x01\x70\x12\x20"
"""What the CIDs of files in IPFS begin with."""


@dataclass(frozen=True, slots=True)
class Link:
    """A CID, to be encoded as tag 42."""

    cid: bytes


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes that stand in the encoding as they are."""

    data: bytes

    @classmethod
    def hex(cls, text: str) -> Raw:
        """Return the bytes that *text* gives in hexadecimal."""
        return cls(bytes.fromhex(text))


def cid_of(data: bytes, form: bytes = DAG_CBOR) -> bytes:
    """Return the CID that names *data*; *form* is what stands before the digest."""
    return form + sha256(data).digest()


def head(major: int, argument: int) -> bytes:
    """Return the shortest head of an item."""
    if argument < 24:
        return bytes([major << 5 | argument])
    for low, code in ((24, "B"), (25, "H"), (26, "I"), (27, "Q")):
        if argument < 1 << 8 * struct.calcsize(code):
            return bytes([major << 5 | low]) + struct.pack(">" + code, argument)
    raise OverflowError(argument)


def encode(value: Any) -> bytes:
    """Return the canonical encoding of *value*."""
    match value:
        # The most frequent first.
        case str():
            data = value.encode()
            return head(3, len(data)) + data
        case bytes():
            return head(2, len(value)) + value
        case Link():
            return b"\xd8\x2a" + encode(b"\0" + value.cid)
        case None:
            return b"\xf6"
        case bool():
            return b"\xf5" if value else b"\xf4"
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case dict():
            return encode_pairs(sorted(value.items(), key=_canonical_order))
        case list():
            return head(4, len(value)) + b"".join(map(encode, value))
        case float():
            return b"\xfb" + struct.pack(">d", value)
        case Raw():
            return value.data
    raise TypeError(type(value))


def encode_pairs(pairs: list[tuple[Any, Any]]) -> bytes:
    """Return a map of these pairs, in this order and as often as they come."""
    items = b"".join(encode(name) + encode(value) for name, value in pairs)
    return head(5, len(pairs)) + items


def _canonical_order(pair: tuple[str, Any]) -> tuple[int, bytes]:
    name = pair[0].encode()
    return len(name), name


def varint(number: int, *, padding: int = 0) -> bytes:
    """Return an unsigned LEB128, with *padding* bytes more than it takes."""
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    if padding:
        out[-1] |= 0x80
        out += b"\x80" * (padding - 1) + b"\0"
    return bytes(out)
