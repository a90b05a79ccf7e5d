"""The rows that widgets show: plain values whose text is safe to show.

Made by `session` only; no widget gets a record or a finding itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class CollectionRow(NamedTuple):
    """A collection, ready to be shown."""

    name: str
    records: int
    size: str


class RecordRow(NamedTuple):
    """A record in a list, ready to be shown."""

    collection: str
    rkey: str
    date: str
    size: str
    summary: str
    state: str
    """sound, unsound, damaged or missing."""


class Hit(NamedTuple):
    """A match of a full-text search, ready to be shown."""

    number: int
    collection: str
    rkey: str
    path: str
    """Of the matching text in the record, as ``embed.images[0].alt``."""

    before: str
    match: str
    """The matching text, as it is written in the record."""

    after: str


class HexSpan(NamedTuple):
    """A range of bytes and its meaning, ready to be shown."""

    start: int
    end: int
    depth: int
    kind: str
    meaning: str
    field: str = ""
    """The field of a node or commit that it belongs to; "" in other blocks."""


class FindingRow(NamedTuple):
    """A finding, ready to be shown."""

    code: str
    severity: str
    message: str
    place: str
    details: list[tuple[str, str]]


class TreeNode(NamedTuple):
    """A node of the tree or a hole in it, ready to be shown."""

    number: int
    depth: str
    """ "depth 2", or "depth ?"."""

    hole: str
    """What the link led to, if not to a node; else empty."""

    hides: str
    """Of a hole: the keys that it hides."""

    cid: str
    size: str
    """Of its block; empty for a missing one."""

    entries: int
    """Entries in the node itself."""

    records: int
    """Records in its sub-tree."""

    bytes: str
    """Of these records; empty until they are counted."""

    findings: int
    severity: str
    """The highest of their severities; empty for none."""


class TreeEntry(NamedTuple):
    """An entry of a node, ready to be shown."""

    number: int
    """Of its record."""

    path: str
    shared: int
    """Characters that the path shares with the previous entry of the node."""

    rkey: int
    """The index in the path where the record key begins."""

    size: str
    state: str
    """sound, unsound, damaged or missing."""


class TreeStep(NamedTuple):
    """A step on the way from the top node to an item of the tree."""

    item: int
    text: str
    """The node's depth (in words for the top node), or the path of a record."""


class BlockRow(NamedTuple):
    """A block in a list, ready to be shown."""

    kind: str
    """commit, node, record, unlinked, duplicate, no block or missing."""

    state: str
    """unsound or damaged; empty for neither."""

    offset: str
    length: str
    """Both empty for one that is missing."""

    cid: str
    used: str
    """What links to it, or why nothing does."""


class CheckRow(NamedTuple):
    """A check that ran, ready to be shown."""

    name: str
    outcome: str
    """pass, FAIL, warn, or "-" for a check that was not reached."""

    amount: str
    detail: str


class GroupRow(NamedTuple):
    """The findings of one code, ready to be shown."""

    code: str
    severity: str
    title: str
    """What they have in common."""

    total: int
    """Of findings, kept or only counted."""

    findings: Sequence[int]
    """Numbers of those that are kept, as in `FindingAnswers.rows`."""

    explains: bool = False
    """Whether the first of them explains the others."""
