"""The block index, in Python: what is known of each block, by CID.

`BlockIndex` maps a CID to a row: offset, length, state, `$type`. Rows are
columns of packed arrays, and the hash table over them is one too, so a block
costs about 40 bytes whatever it holds. The compiled twin has a class of the
same name; the bits and values that both know stand here.

A row names its CID by a *tag*: 16 bytes of a hash of the whole CID, under a
key drawn for the index. Nobody without the key can find two CIDs with one tag,
or aim at a place in the table, and a link is compared whole without a look at
the file.
"""

from __future__ import annotations

import os
from array import array
from enum import IntEnum
from hashlib import blake2b
from struct import Struct, iter_unpack
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core import limits, varint
from repoview.core.cid import PLAIN_PREFIX
from repoview.core.tags import Tags

if TYPE_CHECKING:
    from collections.abc import Iterator


class State(IntEnum):
    """What is known of a block from its bytes alone."""

    SOUND = 0
    """Hashes to its CID, and no rule of encoding or size has a word to say."""

    UNSOUND = 1
    """Hashes, but something about it is, or may be, a finding."""

    WRONG_HASH = 2
    """The bytes are not those that the CID names."""


STATE: Final = 0b11
RAW_CODEC: Final = 1 << 2
RECORD: Final = 1 << 3
"""Linked to as a record."""
AGAIN: Final = 1 << 4
"""Linked to as a record by a second key."""
NODE: Final = 1 << 5
"""Entered as a node."""
DUPLICATE: Final = 1 << 6
"""A second copy was met."""
COMMIT: Final = 1 << 7
"""Taken as the commit."""
LINKED: Final = RECORD | NODE | COMMIT
"""The bits of `BlockIndex.marks`: state, codec, and how the tree used it."""

NO_ROW: Final = 0xFFFF_FFFF
"""Stands in packed arrays for "no block"."""

BLOCK_BYTES: Final = 40
"""What a block costs in an index at most, its share of the hash table in it."""

PACKED: Final = 29
"""Bytes of a row in packed form."""

_ROW: Final = Struct("<16sQIB")
_MAX_TYPES: Final = 0xFF00
_MANY_TYPES: Final = 0xFFFF
"""Type number of a block whose `$type` found no place in the table."""


class RowColumns(NamedTuple):
    """Rows of an index that follow each other, in packed columns."""

    offsets: array[int]
    """Of the sections."""

    starts: array[int]
    """Of their data."""

    lengths: array[int]
    """Of their data, in bytes."""

    typed: bytes
    """1 for a sound block, no raw one, with a `$type` that is kept: else 0."""


class Copy(NamedTuple):
    """A copy of a block that does not hash; another copy may."""

    row: int
    offset: int
    length: int


class BlockIndex:
    """CID → row of packed columns; one row a CID.

    Rows are numbered from 0 in the order in which their blocks were met.

    Args:
        budget: Bytes it should take, where it can spill; see `bytes_used`.
        threads: How many may fill it; one does.
        size: Bytes of the source that fills it, where that is known; to make
            room before it is needed.
        spill: A folder where the compiled twin goes on in sorted runs on disk
            when the budget is spent. This one stays in memory.
    """

    def __init__(
        self,
        budget: int = limits.MEMORY,
        threads: int | None = None,
        size: int = 0,
        spill: str | None = None,
    ) -> None:
        del threads, size, spill
        self.budget = budget
        self.sections = 0
        """Blocks met, copies counted."""
        self.duplicates = 0
        self.duplicate_bytes = 0
        self.ascending = True
        self.descending = True
        """Whether every CID so far was greater (smaller) than the one before."""
        self.types = array("H")
        """Of each row, the number of its `$type`; 0 for none."""
        self.type_numbers: dict[str, int] = {"": 0}
        self.marks = bytearray()
        """Of each row, its state, codec, and how the tree used it."""
        self.key = os.urandom(16)
        """Under which CIDs are hashed: whoever takes its rows up again needs it."""
        self._tags = Tags()
        self._offsets = array("Q")
        self._lengths = array("I")
        self._type_names: list[str] = [""]
        self.padded: dict[int, int] = {}
        """Row → bytes of its section's length, where that is not minimal."""
        self._copies: list[Copy] = []
        self._last_cid = b""
        self._spent = 0
        """Bytes of the side tables, estimated."""

    @classmethod
    def restored(cls, key: bytes, budget: int, spill: str | None = None) -> BlockIndex:
        """Return an empty index for the rows of one that had this key.

        What is counted while an index is filled is not known of this one.

        Args:
            key: The other's.
            budget: Bytes it should take.
            spill: A folder for what is over it.
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
        stop = min(start + count, len(self))
        tags = iter_unpack("16s", self._tags.packed(start, stop))
        rows = slice(start, stop)
        columns = self._offsets[rows], self._lengths[rows], self.marks[rows]
        return b"".join(
            _ROW.pack(tag, offset, length, mark)
            for (tag,), offset, length, mark in zip(tags, *columns, strict=True)
        )

    def unpack(self, rows: bytes) -> None:
        """Take in rows that another index gave, which had the same key.

        Of what types they are is not among what it gave.
        """
        for tag, offset, length, mark in _ROW.iter_unpack(rows):
            self._insert(tag, offset, length, mark, 0)

    def __len__(self) -> int:
        return len(self.marks)

    def spill_to(self, folder: str, budget: int) -> None:
        """Go on in *folder* when the budget is spent: here, stay in memory."""
        del folder
        self.budget = budget

    @property
    def bytes_used(self) -> int:
        """Bytes that the index takes at most."""
        return len(self.marks) * BLOCK_BYTES + self._spent

    @property
    def most_bytes(self) -> int:
        """The same, once all blocks that are still being looked at are in it."""
        return self.bytes_used

    @property
    def disk_used(self) -> int:
        """Bytes that the index has on disk: here, none."""
        return 0

    def settle(self) -> None:
        """Take in all blocks that are still being looked at: here, none."""

    def finish(self) -> None:
        """Let go what was needed to take in blocks; more may still be added."""

    def spend(self, size: int) -> None:
        """Count *size* bytes of a side table among those used."""
        self._spent += size

    def find(self, cid: bytes) -> int:
        """Return the row of the CID with these 36 bytes, or -1.

        Blocks that are still being looked at are not found.
        """
        return self._tags.find(self._tag(cid))

    def _tag(self, cid: bytes) -> bytes:
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
        """Take in one block met at *offset* (of its section).

        The first copy that hashes is kept. A copy that does not hash beside
        one that does, or beside another that does not, is remembered apart.

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
        type_number = self._type_number(type_name)
        tag = self._tag(cid)
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
            # The copy kept so far does not hash: this one takes its place.
            self.marks[row] = self.marks[row] & ~STATE | state
            self.types[row] = type_number
            old = self._offsets[row], self._lengths[row]
            self._offsets[row], self._lengths[row] = offset, length
            self.padded.pop(row, None)
            offset, length = old
        self._copies.append(Copy(row, offset, length))
        self.spend(16)

    def _insert(
        self, tag: bytes, offset: int, length: int, mark: int, type_number: int
    ) -> None:
        self._tags.append(tag)
        self._offsets.append(offset)
        self._lengths.append(length)
        self.marks.append(mark)
        self.types.append(type_number)

    def _type_number(self, name: str) -> int:
        number = self.type_numbers.get(name)
        if number is None:
            number = len(self._type_names)
            if number >= _MAX_TYPES or len(name) > limits.MAX_NSID:
                return _MANY_TYPES
            self._type_names.append(name)
            self.type_numbers[name] = number
            self.spend(2 * len(name.encode()) + 200)
        return number

    def offset(self, row: int) -> int:
        """Return where the block's section begins in the file."""
        return self._offsets[row]

    def length(self, row: int) -> int:
        """Return how many bytes its data has."""
        return self._lengths[row]

    def lengths(self, rows: array[int]) -> array[int]:
        """Return how many bytes the data of each has; 0 for `NO_ROW`."""
        lengths = self._lengths
        return array("I", [0 if row == NO_ROW else lengths[row] for row in rows])

    def mark(self, row: int) -> int:
        """Return its state, codec, and how the tree used it, as bits."""
        return self.marks[row]

    def add_mark(self, row: int, bits: int) -> None:
        """Note how the tree used it."""
        self.marks[row] |= bits

    def type_of(self, row: int) -> str | None:
        """Return the block's `$type`: "" for none, None when not kept."""
        number = self.types[row]
        return None if number == _MANY_TYPES else self._type_names[number]

    def type_number_of(self, name: bytes) -> int:
        """Return the number of the `$type` that reads as *name*; -1 for none."""
        try:
            return self.type_numbers.get(name.decode(), -1)
        except UnicodeDecodeError:
            return -1

    def data_offset(self, row: int) -> int:
        """Return where the block's data begins in the file."""
        length = self._lengths[row] + 36
        head = self.padded.get(row) or varint.size_of(length)
        return self._offsets[row] + head + 36

    def rows(self, first: int, most: int) -> RowColumns:
        """Return the rows from *first* on, at most *most* of them.

        Those whose blocks are still being looked at are not among them.
        """
        stop = min(first + most, len(self))
        numbers = range(first, stop)
        plain = (
            not self.marks[row] & (STATE | RAW_CODEC)
            and 0 < self.types[row] < _MANY_TYPES
            for row in numbers
        )
        return RowColumns(
            self._offsets[first:stop],
            array("Q", map(self.data_offset, numbers)),
            self._lengths[first:stop],
            bytes(plain),
        )

    def set_padded(self, row: int, head: int) -> None:
        """Note that the length of its section takes *head* bytes, too many."""
        self.padded[row] = head

    def row_at(self, offset: int) -> int:
        """Return the row of the block whose section begins there, or -1."""
        try:
            return self._offsets.index(offset)
        except ValueError:
            return -1

    def greatest_offset(self) -> int:
        """Return where the last section of a row begins; -1 without rows."""
        return max(self._offsets, default=-1)

    def rows_marked(self, wanted: int, *, among: int) -> Iterator[int]:
        """Yield the rows whose marks, under the mask *among*, equal *wanted*."""
        table = bytes(1 if mark & among == wanted else 0 for mark in range(256))
        hits = self.marks.translate(table)
        row = hits.find(1)
        while row >= 0:
            yield row
            row = hits.find(1, row + 1)

    def copies(self) -> list[Copy]:
        """Return the copies that do not hash and are no row's own."""
        return self._copies
