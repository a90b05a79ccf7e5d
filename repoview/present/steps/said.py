"""A step in words, as a value; its texts are safe to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

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
    NodeCheck.DEPTH: "its keys are of one depth, that of the link",
    NodeCheck.RANGE: "they lie between the keys beside the link",
    NodeCheck.CONTENT: "it is not empty, nor deeper than the bottom",
}
"""Each check of a node, in words."""


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

    checks: tuple[tuple[str, str], ...] = ()
    """Of a block that was read: each check, and "passed", "failed" or "open"."""

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
