"""The shape of a file in words: what it is a part of, and why blocks are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.core.verify.shape import FileShape
from repoview.present.events import event_name, event_sentence
from repoview.present.text import safe

if TYPE_CHECKING:
    from repoview.core.verify.report import Report

_MISSING: Final = ("BLK008", "BLK009")

_SENTENCES: Final = {
    FileShape.SEVERAL: "Several CARs stand in this file, one after the other; the "
    "first is judged",
    FileShape.SYNC: "It looks like the commit of a #sync event: nothing can be told "
    "of its tree",
    FileShape.COMMIT_ONLY: "It holds a commit alone, as an event had it that was too "
    "large for the event stream: nothing can be told of its tree",
    FileShape.BLOCKS: "It looks like a response of getBlocks: blocks without a root",
    FileShape.COMMIT_SLICE: "It looks like the blocks of a #commit event: what it "
    "wrote, and what is beside it",
    FileShape.SINCE: "It looks like a response of getRepo with since: what was written "
    "since an earlier revision",
}


def shape_text(report: Report) -> str:
    """Return what a file is in a few words: "a proof of app.bsky…/3k…"."""
    if report.frame is not None:
        return event_name(report.frame)
    if report.shape is not FileShape.PROOF:
        return report.shape.label
    if report.proves is None:
        return "a proof that a record is not there"
    return f"a proof of {safe(report.proves, 200)}"


def shape_sentence(report: Report) -> str:
    """Return what a file looks like, without a full stop.

    "" where the verdict says as much: of a whole repository, one that was cut
    off, and what is nothing of a known shape.
    """
    if report.frame is not None:
        # Of others it is the verdict.
        is_told = report.frame.is_of_repo or report.exit_code
        return f"The event says: {event_sentence(report.frame)}" if is_told else ""
    if report.shape is FileShape.PROOF:
        return f"It looks like {shape_text(report)}, as getRecord gives it"
    return _SENTENCES.get(report.shape, "")


def part_text(report: Report) -> str:
    """Return the same of a part of a repository, as a clause; "" for others."""
    sentence = shape_sentence(report) if report.shape.is_part else ""
    return sentence[:1].lower() + sentence[1:]


def told_counts(report: Report) -> dict[str, int]:
    """Return how many findings there are by severity, as people count them.

    What a part of a repository lacks is one, however many blocks that are.
    """
    counts = dict(report.counts.findings)
    if not report.shape.is_part:
        return counts
    missing = report.counts.missing_nodes + report.counts.missing_records
    of_missing = (f.severity.value for f in report.findings if f.code in _MISSING)
    severity = next(of_missing, None)
    if severity is not None and missing:
        counts[severity] = max(counts[severity] - missing, 0) + 1
    return counts
