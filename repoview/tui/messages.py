"""What widgets ask of the screen that holds them."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message


@dataclass
class CollectionChosen(Message):
    """The reader moved to a collection, or to all records (None)."""

    number: int | None


@dataclass
class RecordMoved(Message):
    """The reader moved to a record."""

    number: int


@dataclass
class PlaceChosen(Message):
    """The reader wants to be taken to a record or a node."""

    what: str
    """record, node, block, or the tree at a record (-1 for its top)."""

    number: int


@dataclass
class FindingMoved(Message):
    """The reader moved to a finding."""

    number: int


@dataclass
class TabChosen(Message):
    """The reader wants to see a record another way."""

    name: str
