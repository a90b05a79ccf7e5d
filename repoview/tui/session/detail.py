"""One record, node or block as it is shown: facts, JSON, bytes, findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core import dagcbor
from repoview.core.errors import RepoviewError
from repoview.present import (
    json_text,
    safe,
    safe_lines,
    short_cid,
    size_text,
    tid_date,
)
from repoview.tui.rows import Detail, HexSpan
from repoview.tui.session.findings import finding_row

if TYPE_CHECKING:
    from repoview.core.cid import Cid
    from repoview.core.findings import Finding
    from repoview.core.records import Records
    from repoview.core.repo import Repo

ANNOTATED: Final = 64 * 1024
"""Bytes of a block that are annotated; the rest is shown as they are."""

LINE: Final = 400
"""Characters of a line of JSON, until the reader asks for all of it."""

FULL_LINE: Final = 200_000
_LINES: Final = 5_000
_FULL_LINES: Final = 50_000


def record_detail(repo: Records, number: int, *, full: bool = False) -> Detail:
    """Return one record, as much of it as can be shown.

    Args:
        repo: As much of it as is known.
        number: Of the record.
        full: Whether long lines are wanted whole.
    """
    record = repo.record(number)
    facts = [record.state] if record.state != "sound" else []
    if record.size is not None:
        facts += [size_text(record.size), f"byte {record.offset:,}"]
    facts.append(short_cid(record.cid))
    if date := tid_date(record.rkey):
        facts.append(date)
    try:
        value, data = record.value, record.data
        lines, is_json = _lines(value, full=full), True
    except RepoviewError as error:
        lines, is_json = safe_lines(str(error)), False
        data = _damaged(repo, record.cid)
    return Detail(
        safe(record.path, 200),
        " · ".join(facts),
        lines,
        is_json,
        data,
        _spans(data) if record.cid.is_plain else [],
        [finding_row(found) for found in record.findings],
        safe(record.at_uri, 400),
        str(record.cid),
    )


def block_detail(repo: Repo, cid: Cid, what: str, findings: list[Finding]) -> Detail:
    """Return one block, as much of it as can be shown.

    Args:
        repo: Where it is.
        cid: Of the block.
        what: What to call it.
        findings: About it.
    """
    try:
        block = repo.block(cid, damaged=True)
    except RepoviewError as error:
        lines, data, facts = safe_lines(str(error)), b"", ["not there"]
        is_json = False
    else:
        data = block.data
        facts = [block.role, block.state, size_text(len(data))]
        facts.append(f"byte {block.offset:,}")
        value = dagcbor.diagnose(data[:ANNOTATED]).value
        lines, is_json = _lines(value, full=False), True
    return Detail(
        f"{what} {short_cid(cid)}",
        " · ".join(facts),
        lines,
        is_json,
        data,
        _spans(data),
        [finding_row(found) for found in findings],
        "",
        str(cid),
    )


def _lines(value: dagcbor.Value, *, full: bool) -> list[str]:
    limit, most = (FULL_LINE, _FULL_LINES) if full else (LINE, _LINES)
    return safe_lines(json_text(value), limit, most)


def _damaged(repo: Records, cid: Cid) -> bytes:
    """Return the bytes of a block that does not hash; none for a missing one."""
    try:
        return repo.block(cid, damaged=True).data
    except RepoviewError:
        return b""


def _spans(data: bytes) -> list[HexSpan]:
    """Return the meaning of every byte; beyond a bound, only that they are."""
    spans = [
        HexSpan(span.start, span.end, span.depth, span.kind, _meaning(span))
        for span in dagcbor.annotate(data[:ANNOTATED])
    ]
    if len(data) > ANNOTATED:
        text = f"{len(data) - ANNOTATED:,} more bytes, not annotated"
        spans.append(HexSpan(ANNOTATED, len(data), 0, "tail", text))
    return spans


def _meaning(span: dagcbor.Span) -> str:
    return safe(span.meaning, 120)
