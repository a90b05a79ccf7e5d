"""Records as text: their JSON.

That is the JSON of the atproto data model: a link is ``{"$link": …}``, bytes are
``{"$bytes": …}``. Characters that control a terminal are written as JSON
escapes, so that the text is safe to print and still means the same.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from repoview.core.formats.datamodel import to_json
from repoview.present.text import (
    HOSTILE,
    LINE_LIMIT,
    LINES_LIMIT,
    safe_lines,
)

if TYPE_CHECKING:
    import re


def json_text(value: Any, indent: int | None = 2) -> str:  # noqa: ANN401 (JSON)
    """Return a record, or what was made JSON of one, as JSON text.

    Safe on a terminal: control characters are escaped as JSON allows.

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


def value_lines(
    value: Any,  # noqa: ANN401 (JSON)
    limit: int = LINE_LIMIT,
    most: int = LINES_LIMIT,
) -> list[str]:
    """Return a record's JSON as lines for a screen, long ones cut.

    Args:
        value: A value of the data model, or of JSON.
        limit: Characters kept of a line.
        most: Lines kept; one more says how many are left out.
    """
    return safe_lines(json_text(value), limit, most)


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
