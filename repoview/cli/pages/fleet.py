"""A data set of many repositories as text: lines of files, totals, and progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from repoview.cli.progress import StatusLine
from repoview.core.verify.report import Verdict
from repoview.fleet.done import NOT_READ
from repoview.present import (
    count_text,
    safe,
    safe_word,
    size_text,
    verdict_style,
    verdicts_text,
    wrapped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from repoview.cli.console import Console
    from repoview.fleet.run import Outcome, Passed
    from repoview.fleet.summaries import Fleet, FoundCode, Totals
    from repoview.fleet.verdict import RepoRow

_VERDICT: Final = max(map(len, Verdict))
_RECORDS: Final = 10
_SIZE: Final = 9
_DID: Final = 32
_REV: Final = 13
"""Columns, as those above."""

_NAME: Final = 1_000
"""Characters of a name that are shown."""

_SLOW: Final = 10
"""Files a second below which a tenth of one is told."""


def outcome_lines(outcome: Outcome, seconds: float) -> Iterator[str]:
    """Yield what came of a run."""
    done = outcome.done
    files = f"{count_text(done.files, 'file')}, {size_text(done.bytes)}"
    if done.files:
        yield f"{files}: {verdicts_text(done.verdicts, NOT_READ)}"
        each = done.files / seconds if seconds >= 1 else 0
        rate = f", {each:,.{1 if each < _SLOW else 0}f} files a second" if each else ""
        parts = count_text(done.parts, "part")
        yield (
            f"{count_text(done.rows, 'record')} written to {safe(outcome.out, _NAME)} "
            f"in {seconds:,.1f} s, in {parts}{rate}"
        )
    if outcome.skipped:
        yield f"{count_text(outcome.skipped, 'file')} passed over: written before"


def row_line(console: Console, row: RepoRow) -> str:
    """Return what is told of a file, on a line: verdict, counts, whose, source."""
    verdict = safe_word(row.verdict or NOT_READ)
    painted = console.paint(verdict_style(row.verdict), verdict)
    counts = " " * (_RECORDS + _SIZE + 2)
    if row.verdict is not None:
        counts = f"{row.records:>{_RECORDS},}  {size_text(row.bytes):>{_SIZE}}"
    did, rev = safe(row.did or "-", 100), safe(row.rev or "-", 40)
    padded = painted + " " * (_VERDICT - len(verdict))
    whose = f"{did:<{_DID}}  {rev:<{_REV}}"
    return f"{padded}  {counts}  {whose}  {safe(row.source, _NAME)}"


def header_line(console: Console) -> str:
    """Return what stands above the lines of files."""
    counts = f"{'records':>{_RECORDS}}  {'size':>{_SIZE}}"
    whose = f"{'account':<{_DID}}  {'rev':<{_REV}}"
    return console.paint("head", f"{'verdict':<{_VERDICT}}  {counts}  {whose}  file")


def summary_lines(
    console: Console, fleet: Fleet, rows: Sequence[RepoRow], *, brief: bool
) -> Iterator[str]:
    """Yield the page of a data set: files, findings, totals.

    Args:
        console: Where it is printed.
        fleet: The data set.
        rows: The files that are listed.
        brief: Whether only these.
    """
    if rows:
        yield header_line(console)
    for row in rows:
        yield row_line(console, row)
        if row.error and not brief:
            yield from wrapped(
                f"{safe(row.error, _NAME)}.", console.width, first="  ", after="  "
            )
    if brief:
        return
    if rows:
        yield ""
    if len(rows) < len(fleet):
        yield f"{len(rows):,} of {len(fleet):,} files listed"
    yield from _findings_lines(console, fleet.findings())
    yield totals_line(fleet.totals())


def _findings_lines(console: Console, found: Sequence[FoundCode]) -> Iterator[str]:
    if not found:
        return
    yield console.paint("head", "Findings over all files")
    for each in found:
        files = count_text(each.files, "file")
        code, severity = safe_word(each.code), safe_word(each.severity)
        yield f"  {code}  {severity:<8}  {each.findings:>8,} in {files}"
    yield ""


def totals_line(totals: Totals) -> str:
    """Return all files in one line."""
    accounts = count_text(totals.dids, "account")
    return (
        f"{count_text(totals.files, 'file')} of {accounts}, "
        f"{size_text(totals.bytes)}, {count_text(totals.records, 'record')}: "
        f"{verdicts_text(totals.verdicts, NOT_READ) or 'none'}"
    )


class FleetMeter:
    """Draws how far a run is, on one line of a terminal.

    Args:
        stream: A terminal; None draws nothing.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._line = StatusLine(stream)

    def __call__(self, passed: Passed) -> None:
        """Draw it, if the last drawing is old enough."""
        self._line.draw(lambda now: passed_line(passed, now - self._line.begun))

    def erase(self) -> None:
        """Leave nothing on the terminal."""
        self._line.erase()


def passed_line(passed: Passed, seconds: float) -> str:
    """Return how far it is: "reading  12 of 300 · 1.2 GB · 24 a second"."""
    done = passed.done
    of = "" if passed.listed is None else f" of {passed.listed - passed.skipped:,}"
    read = done.files + passed.under_way
    told = [f"reading  {read:,}{of}", size_text(done.bytes)]
    if read and seconds >= 1:
        told.append(f"{read / seconds:,.0f} a second")
    if bad := done.files - done.verdicts.get(Verdict.SOUND.value, 0):
        told.append(f"{bad:,} not sound")
    if passed.skipped:
        told.append(f"{passed.skipped:,} written before")
    return " · ".join(told)
