"""The entry of one source: bytes by name, read piece by piece.

A piece is compared with its checksum whenever it is read from disk. At the first
mismatch the entry is removed, and the reader gets `CacheDamaged`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from repoview.core.cache.contents import PIECE_PERSON, Stored
from repoview.core.cache.errors import CacheDamaged, CacheError
from repoview.core.cache.file import PIECE
from repoview.core.cache.key import checksum
from repoview.core.closing import Closing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.cache.contents import Contents
    from repoview.core.cache.file import ReadFile
    from repoview.core.file_identity import Identity

KEPT_PIECES: Final = 4
"""Pieces of 1 MiB that an entry caches in memory: a view reads small ranges of a
few names at a time."""


class Entry(Closing):
    """An entry of the cache, open for reading, by any number of threads.

    Holds `KEPT_PIECES` MiB at most, besides the result. It can be read until
    closed, even if it is removed or replaced meanwhile.

    Args:
        file: Closed with the entry.
        contents: The checked contents page of the file.
        key: The folder's.
        remove: Called when damage is found.
    """

    def __init__(
        self,
        file: ReadFile,
        contents: Contents,
        key: bytes,
        remove: Callable[[], object],
    ) -> None:
        self._file: ReadFile | None = file
        self._contents = contents
        self._key = key
        self._remove = remove
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, bytes] = OrderedDict()

    @property
    def identity(self) -> Identity:
        """The identity of the source, now as when the entry was written."""
        return self._contents.identity

    @property
    def version(self) -> int:
        """The caller's, of what the bytes mean."""
        return self._contents.version

    @property
    def names(self) -> list[str]:
        """Its names, in the order in which they were put."""
        return list(self._contents.names)

    def __contains__(self, name: str) -> bool:
        return name in self._contents.names

    def size(self, name: str) -> int:
        """Return the number of bytes of *name*.

        Raises:
            KeyError: There is no such name.
        """
        return self._contents.names[name].size

    def read_at(self, name: str, offset: int, length: int) -> bytes:
        """Return *length* bytes of *name* from *offset*, fewer where they end.

        Raises:
            KeyError: There is no such name.
            ValueError: Offset or length is negative.
            CacheDamaged: The bytes are not those that were put.
            CacheError: The entry was closed.
        """
        if offset < 0 or length < 0:
            raise ValueError(f"{length} bytes from {offset}")
        stored = self._contents.names[name]
        end = min(offset + length, stored.size)
        parts = []
        while offset < end:
            number, start = divmod(offset, PIECE)
            piece = self._piece(stored, number)
            part = piece[start : start + end - offset]
            parts.append(part)
            offset += len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield all bytes of *name*, a MiB at a time, without caching them.

        Raises:
            KeyError: There is no such name.
            CacheDamaged: The bytes are not those that were put.
            CacheError: The entry was closed.
        """
        stored = self._contents.names[name]
        for number in range(stored.pieces):
            yield self._checked(stored, number)

    def _piece(self, stored: Stored, number: int) -> bytes:
        """Return a piece, from memory or from disk."""
        place = stored.first + number
        with self._lock:
            kept = self._kept.get(place)
            if kept is not None:
                self._kept.move_to_end(place)
                return kept
        piece = self._checked(stored, number)
        with self._lock:
            if self._file is not None:
                self._kept[place] = piece
                while len(self._kept) > KEPT_PIECES:
                    self._kept.popitem(last=False)
        return piece

    def _checked(self, stored: Stored, number: int) -> bytes:
        """Return a piece from disk, compared with its checksum."""
        try:
            piece = self._read(stored.first + number)
        except CacheDamaged:
            self._remove()
            raise
        if len(piece) != stored.length_of(number) or (
            checksum(self._key, PIECE_PERSON, piece) != stored.sum_of(number)
        ):
            self._remove()
            raise CacheDamaged("a piece in the cache is not what was written")
        return piece

    def _read(self, place: int) -> bytes:
        with self._lock:
            if self._file is None:
                raise CacheError("the entry of the cache was closed")
            return self._file.piece(place)

    def close(self) -> None:
        """Close the file and free the memory; closing twice is fine."""
        with self._lock:
            file, self._file = self._file, None
            self._kept.clear()
        if file is not None:
            file.close()
