"""Aligned bytes of two files as rows: offsets, hex and, if there is room, text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.present.styled import Piece, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.breaking.beside import Cell

MOST_ROWS: Final = 14
_SKIPPED: Final = Row([Piece("  ⋮", "dim")])
"""Stands for rows that are left out."""

_BETWEEN: Final = {False: " │ ", True: " ≠ "}
"""Whether a row differs → what stands between its sides."""

_OFFSET: Final = 6
_WITH_TEXT: Final = (16, 12, 8)
_WITHOUT: Final = (8, 6, 4)
"""Bytes in a row that are tried, the most first."""


def beside_rows(
    sound: bytes, broken: bytes, aligned: Sequence[Cell], focus: int, width: int
) -> list[Row]:
    """Return rows of a sound file and a broken one, those that differ and their like.

    Args:
        sound: The sound file.
        broken: The broken file.
        aligned: Their bytes.
        focus: The byte of the broken file that is at fault.
        width: Columns that there are.
    """
    side = (width - 3) // 2
    per_row, has_text = _per_row(side)
    lines = [aligned[n : n + per_row] for n in range(0, len(aligned), per_row)]
    kept = _kept(lines, focus)
    size = _OFFSET + 3 * per_row - 1 + (1 + per_row) * has_text
    head = f"{'the sound twin':<{size}}   the broken file"
    rows = [Row([Piece(head, "dim")])]
    last = -1
    for number in kept:
        if number > last + 1:
            rows.append(_SKIPPED)
        line = lines[number]
        differs = any(cell.differs for cell in line)
        old, new = [cell.sound for cell in line], [cell.broken for cell in line]
        marks = [cell.differs for cell in line]
        pieces = [*_side(sound, old, marks, per_row, has_text=has_text)]
        pieces.append(Piece(_BETWEEN[differs], "bright" if differs else "dim"))
        pieces += _side(broken, new, marks, per_row, has_text=has_text)
        rows.append(Row(pieces))
        last = number
    if last < len(lines) - 1:
        rows.append(_SKIPPED)
    return rows


def _per_row(side: int) -> tuple[int, bool]:
    """Return how many bytes a side has in a row, and whether their text, too."""
    for number in _WITH_TEXT:
        if _OFFSET + 4 * number <= side:
            return number, True
    fitting = (n for n in _WITHOUT if _OFFSET + 3 * n - 1 <= side)
    return next(fitting, _WITHOUT[-1]), False


def _kept(lines: Sequence[Sequence[Cell]], focus: int) -> list[int]:
    """Return the numbers of the rows to show: what differs, and a row around it."""
    differing = {n for n, line in enumerate(lines) if any(c.differs for c in line)}
    around = {n + by for n in differing for by in (-1, 0, 1)}
    kept = sorted(around & set(range(len(lines))))
    if len(kept) <= MOST_ROWS:
        return kept
    at = next((n for n, line in enumerate(lines) if _has(line, focus)), 0)
    start = next((k for k, n in enumerate(kept) if n >= at - 1), 0)
    start = min(start, len(kept) - MOST_ROWS)
    return kept[start : start + MOST_ROWS]


def _has(line: Sequence[Cell], offset: int) -> bool:
    return any(cell.broken is not None and cell.broken >= offset for cell in line)


def _side(
    data: bytes,
    offsets: Sequence[int | None],
    marks: Sequence[bool],
    per_row: int,
    *,
    has_text: bool,
) -> Iterator[Piece]:
    """Yield one side of a row."""
    first = next((each for each in offsets if each is not None), None)
    shown = "" if first is None else f"{first:05x}"
    yield Piece(f"{shown:<{_OFFSET}}", "dim")
    for number, (offset, mark) in enumerate(zip(offsets, marks, strict=True)):
        text = "  " if offset is None else f"{data[offset]:02x}"
        yield Piece(text, "bright" if mark else "")
        if number < per_row - 1:
            yield Piece(" ")
    missing = per_row - len(offsets)
    yield Piece(" " * max(0, 3 * missing - 1))
    if has_text:
        yield Piece(" ")
        for offset, mark in zip(offsets, marks, strict=True):
            text = " " if offset is None else _letter(data[offset])
            yield Piece(text, "bright" if mark else "dim")
        yield Piece(" " * missing)


def _letter(byte: int) -> str:
    return chr(byte) if 0x20 <= byte < 0x7F else "·"
