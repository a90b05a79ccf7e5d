"""Records as JSON lines: ``{"uri", "path", "cid", "value"}``, one a line.

The value is the record in the JSON of the atproto data model. A path that is
not UTF-8 has ``key_hex`` beside it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from repoview.core.kernel.seam import JsonField
from repoview.core.repo.inside import inside
from repoview.export.formats import Written
from repoview.export.json_records import Form, json_lines
from repoview.export.style import PLAIN, Style
from repoview.present import json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.load.result import Progress
    from repoview.core.repo.repo import Record, Repo


def write(
    repo: Repo,
    numbers: Sequence[int],
    write: Callable[[bytes], object],
    report: Callable[[Progress], None],
    style: Style = PLAIN,
) -> Written:
    """Write records as JSON lines; see `formats.Writer`."""
    written = Written()
    for text in lines(repo, numbers, report, written, end=b"\n"):
        write(style.apply_lines(text))
        del text
    return written


def lines(
    repo: Repo,
    numbers: Sequence[int],
    report: Callable[[Progress], None],
    written: Written,
    *,
    begin: bytes = b"",
    end: bytes = b"",
) -> Iterator[bytes]:
    """Yield the lines of records, many together.

    Args:
        repo: Where they are.
        numbers: Of the records.
        report: Called with progress.
        written: Counts what is yielded, and what is lost.
        begin: What stands before each.
        end: What stands behind each.
    """
    form, spell = _form(repo, begin, end), partial(_line, begin, end)
    return json_lines(repo, numbers, form, spell, report, written)


def _form(repo: Repo, begin: bytes, end: bytes) -> Form:
    """Return what `_line` returns of a record whose path is of plain ASCII."""
    did = inside(repo).holdings.did
    account = "" if did is None else json_text(f"at://{did}/", None)[1:-1]
    return (
        begin + b'{"uri":"' + account.encode(),
        JsonField.PATH,
        b'","path":"',
        JsonField.PATH,
        b'","cid":"',
        JsonField.CID,
        b'","value":',
        JsonField.VALUE,
        b"}" + end,
    )


def _line(begin: bytes, end: bytes, record: Record, value: Any) -> bytes:  # noqa: ANN401 (any record)
    line: dict[str, Any] = {
        "uri": record.at_uri,
        "path": record.path,
        "cid": str(record.cid),
    }
    if record.path.encode(errors="surrogatepass") != record.key:
        line["key_hex"] = record.key.hex()
    line["value"] = value
    return begin + json_text(line, None).encode() + end
