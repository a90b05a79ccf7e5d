"""Records as CSV (RFC 4180): a header, and a row a record.

Fields of objects have a column each, named by the way to them
(``reply.parent.uri``); arrays stand in one cell, as JSON. The columns of all
records stand side by side, so the records are read twice: for the columns, and
for the rows.

A spreadsheet takes a cell that begins with ``=`` for a formula, and what it
computes may send data away: such cells begin with ``'``, unless the style wants
them raw.
"""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING, Any, Final

from repoview.export.formats import Written
from repoview.export.style import PLAIN, Style
from repoview.export.texts import record_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Repo
    from repoview.export.texts import RecordText

MOST_COLUMNS: Final = 2_000
LONGEST_NAME: Final = 200
"""Columns, and characters of the name of one: more than any lexicon has. What is
over either stands in the last column, as JSON."""

_MOST_WAYS: Final = 4_000
"""Ways to fields that are remembered."""

_NAMES: Final = ("collection", "rkey", "uri", "cid")
_REST: Final = "(other fields)"
_DEEPEST: Final = 8
"""Objects in objects that have columns of their own; those below are JSON."""

_FORMULA: Final = re.compile(r"[\t\r]|[\s\"']*[=+\-@\t\r＝＋－＠]")  # noqa: RUF001


def write(
    repo: Repo,
    numbers: Sequence[int],
    write: Callable[[bytes], object],
    report: Callable[[Progress], None],
    style: Style = PLAIN,
) -> Written:
    """Write records as CSV; see `formats.Writer`."""
    columns = _columns(repo, numbers, report, style)
    written = Written()
    out = csv.writer(_Sink(write))
    cell = _raw if style.raw_csv else _guarded
    out.writerow([*_NAMES, *map(cell, columns)])
    ways = _Way()
    for record in record_texts(repo, numbers, report, written, style):
        out.writerow(_row(record, columns, cell, ways))
    return written


class _Sink:
    """Takes text for a function that takes bytes."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self._write = write

    def write(self, text: str) -> None:
        self._write(text.encode(errors="backslashreplace"))


def _columns(
    repo: Repo,
    numbers: Sequence[int],
    report: Callable[[Progress], None],
    style: Style,
) -> dict[str, int]:
    """Return the columns of the records behind the first, by name."""
    columns: dict[str, int] = {}
    scratch, ways, has_rest = Written(), _Way(), False
    for record in record_texts(repo, numbers, report, scratch, style, "columns"):
        for name, _ in _fields(json.loads(record.text), ways):
            if len(name) > LONGEST_NAME:
                has_rest = True
            elif name not in columns:
                if len(columns) == MOST_COLUMNS:
                    return {**columns, _REST: MOST_COLUMNS}
                columns[name] = len(columns)
    return {**columns, _REST: MOST_COLUMNS} if has_rest else columns


def _row(
    record: RecordText,
    columns: dict[str, int],
    cell: Callable[[Any], Any],
    ways: _Way,
) -> list[Any]:
    row: list[Any] = [*map(cell, (*record.names, record.uri, record.cid))]
    # Most are empty, and stay so.
    row += [""] * len(columns)
    rest = {}
    for name, value in _fields(json.loads(record.text), ways):
        at = columns.get(name, MOST_COLUMNS)
        if at == MOST_COLUMNS:
            rest[name] = value
        else:
            row[len(_NAMES) + at] = cell(_text(value))
    if rest:
        row[-1] = cell(_text(rest))
    return row


class _Way(dict[str, "_Way"]):
    """The way to a field, by whose key there are those to the fields in it."""

    __slots__ = ("_spare", "depth", "name")

    def __init__(
        self, name: str = "", depth: int = 0, spare: Iterator[int] | None = None
    ) -> None:
        super().__init__()
        self.name = name
        self.depth = depth
        self._spare = iter(range(_MOST_WAYS)) if spare is None else spare

    def __missing__(self, key: str) -> _Way:
        lead = f"{self.name}." if self.name else ""
        way = _Way(lead + _plain(key, self.depth), self.depth + 1, self._spare)
        if len(way.name) <= LONGEST_NAME and next(self._spare, None) is not None:
            self[key] = way
        return way


def _fields(value: Any, way: _Way) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 (JSON)
    """Yield names and values of what has a column of its own, in order."""
    if not isinstance(value, dict) or not value or way.depth == _DEEPEST:
        yield way.name or "value", value
        return
    for key, item in value.items():
        if isinstance(item, dict):
            yield from _fields(item, way[key])
        else:
            yield way[key].name, item


def _plain(key: str, depth: int) -> str:
    """Return the name of a field so that no two ways are written alike."""
    if not key or (depth == 0 and key in (*_NAMES, _REST)):
        return "\\" + key
    return key.replace("\\", "\\\\").replace(".", "\\.")


def _text(value: Any) -> Any:  # noqa: ANN401 (JSON)
    if isinstance(value, str) or (
        isinstance(value, int | float) and not isinstance(value, bool)
    ):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _guarded(cell: Any) -> Any:  # noqa: ANN401 (a text or a number)
    if not isinstance(cell, str):
        return cell
    cell = cell.replace("\0", "␀")
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _raw(cell: Any) -> Any:  # noqa: ANN401 (a text or a number)
    return cell
