"""Claims about single paths and ranges of keys, and their answers.

That are `verify --path`, `--absent` and `--range`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import click

from repoview.cli.pages.proof_path import step_lines
from repoview.cli.pages.spans import STYLES, span_lines, span_pieces, spans_of
from repoview.cli.words import path_in
from repoview.core.findings.catalogue import CATALOGUE, Severity
from repoview.core.findings.findings import Profile, Scope
from repoview.core.formats.key import key_faults
from repoview.core.formats.syntax import read_at_uri
from repoview.core.repo.proof import Answer
from repoview.core.verify.report import EXIT_CODES, Verdict
from repoview.present import (
    finding_headline,
    json_text,
    safe,
    shape_sentence,
    signature_text,
    wrapped,
)
from repoview.present.proofs import proof_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from repoview.cli.options.key_ranges import TypedRange
    from repoview.cli.options.options import Run
    from repoview.cli.pages.spans import Span
    from repoview.core.findings.findings import Finding
    from repoview.core.repo.proof import Proof
    from repoview.core.repo.repo import Repo
    from repoview.core.verify.report import Report
    from repoview.core.verify.verify import Checks

_OF_COMMIT: Final = ("COM", "SIG")


class Claim(NamedTuple):
    """What is claimed of one path: that its record is there, or is not."""

    text: str
    """The path, or an AT URI of it."""

    asked: Answer
    """Present or absent."""


class Asked(NamedTuple):
    """What is asked of a source, as it was typed."""

    present: tuple[str, ...]
    """Paths that should be there."""

    absent: tuple[str, ...]
    """Those that should not."""

    ranges: tuple[TypedRange, ...] = ()


class Answered(NamedTuple):
    """A claim, and what the blocks prove."""

    claim: Claim
    proof: Proof

    @property
    def told(self) -> str:
        """proved, disproved or unknown."""
        return self.proof.tells(self.claim.asked)


def verify_claims(
    run: Run, source: str, checks: Checks, asked: Asked, form: str
) -> None:
    """Answer for single paths and ranges of a source, and for nothing else of it.

    Args:
        run: Where it is read and printed.
        source: What to read.
        checks: What to hold the commit to.
        asked: The paths and ranges.
        form: text, json or jsonl.

    Raises:
        click.BadParameter: No record can have one of the paths.
        NotFound: One is about another account.
    """
    claims = claims_of(asked.present, asked.absent, checks.profile.value)
    with run.bar() as bar, run.read(source, bar, checks) as repo:
        run.refuse_events(source, repo)
        answered = answer(repo, claims)
        spans = spans_of(repo, asked.ranges)
        told = [each.told for each in answered] + [each.told for each in spans]
        run.exit_code = exit_code_of(repo.report, told)
        bar.erase()
        _print(run, repo, answered, spans, form)


def _print(
    run: Run, repo: Repo, answered: list[Answered], spans: list[Span], form: str
) -> None:
    console, report = run.console, repo.report
    objects = [each.proof.to_json(each.claim.asked) for each in answered]
    if form == "jsonl":
        console.lines(json_text(each, None) for each in objects)
        console.lines("".join(span_pieces(repo, each)) for each in spans)
    elif form == "json" and not spans:
        told = {**report.to_json(), "exit_code": run.exit_code, "paths": objects}
        console.line(json_text(told))
    elif form == "json":
        told = {**report.to_json(), "exit_code": run.exit_code, "paths": objects}
        console.out.write(json_text(told, None)[:-1])
        console.out.write(',"ranges":[')
        for number, each in enumerate(spans):
            console.out.write("," if number else "")
            for piece in span_pieces(repo, each):
                console.out.write(piece)
        console.line("]}")
    elif run.quiet:
        console.lines(each.told for each in answered)
        console.lines(each.told for each in spans)
    else:
        console.lines(answer_lines(run, report, answered, span_lines(run, repo, spans)))


def claims_of(
    present: Iterable[str], absent: Iterable[str], profile: str
) -> list[Claim]:
    """Return what is claimed, or refuse a path that no record can have.

    Raises:
        click.BadParameter: As it says.
    """
    claims = [Claim(text, Answer.PRESENT) for text in present]
    claims += [Claim(text, Answer.ABSENT) for text in absent]
    checked = []
    for claim in claims:
        option = "--path" if claim.asked is Answer.PRESENT else "--absent"
        text = _checked(claim.text, profile, option)
        checked.append(Claim(text, claim.asked))
    return checked


def insist_on_paths(paths: Iterable[str], profile: str) -> None:
    """Refuse a PATH that no record can have.

    Raises:
        click.BadParameter: As it says.
    """
    for text in paths:
        _checked(text, profile, "PATH")


def _checked(text: str, profile: str, hint: str) -> str:
    """Return a path or AT URI without what does not belong to it, or refuse it."""
    whole, path = _parts(text)
    fault = _fault(path, profile)
    if fault:
        told = f"{safe(text, 200) or 'nothing'} is no path of a record"
        raise click.BadParameter(f"{told}: {fault}", param_hint=hint)
    return whole


def _parts(text: str) -> tuple[str, str]:
    """Return a path or AT URI without what does not belong to it, and the path."""
    uri = read_at_uri(text)
    if uri is None:
        return text, text
    return f"at://{uri.authority}/{uri.path}", uri.path


def _fault(path: str, profile: str) -> str:
    """Return what is wrong with a path, "" for nothing."""
    try:
        key = path.encode()
    except UnicodeEncodeError:
        return "it is not UTF-8"
    if profile == Profile.MST_ONLY:
        return "" if key else "it is empty"
    if "/" not in path.strip("/"):
        return "one has a collection and a record key, as in app.bsky.feed.post/3l7…"
    for fault in key_faults(key):
        if CATALOGUE[fault.code].severity >= Severity.ERROR:
            return fault.message
    return ""


def answer(repo: Repo, claims: Iterable[Claim]) -> list[Answered]:
    """Return what the blocks of *repo* prove of each claim.

    Raises:
        NotFound: One is about another account.
    """
    return [Answered(each, repo.prove(path_in(repo, each.text))) for each in claims]


def exit_code_of(report: Report, told: Collection[str]) -> int:
    """Return the most severe code: 11, 12, 10 or 0.

    All answers rest on the commit, so one that is wrong, or whose signature was
    asked for and is wrong, makes all of them so.

    Args:
        report: Of the file.
        told: The answers: proved, disproved or unknown.
    """
    if "disproved" in told or commit_faults(report):
        return EXIT_CODES[Verdict.INVALID]
    if "unknown" in told:
        is_unreadable = report.verdict is Verdict.UNREADABLE
        return EXIT_CODES[Verdict.UNREADABLE if is_unreadable else Verdict.INCOMPLETE]
    return 0


def commit_faults(report: Report) -> list[Finding]:
    """Return what is wrong with the commit or its signature."""
    if report.commit is None:
        return []
    offset = report.commit.offset
    return [
        each
        for each in report.findings
        if each.severity >= Severity.ERROR
        and each.scope is Scope.TREE
        and (each.code.startswith(_OF_COMMIT) or each.offset == offset)
    ]


def answer_lines(
    run: Run, report: Report, answered: Sequence[Answered], spans: Iterable[str]
) -> Iterator[str]:
    """Yield the page of answers: each, what the signature says, the file."""
    from repoview.cli.pages.facts import commit_facts, fact_lines

    console = run.console
    for each in answered:
        word = each.told.upper()
        first, *rest = wrapped(f"{word}: {proof_text(each.proof)}.", console.width)
        yield console.paint(STYLES[each.told], word) + first.removeprefix(word)
        yield from rest
        if each.proof.cid is not None:
            yield f"  {each.proof.cid}"
        if run.verbose:
            yield from step_lines(each.proof.steps, console.paint)
        yield ""
    yield from spans
    yield from wrapped(_signed(report), console.width)
    yield from (f"  {finding_headline(each)}" for each in commit_faults(report))
    if shape := shape_sentence(report):
        yield from wrapped(f"{shape}.", console.width)
    yield ""
    facts = [("source", safe(report.source, 200)), *commit_facts(report, brief=True)]
    yield from fact_lines(console, facts)


def _signed(report: Report) -> str:
    """Return a sentence about the signature, on which all answers rest."""
    said = signature_text(report).capitalize()
    if not said:
        return "There is no commit, so nobody signed this."
    if report.signature == "not-checked":
        said += ": only a key tells who signed this (--key, --did-doc)"
    return f"{said}."
