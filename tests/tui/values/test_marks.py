"""Facts about marks: they are a plain set, whatever is done to them."""

from __future__ import annotations

import sys
from array import array
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from repoview.tui.values.marks import Marks

if TYPE_CHECKING:
    from collections.abc import Sequence

NUMBERS = st.integers(0, 10_000)


@st.composite
def ranges(draw: st.DrawFn) -> range:
    """Draw some numbers in a row, or none."""
    start = draw(NUMBERS)
    return range(start, start + draw(st.integers(0, 300)))


SEVERAL = st.one_of(
    ranges(),
    st.lists(NUMBERS, unique=True, max_size=60),
    st.lists(NUMBERS, unique=True, max_size=60)
    .map(sorted)
    .map(lambda n: array("I", n)),
    ranges().map(lambda numbers: numbers[::-2]),
)


class Twins(RuleBasedStateMachine):
    """Marks beside a set of numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.marks = Marks()
        self.plain: set[int] = set()

    @rule(number=NUMBERS)
    def toggle(self, number: int) -> None:
        """One on or off."""
        assert self.marks.toggle(number) is (number not in self.plain)
        self.plain ^= {number}

    @rule(numbers=SEVERAL)
    def add(self, numbers: Sequence[int]) -> None:
        """Many on; some are already."""
        self.marks.add(numbers)
        self.plain |= set(numbers)

    @rule()
    def clear(self) -> None:
        """All off."""
        self.marks.clear()
        self.plain.clear()

    @invariant()
    def same(self) -> None:
        """Both hold the same numbers, and give them ascending."""
        assert len(self.marks) == len(self.plain)
        assert list(self.marks.numbers()) == sorted(self.plain)

    @rule(number=st.integers(-5, 20_000))
    def contains(self, number: int) -> None:
        """Also of numbers that never were there."""
        assert (number in self.marks) is (number in self.plain)


TestTwins = Twins.TestCase


@given(ranges())
def test_marks_in_a_row_go_out_as_a_range(numbers: range) -> None:
    """However they were marked."""
    marks = Marks()
    marks.add(list(numbers))
    assert isinstance(marks.numbers(), range)


def test_the_last_mark_is_known() -> None:
    """From there a range is marked; what was unmarked is no beginning."""
    marks = Marks()
    assert marks.last is None
    marks.toggle(7)
    marks.add([9, 3])
    assert marks.last == 3
    marks.toggle(3)
    assert marks.last is None
    marks.toggle(5)
    marks.clear()
    assert marks.last is None


def test_a_million_marks_are_no_million_objects() -> None:
    """A byte each, and what goes out is packed."""
    marks = Marks()
    marks.add(range(0, 1_300_000, 2))
    assert sys.getsizeof(marks._flags) < 1_500_000  # noqa: SLF001 (what it costs)
    chosen = marks.numbers()
    assert isinstance(chosen, array)
    assert len(chosen) == len(marks) == 650_000
