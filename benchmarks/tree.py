"""Build the tree of the inputs, and lay its blocks out in walk order.

Bottom up, node by node, with hashlib alone: the trees that the program is
measured on are not of its own making. A finished sub-tree is one run of bytes,
already as a depth-first walk meets it, so that walk order costs a copy a depth.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

LINK: Final = b"\xd8\x2a\x58\x25\x00\x01\x71\x12\x20"
"""What stands before the digest in a link to a DAG-CBOR block."""

_CID: Final = LINK[5:]


class Blocks:
    """The sections of one repository.

    Args:
        keep: Whether to keep each by its digest, for an order of their own.
    """

    def __init__(self, *, keep: bool) -> None:
        self.count = 0
        self.sections: list[tuple[bytes, bytes]] = []
        """Digest and section, as they came."""
        self._keep = keep

    def add(self, data: bytes) -> tuple[bytes, bytes]:
        """Return the digest and the section of a block."""
        digest = sha256(data).digest()
        section = varint(len(data) + 36) + _CID + digest + data
        self.count += 1
        if self._keep:
            self.sections.append((digest, section))
        return digest, section


class _Level:
    """The node being filled at one depth."""

    __slots__ = ("entries", "left", "parts", "tree")

    def __init__(self) -> None:
        self.left: bytes | None = None
        self.entries: list[tuple[bytes, bytes, bytes | None]] = []
        """Key, digest of the record, and of the sub-tree behind it."""
        self.parts: list[bytes] = []
        """All that is below it, in walk order."""

    def encoded(self) -> bytes:
        out = [b"\xa2\x61e", _head(0x80, len(self.entries))]
        previous = b""
        for key, value, tree in self.entries:
            shared = _shared(previous, key)
            suffix = key[shared:]
            out += b"\xa4\x61k", _head(0x40, len(suffix)), suffix
            out += b"\x61p", _head(0, shared), b"\x61t", _link(tree)
            out += b"\x61v", LINK, value
            previous = key
        out += b"\x61l", _link(self.left)
        return b"".join(out)


def build(
    records: Iterable[tuple[bytes, bytes]], blocks: Blocks
) -> tuple[bytes, bytes]:
    """Return the digest of the top node, and the tree with its records.

    Args:
        records: Keys, ascending, and records.
        blocks: Where every block goes.
    """
    levels = [_Level()]
    for key, data in records:
        value, section = blocks.add(data)
        depth = _depth(key)
        while len(levels) <= depth:
            levels.append(_Level())
        for lower in range(depth):
            _close(levels, lower, blocks)
        levels[depth].entries.append((key, value, None))
        levels[depth].parts.append(section)
    for lower in range(len(levels) - 1):
        _close(levels, lower, blocks)
    return _finish(levels[-1], blocks)


def _close(levels: list[_Level], depth: int, blocks: Blocks) -> None:
    """Finish the node at *depth*, if there is one, and hang it one higher."""
    level = levels[depth]
    if not level.parts:
        return
    digest, subtree = _finish(level, blocks)
    above = levels[depth + 1]
    above.parts.append(subtree)
    if above.entries:
        key, value, _ = above.entries[-1]
        above.entries[-1] = (key, value, digest)
    else:
        above.left = digest
    levels[depth] = _Level()


def _finish(level: _Level, blocks: Blocks) -> tuple[bytes, bytes]:
    digest, section = blocks.add(level.encoded())
    return digest, b"".join((section, *level.parts))


def _depth(key: bytes) -> int:
    """Return how many pairs of zero bits the SHA-256 of *key* begins with."""
    return (256 - int.from_bytes(sha256(key).digest(), "big").bit_length()) // 2


def _shared(a: bytes, b: bytes) -> int:
    """Return how many bytes two different keys share at their beginning."""
    for number, (one, other) in enumerate(zip(a, b, strict=False)):
        if one != other:
            return number
    return min(len(a), len(b))


def _link(digest: bytes | None) -> bytes:
    return b"\xf6" if digest is None else LINK + digest


def _head(major: int, value: int) -> bytes:
    if value < 24:
        return b"%c" % (major | value)
    if value < 256:
        return b"%c%c" % (major | 24, value)
    return b"%c%b" % (major | 25, value.to_bytes(2, "big"))


def varint(number: int) -> bytes:
    """Return *number* in unsigned LEB128."""
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
