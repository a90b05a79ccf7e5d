"""Judging the signature of a commit, and judging it again with another key.

Findings about the signature neither cause nor are caused by others. So the
report for another key is derived from the existing one and the commit's block.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from operator import add
from typing import TYPE_CHECKING, Final, NamedTuple

from repoview.core import varint
from repoview.core.cid import CID_BYTES
from repoview.core.errors import FormatError, SourceError, changed
from repoview.core.findings.findings import Findings, Profile, in_order
from repoview.core.findings.policy import Changes
from repoview.core.signature.judge import Judgement, judge
from repoview.core.verify.checks import signer_of
from repoview.core.verify.report import EXIT_CODES, gravest
from repoview.core.verify.report import judge as verdict_of

if TYPE_CHECKING:
    from repoview.core.blocks.blocks import Blocks
    from repoview.core.findings.findings import Finding
    from repoview.core.formats.commit import Commit
    from repoview.core.signature.judge import Answer
    from repoview.core.verify.checks import Checks
    from repoview.core.verify.report import Outcome, Report, Verdict

_FAMILY: Final = "SIG"
"""What the codes of all findings about a signature begin with."""


_VERDICTS: Final = {code: verdict for verdict, code in EXIT_CODES.items()}


class SignatureCheck(NamedTuple):
    """The outcome of checking a signature."""

    answer: Answer
    """verified, failed or not-checked; failed also without a key, where none could
    accept it."""

    findings: list[Finding]
    """Those about the signature, the key and the document."""

    report: Report
    """The report of the repository, as if it had been opened with that key."""


def judge_signature(commit: Commit | None, blocks: Blocks, checks: Checks) -> Judgement:
    """Judge the signature of a commit.

    Args:
        commit: None if there is none.
        blocks: Has its block.
        checks: Has the key or document.
    """
    if commit is None or checks.profile is Profile.MST_ONLY:
        return Judgement("not-checked", [])
    block = blocks.read(blocks.find(commit.cid.raw))
    return judge(commit, block, signer_of(checks.key, checks.document))


def judge_again(
    report: Report, apart: Outcome, blocks: Blocks, checks: Checks
) -> SignatureCheck:
    """Judge the signature of a verified repository with another key, or without.

    Args:
        report: Of its verification.
        apart: The outcome without the signature.
        blocks: Has the block of the commit, which is read and hashed again.
        checks: Those of the verification, with the other key or document.

    Raises:
        SourceError: The commit cannot be read any more.
    """
    commit, judged = report.commit, Judgement("not-checked", [])
    if commit is not None and checks.profile is not Profile.MST_ONLY:
        block = _block_of(commit, blocks)
        judged = judge(commit, block, signer_of(checks.key, checks.document))
    found = Findings(checks.profile, checks.policy)
    for each in judged.findings:
        found.add(each)
    again = _with(report, apart, found, checks)
    again = replace(again, signature=judged.answer)
    return SignatureCheck(judged.answer, found.sorted(), again)


def _with(report: Report, apart: Outcome, found: Findings, checks: Checks) -> Report:
    """Return a report with other findings about the signature."""
    others = [each for each in report.findings if not each.code.startswith(_FAMILY)]
    mine = found.totals()
    totals = {name: apart.totals[name] + count for name, count in mine.items()}
    failing = verdict_of(found, warnings_count=checks.fail_on_warning)
    return replace(
        report,
        verdict=_VERDICTS[_gravest(apart.verdict, verdict_of(found))],
        exit_code=_gravest(apart.failing, failing),
        findings=in_order([*others, *found.sorted()]),
        counts=replace(report.counts, findings=totals),
        changes=Changes(*map(add, apart.changes, found.changes())),
    )


def _gravest(*verdicts: Verdict) -> int:
    """Return the exit code of the gravest of some verdicts."""
    return gravest(EXIT_CODES[each] for each in verdicts)


def _block_of(commit: Commit, blocks: Blocks) -> bytes:
    """Return the bytes of a commit, which hash to its CID.

    They are read at its offset first: a look-up by CID would load the whole
    block index of a repository that comes from the cache.
    """
    with suppress(SourceError, FormatError):
        start, most = commit.offset, varint.MAX_BYTES + CID_BYTES + commit.size
        section = blocks.source.read_at(start, most)
        _, behind = varint.read_varint(section, 0, len(section))
        behind += CID_BYTES
        block = section[behind : behind + commit.size]
        if sha256(block).digest() == commit.cid.digest:
            return block
    block = blocks.read(blocks.find(commit.cid.raw))
    if sha256(block).digest() != commit.cid.digest:
        raise changed(blocks.source.name)
    return block
