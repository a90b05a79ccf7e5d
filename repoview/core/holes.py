"""Links that led to no node, by the number of the node: 60 bytes and two keys.

A hostile file has one for every 40 of its bytes, so they are kept as columns.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING

from repoview.core.cid import Cid
from repoview.core.columns import bytes_used
from repoview.core.seam import UNKNOWN_DEPTH, Hole
from repoview.core.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from repoview.core.columns import Bytes, Numbers, Spill

_TEXTS = 3
"""Of each hole: its CID and its bounds."""

_NO_BOUND = b""
_BOUND = b"\x01"
"""Before the upper bound, which may be of no bytes."""


class Holes:
    """Node number → hole."""

    def __init__(self) -> None:
        self._numbers: Numbers = array("I")
        self._parents: Numbers = array("Q")
        self._depths: Bytes = bytearray()
        self._texts = Texts()

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that they take, to within a tenth."""
        if not self._numbers:
            return 0
        own = bytes_used(self._numbers, self._parents, self._depths)
        return own + self._texts.bytes_used

    def extend(self, holes: Mapping[int, Hole]) -> None:
        """Append holes; their nodes come after those of all before.

        Raises:
            SourceError: They are on disk, and it does not take more.
        """
        numbers = array("I", sorted(holes))
        texts: list[bytes] = []
        parents, depths = array("Q"), bytearray()
        for number in numbers:
            cid, parent, depth, lo, hi = holes[number]
            parents.append(parent)
            depths.append(UNKNOWN_DEPTH if depth is None else depth)
            texts += cid.raw, lo, _NO_BOUND if hi is None else _BOUND + hi
        self._texts.extend(texts)
        self._parents.extend(parents)
        self._depths.extend(bytes(depths))
        self._numbers.extend(numbers)

    def spill(self, spill: Spill) -> None:
        """Go to disk.

        Raises:
            SourceError: The disk does not take them.
        """
        self._texts.spill(spill)
        self._parents = spill.numbers(self._parents)
        self._depths = spill.bytes(self._depths)
        self._numbers = spill.numbers(self._numbers)

    def get(self, number: int) -> Hole | None:
        """Return the hole in the place of a node, None for none."""
        place = bisect_left(self._numbers, number)
        if place == len(self._numbers) or self._numbers[place] != number:
            return None
        return self._hole(place)

    def items(self) -> Iterator[tuple[int, Hole]]:
        """Yield node number and hole, in order."""
        for place, number in enumerate(self._numbers):
            yield number, self._hole(place)

    def _hole(self, place: int) -> Hole:
        texts, first, depth = self._texts, _TEXTS * place, self._depths[place]
        hi = texts[first + 2]
        return Hole(
            Cid(texts[first]),
            self._parents[place],
            None if depth == UNKNOWN_DEPTH else depth,
            texts[first + 1],
            hi[1:] if hi else None,
        )
