"""Records whose blocks are not there, by number: 44 bytes each.

A slice of a large repository may lack a million of them.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from repoview.core.cid import CID_BYTES, Cid
from repoview.core.columns import disk_bytes, held_bytes, spilled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.columns import Bytes, Numbers
    from repoview.core.seam import MissingColumns

_ODD_BYTES: Final = 400
"""What a CID of another form takes, roughly."""


class MissingRecords:
    """Record number → CID, of those without a row in the block index."""

    def __init__(self) -> None:
        self._numbers: Numbers = array("Q")
        self._cids: Bytes = bytearray()
        self._odd: dict[int, Cid] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def bytes_used(self) -> int:
        """Bytes that this takes in memory, to within a tenth."""
        return held_bytes(self._numbers, self._cids) + _ODD_BYTES * len(self._odd)

    @property
    def disk_used(self) -> int:
        """Bytes that this takes on disk."""
        return disk_bytes(self._numbers, self._cids)

    def spill(self, folder: str) -> None:
        """Go on on disk, in *folder*.

        Raises:
            SourceError: The disk takes no more.
        """
        self._numbers = spilled(self._numbers, folder)
        self._cids = spilled(self._cids, folder)

    def extend(self, columns: MissingColumns) -> None:
        """Append those of a batch."""
        self._numbers.extend(columns.numbers)
        self._cids.extend(columns.cids)
        self._odd.update(columns.odd)

    def get(self, number: int) -> Cid | None:
        """Return the CID of a record, None if that is not missing."""
        place = bisect_left(self._numbers, number)
        if place == len(self._numbers) or self._numbers[place] != number:
            return None
        return self._cid(place)

    def items(self) -> Iterator[tuple[int, Cid]]:
        """Yield number and CID of each, in order."""
        for place, number in enumerate(self._numbers):
            yield number, self._cid(place)

    def _cid(self, place: int) -> Cid:
        odd = self._odd.get(self._numbers[place]) if self._odd else None
        start = CID_BYTES * place
        return odd or Cid(bytes(self._cids[start : start + CID_BYTES]))
