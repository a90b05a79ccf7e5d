"""Find a field of a map in its bytes, and cut one out.

Nothing is decoded and written again, so what is left of a canonical map is
canonical too, whatever its values are.
"""

from __future__ import annotations

from typing import Final

from repoview.core.formats.dagcbor.heads import MAP
from repoview.core.formats.dagcbor.lazy import Budget, Item, Parts, key_text, part_at
from repoview.core.formats.dagcbor.rules import shortest_head

_COST: Final = 64
"""More than passing over one item takes of a `Budget`."""


def value_at(data: bytes, name: str) -> int | None:
    """Return where the value of a map's first field of that name begins.

    None if there is none, or it stands behind what cannot be read.

    Args:
        data: A block.
        name: The key.
    """
    found = _find(data, name)
    return None if found is None else found[0].part.start


def without_field(data: bytes, name: str) -> bytes | None:
    """Return a map without its first field of that name; None if there is none.

    Args:
        data: A block.
        name: The key.
    """
    found = _find(data, name)
    if found is None:
        return None
    item, parts, budget = found
    parts.skip(budget, item.number + 1)
    if parts.fault:
        return None
    # A map that a break ends has no count to be one less.
    box = part_at(data, 0)
    head = data[: box.body]
    if box.amount > 0:
        head = shortest_head(MAP, box.amount - 1)
    start = item.part.start if item.key is None else item.key.start
    return head + data[box.body : start] + data[parts.offset :]


def _find(data: bytes, name: str) -> tuple[Item, Parts, Budget] | None:
    """Return the first field of that name, and the reading that came to it."""
    box = part_at(data, 0)
    if box.kind != "map":
        return None
    parts, budget = Parts(data, box), Budget(_COST * (len(data) + 1))
    while (item := parts.take(budget)) is not None:
        key = item.key
        if key is not None and key.kind == "text" and key_text(data, key) == name:
            return item, parts, budget
    return None
