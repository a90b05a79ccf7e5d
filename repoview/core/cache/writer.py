"""Atomic writing of an entry: nothing is visible until `commit`.

A writer that ends before that, by an error or a crash, leaves the old entry
unchanged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.cache.contents import PIECE_PERSON, Contents, Stored
from repoview.core.cache.errors import CacheUnavailable
from repoview.core.cache.file import PIECE, CacheWriteError, WriteFile
from repoview.core.cache.key import checksum
from repoview.core.closing import Closing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from _typeshed import ReadableBuffer

    from repoview.core.cache.folder import Folder
    from repoview.core.file_identity import Identity

    Bytes = bytes | bytearray | memoryview


class Writer(Closing):
    """An entry that is being written, by one thread; end it by `commit` or `close`.

    Holds about 4 MiB in memory.

    Args:
        folder: It exists.
        key: The folder's.
        name: Of the entry's file.
        identity: Of the source.
        version: The caller's, of what they mean.
        most: Bytes that all entries of the folder may have.

    Raises:
        CacheUnavailable: Nothing can be written.
    """

    def __init__(
        self,
        folder: Folder,
        key: bytes,
        name: str,
        identity: Identity,
        version: int,
        most: int,
    ) -> None:
        self._folder = folder
        self._key = key
        self._name = name
        self._most = most
        self._contents = Contents(identity, version)
        self._pieces = 0
        self._bytes = 0
        self._part = folder.new_part()
        try:
            self._file = WriteFile(self._part.path)
        except BaseException as error:
            self._part.close()
            if isinstance(error, CacheWriteError):
                raise folder.unavailable(error) from error
            raise

    def put(self, name: str, data: Bytes | Iterable[ReadableBuffer]) -> None:
        """Add bytes under *name*.

        Args:
            name: One that was not put before.
            data: The bytes, or an iterable of pieces of any size.

        Raises:
            ValueError: The name was put before.
            CacheUnavailable: The disk is full, or the cache too small; the
                writer is closed.
        """
        if name in self._contents.names:
            raise ValueError(f"{name} was put before")
        first, size, sums = self._pieces, 0, bytearray()
        for piece in _whole_pieces(data):
            self._bytes += len(piece)
            size += len(piece)
            sums += checksum(self._key, PIECE_PERSON, piece)
            if self._bytes > self._most:
                self.close()
                raise self._too_much()
            try:
                self._file.put_piece(self._pieces, piece)
            except CacheWriteError as error:
                self.close()
                raise self._folder.unavailable(error) from error
            self._pieces += 1
        self._contents.names[name] = Stored(first, size, bytes(sums))

    def commit(self) -> None:
        """Make the entry visible, in place of an older one.

        The least recently used entries are removed to make room. The writer is
        closed, whether it succeeds or not.

        Raises:
            CacheUnavailable: It cannot be written; an older one is kept.
        """
        try:
            self._file.finish(self._contents.packed(self._key))
            room = self._most - self._part.size
            if room < 0:
                raise self._too_much()
            self._folder.make_room(room, replaced=self._name)
            self._part.become(self._folder.path / self._name)
        except (CacheWriteError, OSError, ValueError) as error:
            raise self._folder.unavailable(error) from error
        finally:
            self.close()

    def _too_much(self) -> CacheUnavailable:
        return CacheUnavailable(
            f"nothing is cached: it would take more than the {self._most:,} bytes "
            "that the cache may have"
        )

    def close(self) -> None:
        """Remove what was written, unless it was committed."""
        self._file.close()
        self._part.close()


def _whole_pieces(
    data: Bytes | Iterable[ReadableBuffer],
) -> Iterator[memoryview | bytearray]:
    """Yield the bytes of *data* in pieces of a MiB; only the last may be shorter."""
    rest = bytearray()
    parts = (data,) if isinstance(data, bytes | bytearray | memoryview) else data
    for part in parts:
        view = memoryview(part).cast("B")
        if rest:
            missing = PIECE - len(rest)
            rest += view[:missing]
            view = view[missing:]
            if len(rest) < PIECE:
                continue
            yield rest
            rest = bytearray()
        while len(view) >= PIECE:
            yield view[:PIECE]
            view = view[PIECE:]
        rest += view
    if rest:
        yield rest
