"""Where a frame of the event stream ends: its items are skipped, within a budget.

A frame does not say how long it is, and a hostile one has items without number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.formats.dagcbor.lazy import Budget, Parts, SpentError, part_at

if TYPE_CHECKING:
    from repoview.core.formats.dagcbor.lazy import Item

_COST: Final = 64
"""More than passing over one item takes of a `Budget`."""

_NO_END: Final = 1 << 62
"""More items than an array or map can have."""


def frame_end(data: bytes) -> int | None:
    """Return where the frame at the beginning of *data* ends; None if not in it."""
    header = item_end(data, 0)
    return None if header is None else item_end(data, header)


def item_end(data: bytes, start: int) -> int | None:
    """Return where the item at a byte ends.

    None where it is cut off or broken, or consists of more than a frame ever does.
    """
    part = part_at(data, start)
    if part.kind == "fault":
        return None
    if not part.is_box:
        return part.end
    parts = Parts(data, part)
    try:
        parts.skip(budget_for(data), part.amount if part.amount >= 0 else _NO_END)
    except SpentError:
        return None
    if parts.fault:
        return None
    return parts.offset + (part.amount < 0)


def budget_for(data: bytes) -> Budget:
    """Return what is enough to pass over all of some bytes, unless they are hostile."""
    return Budget(min(_COST * (len(data) + 1), limits.FRAME_WORK))


def taken(parts: Parts, budget: Budget) -> Item | None:
    """Return the next item; None behind the last, and where the budget is spent."""
    try:
        return parts.take(budget)
    except SpentError:
        return None
