"""Count blocks by their marks once a walk is over, in Python.

One pass over the marks; the compiled kernel has the same. `unlinked` judges
the result.
"""

from __future__ import annotations

from array import array
from itertools import islice
from typing import TYPE_CHECKING

from repoview.core import limits
from repoview.core.blocks.row_columns import marked
from repoview.core.kernel.seam import Copies, Rows, Tally
from repoview.core.marks import (
    AGAIN,
    DUPLICATE,
    LINKED,
    NODE,
    RAW_CODEC,
    RECORD,
    STATE,
    State,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repoview.core.blocks.block_index import BlockIndex


def tally(index: BlockIndex) -> Tally:
    """Return counts and first rows by the marks on *index*, after a walk."""
    most = limits.UNLINKED_LOOKED_AT
    unlinked = unlinked_bytes = 0
    unsound, untyped, damaged = array("I"), array("I"), array("I")
    damaged_total = 0
    for row in marked(index.marks, 0, among=LINKED):
        mark = index.marks[row]
        unlinked += 1
        unlinked_bytes += index.length(row)
        state = mark & STATE
        if state == State.WRONG_HASH:
            damaged_total += 1
            if damaged_total <= limits.FINDINGS_A_CODE:
                damaged.append(row)
        elif state == State.UNSOUND:
            if len(unsound) < most:
                unsound.append(row)
        elif not (index.types[row] or mark & RAW_CODEC) and len(untyped) < most:
            untyped.append(row)
    shared = _rows(marked(index.marks, AGAIN, among=AGAIN))
    both = RECORD | NODE
    two_roles = _rows(marked(index.marks, both, among=both))
    bad = [Copies(0, []), Copies(0, []), Copies(0, [])]
    for copy in index.copies():
        mark = index.marks[copy.row]
        is_damaged = mark & STATE == State.WRONG_HASH
        sort = 0 if not is_damaged else 1 if mark & LINKED else 2
        bad[sort] = bad[sort]._replace(total=bad[sort].total + 1)
        if bad[sort].total <= limits.FINDINGS_A_CODE:
            bad[sort].first.append(copy)
    return Tally(
        unlinked,
        unlinked_bytes,
        unsound,
        untyped,
        Rows(damaged_total, damaged),
        shared,
        two_roles,
        bad[0],
        bad[1],
        bad[2],
        _rows(marked(index.marks, 0, among=LINKED)).first,
        _rows(marked(index.marks, DUPLICATE, among=DUPLICATE)).first,
    )


def _rows(rows: Iterable[int]) -> Rows:
    """Return how many rows there are, and the first of them."""
    rest = iter(rows)
    first = array("I", islice(rest, limits.FINDINGS_A_CODE))
    return Rows(len(first) + sum(1 for _ in rest), first)
