"""The visible items of an outline, as a sorted list of ranges.

The items of a forest are numbered in preorder: each before its descendants. The
visible ones are held as ranges of consecutive items. A forest that is all open
is one range, and so is any sub-tree that is; a closed item ends its range. A
look-up is a bisection, and to open or close an item replaces some ranges: the
cost goes by the number of ranges, not of items.

A closed item keeps what was open below it, and shows that when it is opened
again, until everything is opened or closed at once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_RANGES: Final = 2_000
"""Ranges up to which all closed items are opened by one level; with more it
would take longer than a key may."""


class Forest(Protocol):
    """A forest whose items are numbered in preorder, from 0."""

    def __len__(self) -> int:
        """Return how many items there are."""

    def end(self, item: int) -> int:
        """Return the number behind the last descendant of an item."""

    def parent(self, item: int) -> int:
        """Return the parent of an item; -1 for none."""

    def level(self, item: int) -> int:
        """Return how many ancestors an item has."""

    def children(self, item: int) -> Iterable[range]:
        """Return the children of an item, as maximal ranges in order.

        `hop` computes them from the ends, where there is no faster method.
        """


def hop(forest: Forest, start: int, stop: int) -> Iterator[range]:
    """Yield siblings as maximal ranges.

    Args:
        forest: The forest.
        start: The first sibling.
        stop: The number behind the last descendant of the last one.
    """
    item = start
    while item < stop:
        end = forest.end(item)
        if end > item + 1:
            yield range(start, item + 1)
            start = end
        item = end
    if start < stop:
        yield range(start, stop)


class Folding:
    """The visible items of a forest: at first the roots.

    Rows are the visible items, numbered from 0.

    Args:
        forest: It must not change.
    """

    def __init__(self, forest: Forest) -> None:
        self.forest = forest
        self._starts: list[int] = []
        """The first item of each range."""
        self._firsts: list[int] = []
        """The row of that item."""
        self.count = 0
        """The number of rows."""
        self._kept: dict[int, list[range]] = {}
        """What a closed item shows when it is opened again."""
        self.close_all()

    @property
    def range_count(self) -> int:
        """The number of ranges."""
        return len(self._starts)

    # Rows and items

    def item_at(self, row: int) -> int:
        """Return the item in a row, which is less than `count`."""
        index = bisect_right(self._firsts, row) - 1
        return self._starts[index] + row - self._firsts[index]

    def row_of(self, item: int) -> int | None:
        """Return the row of an item, None while it is hidden."""
        index = bisect_right(self._starts, item) - 1
        if index < 0:
            return None
        row = self._firsts[index] + item - self._starts[index]
        return row if row < self._stop(index) else None

    def shown(self, item: int) -> int:
        """Return the item itself, or its closed ancestor that is visible."""
        while self.row_of(item) is None:
            item = self.forest.parent(item)
        return item

    def can_open(self, item: int) -> bool:
        """Return whether an item has children."""
        return self.forest.end(item) > item + 1

    def is_open(self, item: int) -> bool:
        """Return whether an item is visible together with its children."""
        # A range ends behind a closed item.
        row = self.row_of(item)
        return (
            row is not None
            and row + 1 < self._stop(bisect_right(self._firsts, row) - 1)
            and self.can_open(item)
        )

    # One item

    def open(self, item: int) -> None:
        """Show the children of an item, and what was open below them."""
        row = self.row_of(item)
        if row is not None and self.can_open(item) and not self.is_open(item):
            self._put(row + 1, row + 1, self._below(item))

    def close(self, item: int) -> None:
        """Hide the descendants of an item."""
        row = self.row_of(item)
        if row is not None and self.is_open(item):
            stop = self._rows_before(self.forest.end(item))
            self._kept[item] = self._ranges(row + 1, stop)
            self._put(row + 1, stop, [])

    def open_below(self, item: int) -> None:
        """Show all descendants of an item."""
        row = self.row_of(item)
        if row is None or not self.can_open(item):
            return
        end = self.forest.end(item)
        self._kept = {n: kept for n, kept in self._kept.items() if not item <= n < end}
        self._put(row + 1, self._rows_before(end), [range(item + 1, end)])

    def reveal(self, item: int) -> int:
        """Open the ancestors that hide an item, and return its row."""
        hiding = []
        above = item
        while self.row_of(above) is None:
            above = self.forest.parent(above)
            hiding.append(above)
        for each in reversed(hiding):
            self.open(each)
        row = self.row_of(item)
        if row is None:
            raise ValueError(f"no item {item} stands below {above}")
        return row

    # All items

    def open_all(self) -> None:
        """Show everything."""
        self._kept = {}
        self._show([range(len(self.forest))] if len(self.forest) else [])

    def close_all(self) -> None:
        """Show the roots only."""
        self._kept = {}
        self._show(list(hop(self.forest, 0, len(self.forest))))

    def open_level(self, most: int = MOST_RANGES) -> bool:
        """Open all visible closed items by one level.

        Args:
            most: Ranges; if there are more of them, nothing is done.

        Returns:
            Whether it was done.
        """
        if len(self._starts) > most:
            return False
        found: list[range] = []
        for items in self._ranges(0, self.count):
            _join(found, items)
            closed = items.stop - 1
            if self.can_open(closed):
                for below in self._below(closed):
                    _join(found, below)
        self._show(found)
        return True

    # Ranges

    def _below(self, item: int) -> list[range]:
        """Return what a closed item shows when it is opened."""
        return self._kept.pop(item, None) or list(self.forest.children(item))

    def _stop(self, index: int) -> int:
        """Return the row behind the last one of a range."""
        firsts = self._firsts
        return firsts[index + 1] if index + 1 < len(firsts) else self.count

    def _rows_before(self, item: int) -> int:
        """Return the number of rows with smaller items."""
        index = bisect_left(self._starts, item) - 1
        if index < 0:
            return 0
        return min(self._firsts[index] + item - self._starts[index], self._stop(index))

    def _ranges(self, row: int, stop: int) -> list[range]:
        """Return the items of the rows from *row* to *stop*."""
        found = []
        index = bisect_right(self._firsts, row) - 1
        while row < stop:
            end = min(stop, self._stop(index))
            start = self._starts[index] + row - self._firsts[index]
            found.append(range(start, start + end - row))
            row, index = end, index + 1
        return found

    def _put(self, row: int, stop: int, ranges: list[range]) -> None:
        """Replace the items of the rows from *row* to *stop*."""
        first = bisect_right(self._firsts, row - 1) - 1
        last = bisect_right(self._firsts, stop) if stop < self.count else None
        behind = self.count if last is None else self._stop(last - 1)
        found: list[range] = []
        for items in (
            *self._ranges(self._firsts[first], row),
            *ranges,
            *self._ranges(stop, behind),
        ):
            _join(found, items)
        more = sum(map(len, ranges)) - (stop - row)
        starts, firsts = _columns(found, self._firsts[first])
        if last is not None:
            starts += self._starts[last:]
            firsts += [each + more for each in self._firsts[last:]]
        self._starts[first:] = starts
        self._firsts[first:] = firsts
        self.count += more

    def _show(self, ranges: list[range]) -> None:
        """Replace all items."""
        self._starts, self._firsts = _columns(ranges, 0)
        self.count = sum(map(len, ranges))


def _join(ranges: list[range], items: range) -> None:
    """Append a range, or extend the last one by it."""
    if ranges and ranges[-1].stop == items.start:
        ranges[-1] = range(ranges[-1].start, items.stop)
    elif items:
        ranges.append(items)


def _columns(ranges: list[range], row: int) -> tuple[list[int], list[int]]:
    """Return the first item of each range, and its row; the first one is *row*."""
    firsts = []
    for items in ranges:
        firsts.append(row)
        row += len(items)
    return [items.start for items in ranges], firsts
