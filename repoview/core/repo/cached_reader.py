"""A repository read lazily from its cache entry.

Columns and rows are read from the entry in pages; the block index is restored
when a block is first asked for. What turns out to be damaged is taken from the
source, which is read again for that.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.blocks.block_index import PACKED
from repoview.core.blocks.blocks import Blocks
from repoview.core.blocks.packed_rows import PackedRows
from repoview.core.cache import CacheError
from repoview.core.index.records import NodeTable, RecordIndex
from repoview.core.kernel import kernel
from repoview.core.load.result import Loaded
from repoview.core.opening.opened import Opened
from repoview.core.repo import cached_facts
from repoview.core.repo.cached_format import ROWS, bytes_of, columns_of, item_bytes

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.blocks.block_index import BlockIndex
    from repoview.core.cache import Entry
    from repoview.core.repo.cached_facts import Facts
    from repoview.core.source.source import Source
    from repoview.core.source.spool import Folder

_ROOM: Final = 12 * limits.MiB
"""What the block index takes of memory: on disk it is nearly as fast."""


class EntryReader:
    """Reads one entry; any number of threads may use it.

    Args:
        entry: Stays open as long as this is used.
        source: What it is about.
        memory: Bytes that the block index may take.
        folder: Names where it goes that has no room in memory.
        again: Reads the source again; called where the entry is damaged.

    Raises:
        CacheError: The entry is damaged.
        SourceError: The source is not what it was.
        KeyError, TypeError, ValueError: It is not what this version writes.
    """

    def __init__(
        self,
        entry: Entry,
        source: Source,
        memory: int,
        folder: Folder,
        again: Callable[[], Opened],
    ) -> None:
        self._entry = entry
        self._memory = min(memory, _ROOM)
        self._folder = folder
        self._again = again
        self._made: BlockIndex | None = None
        self._making = threading.Lock()
        data = entry.read_at("facts", 0, entry.size("facts"))
        self._facts: Facts = cached_facts.unpacked(data, source)
        self.opened = self._opened(source)
        """What reading the source gave."""

    def _opened(self, source: Source) -> Opened:
        entry, facts = self._entry, self._facts
        records, nodes = RecordIndex(), NodeTable()
        for name, column in columns_of(records, nodes):
            _check(entry.size(name) % item_bytes(column) == 0)
        records.lay_over(partial(self._column, "records"))
        nodes.lay_over(partial(self._column, "nodes"))
        records.in_order = facts.in_order
        _check(len(records.rows) == len(records.ends))
        _check(entry.size("rows") == PACKED * facts.rows)
        rows = PackedRows(self._read_rows, self._tag)
        blocks = Blocks(self._index, source, rows)
        for odd in facts.odd:
            blocks.odd.add(odd, kernel.BlockIndex)
        for raw in facts.odd_linked:
            blocks.odd.link(raw)
        loaded = Loaded(blocks, facts.header, **facts.numbers)
        return Opened(
            loaded,
            facts.report,
            records,
            nodes,
            facts.shape,
            notes=facts.notes,
            apart=facts.apart,
        )

    def _column(
        self, part: str, name: str
    ) -> tuple[Callable[[int, int], bytes], int, int]:
        """Return what reads a column, where it begins, and how long it is."""
        return partial(self._read, part, name), 0, self._entry.size(f"{part}.{name}")

    def _read(self, part: str, name: str, offset: int, length: int) -> bytes:
        try:
            return self._entry.read_at(f"{part}.{name}", offset, length)
        except CacheError:
            again = self._again()
        index = again.records if part == "records" else again.nodes
        return bytes(bytes_of(index.columns()[name], offset, length))

    def _read_rows(self, offset: int, length: int) -> bytes:
        try:
            return self._entry.read_at("rows", offset, length)
        except CacheError:
            index = self._again().loaded.blocks.index
            return index.pack(offset // PACKED, length // PACKED)

    def _index(self) -> BlockIndex:
        """Return the block index, made when it is first asked for."""
        with self._making:
            if self._made is None:
                self._made = self._restored()
            return self._made

    def _restored(self) -> BlockIndex:
        index = self._empty(self._memory)
        try:
            for start in range(0, self._facts.rows, ROWS):
                rows = self._entry.read_at("rows", PACKED * start, PACKED * ROWS)
                index.unpack(rows)
        except CacheError:
            return self._again().loaded.blocks.index
        return index

    def _tag(self, cid: bytes) -> bytes:
        return self._empty(0).tag(cid)

    def _empty(self, room: int) -> BlockIndex:
        # What memory has no room for goes where the cache is: that is there.
        return kernel.BlockIndex.restored(self._facts.key, room, self._folder())


def _check(is_so: bool) -> None:  # noqa: FBT001 (what is checked)
    if not is_so:
        raise ValueError("the entry is not what is written")
