"""Facts about the heads of items."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repoview.core.formats.dagcbor.heads import INDEFINITE, WITH_ARGUMENT, read_head
from repoview.core.formats.dagcbor.rules import shortest_head

WITHOUT_KERNEL = True


@given(st.integers(0, 7), st.integers(0, 2**64 - 1), st.binary(max_size=9))
def test_a_head_is_read_as_it_was_written(
    major: int, argument: int, before: bytes
) -> None:
    """Wherever it stands."""
    head = shortest_head(major, argument)
    data = before + head + b"\0"
    end = len(before) + len(head)
    assert read_head(data, len(before)) == (major, argument, head[0] & 31, end)


@given(st.integers(0, 7), st.integers(0, 3), st.integers(0, 255))
def test_a_head_need_not_be_in_its_shortest_form(
    major: int, width: int, argument: int
) -> None:
    """Whether it is can be told by its low five bits."""
    low, size = 24 + width, 1 << width
    head = bytes((major << 5 | low,)) + argument.to_bytes(size, "big")
    assert read_head(head, 0) == (major, argument, low, 1 + size)


@given(st.integers(0, 7), st.integers(24, 27))
def test_a_head_that_is_cut_ends_behind_the_bytes(major: int, low: int) -> None:
    """By as many as are missing."""
    cut = bytes((major << 5 | low,))
    assert read_head(cut, 0)[3] == 1 + (1 << low - 24)


@pytest.mark.parametrize("low", [28, 29, 30, INDEFINITE])
def test_a_head_without_an_argument_is_one_byte(low: int) -> None:
    """Be it a beginning, a break, or of no meaning."""
    major, _, low_bits, end = read_head(bytes((0xE0 | low,)), 0)
    assert (major, low_bits, end) == (7, low, 1)
    assert low_bits > WITH_ARGUMENT


def test_where_the_bytes_end_there_is_no_head() -> None:
    """Not even a cut one."""
    with pytest.raises(IndexError):
        read_head(b"\0", 1)
