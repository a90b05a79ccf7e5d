"""A step in words, as a value; its texts are safe to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from repoview.core.formats.key import path_of
from repoview.core.trees.node import NodeCheck, NodeLink
from repoview.present.text import range_text, safe, short_cid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.cid import Cid
    from repoview.core.trees.steps import Side

WAITING: Final = 50
"""What waits is told up to here, and then counted."""

PATH: Final = 200
SHORT: Final = 60
"""Characters of a path in a sentence, and of one beside another."""

CHECKED: Final = {
    NodeCheck.THERE: "its block is there",
    NodeCheck.HASH: "it hashes to its CID",
    NodeCheck.FORM: "it is a canonical node",
    NodeCheck.DEPTH: "its keys are of the link's depth",
    NodeCheck.RANGE: "they lie between the link's keys",
    NodeCheck.CONTENT: "it is not empty, nor too deep",
}
"""Each check of a node, in words."""


class Check(NamedTuple):
    """One check of a block that was read."""

    name: str
    """In a word."""

    says: str
    state: Literal["passed", "failed", "open"]

    @classmethod
    def of(cls, check: NodeCheck, state: Literal["passed", "failed", "open"]) -> Check:
        """Return a check in words."""
        return cls(check.value, CHECKED[check], state)


class Spot(NamedTuple):
    """Where in a tree a step is; of two trees, in which."""

    what: str
    """node, key or record."""

    cid: Cid | None = None
    key: bytes = b""
    """The key itself; of a node, the one before all of its keys."""

    number: int | None = None
    """Of the node or record, where it is known."""

    side: Side | None = None


@dataclass(frozen=True, slots=True)
class ToldStep:
    """A step in words that are safe to show."""

    sign: str
    """A character for what is done."""

    says: str
    """A sentence, without a full stop."""

    checks: tuple[Check, ...] = ()
    """Of a block that is read."""

    waits: tuple[str, ...] = ()
    """What is still to be done, the next first, `WAITING` at most."""

    waiting: int = 0
    """How much waits in all."""

    spot: Spot | None = None
    held: tuple[int, int] | None = None
    """Of a stream: how many blocks and bytes are held."""


def waits_text(waiting: Sequence[NodeLink | bytes]) -> tuple[str, ...]:
    """Return what waits in words, the first of it."""
    return tuple(map(_waiting, waiting[:WAITING]))


def _waiting(what: NodeLink | bytes) -> str:
    if isinstance(what, bytes):
        return f"key {safe(path_of(what), PATH)}"
    return f"node {short_cid(what.cid)} of depth {what.depth}: {between(what)}"


def between(link: NodeLink) -> str:
    """Return the keys between which those of a node must lie."""
    return range_text(link.lo or None, link.hi, SHORT)


def key_text(key: bytes) -> str:
    """Return a key as it is shown."""
    return safe(path_of(key), PATH)


def of_node(link: NodeLink, side: Side | None = None) -> Spot:
    """Return where a node is."""
    return Spot("node", link.cid, link.lo, side=side)
