"""A CID taken apart: version, codec, hash function, length, digest.

Source: the CID specification, and that of multihash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.cid import IDENTITY, SHA2_256, Cid, codec_name
from repoview.core.errors import FormatError
from repoview.core.varint import read_varint
from repoview.core.wording import count_text
from repoview.present.styled import Piece, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

_HASHES: Final = {SHA2_256: "sha2-256", IDENTITY: "identity: the bytes themselves"}
_ROW: Final = 16
"""Bytes of a digest in a row; two rows are shown."""

_HEX: Final = 8
"""Columns of the hex in front of a number's meaning."""


def cid_rows(raw: bytes) -> list[Row]:
    """Return the parts of a CID, a row each, with their bytes in hex.

    Args:
        raw: The bytes of the CID; of bytes that are none, the rows end early.
    """
    try:
        return list(_rows(raw))
    except FormatError:
        return [_row(raw, "no CID that can be taken apart")]


def _rows(raw: bytes) -> Iterator[Row]:
    if raw[:2] == b"\x12\x20":
        yield _row(raw[:2], "no version and no codec: a CID of version 0, sha2-256")
        yield from _digest(raw[2:])
        return
    at = 0
    for part in ("version", "codec", "hash", "length"):
        number, end = read_varint(raw, at, len(raw))
        yield _row(raw[at:end], _part_text(part, number))
        at = end
    yield from _digest(raw[at:])
    yield Row(
        [
            Piece("as text ", "dim"),
            Piece("b", "lit"),
            Piece(str(Cid(raw))[1:]),
        ]
    )


def _part_text(part: str, number: int) -> str:
    if part == "version":
        return f"version {number} of CIDs"
    if part == "codec":
        return f"codec: {codec_name(number)}, how the bytes are to be read"
    if part == "hash":
        return f"hash function: {_HASHES.get(number, f'number {number:#x}')}"
    return f"{count_text(number, 'byte')} of digest follow"


def _digest(digest: bytes) -> Iterator[Row]:
    for start in range(0, min(len(digest), 2 * _ROW), _ROW):
        yield Row([Piece(digest[start : start + _ROW].hex(" "), "good")])


def _row(piece: bytes, says: str) -> Row:
    return Row([Piece(f"{piece.hex(' '):<{_HEX}}", "bright"), Piece(says)])
