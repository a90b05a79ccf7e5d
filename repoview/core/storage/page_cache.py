"""The pieces of columns on disk, and an LRU cache of them.

A piece is 64 KiB of one column, in the temporary file of a spilled index or in
bytes elsewhere, such as the cache between runs.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from array import array
from collections import OrderedDict
from itertools import count
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

from repoview.core.limits import KiB
from repoview.core.storage.spill_file import lost

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.storage.spill_file import SpillFile

PIECE: Final = 64 * KiB
"""Bytes that are read at a time, and buffered before they are written."""

PIECES: Final = 32
"""Pieces cached for the columns of one index: a node has a value in each of
eight columns, and bisections start with the same pieces."""

ReadAt: TypeAlias = "Callable[[int, int], bytes]"
"""Returns as many bytes as asked for, from an offset."""


class Pieces:
    """A thread-safe LRU cache of pieces.

    Args:
        most: How many it holds, of `PIECE` bytes each.
    """

    def __init__(self, most: int = PIECES) -> None:
        self._most = most
        self._held: OrderedDict[tuple[int, int], memoryview] = OrderedDict()
        self._lock = threading.Lock()
        self._columns = count()

    @property
    def bytes_used(self) -> int:
        """Bytes that they take."""
        return PIECE * len(self._held)

    def new_column(self) -> int:
        """Return a new number that identifies a column."""
        return next(self._columns)

    def get(
        self, column: int, number: int, read: Callable[[int], memoryview]
    ) -> memoryview:
        """Return a piece of a column, from the cache or else from *read*."""
        place = column, number
        # Locked during the read, too: otherwise it could cache bytes from before
        # a write whose `forget` is called in between.
        with self._lock:
            piece = self._held.get(place)
            if piece is not None:
                self._held.move_to_end(place)
                return piece
            piece = read(number)
            if len(self._held) >= self._most:
                self._held.popitem(last=False)
            self._held[place] = piece
            return piece

    def held(self, column: int, number: int) -> memoryview | None:
        """Return a piece if it is cached, else None."""
        place = column, number
        with self._lock:
            piece = self._held.get(place)
            if piece is not None:
                self._held.move_to_end(place)
            return piece

    def forget(self, column: int, number: int) -> None:
        """Drop a piece from the cache."""
        with self._lock:
            self._held.pop((column, number), None)


class Store(ABC):
    """The whole pieces of one column, by number; only the last may be shorter."""

    is_fixed = False
    """Whether it is read only."""

    @abstractmethod
    def read(self, number: int) -> bytes:
        """Return a piece.

        Raises:
            SourceError: Reading from disk failed.
        """

    def read_items(self, offset: int, size: int) -> bytes | None:
        """Return items of one piece if that is less work than reading it, else None.

        Args:
            offset: From the column's first byte.
            size: Bytes of the items, which are in one piece.

        Raises:
            SourceError: Reading from disk failed.
        """
        del offset, size
        return None

    @abstractmethod
    def append(self, number: int, data: array[int] | bytearray) -> None:
        """Append pieces from *number* on, replacing those from there on.

        Raises:
            SourceError: Writing to disk failed; those before are unchanged.
        """

    @abstractmethod
    def write(self, offset: int, data: bytes) -> None:
        """Overwrite bytes of one piece, at an offset from the column's first byte.

        Raises:
            SourceError: Writing to disk failed.
        """

    @property
    @abstractmethod
    def bytes_used(self) -> int:
        """Bytes in memory."""

    @property
    @abstractmethod
    def disk_used(self) -> int:
        """Bytes on disk that belong to this column."""


class SpilledPieces(Store):
    """Pieces in a file that is shared with other columns."""

    def __init__(self, file: SpillFile) -> None:
        self._file = file
        self._offsets = array("Q")

    def read(self, number: int) -> bytes:
        """Read a piece from the file."""
        return self._file.read_at(self._offsets[number], PIECE)

    def read_items(self, offset: int, size: int) -> bytes:
        """Read items of one piece from the file."""
        number, rest = divmod(offset, PIECE)
        return self._file.read_at(self._offsets[number] + rest, size)

    def append(self, number: int, data: array[int] | bytearray) -> None:
        """Write pieces at the end of the file."""
        raw = memoryview(data).cast("B")
        start = self._file.append(raw)
        # An earlier write that failed may have appended some of them.
        del self._offsets[number:]
        self._offsets.extend(range(start, start + len(raw), PIECE))

    def write(self, offset: int, data: bytes) -> None:
        """Write through to the file."""
        number, rest = divmod(offset, PIECE)
        self._file.write_at(self._offsets[number] + rest, data)

    @property
    def bytes_used(self) -> int:
        """Bytes of the offsets of its pieces."""
        return self._offsets.itemsize * len(self._offsets)

    @property
    def disk_used(self) -> int:
        """Bytes of its pieces."""
        return PIECE * len(self._offsets)


class BorrowedPieces(Store):
    """Read-only pieces of bytes elsewhere, such as the cache."""

    is_fixed = True

    def __init__(self, read_at: ReadAt, offset: int, length: int) -> None:
        self._read_at = read_at
        self._offset = offset
        self._length = length

    def read(self, number: int) -> bytes:
        """Read a piece with `read_at`."""
        start = number * PIECE
        length = min(PIECE, self._length - start)
        data = self._read_at(self._offset + start, length)
        if len(data) != length:
            raise lost("it is shorter than it was")
        return data

    def append(self, number: int, data: array[int] | bytearray) -> NoReturn:
        """Refuse."""
        raise TypeError(f"piece {number} of {len(data)} items: they are read only")

    def write(self, offset: int, data: bytes) -> NoReturn:
        """Refuse."""
        raise TypeError(f"{len(data)} bytes at {offset}: they are read only")

    @property
    def bytes_used(self) -> int:
        """None."""
        return 0

    @property
    def disk_used(self) -> int:
        """None of its own."""
        return 0
