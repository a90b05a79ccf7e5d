"""`repoview verify`: every check, every finding, and a verdict."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from repoview.cli.command import Command
from repoview.cli.options import (
    Run,
    checks_of,
    common_options,
    reading_options,
    source_argument,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.cli.console import Console
    from repoview.core.findings import Finding
    from repoview.core.report import Report

SHOWN_A_CODE: Final = 5
"""Findings of one code that the text shows; -v shows all that are kept."""

_STYLES: Final = {"fatal": "bad", "error": "bad", "warning": "doubt", "info": "dim"}
_HEADINGS: Final = {
    "fatal": "Fatal",
    "error": "Errors",
    "warning": "Warnings",
    "info": "Worth knowing",
}
_OUTCOMES: Final = {"pass": "fine", "FAIL": "bad", "warn": "doubt", "-": "dim"}
_LEFT: Final = 9
"""Columns in front of what a finding says."""

EXAMPLES: Final = """\
Examples:
  repoview verify repo.car
  repoview verify repo.car -v                   with the rule of each finding
  repoview verify repo.car --json > report.json
  repoview verify repo.car -q && echo sound
  repoview verify proof.car --expect slice
  repoview verify tree.car --profile mst-only

Exit codes:
  0   sound
  10  incomplete: blocks that the tree needs are missing
  11  invalid: the tree, the commit or their encoding is wrong
  12  unreadable: no repository can be made out
  13  the tree is right, but records in it are not
  14  the repository is right, but the file around it is not
"""


@click.command(cls=Command, epilog=EXAMPLES)
@source_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "jsonl"]),
    default="text",
    help="For people, one object, or a finding a line.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--did", metavar="DID", help="The account that the commit must be of.")
@click.option(
    "--rebuild", is_flag=True, help="Build the tree again from its keys and compare."
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="error",
    help="From which severity on the exit code tells.",
)
@reading_options
@common_options
def command(
    run: Run,
    source: str,
    *,
    form: str,
    as_json: bool,
    did: str | None,
    rebuild: bool,
    fail_on: str,
    **reading: str,
) -> None:
    """Check everything in SOURCE, and say what is wrong and where.

    Every block is hashed, every node checked for canonical form, every key for
    order, depth and syntax, every link for what it leads to.
    """
    checks = checks_of(
        **reading, did=did, rebuild=rebuild, fail_on_warning=fail_on == "warning"
    )
    with run.bar() as bar, run.read(source, bar, checks) as repo:
        report = repo.report
    run.exit_code = report.exit_code
    if as_json or form != "text":
        from repoview.present import json_text

        if form == "jsonl" and not as_json:
            found = (each.to_json() for each in report.findings)
            run.console.lines(json_text(each, None) for each in found)
        else:
            run.console.line(json_text(report.to_json()))
    elif run.quiet:
        run.console.line(report.verdict.value)
    else:
        run.console.lines(_page(run, report))


def _page(run: Run, report: Report) -> Iterator[str]:
    yield from verdict_lines(run.console, report)
    yield ""
    yield from _facts(run.console, report)
    yield ""
    yield from _checks(run.console, report)
    yield from _findings(run, report)
    if report.exit_code and report.verdict.value == "sound":
        yield ""
        yield "Sound, but warnings count here (--fail-on warning)."


def verdict_lines(console: Console, report: Report) -> Iterator[str]:
    """Yield the verdict and completeness, so that they cannot be missed."""
    from repoview.present import (
        completeness_text,
        meaning_text,
        signature_text,
        verdict_word,
    )

    style = {0: "good", 10: "doubt", 14: "doubt", 13: "doubt"}.get(
        report.exit_code, "bad"
    )
    yield f"{console.paint(style, verdict_word(report))}: {meaning_text(report)}."
    sentences = [completeness_text(report)]
    if signed := signature_text(report):
        sentences.append(signed.capitalize())
    yield f"{'. '.join(sentences)}."


def _facts(console: Console, report: Report) -> Iterator[str]:
    from repoview.cli.facts import commit_facts, count_facts, fact_lines
    from repoview.present import safe

    facts = [("source", safe(report.source, 200))]
    facts += commit_facts(report.commit, brief=True)
    facts += count_facts(report)
    yield from fact_lines(console, facts)


def _checks(console: Console, report: Report) -> Iterator[str]:
    from repoview.present.checks import checklist

    yield console.paint("head", "Checks")
    for check in checklist(report):
        outcome = console.paint(_OUTCOMES[check.outcome], f"{check.outcome:<4}")
        yield f"  {outcome}  {check.name:<9}  {check.detail}"


def _findings(run: Run, report: Report) -> Iterator[str]:
    if not report.findings:
        yield ""
        yield "Nothing was found to be wrong, or worth a word."
        return
    ranked = sorted(report.findings, key=lambda f: (-f.severity.rank, f.code))
    for severity, group in groupby(ranked, key=lambda f: f.severity):
        total = report.counts.findings[severity.value]
        yield ""
        yield run.console.paint("head", f"{_HEADINGS[severity.value]} ({total:,})")
        for _, same in groupby(group, key=lambda f: f.code):
            yield from _same(run, list(same))


def _same(run: Run, found: list[Finding]) -> Iterator[str]:
    """Yield the lines of the findings of one code."""
    shown = found if run.verbose else found[:SHOWN_A_CODE]
    for number, each in enumerate(shown):
        last = number == len(shown) - 1
        yield from _one(run, each, rule=run.verbose and last)
    if more := len(found) - len(shown):
        text = f"+{more:,} more of {found[0].code}, which -v shows"
        yield " " * _LEFT + run.console.paint("dim", text)


def _one(run: Run, found: Finding, *, rule: bool) -> Iterator[str]:
    """Yield the lines of one finding: code and what was met, details below."""
    from repoview.present import (
        finding_details,
        labelled_lines,
        message_text,
        wrapped,
    )

    paint, width = run.console.paint, run.console.width
    severity = found.severity.value
    indent = " " * _LEFT
    first, *rest = wrapped(message_text(found), width - _LEFT) or [""]
    yield f"  {paint(_STYLES[severity], found.code)} {first}"
    yield from (indent + line for line in rest)
    if severity == "info" and not run.verbose:
        return
    for label, text in finding_details(found, rule=rule):
        for line in labelled_lines(label, text, width - _LEFT + 2):
            yield indent[2:] + paint("dim", line)
