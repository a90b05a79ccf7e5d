"""Names of files for records, and back: one to one, whatever the key holds.

``app.bsky.feed.post/3k…`` is the file ``app.bsky.feed.post/3k….json``. Bytes
other than small letters, digits and ``. _ -`` stand as ``%XX``, capital letters
too: on many systems ``Self`` and ``self`` are one file. So are, at the place
where they would do harm, a leading dot or hyphen, a trailing dot, and the first
letter of names that Windows reserves (``con``, ``nul.txt``). A name over 130
bytes goes on in a folder: all pieces but the last end with ``%``. An empty name
is ``%`` alone. Of a key without a slash the file is not in a folder.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SUFFIX: Final = ".json"

_MOST: Final = 130
"""Bytes of a name: encrypted file systems take 143, others 255. The rest is room
for the suffix, and for what is escaped at the ends."""

_PLAIN: Final = re.compile(rb"[a-z0-9_][a-z0-9._-]{0,129}")
_ESCAPES: Final = tuple(
    chr(byte) if re.match(rb"[a-z0-9._-]", bytes((byte,))) else f"%{byte:02X}"
    for byte in range(256)
)
_NAME: Final = re.compile(r"(?:[^%/\\\0]|%[0-9A-Fa-f]{2})*%?")
_PORTS: Final = (f"{port}{digit}" for port in ("com", "lpt") for digit in range(10))
_RESERVED: Final = frozenset(("con", "prn", "aux", "nul", *_PORTS))


def parts_of(key: bytes) -> tuple[str, ...]:
    """Return the names of the folders and the file of a record.

    Args:
        key: The repo path as the tree has it.
    """
    collection, slash, rkey = key.partition(b"/")
    if not slash:
        return (*_pieces(collection, SUFFIX),)
    return (*folders_of(collection), *_pieces(rkey, SUFFIX))


@lru_cache(64)
def folders_of(collection: bytes) -> tuple[str, ...]:
    """Return the names of the folders of a collection: mostly one."""
    return (*_pieces(collection),)


def key_of(parts: Sequence[str]) -> bytes:
    """Return the key that a file is named for.

    Args:
        parts: The names of its folders below the exported one, and its own.

    Raises:
        ValueError: No export names a file so; the message is a sentence.
    """
    *folders, name = parts
    if not name.endswith(SUFFIX):
        raise ValueError(f"its name does not end with {SUFFIX}")
    segments, begun = [], b""
    for piece in (*folders, name.removesuffix(SUFFIX)):
        if not _NAME.fullmatch(piece):
            raise ValueError(f"{piece} has a % that is no escape")
        goes_on = piece.endswith("%") and len(piece) > 1
        begun += unquote_to_bytes(piece.removesuffix("%"))
        if not goes_on:
            segments.append(begun)
            begun = b""
    if begun or len(segments) > 2:
        raise ValueError("it is not in the folder of a collection")
    return b"/".join(segments)


def _pieces(name: bytes, suffix: str = "") -> list[str]:
    """Return a name as names for files: one, or more if it is long."""
    if (
        _PLAIN.fullmatch(name)
        and not name.endswith(b".")
        and not name.endswith(b".json")
    ):
        text = name.decode()
        if text.partition(".")[0] not in _RESERVED:
            return [text + suffix]
    *most, last = _cut(name)
    return [*(_guarded(piece) + "%" for piece in most), _last(last, suffix)]


def _cut(name: bytes) -> Iterator[str]:
    piece = ""
    for byte in name:
        escaped = _ESCAPES[byte]
        if len(piece) + len(escaped) > _MOST:
            yield piece
            piece = ""
        piece += escaped
    yield piece


def _last(piece: str, suffix: str) -> str:
    if not piece:
        return "%" + suffix
    piece = _guarded(piece)
    if not suffix:
        # A folder must not look like a file, nor end with a dot.
        piece = re.sub(r"\.(json)?$", r"%2E\1", piece)
    return piece + suffix


def _guarded(piece: str) -> str:
    """Return a piece whose first character does no harm."""
    if piece[0] in ".-" or piece.partition(".")[0] in _RESERVED:
        return f"%{ord(piece[0]):02X}{piece[1:]}"
    return piece
