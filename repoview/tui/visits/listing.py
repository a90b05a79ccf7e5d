"""Which records a list shows, and in what order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.tui.session import Session

By: TypeAlias = Literal["key", "date", "size", "offset"]
"""What records are ordered by."""

MANY: Final = 20_000
"""Records from which on a list is made beside the screen."""

ORDERS: Final[tuple[By, ...]] = ("key", "date", "size", "offset")
"""What records can be ordered by, as a key goes through them."""

DESCENDING: Final = frozenset({"date", "size"})
"""Those of which people want the greatest first: the newest, the largest."""


class Order(NamedTuple):
    """What records are ordered by."""

    by: By = "key"
    reverse: bool = False

    def following(self) -> Order:
        """Return the next of all orders."""
        by = ORDERS[(ORDERS.index(self.by) + 1) % len(ORDERS)]
        return Order(by, by in DESCENDING)

    def chosen(self, by: By) -> Order:
        """Return the order by something; the other way if it is so already."""
        if by == self.by:
            return self.reversed()
        return Order(by, by in DESCENDING)

    def reversed(self) -> Order:
        """Return the same the other way."""
        return self._replace(reverse=not self.reverse)


class Listing(NamedTuple):
    """What a list shows: some records, in some order."""

    collection: int | None = None
    needle: str = ""
    """What their paths contain."""

    order: Order = Order()

    @property
    def is_plain(self) -> bool:
        """Whether its numbers are known at once, however many they are."""
        return not self.needle and self.order.by == "key"

    def numbers(self, session: Session) -> Sequence[int]:
        """Return their numbers; of many records, this is for a thread."""
        if self.needle and session.is_whole and len(session.records) >= MANY:
            session.search.hold_paths()
        found = session.records.filtered(self.collection, self.needle)
        if self.order == Order():
            return found
        return session.search.ordered(found, *self.order)
