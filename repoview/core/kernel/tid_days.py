"""Count keys by the day of their record key, where that is a TID.

Source: atproto record keys, "TID".
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from repoview.core.formats import syntax
from repoview.core.formats.key import collection_of, path_of

if TYPE_CHECKING:
    from array import array


def tid_days(
    keys: bytearray, ends: array[int], start: int, stop: int
) -> dict[int, int]:
    """Return how many of the keys *start* to *stop* are of each day since 1970.

    The time is that of the TID; record keys that are none count as of day -1.

    Args:
        keys: All keys, end to end.
        ends: Where each key ends in *keys*.
        start: Number of the first key.
        stop: Number behind the last key.
    """
    counts: Counter[int] = Counter()
    begin = ends[start - 1] if start else 0
    for end in ends[start:stop]:
        counts[_day_of(bytes(keys[begin:end]))] += 1
        begin = end
    return dict(sorted(counts.items()))


def _day_of(key: bytes) -> int:
    """Return the day of the TID that *key* ends with, -1 for none."""
    collection = collection_of(key)
    rkey = path_of(key[len(collection) + 1 :])
    return syntax.tid_day(rkey) if collection and syntax.is_tid(rkey) else -1
