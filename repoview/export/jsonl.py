"""Records as JSON lines: ``{"uri", "path", "cid", "value"}``, one a line.

The value is the record in the JSON of the atproto data model. A path that is
not UTF-8 has ``key_hex`` beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from repoview.core.cid import DAG_CBOR
from repoview.core.errors import BlockMissing
from repoview.core.formats.dagcbor import strict as dagcbor
from repoview.core.load.result import Progress
from repoview.export.formats import (
    REPORT_EVERY,
    Written,
    note_missing,
    note_partly,
)
from repoview.present import json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from repoview.core.repo.repo import Record, Repo


def write(
    repo: Repo,
    numbers: Sequence[int],
    write: Callable[[bytes], object],
    report: Callable[[Progress], None],
) -> Written:
    """Write records as JSON lines; see `formats.Writer`."""
    written = Written()
    for line in lines(repo, numbers, report, written):
        write(line + b"\n")
    return written


def lines(
    repo: Repo,
    numbers: Sequence[int],
    report: Callable[[Progress], None],
    written: Written,
) -> Iterator[bytes]:
    """Yield the line of each record, without its end.

    Args:
        repo: Where they are.
        numbers: Of the records.
        report: Called with progress.
        written: Counts what is yielded, and what is lost.
    """
    for done, record in enumerate(repo.records_at(numbers, data=True)):
        if done % REPORT_EVERY == 0:
            report(Progress("export", done, len(numbers), written.blocks))
        try:
            value, whole = _value(record)
        except BlockMissing:
            note_missing(written, record.path)
            continue
        written.records += 1
        written.blocks += 1
        if not whole:
            note_partly(written, record.path)
        yield _line(record, value)


def _value(record: Record) -> tuple[Any, bool]:
    """Return a record's value, and whether that is all of it."""
    data = record.data
    if record.cid.codec != DAG_CBOR:
        return data, True
    if record.is_strict:
        return dagcbor.decode_sound(data), True
    decoded = dagcbor.diagnose(data)
    return decoded.value, decoded.is_whole


def _line(record: Record, value: Any) -> bytes:  # noqa: ANN401 (any record)
    line: dict[str, Any] = {
        "uri": record.at_uri,
        "path": record.path,
        "cid": str(record.cid),
    }
    if record.path.encode(errors="surrogatepass") != record.key:
        line["key_hex"] = record.key.hex()
    line["value"] = value
    return json_text(line, None).encode()
