"""Read and write the layout of a CAR: a header, and sections behind it.

::

    car     := varint(length) header section*
    section := varint(length) cid data

The header is one DAG-CBOR map with the fields `roots` and `version`; `car_header`
reads and judges it. This module is sans-I/O and stateless: it returns the layout of
the bytes it is given. `load` judges sections, as that takes the end of the file.

Source: CARv1 §Header, §Data; DASL CAR.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.cid import Cid, read_cid
from repoview.core.errors import CarError, CidError
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.frozen import frozen
from repoview.core.varint import (
    VarintCut,
    VarintTooLong,
    encode_varint,
    read_varint,
)
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


@frozen
class Section:
    """One length-prefixed block, by position."""

    offset: int
    """Where its varint begins, from the first byte of the file."""

    head: int
    """Bytes of the varint."""

    cid: Cid
    cid_length: int
    length: int
    """Bytes after the varint: CID and data together."""

    @property
    def data_offset(self) -> int:
        """Where its data begins."""
        return self.offset + self.head + self.cid_length

    @property
    def data_length(self) -> int:
        """Bytes of its data."""
        return self.length - self.cid_length

    @property
    def end(self) -> int:
        """Where the next section begins."""
        return self.offset + self.head + self.length


def sections(data: bytes, *, offset: int = 0) -> Iterator[Section]:
    """Yield the sections of *data*, which stands at *offset* in the file.

    Raises:
        CarError: At the first that cannot be read.
    """
    position = 0
    while position < len(data):
        section = _read_section(data, position, offset)
        yield section
        position = section.end - offset


def _read_section(data: bytes, position: int, base: int) -> Section:
    offset = base + position
    try:
        length, start = read_varint(data, position, len(data))
    except (VarintCut, VarintTooLong) as error:
        raise CarError(error.fact, offset=offset) from None
    if start + length > len(data):
        have = len(data) - start
        fact = f"the section has {have:,} of its {count_text(length, 'byte')}"
        raise CarError(fact, offset=offset)
    try:
        cid, end = read_cid(data, start, start + length)
    except CidError as error:
        raise CarError(error.fact, offset=base + error.offset) from None
    return Section(offset, start - position, cid, end - start, length)


def encode_header(roots: Iterable[Cid]) -> bytes:
    """Return the header of a CAR with these roots."""
    body = dagcbor.encode({"roots": list(roots), "version": 1})
    return encode_varint(len(body)) + body


def encode_section(cid: Cid, data: bytes) -> bytes:
    """Return the section of one block.

    The block stands behind its CID, whatever the CID is: also behind an identity
    CID, which has the same bytes in itself. Readers that hash what they read take
    a section without it for damaged (CARv1, "Data").
    """
    return b"".join((encode_varint(len(cid.raw) + len(data)), cid.raw, data))


def write_car(
    write: Callable[[bytes], object],
    roots: Iterable[Cid],
    blocks: Iterable[tuple[Cid, bytes]],
) -> None:
    """Write a CAR: the header, and the blocks in the order they come.

    Args:
        write: Takes the next bytes; a file's `write`.
        roots: For the header; an atproto repository has one, its commit.
        blocks: CIDs and data, taken as they are.
    """
    write(encode_header(roots))
    for cid, data in blocks:
        write(encode_section(cid, data))
