"""Load a CAR: one pass over its bytes, forwards, into the block index.

`kernel.scan` adds what is plainly framed, a buffer at a time. What it stops at
is judged here, one section at a time: what is wrong becomes a finding, the
section is added all the same or skipped, and the scan goes on behind it. Where
the framing itself is lost, it goes on at the next section whose block hashes;
only without such a one does reading end early.

Memory is bounded: lengths are compared with what is there before anything is
read, adjacent empty or short sections are skipped without an object for each,
and the index keeps its budget.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Unpack

from repoview.core import limits
from repoview.core.cid import Cid, read_cid
from repoview.core.errors import CidError, LimitExceeded, NotFound
from repoview.core.findings.findings import finding, unread
from repoview.core.formats import carv2
from repoview.core.formats.car import Section
from repoview.core.formats.car_header import (
    HEAD_BYTES,
    PLAIN_HEADER,
    Header,
    read_header,
)
from repoview.core.formats.frames.head import begins_frame
from repoview.core.formats.framing import (
    HEADER_TELLS,
    SHORTEST,
    Framing,
    begins_car,
    cid_fault,
    cid_in,
    tail_fault,
)
from repoview.core.kernel import kernel
from repoview.core.kernel.seam import Stop
from repoview.core.load.forwards import UNKNOWN, Forwards
from repoview.core.load.next_section import NextSection, found_again
from repoview.core.load.odd_cids import judge_odd
from repoview.core.load.result import Loaded, Progress
from repoview.core.source import server_error
from repoview.core.source.sniff import SNIFFED, sniff
from repoview.core.varint import (
    MAX_BYTES,
    VarintCut,
    VarintTooLong,
    encode_varint,
    read_varint,
    size_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.findings.findings import Finding, Findings, Place
    from repoview.core.formats.frames.frame import Frame
    from repoview.core.formats.frames.head import Which

_LEAST: Final = 64 * limits.KiB
"""Bytes of a step while no more have arrived."""


def load(
    blocks: Blocks,
    findings: Findings,
    step: int,
    *,
    follow: Callable[[Blocks, Header], None] | None = None,
    see: Callable[[int, bytes, Header | None], None] | None = None,
    eager: bool = False,
    which: Which | None = None,
    finds_next: bool = True,
) -> Generator[Progress, None, Loaded]:
    """Read the source of *blocks* once, and index them, a step at a time.

    Yields its progress after each step. A `LimitExceeded` that is thrown into
    it leaves the rest unread (LIM001).

    Args:
        blocks: Empty. Their source stays open: blocks are read from it later.
        findings: Takes what is wrong with container and identifiers.
        step: Bytes of a step; more for a section that is larger.
        follow: Called after every step but the last, with what is known so far.
        see: Called with all bytes of sections and their offset, before they are
            scanned.
        eager: Whether steps are smaller while bytes arrive slowly, for a low
            latency.
        which: The frame of the event stream whose CAR is read; None for the first.
        finds_next: Whether to go on behind lost framing; False where all bytes are
            searched for blocks later.

    Raises:
        NotFound: The source has fewer frames than *which* wants, or none.
        SourceError: The bytes cannot be read, or the file became shorter.
    """
    loader = _Loader(blocks, findings, step, follow, see, which, eager=eager)
    if finds_next:
        loader.next_section = NextSection()
    return loader.steps()


class _Loader(Forwards):
    """One pass over one source; `position` is where it stands."""

    def __init__(
        self,
        blocks: Blocks,
        findings: Findings,
        step: int,
        follow: Callable[[Blocks, Header], None] | None,
        see: Callable[[int, bytes, Header | None], None] | None,
        which: Which | None,
        *,
        eager: bool,
    ) -> None:
        super().__init__(blocks.source)
        self._eager, self._which = eager, which
        self._frame: Frame | None = None
        self._blocks = blocks
        self._index = blocks.index
        self._findings = findings
        self._follow = follow
        self._see = see
        self._header: Header | None = None
        self._step = step
        self._wanted = min(step, _LEAST) if eager else step
        """Bytes to read next."""
        self._first: int | None = None
        self._cut = self._limited = False
        self._ended_by: str | None = None
        self._framing = Framing(findings)
        self._skipped, self._last_before = 0, -1
        self.next_section: NextSection | None = None
        """Finds where to go on behind lost framing; None to stop there."""

    def steps(self) -> Generator[Progress, None, Loaded]:
        """Read everything that can be read."""
        try:
            yield self._progress()
            if self._find_sections():
                while self._position < self._end:
                    self._take_in()
                    if self._follow and self._header and self._position < self._end:
                        self._follow(self._blocks, self._header)
                    yield self._progress()
                self._index.settle()
                self._framing.finish(self._end)
        except LimitExceeded as error:
            self._stop_at_limit(error)
            self._framing.finish(self._end)
        self._index.finish()
        self._note_packing()
        return Loaded(
            self._blocks,
            self._header,
            self._start,
            self._end,
            self._first,
            self._index.sections + self._framing.passed_by,
            self._cut,
            self._limited,
            self._ended_by,
            self._frame,
            self._skipped,
            self._last_before,
        )

    def _progress(self) -> Progress:
        expected, blocks = self._source.expected, self._index.sections
        return Progress("load", self._position, expected, blocks)

    def _add(self, code: str, text: str, **place: Unpack[Place]) -> Finding:
        found = finding(code, text, **place)
        self._findings.add(found)
        return found

    # What comes before the sections

    def _find_sections(self) -> bool:
        """Read what stands before the first section; tell whether there is one."""
        head = self._read(0 if self._which is None else self._which.offset, SNIFFED)
        if not head:
            text = self._source.fault or "the file is empty"
            self._add("CAR001", text, offset=0)
            return False
        inner = False
        if begins_frame(head):
            if not self._open_frame():
                return False
        elif self._which is not None:
            raise NotFound(f"{self._source.name} holds no frames of the event stream")
        elif not PLAIN_HEADER.match(head):
            if (name := sniff(head)) is not None:
                # The message of a server may be longer than a file's magic.
                name = sniff(self._read(0, server_error.MOST_BYTES)) or name
                self._add("CAR030", f"this is no CAR, but {name}", offset=0)
                return False
            # The findings about other headers depend on where the file ends.
            self._reach(UNKNOWN)
            inner = carv2.is_carv2(head)
            if inner and not self._unwrap(head):
                return False
        self._header, found = self._read_header(head, inner=inner)
        for each in found:
            cut = each.code == "CAR006"
            self._cut = self._cut or cut
            self._ended_by = each.code if cut else self._ended_by
            if cut:
                each = replace(each, message=each.message + self._because())  # noqa: PLW2901 (it stands in its place)
            self._findings.add(each)
        if self._header is None:
            return False
        self._position = self._header.end
        return True

    def _read_header(
        self, head: bytes, *, inner: bool
    ) -> tuple[Header | None, list[Finding]]:
        available = self._end - self._start
        if self._start or not PLAIN_HEADER.match(head):
            head = self._read(self._start, HEAD_BYTES)
        return read_header(head, offset=self._start, available=available, inner=inner)

    def _unwrap(self, head: bytes) -> bool:
        wrapper, found = carv2.unwrap(head, self._end)
        for each in found:
            self._findings.add(each)
            self._ended_by = each.code if each.code == "CV2003" else self._ended_by
        if wrapper is None:
            return False
        if wrapper.index_offset is not None:
            index = self._read(wrapper.index_offset, 9)
            self._findings.add(carv2.index_finding(index, wrapper.index_offset))
        self._start, self._end = wrapper.data_offset, wrapper.data_end
        return True

    def _open_frame(self) -> bool:
        """Read the frame that is wanted; tell whether it has a CAR."""
        from repoview.core.load.frames import find_frame  # noqa: PLC0415 (few need it)

        self._frame = frame = find_frame(self._read, self._which, self._source.name)
        for each in frame.findings:
            self._findings.add(each)
        if frame.blocks is None:
            return False
        self._cut = not frame.is_whole
        self._start, self._end = frame.blocks.start, frame.blocks.stop
        return True

    # The sections

    def _take_in(self) -> None:
        """Read one buffer, and add the sections that are whole in it."""
        base, data = self._next_bytes()
        self._wanted = self._next_step(base + len(data))
        if self._see is not None:
            self._see(base, data, self._header)
        while (at := self._position - base) < len(data):
            if self._first is None and data[at] >= SHORTEST:
                self._first = self._position
            scanned = kernel.scan(self._index, data, base, at)
            self._position = base + scanned.consumed
            if scanned.stop is Stop.END or not self._judge(data, base):
                return

    def _next_bytes(self) -> tuple[int, bytes]:
        """Return the next bytes and where they begin; without a copy, the first."""
        held = self._source.held
        if held and self._see is None and self._end == len(held) <= self._step:
            return 0, held
        return self._position, self._read(self._position, self._wanted)

    def _next_step(self, offset: int) -> int:
        """Return how much to read at *offset*."""
        if not self._eager or self._source.ended:
            return self._step
        at_hand = self._source.size - offset
        return min(self._step, max(_LEAST, at_hand))

    def _judge(self, data: bytes, base: int) -> bool:
        """Deal with the section at `position`; tell whether *data* has more.

        Args:
            data: Bytes of the CAR.
            base: Where they stand in the file.
        """
        at = self._position - base
        try:
            length, body = read_varint(data, at, len(data))
        except VarintCut:
            if base + len(data) < self._end:
                return False
            self._index.settle()
            self._stop("CAR027", "the file ends inside the length of a section")
            return True
        except VarintTooLong as error:
            self._index.settle()
            text = f"the length of a section is broken: {error.fact}"
            begins = data[at : at + MAX_BYTES + 1].hex(" ")
            most = f"at most {MAX_BYTES} bytes"
            self._lose("CAR021", text, text, expected=most, found=begins)
            return True
        end = base + body + length
        whole = end <= self._end and length <= limits.MAX_SECTION
        needed = end if whole else base + body + HEADER_TELLS
        if base + len(data) < min(needed, self._end):
            self._wanted = max(self._wanted, needed - self._position)
            return False
        self._index.settle()
        self._reach(end)
        if begins_car(data, body):
            self._end_at_another()
            return False
        if end > self._end:
            self._judge_tail(base + body, length)
        elif length > limits.MAX_SECTION:
            self._pass_by(base + body, length)
        elif length < SHORTEST:
            self._position = base + self._framing.pass_short(data, at, base)
        else:
            self._take_section(data, at, body, body + length)
        return True

    def _take_section(self, data: bytes, at: int, body: int, end: int) -> None:
        """Add a section that is whole in *data*, from *at* to *end*."""
        offset = self._position
        self._position += end - at
        length, head = end - body, body - at
        padded = head > size_of(length)
        if padded:
            self._framing.padded(offset, head, size_of(length))
        try:
            cid, cid_end = read_cid(data, body, end)
        except CidError as error:
            self._framing.passed_by += 1
            self._add(*cid_fault(length, error), offset=offset)
            return
        if cid.is_blessed:
            self._take_padded(data[body:end], offset, head, cid)
            return
        if len(cid.raw) > limits.MAX_CID_BYTES:
            # Only identity CIDs may be so long; kept, they would fill memory.
            self._framing.passed_by += 1
            text = f"the CID holds the data itself, {len(cid.raw):,} bytes of it"
            self._add("CID006", text, offset=offset)
            return
        section = Section(offset, head, cid, cid_end - body, length)
        enough = self._findings.has_enough
        block, found = judge_odd(section, data[cid_end:end], enough)
        for each in found:
            self._findings.add(each)
        self._blocks.add_odd(block)

    def _take_padded(self, body: bytes, offset: int, head: int, cid: Cid) -> None:
        """Add a block that is plain but for the padding of its length."""
        index = self._index
        kernel.scan(index, encode_varint(len(body)) + body, offset)
        # Another thread may still be hashing it.
        index.settle()
        row = index.find(cid.raw)
        if index.offset(row) == offset:
            index.set_padded(row, head)

    def _pass_by(self, body: int, length: int) -> None:
        """Skip a section that is over the limit, without reading it."""
        text = f"a section of {length:,} bytes is over the limit and passed by"
        limit = f"at most {limits.MAX_SECTION:,}"
        cid, _ = cid_in(self._read(body, min(length, 2 * limits.MAX_CID_BYTES)))
        at, size = self._position, f"{length:,}"
        self._add("CAR024", text, offset=at, cid=cid, expected=limit, found=size)
        self._framing.passed_by += 1
        self._position = body + length

    # The end

    def _judge_tail(self, body: int, length: int) -> None:
        """Judge a section that would end behind the end of the file."""
        data = self._read(body, min(length, 2 * limits.MAX_CID_BYTES))
        code, text, inside, place = tail_fault(data, length, self._end - body)
        self._lose(code, text, inside, **place)

    def _end_at_another(self) -> None:
        """Leave a CAR behind this one unread: this one ends in front of it."""
        self._reach(UNKNOWN)
        text = "here another CAR begins, which is not part of this one"
        text += unread(self._end - self._position)
        self._add("CAR033", text, offset=self._position)
        self._ended_by = "CAR033"
        self._end = self._position

    def _lose(self, code: str, text: str, inside: str, **more: Unpack[Place]) -> None:
        """Report lost framing, and go on where a section can be read again.

        Args:
            code: Of the finding.
            text: Its message where reading ends here.
            inside: Its message where it goes on.
            more: What else it has.
        """
        self._reach(UNKNOWN)
        lost, again = self._position, -1
        if self.next_section is not None:
            again = self.next_section.find(self._read, lost + 1, self._end)
        if again < 0:
            self._stop(code, text, **more)
            return
        if not self._skipped and len(self._index):
            self._last_before = self._index.offset(len(self._index) - 1)
        more["offset"] = lost
        self._add(code, inside, **more)
        self._findings.add(found_again(lost, again))
        self._skipped += again - lost
        self._position = again

    def _stop(self, code: str, text: str, **more: Unpack[Place]) -> None:
        """Report what makes the rest unreadable, and leave it unread."""
        self._reach(UNKNOWN)
        text += unread(self._end - self._position) + self._because()
        more["offset"] = self._position
        self._add(code, text, **more)
        self._position = self._end
        self._cut, self._ended_by = True, code

    def _stop_at_limit(self, error: LimitExceeded) -> None:
        # Add what was read: threads may still be checking it.
        self._index.settle()
        rest = self._end - self._position
        left = unread(rest) if self._end != UNKNOWN else "; the rest is unread"
        self._add("LIM001", f"{error}{left}", offset=self._position)
        self._limited = True

    def _note_packing(self) -> None:
        """Report damage of a compressed stream that no other finding explains."""
        fault = self._source.fault
        if fault is None or self._cut or self._source.size == 0:
            return
        self._add("CAR023", fault, offset=self._source.size)
        self._cut, self._ended_by = True, "CAR023"
