r"""Strings made safe for a terminal, and sizes, counts, dates and CIDs as text.

An escape sequence in a record can write the clipboard, retitle the window, or
reverse a path. `safe` replaces each control or invisible character by a visible
picture (``␛``, ``\u{202e}``) and leaves all other text as it is.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from repoview.core.formats import syntax
from repoview.core.formats.json_text import HOSTILE
from repoview.core.wording import agreed, count_text

if TYPE_CHECKING:
    import re
    from datetime import datetime

    from repoview.core.cid import Cid

LINE_LIMIT: Final = 4_000
"""Characters of one line that a view shows: terminals wrap every one."""

LINES_LIMIT: Final = 2_000
"""Lines that a view shows of one text."""

_WORD_LIMIT: Final = 20
"""Characters of a word that this program writes, as a verdict; codes have six."""

MARKS_LIMIT: Final = 4
"""Combining marks kept on one letter: living scripts stack no more."""

_UNITS: Final = ("kB", "MB", "GB", "TB")
_OLDEST_YEAR: Final = 1980
"""An earlier TID is not from a clock: it is a small number."""


def safe(text: str, limit: int | None = LINE_LIMIT) -> str:
    """Return *text* as one line that any terminal may be sent.

    Args:
        text: Anything; line ends and tabs become pictures too.
        limit: Characters kept, a final "…" among them; None for all.
    """
    if text.isascii() and text.isprintable():
        return text if limit is None or len(text) <= limit else _clip(text, limit)
    if limit is None:
        return _capped(HOSTILE.sub(_picture, text))
    shown = _capped(HOSTILE.sub(_picture, text[: limit + 1]))
    return shown if len(shown) <= limit else _clip(shown, limit)


def safe_word(text: str) -> str:
    """Return a verdict, a code or a severity of a data set, which may be anybody's."""
    return safe(text, _WORD_LIMIT)


def safe_lines(
    text: str, limit: int = LINE_LIMIT, most: int = LINES_LIMIT
) -> list[str]:
    """Return *text* as lines that any terminal may be sent.

    Args:
        text: Anything; it is split at line feeds, and tabs become spaces.
        limit: Characters kept of a line.
        most: Lines kept; one more says how many are left out.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    shown = [safe(line[: limit + 1].expandtabs(4), limit) for line in lines[:most]]
    if (more := len(lines) - most) > 0:
        shown.append(f"… {count_text(more, 'more line')}")
    return shown


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"\\u{{{code:x}}}"


def _clip(text: str, limit: int) -> str:
    return text[: max(limit - 1, 0)] + "…"


def _capped(text: str) -> str:
    """Return *text* with at most `MARKS_LIMIT` marks on a letter."""
    if text.isascii():
        return text
    out: list[str] = []
    marks = 0
    for character in text:
        if unicodedata.category(character) not in {"Mn", "Me"}:
            marks = 0
        else:
            marks += 1
            if not out:
                # It would settle on whatever stands before the text.
                out.append("◌")
            if marks > MARKS_LIMIT:
                if marks == MARKS_LIMIT + 1:
                    out.append("…")
                continue
        out.append(character)
    return "".join(out)


def cells(text: str) -> int:
    """Return the columns that safe *text* takes on a terminal, about."""
    if text.isascii():
        return len(text)
    return sum(map(_cells_of, text))


def _cells_of(character: str) -> int:
    if character == "\u200d" or unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fit(text: str, width: int) -> str:
    """Return safe *text* cut or filled to *width* columns."""
    have = cells(text)
    if have > width:
        kept, have = [], 1
        for character in text:
            have += _cells_of(character)
            if have > width:
                have -= _cells_of(character)
                break
            kept.append(character)
        text = "".join(kept) + "…"
    return text + " " * (width - have)


def short_cid(cid: Cid | str) -> str:
    """Return the ends of a CID, which are enough to know it by."""
    text = str(cid)
    return text if len(text) <= 16 else f"{text[:7]}…{text[-4:]}"


def size_text(size: int) -> str:
    """Return a number of bytes with a unit: "812 B", "1.2 MB"."""
    if size < 1000:
        return f"{size} B"
    amount = float(size)
    for unit in _UNITS:
        amount /= 1000
        if amount < 999.95 or unit == _UNITS[-1]:
            break
    return f"{amount:,.1f} {unit}"


def percent_text(part: int, whole: int) -> str:
    """Return a share as a percentage: "62 %", "6.9 %", "under 0.1 %"."""
    share = 100 * part / whole if whole else 0.0
    if 0 < share < 0.1:
        return "under 0.1 %"
    return f"{share:.1f} %" if share < 9.95 else f"{share:.0f} %"


def are_text(state: str, **counts: int) -> str:
    """Return counts with a state: "1 node and 4 records are missing", or ""."""
    parts = [
        count_text(count, name.removesuffix("s"))
        for name, count in counts.items()
        if count
    ]
    if not parts:
        return ""
    are = agreed(sum(counts.values()), "is", "are")
    return f"{' and '.join(parts)} {are} {state}"


def date_text(when: datetime) -> str:
    """Return a time in UTC to the second: "2026-04-01 09:30:00"."""
    return f"{when:%Y-%m-%d %H:%M:%S}"


def tid_date(rkey: str) -> str | None:
    """Return the date and time that a TID tells, None for other record keys."""
    if len(rkey) != 13 or not syntax.is_tid(rkey):
        return None
    when = syntax.tid_time(rkey)
    return date_text(when) if when.year >= _OLDEST_YEAR else None


def range_text(lo: bytes | None, hi: bytes | None, limit: int = 60) -> str:
    """Return in words the keys between two; None is an open end."""
    if lo is None:
        return "all keys" if hi is None else f"keys before {_key_text(hi, limit)}"
    if hi is None:
        return f"keys after {_key_text(lo, limit)}"
    return f"keys between {_key_text(lo, limit)} and {_key_text(hi, limit)}"


def _key_text(key: bytes, limit: int) -> str:
    return safe(key[: 4 * limit + 4].decode(errors="backslashreplace"), limit)
