"""The outcomes of many sources, as lines of text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from repoview.core.verify.report import Verdict
from repoview.present import (
    count_text,
    safe,
    size_text,
    verdict_style,
    verdicts_text,
    wrapped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.cli.console import Console
    from repoview.cli.many.outcome import Outcome

_NOT_READ: Final = "not read"

_VERDICT: Final = max(map(len, Verdict))
_SHAPE: Final = 12
"""Columns, as those that follow."""

_RECORDS: Final = 15
_SIZE: Final = 9
_FINDINGS: Final = 12

_NAME: Final = 1_000
"""Characters of a name that are shown."""


def outcome_lines(console: Console, outcome: Outcome, *, more: bool) -> Iterator[str]:
    """Yield what came of one source: verdict, shape, counts, name.

    Args:
        console: Where it is printed.
        outcome: What came of it.
        more: Whether to say what the verdict means, where it is not sound.
    """
    verdict = outcome.verdict or _NOT_READ
    painted = console.paint(verdict_style(outcome.verdict), verdict)
    told = [painted + " " * (_VERDICT - len(verdict)), f"{outcome.shape:<{_SHAPE}}"]
    if outcome.verdict is None:
        told.append(" " * (_RECORDS + _SIZE + 2))
    else:
        records = count_text(outcome.records, "record")
        told += [f"{records:>{_RECORDS}}", f"{size_text(outcome.bytes):>{_SIZE}}"]
    told.append(f"{_findings_text(outcome.findings):<{_FINDINGS}}")
    yield "  ".join([*told, safe(outcome.source, _NAME)])
    if more and outcome.exit_code and outcome.meaning:
        yield from wrapped(f"{outcome.meaning}.", console.width, first="  ", after="  ")


def _findings_text(findings: dict[str, int]) -> str:
    """Return the number of findings of the highest severity: "2 errors", or ""."""
    if count := findings.get("fatal"):
        return f"{count:,} fatal"
    grave = ((findings.get(each, 0), each) for each in ("error", "warning"))
    return next((count_text(count, noun) for count, noun in grave if count), "")


class Totals:
    """Counts outcomes by their verdicts."""

    def __init__(self) -> None:
        self.sources = 0
        self.bytes = 0
        self._verdicts: Counter[str] = Counter()

    def add(self, outcome: Outcome) -> None:
        """Count one more."""
        self.sources += 1
        self.bytes += outcome.bytes
        self._verdicts[outcome.verdict or _NOT_READ] += 1

    def line(self) -> str:
        """Return all of it in one line: "12 sources, 3.4 MB: 11 sound, 1 invalid"."""
        size = size_text(self.bytes)
        told = verdicts_text(self._verdicts, _NOT_READ)
        if self._verdicts[Verdict.SOUND.value] == self.sources > 1:
            told = "all sound"
        return f"{count_text(self.sources, 'source')}, {size}: {told}"
