"""Read a number of bytes with its unit, as people write it."""

from __future__ import annotations

import re
from typing import Final

from repoview.core import limits

_SIZE: Final = re.compile(r"(?ai)(\d{1,15})(?:\.(\d{1,3}))? ?([kmgt]?)(i?)b?")
_POWERS: Final = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


def parse_size(text: str) -> int:
    """Return the bytes that a size like "64MiB", "1.5 GB" or "4096" says.

    At most `limits.MOST_BYTES`, which is over what any machine has.

    Raises:
        ValueError: It says none; the message is a sentence.
    """
    found = _SIZE.fullmatch(text.strip())
    if found is None or (found[4] and not found[3]):
        raise ValueError(f"{text!a} is no size: say it like 64MiB or 2GB")
    whole, fraction, letter, binary = found.groups()
    unit: int = (1024 if binary else 1000) ** _POWERS[letter.lower()]
    size = int(whole) * unit
    if fraction:
        size += int(fraction) * unit // 10 ** len(fraction)
    return min(size, limits.MOST_BYTES)
