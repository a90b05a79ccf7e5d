"""Split concatenated bytes into the parts they were made of."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array


def cut(data: bytes, ends: array[int], start: int) -> list[bytes]:
    """Return the parts of *data*, which stands at *start*, up to each of *ends*.

    Raises:
        IndexError: A part ends in front of the one before, or behind all bytes.
    """
    places = [0, *(end - start for end in ends)]
    if places != sorted(places) or places[-1] > len(data):
        raise IndexError("a part ends where none can")
    return [data[begin:end] for begin, end in pairwise(places)]
