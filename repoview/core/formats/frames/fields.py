"""The fields of frames: which there must be, of what kind, and which there are.

Source: atproto Event Stream, "Framing"; com.atproto.sync.subscribeRepos.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.findings.findings import Severity
from repoview.core.formats.dagcbor.lazy import Parts, key_text
from repoview.core.formats.frames.end import budget_for, taken
from repoview.core.formats.frames.head import ERROR

if TYPE_CHECKING:
    from collections.abc import Mapping

    from repoview.core.formats.dagcbor.lazy import Part


class Field(NamedTuple):
    """What a field of a payload must be."""

    kinds: str
    """The kinds it may be of, by their names in `_KINDS`."""

    lacks: Severity | None = Severity.ERROR
    """How bad it is if it is missing; None where it may be."""


_ERROR, _WARNING = Severity.ERROR, Severity.WARNING
_ACCOUNT: Final = {"seq": Field("int"), "did": Field("text"), "time": Field("text")}

FIELDS: Final[dict[str, dict[str, Field]]] = {
    "#commit": {
        "seq": Field("int"),
        "repo": Field("text"),
        "commit": Field("link"),
        "rev": Field("text"),
        "since": Field("text null"),
        "blocks": Field("bytes", Severity.FATAL),
        "ops": Field("array"),
        "time": Field("text"),
        "prevData": Field("link", None),
        # Of no use any more, and left out one day.
        "blobs": Field("array", _WARNING),
        "prev": Field("link null", None),
        "rebase": Field("bool", _WARNING),
        "tooBig": Field("bool", _WARNING),
    },
    "#sync": {
        **_ACCOUNT,
        "rev": Field("text"),
        "blocks": Field("bytes", Severity.FATAL),
    },
    "#identity": {**_ACCOUNT, "handle": Field("text", None)},
    "#account": {
        **_ACCOUNT,
        "active": Field("bool"),
        "status": Field("text", None),
    },
    "#info": {"name": Field("text"), "message": Field("text", None)},
    ERROR: {"error": Field("text"), "message": Field("text", None)},
    # Of earlier versions of the stream.
    "#handle": {**_ACCOUNT, "handle": Field("text")},
    "#migrate": {**_ACCOUNT, "migrateTo": Field("text null")},
    "#tombstone": _ACCOUNT,
}
"""Type → its fields."""

OPERATION: Final = {
    "action": Field("text"),
    "path": Field("text"),
    "cid": Field("link null"),
    "prev": Field("link null", None),
}
HEADER: Final = {"op": Field("int"), "t": Field("text", None)}
KINDS: Final = {
    "array": "an array",
    "bool": "a boolean",
    "bytes": "bytes",
    "float": "a float",
    "int": "an integer",
    "link": "a link",
    "map": "a map",
    "null": "null",
    "text": "text",
}
_NAMES: Final = 10
"""Unknown fields that are named."""

_NAME: Final = 200
"""Bytes of the longest name that is looked at."""


class Fault(NamedTuple):
    """A field that is missing or of the wrong kind."""

    code: str
    at: int
    """The byte of the frame that it is about."""

    text: str
    expected: str | None = None
    found: str | None = None
    severity: Severity | None = None


def read_fields(
    data: bytes, box: Part, known: Mapping[str, Field] | None, *, is_cut: bool = False
) -> tuple[dict[str, Part], list[Fault]]:
    """Return the fields of a map that are what they must be, and faults of others.

    Of a field that is there twice, the first counts. One that cannot be read to
    its end is among them as a part of the kind "fault".

    Args:
        data: The frame.
        box: The map; in anything else nothing is found.
        known: What its fields must be; None to return and judge none.
        is_cut: Whether not all of them may be there.
    """
    if box.kind != "map" or known is None:
        return {}, []
    found: dict[str, Part] = {}
    others: list[str] = []
    parts, budget = Parts(data, box), budget_for(data)
    while (item := taken(parts, budget)) is not None and item.key is not None:
        is_long = item.key.end - item.key.body > _NAME
        name = "…" if is_long else key_text(data, item.key)
        if name in known:
            found.setdefault(name, item.part)
        elif len(others) <= _NAMES:
            others.append(name)
    faults = []
    if others:
        shown = ", ".join(ascii(name[:40]) for name in others[:_NAMES])
        more = " and more" if len(others) > _NAMES else ""
        text = f"fields that such a frame has not are left aside: {shown}{more}"
        faults.append(Fault("FRM005", box.start, text))
    right = {}
    for name, wanted in known.items():
        part = found.get(name)
        fault = _fault(name, wanted, part, box.start)
        if fault is None and part is not None:
            right[name] = part
        elif fault is not None and not (part is None and is_cut):
            faults.append(fault)
    return right, faults


def _fault(name: str, wanted: Field, part: Part | None, start: int) -> Fault | None:
    """Return what is wrong with a field."""
    if part is None:
        if wanted.lacks is None:
            return None
        text = f"the field `{name}` is missing"
        return Fault("FRM003", start, text, name, None, wanted.lacks)
    kinds = wanted.kinds.split()
    if part.kind == "fault" or (kind := kind_of(part)) in kinds:
        return None
    has, should = KINDS[kind], KINDS[kinds[0]]
    severity = Severity.FATAL if wanted.lacks is Severity.FATAL else None
    text = f"the field `{name}` is {has}, not {should}"
    return Fault("FRM004", part.start, text, should, has, severity)


def kind_of(part: Part) -> str:
    """Return the kind of a part, that of simple values told apart."""
    if part.kind != "simple":
        return part.kind
    return "null" if part.value is None else "bool"
