"""Cases of the CARv2 around a CAR."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from repoview.corpus.case import Broken, Cases, Twin
from repoview.corpus.cbor import Link, varint
from repoview.corpus.repo import sample

if TYPE_CHECKING:
    from repoview.corpus.car import Car


def wrapped(
    car: Car,
    *,
    traits: bytes = bytes(16),
    offset: int = 51,
    size: int | None = None,
    index: int = 0,
    before: bytes = b"",
    behind: bytes = b"",
) -> bytes:
    """Return a CARv2 around *car*, with a header that may say anything."""
    size = len(car.data) if size is None else size
    header = struct.pack("<16sQQQ", traits, offset, size, index)
    pragma = bytes.fromhex("0aa16776657273696f6e02")
    return pragma + header + before + car.data + behind


CASES = Cases(twin=lambda: Twin(wrapped(sample().car()), frozenset({"CV2001"})))


@CASES.info("CV2001")
def carv2() -> Broken:
    """The CAR stands in a CARv2."""
    return Broken(wrapped(sample().car()), 0)


@CASES.fatal("CV2002", complete=None)
def carv2_header_cut_off() -> Broken:
    """The file ends inside the header of the CARv2."""
    return Broken(wrapped(sample().car())[:30], 11)


@CASES.error("CV2002", "bad-container")
def carv2_data_inside_the_header() -> Broken:
    """The data of the CARv2 begin inside its own header; they stand behind it."""
    return Broken(wrapped(sample().car(), offset=40), 11 + 16)


@CASES.error("CV2002", "bad-container")
def carv2_data_behind_the_end() -> Broken:
    """The data of the CARv2 begin behind the end of the file, as it has them."""
    return Broken(wrapped(sample().car(), offset=1 << 60), 11 + 16)


@CASES.error("CV2002", "bad-container")
def carv2_with_a_size_of_zero() -> Broken:
    """The header of the CARv2 has no size yet: whoever wrote it did not finish."""
    return Broken(wrapped(sample().car(), size=0), 11 + 16)


@CASES.error("CV2002", "bad-container")
def carv2_with_a_header_of_zeros() -> Broken:
    """The header of the CARv2 is not filled in at all."""
    return Broken(wrapped(sample().car(), offset=0, size=0), 11 + 16)


@CASES.error(
    "CV2002", "incomplete", complete=False, also={"CAR023", "BLK009"}, beside={"BLK010"}
)
def carv2_that_was_not_finished_at_all() -> Broken:
    """The header of the CARv2 is zero, and its last section is cut off."""
    return Broken(wrapped(sample().car(), offset=0, size=0)[:-3], 11 + 16)


@CASES.error("CV2002", "bad-container")
def carv2_with_padding_and_a_size_of_zero() -> Broken:
    """The data begin where the header says, which says nothing of their size."""
    car = sample().car()
    return Broken(wrapped(car, offset=64, size=0, before=bytes(13)), 11 + 16)


@CASES.fatal("CV2002", complete=None)
def carv2_without_data() -> Broken:
    """The header of the CARv2 is zero, and no CAR stands behind it."""
    car = sample().car().with_header(b"\xa0")
    return Broken(wrapped(car, offset=0, size=0), 11 + 16)


@CASES.error("CV2002", "bad-container", beside={"CV2001"})
def carv2_index_inside_the_data() -> Broken:
    """The index of the CARv2 begins where its data do; it is not needed."""
    return Broken(wrapped(sample().car(), index=51), 11 + 32)


@CASES.warning("CV2003", beside={"CV2001"})
def carv2_data_past_the_end() -> Broken:
    """The data of the CARv2 should have a hundred bytes more than are there."""
    car = sample().car()
    return Broken(wrapped(car, size=len(car.data) + 100), 11 + 24)


@CASES.warning("CV2004", beside={"CV2001"})
def carv2_bits_without_meaning() -> Broken:
    """The CARv2 sets the lowest bit, beside that of a full index."""
    return Broken(wrapped(sample().car(), traits=b"\x81" + bytes(15)), 11)


@CASES.info("CV2005", beside={"CV2001"})
def carv2_with_index() -> Broken:
    """The CARv2 has a sorted index, which is not needed."""
    car = sample().car()
    end = 51 + len(car.data)
    index = varint(0x0400) + bytes(4)
    return Broken(wrapped(car, index=end, behind=index), end)


@CASES.error("CV2006", "unreadable", complete=None, beside={"CV2001"})
def carv2_in_carv2() -> Broken:
    """The CAR in the CARv2 says that it is of version 2 itself."""
    repo = sample()
    fields = {"roots": [Link(repo.cid)], "version": 2}
    return Broken(wrapped(repo.car().with_header(fields)), 51)


@CASES.info("CV2007", beside={"CV2001"})
def carv2_with_padding() -> Broken:
    """The data of the CARv2 begin 13 bytes behind its header."""
    return Broken(wrapped(sample().car(), offset=64, before=bytes(13)), 51)
