"""What widgets show: rows and details whose text is safe to show.

Made by `session` alone; no widget sees a record or a finding otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


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


class HexSpan(NamedTuple):
    """A range of bytes and its meaning, ready to be shown."""

    start: int
    end: int
    depth: int
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One record, node or block, ready to be shown."""

    title: str
    facts: str
    lines: list[str]
    is_json: bool
    """Whether the lines are JSON, or say why there is none."""
    data: bytes
    spans: list[HexSpan]
    findings: list[FindingRow]
    at_uri: str
    cid: str


class FindingRow(NamedTuple):
    """A finding, ready to be shown."""

    code: str
    severity: str
    message: str
    place: str
    details: list[tuple[str, str]]


class TreeLine(NamedTuple):
    """A line of the tree: a node, a hole, or an entry of a node."""

    number: int
    """Of the node, or of the record."""

    is_node: bool
    depth: int
    """Levels that the line is indented by."""

    text: str
    """What it is: "depth 2", "missing node", or a path."""

    facts: str
    can_open: bool
    broken: bool
