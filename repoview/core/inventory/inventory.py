"""What one file holds, counted and listed when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from repoview.core.inventory.unlinked import (
    Amount,
    UnlinkedBlock,
    UnlinkedKind,
    count_unlinked,
    unlinked_blocks,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.index.records import RecordIndex
    from repoview.core.inventory.blobs import Blobs
    from repoview.core.load.result import Loaded, Progress
    from repoview.core.opening.room import Room


class Inventory:
    """What the file of one repository holds, beside what the tree needs of it.

    Everything is counted and listed when it is asked for, from the file. Lists
    are yielded one by one, so that they may be of any length. `report` is told
    of progress, and what it raises ends the counting.

    Made by `Repo.inventory`.
    """

    if TYPE_CHECKING:
        _loaded: Loaded
        _records: RecordIndex
        _room: Room

    def __init__(self) -> None:
        raise TypeError("Repo.inventory makes an Inventory")

    @classmethod
    def _make(cls, loaded: Loaded, records: RecordIndex, room: Room) -> Self:
        """Make one.

        Args:
            loaded: The file as it was read, with the marks of the walk.
            records: What the tree links to.
            room: What may be taken of memory and disk.
        """
        self = cls.__new__(cls)
        self._loaded, self._records, self._room = loaded, records, room
        return self

    def blobs(self, report: Callable[[Progress], None] | None = None) -> Blobs:
        """Return the blobs that records refer to; all records are read for it.

        Raises:
            LimitExceeded: There are more than memory, or the disk, may hold.
            SourceError: The file cannot be read, or was changed.
        """
        # Late: few ask for them.
        from repoview.core.inventory.blobs import Blobs  # noqa: PLC0415 (see above)

        return Blobs._make(self._records, self._loaded.blocks, self._room, report)

    def unlinked(
        self, report: Callable[[Progress], None] | None = None
    ) -> Iterator[UnlinkedBlock]:
        """Yield the blocks that nothing links to, in the order of the file.

        Old commits and nodes, records that were deleted or replaced, and others.

        Raises:
            SourceError: The file cannot be read, or was changed.
        """
        return (found for found, _ in unlinked_blocks(self._loaded.blocks, report))

    def unlinked_amounts(
        self, report: Callable[[Progress], None] | None = None
    ) -> dict[UnlinkedKind, Amount]:
        """Return how many blocks nothing links to, and their bytes, by kind.

        Raises:
            SourceError: The file cannot be read, or was changed.
        """
        return count_unlinked(self._loaded.blocks, report)
