"""Run a caller's function on blocks as they stream in, and keep what it returns.

The role of a block is known only when the walk reaches it. A sound block with a
`$type` can only be a record, or unlinked: it is processed at once, while its
bytes are in memory. All others (nodes, commits, what looks like these, what is
not sound) keep their bytes, and are processed if the walk reaches them as records.
"""

from __future__ import annotations

from collections import deque
from hashlib import sha256
from itertools import compress
from typing import TYPE_CHECKING, Final, TypeAlias

from repoview.core import limits
from repoview.core.cid import CID_BYTES, PLAIN_PREFIX
from repoview.core.errors import changed
from repoview.core.kernel import kernel
from repoview.core.kernel.record_candidates import ELSEWHERE
from repoview.core.marks import NO_ROW, State
from repoview.core.opening.results import LEFT_OUT, RESULT, Processed

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.formats.car_header import Header
    from repoview.core.index.records import RecordIndex
    from repoview.core.kernel.record_candidates import Fresh
    from repoview.core.source.sparse_spool import SparseSpool

    Process: TypeAlias = Callable[[bytes], bytes]

_AT_ONCE: Final = 8_192
"""Rows processed in one call."""

_SPENT: Final = 256 * limits.KiB
"""Bytes reserved in the index at a time; each request waits for its threads."""

_AT_HAND: Final = bytes.maketrans(bytes((ELSEWHERE,)), b"\0")
"""Maps rows whose bytes are not in a buffer to 0."""

_BUFFERS: Final = 8
"""Buffers held: about as many as the threads work on."""


class Processing:
    """One function, and the blocks of one source on their way through it.

    Args:
        process: Given the bytes of a block that hash to its CID; its result,
            bytes too, is kept. It is called once a block.
        blocks: Being filled.
        records: Being filled.
        spool: Where blocks that were processed are left out, if anywhere.
    """

    def __init__(
        self,
        process: Process,
        blocks: Blocks,
        records: RecordIndex,
        spool: SparseSpool | None,
    ) -> None:
        self.processed = Processed()
        self._process = process
        self._blocks = blocks
        self._records = records
        self._spool = spool
        if spool is not None:
            blocks.cid_left_out = self.processed.cid
        self._root: bytes | None = None
        self._buffers: deque[tuple[int, bytes]] = deque(maxlen=_BUFFERS)
        self._reached = 0
        """Records looked at."""

    def see(self, offset: int, data: bytes, header: Header | None) -> None:
        """Hold a buffer that is about to be scanned.

        Args:
            offset: Where they stand in the source.
            data: The bytes.
            header: Names the root, which may be a commit whatever it looks like.
        """
        self._buffers.append((offset, data))
        if self._root is None and header is not None and header.roots:
            self._root = PLAIN_PREFIX + header.roots[0].digest

    def go_on(self) -> None:
        """Process the blocks that became known since the last call.

        Raises:
            TypeError: The function returned something else than bytes.
            SourceError: The disk takes no more, or the source was changed.
        """
        index, done = self._blocks.index, self.processed.done
        while len(done) < len(index):
            self._take_rows(kernel.fresh(index, len(done), _AT_ONCE, self._buffers))
            if len(done) - self.processed.spent >= _SPENT:
                index.spend(_SPENT)
                self.processed.spent += _SPENT
        if index.most_bytes == index.bytes_used:
            # No thread uses the buffers any more.
            self._buffers.clear()
        while self._reached < len(self._records):
            stop = min(self._reached + _AT_ONCE, len(self._records))
            self._take_records(self._reached, stop)
            self._reached = stop

    # As they stream in

    def _take_rows(self, rows: Fresh) -> None:
        """Process those of new rows that can be nothing but records."""
        first, typed, blocks, cids = len(self.processed), *self._picked(rows)
        process = self._process
        # Not by `map`: to that, a StopIteration of theirs would be its end.
        results = [process(block) for block in blocks]
        if not set(map(type, results)) <= {bytes}:
            for result in results:
                _check_result(result)
        what = RESULT if self._spool is None else LEFT_OUT
        done = typed.translate(_AT_HAND)
        self.processed.extend(done, what, results, cids)
        at = typed.find(ELSEWHERE)
        while at >= 0:
            # It went by long ago: read it, and hash it again.
            self._take_row(first + at)
            at = typed.find(ELSEWHERE, at + 1)
        # A copy that hashes may have taken the place of one that does not, so
        # they need not be in order.
        end = max(rows.ends)
        if self._spool is not None:
            spans = zip(rows.offsets, rows.ends, strict=True)
            self._spool.pass_by(end, sorted(compress(spans, done)))
        while self._buffers and _end_of(*self._buffers[0]) <= end:
            self._buffers.popleft()

    def _picked(self, rows: Fresh) -> tuple[bytes, list[bytes], bytes]:
        """Return which of new rows to process, their blocks and CIDs: not the root."""
        typed, blocks, cids = rows.typed, rows.blocks, rows.cids
        root = -1 if self._root is None else self._blocks.find(self._root)
        at = root - len(self.processed)
        if 0 <= at < len(typed) and typed[at]:
            if typed[at] != ELSEWHERE:
                number = typed.count(1, 0, at)
                blocks = blocks[:number] + blocks[number + 1 :]
                cids = cids[: CID_BYTES * number] + cids[CID_BYTES * (number + 1) :]
            typed = typed[:at] + b"\0" + typed[at + 1 :]
        return typed, blocks, cids

    def _result(self, data: bytes) -> bytes:
        result = self._process(data)
        _check_result(result)
        return result

    # As the walk reaches them

    def _take_records(self, first: int, stop: int) -> None:
        """Process those of new records that were not processed before."""
        done = self.processed.done
        rows = self._records.rows[first:stop]
        if len(self._records.missing):
            for number, row in enumerate(rows, first):
                if row == NO_ROW:
                    self._take_odd(number)
                elif not done[row]:
                    self._take_row(row)
        elif 0 in bytes(map(done.__getitem__, rows)):
            for row in rows:
                if not done[row]:
                    self._take_row(row)

    def _take_row(self, row: int) -> None:
        blocks = self._blocks
        if blocks.state(row) is State.WRONG_HASH:
            return
        data = blocks.read(row)
        if sha256(data).digest() != blocks.cid(row).digest:
            raise changed(blocks.source.name, "read")
        self.processed.put(row, self._result(data))

    def _take_odd(self, number: int) -> None:
        """Process a record whose CID is not of the 36-byte form, if it is there."""
        cid = self._records.missing.get(number)
        odd = None if cid is None else self._blocks.odd.get(cid.raw)
        if odd is None or odd.state not in {State.SOUND, State.UNSOUND}:
            return
        if odd.cid.raw not in self.processed.odd:
            data = self._blocks.read_at(odd.data_offset, odd.length)
            self.processed.odd[odd.cid.raw] = self._result(data)


def _check_result(result: object) -> None:
    if not isinstance(result, bytes):
        kind = type(result).__name__
        raise TypeError(f"`process` is to return bytes, not {kind}")


def _end_of(offset: int, data: bytes) -> int:
    return offset + len(data)
