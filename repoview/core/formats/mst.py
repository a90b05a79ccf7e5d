"""The Merkle Search Tree: what one node block means, and how it is written.

A node is a map of two fields. ``e`` lists its entries in key order, ``l``
links to the sub-tree of the keys before the first entry. An entry has ``p``
(bytes shared with the key before it in this node), ``k`` (the rest of the
key), ``v`` (the record) and ``t`` (the sub-tree of the keys after it).

A node has one canonical encoding, so `read_node` matches it byte by byte and
refuses everything else; `node_faults` then says which rule is broken, and
recovers what it can. `walk` judges nodes against each other (order, depth,
ranges).

Source: atproto repository v3, "MST Structure" and "MST Node Format".
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from repoview.core import limits
from repoview.core.cid import PLAIN_PREFIX, Cid
from repoview.core.errors import CidError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    _ReadLink: TypeAlias = Callable[[bytes, int], tuple[Cid | None, int]]

LINK: Final = bytes.fromhex("d82a582500") + PLAIN_PREFIX
"""What a link to a plain CID begins with: tag 42, 37 bytes, 00, the CID."""

NULL: Final = b"\xf6"
EMPTY_NODE: Final = bytes.fromhex("a2616580616cf6")
"""The only node of an empty repository."""

NODE_HEAD: Final = b"\xa2\x61e"
"""What a node in canonical form begins with: a map of two, and its first field."""

_ENTRY_HEAD: Final = b"\xa4\x61k"


class Entry(NamedTuple):
    """One key and its record, with the sub-tree behind it."""

    key: bytes
    value: Cid
    tree: Cid | None = None


class Node(NamedTuple):
    """One node, its keys written out in full."""

    left: Cid | None
    entries: Sequence[Entry]


def key_depth(key: bytes) -> int:
    """Return how many leading zero bit *pairs* SHA-256 of *key* has (0 to 128).

    Depth 0 is the bottom of the tree. atproto repository v3, "MST Structure".
    """
    digest = int.from_bytes(sha256(key).digest(), "big")
    return (256 - digest.bit_length()) // 2


def common_prefix(a: bytes, b: bytes) -> int:
    """Return how many bytes *a* and *b* share at their beginning."""
    shorter = min(len(a), len(b))
    if a[:shorter] == b[:shorter]:
        return shorter
    # The first set bit of the difference lies in the first byte that differs.
    differ = int.from_bytes(a[:shorter], "big") ^ int.from_bytes(b[:shorter], "big")
    return shorter - (differ.bit_length() + 7) // 8


def encode_node(node: Node) -> bytes:
    """Return the canonical bytes of *node*; its keys must ascend.

    Raises:
        ValueError: The CID of a sub-tree is not of the plain form.
    """
    out = bytearray(NODE_HEAD + _head(0x80, len(node.entries)))
    previous = b""
    for entry in node.entries:
        shared = common_prefix(previous, entry.key)
        out += _ENTRY_HEAD + _head(0x40, len(entry.key) - shared) + entry.key[shared:]
        out += b"\x61p" + _head(0x00, shared)
        out += b"\x61t" + _link(entry.tree) + b"\x61v" + _value(entry.value)
        previous = entry.key
    out += b"\x61l" + _link(node.left)
    return bytes(out)


def _head(major: int, value: int) -> bytes:
    if value < 24:
        return bytes((major | value,))
    if value < 0x100:
        return bytes((major | 24, value))
    return bytes((major | 25,)) + value.to_bytes(2, "big")


def _link(cid: Cid | None) -> bytes:
    if cid is None:
        return NULL
    if not cid.is_plain:
        raise ValueError(f"{cid} cannot be linked to from a tree")
    return LINK[:5] + cid.raw


def _value(cid: Cid) -> bytes:
    # Links to records are kept as they are, whatever their form.
    return LINK[:2] + _head(0x40, len(cid.raw) + 1) + b"\0" + cid.raw


def claimed_entries(data: bytes) -> int | None:
    """Return how many entries a node says it has; None for no canonical beginning."""
    if data[:3] != NODE_HEAD:
        return None
    try:
        return _read_count(data, 3, 0x80)[0]
    except (_NotCanonicalError, IndexError):
        return None


def read_node(
    data: bytes, most: int = limits.MANY_ENTRIES, *, any_values: bool = False
) -> Node | None:
    """Return the node that *data* is, or None unless it is wholly canonical.

    Accepts only what `node_faults` finds nothing wrong with: shape, types,
    prefixes, key order inside the node, CIDs of the links, and the bounds on
    keys and entries. The hot path of every walk.

    Args:
        data: The block.
        most: Entries up to which a node is accepted.
        any_values: Whether links to records may be CIDs of any form.
    """
    if data[:3] != NODE_HEAD:
        return None
    read_value = _read_value if any_values else _read_link
    try:
        count, position = _read_count(data, 3, 0x80)
        entries: list[Entry] = []
        key = b""
        if count > most:
            return None
        for _ in range(count):
            entry, position = _read_entry(data, position, key, read_value)
            entries.append(entry)
            key = entry.key
        if data[position : position + 2] != b"\x61l":
            return None
        left, position = _read_link(data, position + 2)
    except _NotCanonicalError:
        return None
    except IndexError:
        # The bytes ended inside a head: cut, so not canonical.
        return None
    return Node(left, entries) if position == len(data) else None


class _NotCanonicalError(Exception):
    """The bytes are not a canonical node; `node_faults` says why."""


def _read_entry(
    data: bytes, position: int, previous: bytes, read_value: _ReadLink
) -> tuple[Entry, int]:
    if data[position : position + 3] != _ENTRY_HEAD:
        raise _NotCanonicalError
    size, position = _read_count(data, position + 3, 0x40)
    end = position + size
    suffix = data[position:end]
    if data[end : end + 2] != b"\x61p":
        raise _NotCanonicalError
    shared, position = _read_count(data, end + 2, 0x00)
    if shared > len(previous) or shared + size > limits.MAX_KEY or not suffix:
        raise _NotCanonicalError
    # Comparing one byte behind the shared prefix, or the end of the earlier key,
    # shows that the keys differ and ascend.
    if shared < len(previous) and suffix[0] <= previous[shared]:
        raise _NotCanonicalError
    if data[position : position + 2] != b"\x61t":
        raise _NotCanonicalError
    tree, position = _read_link(data, position + 2)
    if data[position : position + 2] != b"\x61v":
        raise _NotCanonicalError
    value, position = read_value(data, position + 2)
    if value is None:
        raise _NotCanonicalError
    return Entry(previous[:shared] + suffix, value, tree), position


def _read_count(data: bytes, position: int, major: int) -> tuple[int, int]:
    """Read the argument of a head of *major* type, in its shortest form."""
    # With `read_head`, `read_node` takes a quarter longer.
    value = data[position] - major
    if 0 <= value < 24:
        return value, position + 1
    if value == 24 and data[position + 1] >= 24:
        return data[position + 1], position + 2
    if value == 25 and data[position + 1]:
        return data[position + 1] << 8 | data[position + 2], position + 3
    raise _NotCanonicalError


def _read_link(data: bytes, position: int) -> tuple[Cid | None, int]:
    if data[position] == 0xF6:
        return None, position + 1
    end = position + 41
    if data[position : position + 9] != LINK or end > len(data):
        raise _NotCanonicalError
    return Cid(data[position + 5 : end]), end


def _read_value(data: bytes, position: int) -> tuple[Cid | None, int]:
    """Read a link to a record, by a CID of any form."""
    if data[position : position + 2] != LINK[:2]:
        raise _NotCanonicalError
    size, position = _read_count(data, position + 2, 0x40)
    end = position + size
    if not size or end > len(data) or data[position]:
        raise _NotCanonicalError
    try:
        return Cid.from_bytes(data[position + 1 : end]), end
    except CidError:
        raise _NotCanonicalError from None
