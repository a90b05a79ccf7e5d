"""Files damaged at random, and which of their blocks were left whole.

Which they are is known from how the damage was done, and not by reading the file:
each byte carries the offset that it had, and a block is whole where its bytes
still follow each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from repoview.corpus.car import Section

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from repoview.corpus.car import Car

    Damage = Callable[["Damaged", Random, int], None]

CHANGED = -1
"""In place of the offset of a byte that is another now."""


@dataclass
class Damaged:
    """The bytes of a file, and the offset that each of them had."""

    data: bytearray
    offsets: list[int]

    @classmethod
    def of(cls, data: bytes) -> Damaged:
        """Return a file to which nothing was done yet."""
        return cls(bytearray(data), list(range(len(data))))

    def put(self, start: int, end: int, data: bytes) -> None:
        """Put *data* in the place of some bytes."""
        self.data[start:end] = data
        self.offsets[start:end] = [CHANGED] * len(data)

    def whole(self, car: Car) -> tuple[set[bytes], set[bytes]]:
        """Return which blocks of *car*, as it was, are still whole, by their CIDs.

        First those of which all bytes are left, then those that lack only the
        right length in front of them.
        """
        # Where a run of bytes that still follow each other ends, by its members.
        ends: dict[int, int] = {}
        for place in reversed(range(len(self.offsets))):
            offset = self.offsets[place]
            if offset != CHANGED:
                is_joined = self.offsets[place + 1 : place + 2] == [offset + 1]
                ends[offset] = ends[offset + 1] if is_joined else offset + 1
        whole, lengthless = set(), set()
        for offset, part in zip(car.offsets, car.parts, strict=True):
            if not isinstance(part, Section):
                continue
            end = offset + len(part.written)
            body = end - len(part.cid) - len(part.data)
            if ends.get(offset, 0) >= end:
                whole.add(part.cid)
            elif ends.get(body, 0) >= end and self.offsets[0] != body:
                # A row of the index has no room for one without any byte in front.
                lengthless.add(part.cid)
        return whole, lengthless - whole


def flip(damaged: Damaged, luck: Random, at: int) -> None:
    """Change one byte."""
    damaged.put(at, at + 1, bytes([damaged.data[at] ^ luck.randint(1, 255)]))


def drop(damaged: Damaged, luck: Random, at: int) -> None:
    """Take bytes out."""
    damaged.put(at, at + luck.choice((1, 2, 40, 1_000)), b"")


def insert(damaged: Damaged, luck: Random, at: int) -> None:
    """Put bytes in."""
    damaged.put(at, at, luck.randbytes(luck.choice((1, 3, 100))))


def erase(damaged: Damaged, luck: Random, at: int) -> None:
    """Write zeros over bytes."""
    end = min(len(damaged.data), at + luck.choice((1, 10, 400)))
    damaged.put(at, end, bytes(end - at))


def cut(damaged: Damaged, luck: Random, at: int) -> None:
    """End the file, or let it begin later."""
    if luck.random() < 0.5:
        damaged.put(at, len(damaged.data), b"")
    else:
        damaged.put(0, at, b"")


KINDS: dict[str, Damage] = {
    "flip": flip,
    "drop": drop,
    "insert": insert,
    "erase": erase,
    "cut": cut,
}
WITHIN = ("flip", "drop", "insert", "erase")
"""Those that leave most of a file, however often they come."""


def damage(
    luck: Random, car: Car, times: int, kinds: tuple[str, ...] = tuple(KINDS)
) -> Damaged:
    """Return the file of *car*, damaged in some places: every second one a head."""
    damaged, heads = Damaged.of(car.data), car.offsets
    for _ in range(times):
        if not damaged.data:
            break
        at = luck.randrange(len(damaged.data))
        if luck.random() < 0.5:
            # Its length or CID, where it still stands.
            head = luck.choice(heads) + luck.randrange(6)
            if head in damaged.offsets:
                at = damaged.offsets.index(head)
        KINDS[luck.choice(kinds)](damaged, luck, at)
    return damaged
