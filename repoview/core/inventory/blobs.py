"""The blobs that the records of a repository refer to: a ledger by CID.

All records are read once, and each reference becomes an item of an external
sort, so that there may be millions of them. The items of one blob then follow
each other, whatever records they are of.
"""

from __future__ import annotations

import os
from heapq import merge
from itertools import chain, groupby
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from repoview.core import limits
from repoview.core.cid import CID_BYTES
from repoview.core.closing import Closing
from repoview.core.formats.blob_refs import blob_refs, may_have_blobs
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.inventory.blob_check import checked
from repoview.core.inventory.blob_folder import HashedFolder
from repoview.core.inventory.blob_items import RefItem, cid_of, pack_ref, unpack
from repoview.core.inventory.blob_ledger import blob_of
from repoview.core.kernel.batches import blocks_by_batch
from repoview.core.load.result import Progress
from repoview.core.marks import RAW_CODEC, STATE, State
from repoview.core.storage.sorted_bytes import SortedBytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.index.records import RecordIndex
    from repoview.core.inventory.blob_check import CheckedBlob
    from repoview.core.inventory.blob_folder import Unreadable
    from repoview.core.inventory.blob_ledger import Blob
    from repoview.core.opening.room import Room

AT_ONCE: Final = 1 << 12
"""Records read between two reports."""

_READ: Final = 4 * limits.MiB
"""Bytes of blocks read at a time."""

_SHARE: Final = 8
"""Share of the memory limit for the sort, one n-th."""

MOST_MEMORY: Final = 64 * limits.MiB
"""Bytes of memory for the sort: with more it is no faster."""

MOST_FAULTS: Final = 100
"""Faulty references that are kept; the rest are counted."""


class BlobFault(NamedTuple):
    """A malformed reference to a blob, or one that contradicts another."""

    number: int
    """Of the record."""

    why: str


class Blobs(Closing):
    """The blobs that records refer to, in the order of their CIDs.

    They are sorted in memory, and past an eighth of the memory limit on disk;
    closing frees that. Made by `Repo.blobs`.
    """

    if TYPE_CHECKING:
        references: int
        """References to a CID, each as often as records have it."""
        legacy: int
        """Those of them that are of the older form."""
        faults: int
        """References that are not as they should be."""
        faults_first: list[BlobFault]
        """The first hundred of these, in key order."""
        unread: int
        """Records that could not be looked into: their blocks are not there, or
        do not hash to their CIDs."""
        _sorted: SortedBytes
        _room: Room
        _apart: tuple[int, int] | None

    def __init__(self) -> None:
        raise TypeError("Repo.blobs() makes Blobs")

    @classmethod
    def _make(
        cls,
        records: RecordIndex,
        blocks: Blocks,
        room: Room,
        report: Callable[[Progress], None] | None = None,
    ) -> Self:
        """Look for them in all records.

        Args:
            records: To look through.
            blocks: Where their blocks are.
            room: What may be taken of memory and disk.
            report: Called with progress, in records; what it raises ends it.

        Raises:
            LimitExceeded: There are more than may be kept.
            SourceError: The source or the disk cannot be read.
        """
        self = cls.__new__(cls)
        self.references = self.legacy = self.faults = self.unread = 0
        self.faults_first = []
        self._room = room
        self._sorted = _new_sort(room)
        handle = blocks.source.handle
        self._apart = None if handle is None else handle[1:]
        try:
            for number, data, is_sound in _record_blocks(records, blocks, report):
                self._take(number, data, is_sound=is_sound)
        except BaseException:
            self.close()
            raise
        return self

    def _take(self, number: int, data: bytes | None, *, is_sound: bool) -> None:
        """Keep the references in one record."""
        if data is None:
            self.unread += 1
            return
        if not may_have_blobs(data):
            return
        value = dagcbor.decode_sound(data) if is_sound else dagcbor.diagnose(data).value
        for ref in blob_refs(value):
            if ref.fault is not None:
                self.faults += 1
                if len(self.faults_first) < MOST_FAULTS:
                    self.faults_first.append(BlobFault(number, ref.fault))
            if ref.cid is not None:
                self.references += 1
                self.legacy += ref.is_legacy
                self._sorted.add(pack_ref(ref, ref.cid, number))

    def __iter__(self) -> Iterator[Blob]:
        """Yield them, as often as one likes.

        Raises:
            SourceError: What is on disk cannot be read.
        """
        for _, items in groupby(self._sorted, cid_of):
            refs = map(unpack, items)
            yield blob_of(ref for ref in refs if isinstance(ref, RefItem))

    def check(
        self,
        folder: str | os.PathLike[str],
        report: Callable[[Progress], None] | None = None,
    ) -> BlobCheck:
        """Hash all files of a folder, and those below it, and compare.

        Args:
            folder: Its files may be named by their CIDs, or in any other way.
            report: Called with progress, in bytes; what it raises ends it.

        Raises:
            LimitExceeded: There are more files than memory and disk may hold.
            SourceError: The folder cannot be read.
        """
        hashed = HashedFolder(os.fspath(folder), self._apart, report)
        files = _new_sort(self._room)
        try:
            for item in hashed.items():
                files.add(item)
        except BaseException:
            files.close()
            raise
        return BlobCheck._make(self._sorted, files, hashed)

    def close(self) -> None:
        """Free memory and disk; nothing can be iterated any more."""
        self._sorted.close()


class BlobCheck(Closing):
    """What a folder has of the blobs, in the order of their CIDs.

    Made by `Blobs.check`, and good until these are closed.
    """

    if TYPE_CHECKING:
        _refs: SortedBytes
        _files: SortedBytes
        files: int
        """Files that were hashed."""
        unreadable: int
        """Files and folders that could not be read."""
        unreadable_first: list[Unreadable]
        """The first hundred of these."""

    def __init__(self) -> None:
        raise TypeError("Blobs.check() makes a BlobCheck")

    @classmethod
    def _make(cls, refs: SortedBytes, files: SortedBytes, hashed: HashedFolder) -> Self:
        """Make one of sorted references and files."""
        self = cls.__new__(cls)
        self._refs, self._files = refs, files
        self.files = hashed.files
        self.unreadable = hashed.unreadable
        self.unreadable_first = hashed.unreadable_first
        return self

    def __iter__(self) -> Iterator[CheckedBlob]:
        """Yield each blob, and each file that no record refers to.

        Raises:
            SourceError: What is on disk cannot be read.
        """
        return checked(merge(self._refs, self._files))

    def close(self) -> None:
        """Free memory and disk."""
        self._files.close()


def _new_sort(room: Room) -> SortedBytes:
    memory = min(room.memory // _SHARE, MOST_MEMORY)
    return SortedBytes(memory, room.folder, room.disk)


def _record_blocks(
    records: RecordIndex,
    blocks: Blocks,
    report: Callable[[Progress], None] | None,
) -> Iterator[tuple[int, bytes | None, bool]]:
    """Yield number and data of each record, and whether that is plainly sound.

    The data is None where it cannot be had.
    """
    total = len(records)
    for start in range(0, total, AT_ONCE):
        if report is not None:
            report(Progress("blobs", start, total, start))
        rows = records.rows[start : min(start + AT_ONCE, total)]
        marks = blocks.index.marks_of(rows)
        read = chain.from_iterable(blocks_by_batch(blocks, rows, _READ))
        for number, mark, block in zip(range(start, total), marks, read, strict=False):
            if block is not None:
                is_sound = not mark & (STATE | RAW_CODEC)
                yield number, block[CID_BYTES:], is_sound
            else:
                yield number, _odd_data(records, blocks, number), False


def _odd_data(records: RecordIndex, blocks: Blocks, number: int) -> bytes | None:
    """Return the data of a record whose CID is not of the 36-byte form."""
    cid = records.missing.get(number) if len(blocks.odd) else None
    odd = None if cid is None else blocks.odd.get(cid.raw)
    if odd is None or odd.state is State.WRONG_HASH:
        return None
    return blocks.read_at(odd.data_offset, odd.length)
