"""The checks that a verification ran, and how each came out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core.findings import Finding, Scope, Severity
from repoview.present.text import count_text, size_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.report import Counts, Report


class Check(NamedTuple):
    """One line of the list."""

    name: str
    outcome: str
    """pass, FAIL, warn, or "-" for what was not reached."""

    detail: str
    amount: str
    """How much was checked, in words; "" where nothing was."""


@dataclass(frozen=True, slots=True)
class _Area:
    """What one check is about."""

    name: str
    promise: str
    """What is so when it passes."""

    owns: Callable[[Finding], bool]
    reached: Callable[[Report], bool]
    amount: Callable[[Counts], str]
    """How much was checked when it passed."""


def _always(_: Report) -> bool:
    return True


def _has_blocks(report: Report) -> bool:
    return report.counts.blocks > 0


def _has_commit(report: Report) -> bool:
    return report.commit is not None


def _has_tree(report: Report) -> bool:
    return report.counts.nodes > 0


def _family(*codes: str) -> Callable[[Finding], bool]:
    return lambda found: found.code.startswith(codes)


_MISSING: Final = ("BLK008", "BLK009", "BLK010", "CAR029", "CAR020")
_HASHES: Final = ("BLK001", "BLK003", "CID")


def _is_record(found: Finding) -> bool:
    if found.code.startswith("REC"):
        return True
    return found.code.startswith("CBR") and found.scope is Scope.RECORD


def _links(counts: Counts) -> str:
    return count_text(counts.nodes + counts.records, "link")


def _records(counts: Counts) -> str:
    return count_text(counts.records - counts.missing_records, "record")


_AREAS: Final = (
    _Area(
        "complete",
        "every block that the tree needs",
        _family(*_MISSING),
        _has_tree,
        _links,
    ),
    _Area(
        "records",
        "DAG-CBOR, with the type of their path",
        _is_record,
        _has_tree,
        _records,
    ),
    _Area(
        "keys",
        "collection and record key well formed",
        _family("KEY"),
        _has_tree,
        lambda counts: count_text(counts.records, "key"),
    ),
    _Area(
        "commit",
        "all fields there and of their type",
        _family("COM"),
        _has_commit,
        lambda _: "1 commit",
    ),
    _Area(
        "hashes",
        "every block hashes to its CID",
        _family(*_HASHES),
        _has_blocks,
        lambda counts: count_text(counts.blocks, "block"),
    ),
    _Area(
        "tree",
        "order, depth, shape, encoding",
        _family("MST", "CBR"),
        _has_tree,
        lambda counts: count_text(counts.nodes, "node"),
    ),
    _Area(
        "file",
        "header and sections well framed",
        lambda _: True,
        _always,
        lambda counts: size_text(counts.bytes),
    ),
)
"""The first that owns a finding counts it."""

_ORDER: Final = ("file", "hashes", "commit", "tree", "keys", "records", "complete")


def checklist(report: Report) -> list[Check]:
    """Return the checks in the order of trust, each with its outcome."""
    found: dict[str, list[Finding]] = {area.name: [] for area in _AREAS}
    more = Counter(
        {each.found: each.count for each in report.findings if each.code == "LIM002"}
    )
    for each in report.findings:
        area = next(area for area in _AREAS if area.owns(each))
        found[area.name].append(each)
    areas = {area.name: area for area in _AREAS}
    checks = [_check(areas[name], found[name], report, more) for name in _ORDER]
    checks.append(_signature(report))
    return checks


def _check(
    area: _Area, found: list[Finding], report: Report, more: Counter[str | None]
) -> Check:
    amount = area.amount(report.counts) if area.reached(report) else ""
    outcome, detail = _outcome(area, found, report, more)
    return Check(area.name, outcome, detail, amount)


def _outcome(
    area: _Area, found: list[Finding], report: Report, more: Counter[str | None]
) -> tuple[str, str]:
    errors = [f for f in found if f.severity.rank >= Severity.ERROR.rank]
    warnings = [f for f in found if f.severity is Severity.WARNING]
    if errors:
        return "FAIL", _tally(errors, "error", more)
    if not area.reached(report):
        return "-", "not reached"
    if area.name == "complete" and not report.complete:
        detail = "not everything is there" if report.complete is False else "unknown"
        return "warn", detail
    if warnings:
        return "warn", _tally(warnings, "warning", more)
    return "pass", area.promise


def _tally(found: list[Finding], noun: str, more: Counter[str | None]) -> str:
    """Return how many there are, those that are only counted too, and of what."""
    codes = list(dict.fromkeys(f.code for f in found))
    shown = ", ".join(codes[:6]) + (", …" if len(codes) > 6 else "")
    total = len(found) + sum(more[code] for code in codes)
    return f"{count_text(total, noun)}: {shown}"


def _signature(report: Report) -> Check:
    outcome = {"verified": "pass", "failed": "FAIL"}.get(report.signature, "-")
    return Check("signature", outcome, report.signature.replace("-", " "), "")
