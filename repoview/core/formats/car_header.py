"""Read the header of a CAR, and judge it.

Most have the one plain form, which is matched. Any other is decoded as far as it can
be, and each part that is wrong is a finding: what can be read behind it is read.

Source: CARv1 §Header.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final, Unpack

from repoview.core import limits
from repoview.core.cid import Cid
from repoview.core.findings.findings import finding, unread
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.frozen import frozen
from repoview.core.varint import (
    VarintCut,
    VarintTooLong,
    read_varint,
    size_of,
)
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from repoview.core.findings.findings import Finding, Place

HEAD_BYTES: Final = 9 + limits.MAX_HEADER
"""From this many bytes of a CAR's beginning any header can be read."""

_STOPPED: Final = {"CBR001", "CBR005", "CBR017", "CBR018", "CBR021"}
"""Faults that end the decoding: the bytes behind them are not decoded."""

_NOT_OF_HEADERS: Final = {"CBR002", "CBR011", "CBR015", "CBR016", "CBR019", "CBR020"}
"""Bytes behind the object, which are CAR019; and rules of atproto data, which
a header is not."""

_ROOT: Final = re.compile(r"roots\[(\d+)\]")
"""The beginning of the path of a root, or of a part of one, in a header."""

PLAIN_HEADER: Final = re.compile(
    rb"\x3a\xa2\x65roots\x81\xd8\x2a\x58\x25\x00(\x01\x71\x12\x20.{32})"
    rb"\x67version\x01",
    re.DOTALL,
)
"""The header that nearly all repositories have: one plain root."""

_NAMES_SHOWN: Final = 10


@frozen
class Header:
    """What the first part of a CAR says about the rest."""

    roots: tuple[Cid, ...]
    """The first `limits.MAX_ROOTS_SHOWN` links; none when the first root is no
    link, for only that one may be taken as the commit."""

    version: int
    extra: tuple[str, ...]
    """Names of the fields that are neither `roots` nor `version`."""

    offset: int
    """Where its varint begins, from the first byte of the file."""

    length: int
    """Bytes of the varint and the object together."""

    @property
    def end(self) -> int:
        """Where the first section begins."""
        return self.offset + self.length


def read_header(
    data: bytes, *, offset: int, available: int, inner: bool = False
) -> tuple[Header | None, list[Finding]]:
    """Read the header of a CAR, whatever is wrong with it.

    Args:
        data: The first bytes of the CAR, `HEAD_BYTES` of them if it has them.
        offset: Where *data* stands in the file.
        available: Bytes of the whole CAR.
        inner: Whether the CAR stands in a CARv2, where another version than 1
            is CV2006.

    Returns:
        The header, None when nothing can be read behind it; and the findings
        CAR002 to CAR019 (not CAR016, which needs the blocks).
    """
    if (plain := PLAIN_HEADER.match(data)) is not None and plain.end() <= available:
        return Header((Cid(plain[1]),), 1, (), offset, plain.end()), []
    judge = _HeaderJudge(offset, available)
    fields = judge.decode(data)
    if fields is None:
        return None, judge.findings
    version = judge.version(fields, inner=inner)
    if version is None:
        return None, judge.findings
    roots = judge.roots(fields)
    extra = judge.extra_names(fields)
    return Header(roots, version, extra, offset, judge.length), judge.findings


class _HeaderJudge:
    """Judges one header, part by part."""

    def __init__(self, offset: int, available: int) -> None:
        self.findings: list[Finding] = []
        self.length = 0
        """Bytes of varint and object together."""
        self._offset = offset
        self._available = available
        self._bad_roots: _BadRoots | None = None

    def _add(self, code: str, text: str, **more: Unpack[Place]) -> None:
        more.setdefault("offset", self._offset)
        self.findings.append(finding(code, text, **more))

    def _end(self, code: str, text: str, *, read: int, **more: Unpack[Place]) -> None:
        """Report what makes everything behind the first *read* bytes unreadable."""
        self._add(code, text + unread(self._available - read), **more)

    def decode(self, data: bytes) -> dict[str, dagcbor.Value] | None:
        """Return the header's fields, as far as they can be read."""
        head = self._frame(data)
        if head is None:
            return None
        body = data[head : self.length]
        decoded = dagcbor.diagnose(body)
        for fault in decoded.faults:
            if fault.code in _STOPPED:
                text = f"the header is not CBOR: {fault.message}"
                offset = self._offset + head + fault.offset
                self._end("CAR007", text, read=self.length, offset=offset)
                return None
        fields = decoded.value
        if not isinstance(fields, dict):
            text = "the header is not a map"
            offset = self._offset + head
            self._end("CAR007", text, read=self.length, offset=offset)
            return None
        roots = fields.get("roots")
        if isinstance(roots, list) and not all(isinstance(r, Cid) for r in roots):
            self._bad_roots = _BadRoots(body, head, roots)
        self._judge_encoding(decoded, head)
        return fields

    def _frame(self, data: bytes) -> int | None:
        """Return the bytes of the header's varint; sets `length`."""
        available = self._available
        try:
            length, head = read_varint(data, 0, min(len(data), available))
        except VarintCut:
            self._end("CAR006", "the file ends inside the header's length", read=0)
            return None
        except VarintTooLong as error:
            text = f"the header's length is no varint: {error.fact}"
            self._end("CAR003", text, read=0)
            return None
        if length == 0:
            self._end("CAR002", "the header has a length of zero", read=head)
            return None
        if length > limits.MAX_HEADER:
            text = f"the header has a length of {length:,} bytes, over the limit"
            limit = f"at most {limits.MAX_HEADER:,}"
            found = f"{length:,}"
            self._end("CAR005", text, read=head, expected=limit, found=found)
            return None
        if head + length > available:
            have = available - head
            text = f"the file ends inside the header: {have:,} of {length:,} bytes"
            self._end("CAR006", text, read=head, expected=f"{length:,}")
            return None
        if head != size_of(length):
            least = size_of(length)
            text = f"the header's length has {head} bytes, {least} would do"
            self._add(
                "CAR004", text, expected=count_text(least, "byte"), found=f"{head}"
            )
        self.length = head + length
        return head

    def _judge_encoding(self, decoded: dagcbor.Decoded, head: int) -> None:
        start = self._offset + head
        for fault in decoded.faults:
            # Bytes behind the object are CAR019, whatever else there is.
            if fault.code.startswith("REC") or fault.code in _NOT_OF_HEADERS:
                continue
            if self._bad_roots is None or not self._bad_roots.hold(fault.offset):
                self._add(
                    "CAR018",
                    f"the header is not canonical: {fault.message}",
                    offset=start + fault.offset,
                    expected=fault.expected,
                    found=fault.found,
                )
        if rest := self.length - head - decoded.end:
            text = f"the header has {count_text(rest, 'byte')} behind its object"
            self._add("CAR019", text, offset=start + decoded.end)

    def version(self, fields: dict[str, dagcbor.Value], *, inner: bool) -> int | None:
        """Return the version, or None when it is one that cannot be read."""
        version = fields.get("version")
        if not isinstance(version, int) or isinstance(version, bool):
            state = "not an integer" if "version" in fields else "missing"
            text = f"the header's `version` is {state}: it is taken to be 1"
            self._add("CAR010", text, expected="1")
            return 1
        if version == 1:
            return 1
        wanted: Place = {"expected": "1", "found": str(version)}
        if inner:
            text = f"the CAR in the CARv2 wrapper is of version {version}"
            self._end("CV2006", text, read=self.length, **wanted)
        else:
            text = f"CAR version {version} is not known"
            if version == 2:
                text = "the header says CAR version 2, but is not that of a CARv2"
            self._end("CAR009", text, read=self.length, **wanted)
        return None

    def roots(self, fields: dict[str, dagcbor.Value]) -> tuple[Cid, ...]:
        """Return the roots that may be followed."""
        roots = fields.get("roots")
        if not isinstance(roots, list):
            state = "not an array" if "roots" in fields else "missing"
            text = f"the header's `roots` is {state}"
            if "root" in fields:
                text += ": it has `root`, as the first drafts misspelled it"
            self._add("CAR011", text)
            return ()
        if not roots:
            self._add("CAR012", "the header has no root: the commit is looked for")
            return ()
        if len(roots) > 1:
            text = (
                f"the header has {len(roots):,} roots: the first should be the commit"
            )
            self._add("CAR013", text, count=len(roots))
        links = [root for root in roots if isinstance(root, Cid)]
        if again := len(links) - len(set(links)):
            text = "the header lists a root more than once"
            self._add("CAR014", text, count=again)
        if self._bad_roots is not None:
            self._judge_bad_roots(self._bad_roots)
        if not isinstance(roots[0], Cid):
            return ()
        return tuple(links[: limits.MAX_ROOTS_SHOWN])

    def _judge_bad_roots(self, bad: _BadRoots) -> None:
        shown = bad.numbers[: limits.MAX_ROOTS_SHOWN]
        more = len(bad.numbers) - len(shown)
        for number in shown:
            text, count = f"root {number} is not a link", 1
            if more and number == shown[-1]:
                text = f"root {number} and {more:,} more behind it are not links"
                count += more
            offset = self._offset + bad.places.get(number, 0)
            self._add("CAR015", text, offset=offset, expected="a link", count=count)

    def extra_names(self, fields: dict[str, dagcbor.Value]) -> tuple[str, ...]:
        """Return the names of the fields that a header need not have."""
        names = [name for name in fields if name not in {"roots", "version"}]
        if "roots" not in fields and "root" in names:
            names.remove("root")
        if names:
            shown = ", ".join(f"{name[:40]!a}" for name in names[:_NAMES_SHOWN])
            more = len(names) - _NAMES_SHOWN
            tail = f" and {more:,} more" if more > 0 else ""
            text = f"the header has fields of its own: {shown}{tail}"
            self._add("CAR017", text, count=len(names))
        return tuple(names[: limits.MAX_ROOTS_SHOWN])


class _BadRoots:
    """The roots of a header that are not links, and their offsets.

    No other faults of their bytes are reported: one fault, one code.
    """

    def __init__(self, body: bytes, head: int, roots: list[dagcbor.Value]) -> None:
        self.numbers = [i for i, r in enumerate(roots) if not isinstance(r, Cid)]
        self.places: dict[int, int] = {}
        """By number: where it begins, from the header's first byte."""
        self._spans = dagcbor.diagnose(body, annotate=True).spans
        bad = set(self.numbers)
        for span in self._spans:
            number = _root_number(span.path)
            if number in bad:
                self.places.setdefault(number, head + span.start)

    def hold(self, offset: int) -> bool:
        """Tell whether the byte at *offset* of the header's object is in one."""
        place = bisect_right(self._spans, offset, key=lambda span: span.start) - 1
        return _root_number(self._spans[place].path) in self.places


def _root_number(path: str) -> int:
    match = _ROOT.match(path)
    return -1 if match is None else int(match[1])
