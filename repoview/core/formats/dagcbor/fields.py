"""Cut a field out of a map and leave all other bytes as they are.

Of a canonical map the rest is canonical too, whatever its values are, for
nothing of it is decoded and written again.
"""

from __future__ import annotations

from typing import Final

from repoview.core.formats.dagcbor.heads import MAP
from repoview.core.formats.dagcbor.lazy import Budget, Parts, key_text, part_at
from repoview.core.formats.dagcbor.rules import shortest_head

_COST: Final = 64
"""More than passing over one item takes of a `Budget`."""


def without_field(data: bytes, name: str) -> bytes | None:
    """Return a map without its first field of that name; None if there is none.

    Args:
        data: A block.
        name: The key.
    """
    box = part_at(data, 0)
    if box.kind != "map":
        return None
    parts, budget = Parts(data, box), Budget(_COST * (len(data) + 1))
    while (item := parts.take(budget)) is not None:
        key = item.key
        if key is None or key.kind != "text" or key_text(data, key) != name:
            continue
        parts.skip(budget, item.number + 1)
        if parts.fault:
            return None
        # A map that a break ends has no count to be one less.
        head = data[: box.body]
        if box.amount > 0:
            head = shortest_head(MAP, box.amount - 1)
        return head + data[box.body : key.start] + data[parts.offset :]
    return None
