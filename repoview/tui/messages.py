"""What widgets ask of the screen that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.tui.listing import By
    from repoview.tui.place import Place
    from repoview.tui.session import Session
    from repoview.tui.visit import Visit


@dataclass
class Go(Message):
    """The reader wants to be taken to a place; the app does it."""

    place: Place


@dataclass
class Ask(Message):
    """A widget wants to know something of the repository."""

    question: Callable[[Session], Any]
    """Run where the engine may be asked."""

    answer: Callable[[Any], None]
    """Given what it returned, in the screen's own thread."""


@dataclass
class Told(Message):
    """The thread that loads a visit has answers, or came to its end."""

    visit: Visit


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
    """The reader chose, or moved to, something in a list or outline."""

    what: str
    """finding, record; or what to show beside: show-node, show-record."""

    number: int


@dataclass
class FindingMoved(Message):
    """The reader moved to a finding."""

    number: int


@dataclass
class TabChosen(Message):
    """The reader wants to see a record another way."""

    name: str


@dataclass
class VisitChosen(Message):
    """The reader wants to see another of the sources that are open."""

    number: int
    """Of its tab, from 0."""


@dataclass
class OrderChosen(Message):
    """The reader wants the records in another order."""

    by: By


@dataclass
class FindLeft(Message):
    """The reader closed what was found."""
