"""Word wrap by the columns that text takes on a terminal.

A word that is longer than a row, such as a key, link or hash, is broken
anywhere.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from rich.cells import cell_len, chop_cells

_CAREFUL: Final = 5_000
"""Characters up to which columns are counted; in longer text each counts as two."""


def cuts(text: str, width: int, hang: int) -> list[int]:
    """Return where the rows of *text* begin.

    Args:
        text: One line, safe to show.
        width: Columns of the first row.
        hang: The hanging indent: columns that the other rows have less.
    """
    is_wide = not text.isascii()
    is_long = len(text) > _CAREFUL
    if (is_wide and not is_long and cell_len(text) <= width) or (
        not is_wide and len(text) <= width
    ):
        return [0]
    starts = [0]
    rest = max(1, width - hang)
    while True:
        start = starts[-1]
        room = rest if start else width
        if is_wide and is_long:
            # A combining mark at the start of a row is drawn on a dotted circle.
            stop = start + max(1, room // 2 - 1)
        elif is_wide:
            stop = start + len(chop_cells(text[start : start + room + 1], room)[0])
        else:
            stop = start + room
        if stop >= len(text):
            return starts
        starts.append(_word(text, start, stop, rest))


def _word(text: str, start: int, stop: int, rest: int) -> int:
    """Return where a row ends: before a word, or within a long one.

    Args:
        text: The line.
        start: Where the row begins.
        stop: The first character that the row has no room for.
        rest: Columns of the next row.
    """
    if text[stop - 1] == " ":
        return stop
    begin = text.rfind(" ", start, stop) + 1
    end = text.find(" ", stop, begin + rest + 1)
    is_short = (len(text) if end < 0 else end) - begin <= rest
    # A row of only indentation would be of no use.
    is_there = begin > start and not text[start:begin].isspace()
    return begin if is_there and is_short else stop


def rows(text: str, width: int) -> list[str]:
    """Return the rows of *text*."""
    starts = cuts(text, width, 0)
    return [text[a:b] for a, b in pairwise([*starts, len(text)])]
