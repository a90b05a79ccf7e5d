"""Files made after public reports, with the expected outcome of each.

They are not part of this project; see `tests.vectors`. The kinds of fault that
they show are in `repoview.corpus` as well, for both kernels.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from repoview import Repo
from repoview.core.findings.findings import Finding, Profile, Severity
from repoview.core.verify.verify import Checks
from repoview.present import completeness_text, meaning_text
from repoview.present.checks import checklist
from tests.vectors import REPORTS, needs_reports

pytestmark = needs_reports


class Outcome(NamedTuple):
    """What a file comes to."""

    verdict: str
    exit_code: int
    complete: bool | None
    grave: str = ""
    """Codes of errors and of what is fatal, sorted."""

    warnings: str = ""
    records: int = 0
    """Keys of the tree."""


FILES = {
    "cut-20.car": Outcome("incomplete", 10, False, "BLK009 CAR023", records=6),
    "cut-40.car": Outcome("incomplete", 10, False, "BLK009 CAR023", records=6),
    "root-missing.car": Outcome("bad-container", 14, True, "CAR020", records=13),
    "root-is-record.car": Outcome("bad-container", 14, True, "COM002", records=13),
    "two-roots-record-first.car": Outcome(
        "bad-container", 14, True, "COM002", records=13
    ),
    "no-commit.car": Outcome("unreadable", 12, False, "COM002", records=8),
    "only-record.car": Outcome("unreadable", 12, None, "COM002"),
    "snapshot.car": Outcome("sound", 0, True, records=41),
    "snapshot-new.car": Outcome("sound", 0, True, records=43),
    "two-cars-in-a-row.car": Outcome("bad-container", 14, True, "CAR033", records=41),
    "version-1.car": Outcome("unreadable", 12, None, "COM002", "BLK005"),
    "attested-record.car": Outcome("unreadable", 12, None, "COM002", "BLK005"),
    "firehose-frame.bin": Outcome("sound", 0, False, records=8),
    "carv2-size-zero.car": Outcome("bad-container", 14, True, "CV2002", records=6),
    "carv2-header-zero.car": Outcome("bad-container", 14, True, "CV2002", records=6),
    "keys-differ-in-case.car": Outcome("sound", 0, True, "", "KEY012", records=2),
    "domain-255.car": Outcome("sound", 0, True, "", "KEY015", records=1),
    "commit-plain-sorted.car": Outcome("invalid", 11, True, "CBR008 COM016", records=5),
    "big-integer.car": Outcome("sound", 0, True, "", "CBR016", records=2),
    "blobs.car": Outcome("sound", 0, True, "", "KEY012", records=11),
    "superseded-blocks.car": Outcome("sound", 0, True, "", "BLK005", records=56),
    "sig-zero.car": Outcome("invalid", 11, True, "SIG008", records=5),
    "sig-der.car": Outcome("invalid", 11, True, "SIG004", records=5),
    "unixfs.car": Outcome("unreadable", 12, None, "CAR016 COM001", "CID003"),
}


def load(name: str, profile: Profile = Profile.DEFAULT) -> Repo:
    """Load a file from memory, so that nothing stays open."""
    return Repo.load((REPORTS / name).read_bytes(), checks=Checks(profile=profile))


def found(repo: Repo, code: str) -> Finding:
    """Return the one finding of *code*."""
    (one,) = (each for each in repo.report.findings if each.code == code)
    return one


def codes_of(findings: list[Finding], *severities: Severity) -> str:
    """Return the codes of findings of these severities, sorted."""
    return " ".join(sorted({f.code for f in findings if f.severity in severities}))


@pytest.mark.parametrize("name", FILES)
def test_a_file_comes_to_what_it_must(name: str) -> None:
    """Verdict, exit code, completeness, codes and records."""
    report = load(name).report
    grave = codes_of(report.findings, Severity.ERROR, Severity.FATAL)
    warnings = codes_of(report.findings, Severity.WARNING)
    outcome = Outcome(
        report.verdict.value,
        report.exit_code,
        report.complete,
        grave,
        warnings,
        report.counts.records,
    )
    assert outcome == FILES[name]


@pytest.mark.parametrize(
    ("name", "code", "offset", "sentence"),
    [
        ("cut-20.car", "CAR023", 1577, "the last section is cut off: 19 of 117 bytes"),
        ("cut-40.car", "CAR023", 1577, "the last section is cut off: 39 of 117 bytes"),
        (
            "root-missing.car",
            "CAR020",
            0,
            "the commit at byte 59 is taken in its place",
        ),
        ("root-is-record.car", "COM002", 669, "a record of type 'app.bsky.actor.prof"),
        (
            "two-roots-record-first.car",
            "COM002",
            710,
            "the commit at byte 100 is taken",
        ),
        ("two-cars-in-a-row.car", "CAR033", 9392, "here another CAR begins"),
        (
            "version-1.car",
            "COM002",
            59,
            "of a version 1 repository (before March 2023)",
        ),
        (
            "attested-record.car",
            "COM002",
            59,
            "a record of type 'com.example.attestation', not a commit",
        ),
        (
            "firehose-frame.bin",
            "FRM015",
            0,
            "the event does not say what the tree was before",
        ),
        ("carv2-size-zero.car", "CV2002", 27, "the CAR at byte 51 is read"),
        ("carv2-header-zero.car", "CV2002", 27, "the CAR at byte 51 is read"),
        (
            "keys-differ-in-case.car",
            "KEY012",
            641,
            "the key differs from 'com.example.note/A' only in the case of its letters",
        ),
        ("domain-255.car", "KEY015", 285, "has 255 characters"),
        ("unixfs.car", "COM001", None, "no repository, but files"),
        ("unixfs.car", "CAR016", 0, "is dag-pb, not dag-cbor"),
        ("unixfs.car", "CID003", 59, "the block is dag-pb, neither dag-cbor nor raw"),
    ],
)
def test_a_finding_says_what_it_is(
    name: str, code: str, offset: int | None, sentence: str
) -> None:
    """In its place, and in words that help."""
    one = found(load(name), code)
    assert one.offset == offset
    assert sentence in one.message


@pytest.mark.parametrize("name", ["no-commit.car", "only-record.car"])
def test_no_tree_is_unreadable_as_a_tree_too(name: str) -> None:
    """A fatal finding says so, where no commit is asked for."""
    report = load(name, Profile.MST_ONLY).report
    assert (report.verdict.value, report.exit_code) == ("unreadable", 12)
    grave = codes_of(report.findings, Severity.ERROR, Severity.FATAL)
    assert grave == "MST001"


@pytest.mark.parametrize(
    "name", ["root-missing.car", "root-is-record.car", "two-roots-record-first.car"]
)
def test_verdict_and_completeness_agree_of_a_wrong_root(name: str) -> None:
    """Nothing is said to be incomplete of what is complete."""
    report = load(name).report
    assert "header" in meaning_text(report) or "file" in meaning_text(report)
    assert completeness_text(report).startswith("Complete")


def test_a_commit_out_of_order_fails_the_check_of_the_commit() -> None:
    """And the tree, in which nothing is wrong, passes."""
    checks = {
        c.name: c.outcome for c in checklist(load("commit-plain-sorted.car").report)
    }
    assert (checks["commit"], checks["tree"]) == ("FAIL", "pass")
    assert list(checks.values()).count("FAIL") == 1


def test_of_a_commit_alone_nothing_is_told_of_the_tree() -> None:
    """It is incomplete, and the tree is not said to have been cut off."""
    repo = load("commit-only.car")
    assert (repo.report.verdict.value, repo.report.complete) == ("incomplete", False)
    said = found(repo, "CAR029").message
    assert "a commit and nothing of its tree, of which nothing can be told" in said


def test_a_second_car_is_not_mixed_into_the_first() -> None:
    """What the first comes to is what it comes to by itself."""
    both, alone = (load(n).report for n in ("two-cars-in-a-row.car", "snapshot.car"))
    assert both.counts.blocks == alone.counts.blocks
    assert both.counts.unlinked_blocks == 0
    assert both.commit == alone.commit
