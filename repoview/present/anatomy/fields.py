"""The fields of a map by name, with where they stand in the block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.formats.dagcbor.lazy import (
    Budget,
    Part,
    Parts,
    SpentError,
    key_text,
    part_at,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST: Final = 64
"""Fields of a map that are looked at; a node has 2, an entry 4, a commit 6."""

_LONGEST: Final = 32
"""Bytes of a field's name that is looked at."""

_WORK: Final = 1_000_000
"""The work for one map, in units of a `Budget`: about a tenth of a second, which
only a block that is made to take long needs."""


def top_fields(data: bytes) -> dict[str, Part]:
    """Return the fields of a block that is a map; none of one that is not."""
    return fields_of(data, part_at(data, 0))


def fields_of(data: bytes, box: Part) -> dict[str, Part]:
    """Return the fields of a map, the first of each name, as far as they can be read.

    Args:
        data: The block.
        box: A part of it; of one that is no map there are none.
    """
    fields: dict[str, Part] = {}
    if box.kind != "map":
        return fields
    parts, budget = Parts(data, box), Budget(_WORK)
    try:
        while len(fields) < _MOST and (item := parts.take(budget)) is not None:
            key = item.key
            if key is not None and key.kind == "text" and key.amount <= _LONGEST:
                fields.setdefault(key_text(data, key), item.part)
    except SpentError:
        pass
    return fields


def items_of(data: bytes, box: Part, most: int) -> Iterator[Part]:
    """Yield the items of an array, as far as they can be read.

    Args:
        data: The block.
        box: A part of it; one that is no array has none.
        most: Items to read.
    """
    if box.kind != "array":
        return
    parts, budget = Parts(data, box), Budget(_WORK)
    try:
        for _ in range(most):
            item = parts.take(budget)
            if item is None:
                break
            yield item.part
    except SpentError:
        pass
