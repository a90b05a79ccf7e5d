"""Verdicts in words: what a repository is, what it lacks, what was not checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.report import Verdict
from repoview.present.text import count_text

if TYPE_CHECKING:
    from repoview.core.report import Report

_VERDICTS: Final = {
    Verdict.SOUND: "commit, tree and records keep every rule that was checked",
    Verdict.INCOMPLETE: "blocks that the tree needs are missing",
    Verdict.INVALID: "the tree, the commit or their encoding is wrong",
    Verdict.UNREADABLE: "no repository can be made out",
    Verdict.BAD_RECORDS: "the tree is right, but records in it are not",
    Verdict.BAD_CONTAINER: "the repository is right, but the file around it is not",
}

_SIGNATURES: Final = {
    "verified": "signature verified",
    "failed": "signature wrong",
    "not-checked": "signature not checked",
}


def verdict_word(report: Report) -> str:
    """Return the verdict as the word that heads a page: "BAD RECORDS"."""
    return report.verdict.value.upper().replace("-", " ")


def verdict_sentence(report: Report) -> str:
    """Return verdict and completeness in words that cannot be missed."""
    return (
        f"{verdict_word(report)}: {meaning_text(report)}. {completeness_text(report)}."
    )


def meaning_text(report: Report) -> str:
    """Return what the verdict means, without a full stop."""
    if report.verdict is Verdict.INCOMPLETE and report.complete is None:
        return "a limit ended the reading before the end"
    return _VERDICTS[report.verdict]


def completeness_text(report: Report) -> str:
    """Return whether all that the tree needs is there, without a full stop."""
    if report.complete:
        return "Complete: every block that the tree needs is there"
    if report.complete is None:
        if any(found.code == "LIM001" for found in report.findings):
            return "Completeness unknown: a limit ended the reading"
        return "Completeness unknown: no tree could be reached"
    if missing := missing_text(report):
        return f"Not complete: {missing}"
    return "Not complete: a block that the tree needs is damaged"


def missing_text(report: Report) -> str:
    """Return how much is missing: "1 node and 4 records are missing", or ""."""
    counts = report.counts
    missing = [
        count_text(count, noun)
        for count, noun in (
            (counts.missing_nodes, "node"),
            (counts.missing_records, "record"),
        )
        if count
    ]
    if not missing:
        return ""
    are = "is" if counts.missing_nodes + counts.missing_records == 1 else "are"
    return f"{' and '.join(missing)} {are} missing"


def signature_text(report: Report) -> str:
    """Return what is known of the signature: "signature not checked".

    Without a commit there is none, and nothing is said: "".
    """
    return "" if report.commit is None else _SIGNATURES[report.signature]
