"""What makes a map a reference to a blob, and what is wrong with one.

A map whose `$type` is "blob" is a reference. One of the older form has two
fields, `cid` and `mimeType`, both text: it is read, and no more is asked of it,
for maps of other kinds may have these two.

Source: atproto data model, "Blob Type".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.cid import RAW, RAW_PREFIX, Cid, codec_name
from repoview.core.formats.dagcbor.heads import TEXT, read_head
from repoview.core.formats.dagcbor.rules import Fault, Value, shown, why_odd
from repoview.core.formats.dagcbor.spans import hexed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TYPES: Final = (
    ("ref", Cid, "link"),
    ("mimeType", str, "text"),
    ("size", int, "integer"),
)
FIELDS: Final = frozenset({"$type", "ref", "mimeType", "size"})
"""What a reference has, and nothing else."""

LEGACY_FIELDS: Final = frozenset({"cid", "mimeType"})
"""What one of the older form has, and nothing else."""

TELLING: Final = FIELDS | LEGACY_FIELDS
"""The fields by which a map is a reference; of others only that there is one."""

_RIGHT: Final = re.compile(
    rb"\xa4\x63ref\xd8\x2a\x58\x25\x00" + re.escape(RAW_PREFIX) + rb".{32}"
    rb"\x64size(?:[\x01-\x17]|\x18.|\x19.{2}|\x1a.{4}|\x1b.{8})"
    rb"\x65\$type\x64blob\x68mimeType",
    re.DOTALL,
)
"""A reference in strict DAG-CBOR, up to the value of its last field."""

_A_BLOB: Final = Cid(RAW_PREFIX + bytes(32))


class Flaw(NamedTuple):
    """A rule that a reference breaks."""

    code: str
    field: str | None
    """The one whose value is wrong; None where a field is missing."""

    why: str
    expected: str
    found: str


class Field(NamedTuple):
    """A field of a map, as it is read."""

    start: int
    """Where its value begins, from the block's first byte."""

    value: Value
    told_at: int | None
    """Where a link was reported to be none, or none of atproto's; else None."""


def is_reference(fields: Mapping[str, Value]) -> bool:
    """Tell whether a map is a reference, right or wrong, of the form of today."""
    return fields.get("$type") == "blob"


def is_legacy(fields: Mapping[str, Value]) -> bool:
    """Tell whether a map is a reference of the older form."""
    if fields.keys() != LEGACY_FIELDS:
        return False
    return all(isinstance(value, str) for value in fields.values())


def flaws(fields: Mapping[str, Value]) -> Iterator[Flaw]:
    """Yield what is wrong with a reference of the form of today.

    BLB001 once, for all fields that are missing, too many or of another type;
    BLB002, BLB003 and BLB005 for the values of the others.
    """
    wrong = list(_misshapen(fields))
    if wrong:
        at = next((name for name, _ in wrong if name is not None), None)
        why = ", ".join(words for _, words in wrong)
        found = ", ".join(shown(name) for name in sorted(fields))
        yield Flaw("BLB001", at, why, "`$type`, `ref`, `mimeType` and `size`", found)
    cid, size, type_ = (fields.get(name) for name in ("ref", "size", "mimeType"))
    if isinstance(cid, Cid) and (odd := _why_no_blob(cid)):
        why = f"`ref` is no CID of a blob: {odd}"
        yield Flaw("BLB002", "ref", why, "CIDv1, raw, sha-256", hexed(cid.raw))
    # A bool is an integer to Python.
    if type(size) is int and size <= 0:
        yield Flaw("BLB003", "size", f"`size` is {size}", "1 or more", str(size))
    if isinstance(type_, str) and "/" not in type_:
        why = f"{shown(type_)}, without a slash" if type_ else "empty"
        why = f"`mimeType` is {why}"
        yield Flaw("BLB005", "mimeType", why, "type/subtype", shown(type_))


def _misshapen(fields: Mapping[str, Value]) -> Iterator[tuple[str | None, str]]:
    """Yield the fields that are not as they should be, and what is wrong."""
    for name, kind, words in _TYPES:
        if name not in fields:
            yield None, f"`{name}` is missing"
        elif type(fields[name]) is not kind:
            yield name, f"`{name}` is no {words}"
    other = next((name for name in fields if name not in FIELDS), None)
    if other is not None:
        yield other, f"the field {shown(other)} is too many"


def _why_no_blob(cid: Cid) -> str | None:
    """Say what keeps a CID from being that of a blob; None for nothing."""
    if cid.version and cid.codec != RAW:
        return f"it is {codec_name(cid.codec)}, not raw"
    return None if cid.is_blessed else why_odd(cid)


def blob_faults(fields: Mapping[str, Field], start: int) -> Iterator[Fault]:
    """Yield what is wrong with a map if it is a reference.

    Args:
        fields: Those in `TELLING`, and one of the others if there are any.
        start: Where it begins, from the block's first byte.
    """
    values = {name: field.value for name, field in fields.items()}
    if is_legacy(values):
        text = "a blob reference is of the older form, which does not tell the size"
        wanted = "`$type`, `ref`, `mimeType` and `size`"
        yield Fault("BLB004", start, text, wanted, "`cid` and `mimeType`")
    if not is_reference(values):
        return
    ref = fields.get("ref")
    told_at = None if ref is None else ref.told_at
    if told_at is not None and not isinstance(values["ref"], Cid):
        # That it is no link was said: what else is wrong?
        values["ref"] = _A_BLOB
    for code, name, why, expected, found in flaws(values):
        at = start if name is None else fields[name].start
        if code == "BLB002" and told_at is not None:
            at = told_at
        yield Fault(code, at, f"in a blob reference, {why}", expected, found)


def is_right(data: bytes, start: int) -> bool:
    """Tell whether a right reference begins at a byte; for `sound_type`.

    Args:
        data: A block, of which all up to the `$type` of this map is sound.
        start: Where the map begins.

    Raises:
        IndexError: The block ends before the value of its last field.
    """
    plain = _RIGHT.match(data, start)
    if plain is None:
        return False
    major, length, _, at = read_head(data, plain.end())
    return major == TEXT and b"/" in data[at : at + length]
