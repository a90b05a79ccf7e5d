"""What JSON says of records, a line each.

The lines of records in the one form that DAG-CBOR has for them; the engine writes
those of all others, for it alone reads what is in another, and says what is missing.
"""

from __future__ import annotations

import re
from array import array
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from repoview.core.cid import CID_BYTES, Cid, cid_text
from repoview.core.formats.dagcbor.strict import decode_sound, diagnose
from repoview.core.formats.json_text import json_text
from repoview.core.kernel.block_bytes import block_in
from repoview.core.kernel.seam import JsonField, JsonLines
from repoview.core.marks import RAW_CODEC, STATE, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.formats.dagcbor.strict import Value

_PLAIN: Final = re.compile(rb"[ !#-\[\]-~]*")
"""What JSON and terminals take as it is."""

_OF_VALUES: Final = frozenset(
    ("CBR011", "CBR015", "CBR016", "CBR019", "CBR020", "REC007", "REC008")
)
"""Faults of what a value is, and not of how it is written."""

_AT_ONCE: Final = 512
"""Records of a call, which takes a tenth of a second: others can cancel after it."""


def json_lines(
    blocks: Blocks,
    keys: Sequence[bytes],
    rows: array[int],
    form: Sequence[bytes | JsonField],
    most: int,
) -> JsonLines:
    """Return the lines of the first of some records: of one at least.

    The line of a record is empty if its key is not of plain ASCII, or its block
    is not DAG-CBOR in its one form, cannot be read, or does not hash to its CID
    (now or when loaded), and for a row that does not exist. Floats, integers of 64
    bits and any characters have a form, although atproto data has none of them.

    Args:
        blocks: Where the records are.
        keys: Of the records.
        rows: The block of each; those behind the last one returned come next.
        form: What a line is made of; a line feed at its end is a part of it.
        most: Bytes of blocks at most; but one record at least.

    Raises:
        ValueError: There is no such field.
    """
    fields = [part if isinstance(part, bytes) else JsonField(part) for part in form]
    lines: list[bytes] = []
    size = 0
    for key, row in zip(keys, rows[:_AT_ONCE], strict=False):
        if row < len(blocks.index):
            length = CID_BYTES + blocks.index.length(row)
            if lines and size + length > most:
                break
            size += length
        lines.append(_line(blocks, key, row, fields))
    return JsonLines(b"".join(lines), array("Q", accumulate(map(len, lines))))


def _line(
    blocks: Blocks, key: bytes, row: int, fields: Sequence[bytes | JsonField]
) -> bytes:
    if row >= len(blocks.index) or blocks.mark(row) & RAW_CODEC:
        return b""
    state = blocks.mark(row) & STATE
    block = None if state == State.WRONG_HASH else block_in(blocks, row)
    if block is None or _PLAIN.fullmatch(key) is None:
        return b""
    value = _value(block[CID_BYTES:], is_sound=state == State.SOUND)
    if value is None:
        return b""
    said = {
        JsonField.PATH: key,
        JsonField.CID: cid_text(block[:CID_BYTES]).encode(),
        JsonField.VALUE: value,
    }
    return b"".join(p if isinstance(p, bytes) else said[p] for p in fields)


def _value(data: bytes, *, is_sound: bool) -> bytes | None:
    """Return a block as JSON; None if it is not in its one form."""
    if is_sound:
        return json_text(decode_sound(data), None).encode()
    decoded = diagnose(data)
    codes = {fault.code for fault in decoded.faults}
    if not decoded.is_whole or not codes <= _OF_VALUES or _has_odd_link(decoded.value):
        return None
    return json_text(decoded.value, None).encode()


def _has_odd_link(value: Value) -> bool:
    """Tell whether there is a link that atproto does not have.

    The faults do not say it of all: a link that is no blob's has BLB002 in place
    of its own, and so has one to DAG-CBOR, which is in its one form.
    """
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, dict):
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)
        elif isinstance(item, Cid) and not item.is_blessed:
            return True
    return False
