"""Write into an entry of the cache what was found out about a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core.blocks.block_index import PACKED
from repoview.core.load.result import Progress
from repoview.core.repo import cached_facts
from repoview.core.repo.cached_format import ROWS, columns_of, item_bytes, pieces_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from repoview.core.cache import Writer
    from repoview.core.opening.opened import Opened

    Pieces = Iterable[bytes | bytearray]


def write_entry(
    opened: Opened, writer: Writer, report: Callable[[Progress], None] | None
) -> None:
    """Put all that an entry holds; nothing is committed.

    Args:
        opened: What came of reading the source.
        writer: Of the entry.
        report: Called with progress; what it raises ends it.

    Raises:
        CacheUnavailable: The cache takes no more.
        SourceError: The source was closed in the meantime.
    """
    told = _Told(_size_of(opened), report)
    for name, pieces in _parts(opened):
        writer.put(name, told.of(pieces))


def _parts(opened: Opened) -> Iterator[tuple[str, Pieces]]:
    """Yield the names of an entry, and their bytes in pieces."""
    index = opened.loaded.blocks.index
    yield "facts", [cached_facts.packed(opened, opened.shape)]
    for name, column in columns_of(opened.records, opened.nodes):
        yield name, pieces_of(column)
    yield "rows", (index.pack(start, ROWS) for start in range(0, len(index), ROWS))


def _size_of(opened: Opened) -> int:
    """Return the bytes of all columns and rows."""
    columns = columns_of(opened.records, opened.nodes)
    rows = PACKED * len(opened.loaded.blocks.index)
    return rows + sum(len(column) * item_bytes(column) for _, column in columns)


class _Told:
    """Tells of the bytes that are written."""

    def __init__(self, total: int, report: Callable[[Progress], None] | None) -> None:
        self._total = total
        self._done = 0
        self._report = report

    def of(self, pieces: Pieces) -> Iterator[bytes | bytearray]:
        """Yield *pieces*, and tell of each."""
        for piece in pieces:
            yield piece
            self._done += len(piece)
            if self._report is not None:
                self._report(Progress("keep", self._done, self._total, 0))
