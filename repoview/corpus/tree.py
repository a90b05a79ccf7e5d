"""Merkle search trees from the specification, to be right or to be broken.

A tree is nested `Node`s, and its bytes follow from them: whatever is changed
below, the links above change with it. So a fault put into one node stays the
only one.

Source: atproto repository v3, "MST Structure".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from itertools import count, islice, takewhile
from typing import TYPE_CHECKING, Any

from repoview.corpus.cbor import DAG_CBOR, Link, cid_of, encode

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ABSENT = object()
"""As the value of a changed field: it is left out."""

COLLECTION = "com.example.note"

NONE_KNOWN: Mapping[Node, Link] = {}
"""Of no node the link is known yet."""


@dataclass(eq=False)
class Entry:
    """One key of a node, its record, and the sub-tree behind it."""

    key: bytes
    record: bytes | None
    """The record's block; None when `link` leads elsewhere."""

    tree: Node | Link | None = None
    link: Link | None = None
    """Stands in place of the link to `record`."""

    changed: dict[str, Any] = field(default_factory=dict)
    """Fields that are not as the rules have them."""

    @property
    def cid(self) -> bytes:
        """The CID that `v` has."""
        if self.link is not None:
            return self.link.cid
        assert self.record is not None
        return cid_of(self.record)

    def fields(
        self, previous: bytes, links: Mapping[Node, Link] = NONE_KNOWN
    ) -> dict[str, Any]:
        """Return what is encoded, behind an entry of the key *previous*."""
        shared = shared_bytes(previous, self.key)
        right = {
            "k": self.key[shared:],
            "p": shared,
            "t": link_to(self.tree, links),
            "v": Link(self.cid),
        }
        return with_changes(right, self.changed)


@dataclass(eq=False)
class Node:
    """One node, with the sub-trees below it."""

    left: Node | Link | None = None
    entries: list[Entry] = field(default_factory=list)
    changed: dict[str, Any] = field(default_factory=dict)
    """Fields that are not as the rules have them."""

    raw: bytes | None = None
    """Stands in place of what would be encoded."""

    form: bytes = DAG_CBOR
    """What its CID begins with."""

    @property
    def data(self) -> bytes:
        """The block."""
        return self._encoded(NONE_KNOWN)

    @property
    def cid(self) -> bytes:
        """The CID that links to it have."""
        return cid_of(self.data, self.form)

    def fields(self, links: Mapping[Node, Link] = NONE_KNOWN) -> dict[str, Any]:
        """Return what is encoded.

        Args:
            links: Those to nodes below that are known already.
        """
        entries = []
        previous = b""
        for entry in self.entries:
            entries.append(entry.fields(previous, links))
            previous = entry.key
        right = {"e": entries, "l": link_to(self.left, links)}
        return with_changes(right, self.changed)

    def _encoded(self, links: Mapping[Node, Link]) -> bytes:
        return encode(self.fields(links)) if self.raw is None else self.raw

    def blocks(self) -> list[tuple[bytes, bytes]]:
        """Return CID and data of all blocks from here down, in walk order.

        Those below come first to be made, so that each node is encoded once.
        """
        links: dict[Node, Link] = {}
        below = _blocks_of(self.left, links)
        for entry in self.entries:
            if entry.record is not None:
                below.append((entry.cid, entry.record))
            below += _blocks_of(entry.tree, links)
        data = self._encoded(links)
        return [(cid_of(data, self.form), data), *below]

    def keys(self) -> Iterator[bytes]:
        """Yield all keys from here down, in walk order."""
        if isinstance(self.left, Node):
            yield from self.left.keys()
        for entry in self.entries:
            yield entry.key
            if isinstance(entry.tree, Node):
                yield from entry.tree.keys()


def shared_bytes(one: bytes, other: bytes) -> int:
    """Count the bytes that both begin with."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def link_to(
    child: Node | Link | None, links: Mapping[Node, Link] = NONE_KNOWN
) -> Link | None:
    """Return the link to a sub-tree: the one in *links*, if it is known."""
    if isinstance(child, Node):
        return links.get(child) or Link(child.cid)
    return child


def _blocks_of(
    child: Node | Link | None, links: dict[Node, Link]
) -> list[tuple[bytes, bytes]]:
    """Return the blocks of a sub-tree, and put the link to it into *links*."""
    if not isinstance(child, Node):
        return []
    blocks = child.blocks()
    links[child] = Link(blocks[0][0])
    return blocks


def with_changes(right: dict[str, Any], changed: dict[str, Any]) -> dict[str, Any]:
    """Return the fields *right* with others in their place, or without them."""
    fields = {**right, **changed}
    return {name: value for name, value in fields.items() if value is not ABSENT}


def key_depth(key: bytes) -> int:
    """Count the pairs of zero bits that SHA-256 of *key* begins with."""
    bits = f"{int.from_bytes(sha256(key).digest()):0256b}"
    return (len(bits) - len(bits.lstrip("0"))) // 2


def build_tree(entries: Sequence[Entry]) -> Node:
    """Return the only tree that has these entries, which come in key order."""
    depths = [key_depth(entry.key) for entry in entries]
    return _build(entries, depths, max(depths)) if entries else Node()


def _build(entries: Sequence[Entry], depths: Sequence[int], depth: int) -> Node:
    """Return the node at *depth* that holds these entries, itself or below."""
    node = Node()
    own = [number for number, each in enumerate(depths) if each == depth]
    for start, end in zip([-1, *own], [*own, len(entries)], strict=True):
        between = slice(start + 1, end)
        below = None
        if entries[between]:
            below = _build(entries[between], depths[between], depth - 1)
        if start < 0:
            node.left = below
        else:
            entries[start].tree = below
            node.entries.append(entries[start])
    return node


def path(depth: int, number: int = 0) -> str:
    """Return the path of that *number* among those whose key has this depth."""
    return next(islice(_paths(depth), number, None))


def paths(depth: int, amount: int) -> list[str]:
    """Return as many paths whose keys have this depth, in key order."""
    return list(islice(_paths(depth), amount))


def _paths(depth: int) -> Iterator[str]:
    names = (f"{COLLECTION}/{number:05}" for number in count())
    return (name for name in names if _depth(name) == depth)


@cache
def _depth(name: str) -> int:
    return key_depth(name.encode())
