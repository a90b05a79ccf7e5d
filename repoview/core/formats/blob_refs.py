"""References to blobs in a record: images and videos, which are not in the repo.

What a reference is, and what is wrong with one, `dagcbor.blob_rules` says. Here
they are taken out of a value, wherever they stand.

Source: atproto data model, "Blob Type", and its legacy form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.cid import SHA2_256, Cid
from repoview.core.errors import CidError
from repoview.core.formats.dagcbor.blob_rules import flaws, is_legacy, is_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.formats.dagcbor.rules import Value

LONGEST_TYPE: Final = 255
"""Characters of a media type that are kept: RFC 6838 allows 127 on each side."""

_MAX_SIZE: Final = 2**63 - 1


class BlobRef(NamedTuple):
    """One reference."""

    cid: Cid | None
    """None where it names none that a blob can have."""

    type: str | None
    """The media type, as "image/jpeg"; None where it is not told."""

    size: int | None
    """Bytes; None where it is not told, as in the older form."""

    is_legacy: bool
    """Whether it has the older form."""

    fault: str | None = None
    """What is wrong with it, in words."""


def may_have_blobs(data: bytes) -> bool:
    """Tell whether a block may have a reference; False is certain, and fast."""
    return b"mimeType" in data or b"blob" in data


def blob_refs(value: Value) -> Iterator[BlobRef]:
    """Yield the references in a record, wherever they stand, in no order."""
    todo: list[Value] = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, list):
            todo.extend(item)
        elif isinstance(item, dict):
            if is_reference(item):
                yield _typed(item)
            elif is_legacy(item):
                yield _legacy(item)
            else:
                todo.extend(item.values())


def _typed(item: dict[str, Value]) -> BlobRef:
    cid, type_, size = item.get("ref"), item.get("mimeType"), item.get("size")
    faults = [flaw.why for flaw in flaws(item)]
    if not isinstance(cid, Cid) or not _can_be_hashed(cid):
        cid = None
    if not isinstance(type_, str):
        type_ = None
    # A bool is an integer to Python.
    if type(size) is not int or size < 0:
        size = None
    elif size > _MAX_SIZE:
        size = None
        faults.append("`size` is over 63 bits")
    return _ref(cid, type_, size, faults, is_legacy=False)


def _legacy(item: dict[str, Value]) -> BlobRef:
    faults = []
    cid: Cid | None = None
    try:
        cid = Cid.parse(str(item["cid"]))
    except CidError:
        faults.append("`cid` is no CID")
    if cid is not None and not _can_be_hashed(cid):
        cid = None
        faults.append("`cid` is a CID that no blob has")
    return _ref(cid, str(item["mimeType"]), None, faults, is_legacy=True)


def _ref(
    cid: Cid | None,
    type_: str | None,
    size: int | None,
    faults: list[str],
    *,
    is_legacy: bool,
) -> BlobRef:
    if type_ is not None and len(type_) > LONGEST_TYPE:
        type_ = type_[:LONGEST_TYPE]
        faults.append(f"`mimeType` has over {LONGEST_TYPE} characters")
    return BlobRef(cid, type_, size, is_legacy, ", ".join(faults) or None)


def _can_be_hashed(cid: Cid) -> bool:
    """Tell whether a CID is of the 36-byte form, of sha-256."""
    return cid.is_blessed and cid.hash_code == SHA2_256
