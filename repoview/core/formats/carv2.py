"""Recognize a CARv2 wrapper and find the CARv1 inside it.

A CARv2 is eleven fixed bytes, a header of forty, the data (a whole CARv1), and
perhaps an index. The index is never used: it is as untrusted as the file, and
verifying reads all sections anyway.

The header of a CARv2 is written last. If the writer was interrupted, the header
is zero, and the data follows it all the same.

Source: CARv2 §Pragma, §Header; no atproto service writes such files.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from repoview.core.findings.findings import Severity, finding, unread
from repoview.core.formats.framing import begins_car
from repoview.core.frozen import frozen
from repoview.core.varint import VarintCut, VarintTooLong, read_varint
from repoview.core.wording import agreed, count_text

if TYPE_CHECKING:
    from repoview.core.findings.findings import Finding

PRAGMA: Final = bytes.fromhex("0aa16776657273696f6e02")
"""What every CARv2 begins with: a CARv1 header that says `version: 2`."""

HEADER_END: Final = len(PRAGMA) + 40
"""Where data may begin: behind pragma and header."""

_FIELDS: Final = struct.Struct("<16sQQQ")
_FULLY_INDEXED: Final = 1 << 7
_INDEXES: Final = {0x0400: "IndexSorted", 0x0401: "MultihashIndexSorted"}


@frozen
class Wrapper:
    """Where the parts of a CARv2 lie, counted from its first byte."""

    data_offset: int
    data_size: int
    """Bytes of the CARv1; no more than the file has."""

    index_offset: int | None
    """None when there is no index, or none that can be found."""

    @property
    def data_end(self) -> int:
        """Where the CARv1 ends."""
        return self.data_offset + self.data_size


def is_carv2(head: bytes) -> bool:
    """Tell whether a file that begins with *head* is a CARv2."""
    return head.startswith(PRAGMA)


def unwrap(head: bytes, size: int) -> tuple[Wrapper | None, list[Finding]]:
    """Read the header of a CARv2.

    Args:
        head: The first bytes of the file, `HEADER_END` of them if it has them. If
            the header is wrong, the CAR is searched for in them.
        size: Bytes of the whole file.

    Returns:
        The parts, None when the data cannot be found; and CV2001 to CV2005 and
        CV2007, without the codec of the index.
    """
    if len(head) < HEADER_END:
        text = f"the file ends inside the CARv2 header, at byte {size:,}"
        return None, [finding("CV2002", text, offset=len(PRAGMA))]
    traits, data_offset, data_size, index_offset = _FIELDS.unpack_from(
        head, len(PRAGMA)
    )
    fault = _data_fault(data_offset, data_size, size)
    if fault is not None:
        return _unfinished(head, data_offset, index_offset, size, fault)
    amount = count_text(data_size, "byte")
    found = [
        finding(
            "CV2001",
            f"the CAR is in a CARv2 wrapper: {amount} at {data_offset:,}",
            offset=0,
        )
    ]
    if traits[0] & ~_FULLY_INDEXED or any(traits[1:]):
        text = f"the CARv2 header sets bits that mean nothing: {traits.hex()}"
        found.append(finding("CV2004", text, offset=len(PRAGMA), found=traits.hex()))
    declared_end = data_offset + data_size
    if declared_end > size:
        text = (
            f"the CARv2 data should end at byte {declared_end:,}, "
            f"but the file ends at {size:,}: it is read to there"
        )
        found.append(finding("CV2003", text, offset=len(PRAGMA) + 24))
    index = _index(index_offset, declared_end, size, found)
    wrapper = Wrapper(data_offset, min(declared_end, size) - data_offset, index)
    _note_padding(wrapper, size, found)
    return wrapper, found


def _data_fault(offset: int, length: int, size: int) -> str | None:
    if offset < HEADER_END:
        return f"the CARv2 header has its data begin at byte {offset:,}, inside itself"
    if offset >= size:
        return f"the CARv2 header has its data begin at byte {offset:,}, behind the end"
    if length == 0:
        return "the CARv2 header has its data be empty"
    return None


def _unfinished(
    head: bytes, offset: int, index: int, size: int, fault: str
) -> tuple[Wrapper | None, list[Finding]]:
    """Find the data at its usual offset, or at that of the header."""
    start = offset if HEADER_END <= offset < size else HEADER_END
    place = len(PRAGMA) + 16
    if not _is_car(head, start):
        text = fault + unread(size - HEADER_END)
        return None, [finding("CV2002", text, offset=place)]
    end = index if start < index < size else size
    text = f"{fault}: its writer did not finish; the CAR at byte {start:,} is read"
    found = finding("CV2002", text, severity=Severity.ERROR, offset=place)
    return Wrapper(start, end - start, None), [found]


def _is_car(head: bytes, start: int) -> bool:
    try:
        _, body = read_varint(head, start, len(head))
    except (VarintCut, VarintTooLong):
        return False
    return begins_car(head, body)


def _index(
    offset: int, declared_end: int, size: int, found: list[Finding]
) -> int | None:
    """Return the offset of the index; a wrong one is only a finding."""
    if offset == 0:
        return None
    if declared_end <= offset < size:
        return offset
    if offset < declared_end or declared_end <= size:
        early = offset < declared_end
        where = "before the data ends" if early else "behind the end"
        text = f"the CARv2 header has its index begin at byte {offset:,}, {where}"
        place = len(PRAGMA) + 32
        found.append(finding("CV2002", text, severity=Severity.ERROR, offset=place))
    # Else the file is cut off inside the data, which was reported.
    return None


def _note_padding(wrapper: Wrapper, size: int, found: list[Finding]) -> None:
    before = wrapper.data_offset - HEADER_END
    behind_end = size if wrapper.index_offset is None else wrapper.index_offset
    behind = behind_end - wrapper.data_end
    if before + behind:
        amount = count_text(before + behind, "byte")
        are = agreed(before + behind, "is", "are")
        text = f"{amount} of the CARv2 {are} in none of its parts"
        offset = HEADER_END if before else wrapper.data_end
        found.append(finding("CV2007", text, offset=offset))


def index_finding(head: bytes, offset: int) -> Finding:
    """Report the index that begins with *head* at *offset* (CV2005)."""
    try:
        codec, _ = read_varint(head, 0, len(head))
    except (VarintCut, VarintTooLong):
        name = "of no known kind"
    else:
        name = _INDEXES.get(codec, f"of unknown kind {codec:#x}")
    text = f"the CARv2 has an index ({name}), which is not used"
    return finding("CV2005", text, offset=offset)
