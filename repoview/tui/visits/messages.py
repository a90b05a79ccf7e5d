"""The messages that widgets post, handled by screens and the app."""

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
    """A message that bubbles until it is handled: the base of all ours.

    Textual stops bubbling at the node in whose handler the message was made.
    Ours are often made in a handler of a node above the widget, such as the
    screen that delivers an answer, and would stop there.
    """

    def __post_init__(self) -> None:
        """Clear the sender, at which bubbling would stop."""
        super().__post_init__()
        self.set_sender(None)  # type: ignore[arg-type]


@dataclass
class Go(Upward):
    """The user wants to go to a place; handled by the app."""

    place: Place


@dataclass
class Ask(Upward):
    """A widget has a question about the repository."""

    question: Callable[[Session], Any]
    """Called in the thread that owns the session."""

    answer: Callable[[Any], None]
    """Called with its result, in the app's thread."""


@dataclass
class LoadingChanged(Upward):
    """The loading thread of a visit has answers, or has ended."""

    visit: Visit


@dataclass
class CollectionChosen(Upward):
    """The user moved to a collection, or to all records (None)."""

    number: int | None


@dataclass
class RecordMoved(Upward):
    """The user moved to a record."""

    number: int

    sought: str = ""
    """The text it was found by, at which the record is to be shown."""


@dataclass
class PlaceChosen(Upward):
    """The user chose, or moved to, something in a list or outline."""

    what: str
    """finding, record; or what to show beside: show-node, show-record."""

    number: int


@dataclass
class FindingMoved(Upward):
    """The user moved to a finding."""

    number: int


@dataclass
class TabChosen(Upward):
    """The user chose a tab of the record pane."""

    name: str


@dataclass
class VisitChosen(Upward):
    """The user chose another open source."""

    number: int
    """Of its tab, from 0."""


@dataclass
class OrderChosen(Upward):
    """The user chose another order of the records."""

    by: By


@dataclass
class FindLeft(Upward):
    """The user closed the search panel."""
