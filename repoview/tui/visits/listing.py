"""Which records a list shows, and how they are sorted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from repoview.core.load.result import Progress
    from repoview.tui.session import Session

By: TypeAlias = Literal["key", "date", "size", "offset"]
"""What records are sorted by."""

MANY: Final = 20_000
"""Records from which on a list is made in a thread."""

ORDERS: Final[tuple[By, ...]] = ("key", "date", "size", "offset")
"""What records can be sorted by, in the order in which a key cycles."""

DESCENDING: Final = frozenset({"date", "size"})
"""Those that begin with the greatest: the newest, the largest."""


class Order(NamedTuple):
    """What records are sorted by, and in which direction."""

    by: By = "key"
    reverse: bool = False

    def following(self) -> Order:
        """Return the next order of the cycle."""
        by = ORDERS[(ORDERS.index(self.by) + 1) % len(ORDERS)]
        return Order(by, by in DESCENDING)

    def chosen(self, by: By) -> Order:
        """Return the order by something; reversed if it is the current one."""
        if by == self.by:
            return self.reversed()
        return Order(by, by in DESCENDING)

    def reversed(self) -> Order:
        """Return the order reversed."""
        return self._replace(reverse=not self.reverse)


class Listing(NamedTuple):
    """A query for a list: which records, and in what order."""

    collection: int | None = None
    selection: str = ""
    """What they have to be; empty for all."""

    order: Order = Order()

    is_typing: bool = False
    """Whether the end of the selection may be half typed."""

    @property
    def is_plain(self) -> bool:
        """Whether its numbers take constant time, however many they are."""
        return not self.selection and self.order.by == "key"

    def numbers(
        self, session: Session, note: Callable[[Progress], None] | None = None
    ) -> Sequence[int]:
        """Return their numbers; with many records, call it in a thread.

        Args:
            session: Of the repository.
            note: Called with progress; what it raises ends it.
        """
        if self.selection and session.is_whole and len(session.records) >= MANY:
            session.search.hold_paths()
        found = session.records.filtered(
            self.collection, self.selection, note, is_typing=self.is_typing
        )
        if self.order == Order():
            return found
        return session.search.ordered(found, *self.order)
