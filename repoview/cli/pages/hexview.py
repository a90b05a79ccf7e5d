"""Bytes on a page: plain, or beside what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.present import count_text, fit, safe, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from repoview.cli.console import Paint
    from repoview.core.formats.dagcbor.strict import Span

_ROW: Final = 16
_SPAN_ROW: Final = 8
SPAN_ROWS: Final = 3
"""Rows shown of the bytes of one span, unless all are asked for."""

_STYLES: Final = {
    "key": "name",
    "link": "fine",
    "tag": "fine",
    "fault": "bad",
    "tail": "bad",
    "map": "head",
    "array": "head",
}


def hex_lines(data: bytes, paint: Paint) -> Iterator[str]:
    """Yield *data* as offset, sixteen bytes, and their ASCII."""
    for start in range(0, len(data), _ROW):
        row = data[start : start + _ROW]
        halves = f"{row[:8].hex(' '):<23}  {row[8:].hex(' '):<23}"
        text = "".join(chr(b) if 0x20 <= b < 0x7F else "." for b in row)
        yield f"{paint('dim', f'{start:08x}')}  {halves}  {paint('dim', f'|{text}|')}"


def span_lines(
    data: bytes,
    spans: list[Span],
    paint: Paint,
    *,
    whole: bool,
    width: int,
    remarks: Mapping[int, str],
) -> Iterator[str]:
    """Yield each span of *data*: offset, bytes, and what they mean.

    Args:
        data: A block.
        spans: Of all its bytes, in order.
        paint: The colors.
        whole: Whether all bytes of long spans are shown.
        width: Columns that there are.
        remarks: What values are, by the byte where they begin; safe to print.
    """
    digits = max(len(str(len(data))), 4)
    for span in spans:
        part = data[span.start : span.end]
        rows = [part[i : i + _SPAN_ROW] for i in range(0, len(part), _SPAN_ROW)]
        meaning = "  " * min(span.depth, 12) + safe(span.meaning, 300)
        room = width - digits - 3 * _SPAN_ROW - 3
        if len(meaning) > room:
            meaning = fit(meaning, room).rstrip()
        shown = rows if whole else rows[:SPAN_ROWS]
        offset = paint("dim", f"{span.start:>{digits}}")
        first = f"{offset}  {shown[0].hex(' '):<23}"
        yield f"{first}  {paint(_STYLES.get(span.kind, ''), meaning)}".rstrip()
        for row in shown[1:]:
            yield f"{'':{digits}}  {row.hex(' ')}"
        if remark := remarks.get(span.start):
            indent = " " * (digits + 3 * _SPAN_ROW + 1 + 2 * min(span.depth, 12))
            for line in wrapped(remark, width, first=indent, after=indent):
                yield paint("dim", line)
        if left := sum(map(len, rows[len(shown) :])):
            yield paint("dim", f"{'':{digits}}  … {count_text(left, 'more byte')}")
