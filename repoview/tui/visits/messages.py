"""What widgets ask of the screen that holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.tui.session import Session
    from repoview.tui.values.place import Place
    from repoview.tui.visits.listing import By
    from repoview.tui.visits.visit import Visit


class Upward(Message):
    """A message that goes up until somebody answers it: the base of all ours.

    Textual lets a message no further than the one in whose handler it was made.
    That is for those who send down; ours are often made by somebody on their
    way, such as the screen that gives an answer, and would stop there.
    """

    def __post_init__(self) -> None:
        """Come from nobody."""
        super().__post_init__()
        self.set_sender(None)  # type: ignore[arg-type]


@dataclass
class Go(Upward):
    """The reader wants to be taken to a place; the app does it."""

    place: Place


@dataclass
class Ask(Upward):
    """A widget wants to know something of the repository."""

    question: Callable[[Session], Any]
    """Run where the engine may be asked."""

    answer: Callable[[Any], None]
    """Given what it returned, in the screen's own thread."""


@dataclass
class Told(Upward):
    """The thread that loads a visit has answers, or came to its end."""

    visit: Visit


@dataclass
class CollectionChosen(Upward):
    """The reader moved to a collection, or to all records (None)."""

    number: int | None


@dataclass
class RecordMoved(Upward):
    """The reader moved to a record."""

    number: int

    sought: str = ""
    """What it was found by: where that stands in it, is to be seen."""


@dataclass
class PlaceChosen(Upward):
    """The reader chose, or moved to, something in a list or outline."""

    what: str
    """finding, record; or what to show beside: show-node, show-record."""

    number: int


@dataclass
class FindingMoved(Upward):
    """The reader moved to a finding."""

    number: int


@dataclass
class TabChosen(Upward):
    """The reader wants to see a record another way."""

    name: str


@dataclass
class VisitChosen(Upward):
    """The reader wants to see another of the sources that are open."""

    number: int
    """Of its tab, from 0."""


@dataclass
class OrderChosen(Upward):
    """The reader wants the records in another order."""

    by: By


@dataclass
class FindLeft(Upward):
    """The reader closed what was found."""
