"""What JSON says of records, a line each.

The lines of records that are plainly sound; the engine writes those of all
others, for it alone reads what is unsound, and says what is missing.
"""

from __future__ import annotations

import re
from array import array
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from repoview.core.cid import CID_BYTES, cid_text
from repoview.core.formats.dagcbor.strict import decode_sound
from repoview.core.formats.json_text import json_text
from repoview.core.kernel.block_bytes import block_in
from repoview.core.kernel.seam import JsonField, JsonLines
from repoview.core.marks import RAW_CODEC, STATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repoview.core.blocks.blocks import Blocks

_PLAIN: Final = re.compile(rb"[ !#-\[\]-~]*")
"""What JSON and terminals take as it is."""

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
    is not sound DAG-CBOR, cannot be read, or does not hash to its CID (now or
    when loaded), and for a row that does not exist.

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
    if row >= len(blocks.index) or blocks.mark(row) & (STATE | RAW_CODEC):
        return b""
    block = block_in(blocks, row)
    if block is None or _PLAIN.fullmatch(key) is None:
        return b""
    said = {
        JsonField.PATH: key,
        JsonField.CID: cid_text(block[:CID_BYTES]).encode(),
        JsonField.VALUE: json_text(decode_sound(block[CID_BYTES:]), None).encode(),
    }
    return b"".join(p if isinstance(p, bytes) else said[p] for p in fields)
