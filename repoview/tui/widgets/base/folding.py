"""Which lines of an outline are shown, whatever its size.

The items of a forest are numbered in preorder: each before those below it. What
is shown of them is held as runs of items without a break, in order. So all of
a forest is one run, and so is any part of it that is open down to the last
item; a closed item ends the run that it is in. To open or close something is
to put other runs in the place of some, and what that costs goes by the number
of runs, and not of items: a forest of two million, all open, is as cheap as
one of twenty.

A closed item keeps what was open below it, and shows that when it is opened
again, until everything is opened or closed at once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_RUNS: Final = 2_000
"""Runs up to which everything closed is opened by one level: more would take
longer than a key may."""


class Forest(Protocol):
    """Items in preorder, numbered from 0; only asked about what is needed."""

    def __len__(self) -> int:
        """Return how many items there are."""

    def end(self, item: int) -> int:
        """Return the number behind the last item below an item."""

    def parent(self, item: int) -> int:
        """Return the item that an item stands right below; -1 for none."""

    def level(self, item: int) -> int:
        """Return how many items an item stands below."""

    def children(self, item: int) -> Iterable[range]:
        """Return what stands right below an item, as unbroken ranges in order.

        `hop` makes them of the ends, where there is no faster way.
        """


def hop(forest: Forest, start: int, stop: int) -> Iterator[range]:
    """Yield the ranges of items that stand beside each other.

    Args:
        forest: Whose items.
        start: The first of them.
        stop: The end of what they stand in.
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
    """What is shown of a forest: at first the items that stand below no other.

    Rows are numbered from 0, as they are shown.

    Args:
        forest: It must not change.
    """

    def __init__(self, forest: Forest) -> None:
        self.forest = forest
        self._starts: list[int] = []
        """The first item of each run."""
        self._firsts: list[int] = []
        """The row of that item."""
        self.count = 0
        """Rows that are shown."""
        self._kept: dict[int, list[range]] = {}
        """What a closed item shows when it is opened again."""
        self.close_all()

    @property
    def run_count(self) -> int:
        """How many runs are held."""
        return len(self._starts)

    # Rows and items

    def item_at(self, row: int) -> int:
        """Return the item in a row, which is below `count`."""
        run = bisect_right(self._firsts, row) - 1
        return self._starts[run] + row - self._firsts[run]

    def row_of(self, item: int) -> int | None:
        """Return the row of an item, None while it is hidden."""
        run = bisect_right(self._starts, item) - 1
        if run < 0:
            return None
        row = self._firsts[run] + item - self._starts[run]
        return row if row < self._last(run) else None

    def shown(self, item: int) -> int:
        """Return the item itself, or the closed one that hides it."""
        while self.row_of(item) is None:
            item = self.forest.parent(item)
        return item

    def can_open(self, item: int) -> bool:
        """Tell whether anything stands below an item."""
        return self.forest.end(item) > item + 1

    def is_open(self, item: int) -> bool:
        """Tell whether an item is shown with what stands right below it."""
        # Behind a closed item a run ends.
        row = self.row_of(item)
        return (
            row is not None
            and row + 1 < self._last(bisect_right(self._firsts, row) - 1)
            and self.can_open(item)
        )

    # One item

    def open(self, item: int) -> None:
        """Show what stands right below an item, and what was open there."""
        row = self.row_of(item)
        if row is not None and self.can_open(item) and not self.is_open(item):
            self._put(row + 1, row + 1, self._below(item))

    def close(self, item: int) -> None:
        """Hide all that stands below an item."""
        row = self.row_of(item)
        if row is not None and self.is_open(item):
            stop = self._rows_before(self.forest.end(item))
            self._kept[item] = self._runs(row + 1, stop)
            self._put(row + 1, stop, [])

    def open_below(self, item: int) -> None:
        """Show all that stands below an item, down to the last."""
        row = self.row_of(item)
        if row is None or not self.can_open(item):
            return
        end = self.forest.end(item)
        self._kept = {n: runs for n, runs in self._kept.items() if not item <= n < end}
        self._put(row + 1, self._rows_before(end), [range(item + 1, end)])

    def reveal(self, item: int) -> int:
        """Open whatever hides an item, and return the row of it."""
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
        """Show only what stands below no other item."""
        self._kept = {}
        self._show(list(hop(self.forest, 0, len(self.forest))))

    def open_level(self, most: int = MOST_RUNS) -> bool:
        """Open all that is shown closed, once.

        Args:
            most: Runs; with more of them, nothing is done.

        Returns:
            Whether it was done.
        """
        if len(self._starts) > most:
            return False
        found: list[range] = []
        for run in self._runs(0, self.count):
            _join(found, run)
            closed = run.stop - 1
            if self.can_open(closed):
                for below in self._below(closed):
                    _join(found, below)
        self._show(found)
        return True

    # Runs

    def _below(self, item: int) -> list[range]:
        """Return what a closed item shows when it is opened."""
        return self._kept.pop(item, None) or list(self.forest.children(item))

    def _last(self, run: int) -> int:
        """Return the row behind the last one of a run."""
        firsts = self._firsts
        return firsts[run + 1] if run + 1 < len(firsts) else self.count

    def _rows_before(self, item: int) -> int:
        """Return how many rows are of smaller items."""
        run = bisect_left(self._starts, item) - 1
        if run < 0:
            return 0
        return min(self._firsts[run] + item - self._starts[run], self._last(run))

    def _runs(self, row: int, stop: int) -> list[range]:
        """Return the items of the rows from *row* to *stop*."""
        found = []
        run = bisect_right(self._firsts, row) - 1
        while row < stop:
            end = min(stop, self._last(run))
            start = self._starts[run] + row - self._firsts[run]
            found.append(range(start, start + end - row))
            row, run = end, run + 1
        return found

    def _put(self, row: int, stop: int, runs: list[range]) -> None:
        """Show other items in the place of the rows from *row* to *stop*."""
        first = bisect_right(self._firsts, row - 1) - 1
        last = bisect_right(self._firsts, stop) if stop < self.count else None
        behind = self.count if last is None else self._last(last - 1)
        found: list[range] = []
        for part in (
            self._runs(self._firsts[first], row),
            runs,
            self._runs(stop, behind),
        ):
            for run in part:
                _join(found, run)
        more = sum(map(len, runs)) - (stop - row)
        starts, firsts = _columns(found, self._firsts[first])
        if last is not None:
            starts += self._starts[last:]
            firsts += [each + more for each in self._firsts[last:]]
        self._starts[first:] = starts
        self._firsts[first:] = firsts
        self.count += more

    def _show(self, runs: list[range]) -> None:
        """Show these items and no others."""
        self._starts, self._firsts = _columns(runs, 0)
        self.count = sum(map(len, runs))


def _join(runs: list[range], run: range) -> None:
    """Append a run, or make the last one longer by it."""
    if runs and runs[-1].stop == run.start:
        runs[-1] = range(runs[-1].start, run.stop)
    elif run:
        runs.append(run)


def _columns(runs: list[range], row: int) -> tuple[list[int], list[int]]:
    """Return the first item of each run, and its row, of which the first is *row*."""
    firsts = []
    for run in runs:
        firsts.append(row)
        row += len(run)
    return [run.start for run in runs], firsts
