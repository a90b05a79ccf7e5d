"""What is wrong with a record: its encoding, shape, `$type`, blobs and size.

A record is judged together with its key: the same block can be right under one
key and wrong under another. Its faults are no faults of the tree.
Source: atproto data model; Lexicon, "record"; IETF draft, "Records".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from repoview.core import limits
from repoview.core.findings.findings import Scope, finding
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.dagcbor.fields import value_at
from repoview.core.formats.node_faults import STOPPED, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.findings.findings import Finding, Place


def record_findings(data: bytes, collection: str, place: Place) -> Iterator[Finding]:
    """Yield everything that is wrong with a record block.

    Args:
        data: The block.
        collection: That of the key, or "" when the key has none.
        place: Offset, CID and path for the findings.
    """
    decoded = dagcbor.diagnose(data)
    faults = [*decoded.faults, *decoded.blob_faults]
    for fault in sorted(faults, key=lambda fault: fault.offset):
        yield finding(
            fault.code,
            fault.message,
            scope=Scope.RECORD,
            block_offset=fault.offset,
            expected=fault.expected,
            found=fault.found,
            at=place,
        )
    if len(data) > limits.MAX_RECORD:
        text = f"the record has {len(data):,} bytes: the network carries 1,000,000"
        most = f"at most {limits.MAX_RECORD:,}"
        yield finding("REC006", text, expected=most, found=f"{len(data):,}", at=place)
    # What is nested too deep is left out, and decoding goes on behind it.
    stopped = (STOPPED - {"CBR017"}) & {fault.code for fault in decoded.faults}
    if stopped and not isinstance(decoded.value, dict):
        yield finding("REC001", "nothing of the record can be decoded", at=place)
    elif not stopped or "$type" in decoded.value:  # type: ignore[operator]  # a map here
        yield from type_findings(decoded.value, collection, place, data)


def type_findings(
    value: dagcbor.Value, collection: str, place: Place, data: bytes | None
) -> Iterator[Finding]:
    """Yield what is wrong with a record's shape and `$type` under one key.

    Args:
        value: What the block decodes to, or as much of it as tells.
        collection: That of the key, or "" when the key has none.
        place: Offset, CID and path for the findings.
        data: The block, for the byte of the findings; None if it was not kept.
    """
    if not isinstance(value, dict):
        text, found = "the record is not a map", kind_of(value)
        yield finding("REC002", text, expected="a map", found=found, at=place)
        return
    if "$type" not in value:
        text = "the record has no `$type`"
        yield finding("REC003", text, expected=collection or None, at=place)
        return
    name = value["$type"]
    if isinstance(name, str) and name and name == (collection or name):
        return
    at = place
    if data is not None:
        at = {**place, "block_offset": value_at(data, "$type")}
    if not isinstance(name, str) or not name:
        text = "`$type` is not text" if name != "" else "`$type` is empty"
        found = kind_of(name) if name != "" else "''"
        yield finding("REC004", text, expected=collection or None, found=found, at=at)
    else:
        shown = ascii(name[:80])
        text = f"`$type` is {shown}, but the collection is {collection[:80]!a}"
        yield finding("REC005", text, expected=collection, found=name[:400], at=at)
