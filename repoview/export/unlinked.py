"""Blocks that nothing links to, as a CAR or as JSON.

A CAR of them has no root, for none of them is the top of anything. In JSON each
is ``{"cid", "kind", "type", "size", "offset", "value"}``. No byte is lost: of a
block that JSON cannot tell in full, the bytes stand beside the value (``data``).

What does not hash to its CID is left out and counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from repoview.core.cid import DAG_CBOR, IDENTITY
from repoview.core.formats.car import encode_header, encode_section
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.inventory.unlinked import UnlinkedKind, unlinked_blocks
from repoview.core.kernel import kernel
from repoview.core.repo.inside import inside
from repoview.export.formats import Written, note_missing
from repoview.present import json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repoview.core.inventory.unlinked import UnlinkedBlock
    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Repo


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
    for block, data in _whole(repo, report, written):
        part = _section(block, data) if is_car else _line(block, data)
        write(lead + part + _AFTER[form])
        lead = _BETWEEN[form]
        written.blocks += 1
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


def _whole(
    repo: Repo, report: Callable[[Progress], None], written: Written
) -> Iterator[tuple[UnlinkedBlock, bytes]]:
    """Yield the blocks that can be written, and note the others."""
    for block, data in unlinked_blocks(inside(repo).blocks, report):
        if data is None or block.kind is UnlinkedKind.DAMAGED:
            note_missing(written, f"block {block.cid}")
        else:
            yield block, data


def _section(block: UnlinkedBlock, data: bytes) -> bytes:
    # An identity CID has its data in itself, and nothing stands behind it.
    is_inside = block.cid.hash_code == IDENTITY
    return encode_section(block.cid, b"" if is_inside else data)


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
