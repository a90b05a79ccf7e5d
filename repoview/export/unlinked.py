"""Blocks that nothing links to, as a CAR or as JSON.

A CAR of them has no root, for none of them is the top of anything. In JSON each
is ``{"cid", "kind", "type", "size", "offset", "value"}``. No byte is lost: of a
block that JSON cannot tell in full, the bytes stand beside the value (``data``).

What does not hash to its CID is left out and counted.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from repoview.core import limits
from repoview.core.cid import DAG_CBOR
from repoview.core.formats.car import encode_header, encode_section
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.inventory.unlinked import UnlinkedKind, unlinked_blocks
from repoview.core.kernel import kernel
from repoview.core.kernel.seam import JsonField
from repoview.core.marks import NO_MARK, NO_ROW, STATE, State
from repoview.core.repo.inside import inside
from repoview.export.formats import Written, note_missing
from repoview.present import json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.blocks.blocks import Blocks
    from repoview.core.inventory.unlinked import UnlinkedBlock
    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Repo


_AT_ONCE: Final = 512
_MOST: Final = 4 * limits.MiB
"""Blocks of a batch, and bytes of them."""

_VALUE: Final = (JsonField.VALUE,)

_SOUND: Final = bytes(
    mark != NO_MARK and mark & STATE == State.SOUND for mark in range(256)
)
"""Of each mark, 1 if the block is there and sound."""


def write_unlinked(
    repo: Repo,
    form: str,
    write: Callable[[bytes], object],
    report: Callable[[Progress], None],
) -> Written:
    """Write all blocks that nothing links to, in the order of the file.

    Args:
        repo: Where they are.
        form: The name of the format, of `FORMATS`.
        write: Takes the next bytes.
        report: Called with progress; what it raises ends the writing.

    Raises:
        SourceError: The source cannot be read, or was changed.
    """
    written = Written()
    lead = _LEADS[form]
    is_car = form == "car"
    blocks = inside(repo).blocks
    for some in _in_batches(_whole(blocks, report, written)):
        for part in _sections(some) if is_car else _lines(blocks, some):
            write(lead + part + _AFTER[form])
            lead = _BETWEEN[form]
        written.blocks += len(some)
    if form == "json" and not written.blocks:
        write(b"[]\n")
    else:
        write((b"" if written.blocks else lead) + _ENDS[form])
    return written


_LEADS: Final = {"car": encode_header([]), "json": b"[\n", "jsonl": b""}
_BETWEEN: Final = {"car": b"", "json": b",\n", "jsonl": b""}
_AFTER: Final = {"car": b"", "json": b"", "jsonl": b"\n"}
_ENDS: Final = {"car": b"", "json": b"\n]\n", "jsonl": b""}
"""Format → what is in front of the first block, between two, and at the end."""


_Whole: TypeAlias = "tuple[UnlinkedBlock, bytes, int]"
"""A block that can be written, its data, and its row in the index."""


def _whole(
    blocks: Blocks, report: Callable[[Progress], None], written: Written
) -> Iterator[_Whole]:
    """Yield the blocks that can be written, and note the others."""
    for block, data, row in unlinked_blocks(blocks, report):
        if data is None or block.kind is UnlinkedKind.DAMAGED:
            note_missing(written, f"block {block.cid}")
        else:
            yield block, data, row


def _in_batches(found: Iterator[_Whole]) -> Iterator[list[_Whole]]:
    """Yield some hundred blocks together, of a few MiB."""
    some: list[_Whole] = []
    size = 0
    for each in found:
        some.append(each)
        size += each[0].size
        if len(some) == _AT_ONCE or size >= _MOST:
            yield some
            some, size = [], 0
    if some:
        yield some


def _sections(some: list[_Whole]) -> Iterator[bytes]:
    return (encode_section(block.cid, data) for block, data, _ in some)


def _lines(blocks: Blocks, some: list[_Whole]) -> Iterator[bytes]:
    """Yield what JSON says of blocks; the kernel writes the values of sound ones."""
    # Of what is not sound the kernel may write a value too, but no data beside it.
    rows = _if_sound(blocks, array("I", [row for _, _, row in some]))
    keys, done = [b""] * len(rows), 0
    while done < len(rows):
        lines = kernel.json_lines(blocks, keys[done:], rows[done:], _VALUE, _MOST)
        for value in kernel.cut(lines.text, lines.ends, 0):
            block, data, _ = some[done]
            yield _with_value(block, value) if value else _line(block, data)
            done += 1


def _if_sound(blocks: Blocks, rows: array[int]) -> array[int]:
    """Return the rows of sound blocks, and `NO_ROW` for those of others."""
    sound = blocks.index.marks_of(rows).translate(_SOUND)
    return array(
        "I", [row if is_it else NO_ROW for row, is_it in zip(rows, sound, strict=True)]
    )


def _with_value(block: UnlinkedBlock, value: bytes) -> bytes:
    return b'%b,"value":%b}' % (json_text(block.to_json(), None)[:-1].encode(), value)


def _line(block: UnlinkedBlock, data: bytes) -> bytes:
    line: dict[str, Any] = block.to_json()
    if block.cid.codec != DAG_CBOR:
        line["value"] = data
    elif kernel.sound_type(data) is not None:
        line["value"] = dagcbor.decode_sound(data)
    else:
        decoded = dagcbor.diagnose(data)
        line["value"] = decoded.value
        if decoded.faults or not decoded.is_whole:
            line["data"] = data
    return json_text(line, None).encode()
