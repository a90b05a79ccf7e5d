"""A repository in the cache: kept when it was opened, and opened again from there.

An entry holds the columns of records and nodes, the rows of the block index,
and `cached_facts`. They are read when somebody asks for them. Bytes of blocks
are never kept; they are read from the file, and hashed again.

What the cache says is never relied on. The file must be what it was; what is
damaged in the cache, even while it is in use, is found again by reading the
file, and nobody notices but for the time.
"""

from __future__ import annotations

import sys
import threading
from array import array
from dataclasses import astuple
from functools import partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, TypeAlias

from repoview.core import limits
from repoview.core.blocks.block_index import PACKED
from repoview.core.blocks.blocks import Blocks
from repoview.core.blocks.packed_rows import PackedRows
from repoview.core.cache import (
    Cache,
    CacheError,
    CacheUnavailable,
    Miss,
)
from repoview.core.errors import SourceError, changed
from repoview.core.file_identity import identify
from repoview.core.index.records import NodeTable, RecordIndex
from repoview.core.index.statistics import shape_of
from repoview.core.kernel import kernel
from repoview.core.load.result import Loaded, Progress
from repoview.core.opening.opening import Opened, Opening
from repoview.core.repo import cached_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from repoview.core.blocks.block_index import BlockIndex
    from repoview.core.cache import Entry
    from repoview.core.file_identity import Identity
    from repoview.core.opening.room import Room
    from repoview.core.repo.cached_facts import Facts
    from repoview.core.source.source import Source
    from repoview.core.source.spool import Folder
    from repoview.core.storage.column_set import Column
    from repoview.core.verify.verify import Checks

_FORMAT: Final = 2
"""Counts the changes of what an entry holds."""

_ROWS: Final = 1 << 15
"""Rows of the block index that are packed at a time: nearly a MiB."""

_ROOM: Final = 12 * limits.MiB
"""What the block index takes of memory: on disk it is nearly as fast."""

_PIECE: Final = 1 * limits.MiB
"""Bytes of a column that are written at a time."""

_Bytes: TypeAlias = "bytes | bytearray"


def version_of(checks: Checks) -> int:
    """Return the version of what an entry holds: of what is found, and how."""
    # Not imported by name: the package's own names are those of its views.
    program = sys.modules["repoview"].__version__
    said = repr((_FORMAT, program, kernel.NAME, sys.byteorder, astuple(checks)))
    return int.from_bytes(blake2b(said.encode(), digest_size=7).digest(), "big")


class Cached:
    """One source, and what is kept of it.

    Args:
        source: A file as it was opened.
        checks: What to check of it.
        room: What it may take of memory and disk.
        folder: Names the folder of the cache.
        say: Told what a user may want to know, in sentences.
    """

    def __init__(
        self,
        source: Source,
        checks: Checks,
        room: Room,
        folder: Folder,
        say: Callable[[str], None],
    ) -> None:
        self._source = source
        self._checks = checks
        self._room = room
        self._folder = folder
        self._say = say
        self._version = version_of(checks)
        self._file: Entry | None = None
        self._lock = threading.Lock()
        self._again: Opened | None = None
        self._made: BlockIndex | None = None
        self._making = threading.Lock()
        self._cache: Cache | None = None
        self._identity: Identity | None = None
        try:
            self._cache = Cache(folder())
            self._identity = self._identify()
        except CacheError as error:
            self._say(str(error))
        self.entry = self._opened()
        """What is kept of the source as it is now, None for nothing."""

    def _identify(self) -> Identity | None:
        if self._source.path is None or self._source.handle is None:
            return None
        try:
            return identify(self._source.path, self._source.handle[0])
        except SourceError:
            # Whoever reads it will say so.
            return None

    # From the cache

    def _opened(self) -> Opened | None:
        if self._cache is None or self._identity is None:
            return None
        try:
            self._file = self._cache.open(self._identity, self._version, self._missed)
            return None if self._file is None else self._taken_up(self._file)
        except (CacheError, SourceError, KeyError, TypeError, ValueError):
            # Not what this version writes, or damaged: it is written again.
            self.close()
            return None

    def _missed(self, why: Miss) -> None:
        if why is Miss.CHANGED:
            self._say(f"{self._source.name} was changed since it was last opened")

    def _taken_up(self, entry: Entry) -> Opened:
        facts = cached_facts.unpacked(
            entry.read_at("facts", 0, entry.size("facts")), self._source
        )
        records, nodes = RecordIndex(), NodeTable()
        for part, index in (("records", records), ("nodes", nodes)):
            for name, column in index.columns().items():
                _check(entry.size(f"{part}.{name}") % _item_bytes(column) == 0)
            index.lay_over(partial(self._column, entry, part))
        records.in_order = facts.in_order
        _check(len(records.rows) == len(records.ends))
        _check(entry.size("rows") == PACKED * facts.rows)
        rows = PackedRows(partial(self._read_rows, entry), partial(self._tag, facts))
        blocks = Blocks(partial(self._index, entry, facts), self._source, rows)
        for odd in facts.odd:
            blocks.odd.add(odd, kernel.BlockIndex)
        for raw in facts.odd_linked:
            blocks.odd.link(raw)
        loaded = Loaded(blocks, facts.header, **facts.numbers)
        return Opened(loaded, facts.report, records, nodes, facts.shape)

    def _column(
        self, entry: Entry, part: str, name: str
    ) -> tuple[Callable[[int, int], bytes], int, int]:
        """Return what reads a column, where it begins, and how long it is."""
        return partial(self._read, entry, part, name), 0, entry.size(f"{part}.{name}")

    def _read(
        self, entry: Entry, part: str, name: str, offset: int, length: int
    ) -> bytes:
        try:
            return entry.read_at(f"{part}.{name}", offset, length)
        except CacheError:
            again = self._opened_again()
        index = again.records if part == "records" else again.nodes
        return bytes(_bytes_of(index.columns()[name], offset, length))

    def _read_rows(self, entry: Entry, offset: int, length: int) -> bytes:
        try:
            return entry.read_at("rows", offset, length)
        except CacheError:
            index = self._opened_again().loaded.blocks.index
            return index.pack(offset // PACKED, length // PACKED)

    def _index(self, entry: Entry, facts: Facts) -> BlockIndex:
        """Return the block index, made when it is first asked for."""
        with self._making:
            if self._made is None:
                self._made = self._restored(entry, facts)
            return self._made

    def _restored(self, entry: Entry, facts: Facts) -> BlockIndex:
        index = self._empty(facts, min(self._room.memory, _ROOM))
        try:
            for start in range(0, facts.rows, _ROWS):
                index.unpack(entry.read_at("rows", PACKED * start, PACKED * _ROWS))
        except CacheError:
            return self._opened_again().loaded.blocks.index
        return index

    def _tag(self, facts: Facts, cid: bytes) -> bytes:
        return self._empty(facts, 0).tag(cid)

    def _empty(self, facts: Facts, room: int) -> BlockIndex:
        # What memory has no room for goes where the cache is: that is there.
        return kernel.BlockIndex.restored(facts.key, room, self._folder())

    def _opened_again(self) -> Opened:
        """Return what reading the source gives, where the cache was damaged.

        Raises:
            SourceError: It cannot be read, or is not what it was.
            MemoryLimitReached: It takes more than it may.
        """
        with self._lock:
            if self._again is None:
                again = Opening(self._source, self._checks, self._room).run()
                if self._identify() != self._identity or not _is_whole(again):
                    raise changed(self._source.name)
                self._again = again
                self.keep(again)
            return self._again

    # Into the cache

    def keep(
        self, opened: Opened, report: Callable[[Progress], None] | None = None
    ) -> None:
        """Write down what was opened, if it is all there is to know.

        Args:
            opened: What came of reading the source.
            report: Told of progress; what it raises ends it.
        """
        if self._cache is None or self._identity is None or not _is_whole(opened):
            return
        # What was read goes for the file only if it is the same behind as before.
        if self._identify() != self._identity:
            return
        told = _Told(_size_of(opened), report)
        try:
            with self._cache.write(self._identity, self._version) as writer:
                for name, pieces in _parts(opened):
                    writer.put(name, told.of(pieces))
                writer.commit()
        except CacheUnavailable as error:
            self._say(str(error))
        except SourceError:
            # It was closed in the meantime.
            return

    def close(self) -> None:
        """Let go of the entry."""
        if self._file is not None:
            self._file.close()


def _is_whole(opened: Opened) -> bool:
    odd = opened.loaded.blocks.odd
    limited = any(found.code == "LIM001" for found in opened.report.findings)
    return not limited and len(odd) <= cached_facts.MOST_ODD


def _parts(opened: Opened) -> Iterator[tuple[str, Iterable[_Bytes]]]:
    """Yield the names of an entry, and their bytes in pieces."""
    index = opened.loaded.blocks.index
    shape = opened.shape or shape_of(opened.nodes, opened.records, index)
    yield "facts", [cached_facts.packed(opened, shape)]
    for part, packed in (("records", opened.records), ("nodes", opened.nodes)):
        for name, column in packed.columns().items():
            yield f"{part}.{name}", _pieces_of(column)
    yield "rows", (index.pack(start, _ROWS) for start in range(0, len(index), _ROWS))


def _size_of(opened: Opened) -> int:
    """Return the bytes of all columns and rows."""
    columns = [*opened.records.columns().values(), *opened.nodes.columns().values()]
    rows = PACKED * len(opened.loaded.blocks.index)
    return rows + sum(len(column) * _item_bytes(column) for column in columns)


def _pieces_of(column: Column) -> Iterator[_Bytes]:
    size = len(column) * _item_bytes(column)
    for start in range(0, size, _PIECE):
        yield _bytes_of(column, start, _PIECE)


class _Told:
    """Tells of the bytes that are written."""

    def __init__(self, total: int, report: Callable[[Progress], None] | None) -> None:
        self._total = total
        self._done = 0
        self._report = report

    def of(self, pieces: Iterable[_Bytes]) -> Iterator[_Bytes]:
        """Yield *pieces*, and tell of each."""
        for piece in pieces:
            yield piece
            self._done += len(piece)
            if self._report is not None:
                self._report(Progress("keep", self._done, self._total, 0))


def _bytes_of(column: Column, offset: int, length: int) -> bytes | bytearray:
    """Return bytes of a column; whole items, fewer where it ends."""
    size = _item_bytes(column)
    part = column[offset // size : (offset + length) // size]
    return part.tobytes() if isinstance(part, array) else part


def _item_bytes(column: Column) -> int:
    code = getattr(column, "typecode", "B")
    return array(code).itemsize


def _check(is_so: bool) -> None:  # noqa: FBT001 (what is checked)
    if not is_so:
        raise ValueError("the entry is not what is written")
