"""What a terminal shows of what was written to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pyte
from wcwidth import wcwidth

if TYPE_CHECKING:
    from collections.abc import Iterable

_NOT_EMULATED: Final = re.compile(
    rb"\x1b\[(?:[<>=][\d;]*[a-zA-Z$]|\??[\d;]*\$?[up])",
)
"""Sequences that `pyte` would show as text."""

_UNFINISHED: Final = re.compile(rb"\x1b(?:\[[<>=?]?[\d;]*\$?)?\Z")
"""The start of a sequence whose end has not come yet."""


class Emulator:
    """A screen that takes what a program writes, cut into pieces at any byte.

    Args:
        width: In cells.
        height: In cells.
    """

    def __init__(self, width: int, height: int) -> None:
        self.screen = pyte.Screen(width, height)
        self._stream = pyte.ByteStream(self.screen)
        self._rest = b""

    def feed(self, piece: bytes) -> None:
        """Draw what came."""
        piece = self._rest + piece
        unfinished = _UNFINISHED.search(piece)
        stop = unfinished.start() if unfinished else len(piece)
        self._rest = piece[stop:]
        self._stream.feed(_NOT_EMULATED.sub(b"", piece[:stop]))

    def resize(self, width: int, height: int) -> None:
        """Change the size."""
        self.screen.resize(height, width)

    @property
    def lines(self) -> list[str]:
        """Each row's text, with nothing for the second cell of a wide character."""
        screen = self.screen
        rows = (screen.buffer[y] for y in range(screen.lines))
        return [_text(row[x].data for x in range(screen.columns)) for row in rows]

    @property
    def text(self) -> str:
        """The text of all rows."""
        return "\n".join(self.lines)


def _text(cells: Iterable[str]) -> str:
    """Join the cells of a row.

    The second cell of a wide character is empty. It stays so when something narrow
    is drawn over the first one, where a terminal shows a blank; `Screen.display` of
    pyte fails there.
    """
    text, wide = [], False
    for cell in cells:
        text.append(cell or ("" if wide else " "))
        wide = wcwidth(cell[:1]) == 2
    return "".join(text)
