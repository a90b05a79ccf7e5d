"""What one file holds, counted and listed when it is asked for."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self, TypeAlias

from repoview.core.errors import FormatError, NotFound
from repoview.core.inventory.repeated import (
    count_repeated,
    duplicated_blocks,
    shared_records,
    two_roles,
)
from repoview.core.inventory.sizes import bytes_by_collection, file_sizes
from repoview.core.inventory.streaming import StreamOrder, StreamStep, stream_steps
from repoview.core.inventory.summary import Summary
from repoview.core.inventory.unlinked import (
    Amount,
    UnlinkedBlock,
    UnlinkedKind,
    all_blocks,
    count_unlinked,
    unlinked_blocks,
)
from repoview.core.inventory.walk_order import WalkOrder, walk_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.block_table.table import BlockTable
    from repoview.core.inventory.blobs import Blobs
    from repoview.core.inventory.repeated import (
        DuplicatedBlock,
        SharedRecord,
        TwoRoles,
    )
    from repoview.core.inventory.sizes import FileSizes
    from repoview.core.load.result import Progress
    from repoview.core.opening.opened import Opened
    from repoview.core.opening.room import Room

    Tell: TypeAlias = Callable[[Progress], None] | None


_NOTE: Final = "inventory"


class Inventory:
    """What the file of one repository holds, beside what the tree needs of it.

    Everything is counted and listed when it is asked for, from the file. Lists
    are yielded one by one, so that they may be of any length. `report` is called
    with progress, and what it raises ends the counting.

    Made by `Repo.inventory`.
    """

    if TYPE_CHECKING:
        _opened: Opened
        _room: Room
        _table: Callable[[Tell], BlockTable]

    def __init__(self) -> None:
        raise TypeError("Repo.inventory makes an Inventory")

    @classmethod
    def _make(
        cls, opened: Opened, room: Room, table: Callable[[Tell], BlockTable]
    ) -> Self:
        """Make one.

        Args:
            opened: What is known of the file.
            room: What may be taken of memory and disk.
            table: Returns the table of all blocks, made when first asked for.
        """
        self = cls.__new__(cls)
        self._opened, self._room, self._table = opened, room, table
        return self

    def summary(self, report: Callable[[Progress], None] | None = None) -> Summary:
        """Return all that is counted here, in one value.

        The cache of a repository has it too, once it was asked for.

        Raises:
            SourceError: The file cannot be read, or was changed.
        """
        told = self._opened.notes.get(_NOTE)
        # What another version wrote is counted again.
        with suppress(KeyError, TypeError, ValueError, FormatError):
            if told is not None:
                return Summary.from_json(told)
        found = self._opened.report.findings
        is_limited = any(each.code == "LIM001" for each in found)
        summary = Summary(
            self.sizes(report),
            None if is_limited else self.unlinked_amounts(report),
            *count_repeated(self._opened.blocks, report),
            self.walk_order(report),
        )
        self._opened.notes[_NOTE] = summary.to_json()
        return summary

    def blobs(self, report: Callable[[Progress], None] | None = None) -> Blobs:
        """Return the blobs that records refer to; all records are read for it.

        Raises:
            LimitExceeded: There are more than memory, or the disk, may hold.
            SourceError: The file cannot be read, or was changed.
        """
        opened = self._opened
        # Late: few ask for them.
        from repoview.core.inventory.blobs import Blobs  # noqa: PLC0415 (see above)

        return Blobs._make(opened.records, opened.blocks, self._room, report)

    def unlinked(
        self, report: Callable[[Progress], None] | None = None
    ) -> Iterator[UnlinkedBlock]:
        """Yield the blocks that nothing links to, in the order of the file.

        Old commits and nodes, records that were deleted or replaced, and others.

        Raises:
            SourceError: The file cannot be read, or was changed.
        """
        found = unlinked_blocks(self._opened.blocks, report)
        return (each.block for each in found)

    def blocks(
        self, report: Callable[[Progress], None] | None = None
    ) -> Iterator[UnlinkedBlock]:
        """Yield all blocks, linked or not, each with the kind it looks like.

        In the order of the file. For a file without a tree, which says nothing
        of what its blocks are.

        Raises:
            SourceError: The file cannot be read, or was changed.
        """
        return (each.block for each in all_blocks(self._opened.blocks, report))

    def unlinked_amounts(
        self, report: Callable[[Progress], None] | None = None
    ) -> dict[UnlinkedKind, Amount]:
        """Return how many blocks nothing links to, and their bytes, by kind.

        Raises:
            SourceError: The file cannot be read, or was changed.
        """
        return count_unlinked(self._opened.blocks, report)

    def duplicates(
        self, report: Callable[[Progress], None] | None = None
    ) -> Iterator[DuplicatedBlock]:
        """Yield the blocks that stand in the file more than once, in its order.

        At most a million copies are listed.

        Raises:
            SourceError: The file cannot be read, or was changed.
        """
        return duplicated_blocks(self._opened.blocks, self._table(report))

    def shared(
        self, report: Callable[[Progress], None] | None = None
    ) -> Iterator[SharedRecord]:
        """Yield the record blocks that several keys link to, in file order.

        Raises:
            SourceError: The file cannot be read, or was changed.
        """
        return shared_records(self._opened.blocks, self._opened.records, report)

    def two_roles(
        self, report: Callable[[Progress], None] | None = None
    ) -> Iterator[TwoRoles]:
        """Yield the blocks that are both a node and a record, in file order.

        Raises:
            SourceError: The file cannot be read, or was changed.
        """
        opened = self._opened
        return two_roles(opened.blocks, opened.records, opened.nodes, report)

    def sizes(self, report: Callable[[Progress], None] | None = None) -> FileSizes:
        """Return what the bytes of the file are; the parts add up to it.

        Raises:
            SourceError: The file cannot be read, or was changed.
        """
        return file_sizes(self._opened.loaded, lambda: self._table(report), report)

    def collection_bytes(self) -> Sequence[int]:
        """Return the bytes of the file that the records of each collection take.

        In the order of `Repo.collections`. A block that several keys link to is
        counted for the first of them, so that they add up to `FileSizes.records`;
        `Collection.bytes` counts it for each.
        """
        opened = self._opened
        collections = opened.records.collections()
        return bytes_by_collection(collections, opened.records, opened.loaded)

    def walk_order(
        self, report: Callable[[Progress], None] | None = None
    ) -> WalkOrder | None:
        """Return where the blocks leave walk order, and what that costs a reader.

        The cost is what a streaming reader has to buffer. None without a tree,
        and where a limit ended the walk.

        Raises:
            SourceError: The file cannot be read, or was changed.
        """
        opened = self._opened
        if opened.report.order is None:
            return None
        if self._is_plainly_in_order():
            return WalkOrder(None, 0, 0)
        return walk_order(
            opened.blocks,
            opened.records,
            opened.nodes,
            None if opened.commit is None else opened.commit.cid,
            lambda: self._table(report),
            report,
        )

    def stream_steps(self, order: StreamOrder = "file") -> Iterator[StreamStep]:
        """Yield what a streaming reader does with each block as it comes.

        Args:
            order: In which they come: as in the file; or, of those that the tree
                uses, as the walk wants them, or by their CIDs.

        Raises:
            LimitExceeded: There are too many to sort them by CID.
            NotFound: There is no tree, or a limit ended the walk.
            SourceError: The source was changed.
        """
        opened = self._opened
        if opened.report.order is None:
            raise NotFound("there is no tree that was walked to its end")
        commit = None if opened.commit is None else opened.commit.cid
        tree = opened.blocks, opened.records, opened.nodes
        return stream_steps(*tree, commit, order)

    def _is_plainly_in_order(self) -> bool:
        """Tell whether each block is used as it comes, without comparing orders."""
        counts, index = self._opened.report.counts, self._opened.blocks.index
        others = (
            counts.unlinked_blocks
            + counts.missing_nodes
            + counts.missing_records
            + counts.damaged_nodes
            + counts.damaged_records
        )
        is_walked = self._opened.report.order == "preorder"
        # A copy that does not hash may stand in front of one that does.
        return is_walked and not others and not any(True for _ in index.copies())
