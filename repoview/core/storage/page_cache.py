"""What columns on disk are made of: pieces, wherever these are kept.

A piece is 64 KiB of one column. Some are in the file of an index that left
memory, some in bytes that somebody else keeps; a fixed number of those that
were read last stay in memory.
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
"""Bytes that are read at a time, and that wait in memory to be written."""

PIECES: Final = 32
"""Pieces that the columns of one index keep: what is told of a node is in eight
columns, and a bisection comes back to the same middles."""

ReadAt: TypeAlias = "Callable[[int, int], bytes]"
"""Returns as many bytes as asked for, from an offset."""


class Pieces:
    """The pieces of columns that were read last, for any number of threads.

    Args:
        most: How many are kept, of `PIECE` bytes each.
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
        """Return the number by which a column asks for its pieces."""
        return next(self._columns)

    def get(
        self, column: int, number: int, read: Callable[[int], memoryview]
    ) -> memoryview:
        """Return a piece of a column, as *read* gave it."""
        place = column, number
        # Held while reading too, so that what `forget` drops is never older
        # than what was read in between.
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
        """Return a piece that is in memory, None for another one."""
        place = column, number
        with self._lock:
            piece = self._held.get(place)
            if piece is not None:
                self._held.move_to_end(place)
            return piece

    def forget(self, column: int, number: int) -> None:
        """Read a piece again when it is next asked for."""
        with self._lock:
            self._held.pop((column, number), None)


class Store(ABC):
    """The whole pieces of one column, by number; only the last may be shorter."""

    is_fixed = False
    """Whether nothing can be added."""

    @abstractmethod
    def read(self, number: int) -> bytes:
        """Return a piece.

        Raises:
            SourceError: The disk does not give it.
        """

    def read_item(self, place: int, size: int) -> bytes | None:
        """Return one item, where that is less work than a piece, else None.

        Args:
            place: Counts from the first byte of all.
            size: Of the item, which lies in one piece.

        Raises:
            SourceError: The disk does not give it.
        """
        del place, size
        return None

    @abstractmethod
    def append(self, number: int, data: array[int] | bytearray) -> None:
        """Keep pieces, the first of them by this number, and none behind.

        Raises:
            SourceError: The disk does not take them; those before are as they were.
        """

    @abstractmethod
    def write(self, place: int, data: bytes) -> None:
        """Write over bytes of one piece; *place* counts from the first of all.

        Raises:
            SourceError: The disk does not take them.
        """

    @property
    @abstractmethod
    def bytes_used(self) -> int:
        """Bytes in memory."""

    @property
    @abstractmethod
    def disk_used(self) -> int:
        """Bytes on disk that are this column's own."""


class SpilledPieces(Store):
    """Pieces in a file that other columns fill too."""

    def __init__(self, file: SpillFile) -> None:
        self._file = file
        self._offsets = array("Q")

    def read(self, number: int) -> bytes:
        """Read it from the file."""
        return self._file.read_at(self._offsets[number], PIECE)

    def read_item(self, place: int, size: int) -> bytes:
        """Read it from the file."""
        number, rest = divmod(place, PIECE)
        return self._file.read_at(self._offsets[number] + rest, size)

    def append(self, number: int, data: array[int] | bytearray) -> None:
        """Write them at the end of the file."""
        raw = memoryview(data).cast("B")
        start = self._file.append(raw)
        # A disk that failed may have taken some of them before.
        del self._offsets[number:]
        self._offsets.extend(range(start, start + len(raw), PIECE))

    def write(self, place: int, data: bytes) -> None:
        """Write them to the file at once."""
        number, rest = divmod(place, PIECE)
        self._file.write_at(self._offsets[number] + rest, data)

    @property
    def bytes_used(self) -> int:
        """Bytes of the places of its pieces."""
        return self._offsets.itemsize * len(self._offsets)

    @property
    def disk_used(self) -> int:
        """Bytes of its pieces."""
        return PIECE * len(self._offsets)


class BorrowedPieces(Store):
    """Pieces of bytes that somebody else keeps: they are read only."""

    is_fixed = True

    def __init__(self, read_at: ReadAt, offset: int, length: int) -> None:
        self._read_at = read_at
        self._offset = offset
        self._length = length

    def read(self, number: int) -> bytes:
        """Ask for it."""
        start = number * PIECE
        length = min(PIECE, self._length - start)
        data = self._read_at(self._offset + start, length)
        if len(data) != length:
            raise lost("it is shorter than it was")
        return data

    def append(self, number: int, data: array[int] | bytearray) -> NoReturn:
        """Refuse."""
        raise TypeError(f"piece {number} of {len(data)} items: they are read only")

    def write(self, place: int, data: bytes) -> NoReturn:
        """Refuse."""
        raise TypeError(f"{len(data)} bytes at {place}: they are read only")

    @property
    def bytes_used(self) -> int:
        """None."""
        return 0

    @property
    def disk_used(self) -> int:
        """None of its own."""
        return 0
