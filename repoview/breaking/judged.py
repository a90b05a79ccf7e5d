"""What the engine says of a file: judged when it is asked for, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from repoview.core.errors import RepoviewError
from repoview.core.findings.policy import Profile
from repoview.core.opening.options import OpenOptions
from repoview.core.repo.begin import begin
from repoview.core.repo.repo import finish
from repoview.core.verify.checks import Checks
from repoview.present import finding_headline, place_text
from repoview.present.verdicts import verdict_sentence

if TYPE_CHECKING:
    from repoview.core.verify.report import Report
    from repoview.corpus import Case


class Judged(NamedTuple):
    """A file as it was judged; all text is safe to show."""

    verdict: str
    """A sentence or two."""

    exit_code: int
    is_sound: bool
    findings: list[tuple[str, str, str]]
    """Code, headline and place of each, as they were found."""


def checks_of(case: Case) -> Checks:
    """Return what the files of a case are checked for."""
    options = dict(case.options)
    if "profile" in options:
        options["profile"] = Profile(options["profile"])
    return Checks(**options)


def held_to(case: Case) -> str:
    """Return the options that the files are judged with; "" for none."""
    return " ".join(
        "--did-doc DOCUMENT" if name == "document" else f"--{name} {value}"
        for name, value in case.options.items()
    )


def judge(data: bytes, case: Case) -> Judged:
    """Return what the engine says of a file of a case."""
    options = OpenOptions(checks_of(case), on_limit="leave")
    try:
        with finish(begin(data, options, name=case.id)) as repo:
            return _judged(repo.report)
    except RepoviewError as error:
        return Judged(f"NOT READ: {error}", 1, is_sound=False, findings=[])


def _judged(report: Report) -> Judged:
    return Judged(
        verdict_sentence(report),
        report.exit_code,
        report.exit_code == 0,
        [
            (each.code, finding_headline(each), place_text(each))
            for each in report.findings
        ],
    )
