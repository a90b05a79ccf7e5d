"""Find where sections can be read again, once a length leads nowhere.

What follows is searched for a CID, and the bytes in front of it are tried as the
length of its section. A place counts only if the block there hashes to its CID,
so nothing is found that was not written.

Bounded: a loss is searched for some MiB, only so many losses are searched at all,
and together they hash a certain amount in vain. `resync` has no such bounds, and
finds blocks whose own length is damaged, too.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Final, TypeAlias

from repoview.core import limits
from repoview.core.cid import CID_BYTES, PLAIN_PREFIX
from repoview.core.findings.findings import finding
from repoview.core.varint import VarintCut, read_varint
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.findings.findings import Finding

    Read: TypeAlias = Callable[[int, int], bytes]
    """Returns as many bytes from an offset, fewer where the source ends."""

CID_START: Final = re.compile(rb"\x01[\x55\x71]\x12\x20")
"""How a CID begins that atproto uses."""

LINK_START: Final = bytes.fromhex("d82a582500")
"""What stands in front of a CID inside a block."""

LENGTH_BYTES: Final = 5
"""Most bytes of a length that is believed: it says up to 32 GiB."""

CID_COST: Final = 64
"""What it costs to look at a CID, in bytes hashed."""


class NextSection:
    """The search, for all losses of one source."""

    def __init__(self) -> None:
        self._losses = limits.LOSSES
        self._left = limits.LOSS_TRIALS

    def find(self, read: Read, start: int, end: int) -> int:
        """Return the offset of the next section whose block hashes; -1 for none.

        Args:
            read: Reads the source.
            start: Where it may begin.
            end: Where the sections end.

        Raises:
            SourceError: The bytes cannot be read.
        """
        if not self._losses:
            return -1
        self._losses -= 1
        stop = min(end, start + limits.LOSS_WINDOW)
        for position in range(start, stop, limits.READ_CHUNK):
            last = min(position + limits.READ_CHUNK, stop)
            for at, head in _cids(read, start, position, last):
                self._left -= CID_COST
                for size, length in lengths_in_front(head):
                    if length <= end - at and self._is_block(read, at, length):
                        return at - size
                if self._left <= 0:
                    return -1
        return -1

    def _is_block(self, read: Read, at: int, length: int) -> bool:
        """Tell whether a CID and the block that hashes to it have that length."""
        if length > self._left:
            return False
        cid = read(at, CID_BYTES)
        digest, first, last = sha256(), at + CID_BYTES, at + length
        for place in range(first, last, limits.READ_CHUNK):
            digest.update(read(place, min(limits.READ_CHUNK, last - place)))
        if digest.digest() == cid[len(PLAIN_PREFIX) :]:
            return True
        self._left -= length
        return False


def _cids(read: Read, start: int, first: int, last: int) -> Iterator[tuple[int, bytes]]:
    """Yield where CIDs begin, and what may be the length in front of them.

    Args:
        read: Reads the source.
        start: Nothing before it is believed.
        first: The first place for a CID.
        last: Behind the last one.
    """
    base = max(start, first - LENGTH_BYTES)
    window = read(base, last - base + len(PLAIN_PREFIX) - 1)
    for match in CID_START.finditer(window, first - base):
        at = match.start()
        head = window[max(0, at - LENGTH_BYTES) : at]
        if head != LINK_START:
            yield base + at, head


def found_again(lost: int, offset: int) -> Finding:
    """Return the finding that sections can be read again (CAR032).

    Args:
        lost: Where they could not be read any more.
        offset: Where they can be.
    """
    skipped = count_text(offset - lost, "byte")
    text = f"sections can be read again from here on: {skipped} skipped"
    return finding("CAR032", text, offset=offset, found=skipped)


def lengths_in_front(head: bytes) -> Iterator[tuple[int, int]]:
    """Yield the lengths of sections that the last bytes of *head* may say.

    Each with the bytes that it takes itself; ascending, and only those that a
    section can have whose CID is of the 36-byte form.
    """
    for first in range(len(head) - 1, -1, -1):
        try:
            length, last = read_varint(head, first, len(head))
        except VarintCut:
            return
        if last < len(head):
            return
        if CID_BYTES <= length <= limits.MAX_SECTION:
            yield len(head) - first, length
