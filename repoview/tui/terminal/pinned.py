"""Cursor positioning after text whose width differs between terminals.

A terminal may draw an emoji sequence as one picture or as four, with a
variation selector or without; the rest of the line is then shifted. So the
columns of such text are cleared first, and the cursor is moved behind them
afterwards. Text that could overlap what follows, where that is not drawn again,
is replaced by a plain form.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache, lru_cache
from typing import Final

from rich.cells import cell_len

AGREED: Final = (
    "\x00-\u02ff\u0370-\u0482\u048a-\u0559\u1e00-\u1fff\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20bf\u2100-\u23ff\u2460-\u25ff\u2661-\u2666\u2712-\u2718\u3001-\u3029\u3041-\u3096\u30a1-\u33ff"
    "\u3400-\u4dbf\u4e00-\ua48c\uac00-\ud7a3\uff01-\uff9d"
)
"""Characters of the same width everywhere, unless they are modified."""

_JOINED: Final = "\u2190-\u2bff"
"""Symbols that may be drawn as emoji."""

_STARTS, _STOPS = AGREED[::3], AGREED[2::3]
"""The first and the last character of each range."""

_KEPT: Final = 4_096
"""Characters whose answer is kept: more than most screens ever have."""

_CHANGED: Final = re.compile(
    "\u200d.?|[\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff]", re.DOTALL
)
"""Joiners with the joined character, variation selectors and modifiers."""

_FLAG: Final = 0x1F1E6
"""The regional indicator A, the first of those that make flags."""

_SEQUENCE: Final = re.compile(
    "\x1b(?:\\[(?P<place>[0-9;]*)H|[\\[\\]P][^\x07\x1b@-~]*[\x07@-~]?|.)|\r"
)
"""A control sequence."""


def pinned(drawn: str) -> str:
    """Return output with cursor movements around text of doubtful width.

    Args:
        drawn: Text and control sequences; the cursor is positioned before any
            text of a line.
    """
    if not has_doubted(drawn):
        return drawn
    lines = drawn.split("\n")
    return "\n".join(_line(each) if has_doubted(each) else each for each in lines)


def has_doubted(text: str) -> bool:
    """Return whether any character is one of doubtful width."""
    return not text.isascii() and any(map(_is_doubted, set(text)))


@lru_cache(_KEPT)
def _is_doubted(character: str) -> bool:
    at = bisect_right(_STARTS, character)
    return not at or character > _STOPS[at - 1]


@cache
def _odd() -> re.Pattern[str]:
    """Return what finds a sequence of doubtful width, with the character before.

    It may modify that. Sets of so many characters take 10 ms to compile, and few
    repositories have such text: not at the start.
    """
    return re.compile(f".?[^{AGREED}](?:[^{AGREED}]|[{_JOINED}])*")


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
    """Append text that begins at a column to *out*; return the column behind it."""
    at = 0
    doubtful = () if text.isascii() else _odd().finditer(text)
    for found in doubtful:
        start = column + cell_len(text[: found.start()])
        stop = column + cell_len(text[: found.end()])
        odd = found[0]
        if _most(odd) - (stop - start) > cell_len(text[found.end() :]):
            odd = _plain(odd)
        out.append(text[at : found.start()])
        blank = " " * (stop - start)
        out.append(f"{blank}\x1b[{start}G{odd}\x1b[{stop}G")
        at = found.end()
    out.append(text[at:])
    return column + cell_len(text)


def _most(odd: str) -> int:
    """Return an upper bound of the columns that a terminal gives a text."""
    return sum(1 if "!" <= character <= "~" else 2 for character in odd)


def _plain(odd: str) -> str:
    """Return a text without joiners and modifiers, and with flags as letters."""
    letters = (
        chr(ord(c) - _FLAG + ord("A")) if _FLAG <= ord(c) < _FLAG + 26 else c
        for c in _CHANGED.sub("", odd)
    )
    return "".join(letters)
