"""What is made of columns: it can go to disk, and come back from a cache.

Either way the same names stand for other columns, and all else stays as it is.
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
"""A column, wherever it is."""

_COLUMNS: Final = 10
"""Columns of an index, about; of each, not yet a piece waits in memory."""

_FEW: Final = 4
_SHARE: Final = 128
"""Of the memory, a piece in so many is for an index on disk: what the block
index has of it is worth more."""


def pieces_for(memory: int) -> int:
    """Return how many pieces an index may keep that it read last.

    Args:
        memory: Bytes that all may take together.
    """
    return min(PIECES, max(_FEW, memory // (_SHARE * PIECE)))


def bytes_on_disk(memory: int) -> int:
    """Return what an index on disk takes of memory at most.

    Args:
        memory: Bytes that all may take together.
    """
    return PIECE * (pieces_for(memory) + _COLUMNS)


class Packed:
    """Something made of columns, and of parts that are made of columns."""

    COLUMNS: ClassVar[tuple[str, ...]] = ()
    """Its attributes that are columns."""

    PARTS: ClassVar[tuple[str, ...]] = ()
    """Its attributes that are made of columns."""

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that it takes, to within a tenth."""
        return bytes_used(*self.columns().values())

    def columns(self) -> dict[str, Column]:
        """Return all its columns by name, a part's behind the name of the part."""
        found: dict[str, Column] = {name: getattr(self, name) for name in self.COLUMNS}
        for part in self.PARTS:
            inner: Packed = getattr(self, part)
            for name, column in inner.columns().items():
                found[f"{part}.{name}"] = column
        return found

    def lay(self, columns: Mapping[str, Column]) -> None:
        """Put other columns in the place of those with the same names.

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
    """One that can go to disk, and goes on there."""

    def __init__(self) -> None:
        self._spill: Spill | None = None
        self._pieces: Pieces | None = None
        """What was read last; None while all is in memory."""

    def spill(self, folder: str, pieces: int = PIECES) -> None:
        """Go to disk, and go on there; what is there already stays as it is.

        Args:
            folder: Where the file lies; it has no name.
            pieces: How many of those that were read last are to be kept.

        Raises:
            SourceError: The disk does not take it. All is in memory as before,
                and may be spilled again once there is room.
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
        """Read all columns from bytes that somebody else keeps, when asked for.

        Nothing can be added any more. Numbers are packed as this machine does.

        Args:
            kept: Returns for the name of a column what reads its bytes, where
                these begin, and how many there are.
            pieces: Keeps what was read last; None for some of its own.
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
        """Give the disk its room back: what went there is gone."""
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
    """Return a column like another over bytes that somebody else keeps."""
    if isinstance(column, (array, DiskNumbers)):
        return DiskNumbers.over(column.typecode, read_at, offset, length, pieces)
    return DiskBytes.over(read_at, offset, length, pieces)
