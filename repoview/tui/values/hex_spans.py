"""The bytes of a block split into spans, each with its meaning.

A small block is split into all its items. A large one is split at the lines
that are open in its structure, and further when more is opened: so the cost
does not depend on the size of the block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.formats.dagcbor.lazy import bytes_of, key_text, text_of
from repoview.present import count_text, safe
from repoview.tui.values.rows import HexSpan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.core.formats.dagcbor.lazy import Part
    from repoview.core.formats.dagcbor.spans import Span
    from repoview.tui.values.structure import Line, Structure

SMALL: Final = 4 * 1024
"""Bytes up to which a block is split into all its items, at 8 µs each."""

_SHOWN: Final = 120


def hex_spans(data: bytes, structure: Structure | None) -> list[HexSpan]:
    """Return the spans of a block, which tile it, in order.

    Args:
        data: The block.
        structure: Its open lines; None if it is not DAG-CBOR.
    """
    if structure is None:
        words = f"{count_text(len(data), 'byte')} that are not DAG-CBOR"
        return [HexSpan(0, len(data), 0, "tail", words)] if data else []
    if len(data) <= SMALL:
        return [_with_field(span, structure) for span in dagcbor.annotate(data)]
    spans: list[HexSpan] = []
    for start, end, line in structure.ranges():
        at = start
        for stop, kind, words in _spans(data, end, line):
            if stop > at:
                meaning = safe(words, _SHOWN)
                spans.append(HexSpan(at, stop, line.depth, kind, meaning))
                at = stop
    return spans


def _with_field(span: Span, structure: Structure) -> HexSpan:
    """Return a span with what is known of its value, and the field it is of."""
    meaning, field = safe(span.meaning, _SHOWN), ""
    if structure.remarks:
        # Of "e[2].k", or "did"; an entry itself, "e[2]", is no field.
        field = "" if span.path.endswith("]") else span.path.rpartition(".")[2]
        if field == "k" and span.kind == "bytes" and not meaning.startswith("byte"):
            # The rest of a key is text, though DAG-CBOR has it as bytes.
            content = structure.data[span.start : span.end]
            meaning = f'"{safe(content.decode(errors="backslashreplace"), _SHOWN)}"'
        if remark := structure.remarks.get(span.start):
            meaning = f"{meaning} · {remark}"
    return HexSpan(span.start, span.end, span.depth, span.kind, meaning, field)


def _spans(data: bytes, end: int, line: Line) -> Iterator[tuple[int, str, str]]:
    """Yield end, kind and meaning of each span of a line."""
    part = line.part
    if line.what == "range":
        noun = "pairs" if part.kind == "map" else "items"
        yield end, "tail", f"▸ {noun} from {line.number:,} on, folded"
        return
    if line.key is not None:
        name = key_text(data, line.key)[:_SHOWN]
        yield line.key.end, "key", f'key "{name}"'
    if part.is_box:
        noun = "pair" if part.kind == "map" else "item"
        amount = "up to a break" if part.amount < 0 else count_text(part.amount, noun)
        yield part.body, part.kind, f"{part.kind} of {amount}"
        yield (
            end,
            "tail",
            "▸ what is in it, folded" if line.can_open else "what follows",
        )
        return
    yield from _scalar(data, line)
    yield end, "tail", "what follows"


def _scalar(data: bytes, line: Line) -> Iterator[tuple[int, str, str]]:
    part = line.part
    if part.kind == "fault":
        yield part.end, "fault", f"not readable: {part.value!s}"
    elif part.kind in {"text", "bytes"}:
        name = "byte string" if part.kind == "bytes" else "text"
        amount = part.amount if part.amount >= 0 else part.end - part.body
        yield part.body, part.kind, f"{name}, {count_text(amount, 'byte')}"
        if part.kind == "text":
            words = f'"{text_of(data, part, 4 * _SHOWN)[:_SHOWN]}"'
        else:
            words = bytes_of(data, part, 13).hex(" ")
        yield part.end, part.kind, words
    elif part.kind == "link":
        yield part.end, "link", f"link: {part.value!s}"
    else:
        yield part.end, part.kind, _number_words(part)


def _number_words(part: Part) -> str:
    if part.kind == "simple":
        return "null" if part.value is None else str(part.value).lower()
    return f"{'float' if part.kind == 'float' else 'integer'} {part.value!s}"
