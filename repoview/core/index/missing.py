"""Records whose blocks are not there, by number: 44 bytes each.

A slice of a large repository may lack a million. They spill with the record
index that they belong to.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from struct import Struct
from typing import TYPE_CHECKING, Final

from repoview.core.cid import CID_BYTES, Cid
from repoview.core.storage.column_set import Packed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.kernel.seam import MissingColumns
    from repoview.core.storage.columns import Bytes, Numbers

_REFERENCE: Final = Struct("<4xQQ16x")
"""In place of an odd CID: offset and length of its bytes in `odd`. No CID
begins with a zero."""

_AT_ONCE: Final = 1_024
"""CIDs read at a time when all are yielded."""


class MissingRecords(Packed):
    """Record number → CID, of those without a row in the block index."""

    COLUMNS = ("numbers", "cids", "odd")

    def __init__(self) -> None:
        self.numbers: Numbers = array("Q")
        self.cids: Bytes = bytearray()
        """36 bytes each: the CID, or a reference to an odd one."""
        self.odd: Bytes = bytearray()
        """Odd CIDs, end to end."""

    def __len__(self) -> int:
        return len(self.numbers)

    def extend(self, columns: MissingColumns) -> None:
        """Append those of a batch.

        Raises:
            SourceError: Writing to disk failed.
        """
        cids = columns.cids
        if columns.odd:
            cids, odd = _placed(columns, len(self.odd))
            self.odd.extend(odd)
        self.cids.extend(cids)
        self.numbers.extend(columns.numbers)

    def get(self, number: int) -> Cid | None:
        """Return the CID of a record, None if that is not missing."""
        return next(self.within(number, number + 1), None)

    def items(self) -> Iterator[tuple[int, Cid]]:
        """Yield number and CID of each, in order."""
        return zip(self.numbers, self._some(0, len(self)), strict=True)

    def within(self, start: int, stop: int) -> Iterator[Cid]:
        """Return the CIDs of those of the records *start* to *stop*, in order."""
        first = bisect_left(self.numbers, start)
        return self._some(first, bisect_left(self.numbers, stop, first))

    def _some(self, first: int, last: int) -> Iterator[Cid]:
        """Yield the CIDs from index *first* to *last*."""
        for start in range(first, last, _AT_ONCE):
            stop = min(start + _AT_ONCE, last)
            raws = bytes(self.cids[CID_BYTES * start : CID_BYTES * stop])
            for at in range(0, len(raws), CID_BYTES):
                raw = raws[at : at + CID_BYTES]
                yield Cid(raw) if raw[0] else self._odd_cid(raw)

    def _odd_cid(self, place: bytes) -> Cid:
        start, size = _REFERENCE.unpack(place)
        return Cid(bytes(self.odd[start : start + size]))


def _placed(columns: MissingColumns, before: int) -> tuple[bytes, bytes]:
    """Return the CIDs of a batch, with references to odd ones, and the odd ones.

    Args:
        columns: The batch.
        before: Bytes of the odd CIDs of earlier batches.
    """
    cids, odd = bytearray(columns.cids), bytearray()
    for number, cid in columns.odd.items():
        at = CID_BYTES * bisect_left(columns.numbers, number)
        _REFERENCE.pack_into(cids, at, before + len(odd), len(cid.raw))
        odd += cid.raw
    return bytes(cids), bytes(odd)
