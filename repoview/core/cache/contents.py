"""The contents page of a file of the cache: its source, names and checksums.

It has the size of each name and the checksum of each of its pieces, and a keyed
checksum of its own: so the key authenticates everything, as the root of a
Merkle tree does. A piece that was moved, or comes from another file or another
time, does not match its checksum here.
"""

from __future__ import annotations

import json
from dataclasses import asdict, field
from typing import Final

from repoview.core.cache.errors import CacheDamaged
from repoview.core.cache.file import MAX_CONTENTS, PIECE
from repoview.core.cache.key import SUM_BYTES, checksum
from repoview.core.file_identity import Identity
from repoview.core.frozen import frozen

PIECE_PERSON: Final = b"repoview piece"
_CONTENTS_PERSON: Final = b"repoview page"


@frozen
class Stored:
    """The value of one name: its pieces, size and checksums."""

    first: int
    """Number of its first piece; the others follow."""

    size: int
    """Bytes of all its pieces together."""

    sums: bytes
    """The checksums of its pieces, concatenated."""

    @property
    def pieces(self) -> int:
        """The number of its pieces."""
        return len(self.sums) // SUM_BYTES

    def sum_of(self, piece: int) -> bytes:
        """Return the checksum of a piece, numbered from 0."""
        return self.sums[piece * SUM_BYTES : (piece + 1) * SUM_BYTES]

    def length_of(self, piece: int) -> int:
        """Return the size of a piece, numbered from 0."""
        return min(PIECE, self.size - piece * PIECE)


@frozen
class Contents:
    """The contents of a file of the cache: source, version and names."""

    identity: Identity
    version: int
    """The caller's, of what the bytes mean."""

    names: dict[str, Stored] = field(default_factory=dict)

    def packed(self, key: bytes) -> bytes:
        """Return the page in its stored form.

        Raises:
            ValueError: It has over `MAX_CONTENTS` bytes.
        """
        identity = asdict(self.identity)
        identity["sample"] = self.identity.sample.hex()
        names = [[n, s.first, s.size, s.sums.hex()] for n, s in self.names.items()]
        page = json.dumps([identity, self.version, names]).encode()
        if len(page) + SUM_BYTES > MAX_CONTENTS:
            raise ValueError(f"a contents page of {len(page):,} bytes")
        return checksum(key, _CONTENTS_PERSON, page) + page


def unpacked(data: bytes, key: bytes) -> Contents:
    """Return the contents in a stored page.

    Raises:
        CacheDamaged: It does not match its checksum under this key.
    """
    page = memoryview(data)[SUM_BYTES:]
    if checksum(key, _CONTENTS_PERSON, page) != data[:SUM_BYTES]:
        raise CacheDamaged("a file of the cache is not what was written")
    # The key is private, so at worst another version of repoview wrote the page.
    try:
        identity, version, names = json.loads(bytes(page))
        identity["sample"] = bytes.fromhex(identity["sample"])
        stored = {n: Stored(at, size, bytes.fromhex(s)) for n, at, size, s in names}
        return Contents(Identity(**identity), version, stored)
    except (KeyError, TypeError, ValueError) as error:
        raise CacheDamaged("a file of the cache is of another repoview") from error
