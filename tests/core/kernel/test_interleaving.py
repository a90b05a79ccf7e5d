"""Nodes and records in walk order: both kernels say the same of any columns."""

from __future__ import annotations

from array import array
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.kernel import pure
from repoview.core.kernel.interleaving import NodeColumns
from tests.fuzz.twins import COMPILED

if TYPE_CHECKING:
    from types import ModuleType

pytestmark = pytest.mark.skipif(
    not COMPILED, reason="the compiled kernel was not built"
)

KERNEL: Any = COMPILED["one thread"].module if COMPILED else pure

small = st.integers(0, 12)
nodes = st.tuples(small, small, st.integers(0, 2), st.integers(0, 2**32 - 1))


@pytest.fixture(autouse=True)
def kernel_under_test() -> None:
    """Run each test once: all of them run every kernel themselves."""


def columns_of(facts: list[tuple[int, int, int, int]]) -> NodeColumns:
    """Return nodes as columns."""
    firsts, ends, wanted, rows = zip(*facts, strict=True) if facts else ((),) * 4
    return NodeColumns(
        array("I", firsts), array("I", ends), bytes(wanted), array("I", rows)
    )


@given(st.integers(0, 3), st.lists(nodes, max_size=9), st.sets(small), st.booleans())
def test_both_say_the_same(
    number: int,
    facts: list[tuple[int, int, int, int]],
    numbers: set[int],
    empty: bool,
) -> None:
    """Also of nodes whose first records do not ascend, as those of no tree."""
    records = array("q", sorted(numbers))
    rows = array("I", [100 + each for each in records])
    given_ = number, columns_of(facts), records, rows, empty
    found = KERNEL.interleaved(*given_)
    assert found == pure.interleaved(*given_)
    assert [each.typecode for each in found] == ["I", "q"]
    # Each record comes once, in order, with its row.
    pairs = zip(*found, strict=True)
    assert [pair for pair in pairs if pair[1] >= 0] == [
        *zip(rows, records, strict=True)
    ]


@pytest.mark.parametrize("twin", [pure, KERNEL], ids=["python", "compiled"])
def test_a_record_stands_behind_the_nodes_that_begin_there(twin: ModuleType) -> None:
    """The top is taken though it has none; a node that is not wanted never is."""
    columns = columns_of([(4, 4, 1, 50), (4, 6, 1, 51), (5, 5, 1, 52), (5, 6, 0, 53)])
    records, rows = array("q", [3, 4, 5]), array("I", [13, 14, 15])
    found = twin.interleaved(0, columns, records, rows, False)
    assert [*zip(*found, strict=True)] == [
        (13, 3),
        (50, ~0),
        (51, ~1),
        (14, 4),
        (15, 5),
    ]
    found = twin.interleaved(8, columns, records, rows, True)
    assert list(found[1]) == [3, ~8, ~9, 4, ~10, 5]


@pytest.mark.parametrize("twin", [pure, KERNEL], ids=["python", "compiled"])
def test_columns_that_do_not_fit_are_refused(twin: ModuleType) -> None:
    """A node without a row, and a record without one."""
    one, none = array("I", [1]), array("I")
    record = array("q", [1])
    with pytest.raises(IndexError):
        twin.interleaved(0, (one, one, b"\1", none), record, one, True)
    with pytest.raises(IndexError):
        twin.interleaved(0, (one, one, b"\1", one), record, none, True)


@pytest.mark.parametrize("value", [None, -1, 2**63, b"x", "x", [1], array("Q", [7])])
def test_no_argument_makes_a_panic(value: Any) -> None:
    """Of any type, and of any size: what ordinary code raises, and no more."""
    one, record = array("I", [1]), array("q", [1])
    sound: tuple[Any, ...] = (0, (one, one, b"\1", one), record, one, True)
    for place in range(len(sound)):
        with suppress(Exception):
            KERNEL.interleaved(*sound[:place], value, *sound[place + 1 :])
    for place in range(4):
        columns: list[Any] = [one, one, b"\1", one]
        columns[place] = value
        with suppress(Exception):
            KERNEL.interleaved(0, tuple(columns), record, one, True)
