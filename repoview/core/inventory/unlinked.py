"""The blocks that nothing links to, and what they look like.

Old commits and nodes, records that were deleted or replaced, and whatever else
a file may hold. They are read some at a time and yielded one by one, so that a
file may hold any number of them.

What a block is can be told from its content alone here: no tree uses it.
"""

from __future__ import annotations

from array import array
from enum import StrEnum
from heapq import merge
from itertools import chain, compress
from operator import and_
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from repoview.core import limits
from repoview.core.blocks.block_index import PACKED
from repoview.core.cid import CID_BYTES, DAG_CBOR, Cid
from repoview.core.errors import changed
from repoview.core.formats.commit import is_commit
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.mst import read_node
from repoview.core.kernel import kernel
from repoview.core.kernel.batches import blocks_by_batch
from repoview.core.load.result import Progress
from repoview.core.marks import LINKED, NO_ROW, RAW_CODEC, STATE, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.blocks.odd_blocks import OddBlock
    from repoview.core.formats.dagcbor.rules import Value

AT_ONCE: Final = 1 << 13
"""Rows looked at between two reports."""

_READ: Final = 4 * limits.MiB
"""Bytes of blocks read at a time."""

_UNLINKED: Final = bytes(not mark & LINKED for mark in range(256))
"""Of each mark, 1 if nothing links to the block."""

_ALL: Final = b"\1" * 256


class UnlinkedKind(StrEnum):
    """What a block that nothing links to looks like."""

    COMMIT = "commit"
    """What a commit of any version has: did, version, data and sig."""

    NODE = "node"
    """A node of a tree."""

    RECORD = "record"
    """A map with a `$type`: deleted, or replaced by another."""

    OTHER = "other"
    """None of these."""

    DAMAGED = "damaged"
    """Its bytes do not hash to its CID, so they say nothing about it."""


class UnlinkedBlock(NamedTuple):
    """One block that nothing links to."""

    cid: Cid
    kind: UnlinkedKind
    type: str | None
    """Its `$type`; None unless it is a record."""

    size: int
    """Bytes of its data."""

    offset: int
    """Where its section begins in the file."""

    def to_json(self) -> dict[str, Any]:
        """Return the object that `ls --unlinked --json` prints."""
        told: dict[str, Any] = {**self._asdict(), "kind": self.kind.value}
        return {**told, "cid": str(self.cid)}


class Amount(NamedTuple):
    """How many blocks there are of one kind, and how large they are together."""

    blocks: int = 0
    bytes: int = 0
    """Of their data."""

    def plus(self, blocks: int, size: int) -> Amount:
        """Return the amount with some more."""
        return Amount(self.blocks + blocks, self.bytes + size)


class Found(NamedTuple):
    """A block that was read."""

    block: UnlinkedBlock
    data: bytes | None
    """None where it was not kept: ``process=`` got it from a source that is read
    once."""

    row: int
    """In the index of blocks; `NO_ROW` for none."""


def unlinked_blocks(
    blocks: Blocks, report: Callable[[Progress], None] | None = None
) -> Iterator[Found]:
    """Yield the blocks that nothing links to, with their data.

    In the order of the file; one whose first copy is damaged stands where that
    does.

    Args:
        blocks: Of the file, with the marks of the walk.
        report: Called with progress, in blocks; what it raises ends it.

    Raises:
        SourceError: The source cannot be read, or was changed.
    """
    rows = _in_rows(blocks, report)
    if not blocks.odd.unlinked:
        return rows
    odd = (_of_odd(blocks, each) for each in blocks.odd.unlinked_values())
    return merge(rows, odd, key=lambda found: found.block.offset)


def all_blocks(
    blocks: Blocks, report: Callable[[Progress], None] | None = None
) -> Iterator[Found]:
    """Yield all blocks as `unlinked_blocks` does some, whatever links to them."""
    rows = _in_rows(blocks, report, _ALL)
    if not blocks.odd:
        return rows
    odd = (_of_odd(blocks, each) for each in blocks.odd.values())
    return merge(rows, odd, key=lambda found: found.block.offset)


def unlinked_block(blocks: Blocks, row: int) -> UnlinkedBlock:
    """Return the block in a row of the index, to which nothing links.

    Raises:
        SourceError: The source cannot be read, or was changed.
    """
    return next(_read(blocks, [row])).block


def count_unlinked(
    blocks: Blocks, report: Callable[[Progress], None] | None = None
) -> dict[UnlinkedKind, Amount]:
    """Return how much there is of each kind.

    A record whose `$type` the index knows is not read for it.

    Args:
        blocks: Of the file, with the marks of the walk.
        report: Called with progress, in blocks; what it raises ends it.

    Raises:
        SourceError: The source cannot be read, or was changed.
    """
    amounts = dict.fromkeys(UnlinkedKind, Amount())
    for start, flags in _flagged(blocks, report):
        rows = blocks.index.rows(start, len(flags))
        typed = bytes(map(and_, flags, rows.typed))
        of_records = sum(compress(rows.lengths, typed))
        had = amounts[UnlinkedKind.RECORD]
        amounts[UnlinkedKind.RECORD] = had.plus(sum(typed), of_records)
        rest = array("I", compress(range(start, start + len(flags)), flags))
        rest = array("I", compress(rest, map((0).__eq__, compress(typed, flags))))
        for found, _, _ in _read(blocks, rest):
            amounts[found.kind] = amounts[found.kind].plus(1, found.size)
    for odd in blocks.odd.unlinked_values():
        found = _of_odd(blocks, odd).block
        amounts[found.kind] = amounts[found.kind].plus(1, found.size)
    return amounts


def _flagged(
    blocks: Blocks,
    report: Callable[[Progress], None] | None,
    wanted: bytes = _UNLINKED,
) -> Iterator[tuple[int, bytes]]:
    """Yield the first of some rows, and of each whether it is wanted.

    Only of those among which there are such.

    Args:
        blocks: Of the file.
        report: Called with progress, in blocks.
        wanted: 1 for each mark of a block that is; of those that nothing links to.
    """
    total = len(blocks.index)
    for start in range(0, total, AT_ONCE):
        if report is not None:
            report(Progress("unlinked", start, total, start))
        marks = blocks.index.pack(start, AT_ONCE)[PACKED - 1 :: PACKED]
        flags = marks.translate(wanted)
        if 1 in flags:
            yield start, flags


def _in_rows(
    blocks: Blocks,
    report: Callable[[Progress], None] | None,
    wanted: bytes = _UNLINKED,
) -> Iterator[Found]:
    for start, flags in _flagged(blocks, report, wanted):
        rows = array("I", compress(range(start, start + len(flags)), flags))
        yield from _read(blocks, rows)


def _read(blocks: Blocks, rows: Sequence[int]) -> Iterator[Found]:
    read = chain.from_iterable(blocks_by_batch(blocks, rows, _READ))
    for row, block in zip(rows, read, strict=True):
        yield Found(*_of_row(blocks, row, block), row)


def _of_row(
    blocks: Blocks, row: int, block: bytes | None
) -> tuple[UnlinkedBlock, bytes | None]:
    """Return the block in a row.

    Args:
        blocks: Of the file.
        row: Its own.
        block: CID and data, if it was read and hashes.
    """
    size, offset, mark = blocks.length(row), blocks.offset(row), blocks.mark(row)
    if block is not None:
        cid, data = Cid(block[:CID_BYTES]), block[CID_BYTES:]
        kind, name = UnlinkedKind.OTHER, None
        if not mark & RAW_CODEC:
            kind, name = look_of(data)
        return UnlinkedBlock(cid, kind, name, size, offset), data
    cid = blocks.cid(row)
    if blocks.cid_left_out(row) is not None:
        name = blocks.index.type_of(row)
        return UnlinkedBlock(cid, UnlinkedKind.RECORD, name, size, offset), None
    if mark & STATE != State.WRONG_HASH:
        raise changed(blocks.source.name)
    damaged = UnlinkedBlock(cid, UnlinkedKind.DAMAGED, None, size, offset)
    return damaged, blocks.read(row)


def _of_odd(blocks: Blocks, odd: OddBlock) -> Found:
    """Return a block whose CID is not of the 36-byte form."""
    data = blocks.read_at(odd.data_offset, odd.length)
    kind, name = UnlinkedKind.OTHER, None
    if odd.state is State.WRONG_HASH:
        kind = UnlinkedKind.DAMAGED
    elif odd.cid.codec == DAG_CBOR:
        kind, name = look_of(data)
    block = UnlinkedBlock(odd.cid, kind, name, odd.length, odd.offset)
    return Found(block, data, NO_ROW)


def look_of(data: bytes) -> tuple[UnlinkedKind, str | None]:
    """Return what a block of DAG-CBOR looks like, and its `$type` if a record.

    Broken ones too, as far as they can be decoded.
    """
    name = kernel.sound_type(data)
    if name:
        return UnlinkedKind.RECORD, name
    if name is not None and read_node(data) is not None:
        return UnlinkedKind.NODE, None
    if name is None:
        return _look_of_value(dagcbor.diagnose(data).value)
    # Decoding takes ten times as long as to see that a field is not there.
    if b"\x63did" in data or (b"\x61e" in data and b"\x61l" in data):
        return _look_of_value(dagcbor.decode_sound(data))
    return UnlinkedKind.OTHER, None


def _look_of_value(value: Value) -> tuple[UnlinkedKind, str | None]:
    if not isinstance(value, dict):
        return UnlinkedKind.OTHER, None
    name = value.get("$type")
    if isinstance(name, str) and name:
        return UnlinkedKind.RECORD, name
    if is_commit(value):
        return UnlinkedKind.COMMIT, None
    if isinstance(value.get("e"), list) and "l" in value:
        return UnlinkedKind.NODE, None
    return UnlinkedKind.OTHER, None
