"""What each byte of a block is, in words: the legend beside a hex view.

`dagcbor.diagnose` names every head, key and content as it reads them; here
they become spans, which tile the block in order, without gap or overlap. The
words need no knowledge of CBOR.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.cid import IDENTITY, SHA2_256, codec_name
from repoview.core.frozen import frozen

if TYPE_CHECKING:
    from repoview.core.cid import Cid

_SHOWN: Final = 40
_STEP: Final = 60
_PATH: Final = 300
_PLAIN_STEP: Final = re.compile(r"[A-Za-z0-9_$-]{1,60}")
_HASHES: Final = {SHA2_256: "sha-256", IDENTITY: "identity", 0x1E: "blake3"}


@frozen
class Span:
    """One stretch of a block that has one meaning."""

    start: int
    """Its first byte, from the beginning of the block's data."""

    end: int
    """The byte behind it."""

    depth: int
    """How many maps and arrays it is nested in."""

    kind: str
    """map, array, text, bytes, int, float, simple, key, tag, link; fault for
    what cannot be read, tail for what stands behind the item."""

    meaning: str
    """In words; text of the block is escaped and clipped."""

    path: str
    """Of its value from the top, as ``embed.images[0].alt``; a key has that of
    its pair. A path over 300 characters begins with ``…``."""


class Spans:
    """Collects the spans of one block, front to back.

    Past `limits.MAX_SPANS` the rest of the block becomes a single one.
    """

    def __init__(self, size: int) -> None:
        self.kept: list[Span] = []
        self._size = size
        self._end = 0

    def add(
        self, end: int, kind: str, meaning: str, *, depth: int = 0, path: str = ""
    ) -> None:
        """Add the span from where the last one ends to *end*; none if empty."""
        if end <= self._end:
            return
        if len(self.kept) == limits.MAX_SPANS - 1 and end < self._size:
            end, kind, path = self._size, "tail", ""
            meaning = f"{end - self._end:,} bytes more, not told apart"
        self.kept.append(Span(self._end, end, depth, kind, meaning, path))
        self._end = end

    @property
    def is_full(self) -> bool:
        """Whether the whole block has its spans."""
        return self._end == self._size


def step_into(path: str, key: str | int) -> str:
    """Return the path of item *key* of the value at *path*."""
    if isinstance(key, int):
        step = f"[{key}]"
    elif _PLAIN_STEP.fullmatch(key):
        step = f".{key}" if path else key
    else:
        step = f"[{quoted(key, _STEP)}]"
    joined = path + step
    return joined if len(joined) <= _PATH else "…" + joined[-_PATH + 1 :]


def quoted(text: str, most: int = _SHOWN) -> str:
    """Return the beginning of *text* in quotes, unprintable characters escaped."""
    shown = "".join(
        character if character.isprintable() else ascii(character)[1:-1]
        for character in text[:most]
    )
    return f'"{shown}…"' if len(text) > most else f'"{shown}"'


def hexed(data: bytes) -> str:
    """Return the beginning of *data* in hex, two digits a byte and a space."""
    shown = data[: _SHOWN // 3].hex(" ")
    return f"{shown} …" if len(data) > _SHOWN // 3 else shown


def link_words(cid: Cid) -> str:
    """Return what kind of CID a link holds: "CID link, dag-cbor, sha-256"."""
    hashed = _HASHES.get(cid.hash_code, f"hash function {cid.hash_code:#x}")
    return f"CID link, {codec_name(cid.codec)}, {hashed}"
