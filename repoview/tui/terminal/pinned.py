"""Text that terminals do not agree on, kept in its columns.

One takes a family of emoji for one picture and another for four, with a
variation selector or without; what follows on the line is then drawn too far
to the right or left, and stays there. So the columns that such text is to have
are emptied first, and the cursor is put behind them afterwards, whatever the
terminal made of it. Where it might be drawn over what stands beside it, and
that is not drawn again, it is made plain.
"""

from __future__ import annotations

import re
from typing import Final

from rich.cells import cell_len

_AGREED: Final = (
    "\x00-\u02ff\u0370-\u0482\u048a-\u0559\u1e00-\u1fff\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20bf\u2100-\u23ff\u2460-\u25ff\u2661-\u2666\u2712-\u2718\u3001-\u3029\u3041-\u3096\u30a1-\u33ff"
    "\u3400-\u4dbf\u4e00-\ua48c\uac00-\ud7a3\uff01-\uff9d"
)
"""Characters whose columns are beyond doubt, where nothing changes them."""

_JOINED: Final = "\u2190-\u2bff"
"""Symbols that may be pictures."""

_DOUBTED: Final = re.compile(f"[^{_AGREED}]")

_ODD: Final = re.compile(f".?[^{_AGREED}](?:[^{_AGREED}]|[{_JOINED}])*")
"""A run that is in doubt; with what stands before it, which it may change."""

_CHANGED: Final = re.compile(
    "\u200d.?|[\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff]", re.DOTALL
)
"""What is joined to a character, or changes how it is drawn."""

_FLAG: Final = 0x1F1E6
"""The letter A of which flags are made."""

_SEQUENCE: Final = re.compile(
    "\x1b(?:\\[(?P<place>[0-9;]*)H|[\\[\\]P][^\x07\x1b@-~]*[\x07@-~]?|.)|\r"
)
"""Whatever is not drawn."""


def pinned(drawn: str) -> str:
    """Return what is drawn with all in its columns.

    Args:
        drawn: Text and sequences for a terminal; before any text of a line
            the cursor is put to where it is to be.
    """
    if drawn.isascii() or _DOUBTED.search(drawn) is None:
        return drawn
    lines = drawn.split("\n")
    return "\n".join(_line(each) if _DOUBTED.search(each) else each for each in lines)


def _line(drawn: str) -> str:
    out: list[str] = []
    column, at = 1, 0
    for found in _SEQUENCE.finditer(drawn):
        column = _pin(drawn[at : found.start()], column, out)
        out.append(found[0])
        if found["place"] is not None:
            column = int(found["place"].partition(";")[2] or 1)
        at = found.end()
    _pin(drawn[at:], column, out)
    return "".join(out)


def _pin(text: str, column: int, out: list[str]) -> int:
    """Add text that begins at a column; return the column behind it."""
    at = 0
    runs = () if text.isascii() else _ODD.finditer(text)
    for found in runs:
        start = column + cell_len(text[: found.start()])
        stop = column + cell_len(text[: found.end()])
        run = found[0]
        if _most(run) - (stop - start) > cell_len(text[found.end() :]):
            run = _plain(run)
        out.append(text[at : found.start()])
        blank = " " * (stop - start)
        out.append(f"{blank}\x1b[{start}G{run}\x1b[{stop}G")
        at = found.end()
    out.append(text[at:])
    return column + cell_len(text)


def _most(run: str) -> int:
    """Return the columns that a terminal may give a run at most."""
    return sum(1 if "!" <= character <= "~" else 2 for character in run)


def _plain(run: str) -> str:
    """Return a run without what joins and changes its characters."""
    letters = (
        chr(ord(c) - _FLAG + ord("A")) if _FLAG <= ord(c) < _FLAG + 26 else c
        for c in _CHANGED.sub("", run)
    )
    return "".join(letters)
