"""Find the texts of a block that are searched.

Not among them are keys of maps, and the `$type` of the block itself, which
repeats its collection.

Whatever the bytes are, this goes as far as they can be told apart, and no
further; whether they are sound is not asked. Source: RFC 8949 §3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.formats.dagcbor.heads import (
    ARRAY,
    BYTES,
    MAP,
    TAG,
    TEXT,
    WITH_ARGUMENT,
    read_head,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST: Final = 2**64
"""An argument is below this, and so is the number of items of a map."""


def texts(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield where the texts of a block begin and end, in order.

    Ends at the first item that has no plain length, that is cut, or that is a
    key and no text.
    """
    position, size, is_type = 0, len(data), False
    # Of each array or map that is not at its end: items to come, keys and
    # values counted one by one, and whether it is a map.
    left, is_map = 1, False
    around: list[tuple[int, bool]] = []
    while True:
        if not left:
            if not around:
                return
            left, is_map = around.pop()
            continue
        if position >= size:
            return
        major, argument, low, position = read_head(data, position)
        if low > WITH_ARGUMENT or position > size:
            return
        is_key = is_map and left % 2 == 0
        if is_key and major != TEXT:
            return
        if major == TAG:
            # What is tagged stands in its place.
            continue
        left -= 1
        if major in {BYTES, TEXT}:
            end = position + argument
            if end > size:
                return
            if major == TEXT and not is_key and not is_type:
                yield position, end
            is_top = len(around) == 1
            is_type = is_key and is_top and data[position:end] == b"$type"
            position = end
            continue
        elif major in {ARRAY, MAP}:
            items = 2 * argument if major == MAP else argument
            if items >= _MOST:
                return
            around.append((left, is_map))
            left, is_map = items, major == MAP
        is_type = False


def holds(block: bytes, needles: Sequence[bytes], *, fold: bool) -> bool:
    """Tell whether one of *needles* is in a text of a block.

    Args:
        block: Its bytes.
        needles: UTF-8.
        fold: Whether *needles* are in small letters, and capital ones of
            ASCII count as theirs.
    """
    data = block.lower() if fold else block
    if not any(needle in data for needle in needles):
        return False
    return any(
        data.find(needle, start, end) >= 0
        for start, end in texts(block)
        for needle in needles
    )
