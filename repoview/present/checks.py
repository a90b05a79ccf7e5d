"""The checks that a verification ran, and how each came out.

A finding belongs to a check by its code, and by its place where that is not
enough: an encoding fault in the commit is no fault of the tree.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from repoview.core.findings.findings import Finding, Scope, Severity
from repoview.core.frozen import frozen
from repoview.core.wording import count_text
from repoview.present.text import are_text, size_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from repoview.core.verify.report import Counts, Report


_More: TypeAlias = "Counter[tuple[str, str]]"
"""By check and code: findings that were counted and not kept."""


class Check(NamedTuple):
    """One line of the list."""

    name: str
    outcome: str
    """pass, FAIL, warn, or "-" for a check that was not reached."""

    detail: str
    amount: str
    """How much was checked, in words; "" where nothing was."""


@frozen
class _Area:
    """What one check is about."""

    name: str
    promise: str
    """What is true when it passes."""

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


def _links(counts: Counts) -> str:
    return count_text(counts.nodes + counts.records, "link")


def _records(counts: Counts) -> str:
    return count_text(counts.records - counts.missing_records, "record")


_EVENT: Final = _Area(
    "event",
    "all fields there, and what it says of the tree proved",
    _always,
    lambda _: "1 event",
)
"""A check of files that are events only."""

_AREAS: Final = (
    _Area(
        "file",
        "header and sections well framed",
        _always,
        lambda counts: size_text(counts.bytes),
    ),
    _Area(
        "hashes",
        "every block hashes to its CID",
        _has_blocks,
        lambda counts: count_text(counts.blocks, "block"),
    ),
    _Area(
        "commit",
        "all fields there and of their type",
        _has_commit,
        lambda _: "1 commit",
    ),
    _Area(
        "tree",
        "order, depth, shape, encoding",
        _has_tree,
        lambda counts: count_text(counts.nodes, "node"),
    ),
    _Area(
        "keys",
        "collection and record key well formed",
        _has_tree,
        lambda counts: count_text(counts.records, "key"),
    ),
    _Area("records", "DAG-CBOR, with the type of their path", _has_tree, _records),
    _Area("complete", "every block that the tree needs", _has_tree, _links),
)
"""From the container to the records: each relies on those before it."""

_SIGNATURE: Final = "signature"

_BY_CODE: Final = (
    (("BLK008", "BLK009", "BLK010", "CAR020", "CAR029"), "complete"),
    (("BLK001", "BLK003"), "hashes"),
    (("FRM",), _EVENT.name),
    (("CID001",), "file"),
    (("CID009",), "tree"),
    (("CID",), "hashes"),
    (("COM", "SPC"), "commit"),
    (("SIG",), _SIGNATURE),
    (("MST",), "tree"),
    (("KEY",), "keys"),
    (("REC", "BLB"), "records"),
    (("BLK", "CAR", "CV2", "ORD", "LIM"), "file"),
)
"""Codes or prefixes of codes → check."""

_BY_PLACE: Final = ("CBR", "CID008", "BLK006", "BLK007")
"""Codes of faults that may be in a commit, a node or a record."""

_OF_CONTAINERS: Final = ("COM002", "CAR020")
"""Codes that are about the header, where the repository itself is right."""


def checklist(report: Report) -> list[Check]:
    """Return the checks, from the container to the records, with outcomes."""
    areas = _AREAS if report.frame is None else (_EVENT, *_AREAS)
    found: dict[str, list[Finding]] = {area.name: [] for area in areas}
    found[_SIGNATURE] = []
    commits = {each.offset for each in report.findings if each.code == "COM002"}
    if report.commit is not None:
        commits.add(report.commit.offset)
    for each in report.findings:
        found[_area_of(each, commits)].append(each)
    more = _counted_only(report, found)
    checks = [_check(area, found[area.name], report, more) for area in areas]
    checks.append(_signature_check(report, found[_SIGNATURE]))
    return checks


def _area_of(found: Finding, commits: set[int | None]) -> str:
    """Return the name of the check that a finding is about.

    Args:
        found: The finding.
        commits: Offsets of the commit, or of what the root leads to instead.
    """
    if found.code.startswith((*_BY_PLACE, *_OF_CONTAINERS)):
        if found.scope is Scope.CONTAINER:
            return "file"
        if found.scope is Scope.RECORD:
            return "records"
    if found.code.startswith(_BY_PLACE):
        return "commit" if found.offset in commits else "tree"
    return next(name for codes, name in _BY_CODE if found.code.startswith(codes))


def _counted_only(report: Report, found: dict[str, list[Finding]]) -> _More:
    """Return how many findings of each check and code were only counted.

    They are attributed to the check with most of the kept ones of their code.
    """
    more: _More = Counter()
    for each in report.findings:
        if each.code == "LIM002" and (code := each.found) is not None:
            kept = Counter(
                name for name, own in found.items() for f in own if f.code == code
            )
            ((most, _),) = kept.most_common(1)
            more[most, code] += each.count
    return more


def _check(area: _Area, found: list[Finding], report: Report, more: _More) -> Check:
    amount = area.amount(report.counts) if area.reached(report) else ""
    outcome, detail = _outcome(area, found, report, more)
    return Check(area.name, outcome, detail, amount)


def _outcome(
    area: _Area, found: list[Finding], report: Report, more: _More
) -> tuple[str, str]:
    errors = [f for f in found if f.severity >= Severity.ERROR]
    warnings = [f for f in found if f.severity is Severity.WARNING]
    if errors:
        if area.name == "complete" and report.shape.is_part:
            counts = report.counts
            nodes, records = counts.missing_nodes, counts.missing_records
            return "FAIL", are_text("missing", nodes=nodes, records=records)
        return "FAIL", _tally(errors, "error", area, more)
    if not area.reached(report):
        return "-", "not reached"
    if area.name == "complete" and not report.complete:
        detail = "not everything is there" if report.complete is False else "unknown"
        return "warn", detail
    if warnings:
        return "warn", _tally(warnings, "warning", area, more)
    return "pass", area.promise


def _tally(found: list[Finding], noun: str, area: _Area, more: _More) -> str:
    """Return how many there are, with those only counted, and their codes."""
    codes = list(dict.fromkeys(f.code for f in found))
    shown = ", ".join(codes[:6]) + (", …" if len(codes) > 6 else "")
    total = len(found) + sum(more[area.name, code] for code in codes)
    return f"{count_text(total, noun)}: {shown}"


def _signature_check(report: Report, found: list[Finding]) -> Check:
    """Return the check that is asked for, and otherwise says that it was not."""
    outcome = {"verified": "pass", "failed": "FAIL"}.get(report.signature, "-")
    severities = {each.severity for each in found}
    if Severity.ERROR in severities:
        outcome = "FAIL"
    elif Severity.WARNING in severities:
        outcome = "warn"
    detail = report.signature.replace("-", " ")
    codes = [f.code for f in found if f.severity >= Severity.WARNING]
    if codes:
        detail += f": {', '.join(codes)}"
    amount = "" if report.signature == "not-checked" else "1 signature"
    return Check(_SIGNATURE, outcome, detail, amount)
