"""Whether a frame of the event stream begins, and which one of a file is meant.

Every source is asked, so this imports nothing.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

ERROR: Final = "error"
"""The type of a frame that is an error message."""

_BEGIN: Final = re.compile(rb"[\xa1-\xb7\xbf](?:\x61t[\x60-\x7f]|\x62op[\x00-\x3f])")
"""First bytes of a header: a map that begins with one of its two fields."""

FRAME_HEAD: Final = 8
"""Bytes that tell whether a frame begins."""


class Which(NamedTuple):
    """Which frame of a source to open."""

    number: int | None = None
    """From 1; None for the first."""

    known: int = 1
    """The number of the one from which on they are counted."""

    offset: int = 0
    """Where that one begins."""


def begins_frame(data: bytes, start: int = 0) -> bool:
    """Tell whether a frame begins at a byte, as far as its first bytes tell."""
    return _BEGIN.match(data, start) is not None
