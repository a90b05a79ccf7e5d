"""Records in another order than that of their keys: by date, size or place.

A million records are ordered in tenths of a second, while other threads run;
it takes some 30 bytes a record until it is done, and 4 afterwards.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from repoview.core.kernel import kernel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.index.records import RecordIndex

By: TypeAlias = Literal["key", "date", "size", "offset"]
"""What records are ordered by: their keys, the TIDs that these end with, the
bytes of their blocks, or where in the file these stand."""

_AT_ONCE: Final = 1 << 16


def ordered(
    index: RecordIndex,
    blocks: Blocks,
    numbers: Sequence[int],
    by: By,
    *,
    reverse: bool = False,
) -> Sequence[int]:
    """Return records in another order, equals in the order of their keys.

    Records without a date come last by date, either way; those whose block is
    not there, or has a CID of another form, by size and by offset.

    Args:
        index: Of the records.
        blocks: Where their blocks are.
        numbers: Those wanted, ascending.
        by: What they are ordered by. The order of keys is that of the tree.
        reverse: Whether the greatest comes first: the newest, the largest.

    Raises:
        SourceError: Something of the index is on disk, and cannot be read.
    """
    if by == "key":
        return numbers[::-1] if reverse else numbers
    return kernel.order(
        blocks,
        index.keys,
        index.ends,
        index.rows,
        packed(numbers),
        by,
        reverse=reverse,
    )


def packed(numbers: Sequence[int]) -> array[int]:
    """Return numbers of records as an array."""
    if isinstance(numbers, array):
        return numbers
    found = array("I")
    # By the part, so that other threads run in between.
    for start in range(0, len(numbers), _AT_ONCE):
        found.extend(numbers[start : start + _AT_ONCE])
    return found
