"""Records whose blocks are not there, by number: 44 bytes each.

A slice of a large repository may lack a million of them. They go to disk with
the record index that they belong to.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from repoview.core.cid import CID_BYTES, Cid
from repoview.core.columns import bytes_used
from repoview.core.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.columns import Bytes, Numbers, Spill
    from repoview.core.seam import MissingColumns

_AT_ONCE: Final = 1_024
"""Of them, as many are read when all are gone through."""


class MissingRecords:
    """Record number → CID, of those without a row in the block index."""

    def __init__(self) -> None:
        self._numbers: Numbers = array("Q")
        self._cids: Bytes = bytearray()
        self._odd_numbers: Numbers = array("Q")
        self._odd_cids = Texts()
        """Those whose CID has another form; zeros stand for it in `_cids`."""

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that this takes, to within a tenth."""
        if not self._numbers:
            return 0
        own = bytes_used(self._numbers, self._cids, self._odd_numbers)
        return own + self._odd_cids.bytes_used

    def extend(self, columns: MissingColumns) -> None:
        """Append those of a batch.

        Raises:
            SourceError: They are on disk, and it does not take more.
        """
        self._cids.extend(columns.cids)
        if columns.odd:
            odd = sorted(columns.odd.items())
            self._odd_cids.extend(cid.raw for _, cid in odd)
            self._odd_numbers.extend(array("Q", (number for number, _ in odd)))
        self._numbers.extend(columns.numbers)

    def spill(self, spill: Spill) -> None:
        """Go to disk.

        Raises:
            SourceError: The disk does not take it.
        """
        self._cids = spill.bytes(self._cids)
        self._odd_numbers = spill.numbers(self._odd_numbers)
        self._odd_cids.spill(spill)
        self._numbers = spill.numbers(self._numbers)

    def get(self, number: int) -> Cid | None:
        """Return the CID of a record, None if that is not missing."""
        return next(self.within(number, number + 1), None)

    def items(self) -> Iterator[tuple[int, Cid]]:
        """Yield number and CID of each, in order."""
        for start in range(0, len(self), _AT_ONCE):
            numbers = self._numbers[start : start + _AT_ONCE]
            yield from zip(numbers, self._some(start, numbers), strict=True)

    def within(self, start: int, stop: int) -> Iterator[Cid]:
        """Yield the CIDs of those of the records *start* to *stop*, in order."""
        first = bisect_left(self._numbers, start)
        last = bisect_left(self._numbers, stop, first)
        for place in range(first, last, _AT_ONCE):
            end = min(place + _AT_ONCE, last)
            yield from self._some(place, self._numbers[place:end])

    def _some(self, place: int, numbers: array[int]) -> Iterator[Cid]:
        """Yield the CIDs of those from *place* on, which have these *numbers*."""
        start = CID_BYTES * place
        raws = bytes(self._cids[start : start + CID_BYTES * len(numbers)])
        for at, number in enumerate(numbers):
            raw = raws[CID_BYTES * at : CID_BYTES * (at + 1)]
            # No CID begins with a zero: zeros stand for one of another form.
            yield Cid(raw) if raw[0] else self._odd_cid(number)

    def _odd_cid(self, number: int) -> Cid:
        return Cid(self._odd_cids[bisect_left(self._odd_numbers, number)])
