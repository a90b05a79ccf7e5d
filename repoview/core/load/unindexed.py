"""Find the bytes of a file that no row of the index covers.

Copies of blocks, blocks with an odd CID, and what is no block at all. The load
stores no offsets of these; here the bytes between the rows are scanned again,
for a view of every byte.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.cid import read_cid
from repoview.core.errors import CidError
from repoview.core.formats.framing import SHORTEST
from repoview.core.limits import MAX_CID_BYTES
from repoview.core.varint import VarintCut, VarintTooLong, read_varint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.cid import Cid
    from repoview.core.source.source import Source

WINDOW: Final = 4 * 1024
"""Bytes read at a time. Data is skipped, so with a larger window most of it
would be read for nothing where copies are large."""

_HEAD: Final = 10 + 4 + MAX_CID_BYTES
"""Most bytes of the length and CID of a section."""

_ZEROS: Final = re.compile(rb"\0+")


class Stretch(NamedTuple):
    """A section without a row in the index, or bytes that are no section."""

    offset: int
    end: int
    cid: Cid | None
    """None for what is no block: padding, sections without a CID, the rest of
    a file that could not be read on."""

    data_offset: int
    """Where its data begins; equals `offset` where it is no block."""

    @property
    def length(self) -> int:
        """Bytes of its data."""
        return self.end - self.data_offset


def stretches(source: Source, start: int, end: int) -> Iterator[Stretch]:
    """Yield all bytes between two offsets of *source*, in order.

    Adjacent bytes that are no block are one stretch, whatever they consist of.

    Args:
        source: Of a CAR.
        start: Where a section begins.
        end: Behind the last one.

    Raises:
        SourceError: The bytes cannot be read.
    """
    useless = start
    base, window = start, b""
    while start < end:
        if start - base + _HEAD > len(window) and base + len(window) < end:
            base, window = start, source.read_at(start, min(WINDOW, end - start))
            if not window:
                break
        found = _stretch(window, start - base, base, end)
        if found.cid is None:
            start = found.end
            continue
        if useless < found.offset:
            yield Stretch(useless, found.offset, None, useless)
        yield found
        start = useless = found.end
    if useless < end:
        yield Stretch(useless, end, None, useless)


def _stretch(window: bytes, at: int, base: int, end: int) -> Stretch:
    """Return the stretch at *at*; it is all the rest where framing is lost.

    Args:
        window: Bytes of the CAR, with a whole head in them if it has one.
        at: Where in it a section begins.
        base: Offset of the window.
        end: Offset behind the last section there may be.
    """
    offset = base + at
    if zeros := _ZEROS.match(window, at):
        return Stretch(offset, base + zeros.end(), None, offset)
    try:
        length, body = read_varint(window, at, len(window))
    except (VarintCut, VarintTooLong):
        return Stretch(offset, end, None, offset)
    stop = base + body + length
    if stop > end:
        return Stretch(offset, end, None, offset)
    if length >= SHORTEST:
        try:
            cid, data = read_cid(window, body, min(body + length, len(window)))
        except CidError:
            pass
        else:
            return Stretch(offset, stop, cid, base + data)
    return Stretch(offset, stop, None, offset)
