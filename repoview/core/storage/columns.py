"""Columns of packed numbers and of bytes, in memory or on disk.

In memory a column is an ``array`` or a ``bytearray``. When it spills, one of the
classes here replaces it, with the same indexing, slicing and appending. It
buffers what was appended last, less than a piece, and shares an LRU cache of
pieces with the other columns of its index.

A column can also be read from bytes elsewhere, such as the cache; it is then
read only.
"""

from __future__ import annotations

from array import array
from typing import (
    TYPE_CHECKING,
    Final,
    Generic,
    TypeAlias,
    TypeVar,
    overload,
)

from repoview.core.storage.page_cache import (
    PIECE,
    PIECES,
    BorrowedPieces,
    Pieces,
    SpilledPieces,
)
from repoview.core.storage.spill_file import SpillFile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from repoview.core.storage.page_cache import ReadAt, Store

_WRITTEN: Final = 16 * PIECE
"""Bytes of a column written at a time when it leaves memory."""

Numbers: TypeAlias = "array[int] | DiskNumbers"
"""A column of packed numbers, in memory or elsewhere."""

Bytes: TypeAlias = "bytearray | DiskBytes"
"""A column of bytes, in memory or elsewhere."""

_READ_ONLY: Final = "this column is stored elsewhere: it is read only"

_Held = TypeVar("_Held", "array[int]", bytearray)
_Given = TypeVar("_Given", "array[int]", bytes)


class _DiskColumn(Generic[_Held, _Given]):
    """The common base of numbers and bytes on disk.

    Any number of threads may read, while one writes.
    """

    def __init__(
        self, store: Store, pieces: Pieces, code: str, stored: int, tail: _Held
    ) -> None:
        self._store = store
        self._pieces = pieces
        self._column = pieces.new_column()
        self.typecode = code
        """The type code of an ``array``; "B" for bytes."""
        self._size = array(code).itemsize
        self._per_piece = PIECE // self._size
        self._near = -1
        """The last piece that was asked for and not cached."""
        # The number of stored items, and the buffered ones: one tuple, so that
        # other threads always see a consistent pair.
        self._ends: tuple[int, _Held] = stored, tail
        self._settle()

    def __len__(self) -> int:
        stored, tail = self._ends
        return stored + len(tail)

    def __iter__(self) -> Iterator[int]:
        for start in range(0, len(self), self._per_piece):
            yield from self[start : start + self._per_piece]

    @overload
    def __getitem__(self, index: int, /) -> int: ...
    @overload
    def __getitem__(self, index: slice, /) -> _Given: ...
    def __getitem__(self, index: int | slice, /) -> int | _Given:
        """Return one item, or a copy of those of a slice.

        Raises:
            SourceError: Reading from disk failed.
        """
        if isinstance(index, slice):
            return self._packed(self._raw(index))
        at, stored, tail = self._located(index)
        if at >= stored:
            item: int = tail[at - stored]
            return item
        few = self._few(at, 1)
        if isinstance(few, bytes):
            return int(array(self.typecode, few)[0])
        found: int = few[at % self._per_piece]
        return found

    def __setitem__(self, index: int, value: int) -> None:
        """Write one item.

        An item on disk is written through. This is rare: only the nodes that
        are still open are changed after their batch.

        Raises:
            SourceError: Writing to disk failed.
        """
        at, stored, tail = self._located(index)
        if at >= stored:
            tail[at - stored] = value
            return
        self._store.write(at * self._size, array(self.typecode, (value,)).tobytes())
        self._pieces.forget(self._column, at // self._per_piece)

    def extend(self, items: _Given, /) -> None:
        """Append items.

        Raises:
            SourceError: Writing to disk failed. The items stay in memory, and
                are written with the next ones.
        """
        if self._store.is_fixed:
            raise TypeError(_READ_ONLY)
        _, tail = self._ends
        tail.extend(items)
        if len(tail) >= self._per_piece:
            self._settle()

    def append(self, item: int, /) -> None:
        """Append one item, as `extend` does."""
        if self._store.is_fixed:
            raise TypeError(_READ_ONLY)
        _, tail = self._ends
        tail.append(item)
        if len(tail) >= self._per_piece:
            self._settle()

    def index(self, value: int, /) -> int:
        """Return the first index of *value*.

        Raises:
            ValueError: There is none.
        """
        for start in range(0, len(self), self._per_piece):
            part = self[start : start + self._per_piece]
            if value in part:
                return start + part.index(value)
        raise ValueError(f"{value} is not in the column")

    @property
    def bytes_used(self) -> int:
        """Bytes in memory, without cached pieces."""
        return self._size * len(self._ends[1]) + self._store.bytes_used

    @property
    def disk_used(self) -> int:
        """Bytes on disk; 0 for a column that is stored elsewhere."""
        return self._store.disk_used

    def _packed(self, raw: bytes) -> _Given:
        raise NotImplementedError

    def _located(self, index: int) -> tuple[int, int, _Held]:
        """Return an index, not negative, with `_ends`."""
        stored, tail = self._ends
        size = stored + len(tail)
        at = index + size if index < 0 else index
        if not 0 <= at < size:
            raise IndexError("column index out of range")
        return at, stored, tail

    def _read(self, number: int) -> memoryview:
        return memoryview(self._store.read(number)).cast(self.typecode)  # type: ignore[call-overload,no-any-return]  # any code of an array

    def _few(self, at: int, count: int) -> bytes | memoryview:
        """Return the bytes of stored items of one piece, or else that piece.

        Random access reads the items alone; the piece is read when it is asked for
        twice in a row, and then cached.
        """
        number = at // self._per_piece
        piece = self._pieces.held(self._column, number)
        if piece is None:
            near, self._near = self._near, number
            if near != number:
                raw = self._store.read_items(at * self._size, count * self._size)
                if raw is not None:
                    return raw
            piece = self._pieces.get(self._column, number, self._read)
        return piece

    def _raw(self, index: slice) -> bytes:
        """Return the bytes of a slice."""
        stored, tail = self._ends
        at, stop, step = index.indices(stored + len(tail))
        if step != 1:
            raise ValueError("a column gives items in a row")
        number, rest = divmod(at, self._per_piece)
        if at < stop <= stored and rest + stop - at < self._per_piece:
            # Most slices are short, and in one piece.
            few = self._few(at, stop - at)
            if isinstance(few, bytes):
                return few
            return few[rest : rest + stop - at].tobytes()
        # A slice as long as a piece would evict pieces that are read often.
        is_kept = stop - at < self._per_piece
        parts: list[memoryview | _Held] = []
        while at < min(stop, stored):
            number, rest = divmod(at, self._per_piece)
            end = min(stop, stored, at - rest + self._per_piece)
            if is_kept:
                piece = self._pieces.get(self._column, number, self._read)
            else:
                piece = self._read(number)
            parts.append(piece[rest : rest + end - at])
            at = end
        if at < stop:
            parts.append(tail[at - stored : stop - stored])
        return b"".join(parts)

    def _settle(self) -> None:
        """Write the whole pieces of the buffer."""
        stored, tail = self._ends
        whole = len(tail) - len(tail) % self._per_piece
        step = _WRITTEN // self._size
        for start in range(0, whole, step):
            number = (stored + start) // self._per_piece
            self._store.append(number, tail[start : min(start + step, whole)])
        if whole:
            self._ends = stored + whole, tail[whole:]


class DiskNumbers(_DiskColumn["array[int]", "array[int]"]):
    """Replaces an ``array`` of numbers."""

    @classmethod
    def over(
        cls, code: str, read_at: ReadAt, offset: int, length: int, pieces: Pieces
    ) -> Self:
        """Return a read-only column over bytes elsewhere.

        Args:
            code: The type code of its ``array``.
            read_at: Returns as many bytes as asked for, from an offset. Called
                by any thread, one at a time; what it raises is passed on.
            offset: Of the numbers, in the byte order of this machine.
            length: Bytes of all the numbers.
            pieces: The cache of pieces.
        """
        tail = array(code)
        store = BorrowedPieces(read_at, offset, length)
        return cls(store, pieces, code, length // tail.itemsize, tail)

    def _packed(self, raw: bytes) -> array[int]:
        return array(self.typecode, raw)


class DiskBytes(_DiskColumn[bytearray, bytes]):
    """Replaces a ``bytearray``; a slice is ``bytes``."""

    @classmethod
    def over(cls, read_at: ReadAt, offset: int, length: int, pieces: Pieces) -> Self:
        """Return a read-only column over bytes elsewhere.

        The arguments are those of `DiskNumbers.over`.
        """
        store = BorrowedPieces(read_at, offset, length)
        return cls(store, pieces, "B", length, bytearray())

    def _packed(self, raw: bytes) -> bytes:
        return raw


class Spill:
    """The file to which the columns of one index spill.

    Args:
        folder: Of the file; see `SpillFile`.
        pieces: How many pieces to cache in memory.

    Raises:
        SourceError: No file can be made there.
    """

    def __init__(self, folder: str, pieces: int = PIECES) -> None:
        self._file = SpillFile(folder)
        self.pieces = Pieces(pieces)
        """The cache of its columns' pieces."""

    def take(self, column: Numbers | Bytes) -> DiskNumbers | DiskBytes:
        """Move a column to disk, and return its replacement; itself, if it is there.

        Raises:
            SourceError: Writing to disk failed; the column is unchanged.
        """
        if isinstance(column, (DiskNumbers, DiskBytes)):
            return column
        store = SpilledPieces(self._file)
        if isinstance(column, bytearray):
            return DiskBytes(store, self.pieces, "B", 0, column)
        return DiskNumbers(store, self.pieces, column.typecode, 0, column)

    @property
    def disk_used(self) -> int:
        """Bytes on disk of all its columns."""
        return self._file.size

    def close(self) -> None:
        """Free the disk space; its columns cannot be read any more."""
        self._file.close()


def bytes_used(*columns: Numbers | Bytes) -> int:
    """Return the bytes of memory that columns take."""
    total = 0
    for column in columns:
        if isinstance(column, array):
            total += column.itemsize * len(column)
        elif isinstance(column, bytearray):
            total += len(column)
        else:
            total += column.bytes_used
    return total
