"""Blocks by CID: where their bytes are, and what is known of them.

`BlockIndex` maps 16 bytes of digest to a row: offset, length, state, `$type`.
Rows are columns of packed arrays, and the hash table over them is one too, so
a block costs about 40 bytes whatever it holds. `Blocks` adds the bytes, which
stay where they are: in the source, read when asked for.

Sixteen bytes are enough that nobody can find two digests alike, and the table
is ordered by Python's keyed hash, so that nobody can aim at its slots.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core import limits, varint
from repoview.core.cid import PLAIN_PREFIX, RAW_PREFIX, Cid
from repoview.core.errors import LimitExceeded, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.source import Source


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

ROW_BYTES: Final = 16 + 8 + 4 + 1 + 2
_SEGMENTS: Final = 64
_FIRST_SLOTS: Final = 8
_MAX_TYPES: Final = 0xFFFF
_NO_TYPE: Final = 0
_MANY_TYPES: Final = 0xFFFF
"""Type number of a block whose `$type` found no place in the table."""


class Copy(NamedTuple):
    """A copy of a block that does not hash; another copy may."""

    row: int
    offset: int
    length: int


class BlockIndex:
    """Digest and codec → row of packed columns; one row a CID.

    Args:
        budget: Bytes it may take; `add` raises `LimitExceeded` beyond.
    """

    def __init__(self, budget: int = limits.INDEX_BUDGET) -> None:
        self.budget = budget
        self.digests = bytearray()
        self.offsets = array("Q")
        self.lengths = array("I")
        self.marks = bytearray()
        self.types = array("H")
        self.type_names: list[str] = [""]
        self.type_numbers: dict[str, int] = {"": _NO_TYPE}
        self.padded: dict[int, int] = {}
        """Row → bytes of its section's length, where that is not minimal."""
        self.bad_copies: tuple[array[int], array[int], array[int]] = (
            array("I"),
            array("Q"),
            array("I"),
        )
        """Copies beside a row's own that do not hash: row, offset, length."""
        self.sections = 0
        """Blocks met, copies counted."""
        self.duplicates = 0
        self.duplicate_bytes = 0
        self.ascending = True
        self.descending = True
        """Whether every CID so far was greater (smaller) than the one before."""
        self._last_cid = b""
        self._slots = [array("I", bytes(4 * _FIRST_SLOTS)) for _ in range(_SEGMENTS)]
        self._used = [0] * _SEGMENTS
        self._spent = 0
        """Bytes of the side tables, estimated."""

    def __len__(self) -> int:
        return len(self.marks)

    @property
    def bytes_used(self) -> int:
        """Bytes the index takes, to within a tenth."""
        slots = sum(map(len, self._slots)) * 4
        return len(self.marks) * ROW_BYTES + slots + self._spent

    def spend(self, size: int) -> None:
        """Count *size* bytes of a side table against the budget."""
        self._spent += size
        self.check_budget()

    def check_budget(self) -> None:
        """Raise `LimitExceeded` when the budget is spent."""
        if self.bytes_used > self.budget:
            raise LimitExceeded(
                f"the index of {len(self):,} blocks is over its limit of "
                f"{self.budget:,} bytes: give it more with --mem-limit"
            )

    def find(self, cid: bytes) -> int:
        """Return the row of the CID with these 36 bytes, or -1."""
        raw = cid[1] != PLAIN_PREFIX[1]
        digest = cid[4:20]
        hashed = hash(digest)
        slots = self._slots[hashed % _SEGMENTS]
        size = len(slots)
        slot = (hashed >> 8) % size
        digests, marks = self.digests, self.marks
        while row := slots[slot]:
            start = row * 16
            if (
                digests[start - 16 : start] == digest
                and bool(marks[row - 1] & RAW_CODEC) is raw
            ):
                return row - 1
            slot += 1
            if slot == size:
                slot = 0
        return -1

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

        Raises:
            LimitExceeded: The budget is spent.
        """
        self.sections += 1
        if cid > self._last_cid:
            self.descending = self.descending and not self._last_cid
        elif cid < self._last_cid:
            self.ascending = False
        self._last_cid = cid
        row = self.find(cid)
        if row < 0:
            self._insert(cid, offset, length, state, type_name)
            return
        if state is not State.WRONG_HASH:
            if self.marks[row] & STATE != State.WRONG_HASH:
                self.marks[row] |= DUPLICATE
                self.duplicates += 1
                self.duplicate_bytes += length
                return
            # The copy kept so far does not hash: this one takes its place.
            state, was = State(self.marks[row] & STATE), state
            self.marks[row] = self.marks[row] & ~STATE | was
            self.types[row] = self._type_number(type_name)
            old = self.offsets[row], self.lengths[row]
            self.offsets[row], self.lengths[row] = offset, length
            self.padded.pop(row, None)
            offset, length = old
        for column, value in zip(self.bad_copies, (row, offset, length), strict=True):
            column.append(value)
        self.spend(16)

    def _insert(
        self, cid: bytes, offset: int, length: int, state: State, type_name: str
    ) -> None:
        # First of all, for it may find the budget spent.
        type_number = self._type_number(type_name)
        digest = cid[4:20]
        self.digests += digest
        self.offsets.append(offset)
        self.lengths.append(length)
        codec = 0 if cid[1] == PLAIN_PREFIX[1] else RAW_CODEC
        self.marks.append(state | codec)
        self.types.append(type_number)
        hashed = hash(digest)
        segment = hashed % _SEGMENTS
        self._used[segment] += 1
        # Segments grow by half, one by one: the table never doubles as a whole.
        if self._used[segment] * 5 > len(self._slots[segment]) * 4:
            self._grow(segment)
        _place(self._slots[segment], hashed, len(self.marks))
        if len(self.marks) % 1024 == 0:
            self.check_budget()

    def _grow(self, segment: int) -> None:
        old = self._slots[segment]
        size = len(old) + len(old) // 2 + 1
        new = array("I", bytes(4 * size))
        for row in old:
            if row:
                digest = bytes(self.digests[row * 16 - 16 : row * 16])
                _place(new, hash(digest), row)
        self._slots[segment] = new

    def _type_number(self, name: str) -> int:
        number = self.type_numbers.get(name)
        if number is None:
            number = len(self.type_names)
            if number >= _MAX_TYPES or len(name) > limits.MAX_NSID:
                return _MANY_TYPES
            self.type_names.append(name)
            self.type_numbers[name] = number
            self.spend(2 * sys.getsizeof(name) + 100)
        return number

    def state(self, row: int) -> State:
        """Return what the bytes of the block said."""
        return State(self.marks[row] & STATE)

    def type_of(self, row: int) -> str | None:
        """Return the block's `$type`: "" for none, None when not kept."""
        number = self.types[row]
        return None if number == _MANY_TYPES else self.type_names[number]

    def data_offset(self, row: int) -> int:
        """Return where the block's data begins in the file."""
        length = self.lengths[row] + 36
        head = self.padded.get(row) or varint.size_of(length)
        return self.offsets[row] + head + 36

    def rows_marked(self, wanted: int, *, among: int) -> Iterator[int]:
        """Yield the rows whose marks, under the mask *among*, equal *wanted*."""
        table = bytes(1 if mark & among == wanted else 0 for mark in range(256))
        hits = self.marks.translate(table)
        row = hits.find(1)
        while row >= 0:
            yield row
            row = hits.find(1, row + 1)

    def marks_counted(self) -> dict[int, int]:
        """Return how many rows have each combination of marks."""
        return dict(Counter(self.marks))

    def copies(self) -> Iterator[Copy]:
        """Yield the copies that do not hash and are no row's own."""
        yield from map(Copy, *self.bad_copies)


def _place(slots: array[int], hashed: int, row: int) -> None:
    size = len(slots)
    slot = (hashed >> 8) % size
    while slots[slot]:
        slot += 1
        if slot == size:
            slot = 0
    slots[slot] = row


@dataclass(frozen=True, slots=True)
class OddBlock:
    """A block whose CID is not of the 36-byte form."""

    cid: Cid
    offset: int
    """Of its section."""

    data_offset: int
    length: int
    state: State | None
    """None when its hash function is not known to us."""

    code: str | None = None
    """The finding that its CID gave, if any."""


ODD_BYTES: Final = 500
"""What an odd block takes in its table, roughly."""


class Blocks:
    """The blocks of one source: index, odd ones, and their bytes."""

    def __init__(self, index: BlockIndex, source: Source) -> None:
        self.index = index
        self.source = source
        self.odd: dict[bytes, OddBlock] = {}
        self.odd_linked: set[bytes] = set()
        """Those of them that the tree links to."""

    def add_odd(self, block: OddBlock) -> None:
        """Take in a block whose CID is not of the 36-byte form; first wins."""
        self.index.sections += 1
        self.index.ascending = self.index.descending = False
        if block.cid.raw in self.odd:
            self.index.duplicates += 1
            self.index.duplicate_bytes += block.length
            return
        self.odd[block.cid.raw] = block
        self.index.spend(ODD_BYTES)

    def find(self, cid: bytes) -> int:
        """Return the row of the CID with these 36 bytes, or -1.

        The index compares half of the digest, which tells blocks apart but not
        links: anybody can write a link whose other half differs. So the whole
        CID is compared with the one that stands before the block.
        """
        row = self.index.find(cid)
        if row >= 0:
            start = self.index.data_offset(row) - 36
            if self.source.read_at(start, 36) != cid:
                return -1
        return row

    def read(self, row: int) -> bytes:
        """Return the data of the block in *row*, as the source has it now.

        Raises:
            SourceError: The source has become shorter.
        """
        return self.read_at(self.index.data_offset(row), self.index.lengths[row])

    def read_at(self, offset: int, length: int) -> bytes:
        """Return *length* bytes of the source, or raise `SourceError`."""
        data = self.source.read_at(offset, length)
        if len(data) != length:
            raise SourceError(
                f"{self.source.name} ends at byte {offset + len(data):,} now: "
                "it was changed while it was open; open it again"
            )
        return data

    def cid(self, row: int) -> Cid:
        """Return the whole CID of *row*, from the source."""
        raw = self.read_at(self.index.data_offset(row) - 36, 36)
        prefix = RAW_PREFIX if self.index.marks[row] & RAW_CODEC else PLAIN_PREFIX
        digest = self.index.digests[row * 16 : row * 16 + 16]
        if raw[:20] != prefix + digest:
            raise SourceError(
                f"{self.source.name} was changed while it was open; open it again"
            )
        return Cid(raw)
