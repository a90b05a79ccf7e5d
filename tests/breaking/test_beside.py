"""Facts about two files side by side: no byte is lost, and what is alike is alike."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from repoview.breaking.beside import Pair, Range, cells
from repoview.breaking.hex_rows import MOST_ROWS, beside_rows

HALVES = st.binary(max_size=40)


@given(HALVES, HALVES, HALVES, HALVES)
def test_each_byte_stands_once_and_in_its_order(
    lead: bytes, old: bytes, new: bytes, tail: bytes
) -> None:
    """On its own side; what stands against each other as alike is alike."""
    sound, broken = lead + old + tail, lead + new + tail
    pair = Pair(Range(0, len(sound)), Range(0, len(broken)), 0)
    aligned = cells(sound, broken, pair)
    left = [cell.sound for cell in aligned if cell.sound is not None]
    right = [cell.broken for cell in aligned if cell.broken is not None]
    # What is left out in front and behind is the same in both.
    first, last = (left[0], left[-1] + 1) if left else (0, 0)
    its_first, its_last = (right[0], right[-1] + 1) if right else (0, 0)
    assert left == [*range(first, last)]
    assert right == [*range(its_first, its_last)]
    assert sound[:first] == broken[:its_first]
    assert sound[last:] == broken[its_last:]
    for cell in aligned:
        if not cell.differs:
            assert cell.sound is not None
            assert cell.broken is not None
            assert sound[cell.sound] == broken[cell.broken]
    assert any(cell.differs for cell in aligned) == (sound != broken)


@given(st.binary(max_size=300), st.binary(max_size=300), st.integers(40, 220))
def test_rows_are_as_wide_as_there_is_room(
    sound: bytes, broken: bytes, width: int
) -> None:
    """And no more than fit under each other at the fault."""
    pair = Pair(Range(0, len(sound)), Range(0, len(broken)), len(broken) // 2)
    rows = beside_rows(sound, broken, cells(sound, broken, pair), pair.focus, width)
    assert max(len(row.text) for row in rows) <= width
    shown = [row for row in rows if " ≠ " in row.text or " │ " in row.text]
    assert len(shown) <= MOST_ROWS
    assert bool(shown) == (sound != broken)


def test_long_files_are_compared_at_what_differs() -> None:
    """Wherever that is."""
    sound = bytes(100_000)
    broken = bytes(70_000) + b"\x01" + bytes(29_999)
    pair = Pair(Range(0, len(sound)), Range(0, len(broken)), 70_000)
    aligned = cells(sound, broken, pair)
    assert [c.broken for c in aligned if c.differs] == [70_000]
    rows = beside_rows(sound, broken, aligned, 70_000, 76)
    assert any("01" in row.text.partition("≠")[2] for row in rows)
