"""What the cache keeps of a repository beside its columns, as JSON.

Findings, report, and other small values. Reading it back gives what was
written, or raises `KeyError`, `TypeError` or `ValueError`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from repoview.core.blocks.odd_blocks import OddBlock
from repoview.core.cid import Cid
from repoview.core.errors import SourceError
from repoview.core.findings.findings import Cause, Finding, Scope, Severity
from repoview.core.findings.policy import Changes
from repoview.core.formats.car_header import Header
from repoview.core.formats.commit import read_commit
from repoview.core.frozen import frozen
from repoview.core.index.statistics import Shape
from repoview.core.marks import State
from repoview.core.verify.report import Counts, Outcome, Report, Verdict
from repoview.core.verify.shape import FileShape

if TYPE_CHECKING:
    from repoview.core.blocks.blocks import Blocks
    from repoview.core.formats.commit import Commit
    from repoview.core.load.result import Loaded
    from repoview.core.opening.opened import Opened
    from repoview.core.source.source import Source

MOST_ODD: Final = 10_000
"""Odd blocks of a repository that is kept: no honest file has any."""

_NUMBERS: Final = (
    "start",
    "end",
    "first_section",
    "sections",
    "cut",
    "limited",
    "ended_by",
    "skipped",
    "last_before",
)


@frozen
class Facts:
    """What was read back."""

    header: Header | None
    numbers: dict[str, Any]
    """The other fields of `Loaded`, but for the blocks."""

    report: Report
    apart: Outcome
    """The outcome without the signature."""

    shape: Shape
    in_order: bool
    rows: int
    key: bytes
    odd: list[OddBlock]
    odd_linked: set[bytes]
    notes: dict[str, Any]


def packed(opened: Opened, shape: Shape) -> bytes:
    """Return the facts about what was opened."""
    loaded, report = opened.loaded, opened.report
    index = loaded.blocks.index
    return json.dumps(
        {
            "header": _header(loaded.header),
            "loaded": {name: getattr(loaded, name) for name in _NUMBERS},
            "report": {
                "verdict": report.verdict,
                "exit_code": report.exit_code,
                "complete": report.complete,
                "order": report.order,
                "signature": report.signature,
                "shape": report.shape,
                "proves": report.proves,
                "counts": {n: getattr(report.counts, n) for n in Counts.__slots__},
                "commit": _commit(report.commit, loaded),
                "findings": [_finding(found) for found in report.findings],
                "cids": {
                    kind: [cid.raw.hex() for cid in cids]
                    for kind, cids in report.cids.items()
                },
                "changes": report.changes.to_json(),
            },
            "apart": opened.apart.to_json(),
            "shape": shape.to_json(),
            "in_order": opened.records.in_order,
            "rows": len(index),
            "key": index.key.hex(),
            "odd": [_odd(odd) for odd in loaded.blocks.odd.values()],
            "odd_linked": [raw.hex() for raw in loaded.blocks.odd.linked_raws()],
            "notes": opened.notes,
        }
    ).encode()


def unpacked(data: bytes, source: Source) -> Facts:
    """Return the facts that stand in *data*.

    Args:
        data: What `packed` returned.
        source: What they are about; the commit is read from it.

    Raises:
        KeyError, TypeError, ValueError: They are not what this version writes.
        SourceError: The commit is another now.
    """
    told: dict[str, Any] = json.loads(data)
    report = told["report"]
    return Facts(
        _header_of(told["header"]),
        {name: told["loaded"][name] for name in _NUMBERS},
        Report(
            source.name,
            Verdict(report["verdict"]),
            report["exit_code"],
            report["complete"],
            report["order"],
            _commit_of(report["commit"], source),
            Counts(**report["counts"]),
            [_finding_of(each) for each in report["findings"]],
            report["signature"],
            {
                kind: [Cid(bytes.fromhex(raw)) for raw in cids]
                for kind, cids in report["cids"].items()
            },
            changes=Changes(**report["changes"]),
            shape=FileShape(report["shape"]),
            proves=report["proves"],
        ),
        Outcome.from_json(told["apart"]),
        Shape.from_json(told["shape"]),
        told["in_order"],
        told["rows"],
        bytes.fromhex(told["key"]),
        [_odd_of(each) for each in told["odd"]],
        {bytes.fromhex(raw) for raw in told["odd_linked"]},
        {**told["notes"]},
    )


def _header(header: Header | None) -> dict[str, Any] | None:
    if header is None:
        return None
    return {**asdict(header), "roots": [root.raw.hex() for root in header.roots]}


def _header_of(told: dict[str, Any] | None) -> Header | None:
    if told is None:
        return None
    roots = tuple(Cid(bytes.fromhex(raw)) for raw in told["roots"])
    return Header(**{**told, "roots": roots, "extra": tuple(told["extra"])})


def _finding(found: Finding) -> dict[str, Any]:
    cid = None if found.cid is None else found.cid.raw.hex()
    told = {each.name: getattr(found, each.name) for each in fields(Finding)}
    return {**told, "severity": found.severity.value, "cid": cid}


def _finding_of(told: dict[str, Any]) -> Finding:
    cid = None if told["cid"] is None else Cid(bytes.fromhex(told["cid"]))
    original = told["original_severity"]
    fields = {
        "severity": Severity(told["severity"]),
        "original_severity": None if original is None else Severity(original),
        "scope": Scope(told["scope"]),
    }
    cause = None if told["caused_by"] is None else Cause(*told["caused_by"])
    return Finding(**{**told, **fields, "cid": cid, "caused_by": cause})


def _odd(odd: OddBlock) -> list[Any]:
    state = None if odd.state is None else int(odd.state)
    return [odd.cid.raw.hex(), odd.offset, odd.data_offset, odd.length, state, odd.code]


def _odd_of(told: list[Any]) -> OddBlock:
    raw, offset, data_offset, length, state, code = told
    cid = Cid(bytes.fromhex(raw))
    state = None if state is None else State(state)
    return OddBlock(cid, offset, data_offset, length, state, code)


def _commit(commit: Commit | None, loaded: Loaded) -> dict[str, Any] | None:
    if commit is None:
        return None
    start = _data_offset(commit, loaded.blocks)
    data = loaded.blocks.read_at(start, commit.size)
    return {
        "cid": commit.cid.raw.hex(),
        "offset": commit.offset,
        "start": start,
        "size": commit.size,
        "sum": sha256(data).hexdigest(),
    }


def _data_offset(commit: Commit, blocks: Blocks) -> int:
    """Return where the bytes of the commit begin."""
    odd = blocks.odd.get(commit.cid.raw)
    if odd is not None:
        return odd.data_offset
    return blocks.index.data_offset(blocks.find(commit.cid.raw))


def _commit_of(told: dict[str, Any] | None, source: Source) -> Commit | None:
    if told is None:
        return None
    data = source.read_at(told["start"], told["size"])
    if sha256(data).hexdigest() != told["sum"]:
        raise SourceError(f"{source.name} has another commit than before")
    return read_commit(data, Cid(bytes.fromhex(told["cid"])), told["offset"])[0]
