"""What is told of one file in one row: whose it is, what it holds, and its verdict.

A file that cannot be read has a row too, with the reason in `error` and no verdict.
The columns of `repos/` are the fields of `RepoRow`, by name and in their order.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import asdict, dataclass, fields
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repoview.core.findings.findings import Finding
    from repoview.core.verify.report import Report


@dataclass(frozen=True, slots=True)
class RepoRow:
    """One file, judged; of plain values."""

    source: str
    """What it was read as: a path, or a URL."""

    sha256: str | None = None
    """Of the file as it is stored, in hexadecimal; None if it was not read whole."""

    file_bytes: int = 0
    """Of the file as it is stored."""

    stamp: str = ""
    """What the store says of its version: a time, or an ETag."""

    did: str | None = None
    rev: str | None = None
    commit: str | None = None
    """CID of the commit."""

    verdict: str | None = None
    """None for a file that could not be read."""

    exit_code: int = 1
    """That of `repoview verify` of this file."""

    complete: bool | None = None
    """Whether every block that the tree needs is there and hashes; None where that
    cannot be told."""

    shape: str | None = None
    order: str | None = None
    signature: str | None = None
    bytes: int = 0
    """Of the CAR, unpacked."""

    blocks: int = 0
    nodes: int = 0
    records: int = 0
    """Keys of the tree, those without a record block among them."""

    collections: int = 0
    missing: int = 0
    """Blocks that the tree needs and that are not there, or do not hash."""

    unlinked: int = 0
    """Blocks that nothing links to."""

    fatal: int = 0
    """Findings of this severity, as the next three; all are counted."""

    errors: int = 0
    warnings: int = 0
    infos: int = 0
    codes: tuple[str, ...] = ()
    """The codes that were found, in alphabetical order."""

    rows: int = 0
    """Records that were written as rows; 0 where an earlier run wrote those of the
    same bytes."""

    left_out: int = 0
    """Records that were not: their block is missing, or of too many collections."""

    seconds: float = 0.0
    """Wall-clock time of reading and checking."""

    judged_at: int = 0
    """When it was judged: microseconds since 1970 (UTC)."""

    error: str | None = None
    """Why it could not be read, in a sentence."""

    def to_json(self) -> dict[str, Any]:
        """Return it as an object of JSON."""
        return {**asdict(self), "codes": list(self.codes)}


_MISSING: Final = (
    "missing_nodes",
    "missing_records",
    "damaged_nodes",
    "damaged_records",
)


def judged(report: Report, codes: Iterable[str]) -> dict[str, Any]:
    """Return the fields of a row that a report gives.

    Args:
        report: Of the file.
        codes: That were found.
    """
    commit, counts = report.commit, report.counts
    found = Counter(counts.findings)
    return {
        "did": None if commit is None else commit.did,
        "rev": None if commit is None else commit.rev,
        "commit": None if commit is None else str(commit.cid),
        "verdict": report.verdict.value,
        "exit_code": report.exit_code,
        "complete": report.complete,
        "shape": report.shape.value,
        "order": report.order,
        "signature": report.signature,
        "bytes": counts.bytes,
        "blocks": counts.blocks,
        "nodes": counts.nodes,
        "records": counts.records,
        "collections": counts.collections,
        "missing": sum(getattr(counts, name) for name in _MISSING),
        "unlinked": counts.unlinked_blocks,
        "fatal": found["fatal"],
        "errors": found["error"],
        "warnings": found["warning"],
        "infos": found["info"],
        "codes": tuple(sorted(set(codes))),
    }


def plain(text: str) -> str:
    r"""Return text as tables have it: bytes that are no UTF-8 as ``\xNN``.

    In names of files Python has a surrogate for each, which no table takes.
    """
    try:
        return text.encode(errors="surrogateescape").decode(errors="backslashreplace")
    except UnicodeEncodeError:
        return text.encode(errors="backslashreplace").decode()


def path_told(text: str) -> str:
    r"""Return the path that tables have as *text*, its bytes instead of ``\xNN``.

    Only if that is there, and nothing is called *text* itself.
    """
    path = os.fsdecode(_ESCAPED.sub(_byte, text.encode()))
    return path if os.path.lexists(path) and not os.path.lexists(text) else text


_ESCAPED: Final = re.compile(rb"\\x([89a-f][0-9a-f])")
"""A byte as `plain` has it: one of ASCII is always part of UTF-8."""


def _byte(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])


def repos_schema() -> Any:  # noqa: ANN401 (pyarrow has no types)
    """Return the schema of `repos/`."""
    arrow = import_module("pyarrow")
    kinds = {
        "str": arrow.string(),
        "int": arrow.int64(),
        "float": arrow.float64(),
        "bool": arrow.bool_(),
        "tuple[str, ...]": arrow.list_(arrow.string()),
    }
    columns = [(f.name, kinds[str(f.type).removesuffix(" | None")]) for f in _FIELDS]
    schema = arrow.schema(columns)
    at = schema.get_field_index("judged_at")
    return schema.set(at, arrow.field("judged_at", arrow.timestamp("us", "UTC")))


_FIELDS: Final = fields(RepoRow)


def repos_table(rows: Iterable[RepoRow]) -> Any:  # noqa: ANN401 (pyarrow has no types)
    """Return rows as a table of `repos/`."""
    arrow = import_module("pyarrow")
    told = [_told(row) for row in rows]
    return arrow.Table.from_pylist(told, repos_schema())


def _told(row: RepoRow) -> dict[str, Any]:
    error = None if row.error is None else plain(row.error)
    return {**row.to_json(), "source": plain(row.source), "error": error}


def findings_schema() -> Any:  # noqa: ANN401 (pyarrow has no types)
    """Return the schema of `findings/`."""
    arrow = import_module("pyarrow")
    text, number = arrow.string(), arrow.int64()
    return arrow.schema(
        [
            ("source", text),
            ("sha256", text),
            ("did", text),
            ("code", text),
            ("severity", text),
            ("scope", text),
            ("message", text),
            ("offset", number),
            ("cid", text),
            ("path", text),
            ("count", number),
            ("caused_by", text),
        ]
    )


def findings_batch(row: RepoRow, findings: Iterable[Finding]) -> Any:  # noqa: ANN401 (pyarrow has no types)
    """Return the findings about one file as rows, at most 100 a code.

    `caused_by` is the code of the finding that explains one.
    """
    arrow = import_module("pyarrow")
    listed = [
        {
            "source": plain(row.source),
            "sha256": row.sha256,
            "did": row.did,
            "code": found.code,
            "severity": found.severity.value,
            "scope": found.scope.value,
            "message": found.message,
            "offset": found.offset,
            "cid": None if found.cid is None else str(found.cid),
            "path": found.path,
            "count": found.count,
            "caused_by": None if found.caused_by is None else found.caused_by.code,
        }
        for found in findings
    ]
    return arrow.RecordBatch.from_pylist(listed, findings_schema())
