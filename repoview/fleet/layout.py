"""How a data set is laid out: the names of its folders, and of the parts in them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

REPOS: Final = "repos"
FINDINGS: Final = "findings"
RECORDS: Final = "records"

_PART: Final = "part-"
_SUFFIX: Final = ".parquet"


def part_name(chunk: str, number: int = 0) -> str:
    """Return the name of a part."""
    return f"{_PART}{chunk}-{number:05}{_SUFFIX}"


def chunk_of(name: str) -> str | None:
    """Return the chunk that a file is a part of; None for no part."""
    pieces = name.rpartition("/")[2].removesuffix(_SUFFIX).split("-")
    is_part = len(pieces) == 3 and pieces[0] == "part" and name.endswith(_SUFFIX)
    return pieces[1] if is_part else None


def is_data_set(place: str) -> bool:
    """Tell whether a folder is a data set that has a part.

    Args:
        place: A folder of this machine; anything else is none.
    """
    parts = Path(place, REPOS).glob(f"{_PART}*{_SUFFIX}")
    return next(parts, None) is not None
