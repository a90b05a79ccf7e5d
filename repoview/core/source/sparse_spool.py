"""A spool without the blocks that were given to ``process=``.

Bytes are buffered until it is known which of them are such blocks. The others
are kept without gaps; a table of gaps maps the offsets.
"""

from __future__ import annotations

import threading
from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.errors import BlockMissing
from repoview.core.source.spool import Spool
from repoview.core.storage.column_set import PackedIndex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repoview.core.source.spool import Folder
    from repoview.core.storage.columns import Numbers

WAITING: Final = 16 * limits.MiB
"""Most bytes buffered; what exceeds it is kept."""


_FENCED: Final = 256
"""Gaps between two fences."""


class _Gaps(PackedIndex):
    """The gaps, ascending: their ends, and the prefix sums of their lengths."""

    COLUMNS = ("pairs",)

    def __init__(self) -> None:
        super().__init__()
        self.pairs: Numbers = array("Q")
        """The end of each gap, and the bytes that are left out up to there."""
        self.fences = array("Q")
        """Fences: the offset of every n-th gap, in memory."""


class SparseSpool(Spool):
    """Bytes that are appended, and read at any offset outside of gaps.

    Args:
        folder: Of the temporary file; None to hold all in memory.
    """

    def __init__(self, folder: Folder | None) -> None:
        super().__init__(folder)
        self._kept = Spool(folder)
        self._waiting = bytearray()
        self._passed = 0
        """The offset where the buffer begins."""
        self._gaps = _Gaps()
        self._left_out = 0
        self._last_end = -1
        """The end of the last gap, which is also on disk: to merge with the next."""
        self._near: tuple[int, array[int], array[int]] | None = None
        """The fence looked up last with its gaps, cached for sequential reads."""
        # Another thread may read than the one that appends.
        self._guard = threading.RLock()

    @property
    def memory_used(self) -> int:
        """Bytes that are held in memory."""
        gaps = self._gaps.bytes_used + 8 * len(self._gaps.fences)
        return len(self._waiting) + self._kept.memory_used + gaps

    @property
    def disk_used(self) -> int:
        """Bytes that are on disk."""
        return self._kept.disk_used + self._gaps.disk_used

    @property
    def handle(self) -> None:
        """None: offsets in the file differ from those of the source."""
        return

    def held(self) -> None:
        """Return None: some bytes are gone."""
        return

    def append(self, piece: bytes | memoryview) -> None:
        """Append bytes.

        Raises:
            SourceError: The disk takes no more.
        """
        with self._guard:
            self._waiting += piece
            self.size += len(piece)
            if len(self._waiting) > WAITING:
                self._keep(self.size - WAITING // 2)

    def pass_by(self, end: int, gaps: Iterable[tuple[int, int]]) -> None:
        """Keep the buffered bytes up to *end*, without *gaps*.

        Args:
            end: The offset, from the first byte of all.
            gaps: Start and end of each, ascending. Those that begin before the
                buffer are ignored.

        Raises:
            SourceError: Writing to disk failed.
        """
        with self._guard:
            first = last = 0
            for start, stop in gaps:
                if start != last:
                    self._leave_out(first, last)
                    first = start
                last = stop
            self._leave_out(first, last)
            self._keep(end)

    def _keep(self, end: int) -> None:
        count = end - self._passed
        if count > 0:
            with memoryview(self._waiting)[:count] as part:
                self._kept.append(part)
            del self._waiting[:count]
            self._passed = end

    def _leave_out(self, start: int, end: int) -> None:
        if start < self._passed or start == end:
            return
        self._keep(start)
        self._near = None
        self._left_out += end - start
        gaps = self._gaps
        if self._last_end == start:
            # Merged with the gap before.
            gaps.pairs[-2], gaps.pairs[-1] = end, self._left_out
        else:
            if len(gaps.pairs) % (2 * _FENCED) == 0:
                gaps.fences.append(start)
            gaps.pairs.extend(array("Q", (end, self._left_out)))
        self._last_end = end
        del self._waiting[: end - start]
        self._passed = end

    def spill(self, folder: Folder) -> None:
        """Move everything but the buffer to temporary files, and append there.

        Raises:
            SourceError: The files cannot be made or written.
        """
        with self._guard:
            self._kept.spill(folder)
            self._gaps.spill(folder())

    def read_at(self, offset: int, length: int) -> bytes:
        """Return *length* bytes from *offset*, fewer where they end so far.

        Raises:
            BlockMissing: Some of them were left out.
            ValueError: The spool was closed.
            OSError: Reading failed.
        """
        with self._guard:
            end = min(offset + length, self.size)
            parts = []
            if offset < min(end, self._passed):
                parts.append(self._read_kept(offset, min(end, self._passed)))
            if end > max(offset, self._passed):
                start = max(offset, self._passed) - self._passed
                waiting = memoryview(self._waiting)[start : end - self._passed]
                parts.append(bytes(waiting))
                waiting.release()
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _read_kept(self, offset: int, end: int) -> bytes:
        """Return bytes from before the buffer; raise if some were left out."""
        ends, gone_by = self._gaps_behind(bisect_right(self._gaps.fences, offset) - 1)
        # For each gap, the bytes left out before it, and up to its end.
        index = bisect_right(ends, offset)
        gone = gone_by[index]
        if index < len(ends) and ends[index] - (gone_by[index + 1] - gone) < end:
            raise BlockMissing(
                f"the {end - offset:,} bytes at {offset:,} were not kept: "
                "they came once, and were processed"
            )
        return self._kept.read_at(offset - gone, end - offset)

    def _gaps_behind(self, fence: int) -> tuple[array[int], array[int]]:
        """Return the ends of gaps, and the bytes left out before each of them.

        Args:
            fence: The number of the fence, -1 for none.
        """
        near = self._near
        if near is None or near[0] != fence:
            # A slice of one piece, for the columns may be on disk.
            first = 2 * max(0, fence) * _FENCED
            pairs = self._gaps.pairs[max(0, first - 1) : first + 2 * (_FENCED + 1)]
            if not first:
                pairs.insert(0, 0)
            self._near = near = fence, pairs[1::2], pairs[::2]
        return near[1:]

    def close(self) -> None:
        """Free the bytes; closing twice is fine."""
        with self._guard:
            self._waiting = bytearray()
            self._kept.close()
            self._gaps.close()
