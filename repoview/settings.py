"""What the caller wants of a run, as frozen values.

The command line makes them of its options; views read them and nothing else:
no environment, no arguments.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.opening.options import OpenOptions

if TYPE_CHECKING:
    from pathlib import Path

_SIZE: Final = re.compile(r"(?ai)(\d{1,15})(?:\.(\d{1,3}))? ?([kmgt]?)(i?)b?")
_POWERS: Final = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


@dataclass(frozen=True, slots=True)
class Settings:
    """How to open a source, and what the explorer shows of it."""

    options: OpenOptions = field(default_factory=OpenOptions)
    """How to open it; the explorer answers for itself what a limit does."""

    config: Path | None = None
    """The file with the reader's own settings of the explorer; None for none."""

    state: Path | None = None
    """The folder where the explorer remembers; None to remember nothing."""

    is_passing: bool = False
    """Whether the sources are gone afterwards: then they are not among those that
    were opened lately."""

    pager: str = ""
    """The command that shows a text by the page, ``$PAGER``; empty for none."""

    editor: str = ""
    """The command that the reader edits with, ``$EDITOR``; empty for none."""

    color: bool = True
    """Whether screens have colors."""


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
