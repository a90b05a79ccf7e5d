"""Verdicts in words: what a repository is, what it lacks, what was not checked.

A verdict is one word for many states of a file; the sentence says which it is:
one damaged record, for example, is no fault of the tree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from repoview.core.cid import CID_BYTES
from repoview.core.findings.catalogue import CATALOGUE
from repoview.core.findings.findings import Scope, Severity
from repoview.core.varint import size_of
from repoview.core.verify.report import Verdict
from repoview.core.wording import agreed, count_text
from repoview.present.events import holding_text, proved_text
from repoview.present.findings import message_text
from repoview.present.shapes import part_text
from repoview.present.text import are_text, percent_text, safe, safe_word

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from repoview.core.findings.findings import Finding
    from repoview.core.verify.report import Report

_CUT: Final = ("CAR023", "CAR027", "CAR006", "CV2003")
_LOST: Final = ("CAR021", "CAR028")
_NO_CAR: Final = ("CAR001", "CAR030")
"""Codes whose message is the whole verdict."""

_WASTED_FROM: Final = 10
"""Waste is shown from one n-th of the file on."""

_NO_COMMIT: Final = "the commit is damaged"

_STYLES: Final[Mapping[str, Literal["good", "bad"]]] = {
    Verdict.SOUND.value: "good",
    Verdict.INVALID.value: "bad",
    Verdict.UNREADABLE.value: "bad",
}
"""Of a verdict; the others are in doubt."""

SIGNATURES: Final = {
    "verified": "signature verified",
    "failed": "signature wrong",
    "not-checked": "signature not checked",
}
"""What is said of each answer of the check of a signature."""

_RESERVES: Final = {
    "SIG005": " (the document gives no key)",
    "SIG006": " (the document is of another account)",
    "SIG009": " (for another form of the commit)",
}
"""What must be known beside it, by the finding that says so."""


def verdict_style(verdict: str | None) -> Literal["good", "bad", "doubt"]:
    """Return the style of a verdict among others.

    Args:
        verdict: None for a source that could not be read.
    """
    if verdict is None:
        return "bad"
    return _STYLES.get(verdict, "doubt")


def verdicts_text(counts: Mapping[str, int], not_read: str) -> str:
    """Return how many there are of each verdict: "11 sound, 1 invalid"; "" of none.

    Those of a later version come last.

    Args:
        counts: By verdict.
        not_read: What sources are counted as that could not be read.
    """
    known = [*(verdict.value for verdict in Verdict), not_read]
    names = [*known, *sorted(counts.keys() - known)]
    return ", ".join(f"{counts[n]:,} {safe_word(n)}" for n in names if counts.get(n))


def verdict_word(report: Report) -> str:
    """Return the verdict as the word that heads a page: "BAD RECORDS"."""
    return report.verdict.value.upper().replace("-", " ")


def verdict_sentence(report: Report) -> str:
    """Return verdict and completeness in words that cannot be missed."""
    return (
        f"{verdict_word(report)}: {meaning_text(report)}. {completeness_text(report)}."
    )


def meaning_text(report: Report) -> str:
    """Return what the verdict means for this repository, without a full stop."""
    match report.verdict:
        case Verdict.SOUND if report.frame is not None:
            return proved_text(report.frame)
        case Verdict.SOUND:
            counted = "that counts" if _is_milder(report) else "that was checked"
            return f"commit, tree and records keep every rule {counted}"
        case Verdict.INCOMPLETE:
            return _incomplete(report)
        case Verdict.INVALID:
            return _invalid(report)
        case Verdict.UNREADABLE:
            return _unreadable(report)
        case Verdict.BAD_RECORDS:
            return _bad_records(report)
        case Verdict.BAD_CONTAINER:
            said = _faults_text(_errors(report, Scope.CONTAINER))
            return f"the repository is right, but not the file around it: {said}"


def _is_milder(report: Report) -> bool:
    """Tell whether the user's policy hides findings or lowers their severity."""
    changes = report.changes
    return bool(changes.less or changes.off or changes.skipped)


def policy_text(report: Report) -> str:
    """Return what the user's policy changed, without a full stop; "" for nothing."""
    changes = report.changes
    said = []
    for count, one, many in (
        (changes.less, "is less severe", "are less severe"),
        (changes.more, "is more severe", "are more severe"),
        (changes.off, "is turned off", "are turned off"),
        (changes.skipped, "is on the skip list", "are on the skip list"),
    ):
        if count:
            said.append(f"{count_text(count, 'finding')} {agreed(count, one, many)}")
    *before, last = said or [""]
    told = f"{', '.join(before)} and {last}" if before else last
    return f"By policy, {told}" if told else ""


def _incomplete(report: Report) -> str:
    if report.complete is None:
        return "a limit ended the reading before the end"
    if part := part_text(report):
        return part
    return end_text(report) or "blocks that the tree needs are missing"


def end_text(report: Report) -> str:
    """Return how the file ended early, if blocks are missing because of it."""
    missing = [f for f in report.findings if f.code in {"BLK008", "BLK009"}]
    cause = next((f.caused_by for f in missing if f.caused_by is not None), None)
    if cause is None or cause.offset is None:
        return ""
    if any(f.code == "CAR032" and f.caused_by == cause for f in report.findings):
        return f"bytes behind byte {cause.offset:,} cannot be read"
    if cause.code in _CUT:
        return f"the file is cut off at byte {cause.offset:,}"
    ends = (f for f in report.findings if f.code in (*_CUT, *_LOST))
    if cause.code in _LOST or any(f.caused_by == cause for f in ends):
        return f"the file cannot be read from byte {cause.offset:,} on"
    if cause.code == "CAR029":
        return f"blocks are missing behind the end of the file, byte {cause.offset:,}"
    return ""


def _invalid(report: Report) -> str:
    """Return what is damaged, and which rules are broken."""
    errors = _errors(report, Scope.TREE)
    others = [each for each in errors if each.code != "BLK001"]
    said = []
    if len(others) < len(errors):
        damaged = next(each for each in errors if each.code == "BLK001")
        said.append(_damaged_text(report) or _NO_COMMIT)
        if damaged.path is not None and len(errors) == 1:
            said[-1] += f": {safe(damaged.path, 200)}"
    if others:
        said.append(_faults_text(others))
    if ended := end_text(report):
        said.append(ended)
    return "; ".join(said) or "the tree, the commit or their encoding is wrong"


def _unreadable(report: Report) -> str:
    fatal = [f for f in report.findings if f.severity is Severity.FATAL]
    if not fatal:
        return "no repository can be made out"
    first = message_text(fatal[0])
    if fatal[0].code in _NO_CAR:
        return first
    return f"no repository can be made out: {first}"


def _bad_records(report: Report) -> str:
    errors = _errors(report, Scope.RECORD)
    # A record may have several.
    records = {each.offset for each in errors}
    if len(records) == 1:
        path = next((each.path for each in errors if each.path is not None), None)
        whose = "" if path is None else f": {safe(path, 200)}"
        return f"the tree is right, but 1 record in it is not{whose}"
    more = "" if _kept_all(report) else "more than "
    return f"the tree is right, but {more}{len(records)} records in it are not"


def _errors(report: Report, scope: Scope) -> list[Finding]:
    """Return the errors about something that no other finding explains."""
    errors = [
        each
        for each in report.findings
        if each.scope is scope and each.severity is Severity.ERROR
    ]
    return [each for each in errors if each.caused_by is None] or errors


def _kept_all(report: Report) -> bool:
    return all(each.code != "LIM002" for each in report.findings)


def _faults_text(faults: Sequence[Finding]) -> str:
    """Return a fault by its message; several by the title of the first code."""
    codes = dict.fromkeys(each.code for each in faults)
    if not codes:
        return "a rule is broken"
    if len(faults) == 1:
        return message_text(faults[0])
    first = next(iter(codes))
    title = CATALOGUE[first].title
    if len(codes) == 1:
        return f"{title} ({len(faults)} times)"
    more = len(faults) - sum(each.code == first for each in faults)
    return f"{title}, and {count_text(more, 'other fault')}"


def completeness_text(report: Report) -> str:
    """Return whether all that the tree needs is there, without a full stop."""
    if report.frame is not None and not report.complete:
        return holding_text(report.frame)
    if report.complete:
        return "Complete: every block that the tree needs is there"
    if report.complete is None:
        if any(found.code == "LIM001" for found in report.findings):
            return "Completeness unknown: a limit ended the reading"
        return "Completeness unknown: no tree could be reached"
    said = [missing_text(report)]
    said.append(_damaged_text(report))
    return f"Not complete: {', and '.join(filter(None, said)) or _NO_COMMIT}"


def missing_text(report: Report) -> str:
    """Return how much is missing: "1 node and 4 records are missing", or ""."""
    counts = report.counts
    return are_text(
        "missing", nodes=counts.missing_nodes, records=counts.missing_records
    )


def _damaged_text(report: Report) -> str:
    counts = report.counts
    return are_text(
        "damaged", nodes=counts.damaged_nodes, records=counts.damaged_records
    )


def signature_text(report: Report) -> str:
    """Return what is known of the signature: "signature not checked".

    Without a commit there is none, and nothing is said: "".
    """
    if report.commit is None:
        return ""
    codes = {found.code for found in report.findings}
    more = (text for code, text in _RESERVES.items() if code in codes)
    return SIGNATURES[report.signature] + "".join(more)


def waste_text(report: Report) -> str:
    """Return the share of a file that is wasted, if it is large: "81 % wasted".

    Blocks below a node that is missing or damaged are no waste. An estimate:
    the view of blocks has the exact amount.
    """
    counts = report.counts
    amounts = [(counts.duplicate_blocks, counts.duplicate_bytes)]
    if not has_hidden(report):
        amounts.append((counts.unlinked_blocks, counts.unlinked_bytes))
    wasted = sum(_framed(blocks, size) for blocks, size in amounts if blocks)
    if wasted * _WASTED_FROM < counts.bytes or not wasted:
        return ""
    return f"{percent_text(wasted, counts.bytes)} wasted"


def has_hidden(report: Report) -> bool:
    """Tell whether blocks are unlinked because what links to them is not there."""
    return any(f.code == "BLK004" and f.caused_by for f in report.findings)


def _framed(blocks: int, size: int) -> int:
    """Return the bytes of blocks with the CIDs and lengths before them."""
    head = CID_BYTES + size_of(size // blocks + CID_BYTES)
    return size + blocks * head
