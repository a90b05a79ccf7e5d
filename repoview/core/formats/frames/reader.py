"""Read a frame of the event stream, and say what is wrong with it.

Fields are looked up where they stand, and the bytes of the CAR are not copied. A
field that is missing or of another type is a finding, and the others are read; of
a frame that is cut off, those before the cut.

Source: atproto Event Stream, "Framing"; com.atproto.sync.subscribeRepos.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Unpack

from repoview.core import limits
from repoview.core.cid import Cid
from repoview.core.findings.findings import Severity, finding
from repoview.core.formats import syntax
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.dagcbor.lazy import (
    Parts,
    bytes_begun,
    bytes_of,
    part_at,
    text_of,
)
from repoview.core.formats.dagcbor.rules import WARNINGS
from repoview.core.formats.frames.end import budget_for, item_end, taken
from repoview.core.formats.frames.fields import (
    FIELDS,
    HEADER,
    KINDS,
    OPERATION,
    kind_of,
    read_fields,
)
from repoview.core.formats.frames.frame import WITH_CAR, Frame, Operation
from repoview.core.formats.frames.head import ERROR
from repoview.core.formats.node_faults import STOPPED
from repoview.core.wording import count_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from repoview.core.findings.findings import Finding, Place
    from repoview.core.formats.dagcbor.lazy import Part
    from repoview.core.formats.dagcbor.rules import Value
    from repoview.core.formats.frames.fields import Field


_ACTIONS: Final = frozenset({"create", "update", "delete"})
_TOLD: Final = frozenset(
    {"active", "error", "handle", "message", "migrateTo", "name", "status", "tooBig"}
)
"""Fields that a sentence about an event has."""

_CUTS: Final = {"CBR001", "CBR018"}
"""Faults of bytes that end too early."""

_NAMES: Final = 10
"""Unknown fields that are named."""

_TEXT: Final = limits.MAX_DID
"""Bytes that are taken of a text; those that matter have far fewer."""


def read_frame(
    data: bytes, *, number: int = 1, offset: int = 0, is_over: bool = False
) -> Frame:
    """Return the frame at the beginning of *data*, as far as it can be read.

    Args:
        data: Its bytes; of one that is cut off, those that there are.
        number: Which one of its file it is, from 1.
        offset: Where it begins in the file.
        is_over: Whether there are more, and these are as many as are read.
    """
    return _FrameReader(data, number, offset, is_over=is_over).read()


class _FrameReader:
    """Reads one frame."""

    def __init__(self, data: bytes, number: int, offset: int, *, is_over: bool) -> None:
        self._data = data
        self._number = number
        self._offset = offset
        self._is_over = is_over
        self._findings: list[Finding] = []
        self._car_bytes = 0
        """Bytes of the field `blocks`, once it was met."""

    def read(self) -> Frame:
        """Read all of it."""
        data = self._data
        body = item_end(data, 0)
        header = self._fields(part_at(data, 0), HEADER, is_cut=body is None)
        kind = self._type(header, is_cut=body is None)
        if body is None:
            self._add("FRM001", f"the header of the frame {self._end_text(0)}")
            return self._frame(kind, {}, None)
        self._judge_encoding(0, body)
        payload, end = part_at(data, body), item_end(data, body)
        if payload.kind != "map":
            what = self._end_text(body)
            if end is not None:
                what = f"is {KINDS[kind_of(payload)]}, not a map"
            self._add("FRM001", f"the payload of the frame {what}", at=body)
            return self._frame(kind, {}, end)
        fields = self._fields(payload, FIELDS.get(kind), is_cut=end is None)
        self._car_bytes = _bytes_of(data, fields.get("blocks"))
        if end is None:
            lost = kind in WITH_CAR and "blocks" not in fields
            severity = Severity.FATAL if lost else None
            text = f"the frame {self._end_text(body)}"
            self._add("FRM002", text, at=body, severity=severity)
        else:
            self._judge_encoding(body, end)
        if kind not in FIELDS:
            name = f"of the type {kind[:40]!a}, which" if kind else "of a type that"
            text = f"the event is {name} is not known: its fields are left aside"
            self._add("FRM007", text, found=kind[:40] or None)
        return self._frame(kind, fields, end)

    def _end_text(self, start: int) -> str:
        """Say why the item at a byte cannot be read to its end."""
        if self._is_over:
            return f"is over the limit of {limits.MAX_FRAME:,} bytes"
        if self._is_costly(start, len(self._data)):
            return "cannot be read to its end: it has more parts than an event has"
        faults = dagcbor.diagnose(self._data[start:]).faults
        fault = next((each for each in faults if each.code in STOPPED), None)
        if fault is None:
            return "cannot be read to its end"
        said = fault.message.replace("the block", "the file")
        if fault.code in _CUTS:
            return f"is cut off: {said}"
        at = self._offset + start + fault.offset
        return f"cannot be read on from byte {at:,}: {said}"

    # Fields

    def _type(self, header: dict[str, Part], *, is_cut: bool) -> str:
        """Return the type that a header tells."""
        op, t = header.get("op"), header.get("t")
        if op is not None and op.value == -1:
            return ERROR
        if op is not None and op.value != 1:
            text = f"`op` is {op.value!r}, which is neither a message nor an error"
            self._add("FRM007", text, at=op.start, expected="1 or -1")
        elif t is None and not is_cut:
            self._add("FRM003", "the header has no field `t`", expected="t")
        return "" if t is None else text_of(self._data, t, _TEXT)

    def _fields(
        self, box: Part, known: Mapping[str, Field] | None, *, is_cut: bool = False
    ) -> dict[str, Part]:
        """Return the fields that are what they must be, and report the others."""
        fields, faults = read_fields(self._data, box, known, is_cut=is_cut)
        for code, at, text, expected, found, severity in faults:
            self._add(
                code, text, at=at, expected=expected, found=found, severity=severity
            )
        return fields

    # What the fields say

    def _frame(self, kind: str, fields: dict[str, Part], end: int | None) -> Frame:
        """Return the frame that was read."""
        blocks = self._blocks(kind, fields)
        ops, more = self._operations(fields.get("ops"))
        account = fields.get("repo") or fields.get("did")
        since, rev = self._text(fields.get("since")), self._text(fields.get("rev"))
        size = len(self._data) if end is None else end
        if size > limits.FRAME:
            self._over("the frame", size, "byte", limits.FRAME)
        if (
            since
            and rev
            and syntax.is_tid(since)
            and syntax.is_tid(rev)
            and since >= rev
        ):
            text = f"`since` is {since}, which is not before `rev`, {rev}"
            at = fields["since"].start
            self._add("FRM010", text, at=at, expected=f"before {rev}", found=since)
        return Frame(
            self._number,
            self._offset,
            self._offset + size,
            kind,
            is_whole=end is not None,
            seq=_integer(fields.get("seq")),
            repo=self._text(account),
            rev=rev,
            since=since,
            time=self._text(fields.get("time")),
            commit=_link(fields.get("commit")),
            prev_data=_link(fields.get("prevData")),
            blocks=blocks,
            ops=ops,
            more_ops=more,
            details={
                name: self._value(part)
                for name, part in fields.items()
                if name in _TOLD and part.kind != "fault"
            },
            findings=tuple(self._findings),
        )

    def _blocks(self, kind: str, fields: dict[str, Part]) -> range | None:
        """Return where the CAR stands; of one that is cut off, what there is."""
        part = fields.get("blocks")
        if part is None or kind not in WITH_CAR:
            return None
        if part.kind == "bytes" and part.amount >= 0:
            start, end = part.body, part.end
        elif part.kind == "bytes":
            text = "the field `blocks` is in pieces, and not opened"
            severity = Severity.FATAL
            self._add("FRM004", text, at=part.start, severity=severity)
            return None
        else:
            end = len(self._data)
            start = bytes_begun(self._data, part.start) or end
        if start == end:
            text = "the field `blocks` is empty: there is no CAR"
            self._add("FRM003", text, at=part.start, severity=Severity.FATAL)
            return None
        most = limits.FRAME_BLOCKS if kind == "#commit" else limits.SYNC_BLOCKS
        if end - start > most:
            self._over("the field `blocks`", end - start, "byte", most, at=part.start)
        return range(self._offset + start, self._offset + end)

    def _operations(self, box: Part | None) -> tuple[tuple[Operation, ...], int]:
        """Return the operations, and how many more there are that are not read."""
        ops: list[Operation] = []
        if box is None or box.kind != "array":
            return (), 0
        parts, budget = Parts(self._data, box), budget_for(self._data)
        while len(ops) < limits.MAX_OPERATIONS:
            item = taken(parts, budget)
            if item is None or item.part.kind == "fault":
                break
            ops.append(self._operation(len(ops), item.part))
        more = max(box.amount - len(ops), 0) if not parts.fault else 0
        if len(ops) + more > limits.OPERATIONS:
            self._over(
                "the field `ops`", len(ops) + more, "operation", limits.OPERATIONS
            )
        return tuple(ops), more

    def _operation(self, number: int, box: Part) -> Operation:
        at = self._offset + box.start
        if box.kind != "map":
            what = KINDS[kind_of(box)]
            text = f"operation {number + 1} is {what}, not a map"
            self._add("FRM004", text, at=box.start, expected="a map", found=what)
            why = "it is no operation"
            return Operation(number, at, is_usable=False, why=why)
        fields = self._fields(box, OPERATION)
        action, path = self._text(fields.get("action")), fields.get("path")
        cid, prev = _link(fields.get("cid")), _link(fields.get("prev"))
        key = b""
        if path is not None and path.kind == "text":
            key = bytes_of(self._data, path, limits.MAX_KEY + 1)
        why = _unusable(action, key, cid, prev, has_cid="cid" in fields)
        if why:
            text = f"operation {number + 1} cannot be used: {why}"
            self._add("FRM004", text, at=box.start, found=action and action[:40])
        return Operation(
            number,
            at,
            None if action is None else action[:40],
            self._text(path),
            key or None,
            cid,
            prev,
            is_usable=not why,
            why=why,
        )

    def _text(self, part: Part | None) -> str | None:
        """Return a text, the beginning of one that is far too long."""
        if part is None or part.kind != "text":
            return None
        return text_of(self._data, part, limits.MAX_KEY)

    def _value(self, part: Part) -> Value:
        return self._text(part) if part.kind == "text" else part.value

    # Findings

    def _judge_encoding(self, start: int, end: int) -> None:
        """Report what keeps one of the two maps from being strict DAG-CBOR."""
        data = self._data[start:end]
        if self._is_costly(start, end) or dagcbor.sound_type(data) is not None:
            return
        for fault in dagcbor.diagnose(data).faults[:_NAMES]:
            if fault.code.startswith("CBR") and fault.code not in WARNINGS:
                text = f"the frame is not canonical: {fault.message}"
                at, found = start + fault.offset, fault.found
                self._add("FRM009", text, at=at, expected=fault.expected, found=found)

    def _is_costly(self, start: int, end: int) -> bool:
        """Tell whether bytes have more beside the CAR than is judged one by one."""
        return end - start - self._car_bytes > limits.FRAME_FIELDS

    def _over(self, what: str, size: int, noun: str, most: int, at: int = 0) -> None:
        text = f"{what} has {count_text(size, noun)}, over the limit of the stream"
        self._add(
            "FRM006", text, at=at, expected=f"at most {most:,}", found=f"{size:,}"
        )

    def _add(self, code: str, text: str, *, at: int = 0, **more: Unpack[Place]) -> None:
        more["offset"] = self._offset + at
        self._findings.append(finding(code, text, **more))


def _unusable(
    action: str | None, key: bytes, cid: Cid | None, prev: Cid | None, *, has_cid: bool
) -> str:
    """Say why an operation says nothing that could be true; "" if it does."""
    if action not in _ACTIONS:
        return (
            "it is to do nothing" if action is None else f"{action[:40]!a} is no action"
        )
    if not key:
        return "it has no path"
    if len(key) > limits.MAX_KEY:
        return f"its path has over {limits.MAX_KEY:,} bytes"
    if action != "delete" and cid is None:
        return f"a record is to be {action}d, and it has no CID"
    if action == "delete" and (cid is not None or not has_cid):
        return "a record is to be deleted, and its CID is not null"
    if action == "create" and prev is not None:
        return "a record is to be created, and there was one before"
    return ""


def _integer(part: Part | None) -> int | None:
    value = None if part is None or part.kind != "int" else part.value
    return value if isinstance(value, int) else None


def _link(part: Part | None) -> Cid | None:
    return part.value if part is not None and isinstance(part.value, Cid) else None


def _bytes_of(data: bytes, part: Part | None) -> int:
    """Return how many bytes a field has; of one that is cut off, those there are."""
    if part is None:
        return 0
    return len(data) - part.start if part.kind == "fault" else part.end - part.start
