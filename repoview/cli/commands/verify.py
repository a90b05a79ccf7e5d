"""`repoview verify`: every check, every finding, and a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from repoview.cli.command import Command
from repoview.cli.judging.judging import checks_of, reading_options
from repoview.cli.judging.policy import Revision, most_option, own_policy, policy_lines
from repoview.cli.options.key_ranges import RangeText, TypedRange
from repoview.cli.options.option_types import SourcePath
from repoview.cli.options.options import Run, common_options
from repoview.cli.pages.found import found_lines
from repoview.core import limits
from repoview.core.repo.inside import inside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from repoview.cli.console import Console
    from repoview.core.inventory.summary import Summary
    from repoview.core.verify.report import Report
    from repoview.core.verify.verify import Checks
    from repoview.policy_file import OwnPolicy

_OUTCOMES: Final = {"pass": "fine", "FAIL": "bad", "warn": "doubt", "-": "dim"}
_COUNTED: Final = {
    "missing_nodes": "Missing nodes",
    "missing_records": "Records whose block is missing",
    "damaged_nodes": "Damaged nodes",
    "damaged_records": "Damaged records",
    "unlinked_blocks": "Blocks that nothing links to",
    "unlinked_nodes": "Those of them that look like nodes",
    "unlinked_commits": "Those of them that look like commits",
    "duplicate_blocks": "Blocks that stand in the file more than once",
}
"""Count → its heading, above the CIDs that -v prints."""

EXAMPLES: Final = """\
Examples:
  repoview verify repo.car
  repoview verify repo.car -v                   with rules, CIDs, what it holds
  repoview verify repo.car --json > report.json
  repoview verify repo.car -q && echo sound
  repoview verify *.car backups/                a line each, and a total
  repoview verify backups/ -q                   only those that are not sound
  repoview verify repo.car --did-doc did.json   with the signature
  repoview verify slice.car --expect slice
  repoview verify proof.car --path app.bsky.feed.post/3l7…
  repoview verify posts.car --range 'app.bsky.feed.post/*'
  repoview verify tree.car --profile mst-only
  repoview verify repo.car --severity REC005=warning --severity KEY=off
  repoview verify repo.car --skip-list known.txt
  repoview verify repo.car --rev 3jzfcijpj2z2a+
  repoview verify event.frame                   of the event stream

Exit codes:
  0   sound
  10  incomplete: blocks that the tree needs are missing
  11  invalid: the tree, the commit, their encoding or the signature is wrong
  12  unreadable: no repository can be made out
  13  the tree is right, but records in it are not
  14  the repository is right, but the file around it is not
  1   SOURCE cannot be read; of several, the most severe: 1, 12, 11, 10
With --path, --absent or --range: 0 when all is proved, 10 when something is
unknown, 11 when something is disproved, or the commit, or its signature, wrong.
"""


@click.command(cls=Command, epilog=EXAMPLES)
@click.argument("sources", metavar="SOURCE...", type=SourcePath(), nargs=-1)
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
    "--rev",
    type=Revision(),
    metavar="REV",
    help="The revision that the commit must have; REV+ for that or a later one.",
)
@click.option(
    "--rebuild/--no-rebuild",
    default=None,
    help="Build the tree again from its keys and compare.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    help="Lowest severity that fails [error].",
)
@most_option
@click.option(
    "--policy",
    "show_policy",
    is_flag=True,
    help="Print the settings in force, and where each is set; SOURCE may be omitted.",
)
@click.option(
    "--path",
    "present",
    metavar="PATH",
    multiple=True,
    help="Answer for this path alone: is it proved to be there? Repeatable.",
)
@click.option(
    "--absent",
    metavar="PATH",
    multiple=True,
    help="Answer for this path alone: is it proved not to be there? Repeatable.",
)
@click.option(
    "--range",
    "ranges",
    type=RangeText(),
    metavar="A..B",
    multiple=True,
    help="Answer for these keys alone: which are there, from A to B or as PREFIX*, "
    "and is it proved that there are no others? Repeatable.",
)
@reading_options
@common_options
def command(
    run: Run,
    sources: tuple[str, ...],
    *,
    form: str,
    as_json: bool,
    show_policy: bool,
    present: tuple[str, ...],
    absent: tuple[str, ...],
    ranges: tuple[TypedRange, ...],
    **judging: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> None:
    """Check everything in SOURCE, and say what is wrong and where.

    Of several sources, or a folder with the CARs in it and below, a line each is
    printed, and with --json an object a line; the exit code is the most severe.

    Every block is hashed, every node checked for canonical form, every key for
    order, depth and syntax, every link for what it leads to; and the signature,
    if a key is given.
    """
    own = own_policy()
    checks = _checks_of(own, **judging)
    if show_policy:
        run.console.lines(policy_lines(own, judging, checks))
        return
    if not sources:
        raise click.UsageError("missing argument 'SOURCE'", click.get_current_context())
    from repoview.listing import is_folder

    form = "json" if as_json else form
    are_many = len(sources) > 1 or is_folder(sources[0])
    if are_many and run.frame is not None:
        raise click.UsageError("--frame asks about one source")
    if present or absent or ranges:
        from repoview.cli.pages.claims import Asked, verify_claims

        if are_many:
            raise click.UsageError("--path, --absent and --range ask about one source")
        asked = Asked(present, absent, ranges)
        verify_claims(run, sources[0], checks, asked, form)
    elif are_many:
        from repoview.cli.many.verify import verify_many

        verify_many(run, sources, checks, form)
    else:
        _verify_one(run, sources[0], checks, form)


def _verify_one(run: Run, source: str, checks: Checks, form: str) -> None:
    """Verify one source, and print all that is found in it."""
    run.most_findings = checks.policy.most
    held: list[str] = []
    with run.bar() as bar, run.read(source, bar, checks) as repo:
        report = repo.report
        if repo.frame is not None and repo.frame.has_next and run.frame is None:
            from repoview.cli.pages.events import verify_events

            bar.erase()
            verify_events(run, repo, checks, form)
            return
        # Counting takes time, which only those spend who want to know more.
        is_wanted = run.verbose and inside(repo).loaded.header is not None
        summary = repo.inventory.summary(bar) if is_wanted else None
        if form == "text" and not run.quiet:
            from repoview.cli.pages.part import held_lines

            held = held_lines(run.console, repo)
    run.exit_code = report.exit_code
    if form != "text":
        from repoview.present import json_text

        if form == "jsonl":
            found = (each.to_json() for each in report.findings)
            run.console.lines(json_text(each, None) for each in found)
        else:
            from repoview.cli.pages.as_json import report_object

            run.console.line(json_text(report_object(report, summary)))
    elif run.quiet:
        run.console.line(report.verdict.value)
    else:
        run.console.lines(_page(run, report, summary, held))


def _checks_of(
    own: OwnPolicy,
    did: str | None,
    rebuild: bool | None,  # noqa: FBT001 (the option is called so)
    fail_on: str | None,
    **reading: Any,  # noqa: ANN401 (as `checks_of` takes it)
) -> Checks:
    """Return what to check, with what only this command is asked for."""
    if did is not None:
        _refuse_no_did(did)
    return checks_of(
        **reading,
        own=own,
        did=did,
        rebuild=bool(own.rebuild if rebuild is None else rebuild),
        fail_on_warning=(fail_on or own.fail_on) == "warning",
    )


def _refuse_no_did(text: str) -> None:
    """Refuse an account that is named by anything but its DID."""
    from repoview.core.formats import syntax
    from repoview.core.formats.accounts import where_to_fetch
    from repoview.present import safe

    if syntax.is_did(text):
        return
    name = safe(text, 200)
    advice = where_to_fetch(text)
    if advice is None:
        raise click.BadParameter(f"{name} is no DID", param_hint="--did")
    told = advice.partition(";")[0]
    raise click.BadParameter(
        f"{name} is no DID: a commit has the account's DID, and no handle; {told}",
        param_hint="--did",
    )


def _page(
    run: Run, report: Report, summary: Summary | None, held: list[str]
) -> Iterator[str]:
    from repoview.cli.pages.part import advice_text
    from repoview.present import wrapped

    yield from verdict_lines(run.console, report)
    if report.exit_code and (advice := advice_text(report)):
        yield from wrapped(advice, run.console.width)
    yield ""
    yield from _facts(run.console, report)
    if report.frame is not None:
        from repoview.cli.pages.events import operation_lines

        yield from operation_lines(run, report.frame)
    if report.frame is None or report.frame.blocks is not None:
        yield ""
        yield from _checks(run.console, report)
    yield from held
    yield from found_lines(run, report)
    if run.verbose:
        yield from _cids(run.console, report)
    if summary is not None:
        from repoview.cli.pages.inventory_page import sizes_lines, summary_lines

        lines = list(summary_lines(run.console, report, summary))
        yield from ["", *lines] if lines else []
        yield from sizes_lines(run.console, report, summary.sizes)
    if report.exit_code and report.verdict.value == "sound":
        yield ""
        yield "Sound, but warnings count here (--fail-on warning)."


def verdict_lines(console: Console, report: Report) -> Iterator[str]:
    """Yield the verdict and completeness, so that they cannot be missed."""
    from repoview.present import (
        completeness_text,
        meaning_text,
        policy_text,
        shape_sentence,
        signature_text,
        verdict_word,
        wrapped,
    )

    style = {0: "good", 10: "doubt", 14: "doubt", 13: "doubt"}.get(
        report.exit_code, "bad"
    )
    word = verdict_word(report)
    first, *rest = wrapped(f"{word}: {meaning_text(report)}.", console.width)
    yield console.paint(style, word) + first.removeprefix(word)
    yield from rest
    sentences = [completeness_text(report)]
    if signed := signature_text(report):
        sentences.append(signed.capitalize())
    if weighed := policy_text(report):
        sentences.append(weighed)
    shape = shape_sentence(report)
    if shape and report.verdict.value != "incomplete":
        sentences.append(shape)
    yield from wrapped(f"{'. '.join(sentences)}.", console.width)


def _cids(console: Console, report: Report) -> Iterator[str]:
    """Yield the CIDs of what was counted, the first of each kind."""
    for kind, noun in _COUNTED.items():
        cids = report.cids.get(kind, ())
        if not cids:
            continue
        amount = f"{len(cids)}"
        if len(cids) == limits.FINDINGS_A_CODE:
            total = getattr(report.counts, kind, 0)
            amount = f"the first {amount}" + (f" of {total:,}" if total else "")
        yield ""
        yield console.paint("head", f"{noun} ({amount})")
        yield from (f"  {cid}" for cid in cids)


def _facts(console: Console, report: Report) -> Iterator[str]:
    from repoview.cli.pages.facts import commit_facts, count_facts, fact_lines
    from repoview.present import safe

    facts = [("source", safe(report.source, 200))]
    if report.frame is not None:
        from repoview.cli.pages.events import event_facts

        facts += event_facts(report.frame)
    if report.frame is None or report.frame.blocks is not None:
        facts += commit_facts(report, brief=True)
        facts += count_facts(report)
    yield from fact_lines(console, facts)


def _checks(console: Console, report: Report) -> Iterator[str]:
    from repoview.present.checks import checklist

    yield console.paint("head", "Checks")
    for check in checklist(report):
        outcome = console.paint(_OUTCOMES[check.outcome], f"{check.outcome:<4}")
        yield f"  {outcome}  {check.name:<9}  {check.detail}"
