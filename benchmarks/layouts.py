"""One repository in every layout that a file of it may have.

Where the blocks stand decides what a walk does: in its own order it follows the
reading, in any other it comes after, and looks blocks up from all over the file.
"""

from __future__ import annotations

from hashlib import sha256
from random import Random
from struct import Struct
from typing import TYPE_CHECKING, Final

from repoview.core.cid import CID_BYTES, PLAIN_PREFIX
from repoview.core.formats.dagcbor.strict import encode
from repoview.core.varint import encode_varint, read_varint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Sections = list[bytes]

_FEW: Final = 3
"""Copies, and unlinked blocks, are one in so many."""

_PRAGMA: Final = bytes.fromhex("0aa16776657273696f6e02")
_HEADER: Final = Struct("<16sQQQ")


def parts(data: bytes) -> tuple[bytes, Sections]:
    """Return header and sections of a sound CAR."""
    length, at = read_varint(data, 0, len(data))
    at += length
    header, sections = data[:at], []
    while at < len(data):
        length, body = read_varint(data, at, len(data))
        sections.append(data[at : body + length])
        at = body + length
    return header, sections


def laid_out(data: bytes, layout: str) -> Iterable[bytes]:
    """Yield the bytes of a repository in another layout.

    Args:
        data: A sound repository in walk order.
        layout: One of `LAYOUTS`.
    """
    header, sections = parts(data)
    made = [header, *LAYOUTS[layout](sections)]
    if layout == "carv2":
        size = sum(map(len, made))
        start = len(_PRAGMA) + _HEADER.size
        made.insert(0, _PRAGMA + _HEADER.pack(b"", start, size, 0))
    return made


def _cid(section: bytes) -> bytes:
    _, body = read_varint(section, 0, len(section))
    return section[body : body + CID_BYTES]


def _as_they_are(sections: Sections) -> Sections:
    return sections


def _ascending(sections: Sections) -> Sections:
    return sorted(sections, key=_cid)


def _descending(sections: Sections) -> Sections:
    return sorted(sections, key=_cid, reverse=True)


def _random(sections: Sections) -> Sections:
    mixed = list(sections)
    Random(7).shuffle(mixed)  # noqa: S311 (any order will do)
    return mixed


def _commit_last(sections: Sections) -> Sections:
    return [*sections[1:], sections[0]]


def _copies(sections: Sections) -> Sections:
    """Some blocks a second time, far from the first."""
    return _random(sections + sections[::_FEW])


def _unlinked(sections: Sections) -> Sections:
    """Blocks among the others that the tree does not have."""
    blocks = (
        encode({"$type": "com.example.garbage", "n": n})
        for n in range(len(sections) // _FEW)
    )
    return _random(sections + list(map(_section, blocks)))


def _section(block: bytes) -> bytes:
    cid = PLAIN_PREFIX + sha256(block).digest()
    return encode_varint(len(cid) + len(block)) + cid + block


def _wrong_hash(sections: Sections) -> Sections:
    """One block of a record whose last byte is another one."""
    ordered = _descending(sections)
    at = max(range(len(ordered)), key=lambda n: (b"$type" in ordered[n], n))
    ordered[at] = ordered[at][:-1] + bytes((ordered[at][-1] ^ 1,))
    return ordered


LAYOUTS: Final[dict[str, Callable[[Sections], Sections]]] = {
    "preorder": _as_they_are,
    "cid-ascending": _ascending,
    "cid-descending": _descending,
    "random": _random,
    "commit-last": _commit_last,
    "copies": _copies,
    "unlinked": _unlinked,
    "wrong-hash": _wrong_hash,
    "carv2": _descending,
}
"""What each layout makes of the sections in walk order; the last is wrapped."""
