"""Links that led to no node, by node number, in packed columns.

A hole takes 33 bytes, its CID and its bounds; a hostile file has one for every
40 of its bytes.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from struct import Struct
from typing import TYPE_CHECKING, Final

from repoview.core.cid import Cid
from repoview.core.kernel.seam import UNKNOWN_DEPTH, Hole
from repoview.core.storage.column_set import Packed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from repoview.core.storage.columns import Bytes, Numbers

_FIELDS: Final = Struct("<QBQIII")
"""Of a hole: section of the parent, depth, offset of its text, and the lengths
of its parts: CID, lower bound, upper bound."""

_NO_BOUND: Final = 0xFFFF_FFFF


class Holes(Packed):
    """Node number → hole."""

    COLUMNS = ("numbers", "facts", "texts")

    def __init__(self) -> None:
        self.numbers: Numbers = array("I")
        self.facts: Bytes = bytearray()
        self.texts: Bytes = bytearray()
        """CID and bounds of each, end to end."""

    def __len__(self) -> int:
        return len(self.numbers)

    def extend(self, holes: Mapping[int, Hole]) -> None:
        """Append holes; their nodes come after those of all before.

        Raises:
            SourceError: Writing to disk failed.
        """
        numbers = array("I", sorted(holes))
        facts, texts, before = bytearray(), bytearray(), len(self.texts)
        for number in numbers:
            cid, parent, depth, lo, hi = holes[number]
            facts += _FIELDS.pack(
                parent,
                UNKNOWN_DEPTH if depth is None else depth,
                before + len(texts),
                len(cid.raw),
                len(lo),
                _NO_BOUND if hi is None else len(hi),
            )
            texts += cid.raw + lo + (hi or b"")
        self.texts.extend(bytes(texts))
        self.facts.extend(bytes(facts))
        self.numbers.extend(numbers)

    def get(self, number: int) -> Hole | None:
        """Return the hole with a node number, None for none."""
        place = bisect_left(self.numbers, number)
        if place == len(self.numbers) or self.numbers[place] != number:
            return None
        return self._hole(place)

    def __getitem__(self, number: int) -> Hole:
        hole = self.get(number)
        if hole is None:
            raise KeyError(number)
        return hole

    def items(self) -> Iterator[tuple[int, Hole]]:
        """Yield node number and hole, in order."""
        for place, number in enumerate(self.numbers):
            yield number, self._hole(place)

    def _hole(self, place: int) -> Hole:
        at = _FIELDS.size * place
        parent, depth, start, cid_size, lo_size, hi_size = _FIELDS.unpack(
            self.facts[at : at + _FIELDS.size]
        )
        lo = start + cid_size
        hi = lo + lo_size
        return Hole(
            Cid(bytes(self.texts[start:lo])),
            parent,
            None if depth == UNKNOWN_DEPTH else depth,
            bytes(self.texts[lo:hi]),
            None if hi_size == _NO_BOUND else bytes(self.texts[hi : hi + hi_size]),
        )
