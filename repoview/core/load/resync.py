"""Find blocks where framing is lost, by the CIDs in front of them.

The length of a section is all that says where the next one begins. Where a
length is damaged, or bytes are missing, a CID is looked for, and how long the
block behind it is: as its content says, or as the bytes in front of the CID do.
A block counts only if its bytes hash to its CID, so nothing is found that was
not written. From there on, sections are read as long as they hold together.

All bytes are searched that no whole section covers. Time is bounded by the size
of the source: what is hashed or decoded in vain is paid for from a budget, which
only a file made for that spends (`Resynced.is_bounded`).

Blocks whose CID is not of the 36-byte form are not looked for.

Source: CARv1 §Data; multiformats CID.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.cid import CID_BYTES, DAG_CBOR, PLAIN_PREFIX
from repoview.core.errors import LimitExceeded
from repoview.core.findings.findings import finding
from repoview.core.formats.car_header import Header
from repoview.core.formats.dagcbor.lazy import Budget, Parts, SpentError, part_at
from repoview.core.kernel import kernel
from repoview.core.kernel.seam import Stop
from repoview.core.load.gaps import count_whole, gaps, with_copies
from repoview.core.load.next_section import (
    CID_COST,
    CID_START,
    LENGTH_BYTES,
    LINK_START,
    found_again,
    lengths_in_front,
)
from repoview.core.load.result import Progress, Resynced
from repoview.core.marks import STATE, State
from repoview.core.varint import (
    VarintCut,
    VarintTooLong,
    encode_varint,
    read_varint,
    size_of,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.findings.findings import Findings
    from repoview.core.load.result import Loaded

_SECTION: Final = re.compile(rb"[\x80-\xff]{0,4}[\x00-\x7f]\x01[\x55\x71]\x12\x20")

_SECTION_HEAD: Final = LENGTH_BYTES + len(PLAIN_PREFIX)

_WINDOW: Final = 4 * limits.MiB
"""Bytes searched together."""

_AHEAD: Final = limits.MiB + CID_BYTES
"""Of these, what is at hand behind a CID: more than any record has."""

_LEAST: Final = 4 * limits.KiB
"""Bytes of the first piece that is read where sections begin again."""

_UNIT_COST: Final = 4
"""What a unit costs of what passes over a block, in bytes hashed."""


def resync(loaded: Loaded, findings: Findings) -> Generator[Progress, None, Loaded]:
    """Look for blocks in all bytes of a source that no whole section covers.

    They are added to the index. A `LimitExceeded` that is thrown into it leaves
    the rest unsearched (LIM001).

    Args:
        loaded: What was loaded, to the end of the source.
        findings: Takes where sections could be read again (CAR032).

    Returns:
        The same with all that was found. Without a header that can be read it has
        one without roots, if there are blocks.

    Raises:
        SourceError: The source cannot be read, or was changed.
    """
    blocks, size = loaded.blocks, loaded.blocks.source.size
    index, header, limited = blocks.index, loaded.header, False
    start = 0 if header is None else header.end
    search = _Search(blocks, findings)
    try:
        yield Progress("search", 0, size, index.sections)
        moved = with_copies(index)
        for begin, end in gaps(index, start, size, moved=moved):
            for reached in search.search(begin, end):
                yield Progress("search", reached, size, index.sections)
    except LimitExceeded as error:
        index.settle()
        findings.add(finding("LIM001", f"{error}; the rest is not searched"))
        limited = True
    index.finish()
    if header is None and index.sections:
        header = Header((), 1, (), start, 0)
    return replace(
        loaded, header=header, end=size, limited=limited, resynced=search.result()
    )


class _Search:
    """The search of one source."""

    def __init__(self, blocks: Blocks, findings: Findings) -> None:
        self._blocks = blocks
        self._index = blocks.index
        self._findings = findings
        most = limits.TRIALS * blocks.source.size + limits.LEAST_TRIALS
        self._likely, self._unlikely = Budget(most), Budget(most)
        """Bytes that may still be hashed in vain: where much says that a block
        has that size, and where little does."""
        self._is_bounded = False
        self._base, self._window = 0, b""
        self._todo = array("Q")
        """Ends and beginnings of what is still to be searched; a stack."""
        self._searched = self._covered = self._found = self._times = 0

    def result(self) -> Resynced:
        """Return what it came to."""
        lost = max(0, self._searched - self._covered)
        return Resynced(self._found, self._times, lost, self._is_bounded)

    def search(self, start: int, end: int) -> Iterator[int]:
        """Index the blocks between two offsets; yield how far it is, now and then.

        What it meets on the way and cannot believe is searched after that.
        """
        self._searched += end - start
        todo = self._todo
        todo.extend((end, start))
        while todo and self._pay(0):
            yield from self._search(todo.pop(), todo.pop())

    def _search(self, position: int, end: int) -> Iterator[int]:
        lost, told = position, self._likely.left + self._unlikely.left
        while (at := self._next_cid(position, end)) >= 0:
            if not self._pay(CID_COST):
                return
            size = self._size_at(at, end)
            if size < 0:
                position = at + len(PLAIN_PREFIX)
            else:
                position = at + CID_BYTES + size
                if self._add(at, size):
                    self._tell(lost, max(0, at - size_of(CID_BYTES + size)))
                    position = yield from self._follow(position, end)
                lost = position
            left = self._likely.left + self._unlikely.left
            if told - left > limits.READ_CHUNK:
                told = left
                yield position

    # Where a CID stands

    def _next_cid(self, position: int, end: int) -> int:
        """Return where the next CID of a section may begin; -1 for nowhere."""
        while position + CID_BYTES <= end:
            self._look_at(position, end)
            base, window = self._base, self._window
            found = CID_START.search(window, position - base, end - base)
            if found is None:
                position = base + min(len(window), end - base) - len(PLAIN_PREFIX) + 1
                if base + len(window) >= end:
                    break
                continue
            at = found.start()
            if window[max(0, at - len(LINK_START)) : at] != LINK_START:
                if base + at + CID_BYTES > end:
                    break
                self._look_at(base + at, end)
                return base + at
            position = base + found.end()
        return -1

    def _look_at(self, position: int, end: int) -> None:
        """Have the bytes around an offset in the window, up to *end* at most."""
        first = max(0, position - LENGTH_BYTES)
        last = self._base + len(self._window)
        if self._base <= first and min(position + _AHEAD, end) <= last:
            return
        self._base = first
        self._window = self._blocks.read_at(first, min(end - first, _WINDOW))

    def _bytes(self, start: int, length: int) -> bytes:
        """Return bytes from an offset, fewer where the source ends."""
        at = start - self._base
        if at >= 0 and at + length <= len(self._window):
            return self._window[at : at + length]
        return self._blocks.source.read_at(start, length)

    # How long its block is

    def _size_at(self, at: int, end: int) -> int:
        """Return the bytes of the block whose CID stands at an offset; -1 for none.

        Args:
            at: Where the CID begins.
            end: Where the block ends at last.
        """
        digest = self._bytes(at + len(PLAIN_PREFIX), CID_BYTES - len(PLAIN_PREFIX))
        for size, budget in self._sizes(at, end):
            if size > budget.left:
                self._is_bounded = True
            elif self._digest_of(at + CID_BYTES, size) == digest:
                return size
            else:
                budget.left -= size
        return -1

    def _sizes(self, at: int, end: int) -> Iterator[tuple[int, Budget]]:
        """Yield how long the block may be, each with what pays for a try in vain."""
        start = at + CID_BYTES
        whole = self._size_by_content(at, start)
        if 0 <= whole <= end - start:
            yield whole, self._likely
        for size in self._sizes_by_length(at, end):
            if size != whole:
                is_likely = self._begins_section(start + size, end)
                yield size, self._likely if is_likely else self._unlikely

    def _size_by_content(self, at: int, start: int) -> int:
        """Return the size of the map that begins at *start*; -1 for no map.

        A block of DAG-CBOR is one item, which tells its size by itself.
        """
        if self._window[at - self._base + 1] != DAG_CBOR:
            return -1
        part = part_at(self._window, start - self._base)
        if part.kind != "map" or part.amount < 0:
            return -1
        budget = Budget(self._likely.left // _UNIT_COST)
        given, parts = budget.left, Parts(self._window, part)
        try:
            parts.skip(budget, part.amount)
        except SpentError:
            self._is_bounded = True
        self._likely.left -= _UNIT_COST * (given - budget.left)
        is_whole = budget.left > 0 and not parts.fault
        return parts.offset + self._base - start if is_whole else -1

    def _sizes_by_length(self, at: int, end: int) -> Iterator[int]:
        """Yield the sizes that the bytes in front of a CID may say, ascending."""
        head = self._bytes(at - min(at, LENGTH_BYTES), min(at, LENGTH_BYTES))
        for _, length in lengths_in_front(head):
            if length <= end - at:
                yield length - CID_BYTES

    def _begins_section(self, offset: int, end: int) -> bool:
        """Tell whether a section may begin where a block would end."""
        following = self._bytes(offset, _SECTION_HEAD)
        return offset == end or _SECTION.match(following) is not None

    def _digest_of(self, start: int, size: int) -> bytes:
        digest = sha256()
        for at in range(start, start + size, limits.READ_CHUNK):
            digest.update(self._bytes(at, min(limits.READ_CHUNK, start + size - at)))
        return digest.digest()

    # What was found

    def _add(self, at: int, size: int) -> bool:
        """Index the block whose CID stands at an offset, unless it is known."""
        body = self._blocks.read_at(at, CID_BYTES + size)
        head = encode_varint(len(body))
        self._covered += len(head) + len(body)
        row = self._index.find(body[:CID_BYTES])
        is_known = row >= 0 and self._index.mark(row) & STATE != State.WRONG_HASH
        # A row says where the length begins: in front of the CID, so that there
        # is a byte at least.
        if is_known or not at:
            return False
        kernel.scan(self._index, head + body, max(0, at - len(head)))
        self._index.settle()
        if at < len(head):
            self._index.set_padded(self._index.find(body[:CID_BYTES]), at)
        self._found += 1
        return True

    def _tell(self, lost: int, offset: int) -> None:
        """Report that sections can be read again, if there were bytes between."""
        if offset > lost:
            self._times += 1
            self._findings.add(found_again(lost, offset))

    def _follow(self, start: int, end: int) -> Generator[int, None, int]:
        """Index sections from *start* on, as long as each begins with a CID.

        Returns:
            Where the last one ends that hashes. Those in front of it that do not
            are searched later.
        """
        first, position, wanted = len(self._index), start, _LEAST
        size = _section_size(self._bytes(start, LENGTH_BYTES))
        if not size or not self._begins_section(start + size, end):
            # What is hashed for a length that leads nowhere is hashed in vain.
            return start
        while position < end:
            data = self._blocks.read_at(position, min(wanted, end - position))
            scanned = kernel.scan(self._index, data, position)
            position += scanned.consumed
            if scanned.stop is Stop.HANDED_OVER:
                break
            wanted = min(2 * wanted, limits.READ_CHUNK)
            if scanned.stop is Stop.CUT and not scanned.consumed:
                wanted = _section_size(data)
                if not len(data) < wanted <= end - position:
                    break
            yield position
        self._index.settle()
        self._found += count_whole(self._index, first)
        self._covered += position - start
        for begin, stop in gaps(self._index, start, position, first):
            self._pay(stop - begin)
            if stop == position:
                self._covered -= stop - begin
                position = begin
            else:
                self._put_off(begin, stop)
        return position

    def _put_off(self, start: int, end: int) -> None:
        """Have bytes searched later."""
        self._covered -= end - start
        if len(self._todo) < 2 * limits.MOST_GAPS:
            self._todo.extend((end, start))
        else:
            self._is_bounded = True

    def _pay(self, cost: int) -> bool:
        """Take what a try costs; tell whether there is more."""
        self._likely.left -= cost
        if self._likely.left <= 0:
            self._is_bounded = True
        return self._likely.left > 0


def _section_size(data: bytes) -> int:
    """Return the bytes of the section that *data* begins; 0 for none to be read."""
    try:
        length, body = read_varint(data, 0, len(data))
    except (VarintCut, VarintTooLong):
        return 0
    return body + length if length <= limits.MAX_SECTION else 0
