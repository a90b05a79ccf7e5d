"""One stretch of a block taken apart: its head in bits, or its CID in parts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.wording import count_text
from repoview.present.anatomy.cids import cid_rows
from repoview.present.anatomy.heads import head_at, head_row
from repoview.present.anatomy.remarks import block_remarks
from repoview.present.styled import Piece, Row
from repoview.present.text import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTENT: Final = ("text", "bytes")
_HEADS: Final = ("text,", "text in", "byte string")
"""What the words about the head of a text or of bytes begin with; those about its
content begin with a quote or with hex."""

_ROW: Final = 8
"""Bytes of a span in a row."""


def parts_of_span(
    data: bytes, start: int, end: int, kind: str, words: str
) -> list[Row]:
    """Return what the bytes of a span are made of; nothing for plain content.

    Args:
        data: The block.
        start: The first byte of the span.
        end: The byte behind it.
        kind: What it is, as in `Span.kind`.
        words: What it means, as in `Span.meaning`.
    """
    if kind in {"fault", "tail"} or (kind in _CONTENT and not words.startswith(_HEADS)):
        return []
    if kind == "link" and words.startswith("CID"):
        return cid_rows(data[start:end])
    rows: list[Row] = []
    head = head_at(data, start)
    if head is None:
        return rows
    rows.append(head_row(head))
    if kind == "link" and start + head.size < end and not data[start + head.size]:
        rows.append(
            Row([Piece("00", "bright"), Piece("  in front of every CID in a link")])
        )
    return rows


def block_rows(data: bytes, most: int) -> Iterator[str | Row]:
    """Yield the bytes of a block, each stretch with its meaning and its parts.

    Args:
        data: The block: DAG-CBOR, sound or not.
        most: Stretches to show.
    """
    spans, remarks = dagcbor.annotate(data), block_remarks(data)
    digits = max(4, len(str(len(data))))
    for span in spans[:most]:
        piece = data[span.start : span.end]
        shown = piece[:_ROW].hex(" ") + (" …" if len(piece) > _ROW else "")
        indent = "  " * min(span.depth, 8)
        meaning = safe(span.meaning, 120)
        pieces = [
            Piece(f"{span.start:>{digits}}  ", "dim"),
            Piece(f"{shown:<{3 * _ROW + 2}}", "bright"),
            Piece(indent + meaning, "name" if span.kind == "key" else ""),
        ]
        yield Row(pieces)
        margin = " " * (digits + 2)
        for row in parts_of_span(data, span.start, span.end, span.kind, span.meaning):
            yield Row([Piece(f"{margin}  "), *row.pieces])
        if remark := remarks.get(span.start):
            yield Row([Piece(f"{margin}  "), Piece(remark, "dim")])
    if (more := len(spans) - most) > 0:
        yield f"… and {count_text(more, 'more stretch', 'more stretches')}."
