"""A reader that takes a file block by block, and walks the tree as far as it can."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from repoview.learn.world import World


class Streamed(NamedTuple):
    """What reading in the order of the file took."""

    most: int
    """Blocks that had to be held at once, at most, for the walk to come to them."""

    first_record: int
    """Blocks that were read before the first record could be given."""

    held: tuple[int, ...]
    """Blocks held after each that was read."""


def stream(world: World) -> Streamed:
    """Return what a reader has to hold, for this order of the blocks."""
    wanted = list(world.blocks)
    records = {each.cid for each in world.walk if each.path}
    there: set[object] = set()
    at, first, held = 0, 0, []
    for number, cid in enumerate(world.filed, 1):
        there.add(cid)
        while at < len(wanted) and wanted[at] in there:
            there.discard(wanted[at])
            if wanted[at] in records and not first:
                first = number
            at += 1
        held.append(len(there))
    return Streamed(max(held, default=0), first, tuple(held))
