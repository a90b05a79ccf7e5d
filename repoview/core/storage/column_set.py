"""The base of data structures made of columns, which can spill or be cached.

To spill, or to read from the cache, their columns are replaced by columns that
read from there.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, ClassVar, Final, TypeAlias

from repoview.core.storage.columns import DiskBytes, DiskNumbers, Spill, bytes_used
from repoview.core.storage.page_cache import PIECE, PIECES, Pieces

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from repoview.core.storage.columns import Bytes, Numbers
    from repoview.core.storage.page_cache import ReadAt

Column: TypeAlias = "Numbers | Bytes"
"""A column, in memory or elsewhere."""

_COLUMNS: Final = 10
"""The approximate number of an index's columns; each buffers less than a piece."""

_FEW: Final = 4
_SHARE: Final = 128
"""An index on disk gets 1/128 of the memory: the block index needs it more."""


def pieces_for(memory: int) -> int:
    """Return how many pieces an index may keep in memory.

    Args:
        memory: The memory limit, in bytes.
    """
    return min(PIECES, max(_FEW, memory // (_SHARE * PIECE)))


def bytes_on_disk(memory: int) -> int:
    """Return an upper bound of the memory that an index on disk takes.

    Args:
        memory: The memory limit, in bytes.
    """
    return PIECE * (pieces_for(memory) + _COLUMNS)


class Packed:
    """A structure of columns, and of parts that are structures of columns."""

    COLUMNS: ClassVar[tuple[str, ...]] = ()
    """Its attributes that are columns."""

    PARTS: ClassVar[tuple[str, ...]] = ()
    """Its attributes that are structures of columns."""

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that it takes, to within a tenth."""
        return bytes_used(*self.columns().values())

    def columns(self) -> dict[str, Column]:
        """Return all its columns by name; those of a part as ``part.name``."""
        found: dict[str, Column] = {name: getattr(self, name) for name in self.COLUMNS}
        for part in self.PARTS:
            inner: Packed = getattr(self, part)
            for name, column in inner.columns().items():
                found[f"{part}.{name}"] = column
        return found

    def lay(self, columns: Mapping[str, Column]) -> None:
        """Replace all columns by others with the same names.

        Args:
            columns: All of them, as `columns` names them.
        """
        for name in self.COLUMNS:
            setattr(self, name, columns[name])
        for part in self.PARTS:
            start = f"{part}."
            inner: Packed = getattr(self, part)
            inner.lay(
                {
                    name.removeprefix(start): column
                    for name, column in columns.items()
                    if name.startswith(start)
                }
            )


class PackedIndex(Packed):
    """A structure of columns that can spill to disk, and grow there."""

    def __init__(self) -> None:
        self._spill: Spill | None = None
        self._pieces: Pieces | None = None
        """The cache of pieces; None while all is in memory."""

    def spill(self, folder: str, pieces: int = PIECES) -> None:
        """Move the columns to disk, and append there; skip those on disk.

        Args:
            folder: Of the temporary file.
            pieces: How many pieces to cache in memory.

        Raises:
            SourceError: Writing to disk failed. Everything is still in memory,
                and may be spilled again once there is space.
        """
        if self._pieces is not None:
            return
        spill = Spill(folder, pieces)
        self.lay({name: spill.take(each) for name, each in self.columns().items()})
        self._spill, self._pieces = spill, spill.pieces

    def lay_over(
        self,
        kept: Callable[[str], tuple[ReadAt, int, int]],
        pieces: Pieces | None = None,
    ) -> None:
        """Read all columns lazily from bytes elsewhere, such as the cache.

        They are read only. Numbers are in the byte order of this machine.

        Args:
            kept: Returns for the name of a column the function that reads its
                bytes, and their offset and length.
            pieces: A cache of pieces to share; None for one of its own.
        """
        pieces = pieces or Pieces()
        self.lay(
            {
                name: _over(old, *kept(name), pieces)
                for name, old in self.columns().items()
            }
        )
        self._pieces = pieces

    def close(self) -> None:
        """Free the disk space: the columns there cannot be read any more."""
        if self._spill is not None:
            self._spill.close()

    @property
    def disk_used(self) -> int:
        """Bytes of disk that it takes."""
        return 0 if self._spill is None else self._spill.disk_used

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that it takes, to within a tenth."""
        pieces = 0 if self._pieces is None else self._pieces.bytes_used
        return pieces + super().bytes_used


def _over(
    column: Column, read_at: ReadAt, offset: int, length: int, pieces: Pieces
) -> Column:
    """Return a read-only column, of the type of another, over bytes elsewhere."""
    if isinstance(column, (array, DiskNumbers)):
        return DiskNumbers.over(column.typecode, read_at, offset, length, pieces)
    return DiskBytes.over(read_at, offset, length, pieces)
