"""Findings as text: the most severe first, each with its effects below."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from repoview.core.findings.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from repoview.cli.options.options import Run
    from repoview.core.findings.causes import Family
    from repoview.core.findings.findings import Finding
    from repoview.core.verify.report import Report

SHOWN_A_CODE: Final = 5
"""Findings of one code that the text shows; -v shows all that are kept."""

_FEW: Final = 3
"""Most effects of a finding that are shown without -v."""

STYLES: Final = {"fatal": "bad", "error": "bad", "warning": "doubt", "info": "dim"}
"""Severity → how its codes are drawn."""

_HEADINGS: Final = {
    "fatal": "Fatal",
    "error": "Errors",
    "warning": "Warnings",
    "info": "Worth knowing",
}
_LEFT: Final = 9
"""Columns in front of what a finding says."""


def found_lines(run: Run, report: Report) -> Iterator[str]:
    """Yield the findings of a report, by their severity.

    A cause is sorted by the most severe of its effects; these are shown below it if
    they are few, or with -v.
    """
    from repoview.core.findings.causes import families

    if not report.findings:
        yield ""
        yield "Nothing was found to be wrong, or worth a word."
        return
    found = families(report.findings)
    for severity, of_severity in groupby(found, key=lambda each: each.severity):
        group = list(of_severity)
        yield ""
        amount = _amount(report.counts.findings[severity.value], group)
        yield run.console.paint("head", f"{_HEADINGS[severity.value]} ({amount})")
        for _, same in groupby(group, key=lambda each: each.head.code):
            yield from _same(run, list(same))
    if found[0].severity > Severity.INFO:
        yield from _next_steps(run, report, found[0].head.code)


def _next_steps(run: Run, report: Report, code: str) -> Iterator[str]:
    """Yield the commands that tell more."""
    from repoview.present.advice import salvage_text

    means = None if run.verbose else f"What a code means: repoview explain {code}"
    if steps := [each for each in (means, salvage_text(report)) if each is not None]:
        yield ""
        yield from (run.console.paint("dim", text) for text in steps)


def _amount(total: int, group: Sequence[Family]) -> str:
    """Return how many findings there are: "3", or "32 of 1 cause"."""
    if len(group) == 1 and total > 1 and group[0].effects:
        return f"{total:,} of 1 cause"
    return f"{total:,}"


def _same(run: Run, found: Sequence[Family]) -> Iterator[str]:
    """Yield the lines of the findings of one code."""
    shown = found if run.verbose else found[: run.most_findings or SHOWN_A_CODE]
    for number, each in enumerate(shown):
        last = number == len(shown) - 1
        yield from _family(run, each, rule=run.verbose and last)
    if more := len(found) - len(shown):
        text = f"+{more:,} more of {found[0].head.code}, which -v shows"
        yield " " * _LEFT + run.console.paint("dim", text)


def _family(run: Run, family: Family, *, rule: bool) -> Iterator[str]:
    """Yield the lines of one finding, and of those that it explains."""
    from repoview.present import effects_text

    follows = effects_text(family.effects, family.head)
    yield from _one(run, family.head, follows, rule=rule)
    shown = family.effects
    if not run.verbose:
        graves = [e for e in shown if e.severity >= Severity.ERROR]
        shown = tuple(graves) if len(graves) <= _FEW else ()
    for each in shown:
        for line in _message(run, each, _LEFT + 2):
            yield run.console.paint("dim", line)


def _one(run: Run, found: Finding, follows: str, *, rule: bool) -> Iterator[str]:
    """Yield the lines of one finding: code and message, details below.

    Args:
        run: Where it is printed.
        found: The finding.
        follows: Its effects, in words.
        rule: Whether to include the rule.
    """
    from repoview.present import finding_details, labelled_lines

    paint, width = run.console.paint, run.console.width
    severity = found.severity.value
    first, *rest = _message(run, found, 2)
    yield first.replace(found.code, paint(STYLES[severity], found.code), 1)
    yield from rest
    if follows:
        for line in labelled_lines("follows", follows, width - _LEFT + 2):
            yield " " * (_LEFT - 2) + line
    if severity == "info" and not run.verbose:
        return
    for label, text in finding_details(found, rule=rule, brief=not run.verbose):
        for line in labelled_lines(label, text, width - _LEFT + 2):
            yield " " * (_LEFT - 2) + paint("dim", line)


def _message(run: Run, found: Finding, indent: int) -> list[str]:
    """Return code and message, the latter in a column of its own."""
    from repoview.present import message_text, wrapped

    first = f"{' ' * indent}{found.code} "
    return wrapped(
        message_text(found), run.console.width, first=first, after=" " * len(first)
    ) or [first]
