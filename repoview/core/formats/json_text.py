"""Values as JSON text: that of the atproto data model, safe on a terminal.

A link is ``{"$link": …}``, bytes are ``{"$bytes": …}``. Characters that control a
terminal, or are invisible on it, are written as JSON escapes, so that the text
can be printed and still means the same.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

from repoview.core.formats.datamodel import to_json

_JOINS: Final = (
    "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"  # emoji
)
HOSTILE: Final = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # they turn text around
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c"  # nothing to see
    "\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\u2028\u2029"  # they end lines
    "\ud800-\udfff"  # halves of characters, which no terminal can be sent
    "\U000e0000-\U000e0fff"  # tags, which spell invisible text
    "]"
    # The joiner may stand between two emoji, and nowhere else.
    f"|(?<![{_JOINS}])\u200d|\u200d(?![{_JOINS}])"
)
"""Every character that controls a terminal, or is invisible on it."""


def json_text(value: Any, indent: int | None = 2) -> str:  # noqa: ANN401 (JSON)
    """Return a record, or what was made JSON of one, as JSON text.

    Safe on a terminal: control characters are escaped as JSON allows. Of the
    values of sound blocks, on one line, `kernel.json_lines` has the same.

    Args:
        value: A value of the data model, or of JSON.
        indent: Columns a level; None for one line.
    """
    compact = (",", ":") if indent is None else None
    text = json.dumps(
        to_json(value), ensure_ascii=False, indent=indent, separators=compact
    )
    if text.isascii():
        # Of ASCII, `dumps` leaves one such character as it is: DEL.
        return text.replace("\x7f", "\\u007f")
    return HOSTILE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if character == "\n":
        # Between lines; inside a string it is escaped already.
        return character
    code = ord(character)
    if code > 0xFFFF:
        code -= 0x10000
        return f"\\u{0xD800 | code >> 10:04x}\\u{0xDC00 | code & 0x3FF:04x}"
    return f"\\u{code:04x}"
