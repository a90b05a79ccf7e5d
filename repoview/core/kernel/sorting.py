"""Sort records by date, size or offset, in Python: a merge sort of slices.

The compiled twin has a function of the same name. Other threads run in between
here too, which they could not while a million records are sorted in one call.
"""

from __future__ import annotations

from array import array
from heapq import merge
from typing import TYPE_CHECKING, Final

from repoview.core.formats import syntax
from repoview.core.formats.key import collection_of
from repoview.core.marks import NO_ROW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.kernel.seam import PackedBytes, PackedNumbers

_NONE: Final = 2**64 - 1
"""Sentinel for a record without a sort key: it comes last, also reversed."""

_SLICE: Final = 1 << 14
"""Records sorted at a time, in some hundredths of a second."""

_PIECE: Final = 1 << 15
"""Records of which columns are read at a time."""


def order(
    blocks: Blocks,
    keys: PackedBytes,
    ends: PackedNumbers,
    rows: PackedNumbers,
    numbers: array[int],
    by: str,
    *,
    reverse: bool,
) -> array[int]:
    """Return records sorted by *by*, equals by their numbers.

    Records that have none (no TID for a record key, or no row in the block
    index) come last, also if *reverse*.

    Args:
        blocks: Where their blocks are.
        keys: Of all records, end to end; columns are in memory or on disk.
        ends: Where each key ends in *keys*.
        rows: Of the blocks of all records.
        numbers: Of the records wanted; fastest if they ascend.
        by: "date" for the 64 bits of the TID, "size" for the bytes of the
            block, "offset" for where its section begins.
        reverse: Whether the greatest comes first.

    Raises:
        ValueError: *by* is something else.
    """
    values: Callable[[int, int], array[int]]
    if by == "date":
        values = _dates(keys, ends)
    elif by == "size":
        values = _of_blocks(rows, blocks.index.length)
    elif by == "offset":
        values = _of_blocks(rows, blocks.index.offset)
    else:
        raise ValueError("no such order")
    runs = []
    for start in range(0, len(numbers), _SLICE):
        pairs = list(_pairs(numbers[start : start + _SLICE], values, reverse=reverse))
        pairs.sort()
        found, records = array("Q"), array("I")
        for value, number in pairs:
            found.append(value)
            records.append(number)
        runs.append((found, records))
    merged = merge(*(zip(*run, strict=True) for run in runs))
    return array("I", (number for _, number in merged))


def _pairs(
    numbers: array[int],
    values: Callable[[int, int], array[int]],
    *,
    reverse: bool,
) -> Iterator[tuple[int, int]]:
    """Yield sort key and number of each record."""
    first, known = 0, array("Q")
    for number in numbers:
        if not first <= number < first + len(known):
            first, known = number, values(number, number + _PIECE)
        value = known[number - first]
        yield (_NONE - 1 - value if reverse and value != _NONE else value), number


def _dates(keys: PackedBytes, ends: PackedNumbers) -> Callable[[int, int], array[int]]:
    def values(first: int, last: int) -> array[int]:
        stops = ends[max(first - 1, 0) : last]
        begin = stops.pop(0) if first else 0
        text = keys[begin : stops[-1]]
        found, start = array("Q"), 0
        for stop in stops:
            found.append(_tid_of(bytes(text[start : stop - begin])))
            start = stop - begin
        return found

    return values


def _tid_of(key: bytes) -> int:
    collection = collection_of(key)
    rkey = key[len(collection) + 1 :] if collection else key
    # A TID is ASCII; any other byte only has to decode to something else.
    text = rkey.decode("latin-1")
    # The greatest possible TID would be the sentinel: one less, for sorting.
    return min(syntax.tid_number(text), _NONE - 1) if syntax.is_tid(text) else _NONE


def _of_blocks(
    rows: PackedNumbers, value: Callable[[int], int]
) -> Callable[[int, int], array[int]]:
    def values(first: int, last: int) -> array[int]:
        some = rows[first:last]
        return array("Q", (_NONE if row == NO_ROW else value(row) for row in some))

    return values
