"""What a tree must answer to be drawn, and how a key is named in a box.

Nodes are numbered in preorder, records in key order, both from 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

GROUPS: Final = 6
"""Styles among which collections are told apart."""

_NAME: Final = 12
_WHOLE: Final = 6
_END: Final = 4
"""Characters of a collection's name; of a record key that is shown whole, and of
the end of any other."""


class KeyLabel(NamedTuple):
    """A key as a box shows it: printable ASCII and "…"."""

    name: str
    """The last segment of the collection; "" where the key has none."""

    rest: str
    """The record key, or the end of it."""

    @property
    def text(self) -> str:
        """Both, with a space between."""
        return f"{self.name} {self.rest}" if self.name else self.rest


class DiagramKey(NamedTuple):
    """One key of a node."""

    label: KeyLabel
    group: int
    """Of its collection, below `GROUPS`."""

    is_there: bool
    """Whether the record's block is in the file, and hashes to the link."""


@dataclass(frozen=True, slots=True)
class DiagramNode:
    """One node, or a link that led to none."""

    number: int
    distance: int
    """Steps from the top node."""

    parent: int | None
    items: tuple[range | int, ...] = ()
    """Numbers of records whose keys stand in it, in ranges, and of the nodes below,
    in key order."""

    hole: str = ""
    """Why it could not be entered, in words; "" for a node."""

    hides: str = ""
    """The keys that a hole hides, in words."""

    @property
    def children(self) -> list[int]:
        """The nodes directly below."""
        return [item for item in self.items if isinstance(item, int)]

    @property
    def keys(self) -> int:
        """How many keys stand in it."""
        return sum(len(item) for item in self.items if isinstance(item, range))


class DiagramTree(Protocol):
    """A tree that can be drawn."""

    @property
    def levels(self) -> int:
        """How many distances from the top there are; 0 for no tree."""

    @property
    def records(self) -> int:
        """How many records there are."""

    def depth_at(self, distance: int) -> int | None:
        """Return the depth of the nodes at a distance; None where it is unknown."""

    def node(self, number: int) -> DiagramNode:
        """Return a node."""

    def key(self, record: int) -> DiagramKey:
        """Return the key of a record."""

    def holder(self, record: int) -> int:
        """Return the node that a record's key stands in."""

    def beside(self, number: int, step: int) -> int | None:
        """Return the next node at the same distance, or with step -1 the one before."""

    def before(self, number: int) -> int:
        """Return how many nodes at the same distance come before one."""

    def amount(self, distance: int) -> int:
        """Return how many nodes there are at a distance."""

    def counts(self, edges: Sequence[int]) -> list[list[int]]:
        """Return how many nodes begin between records, of each distance.

        Args:
            edges: Ascending numbers of records; nodes are counted between any two.
        """

    def holes(self, edges: Sequence[int]) -> set[tuple[int, int]]:
        """Return (distance, place) of what `counts` returns where there is a hole."""


def key_label(key: bytes) -> KeyLabel:
    """Return how a key is named in a box, in 19 characters at most."""
    collection, slash, rkey = key.rpartition(b"/")
    if not slash:
        return KeyLabel("", _cut(_ascii(key[: _NAME + 1])))
    name = _cut(_ascii(collection.rpartition(b".")[2]))
    whole = _ascii(rkey[: _WHOLE + 1])
    if len(whole) > _WHOLE:
        whole = f"…{_ascii(rkey[-_END:])[-_END:]}"
    return KeyLabel(name, whole)


def _cut(text: str) -> str:
    return text if len(text) <= _NAME else f"{text[: _NAME - 1]}…"


def _ascii(key: bytes) -> str:
    """Return bytes as printable ASCII: others are no part of any valid key."""
    text = key.decode("ascii", "backslashreplace")
    return "".join(each if each.isprintable() else "·" for each in text)


def way_to(tree: DiagramTree, number: int) -> list[int]:
    """Return the nodes from the top to a node, itself the last."""
    way = [number]
    while (parent := tree.node(way[-1]).parent) is not None:
        way.append(parent)
    return way[::-1]
