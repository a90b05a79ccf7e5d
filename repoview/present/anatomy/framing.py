"""What stands around a block in its file: the header, and the length of a section.

Source: CARv1, "Header" and "Data".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.cid import read_cid
from repoview.core.errors import FormatError
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.varint import read_varint
from repoview.core.wording import count_text
from repoview.present.anatomy.cids import cid_rows
from repoview.present.styled import Piece, Row, Section
from repoview.present.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPANS: Final = 24
"""Parts of a header that are shown; one with a single root has 9."""

_HEX: Final = 12
"""Bytes of a part that are shown."""


def section_framing(head: bytes, offset: int) -> Section:
    """Return the length and CID in front of a block, taken apart.

    Args:
        head: What stands in front of the data: length and CID.
        offset: Where it begins in the file.
    """
    return Section("The section around it", list(_framing(head, offset)))


def _framing(head: bytes, offset: int) -> Iterator[str | Row]:
    try:
        length, at = read_varint(head, 0, len(head))
        cid, end = read_cid(head, at, len(head))
    except FormatError:
        yield "Its length and CID cannot be taken apart."
        return
    yield from varint_rows(head[:at], offset)
    size = end - at
    yield (
        f"That is the CID, {count_text(size, 'byte')}, and the data, "
        f"{count_text(length - size, 'byte')}, which begins at byte {offset + end:,}. "
        f"The next section begins at byte {offset + at + length:,}. The CID:"
    )
    yield from cid_rows(cid.raw)


def varint_rows(raw: bytes, offset: int) -> Iterator[str | Row]:
    """Yield a varint in hex and in bits, and the number that it is.

    Args:
        raw: Its bytes.
        offset: Where it begins in the file.
    """
    number, _ = read_varint(raw, 0, len(raw))
    pieces = [Piece(f"byte {offset:,}  ", "dim"), Piece(raw.hex(" "), "bright")]
    pieces.append(Piece(" = "))
    # The lowest seven bits come first.
    for byte in reversed(raw):
        pieces += [Piece(f"{byte & 0x7F:07b}", "lit"), Piece(" ")]
    pieces.append(Piece(f"= {number:,}: so many bytes follow"))
    yield Row(pieces)
    if len(raw) > 1:
        yield (
            "Of each byte seven bits count, the last byte first; the eighth says "
            "whether another follows."
        )


def header_anatomy(data: bytes, offset: int) -> Section:
    """Return the header of a CAR, taken apart.

    Args:
        data: Its bytes, the length in front among them.
        offset: Where it begins in the file.
    """
    return Section("The header of the file", list(_header(data, offset)))


def _header(data: bytes, offset: int) -> Iterator[str | Row]:
    try:
        _, at = read_varint(data, 0, len(data))
    except FormatError:
        yield "Its length cannot be read."
        return
    yield from varint_rows(data[:at], offset)
    spans = dagcbor.annotate(data[at:])
    for span in spans[:_SPANS]:
        piece = data[at + span.start : at + span.end]
        shown = piece[:_HEX].hex(" ") + (" …" if len(piece) > _HEX else "")
        yield Row(
            [
                Piece(f"{shown:<{3 * _HEX + 2}}", "bright"),
                Piece("  " * min(span.depth, 4) + safe(span.meaning, 80)),
            ]
        )
    if (more := len(spans) - _SPANS) > 0:
        yield f"… and {count_text(more, 'more part')}."
