"""Cut text into rows of a window, by the columns that it takes.

At any character, not at words: so a row can be found without laying out the
text before it. A text of a million characters is cut by number.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from rich.cells import cell_len, chop_cells

_CAREFUL: Final = 5_000
"""Characters up to which columns are counted; beyond, two for each."""


def cuts(text: str, width: int, hang: int) -> list[int]:
    """Return where the rows of *text* begin.

    Args:
        text: One line, safe to show.
        width: Columns of the first row.
        hang: Columns that the others are indented by, which they have less.
    """
    rest = max(1, width - hang)
    if text.isascii():
        return [0, *range(width, len(text), rest)]
    if len(text) > _CAREFUL:
        # A mark that begins a row gets a circle to stand on.
        return [0, *range(width // 2 - 1, len(text), max(1, rest // 2 - 1))]
    if cell_len(text) <= width:
        return [0]
    first = chop_cells(text, width)[0]
    starts = [0, len(first)]
    for piece in chop_cells(text[len(first) :], rest):
        starts.append(starts[-1] + len(piece))
    if starts[-1] == len(text):
        starts.pop()
    return starts


def rows(text: str, width: int) -> list[str]:
    """Return the rows of *text*."""
    starts = cuts(text, width, 0)
    return [text[a:b] for a, b in pairwise([*starts, len(text)])]
