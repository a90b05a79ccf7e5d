"""One node in its place: what the link to it promises is checked when it is read.

A link to a sub-tree says more than a CID: how deep its keys are, and between
which keys they lie. A node that has passed all checks is the only one that can
stand there, so what it says of a key holds, whatever is wrong elsewhere.

Source: atproto repository v3, "MST Structure".
"""

from __future__ import annotations

from bisect import bisect_left
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, Protocol

from repoview.core import limits
from repoview.core.errors import NotFound
from repoview.core.formats.mst import Node, claimed_entries, key_depth, read_node

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.cid import Cid


class TreeSource(Protocol):
    """A tree: the CID of its top node, and a function that reads its nodes."""

    @property
    def top(self) -> Cid:
        """The CID of the top node."""

    def read(self, cid: Cid, /) -> bytes | None:
        """Return the bytes of a node; None where its block is not there."""


class BareTree(NamedTuple):
    """A `TreeSource` of its two parts."""

    top: Cid
    read: Callable[[Cid], bytes | None]


class NodeCheck(StrEnum):
    """What is checked of a node that is read, in this order."""

    THERE = "there"
    """Its block is there."""

    HASH = "hash"
    """Its bytes hash to its CID."""

    FORM = "form"
    """They are a node in canonical form, of at most 200 entries."""

    DEPTH = "depth"
    """All its keys are of the depth that the link promises."""

    RANGE = "range"
    """They lie between the keys beside the link."""

    CONTENT = "content"
    """It is not empty, and has sub-trees only above depth 0."""


CHECKS = tuple(NodeCheck)


_FIELDS = ("l", *(f"e[{entry}].t" for entry in range(limits.TOO_MANY_ENTRIES)))
"""The fields that link to sub-trees, by their number."""


class NodeUnusable(NotFound):
    """A node that an edit or a question has to open, and cannot.

    Args:
        cid: Its CID.
        fault: What is wrong with it; "" where its block is not there.
        check: The first check that it does not pass.
    """

    def __init__(
        self, cid: Cid, fault: str = "", check: NodeCheck = NodeCheck.THERE
    ) -> None:
        super().__init__(f"the node {cid} {fault or 'is not there'}")
        self.cid = cid
        self.fault = fault
        self.check = check


class NodeLink(NamedTuple):
    """A link to a node, and what that must be."""

    cid: Cid
    depth: int | None
    """None for the top node, whose keys say it."""

    lo: bytes = b""
    """The key before all of its keys, which is not among them; empty for none."""

    hi: bytes | None = None
    """The key after all of its keys; None for none."""

    field: str = ""
    """The field of the node above that has it: "l" or "e[2].t"; "" for the top."""


class PlacedNode(NamedTuple):
    """A node that passed all checks."""

    link: NodeLink
    """That by which it was reached, with its depth."""

    depth: int
    keys: tuple[bytes, ...]
    values: tuple[Cid, ...]
    trees: tuple[Cid | None, ...]
    """One more than keys: the first is that of the keys before all."""

    size: int
    """Bytes of its block."""

    def place(self, key: bytes) -> tuple[int, bool]:
        """Return the number of its first key not below *key*, and if it is that."""
        place = bisect_left(self.keys, key)
        return place, self.keys[place : place + 1] == (key,)

    def below(self, place: int) -> NodeLink | None:
        """Return the link to the sub-tree before the key at *place*, if there is one.

        Args:
            place: A number of `trees`.
        """
        cid = self.trees[place]
        if cid is None:
            return None
        lo, hi = self.bounds(place)
        return NodeLink(cid, self.depth - 1, lo, hi, _FIELDS[place])

    def bounds(self, place: int) -> tuple[bytes, bytes | None]:
        """Return the keys beside the sub-tree of that number."""
        keys, link = self.keys, self.link
        lo = keys[place - 1] if place else link.lo
        return lo, keys[place] if place < len(keys) else link.hi


def open_node(link: NodeLink, data: bytes | None) -> PlacedNode:
    """Return the node that a link leads to.

    Args:
        link: To the node.
        data: The bytes of its block; None where that is not there.

    Raises:
        NodeUnusable: It does not pass a check.
    """
    cid = link.cid
    if data is None:
        raise NodeUnusable(cid)
    if not cid.is_plain or sha256(data).digest() != cid.raw[4:]:
        raise NodeUnusable(cid, "does not hash to its CID", NodeCheck.HASH)
    node = _read_node(cid, data)
    keys = tuple([entry.key for entry in node.entries])
    depth = link.depth
    if depth is None:
        if not keys and node.left is not None:
            fault = "is a top node without entries"
            raise NodeUnusable(cid, fault, NodeCheck.DEPTH)
        depth = key_depth(keys[0]) if keys else 0
    for key in keys:
        if key_depth(key) != depth:
            raise NodeUnusable(cid, "has keys of another depth", NodeCheck.DEPTH)
    if keys and (keys[0] <= link.lo or (link.hi is not None and keys[-1] >= link.hi)):
        raise NodeUnusable(cid, "has keys out of its bounds", NodeCheck.RANGE)
    trees = (node.left, *[entry.tree for entry in node.entries])
    if not keys and node.left is None and link.depth is not None:
        raise NodeUnusable(cid, "is empty", NodeCheck.CONTENT)
    if depth == 0 and any(trees):
        raise NodeUnusable(cid, "has sub-trees at the bottom", NodeCheck.CONTENT)
    values = tuple([entry.value for entry in node.entries])
    placed = link if link.depth is not None else link._replace(depth=depth)
    return PlacedNode(placed, depth, keys, values, trees, len(data))


def _read_node(cid: Cid, data: bytes) -> Node:
    """Return a canonical node, which may link to records by CIDs of any form.

    Matched byte by byte: many links may lead to what is none, and to decode it
    would take seconds each time. Nodes of more entries than honest keys make are
    refused, for what waits in them is told with each step.
    """
    count, most = claimed_entries(data), limits.TOO_MANY_ENTRIES
    if count is not None and count > most:
        fault = f"claims more than {most} entries"
        raise NodeUnusable(cid, fault, NodeCheck.FORM)
    node = read_node(data, most) or read_node(data, most, any_values=True)
    if node is None:
        raise NodeUnusable(cid, "is no node in canonical form", NodeCheck.FORM)
    return node
