"""Count what is wrong with the framing of sections.

There may be hundreds of millions of short sections, padded lengths and zeros,
each of a byte or two. They are counted in bulk: at most a hundred findings of
one kind are made, and one with the total at the end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from repoview.core import limits
from repoview.core.cid import CidCut, read_cid
from repoview.core.errors import CidError
from repoview.core.findings.findings import Severity, finding
from repoview.core.varint import VarintCut, VarintTooLong, read_varint, size_of
from repoview.core.wording import agreed, count_text

if TYPE_CHECKING:
    from repoview.core.cid import Cid
    from repoview.core.findings.findings import Finding, Findings, Place

SHORTEST: Final = 36
"""Bytes of a section that has a CID and nothing else."""

HEADER_TELLS: Final = 10
"""Bytes of a section's body that tell whether it is another CAR's header."""

_ZEROS: Final = re.compile(rb"\0+")
_HEADER: Final = re.compile(
    rb"[\xa1-\xb7\xbf](?:\x65roots[\x80-\x9f]|\x67version[\x01\x02])"
)
"""First bytes of the map of a header, of no CID. Version 2 is of a CARv2."""


def cid_fault(size: int, error: CidError) -> tuple[str, str]:
    """Return the code and text for a section of *size* whose CID cannot be read."""
    # A CID that would be whole with more bytes is not malformed.
    if isinstance(error, CidCut):
        return "CAR026", f"a section of {size:,} bytes is shorter than its CID"
    return "CID001", f"the section does not begin with a CID: {error.fact}"


def cid_in(data: bytes) -> tuple[Cid | None, bool]:
    """Return the CID that *data* begins with, if any.

    And whether a CID begins there, even if the bytes end inside it.
    """
    try:
        return read_cid(data, 0, len(data))[0], True
    except CidError as error:
        return None, isinstance(error, CidCut)


def tail_fault(data: bytes, length: int, have: int) -> tuple[str, str, str, Place]:
    """Judge a section that would end behind the end of the file.

    Args:
        data: What it begins with, behind its length.
        length: Bytes that it should have.
        have: Bytes that it has.

    Returns:
        The code, the message where reading ends there, the one where sections
        follow all the same, and the other fields of the finding.
    """
    cid, begins = cid_in(data)
    if not begins or length < SHORTEST:
        text = "what stands behind the last section is none itself"
        return "CAR028", text, "what stands between two sections is none itself", {}
    expected, found = count_text(length, "byte"), count_text(have, "byte")
    text = f"the last section is cut off: {have:,} of {expected}"
    inside = f"a section would end behind the file: {have:,} of {expected}"
    return "CAR023", text, inside, {"cid": cid, "expected": expected, "found": found}


def begins_car(data: bytes, body: int) -> bool:
    """Tell whether a section's body at *body* is the header of another CAR."""
    return _HEADER.match(data, body) is not None


class Framing:
    """The counts of one source: one finding for each kind of fault.

    Args:
        findings: Takes the findings.
    """

    def __init__(self, findings: Findings) -> None:
        self.passed_by = 0
        """Sections met that gave no block, without those of zero length."""
        self._findings = findings
        self._padded = self._first_padded = 0
        self._padding = 0, 0
        """Of the first padded length: its bytes, and how many would do."""
        self._short = 0
        self._last_short: Finding | None = None
        self._zeros = self._first_zero = 0
        self._run = self._run_start = 0
        self._run_end = -1
        """Sections of zero length: all earlier ones, and the last adjacent ones."""

    def padded(self, offset: int, head: int, least: int) -> None:
        """Count a length that takes *head* bytes where *least* would do."""
        if not self._padded:
            self._first_padded, self._padding = offset, (head, least)
        self._padded += 1

    def pass_short(self, data: bytes, at: int, base: int) -> int:
        """Skip sections too short for a CID; return where the next begins.

        Stops at the header of another CAR, however short.

        Args:
            data: Bytes of the CAR, which stand at *base* in the file.
            at: Where in *data* such a section begins.
            base: Offset of *data*.
        """
        end = len(data)
        while at < end:
            length, body = data[at], at + 1
            if length == 0:
                run = _ZEROS.match(data, at)
                body = end if run is None else run.end()
                self._zero(base + at, base + body, body - at)
                at = body
                continue
            if length >= 0x80:
                try:
                    length, body = read_varint(data, at, end)
                except (VarintCut, VarintTooLong):
                    return at
            if length >= SHORTEST or body + length > end or begins_car(data, body):
                return at
            if body - at > 1:
                self.padded(base + at, body - at, size_of(length))
            if length:
                self._pass_one(base + at, length)
            else:
                self._zero(base + at, base + body, 1)
            at = body + length
        return at

    def _pass_one(self, offset: int, length: int) -> None:
        self.passed_by += 1
        self._short += 1
        if self._short <= limits.FINDINGS_A_CODE:
            amount = count_text(length, "byte")
            text = f"a section of {amount} is too short for a CID"
            self._last_short = finding("CAR026", text, offset=offset)
            self._findings.add(self._last_short)

    def _zero(self, start: int, end: int, count: int) -> None:
        if start != self._run_end:
            self._close_run()
            self._run_start = start
        self._run_end = end
        self._run += count

    def _close_run(self) -> None:
        if self._run and not self._zeros:
            self._first_zero = self._run_start
        self._zeros += self._run
        self._run = 0

    def finish(self, end: int) -> None:
        """Report the totals, once reading has ended.

        Args:
            end: Where the CAR ends.
        """
        if self._run and self._run_end == end:
            amount = count_text(self._run, "section")
            text = f"the CAR ends in {amount} of zero length: padding"
            self._add("CAR025", text, self._run_start, self._run, Severity.INFO)
            self._run = 0
        self._close_run()
        if self._zeros:
            has = agreed(
                self._zeros, "has zero length and is", "have zero length and are"
            )
            text = f"{count_text(self._zeros, 'section')} {has} passed by"
            self._add("CAR025", text, self._first_zero, self._zeros)
        if self._padded:
            takes = agreed(
                self._padded,
                "the length of 1 section takes",
                f"the lengths of {self._padded:,} sections take",
            )
            text = f"{takes} needless bytes"
            head, least = self._padding
            self._add(
                "CAR022",
                text,
                self._first_padded,
                self._padded,
                expected=count_text(least, "byte"),
                found=f"{head}",
            )
        more = self._short - limits.FINDINGS_A_CODE
        if more > 0 and self._last_short is not None:
            self._findings.count_more(self._last_short, more)

    def _add(
        self,
        code: str,
        text: str,
        offset: int,
        count: int,
        severity: Severity | None = None,
        *,
        expected: str | None = None,
        found: str | None = None,
    ) -> None:
        told = finding(
            code,
            text,
            severity=severity,
            offset=offset,
            count=count,
            expected=expected,
            found=found,
        )
        self._findings.add(told)
