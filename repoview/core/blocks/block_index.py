"""The block index, in Python: offset, length, state and `$type` by CID.

A hash table of packed arrays over packed columns: about 40 bytes a block. Over
its budget, the columns go to disk and the hash table becomes a sorted run
there; in memory stay a byte of marks and half a byte of Bloom filter a row.
The compiled twin has a class of the same name; both use the bits of `marks`.

A row has a *tag* in place of its CID: a 16-byte hash of the whole CID under a
random key. So a look-up never reads the file, and without the key a file
cannot be made to hold two CIDs of one tag, or to collide in the hash table.
"""

from __future__ import annotations

import os
from array import array
from hashlib import blake2b
from struct import Struct, iter_unpack
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.blocks.row_columns import (
    Copy,
    RowColumns,
    RowTable,
    head_bytes,
    marked,
)
from repoview.core.blocks.sorted_runs import TAG
from repoview.core.blocks.tag_table import TagTable
from repoview.core.blocks.type_names import MANY, TypeNames
from repoview.core.cid import PLAIN_PREFIX
from repoview.core.marks import DUPLICATE, NO_MARK, NO_ROW, RAW_CODEC, STATE, State
from repoview.core.storage.column_set import pieces_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from repoview.core.storage.columns import Numbers


BLOCK_BYTES: Final = 40
"""Most memory that a block takes, its share of the hash table included."""

PACKED: Final = 30
"""Bytes of a row in packed form."""

PACKED_ROW: Final = Struct("<16sQIBB")
"""Tag, offset, length, head and mark."""

_COPY_BYTES: Final = 16
"""Memory that a copy takes."""

_CHECK_EVERY: Final = 1024
"""Rows between two comparisons with the budget."""


class BlockIndex:
    """CID → row of packed columns; one row a CID.

    Rows are numbered from 0 in the order in which their blocks were met.

    Args:
        budget: Bytes of memory to take, if it can spill; see `bytes_used`.
        threads: Unused: the Python index is filled by one.
        size: Unused: bytes of the source, 0 where unknown.
        spill: Folder of temporary files, used over the budget. Then any method
            may raise `SourceError`.
        pause: Called often where something takes long. What it raises is
            passed on, and the index cannot be used any more.
    """

    def __init__(
        self,
        budget: int = limits.MEMORY,
        threads: int | None = None,
        size: int = 0,
        spill: str | None = None,
        pause: Callable[[], None] | None = None,
    ) -> None:
        del threads, size
        self.budget = budget
        self._folder = spill
        self._pause = pause
        self.sections = 0
        """Blocks met, copies counted."""
        self.duplicates = 0
        self.duplicate_bytes = 0
        self.ascending = True
        self.descending = True
        """Whether every CID so far was greater (smaller) than the one before."""
        self.marks = bytearray()
        """Of each row, its state, codec, and how the tree used it."""
        self.key = os.urandom(16)
        """Of the hash of CIDs; `restored` needs it to use packed rows again."""
        self._tags = TagTable()
        self._rows = RowTable()
        self._types = TypeNames()
        self._last_cid = b""
        self._spent = 0
        """Bytes of the side tables that stay in memory, estimated."""

    @classmethod
    def restored(cls, key: bytes, budget: int, spill: str | None = None) -> BlockIndex:
        """Return an empty index for the rows of one that had this key.

        Its counts (`sections`, `duplicates`, …) are not restored.

        Args:
            key: The other's.
            budget: Bytes of memory to take.
            spill: Folder of temporary files.
        """
        index = cls(budget, spill=spill)
        index.key = key
        return index

    def pack(self, start: int, count: int) -> bytes:
        """Return rows in packed form, `PACKED` bytes each.

        Args:
            start: Number of the first.
            count: How many, if there are so many.
        """
        rows = slice(start, min(start + count, len(self)))
        tags = self._rows.tags[TAG * rows.start : TAG * rows.stop]
        tags += self._tags.packed(rows.start, rows.stop)
        offsets, lengths = self._rows.offsets[rows], self._rows.lengths[rows]
        told = offsets, lengths, self._rows.heads[rows], self.marks[rows]
        return b"".join(
            PACKED_ROW.pack(tag, *each)
            for (tag,), *each in zip(iter_unpack("16s", tags), *told, strict=True)
        )

    def unpack(self, rows: bytes) -> None:
        """Append rows that an index with the same key packed, without `$type`s."""
        for tag, offset, length, head, mark in PACKED_ROW.iter_unpack(rows):
            self._insert(tag, offset, length, mark, 0, head)

    def __len__(self) -> int:
        return len(self.marks)

    def spill_to(self, folder: str, budget: int) -> None:
        """Keep to *budget* bytes from now on; the rest goes to *folder*.

        Raises:
            SourceError: Writing to disk failed.
        """
        self._folder = folder
        self.budget = budget
        # At once: there may be no more rows to trigger it.
        self._keep_to_budget()

    def seal(self, folder: str) -> None:
        """Move all rows so far to temporary files in *folder*.

        Raises:
            SourceError: Writing to disk failed.
        """
        self._rows.spill(folder, pieces_for(self.budget))
        if self._tags.in_memory:
            self._rows.tags.extend(bytes(self._tags.seal(folder, self._pause)))

    def _keep_to_budget(self) -> None:
        """Spill if the index is over its budget and has a folder."""
        if self._folder is None or self.bytes_used <= self.budget:
            return
        # Sealing few rows would free little memory, at the cost of a merge.
        if self._tags.in_memory * BLOCK_BYTES >= self.budget // 4:
            self.seal(self._folder)
        else:
            self._rows.spill(self._folder, pieces_for(self.budget))

    @property
    def bytes_used(self) -> int:
        """Bytes of memory that the index takes at most.

        Close if it can spill, to use all of its budget; otherwise an estimate
        that is the same for both twins.
        """
        if self._folder is None:
            copies = _COPY_BYTES * len(self._rows.copy_rows)
            rows = BLOCK_BYTES * len(self.marks) + copies
        else:
            rows = self._rows.bytes_used + self._tags.bytes_used + len(self.marks)
        return rows + self._types.bytes_used + self._spent

    @property
    def most_bytes(self) -> int:
        """The same, with all blocks that are still being checked added."""
        return self.bytes_used

    @property
    def disk_used(self) -> int:
        """Bytes that the index has on disk."""
        return self._rows.disk_used + self._tags.disk_used

    def settle(self) -> None:
        """Wait until all scanned blocks are in the index: here, they are."""

    def finish(self) -> None:
        """End worker threads: here, none; more blocks may still be added."""

    def spend(self, size: int) -> None:
        """Add *size* bytes of a side table to the memory counted."""
        self._spent += size
        self._keep_to_budget()

    def find(self, cid: bytes) -> int:
        """Return the row of the CID with these 36 bytes, or -1.

        Blocks that are still being checked are not found.
        """
        return self._tags.find(self.tag(cid))

    def tag(self, cid: bytes) -> bytes:
        """Return the tag of a CID in this index."""
        return blake2b(cid, digest_size=16, key=self.key).digest()

    def count_odd(self, duplicate_length: int | None = None) -> None:
        """Count a block that gets no row, for its CID is not of 36 bytes.

        Args:
            duplicate_length: Its bytes, if it was met before.
        """
        self.sections += 1
        self.ascending = self.descending = False
        if duplicate_length is not None:
            self.duplicates += 1
            self.duplicate_bytes += duplicate_length

    def add(
        self, cid: bytes, offset: int, length: int, state: State, type_name: str = ""
    ) -> None:
        """Add the block whose section is at *offset*.

        The first copy that hashes to its CID is kept in the row. A copy that
        does not goes to `copies`, unless it is the only one.

        Args:
            cid: The 36 bytes of a plain or raw CID.
            offset: Where its section begins, in the file.
            length: Bytes of its data, without the CID.
            state: What its bytes say.
            type_name: Its top-level `$type`, or "".
        """
        self.sections += 1
        if cid > self._last_cid:
            self.descending = self.descending and not self._last_cid
        elif cid < self._last_cid:
            self.ascending = False
        self._last_cid = cid
        type_number = self._types.add(type_name)
        tag = self.tag(cid)
        row = self._tags.find(tag)
        if row < 0:
            codec = 0 if cid[1] == PLAIN_PREFIX[1] else RAW_CODEC
            self._insert(tag, offset, length, state | codec, type_number)
            return
        if state is not State.WRONG_HASH:
            if self.marks[row] & STATE != State.WRONG_HASH:
                self.marks[row] |= DUPLICATE
                self.duplicates += 1
                self.duplicate_bytes += length
                return
            # The copy kept so far does not hash to its CID: this one takes its place.
            self.marks[row] = self.marks[row] & ~STATE | state
            offset, length = self._rows.replace(row, offset, length, type_number)
        self._rows.add_copy(row, offset, length)
        self._check_budget(len(self._rows.copy_rows))

    def _insert(
        self,
        tag: bytes,
        offset: int,
        length: int,
        mark: int,
        type_number: int,
        head: int = 0,
    ) -> None:
        self._tags.append(tag)
        self._rows.append(offset, length, type_number, head)
        self.marks.append(mark)
        self._check_budget(len(self.marks))

    def _check_budget(self, count: int) -> None:
        """Compare memory with the budget, once in a thousand rows or copies."""
        if count % _CHECK_EVERY == 0:
            self._keep_to_budget()

    def offset(self, row: int) -> int:
        """Return where the block's section begins in the file."""
        return self._rows.offsets[row]

    def length(self, row: int) -> int:
        """Return how many bytes its data has."""
        return self._rows.lengths[row]

    def lengths(self, rows: array[int]) -> array[int]:
        """Return how many bytes the data of each has; 0 for `NO_ROW`."""
        lengths = self._rows.lengths
        return array("I", [0 if row == NO_ROW else lengths[row] for row in rows])

    def marks_of(self, rows: array[int]) -> bytes:
        """Return the mark of each; `NO_MARK` for `NO_ROW`."""
        marks = self.marks
        return bytes([NO_MARK if row == NO_ROW else marks[row] for row in rows])

    def mark(self, row: int) -> int:
        """Return its state, codec, and how the tree used it, as bits."""
        return self.marks[row]

    @property
    def types(self) -> Numbers:
        """Of each row, the number of its `$type`; 0 for none."""
        return self._rows.types

    def add_mark(self, row: int, bits: int) -> None:
        """Note how the tree used it."""
        self.marks[row] |= bits

    def type_of(self, row: int) -> str | None:
        """Return the block's `$type`: "" for none, None when not kept."""
        return self._types.name(self.types[row])

    def type_number_of(self, name: bytes) -> int:
        """Return the number of the `$type` *name*; -1 for none."""
        return self._types.number(name)

    def data_offset(self, row: int) -> int:
        """Return where the block's data begins in the file."""
        rows = self._rows
        return rows.offsets[row] + head_bytes(rows.lengths[row], rows.heads[row])

    def rows(self, first: int, most: int) -> RowColumns:
        """Return the rows from *first* on, at most *most* of them.

        Without those whose blocks are still being checked.
        """
        rows = slice(first, min(first + most, len(self)))
        offsets, lengths = self._rows.offsets[rows], self._rows.lengths[rows]
        heads = map(head_bytes, lengths, self._rows.heads[rows])
        plain = (
            not mark & (STATE | RAW_CODEC) and 0 < number < MANY
            for mark, number in zip(self.marks[rows], self.types[rows], strict=True)
        )
        starts = array("Q", map(int.__add__, offsets, heads))
        return RowColumns(offsets, starts, lengths, bytes(plain))

    def untyped(self, first: int, most: int) -> array[int]:
        """Return which of *most* rows from *first* on may be nodes or commits."""
        some = self.marks[first : first + most]
        wrong = RAW_CODEC | State.WRONG_HASH
        rows = [first + at for at in marked(some, 0, among=wrong)]
        marks, types = self.marks, self.types
        return array("I", [n for n in rows if marks[n] & STATE or not types[n]])

    def set_padded(self, row: int, head: int) -> None:
        """Note that its section's length is padded to *head* bytes."""
        self._rows.heads[row] = head

    def row_at(self, offset: int) -> int:
        """Return the row of the block whose section begins there, or -1."""
        try:
            return self._rows.offsets.index(offset)
        except ValueError:
            return -1

    def greatest_offset(self) -> int:
        """Return where the last section of a row begins; -1 without rows."""
        return max(self._rows.offsets, default=-1)

    def copies(self) -> Iterable[Copy]:
        """Return the copies that do not hash and are not in a row.

        Lazily: a hostile file has millions.
        """
        return self._rows.copies()
