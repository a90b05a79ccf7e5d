"""Facts about what is shown of an outline, against the simplest account of it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from repoview.tui.widgets.base.folding import Folding, hop
from tests.tui.widgets.forests import Complete, Levels, forests


class Compared(RuleBasedStateMachine):
    """A folding, and beside it the set of what was opened.

    An item is shown when all above it are in the set.
    """

    def __init__(self) -> None:
        super().__init__()
        self.forest = Levels([])
        self.folding = Folding(self.forest)
        self.opened: set[int] = set()

    @rule(forest=forests())
    def begin(self, forest: Levels) -> None:
        """Look at another forest."""
        self.forest, self.folding = forest, Folding(forest)
        self.opened = set()

    def is_shown(self, item: int) -> bool:
        """Tell whether all above it is open."""
        above = self.forest.parent(item)
        while above >= 0:
            if above not in self.opened:
                return False
            above = self.forest.parent(above)
        return True

    def can_open(self, item: int) -> bool:
        """Tell whether there is anything below."""
        return self.forest.end(item) > item + 1

    def some_item(self, data: st.DataObject) -> int:
        """Return any item."""
        return data.draw(st.integers(0, len(self.forest) - 1))

    @precondition(lambda self: len(self.forest))
    @rule(data=st.data())
    def open(self, data: st.DataObject) -> None:
        """Only what is shown can be opened."""
        item = self.some_item(data)
        self.folding.open(item)
        if self.is_shown(item) and self.can_open(item):
            self.opened.add(item)

    @precondition(lambda self: len(self.forest))
    @rule(data=st.data())
    def close(self, data: st.DataObject) -> None:
        """What was open below stays in the set."""
        item = self.some_item(data)
        self.folding.close(item)
        if self.is_shown(item):
            self.opened.discard(item)

    @precondition(lambda self: len(self.forest))
    @rule(data=st.data())
    def open_below(self, data: st.DataObject) -> None:
        """An item with all below it."""
        item = self.some_item(data)
        self.folding.open_below(item)
        if self.is_shown(item):
            below = range(item, self.forest.end(item))
            self.opened |= {n for n in below if self.can_open(n)}

    @precondition(lambda self: len(self.forest))
    @rule(data=st.data())
    def reveal(self, data: st.DataObject) -> None:
        """All above an item is opened, and its row is returned."""
        item = self.some_item(data)
        row = self.folding.reveal(item)
        above = self.forest.parent(item)
        while above >= 0:
            self.opened.add(above)
            above = self.forest.parent(above)
        assert self.folding.item_at(row) == item

    @rule()
    def open_all(self) -> None:
        """Everything, as one run."""
        self.folding.open_all()
        self.opened = {n for n in range(len(self.forest)) if self.can_open(n)}
        assert self.folding.range_count <= 1

    @rule()
    def close_all(self) -> None:
        """Nothing is kept for later."""
        self.folding.close_all()
        self.opened = set()

    @rule()
    def open_level(self) -> None:
        """All that is shown closed."""
        closed = {
            n
            for n in range(len(self.forest))
            if self.is_shown(n) and self.can_open(n) and n not in self.opened
        }
        assert self.folding.open_level()
        self.opened |= closed

    @invariant()
    def shows_the_same(self) -> None:
        """Rows and items lead to each other, and runs have breaks between them."""
        shown = [n for n in range(len(self.forest)) if self.is_shown(n)]
        folding = self.folding
        assert folding.count == len(shown)
        assert [folding.item_at(row) for row in range(folding.count)] == shown
        rows = {item: row for row, item in enumerate(shown)}
        for item in range(len(self.forest)):
            assert folding.row_of(item) == rows.get(item)
            is_open = item in rows and item in self.opened
            assert folding.is_open(item) is is_open
            above = item
            while above not in rows:
                above = self.forest.parent(above)
            assert folding.shown(item) == above
        breaks = sum(b - a > 1 for a, b in pairwise(shown))
        assert folding.range_count == (breaks + 1 if shown else 0)


TestCompared = Compared.TestCase


@given(forests(), st.data())
def test_hopping_meets_what_stands_beside_each_other(
    forest: Levels, data: st.DataObject
) -> None:
    """As ranges that do not touch."""
    item = data.draw(st.integers(-1, len(forest) - 1))
    start, stop = item + 1, len(forest) if item < 0 else forest.end(item)
    found = list(hop(forest, start, stop))
    below = [n for n in range(start, stop) if forest.parent(n) == item]
    assert [n for part in found for n in part] == below
    assert all(a.stop < b.start for a, b in pairwise(found))


def test_two_million_items_are_one_run() -> None:
    """To open and close all of them asks about none."""
    forest = Complete(4, 10)
    folding = Folding(forest)
    forest.asked = 0
    folding.open_all()
    assert folding.count == len(forest) > 1_300_000
    assert forest.asked == 0
    assert folding.item_at(1_000_000) == folding.row_of(1_000_000) == 1_000_000
    folding.close(1)
    assert folding.count == len(forest) - forest.sizes[9] + 1
    assert folding.range_count == 2
    assert forest.asked < 10
    folding.close_all()
    assert folding.count == 1


def test_to_reveal_an_item_opens_only_what_is_above_it() -> None:
    """The rest stays closed."""
    folding = Folding(Complete(4, 10))
    row = folding.reveal(1_234_567)
    assert folding.item_at(row) == 1_234_567
    assert folding.count < 1 + 4 * 10 + 1


def test_levels_are_opened_one_by_one_until_there_are_too_many() -> None:
    """Then nothing is done, and the answer says so."""
    folding = Folding(Complete(4, 8))
    counts = []
    while folding.open_level(most=100):
        counts.append(folding.count)
    assert counts == [5, 21, 85, 341]
    assert not folding.open_level(most=100)
    assert folding.count == 341


def test_what_does_not_exist_is_not_revealed() -> None:
    """A number of no item is an error of the caller's."""
    folding = Folding(Levels([0, 1, 0]))
    with pytest.raises((ValueError, IndexError)):
        folding.reveal(7)
